//! One request run through the door on a pool thread, its answer handed back to the connection.
//!
//! Must not know about framing.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use pyo3::prelude::*;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot};

use super::lanes::LaneId;
use super::pool::Work;
use super::site::Site;
use super::stream::Source;
use crate::engine::door::internal_server_error;
use crate::engine::exchange::{WirePayload, WireRequest, WireResponse};

/// Pieces of a stream that may wait for the client.
const WAITING_PIECES: usize = 8;

/// What a pool thread hands back.
pub enum Answer {
    /// Everything there is; the payload is no iterable.
    Whole(WireResponse),
    /// A head, its first piece and the channel the others come through.
    Stream(WireResponse, Bytes, mpsc::Receiver<Piece>),
}

/// What comes through a stream's channel. If it closes without an `End`, the stream broke.
pub enum Piece {
    Data(Bytes),
    End,
}

/// A request waiting for a pool thread.
pub struct View {
    pub site: Arc<Site>,
    pub lane: LaneId,
    pub request: WireRequest,
    pub reply: oneshot::Sender<Answer>,
}

/// Runs `request` on the calling thread; gives the answer and how long the view took.
#[inline]
pub fn run(site: &Site, py: Python<'_>, request: WireRequest) -> (WireResponse, Duration) {
    let note = site.log.note(&request);
    let started = Instant::now();
    let response = site.target.handle(py, request);
    let time = started.elapsed();
    if let Some(note) = note {
        site.log.request(py, note, response.status);
    }
    (response, time)
}

impl Work for View {
    fn run(self, py: Python<'_>) {
        let Self {
            site,
            lane,
            request,
            reply,
        } = self;
        let (mut response, time) = run(&site, py, request);
        match std::mem::replace(&mut response.payload, WirePayload::Empty) {
            WirePayload::Iterable(iterable) => {
                site.scheduler.never_inline(lane);
                begin_stream(py, &site, response, Source::new(iterable), reply);
            }
            payload => {
                response.payload = payload;
                site.scheduler.note_pooled(lane, time);
                let _ = reply.send(Answer::Whole(response));
            }
        }
    }
}

/// Has the first piece before anything is sent, so that an iterable that fails at once is a clean 500.
fn begin_stream(
    py: Python<'_>,
    site: &Site,
    response: WireResponse,
    mut source: Source,
    reply: oneshot::Sender<Answer>,
) {
    match source.next(py) {
        Ok(Some(first)) => {
            let (sender, receiver) = mpsc::channel(WAITING_PIECES);
            if reply.send(Answer::Stream(response, first, receiver)).is_ok() {
                site.scheduler.stream(true);
                pump(py, site, &mut source, &sender);
                site.scheduler.stream(false);
            }
        }
        Ok(None) => drop(reply.send(Answer::Whole(response))),
        Err(error) => {
            site.log.failed(py, error);
            let _ = reply.send(Answer::Whole(internal_server_error()));
        }
    }
    if let Err(error) = source.close(py) {
        site.log.failed(py, error);
    }
}

fn pump(py: Python<'_>, site: &Site, source: &mut Source, sender: &mpsc::Sender<Piece>) {
    loop {
        let piece = match source.next(py) {
            Ok(Some(bytes)) => Piece::Data(bytes),
            Ok(None) => Piece::End,
            Err(error) => return site.log.failed(py, error),
        };
        let last = matches!(piece, Piece::End);
        let sent = match sender.try_send(piece) {
            Ok(()) => true,
            Err(TrySendError::Full(piece)) => py.detach(|| sender.blocking_send(piece).is_ok()),
            Err(TrySendError::Closed(_)) => false,
        };
        if last || !sent {
            return;
        }
    }
}
