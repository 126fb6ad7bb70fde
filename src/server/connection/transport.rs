//! A connection's socket with its receive and send buffers, every wait under a deadline.
//!
//! Must not know what the bytes mean.

use std::future::{Future, pending, poll_fn};
use std::io::{Error, ErrorKind, IoSlice};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{BufMut, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::{Instant, sleep};

use super::timeouts::Clock;

/// Room made for each read, in bytes: for heads, most of which are far smaller, and for bodies.
const HEAD_ROOM: usize = 2 * 1024;
const BODY_ROOM: usize = 64 * 1024;

/// What the buffers keep between two messages, in bytes.
const KEPT: usize = 16 * 1024;

/// How a wait for bytes ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Arrival {
    /// This many bytes were added to the input buffer.
    Bytes(usize),
    /// The client has closed its side, or the connection is broken.
    End,
    TimedOut,
    /// The caller's own reason to stop waiting came true.
    Interrupted,
}

impl Arrival {
    fn of(read: std::io::Result<usize>) -> Self {
        match read {
            Ok(bytes) if bytes > 0 => Self::Bytes(bytes),
            _ => Self::End,
        }
    }
}

/// What a connection can run over: TCP, a Unix socket, TLS.
pub trait Transport: AsyncRead + AsyncWrite + Unpin + Send + 'static {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send + 'static> Transport for T {}

pub struct Wire<S> {
    stream: S,
    pub input: BytesMut,
    /// What is to be sent with the next [`Wire::flush`].
    pub out: Vec<u8>,
    read_room: usize,
    /// The input buffer may have grown past [`KEPT`].
    has_grown: bool,
    /// The client has closed its side: it has left, or sends no more.
    half_closed: bool,
    clock: Clock,
    write_idle: Duration,
}

impl<S: Transport> Wire<S> {
    pub fn new(stream: S, first_byte: Duration, write_idle: Duration) -> Self {
        let clock = Clock::new(first_byte);
        Self {
            stream,
            input: BytesMut::new(),
            out: Vec::with_capacity(1024),
            read_room: HEAD_ROOM,
            has_grown: false,
            half_closed: false,
            clock,
            write_idle,
        }
    }

    /// Reads in large pieces from now on (`true`), or in small ones.
    pub fn expect_much(&mut self, much: bool) {
        self.read_room = if much { BODY_ROOM } else { HEAD_ROOM };
        self.has_grown |= much;
    }

    /// Makes room for input of `length` bytes in all.
    pub fn make_room(&mut self, length: usize) {
        self.input.reserve(length.saturating_sub(self.input.len()));
        self.has_grown |= length > KEPT;
    }

    /// Gives back the memory of large messages; to be called between two.
    pub fn shrink(&mut self) {
        if self.has_grown && self.input.is_empty() {
            self.input = BytesMut::new();
            self.has_grown = false;
        }
        if self.out.capacity() > KEPT {
            self.out = Vec::with_capacity(1024);
        }
    }

    /// Waits until the client has left; for ever if it has sent more already. Who only closes its own side may still be
    /// reading, so that counts after some `patience`.
    pub async fn departure(&mut self, patience: Duration) {
        if self.input.is_empty() && !self.half_closed {
            let mut ahead = [0; 64];
            match self.stream.read(&mut ahead).await {
                Ok(0) => self.half_closed = true,
                Ok(bytes) => self.input.extend_from_slice(&ahead[..bytes]),
                Err(_) => return,
            }
        }
        if self.half_closed {
            sleep(patience).await;
        } else {
            pending::<()>().await;
        }
    }

    /// Waits for more input. `deadline` is asked once, and only if nothing has come yet; `stop` is looked at on every
    /// wake-up.
    pub async fn receive(&mut self, deadline: impl FnOnce() -> Option<Instant>, stop: impl Fn() -> bool) -> Arrival {
        self.receive_by(Self::poll_read, deadline, stop).await
    }

