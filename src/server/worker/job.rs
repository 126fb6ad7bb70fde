//! One request run through the door on a thread that is not its connection's own, its answer handed back to the connection.
//!
//! Must not know about framing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use bytes::Bytes;
use pyo3::prelude::*;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot};

use super::iterable_body::Source;
use crate::engine::gateway::server::{Target, internal_server_error};
use crate::engine::message::raw_request::RawRequest;
use crate::engine::message::raw_response::{Payload, RawResponse};
use crate::server::access_log::AccessLog;
use crate::server::scheduler::endpoint_stats::EndpointId;
use crate::server::scheduler::scheduler::Scheduler;
use crate::server::scheduler::state::RunTime;
use crate::server::scheduler::thread_hooks;
use crate::server::scheduler::thread_pool::{Place, Work};

/// Places for pieces of a stream that wait for the client.
const PLACES: usize = 8;
/// The bytes that one place is for; a larger piece takes several.
const PLACE_BYTES: usize = 32 * 1024;

/// What is handed back.
pub enum Reply {
    /// Everything there is. An iterable, if it was run inline, is still to be iterated.
    Whole(RawResponse),
    /// A head, its first piece and the channel the others come through.
    Stream(RawResponse, Bytes, mpsc::Receiver<StreamPiece>),
}

/// What comes through a stream's channel. If it closes without an `End`, the stream broke.
pub enum StreamPiece {
    Data(Bytes),
    /// Nothing but a place that a large piece takes.
    Place,
    End,
}

/// An application that is served: how it is called, which thread runs a request, where requests are logged.
pub struct Application {
    pub target: Target,
    pub scheduler: Scheduler<Job>,
    pub log: AccessLog,
}

/// A request waiting to be run.
pub struct Job {
    pub app: Arc<Application>,
    pub lane: EndpointId,
    pub request: RawRequest,
    pub reply: oneshot::Sender<Reply>,
    /// Nobody waits for the reply any more: a request that has not begun is dropped.
    pub has_left: Arc<AtomicBool>,
}

/// Runs `request` on the calling thread; gives the answer and the view's time.
#[inline]
pub fn run(app: &Application, py: Python<'_>, request: RawRequest) -> (RawResponse, RunTime) {
    thread_hooks::follow(py);
    let note = app.log.note(&request);
    let began = Instant::now();
    let response = app.target.handle(py, request);
    let took = began.elapsed();
    if let Some(note) = note {
        app.log.request(py, note, response.status);
    }
    (response, RunTime { began, took })
}

impl Work for Job {
    fn lane(&self) -> EndpointId {
        self.lane
    }

    fn run(self, py: Python<'_>, place: Place) {
        let Self {
            app,
            lane,
            request,
            reply,
            has_left,
        } = self;
        if has_left.load(Ordering::Relaxed) {
            return;
        }
        let (mut response, time) = run(&app, py, request);
        if place == Place::Inline {
            app.scheduler.note(lane, place, time.took);
            // Nobody is left to iterate and close the body.
            if let Err(Reply::Whole(RawResponse {
                payload: Payload::Iterable(iterable),
                ..
            })) = reply.send(Reply::Whole(response))
            {
                close(py, &app, Source::new(iterable));
            }
            return;
        }
        match std::mem::replace(&mut response.payload, Payload::Empty) {
            Payload::Iterable(iterable) => {
                app.scheduler.never_inline(lane);
                begin_stream(py, &app, response, Source::new(iterable), reply);
            }
            payload => {
                response.payload = payload;
                app.scheduler.note(lane, place, time.took);
                let _ = reply.send(Reply::Whole(response));
            }
        }
    }
}

/// Has the first piece before anything is sent, so that an iterable that fails at once is a clean 500.
fn begin_stream(
    py: Python<'_>,
    app: &Application,
    response: RawResponse,
    mut source: Source,
    reply: oneshot::Sender<Reply>,
) {
    match source.next(py) {
        Ok(Some(first)) => {
            let (sender, receiver) = mpsc::channel(PLACES);
            if reply.send(Reply::Stream(response, first, receiver)).is_ok() {
                app.scheduler.stream(true);
                pump(py, app, &mut source, &sender);
                app.scheduler.stream(false);
            }
        }
        Ok(None) => drop(reply.send(Reply::Whole(response))),
        Err(error) => {
            app.log.failed(py, error);
            let _ = reply.send(Reply::Whole(internal_server_error()));
        }
    }
    close(py, app, source);
}

fn close(py: Python<'_>, app: &Application, source: Source) {
    if let Err(error) = source.close(py) {
        app.log.failed(py, error);
    }
}

fn pump(py: Python<'_>, app: &Application, source: &mut Source, sender: &mpsc::Sender<StreamPiece>) {
    loop {
        let piece = match source.next(py) {
            Ok(Some(bytes)) => StreamPiece::Data(bytes),
            Ok(None) => StreamPiece::End,
            Err(error) => return app.log.failed(py, error),
        };
        let (last, places) = match &piece {
            StreamPiece::Data(bytes) => (false, bytes.len().div_ceil(PLACE_BYTES).min(PLACES)),
            StreamPiece::Place | StreamPiece::End => (true, 1),
        };
        let sent = send(py, sender, piece) && (1..places).all(|_| send(py, sender, StreamPiece::Place));
        if last || !sent {
            return;
        }
    }
}

/// Whether the connection is still there to take a piece, for which there is room at once or in a while.
fn send(py: Python<'_>, sender: &mpsc::Sender<StreamPiece>, piece: StreamPiece) -> bool {
    match sender.try_send(piece) {
        Ok(()) => true,
        Err(TrySendError::Full(piece)) => py.detach(|| sender.blocking_send(piece).is_ok()),
        Err(TrySendError::Closed(_)) => false,
    }
}
