//! Python strings for the keys of incoming JSON, cached from one document to the next.
//!
//! The same few keys arrive again and again; an old string object is cheaper than a new one and knows its hash already.
//! The table is a fixed size and each thread has its own, so nothing a client sends makes it grow and nobody waits for
//! it.

use std::cell::RefCell;

use pyo3::prelude::*;
use pyo3::types::PyString;

const SLOTS: usize = 256;
/// Longer keys are rarely repeated and costly to compare, in bytes.
const LONGEST: usize = 32;

thread_local! {
    static KEPT: RefCell<Vec<Option<Py<PyString>>>> = RefCell::new((0..SLOTS).map(|_| None).collect());
}

/// A string equal to `text`, perhaps one that was handed out before.
pub fn kept<'py>(py: Python<'py>, text: &str) -> Bound<'py, PyString> {
    if text.len() > LONGEST {
        return PyString::new(py, text);
    }
    let slot = slot_of(text.as_bytes());
    // A finalizer that the allocation below runs may come here again: then the borrow is taken and the key simply isn't
    // cached.
    let found = KEPT.with(|kept| {
        let kept = kept.try_borrow().ok()?;
        let key = kept[slot].as_ref()?;
        (key.to_str(py).ok()? == text).then(|| key.bind(py).clone())
    });
    found.unwrap_or_else(|| {
        let fresh = PyString::new(py, text);
        let replaced = KEPT.with(|kept| kept.try_borrow_mut().ok()?[slot].replace(fresh.clone().unbind()));
        drop(replaced);
        fresh
    })
}

/// Mixes the length and both ends of the text. Collisions only cost the time that keeping keys saves.
fn slot_of(bytes: &[u8]) -> usize {
    let head = bytes
        .iter()
        .take(8)
        .fold(0_u64, |word, &byte| word << 8 | u64::from(byte));
    let tail = bytes
        .iter()
        .rev()
        .take(8)
        .fold(0_u64, |word, &byte| word << 8 | u64::from(byte));
    let mixed = (head ^ tail.rotate_left(23) ^ bytes.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    usize::try_from(mixed >> (u64::BITS - SLOTS.ilog2())).expect("invariant: the top bits number the slots")
}
