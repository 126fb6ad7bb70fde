//! The multipart decoder: what has arrived so far, to parts, data and the end.
//!
//! The caller passes a piece, reveals it in steps, and after each takes events until one says that more is needed.
//! Limits are checked where Werkzeug checks them: memory at each step, parts when one begins. Knows nothing of files or
//! of Python.

use bytes::Bytes;

use super::boundary::{BlankLine, Boundary, DataEnd, find_blank_line, line_break_length};
use super::input::Input;
use super::part::PartHead;
use crate::http::error::HttpError;

/// Limits of one body; `None` is no limit.
#[derive(Debug, Clone, Copy, Default)]
pub struct MultipartLimits {
    /// Bytes buffered at once while no part can be passed on, and bytes of one field (which the caller sums up).
    pub memory: Option<u64>,
    /// Fields and files together.
    pub parts: Option<u64>,
}

/// A step in reading a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Nothing more without another step.
    NeedData,
    /// A part begins. Its data follows, at least one piece.
    Part(PartHead),
    Data(Data),
    /// The body is complete.
    End,
}

/// A piece of a part's data. The pieces of a part lie side by side in the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data {
    pub bytes: Bytes,
    /// Where in the body the piece begins.
    pub offset: u64,
    /// The part ends with this piece.
    pub last: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DecoderState {
    Preamble,
    Part,
    DataStart,
    Data,
    Epilogue,
    Complete,
}

impl DecoderState {
    fn label(self) -> &'static str {
        match self {
            Self::Preamble => "PREAMBLE",
            Self::Part => "PART",
            // Werkzeug names the state it is in after it has passed on what it had.
            Self::DataStart | Self::Data => "DATA",
            Self::Epilogue => "EPILOGUE",
            Self::Complete => "COMPLETE",
        }
    }
}

/// Reads one multipart body.
#[derive(Debug)]
pub struct Decoder {
    input: Input,
    boundary: Boundary,
    limits: MultipartLimits,
    state: DecoderState,
    /// Where in the unused bytes the search for a header's end goes on.
    searched: usize,
    /// Bytes before and after the parts that are gone from memory but count for the limit.
    forgotten: u64,
    parts: u64,
    complete: bool,
}

impl Decoder {
    /// A decoder that has nothing yet.
    #[must_use]
    pub fn new(boundary: &[u8], limits: MultipartLimits) -> Self {
        Self {
            input: Input::new(),
            boundary: Boundary::new(boundary),
            limits,
            state: DecoderState::Preamble,
            searched: 0,
            forgotten: 0,
            parts: 0,
            complete: false,
        }
    }

    /// Takes the next piece of the body, to be [revealed](Self::reveal) step by step. It is not copied. The piece
    /// before it must have been revealed to its end.
    pub fn give(&mut self, piece: Bytes) {
        self.input.give(piece);
    }

    /// Reveals up to `step` more bytes of the piece; `false` when there are none left.
    ///
    /// # Errors
    /// [`HttpError::FormMemory`] if they and what waits unused exceed the limit.
    pub fn reveal(&mut self, step: usize) -> Result<bool, HttpError> {
        let length = self.input.hidden(step);
        if length == 0 {
            return Ok(false);
        }
        self.check_memory(length)?;
        self.input.reveal(length);
        Ok(true)
    }

    /// Says that no piece follows.
    pub fn finish(&mut self) {
        self.complete = true;
    }

    fn check_memory(&self, arriving: usize) -> Result<(), HttpError> {
        let held = self.forgotten + self.input.bytes().len() as u64;
        match self.limits.memory {
            Some(limit) if held + arriving as u64 > limit => Err(HttpError::FormMemory { limit }),
            _ => Ok(()),
        }
    }

    /// The next step.
    ///
    /// # Errors
    /// [`HttpError::Truncated`] if the body ended too early, [`HttpError::FormParts`] for a part too many, and what
    /// [`PartHead::parse`] gives. The decoder is of no use afterwards.
    pub fn next_event(&mut self) -> Result<Event, HttpError> {
        if self.state == DecoderState::Preamble {
            self.skip_preamble();
        }
        let event = match self.state {
            DecoderState::Preamble => None,
            DecoderState::Part => self.next_part()?,
            DecoderState::DataStart | DecoderState::Data => self.next_data(),
            DecoderState::Epilogue => self.end(),
            DecoderState::Complete => Some(Event::End),
        };
        match event {
            Some(event) => Ok(event),
            None if self.complete => Err(HttpError::Truncated {
                inside: self.state.label(),
            }),
            None => Ok(Event::NeedData),
        }
    }

    fn skip_preamble(&mut self) {
        match self.boundary.find_first(self.input.bytes()) {
            Ok((end, closing)) => {
                self.input.skip(end);
                self.forgotten = 0;
                self.after_boundary(closing);
            }
            Err(useless) => {
                self.input.skip(useless);
                self.forgotten += useless as u64;
            }
        }
    }

    fn after_boundary(&mut self, closing: bool) {
        self.state = if closing {
            DecoderState::Epilogue
        } else {
            DecoderState::Part
        };
        self.searched = 0;
    }

    fn next_part(&mut self) -> Result<Option<Event>, HttpError> {
        let (headers, data) = match find_blank_line(self.input.bytes(), self.searched) {
            BlankLine::Found { headers, data } => (headers, data),
            BlankLine::Unknown(at) => {
                self.searched = at;
                return Ok(None);
            }
        };
        let head = PartHead::parse(&self.input.bytes()[..headers])?;
        self.input.skip(data);
        self.state = DecoderState::DataStart;
        self.parts += 1;
        match self.limits.parts {
            Some(limit) if self.parts > limit => Err(HttpError::FormParts { limit }),
            _ => Ok(Some(Event::Part(head))),
        }
    }

    fn next_data(&mut self) -> Option<Event> {
        let bytes = self.input.bytes();
        // The line break that ends the headers opens the data, and may belong to a boundary right behind it.
        let opening = match self.state {
            DecoderState::DataStart => line_break_length(bytes),
            _ => 0,
        };
        match self.boundary.find_data_end(bytes) {
            DataEnd::Found {
                data,
                boundary,
                closing,
            } => {
                let start = opening.min(data);
                self.input.skip(start);
                let event = self.data_event(data - start, true);
                self.input.skip(boundary - data);
                self.after_boundary(closing);
                Some(event)
            }
            DataEnd::Open(end) if end > opening => {
                self.input.skip(opening);
                self.state = DecoderState::Data;
                Some(self.data_event(end - opening, false))
            }
            DataEnd::Open(_) => None,
        }
    }

    fn data_event(&mut self, length: usize, last: bool) -> Event {
        let offset = self.input.position();
        Event::Data(Data {
            bytes: self.input.take(length),
            offset,
            last,
        })
    }

    fn end(&mut self) -> Option<Event> {
        // What follows the last boundary is not used; it only counts.
        let useless = self.input.bytes().len();
        self.input.skip(useless);
        self.forgotten += useless as u64;
        self.complete.then(|| {
            self.state = DecoderState::Complete;
            Event::End
        })
    }
}

#[cfg(test)]
#[path = "decoder_tests.rs"]
mod tests;
