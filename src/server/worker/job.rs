//! One request run through the door on a thread that is not its connection's own, its answer handed back to the connection.
//!
//! Must not know about framing.

use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use pyo3::prelude::*;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot};

use super::iterable_body::Source;
use crate::engine::gateway::server::internal_server_error;
use crate::engine::message::raw_request::WireRequest;
use crate::engine::message::raw_response::{WirePayload, WireResponse};
use crate::server::connection::server_state::Site;
use crate::server::scheduler::endpoint_stats::LaneId;
use crate::server::scheduler::state::RunTime;
use crate::server::scheduler::thread_hooks;
use crate::server::scheduler::thread_pool::{Place, Work};

/// Pieces of a stream that may wait for the client.
const WAITING_PIECES: usize = 8;

/// What is handed back.
pub enum Answer {
    /// Everything there is. An iterable, if it was run inline, is still to be iterated.
    Whole(WireResponse),
    /// A head, its first piece and the channel the others come through.
    Stream(WireResponse, Bytes, mpsc::Receiver<Piece>),
}

/// What comes through a stream's channel. If it closes without an `End`, the stream broke.
pub enum Piece {
    Data(Bytes),
    End,
}

/// A request waiting to be run.
pub struct View {
    pub site: Arc<Site>,
    pub lane: LaneId,
    pub request: WireRequest,
    pub reply: oneshot::Sender<Answer>,
}

/// Runs `request` on the calling thread; gives the answer and the view's time.
#[inline]
pub fn run(site: &Site, py: Python<'_>, request: WireRequest) -> (WireResponse, RunTime) {
    thread_hooks::follow(py);
    let note = site.log.note(&request);
    let began = Instant::now();
    let response = site.target.handle(py, request);
    let took = began.elapsed();
    if let Some(note) = note {
        site.log.request(py, note, response.status);
    }
    (response, RunTime { began, took })
}

impl Work for View {
    fn lane(&self) -> LaneId {
        self.lane
    }

    fn run(self, py: Python<'_>, place: Place) {
        let Self {
            site,
            lane,
            request,
            reply,
        } = self;
        let (mut response, time) = run(&site, py, request);
        if place == Place::Inline {
            site.scheduler.note(lane, place, time.took);
            let _ = reply.send(Answer::Whole(response));
            return;
        }
        match std::mem::replace(&mut response.payload, WirePayload::Empty) {
            WirePayload::Iterable(iterable) => {
                site.scheduler.never_inline(lane);
                begin_stream(py, &site, response, Source::new(iterable), reply);
            }
            payload => {
                response.payload = payload;
                site.scheduler.note(lane, place, time.took);
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
