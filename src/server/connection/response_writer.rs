//! Answers on their way out: framed, then sent in as few writes as they allow.
//!
//! Must not know how an answer came to be.

use std::time::Duration;

use bytes::Bytes;
use pyo3::prelude::*;
use tokio::runtime::Handle;
use tokio::sync::mpsc::Receiver;
use tokio::task::block_in_place;

use super::file_body::send_file;
use super::request_body::RequestBody;
use super::response_head::{Next, begin, flushed, take_body};
use super::server_state::ServerState;
use super::transport::{Transport, Wire};
use crate::engine::gateway::server::internal_server_error;
use crate::engine::message::raw_response::{Payload, RawResponse};
use crate::server::http1::{Fault, Framing, HeadPlan, RequestTraits, frame_begin, frame_end, frame_last_chunk};
use crate::server::worker::iterable_body::Source;
use crate::server::worker::job::StreamPiece;

/// Bodies up to this size are copied behind their head; larger ones are sent from where they are.
const COPIED: usize = 16 * 1024;
/// Pieces of a stream are gathered up to this size for one write.
const GATHERED: usize = 64 * 1024;

/// How long a stream goes on without a piece for a client that has closed its side.
const HALF_CLOSED: Duration = Duration::from_secs(10);

/// Sends an answer whose body is all there, in memory or on disk.
pub async fn send_whole<S: Transport>(
    wire: &mut Wire<S>,
    server: &ServerState,
    asked: RequestTraits,
    mut response: RawResponse,
) -> Next {
    let payload = std::mem::replace(&mut response.payload, Payload::Empty);
    if let Payload::File(body) = payload {
        return Box::pin(send_file(wire, server, asked, response, body)).await;
    }
    response.payload = payload;
    let mut body = take_body(&mut response);
    let (planned, replaced) = begin(wire, server, asked, &mut response, Some(body.len() as u64));
    if replaced {
        body = take_body(&mut response);
    }
    let sent = match planned.framing {
        Framing::Bodyless => wire.flush().await,
        Framing::Length(declared) => {
            body.truncate(usize::try_from(declared).unwrap_or(usize::MAX));
            if body.len() <= COPIED {
                wire.out.extend_from_slice(&body);
                wire.flush().await
            } else {
                let sent = wire.flush_with(&body).await;
                drop(body);
                server.drops.release_soon();
                sent
            }
        }
        Framing::Chunked | Framing::Close => unreachable!("invariant: a whole body has a length"),
    };
    if sent.is_ok() {
        Next::after(planned.keep_alive)
    } else {
        Next::Drop
    }
}

/// Counts what a stream may still send under its framing.
struct Outflow {
    framing: Framing,
    left: u64,
    /// A piece was sent from where it is, which may be a Python object.
    sent_large: bool,
}

impl Outflow {
    fn new(framing: Framing) -> Self {
        Self {
            framing,
            left: if let Framing::Length(bytes) = framing {
                bytes
            } else {
                u64::MAX
            },
            sent_large: false,
        }
    }

    /// Puts a piece into the output buffer, or sends it after what is there if it is large; what goes past the declared
    /// length is dropped.
    async fn put<S: Transport>(&mut self, wire: &mut Wire<S>, mut piece: Bytes) -> std::io::Result<()> {
        piece.truncate(usize::try_from(self.left).unwrap_or(usize::MAX));
        if self.framing == Framing::Bodyless || piece.is_empty() {
            return Ok(());
        }
        self.left -= piece.len() as u64;
        frame_begin(&mut wire.out, self.framing, piece.len());
        if piece.len() <= COPIED {
            wire.out.extend_from_slice(&piece);
        } else {
            self.sent_large = true;
            wire.flush_with(&piece).await?;
        }
        frame_end(&mut wire.out, self.framing);
        Ok(())
    }

    /// Nothing more will go out, however long the app goes on.
    fn full(&self) -> bool {
        self.framing == Framing::Bodyless || (self.left == 0 && matches!(self.framing, Framing::Length(_)))
    }

    /// Puts the end of the body into the output buffer; gives whether the client can tell that it was complete.
    fn finish<S: Transport>(&self, wire: &mut Wire<S>) -> bool {
        frame_last_chunk(&mut wire.out, self.framing);
        !matches!(self.framing, Framing::Length(_)) || self.left == 0
    }
}

/// Sends a stream that comes through a channel, while the rest of the request body may still be coming in.
pub async fn send_stream<S: Transport>(
    wire: &mut Wire<S>,
    server: &ServerState,
    asked: RequestTraits,
    begun: (RawResponse, Bytes, Receiver<StreamPiece>),
    upload: &mut RequestBody,
) -> Next {
    let (mut response, first, pieces) = begun;
    let (planned, replaced) = begin(wire, server, asked, &mut response, None);
    let mut outflow = Outflow::new(planned.framing);
    if replaced {
        let sent = outflow.put(wire, take_body(&mut response)).await;
        return if sent.is_ok() {
            flushed(wire, planned.keep_alive).await
        } else {
            Next::Drop
        };
    }
    let next = match outflow.put(wire, first).await {
        Ok(()) => send_pieces(wire, &planned, &mut outflow, pieces, upload).await,
        Err(_) => Next::Drop,
    };
    if outflow.sent_large {
        server.drops.release_soon();
    }
    next
}

