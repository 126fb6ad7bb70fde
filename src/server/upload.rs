//! A request body on its way in: collected when it is small, fed to the app while it runs when it is not, drained when
//! nobody wanted it.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};

use super::body::{self, Feed};
use super::http1::{BodyDecoder, Fault, Step};
use super::timeouts::BodyPace;
use super::wire::{Arrival, Transport, Wire};
use crate::engine::exchange::BodyReader;

/// Bodies up to this size are here before the app is called.
pub const COLLECTED: u64 = 64 * 1024;
/// Unread rests up to this size are received and dropped, so that the connection can go on.
const DRAINED: u64 = 256 * 1024;

pub struct Upload {
    decoder: BodyDecoder,
    pace: BodyPace,
    /// Decoded before the app was called, to go first.
    ahead: Bytes,
    feed: Option<Feed>,
    /// The client waits for `100 Continue`.
    continue_owed: bool,
    /// What went wrong with it.
    pub fault: Option<Fault>,
}

impl Upload {
    pub fn new(decoder: BodyDecoder, idle: Duration, continue_owed: bool) -> Self {
        Self {
            decoder,
            pace: BodyPace::new(idle),
            ahead: Bytes::new(),
            feed: None,
            continue_owed,
            fault: None,
        }
    }

    /// The whole body, if it is small or has arrived already.
    ///
    /// # Errors
    /// Bad framing, or a client too slow or gone.
    pub async fn collect<S: Transport>(&mut self, wire: &mut Wire<S>) -> Result<Option<Bytes>, Fault> {
        let small = self.decoder.remaining().is_some_and(|bytes| bytes <= COLLECTED);
        if let (true, Some(left)) = (small, self.decoder.remaining()) {
            self.allow(wire).await?;
            let left = usize::try_from(left).unwrap_or(usize::MAX);
            wire.input.reserve(left.saturating_sub(wire.input.len()));
            while wire.input.len() < left {
                self.receive(wire).await?;
            }
        }
        let mut whole = BytesMut::new();
        loop {
            match self.decoder.step(&mut wire.input)? {
                Step::Piece(piece) if small => return Ok(Some(piece)),
                Step::Piece(piece) => whole.extend_from_slice(&piece),
                Step::End => return Ok(Some(whole.freeze())),
                Step::Starved => {
                    self.ahead = whole.freeze();
                    return Ok(None);
                }
            }
        }
    }

    /// The app's end of what is still arriving; [`Upload::pump`] feeds it.
    pub fn reader(&mut self) -> Arc<dyn BodyReader> {
        let (feed, reader) = body::open();
        self.feed = Some(feed);
        reader
    }

    /// There is something left to pump.
    pub fn feeding(&self) -> bool {
        self.feed.is_some()
    }

    /// Feeds the app until the body ends, breaks or nobody wants it. May be dropped and called again at any time.
    pub async fn pump<S: Transport>(&mut self, wire: &mut Wire<S>) {
        let Some(feed) = self.feed.take() else { return };
        // Put back if this future is dropped half-way.
        let mut seat = Seat {
            upload: self,
            feed: Some(feed),
        };
        let outcome = seat.run(wire).await;
        let feed = seat.feed.take();
        drop(seat);
        if let Err(fault) = outcome {
            self.fault = Some(fault);
            if let Some(feed) = feed {
                feed.fail(fault);
            }
        }
    }

    /// Whether what is left is little enough to be drained after the answer.
    pub fn drainable(&self) -> bool {
        !self.continue_owed && self.fault.is_none() && self.decoder.remaining().is_some_and(|bytes| bytes <= DRAINED)
    }

    pub fn ended(&self) -> bool {
        self.decoder.ended()
    }

    /// Receives the rest and drops it.
    pub async fn drain<S: Transport>(&mut self, wire: &mut Wire<S>) -> Result<(), Fault> {
        loop {
            match self.decoder.step(&mut wire.input)? {
                Step::Piece(_) => {}
                Step::End => return Ok(()),
                Step::Starved => self.receive(wire).await?,
            }
        }
    }

    /// Tells a waiting client to go on, unless it has begun to send anyway.
    async fn allow<S: Transport>(&mut self, wire: &mut Wire<S>) -> Result<(), Fault> {
        if std::mem::take(&mut self.continue_owed) && wire.input.is_empty() {
            wire.out.extend_from_slice(b"HTTP/1.1 100 Continue\r\n\r\n");
            wire.flush().await.map_err(|_| Fault::Gone)?;
        }
        Ok(())
    }

    async fn receive<S: Transport>(&mut self, wire: &mut Wire<S>) -> Result<(), Fault> {
        let pace = &mut self.pace;
        match wire.receive(|| Some(pace.wait()), || false).await {
            Arrival::Bytes(bytes) => {
                self.pace.note(bytes);
                Ok(())
            }
            Arrival::TimedOut => Err(Fault::BodyTimeout),
            Arrival::End | Arrival::Interrupted => Err(Fault::Gone),
        }
    }
}

/// An upload being pumped, with its feed.
struct Seat<'a> {
    upload: &'a mut Upload,
    feed: Option<Feed>,
}

impl Seat<'_> {
    async fn run<S: Transport>(&mut self, wire: &mut Wire<S>) -> Result<(), Fault> {
        let Some(feed) = &self.feed else { return Ok(()) };
        if self.upload.continue_owed {
            if !feed.demanded().await {
                return Ok(());
            }
            self.upload.allow(wire).await?;
        }
        while let Some(room) = feed.room().await {
            if !self.upload.ahead.is_empty() {
                room.send(Ok(std::mem::take(&mut self.upload.ahead)));
                continue;
            }
            let piece = loop {
                match self.upload.decoder.step(&mut wire.input)? {
                    Step::Piece(piece) => break piece,
                    Step::Starved => self.upload.receive(wire).await?,
                    Step::End => {
                        Feed::finish(room);
                        return Ok(());
                    }
                }
            };
            room.send(Ok(piece));
        }
        Ok(())
    }
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        self.upload.feed = self.feed.take();
    }
}
