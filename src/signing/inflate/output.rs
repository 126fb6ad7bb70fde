//! What was read so far, which grows up to a limit.

use super::Fault;

/// Matches are copied in pieces of this length, the last one beyond its end, in bytes.
const PIECE: usize = 16;
/// What one symbol may need, in bytes.
const ROOM: usize = 258 + PIECE;

pub struct Output {
    /// Longer than what was read: there is always room behind it.
    bytes: Vec<u8>,
    length: usize,
    limit: usize,
}

impl Output {
    /// For about so many bytes.
    pub fn new(expected: usize, limit: usize) -> Self {
        Self {
            bytes: vec![0; expected.min(1 << 16) + ROOM],
            length: 0,
            limit,
        }
    }

    /// Makes sure that there is room for one symbol.
    ///
    /// # Errors
    /// [`Fault::TooLarge`] beyond the limit.
    #[inline]
    pub fn make_room(&mut self) -> Result<(), Fault> {
        if self.bytes.len() - self.length < ROOM {
            self.grow(ROOM)?;
        }
        Ok(())
    }

    #[cold]
    fn grow(&mut self, room: usize) -> Result<(), Fault> {
        self.check()?;
        self.bytes.resize(self.bytes.len() * 2 + room, 0);
        Ok(())
    }

    fn check(&self) -> Result<(), Fault> {
        if self.length > self.limit {
            return Err(Fault::TooLarge);
        }
        Ok(())
    }

    /// Adds one byte, for which there is room.
    #[inline]
    pub fn push(&mut self, byte: u8) {
        self.bytes[self.length] = byte;
        self.length += 1;
    }

    pub fn extend(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let end = self.length + bytes.len();
        if self.bytes.len() < end {
            self.grow(bytes.len())?;
        }
        self.bytes[self.length..end].copy_from_slice(bytes);
        self.length = end;
        Ok(())
    }

    /// Adds a match, for which there is room: `length` bytes of what begins `distance` bytes before the end.
    ///
    /// # Errors
    /// [`Fault::NotZlib`] if it would begin before the beginning.
    #[inline]
    pub fn repeat(&mut self, distance: usize, length: usize) -> Result<(), Fault> {
        let from = self.length.checked_sub(distance).ok_or(Fault::NotZlib)?;
        let (end, mut done) = (self.length + length, 0);
        if distance >= PIECE {
            while done < length {
                let piece: [u8; PIECE] = *self.bytes[from + done..]
                    .first_chunk()
                    .expect("invariant: there is room");
                self.bytes[self.length + done..][..PIECE].copy_from_slice(&piece);
                done += PIECE;
            }
        } else {
            for place in self.length..end {
                self.bytes[place] = self.bytes[place - distance];
            }
        }
        self.length = end;
        Ok(())
    }

    /// All of it.
    ///
    /// # Errors
    /// [`Fault::TooLarge`] beyond the limit.
    pub fn finish(mut self) -> Result<Vec<u8>, Fault> {
        self.check()?;
        self.bytes.truncate(self.length);
        Ok(self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, Output, ROOM};

    #[test]
    fn matches_repeat_what_they_have_written_themselves() {
        for distance in 1..40 {
            let start: Vec<u8> = (0..40).collect();
            for length in [3, 15, 16, 17, 33, 258] {
                let mut output = Output::new(40, 1000);
                output.extend(&start).unwrap();
                output.make_room().unwrap();
                output.repeat(distance, length).unwrap();
                let mut expected = start.clone();
                for place in 40..40 + length {
                    expected.push(expected[place - distance]);
                }
                assert_eq!(output.finish(), Ok(expected), "{length} bytes from {distance} before");
            }
        }
        assert!(Output::new(0, 1000).repeat(1, 3).is_err());
    }

    #[test]
    fn grows_up_to_the_limit() {
        let filled = |length: usize| {
            let mut output = Output::new(0, 3 * ROOM);
            output.push(1);
            while output.length < length {
                output.make_room()?;
                output.repeat(1, 1)?;
            }
            output.finish()
        };
        assert_eq!(filled(3 * ROOM).map(|bytes| bytes.len()), Ok(3 * ROOM));
        assert_eq!(filled(3 * ROOM + 1), Err(Fault::TooLarge));
        assert_eq!(filled(1 << 20), Err(Fault::TooLarge));
        let mut output = Output::new(0, 1);
        output.extend(&[0; 9999]).unwrap();
        assert_eq!(output.finish(), Err(Fault::TooLarge));
    }
}