/// Sends the pieces of a stream as they come. Dropping the channel makes the app's side close its iterable.
async fn send_pieces<S: Transport>(
    wire: &mut Wire<S>,
    planned: &HeadPlan,
    outflow: &mut Outflow,
    mut pieces: Receiver<StreamPiece>,
    upload: &mut RequestBody,
) -> Next {
    loop {
        if outflow.full() || wire.flush().await.is_err() {
            break;
        }
        let next = tokio::select! {
            biased;
            piece = pieces.recv() => piece,
            has_left = meanwhile(wire, upload) => {
                if has_left {
                    return Next::Drop;
                }
                continue;
            }
        };
        match gather(wire, outflow, &mut pieces, next).await {
            Gathered::More => {}
            Gathered::Ended => {
                let complete = outflow.finish(wire);
                return flushed(wire, planned.keep_alive && complete).await;
            }
            // The app broke off, an unfinished body is the only way to say so.
            Gathered::Broken => {
                let _ = wire.flush().await;
                return Next::Drop;
            }
            Gathered::ClientGone => return Next::Drop,
        }
    }
    // The client has all it can get, or is gone.
    if outflow.full() {
        flushed(wire, planned.keep_alive).await
    } else {
        Next::Drop
    }
}

/// What is done while a stream has nothing to send: the rest of the request is received, then the client is watched.
/// Gives whether it has left.
async fn meanwhile<S: Transport>(wire: &mut Wire<S>, upload: &mut RequestBody) -> bool {
    let is_feeding = upload.feeding();
    if is_feeding {
        upload.pump(wire).await;
    } else {
        wire.departure(HALF_CLOSED).await;
    }
    !is_feeding
}

enum Gathered {
    More,
    Ended,
    Broken,
    ClientGone,
}

/// Puts `next` and what else has come already into the output buffer, or sends it if it is large.
async fn gather<S: Transport>(
    wire: &mut Wire<S>,
    outflow: &mut Outflow,
    pieces: &mut Receiver<StreamPiece>,
    mut next: Option<StreamPiece>,
) -> Gathered {
    loop {
        match next {
            Some(StreamPiece::Data(piece)) => {
                if outflow.put(wire, piece).await.is_err() {
                    return Gathered::ClientGone;
                }
            }
            Some(StreamPiece::Place) => {}
            Some(StreamPiece::End) => return Gathered::Ended,
            None => return Gathered::Broken,
        }
        if wire.out.len() >= GATHERED {
            return Gathered::More;
        }
        next = match pieces.try_recv() {
            Ok(piece) => Some(piece),
            Err(tokio::sync::mpsc::error::TryRecvError::Empty) => return Gathered::More,
            Err(tokio::sync::mpsc::error::TryRecvError::Disconnected) => None,
        };
    }
}

/// Sends a stream whose view ran on this very I/O thread, and must therefore be iterated here: the runtime is told to
/// carry on without this thread. Happens at most once or twice per endpoint, since one that streams is never inline
/// again.
pub fn send_stream_here<S: Transport>(
    wire: &mut Wire<S>,
    server: &ServerState,
    asked: RequestTraits,
    mut response: RawResponse,
) -> Next {
    let Payload::Iterable(iterable) = std::mem::replace(&mut response.payload, Payload::Empty) else {
        return Next::Drop;
    };
    block_in_place(|| {
        Python::attach(|py| {
            let mut source = Source::new(iterable);
            let next = iterate_here(py, wire, server, asked, (response, &mut source));
            if let Err(error) = source.close(py) {
                server.app.log.failed(py, error);
            }
            next
        })
    })
}

fn iterate_here<S: Transport>(
    py: Python<'_>,
    wire: &mut Wire<S>,
    server: &ServerState,
    asked: RequestTraits,
    stream: (RawResponse, &mut Source),
) -> Next {
    let runtime = Handle::current();
    let (mut response, source) = stream;
    let mut piece = match source.next(py) {
        Ok(Some(piece)) => piece,
        Ok(None) => return py.detach(|| runtime.block_on(send_whole(wire, server, asked, response))),
        Err(error) => {
            server.app.log.failed(py, error);
            return py.detach(|| runtime.block_on(send_whole(wire, server, asked, internal_server_error())));
        }
    };
    let (planned, replaced) = begin(wire, server, asked, &mut response, None);
    let mut outflow = Outflow::new(planned.framing);
    if replaced {
        piece = take_body(&mut response);
    }
    loop {
        let sent = py.detach(|| {
            runtime.block_on(async {
                outflow.put(wire, piece).await?;
                wire.flush().await
            })
        });
        if sent.is_err() {
            return Next::Drop;
        }
        if replaced || outflow.full() {
            return Next::after(planned.keep_alive);
        }
        piece = match source.next(py) {
            Ok(Some(piece)) => piece,
            Ok(None) => {
                let complete = outflow.finish(wire);
                return py.detach(|| runtime.block_on(flushed(wire, planned.keep_alive && complete)));
            }
            Err(error) => {
                server.app.log.failed(py, error);
                return Next::Drop;
            }
        };
    }
}

/// Answers a request that the app shall not see.
pub async fn send_refusal<S: Transport>(wire: &mut Wire<S>, server: &ServerState, fault: Fault) -> Next {
    let Some(status) = fault.status() else {
        return Next::Drop;
    };
    let body = format!("{status}: {fault}.\n");
    let kind = (
        Bytes::from_static(b"Content-Type"),
        Bytes::from_static(b"text/plain; charset=utf-8"),
    );
    let payload = Payload::Bytes(Bytes::from(body).into());
    let response = RawResponse {
        status,
        reason: None,
        headers: vec![kind],
        payload,
    };
    let asked = RequestTraits {
        head: false,
        http10: false,
        keep_alive: false,
    };
    match send_whole(wire, server, asked, response).await {
        Next::Drop => Next::Drop,
        _ => Next::Linger,
    }
}
