//! The listening socket: accepts connections and starts a task for each.
//!
//! Must not know what is spoken on them.

use std::os::fd::RawFd;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, UnixListener};

use super::connection::connection::serve;
use super::connection::server_state::ServerState;
use super::ffi;

pub enum Listener {
    Tcp(TcpListener),
    Unix(UnixListener),
}

impl Listener {
    /// Takes over the bound and listening socket open as `fd`. Must be called inside the runtime.
    pub fn open(fd: RawFd, unix: bool) -> std::io::Result<Self> {
        if unix {
            let socket = ffi::unix_listener(fd)?;
            socket.set_nonblocking(true)?;
            return UnixListener::from_std(socket).map(Self::Unix);
        }
        let socket = ffi::tcp_listener(fd)?;
        socket.set_nonblocking(true)?;
        TcpListener::from_std(socket).map(Self::Tcp)
    }

    /// Accepts until the task is aborted.
    pub async fn run(self, server: Arc<ServerState>) {
        loop {
            let failed = match &self {
                Self::Tcp(socket) => match socket.accept().await {
                    Ok((stream, peer)) => {
                        // Streams go out piece by piece: no piece waits for the next one's company.
                        let _ = stream.set_nodelay(true);
                        tokio::spawn(serve(Arc::clone(&server), stream, Some(peer)));
                        false
                    }
                    Err(error) => is_serious(&error),
                },
                Self::Unix(socket) => match socket.accept().await {
                    Ok((stream, _)) => {
                        tokio::spawn(serve(Arc::clone(&server), stream, None));
                        false
                    }
                    Err(error) => is_serious(&error),
                },
            };
            if failed {
                // Out of file descriptors, most likely: another try at once would only burn time.
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

/// Errors that are the listener's, not one client's.
fn is_serious(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted, WouldBlock};
    !matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted | WouldBlock
    )
}
