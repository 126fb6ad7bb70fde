//! A part of a file on its way out: read piece by piece as the client takes them, so that neither its size nor a slow
//! client costs memory, and away from the I/O threads, so that a slow disk holds nobody else up.

use std::fs::File;
use std::io::{Error, ErrorKind, Result};
use std::os::unix::fs::FileExt;

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::response_head::{Next, begin, flushed, take_body};
use super::server_state::ServerState;
use super::transport::{Transport, Wire};
use crate::engine::message::raw_response::{FileBody, RawResponse};
use crate::server::http1::{Framing, RequestTraits};

/// Bytes read and sent at once: what a download holds in memory. Each costs a hand-over to another thread and back.
const PIECE: usize = 128 * 1024;

/// Reads that may wait for disks at once, each on a thread of the runtime's.
static READERS: Semaphore = Semaphore::const_new(8);

/// Sends an answer whose body is a part of a file.
pub async fn send_file<S: Transport>(
    wire: &mut Wire<S>,
    server: &ServerState,
    asked: RequestTraits,
    mut response: RawResponse,
    body: FileBody,
) -> Next {
    let length = body.range.end - body.range.start;
    let (planned, replaced) = begin(wire, server, asked, &mut response, Some(length));
    if planned.framing == Framing::Bodyless {
        return flushed(wire, planned.keep_alive).await;
    }
    if replaced {
        wire.out.extend_from_slice(&take_body(&mut response));
        return flushed(wire, planned.keep_alive).await;
    }
    match send_pieces(wire, body).await {
        Ok(()) => Next::after(planned.keep_alive),
        // The client is gone, or the file is shorter than it was: an unfinished body is the only way to say so.
        Err(_) => Next::Drop,
    }
}

async fn send_pieces<S: Transport>(wire: &mut Wire<S>, body: FileBody) -> Result<()> {
    let FileBody { mut file, range } = body;
    let mut piece = Vec::new();
    let mut sent = range.start;
    while sent < range.end {
        let size = usize::try_from(range.end - sent).unwrap_or(usize::MAX).min(PIECE);
        (file, piece) = read_piece(file, piece, size, sent).await?;
        wire.flush_with(&piece).await?;
        sent += piece.len() as u64;
    }
    Ok(())
}

/// Up to `size` bytes of the file from `offset` on; gives file and buffer back.
async fn read_piece(file: File, mut piece: Vec<u8>, size: usize, offset: u64) -> Result<(File, Vec<u8>)> {
    let permit = READERS.acquire().await.map_err(Error::other)?;
    let read = spawn_blocking(move || {
        piece.resize(size, 0);
        let count = file.read_at(&mut piece, offset)?;
        piece.truncate(count);
        Ok((file, piece))
    });
    let read = read.await;
    drop(permit);
    match read {
        Ok(Ok((_, piece))) if piece.is_empty() => Err(Error::from(ErrorKind::UnexpectedEof)),
        Ok(read) => read,
        Err(error) => Err(Error::other(error)),
    }
}
