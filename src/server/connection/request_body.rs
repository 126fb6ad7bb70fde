//! A request body on its way in: collected before the app is called when it is of moderate size, fed to the app while
//! it runs when it is larger, drained when nobody wanted it.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};

use super::body_channel::{self, Feed};
use super::buffer_pool::{Budget, Filling, Whole};
use super::timeouts::BodyPace;
use super::transport::{Arrival, Transport, Wire};
use crate::engine::message::raw_request::BodyReader;
use crate::server::http1::{BodyDecoder, ChunkStep, Fault};

/// Bodies up to this size, in bytes, are here before the app is called.
pub const COLLECTED: u64 = 64 * 1024;
/// So are bodies up to this size, if there is memory for them: no thread waits for what is still arriving, and a file
/// need not go to disk and back.
const COLLECTED_IF_ROOM: u64 = 2 * 1024 * 1024;
/// Chunks from this size on, in bytes, are worth a read of their own.
const OWN_READ: u64 = 16 * 1024;
/// Unread rests up to this size are received and dropped, so that the connection can go on.
const DRAINED: u64 = 256 * 1024;

pub struct RequestBody {
    decoder: BodyDecoder,
    pace: BodyPace,
    /// Decoded before the app was called, to go first.
    ahead: Bytes,
    feed: Option<Feed>,
    /// The next piece for the app.
    filling: Filling,
    /// What went wrong behind the bytes that the app has yet to read.
    broken: Option<Fault>,
    /// The client waits for `100 Continue`.
    continue_owed: bool,
    /// What went wrong with it.
    pub fault: Option<Fault>,
}

impl RequestBody {
    pub fn new(decoder: BodyDecoder, idle: Duration, continue_owed: bool) -> Self {
        Self {
            decoder,
            pace: BodyPace::new(idle),
            ahead: Bytes::new(),
            feed: None,
            filling: Filling::default(),
            broken: None,
            continue_owed,
            fault: None,
        }
    }

    /// The whole body, if it has arrived already or is small enough to be waited for.
    ///
    /// # Errors
    /// Bad framing, or the client of a small body was too slow or has gone. When one of a larger body has, the app is to
    /// be called and to notice.
    pub async fn collect<S: Transport>(
        &mut self,
        wire: &mut Wire<S>,
        budget: &Arc<Budget>,
    ) -> Result<Option<Bytes>, Fault> {
        let small = match self.decoder.remaining() {
            Some(bytes) if bytes <= COLLECTED => true,
            // A client that asks first is told to go on when the app wants the body.
            Some(bytes) if bytes <= COLLECTED_IF_ROOM && !self.continue_owed => match budget.reserve(bytes) {
                Some(whole) => return Ok(self.gather(wire, whole).await),
                None => false,
            },
            _ => false,
        };
        if let (true, Some(left)) = (small, self.decoder.remaining()) {
            self.allow(wire).await?;
            let left = usize::try_from(left).unwrap_or(usize::MAX);
            wire.make_room(left);
            while wire.input.len() < left {
                self.receive(wire).await?;
            }
        }
        let mut whole = BytesMut::new();
        loop {
            match self.decoder.step(&mut wire.input)? {
                ChunkStep::Piece(piece) if small => return Ok(Some(piece)),
                ChunkStep::Piece(piece) => whole.extend_from_slice(&piece),
                ChunkStep::End => return Ok(Some(whole.freeze())),
                ChunkStep::Starved => {
                    self.ahead = whole.freeze();
                    return Ok(None);
                }
            }
        }
    }

    /// The whole body of known length. If it breaks off, what was received is put ahead of the fault.
    async fn gather<S: Transport>(&mut self, wire: &mut Wire<S>, mut whole: Whole) -> Option<Bytes> {
        loop {
            match self.decoder.step(&mut wire.input) {
                Ok(ChunkStep::Piece(piece)) => whole.bytes.extend_from_slice(&piece),
                Ok(ChunkStep::End) => return Some(whole.freeze()),
                Ok(ChunkStep::Starved) => {
                    let left = usize::try_from(self.decoder.plain()).unwrap_or(usize::MAX);
                    if let Err(fault) = self.receive_into(wire, &mut whole.bytes, left).await {
                        self.ahead = whole.freeze();
                        self.broken = Some(fault);
                        return None;
                    }
                }
                Err(fault) => {
                    self.broken = Some(fault);
                    return None;
                }
            }
        }
    }