    /// Waits for input that belongs behind `buffer`, at most `most` bytes (not zero) of it; it does not go through the
    /// input buffer, which must be empty.
    pub async fn receive_into(
        &mut self,
        buffer: &mut Vec<u8>,
        most: usize,
        deadline: impl FnOnce() -> Option<Instant>,
    ) -> Arrival {
        debug_assert!(self.input.is_empty() && most > 0);
        let mut read = |wire: &mut Self, cx: &mut Context<'_>| {
            let mut room = (&mut *buffer).limit(most);
            pin!(wire.stream.read_buf(&mut room)).poll(cx).map(Arrival::of)
        };
        self.receive_by(&mut read, deadline, || false).await
    }

    async fn receive_by(
        &mut self,
        mut read: impl FnMut(&mut Self, &mut Context<'_>) -> Poll<Arrival>,
        deadline: impl FnOnce() -> Option<Instant>,
        stop: impl Fn() -> bool,
    ) -> Arrival {
        let mut deadline = Some(deadline);
        poll_fn(|cx| {
            if stop() {
                return Poll::Ready(Arrival::Interrupted);
            }
            if let Poll::Ready(arrival) = read(self, cx) {
                return Poll::Ready(arrival);
            }
            if let Some(at) = deadline.take().and_then(|ask| ask()) {
                self.clock.set(at);
            }
            self.clock.poll_expired(cx).map(|()| Arrival::TimedOut)
        })
        .await
    }

    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<Arrival> {
        if self.input.is_empty() {
            // Unless something of the last request is still in use, this goes back to the front, to memory that is likely
            // to be in the cache, whatever the capacity.
            self.input.reserve(self.read_room);
        } else if self.input.capacity() - self.input.len() < self.read_room / 4 {
            self.input.reserve(self.read_room);
        }
        pin!(self.stream.read_buf(&mut self.input)).poll(cx).map(Arrival::of)
    }

    /// Sends the output buffer and forgets it.
    pub async fn flush(&mut self) -> std::io::Result<()> {
        self.flush_with(&[]).await
    }

    /// Sends the output buffer and then `tail`, in one system call when the socket takes it.
    pub async fn flush_with(&mut self, tail: &[u8]) -> std::io::Result<()> {
        let total = self.out.len() + tail.len();
        let (mut sent, mut waiting) = (0, false);
        let Self {
            stream,
            out,
            clock,
            write_idle,
            ..
        } = self;
        poll_fn(|cx| {
            while sent < total {
                let mut socket = Pin::new(&mut *stream);
                let wrote = if tail.is_empty() {
                    socket.poll_write(cx, &out[sent..])
                } else if sent >= out.len() {
                    socket.poll_write(cx, &tail[sent - out.len()..])
                } else {
                    socket
                        .as_mut()
                        .poll_write_vectored(cx, &[IoSlice::new(&out[sent..]), IoSlice::new(tail)])
                };
                match wrote {
                    Poll::Ready(Ok(0)) => return Poll::Ready(Err(Error::from(ErrorKind::WriteZero))),
                    Poll::Ready(Ok(bytes)) => (sent, waiting) = (sent + bytes, false),
                    Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                    Poll::Pending => {
                        if !waiting {
                            clock.set(Instant::now() + *write_idle);
                            waiting = true;
                        }
                        return clock.poll_expired(cx).map(|()| Err(Error::from(ErrorKind::TimedOut)));
                    }
                }
            }
            Poll::Ready(Ok(()))
        })
        .await?;
        out.clear();
        // TLS and other buffering transports hold bytes back until told; on a plain socket this is nothing.
        stream.flush().await
    }

    /// Ends a connection whose client may still be sending: says that no more is coming, then reads on for a while,
    /// because closing on unread bytes resets the connection and the client would never see the answer.
    pub async fn linger(&mut self, patience: Duration, stop: impl Fn() -> bool) {
        if self.stream.shutdown().await.is_err() {
            return;
        }
        let end = Instant::now() + patience;
        loop {
            self.input.clear();
            let now = Instant::now();
            if now >= end {
                return;
            }
            let next = end.min(now + Duration::from_secs(2));
            if !matches!(self.receive(|| Some(next), &stop).await, Arrival::Bytes(_)) {
                return;
            }
        }
    }

    /// Ends the connection in good order.
    pub async fn close(&mut self) {
        let _ = self.stream.shutdown().await;
    }
}
