//! A request body that is still arriving, on its way from the connection to the thread that reads it.
//!
//! The channel is bounded: when the app does not read, the connection does not receive. Must not know about framing.

use std::io::{Error, ErrorKind, Result};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use tokio::sync::Notify;
use tokio::sync::mpsc::{self, Receiver, Sender, channel};

use super::buffer_pool::PIECE;
use crate::engine::message::raw_request::BodyReader;
use crate::server::http1::Fault;

/// Pieces that may wait for the app.
const WAITING_PIECES: usize = 1;

/// The connection's end: pieces go in here.
pub struct Feed {
    pieces: Sender<Result<Bytes>>,
    demand: Arc<Demand>,
}

/// The app's end.
struct Intake {
    pieces: Mutex<(Receiver<Result<Bytes>>, bool)>,
    demand: Arc<Demand>,
}

/// How much the app last asked for; zero before it has asked for the body at all.
#[derive(Default)]
struct Demand {
    wanted: AtomicUsize,
    wake: Notify,
}

/// A fresh pair of ends.
pub fn open() -> (Feed, Arc<dyn BodyReader>) {
    let (sender, receiver) = channel(WAITING_PIECES);
    let demand = Arc::new(Demand::default());
    let intake = Intake {
        pieces: Mutex::new((receiver, false)),
        demand: Arc::clone(&demand),
    };
    (Feed { pieces: sender, demand }, Arc::new(intake))
}

impl Feed {
    /// Waits until the app has asked for the body; `false` when it never will.
    pub async fn demanded(&self) -> bool {
        while self.demand.wanted.load(Ordering::Acquire) == 0 {
            tokio::select! {
                () = self.demand.wake.notified() => {}
                () = self.pieces.closed() => return false,
            }
        }
        true
    }

    /// How long the next piece should be at least. Before the app has asked, as long as can be.
    pub fn wanted(&self) -> usize {
        match self.demand.wanted.load(Ordering::Acquire) {
            0 => PIECE,
            wanted => wanted.min(PIECE),
        }
    }

    /// Waits until the app may be content with less than before.
    pub async fn wants_less(&self) {
        self.demand.wake.notified().await;
    }

    /// Waits until there is room for one more piece; `None` when the app has let go of the body.
    pub async fn room(&self) -> Option<mpsc::Permit<'_, Result<Bytes>>> {
        self.pieces.reserve().await.ok()
    }

    /// Lets the app's next read fail. Without room for the failure, the end of the channel says it.
    pub fn fail(&self, fault: Fault) {
        let kind = match fault {
            Fault::Gone => ErrorKind::ConnectionReset,
            Fault::BodyTimeout => ErrorKind::TimedOut,
            _ => ErrorKind::InvalidData,
        };
        let _ = self.pieces.try_send(Err(Error::new(kind, fault)));
    }

    /// The body is complete.
    pub fn finish(permit: mpsc::Permit<'_, Result<Bytes>>) {
        permit.send(Ok(Bytes::new()));
    }
}

impl BodyReader for Intake {
    fn next_chunk(&self, wanted: usize) -> Result<Bytes> {
        let wanted = wanted.max(1);
        let before = self.demand.wanted.swap(wanted, Ordering::AcqRel);
        if before == 0 || wanted < before {
            self.demand.wake.notify_one();
        }
        let mut guard = self.pieces.lock().unwrap_or_else(PoisonError::into_inner);
        let (receiver, ended) = &mut *guard;
        if *ended {
            return Ok(Bytes::new());
        }
        match receiver.blocking_recv() {
            Some(Ok(piece)) => {
                *ended = piece.is_empty();
                Ok(piece)
            }
            Some(Err(error)) => Err(error),
            None => Err(Error::new(ErrorKind::ConnectionReset, Fault::Gone)),
        }
    }
}
