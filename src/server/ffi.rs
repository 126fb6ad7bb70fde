//! The server's only unsafe code: a listening socket taken over by number, and threads that keep their Python thread
//! state.
//!
//! Must not know what the sockets and the threads are for.

use std::cell::Cell;
use std::net::TcpListener;
use std::os::fd::{BorrowedFd, OwnedFd, RawFd};
use std::os::unix::net::UnixListener;
use std::sync::atomic::{AtomicUsize, Ordering};

use pyo3::ffi;

/// Threads of ours that have a Python thread state and have not given it back.
static STATES: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static STATE: Cell<Option<(ffi::PyGILState_STATE, *mut ffi::PyThreadState)>> = const { Cell::new(None) };
}

/// How many threads the engine's servers hold in this process, in a view or waiting for one.
pub fn threads_alive() -> usize {
    STATES.load(Ordering::SeqCst)
}

/// Counts the calling thread, whose state is Python's own, among them until it is dropped.
pub fn count_thread() -> impl Drop {
    struct Counted;
    impl Drop for Counted {
        fn drop(&mut self) {
            STATES.fetch_sub(1, Ordering::SeqCst);
        }
    }
    STATES.fetch_add(1, Ordering::SeqCst);
    Counted
}

/// Gives the calling thread a Python thread state for good and leaves it detached, so that attaching costs 45 ns
/// instead of 350. To be undone on the same thread by [`release_thread_state`].
pub fn keep_thread_state() {
    STATES.fetch_add(1, Ordering::SeqCst);
    // SAFETY: the interpreter is running (the server was started from Python and is stopped before it ends). `Ensure`
    // is balanced by `Release` in `release_thread_state`, `SaveThread` by `RestoreThread` there, both on this same
    // thread.
    let kept = unsafe { (ffi::PyGILState_Ensure(), ffi::PyEval_SaveThread()) };
    STATE.set(Some(kept));
}

/// Undoes [`keep_thread_state`]; waits for the GIL.
pub fn release_thread_state() {
    if let Some((gil, state)) = STATE.take() {
        // SAFETY: `state` and `gil` come from `keep_thread_state` on this thread and are used once; the thread is
        // detached now.
        unsafe {
            ffi::PyEval_RestoreThread(state);
            ffi::PyGILState_Release(gil);
        }
        STATES.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A second handle on the socket that is open as `fd`; the first one stays the caller's.
fn duplicate(fd: RawFd) -> std::io::Result<OwnedFd> {
    if fd < 0 {
        return Err(std::io::Error::from(std::io::ErrorKind::InvalidInput));
    }
    // SAFETY: `fd` is not -1, and the caller (Python) keeps it open during this call; it is duplicated, never closed
    // here.
    unsafe { BorrowedFd::borrow_raw(fd) }.try_clone_to_owned()
}

/// The listening TCP socket open as `fd`.
pub fn tcp_listener(fd: RawFd) -> std::io::Result<TcpListener> {
    duplicate(fd).map(TcpListener::from)
}

/// The listening Unix socket open as `fd`.
pub fn unix_listener(fd: RawFd) -> std::io::Result<UnixListener> {
    duplicate(fd).map(UnixListener::from)
}
