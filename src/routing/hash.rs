//! A short, fast hash for tables whose keys the application wrote. Lookups may come from strangers, insertions never
//! do, so flooding can't happen here and the standard hasher would only cost time. Knows nothing of routing.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A map keyed by text that only the application can add to.
pub type FastMap<K, V> = HashMap<K, V, BuildHasherDefault<FoldHasher>>;

const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;

/// Eight bytes at a time: rotate, xor, multiply.
#[derive(Default)]
pub struct FoldHasher(u64);

impl FoldHasher {
    #[inline]
    fn fold(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(MULTIPLIER);
    }
}

impl Hasher for FoldHasher {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        let (words, tail) = bytes.as_chunks::<8>();
        for word in words {
            self.fold(u64::from_le_bytes(*word));
        }
        if !tail.is_empty() {
            let mut last = [0_u8; 8];
            last[..tail.len()].copy_from_slice(tail);
            self.fold(u64::from_le_bytes(last) ^ ((tail.len() as u64) << 56));
        }
    }

    #[inline]
    fn write_u8(&mut self, byte: u8) {
        self.fold(u64::from(byte));
    }

    // The table takes its bucket from the low bits and its tag from the high ones; a multiply only mixes upwards.
    #[inline]
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_put_in() {
        let keys: Vec<String> = (0..500).map(|n| format!("/api/v1/items/{n}/parts")).collect();
        let map: FastMap<&str, usize> = keys.iter().enumerate().map(|(n, key)| (key.as_str(), n)).collect();
        assert_eq!(map.len(), 500);
        for (n, key) in keys.iter().enumerate() {
            assert_eq!(map.get(key.as_str()), Some(&n));
        }
        assert_eq!(map.get("/api/v1/items/500/parts"), None);
    }
}