    /// The app's end of what is still arriving; [`RequestBody::pump`] feeds it.
    pub fn reader(&mut self) -> Arc<dyn BodyReader> {
        let (feed, reader) = body_channel::open();
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
        let mut seat = PumpedUpload {
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
                ChunkStep::Piece(_) => {}
                ChunkStep::End => return Ok(()),
                ChunkStep::Starved => self.receive(wire).await?,
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
        let arrival = wire.receive(|| Some(pace.wait()), || false).await;
        self.note(&arrival).map(drop)
    }

    /// Receives at most `most` bytes of the body as they are, past the receive buffer.
    async fn receive_into<S: Transport>(
        &mut self,
        wire: &mut Wire<S>,
        buffer: &mut Vec<u8>,
        most: usize,
    ) -> Result<(), Fault> {
        let pace = &mut self.pace;
        let arrival = wire.receive_into(buffer, most, || Some(pace.wait())).await;
        let bytes = self.note(&arrival)?;
        self.decoder.pass(bytes as u64);
        Ok(())
    }

    fn note(&mut self, arrival: &Arrival) -> Result<usize, Fault> {
        match *arrival {
            Arrival::Bytes(bytes) => {
                self.pace.note(bytes);
                Ok(bytes)
            }
            Arrival::TimedOut => Err(Fault::BodyTimeout),
            Arrival::End | Arrival::Interrupted => Err(Fault::Gone),
        }
    }

    /// Receives some of the next piece, into it if nothing but body is to come. May be dropped half-way.
    async fn receive_piece<S: Transport>(&mut self, wire: &mut Wire<S>) -> Result<(), Fault> {
        let plain = self.decoder.plain();
        if self.decoder.remaining().is_none() && plain < OWN_READ {
            return self.receive(wire).await;
        }
        let most = usize::try_from(plain).unwrap_or(usize::MAX).min(self.filling.room());
        let pace = &mut self.pace;
        let arrival = wire
            .receive_into(self.filling.buffer(), most, || Some(pace.wait()))
            .await;
        let bytes = self.note(&arrival)?;
        self.decoder.pass(bytes as u64);
        Ok(())
    }

    /// The next piece, as long as the app wants it or as can be; `None` at the end. May be dropped half-way.
    async fn piece<S: Transport>(&mut self, wire: &mut Wire<S>, feed: &Feed) -> Result<Option<Bytes>, Fault> {
        while self.filling.len() < feed.wanted() {
            if !self.ahead.is_empty() {
                self.filling.put(&mut self.ahead);
                continue;
            }
            let step = match self.broken {
                Some(fault) => Err(fault),
                None => self.decoder.step(&mut wire.input),
            };
            let outcome = match step {
                Ok(ChunkStep::Piece(piece)) => {
                    self.ahead = piece;
                    continue;
                }
                Ok(ChunkStep::End) => break,
                Ok(ChunkStep::Starved) => tokio::select! {
                    biased;
                    outcome = self.receive_piece(wire) => outcome,
                    () = feed.wants_less() => continue,
                },
                Err(fault) => Err(fault),
            };
            match outcome {
                Err(fault) if self.filling.is_empty() => return Err(fault),
                Err(fault) => {
                    self.broken = Some(fault);
                    break;
                }
                Ok(()) => {}
            }
        }
        Ok((!self.filling.is_empty()).then(|| self.filling.take()))
    }
}

/// An upload being pumped, with its feed.
struct PumpedUpload<'a> {
    upload: &'a mut RequestBody,
    feed: Option<Feed>,
}

impl PumpedUpload<'_> {
    async fn run<S: Transport>(&mut self, wire: &mut Wire<S>) -> Result<(), Fault> {
        let Some(feed) = &self.feed else { return Ok(()) };
        if self.upload.continue_owed {
            if !feed.demanded().await {
                return Ok(());
            }
            self.upload.allow(wire).await?;
        }
        while let Some(room) = feed.room().await {
            let Some(piece) = self.upload.piece(wire, feed).await? else {
                Feed::finish(room);
                return Ok(());
            };
            room.send(Ok(piece));
        }
        Ok(())
    }
}

impl Drop for PumpedUpload<'_> {
    fn drop(&mut self) {
        self.upload.feed = self.feed.take();
    }
}
