//! Where a request body comes from: memory or the socket.
//!
//! Gives pieces and nothing else: what a body is too long for and what it means is decided by whoever reads it.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;

use crate::engine::message::raw_request::BodyReader;

/// What is asked for at once of a body that is still arriving.
const WANTED: usize = 16 * STEP;

/// Where a body comes from, piece by piece.
pub trait ChunkSource {
    /// The next piece, one [`STEP`] or several full ones if it is not the last; an empty one is the end.
    ///
    /// # Errors
    /// Whatever stops the body: the stream's own exception, or `ClientDisconnected`.
    fn next_chunk(&mut self, py: Python<'_>) -> PyResult<Bytes>;

    /// The rest of the body, if all of it is in memory: it is then read without copying.
    fn whole(&mut self) -> Option<Bytes> {
        None
    }
}

/// A body in memory.
pub struct MemorySource(pub Bytes);

impl ChunkSource for MemorySource {
    fn next_chunk(&mut self, _py: Python<'_>) -> PyResult<Bytes> {
        let step = self.0.len().min(STEP);
        Ok(self.0.split_to(step))
    }

    fn whole(&mut self) -> Option<Bytes> {
        Some(std::mem::take(&mut self.0))
    }
}

/// A body that is still arriving from the socket. Waiting is done without the interpreter.
pub struct WireSource {
    reader: Arc<dyn BodyReader>,
    pending: Bytes,
}

impl WireSource {
    #[must_use]
    pub fn new(reader: Arc<dyn BodyReader>) -> Self {
        Self {
            reader,
            pending: Bytes::new(),
        }
    }

    /// Full steps, or what is left at the end.
    fn fill(&mut self) -> std::io::Result<Bytes> {
        let mut gathered = BytesMut::new();
        loop {
            let piece = match std::mem::take(&mut self.pending) {
                empty if empty.is_empty() => self.reader.next_chunk(WANTED)?,
                left => left,
            };
            if piece.is_empty() {
                return Ok(gathered.freeze());
            }
            let mut piece = piece;
            if gathered.is_empty() && piece.len() >= STEP {
                self.pending = piece.split_off(piece.len() / STEP * STEP);
                return Ok(piece);
            }
            self.pending = piece.split_off(piece.len().min(STEP - gathered.len()));
            gathered.extend_from_slice(&piece);
            if gathered.len() == STEP {
                return Ok(gathered.freeze());
            }
        }
    }
}

impl ChunkSource for WireSource {
    fn next_chunk(&mut self, py: Python<'_>) -> PyResult<Bytes> {
        py.detach(|| self.fill()).map_err(|_| client_disconnected(py))
    }
}

#[cold]
fn client_disconnected(py: Python<'_>) -> PyErr {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CLASS
        .import(py, "werkzeug.exceptions", "ClientDisconnected")
        .and_then(|class| class.call0())
        .map_or_else(|error| error, PyErr::from_value)
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use bytes::Bytes;

    use super::{BodyReader, STEP, WireSource};

    /// Gives pieces of the given lengths.
    struct Scripted(Mutex<Vec<usize>>);

    impl BodyReader for Scripted {
        fn next_chunk(&self, _wanted: usize) -> std::io::Result<Bytes> {
            let length = self.0.lock().expect("invariant: one thread").pop().unwrap_or(0);
            Ok(Bytes::from(vec![b'x'; length]))
        }
    }

    #[test]
    fn pieces_are_full_steps() {
        let table: [(&[usize], &[usize]); 5] = [
            (&[], &[]),
            (&[10, 20], &[30]),
            (&[STEP], &[STEP]),
            (&[2 * STEP + 5, 7], &[2 * STEP, 12]),
            (&[STEP - 1, 3, STEP], &[STEP, STEP, 2]),
        ];
        for (arriving, expected) in table {
            let script = arriving.iter().rev().copied().collect();
            let mut source = WireSource::new(Arc::new(Scripted(Mutex::new(script))));
            let steps: Vec<usize> = std::iter::from_fn(|| source.fill().ok().map(|step| step.len()))
                .take_while(|&length| length > 0)
                .collect();
            assert_eq!(steps, expected, "{arriving:?}");
        }
    }
}

/// The step in which a body is read and limits are checked: Werkzeug's, so that the same bodies are too large.
pub const STEP: usize = 64 * 1024;
