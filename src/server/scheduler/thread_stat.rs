//! The state of another thread of this process, from `/proc`: waiting for something, or running as far as the kernel lets
//! it.
//!
//! A clock doesn't show it: on a busy machine a thread that is not given the CPU looks like one that is blocked.

use std::fs;
use std::sync::atomic::{AtomicU32, Ordering};

/// Where numbers begin that no kernel gives.
static MADE_UP: AtomicU32 = AtomicU32::new(1 << 31);

thread_local! {
    static OWN_ID: u32 = read_own_id().unwrap_or_else(|| MADE_UP.fetch_add(1, Ordering::Relaxed));
}

/// The kernel's number of the calling thread; a number of our own where that can't be had.
#[inline]
pub fn own_id() -> u32 {
    OWN_ID.try_with(|id| *id).unwrap_or(0)
}

/// `/proc/thread-self` points to `PID/task/TID`.
fn read_own_id() -> Option<u32> {
    let link = fs::read_link("/proc/thread-self").ok()?;
    link.file_name()?.to_str()?.parse().ok()
}

/// Whether the thread of this process with the number `id` waits: for a lock, for the GIL, in a system call. When it
/// can't be found out it is taken to wait.
pub fn is_waiting(id: u32) -> bool {
    let stat = read(id, "stat");
    // "TID (name) STATE ...", where the name may hold anything.
    let state = stat.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next());
    state != Some('R')
}

/// How often the thread was given a CPU so far; always 0 where the kernel does not count it.
///
/// A thread that waits for the GIL wakes up after each switch interval, one that waits for something else sleeps on.
pub fn turns(id: u32) -> u64 {
    // "TIME_ON_CPU TIME_RUNNABLE TURNS"
    let turns = read(id, "schedstat");
    turns
        .split_whitespace()
        .nth(2)
        .and_then(|turns| turns.parse().ok())
        .unwrap_or(0)
}

fn read(id: u32, file: &str) -> String {
    fs::read_to_string(format!("/proc/self/task/{id}/{file}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn tells_a_busy_thread_from_a_waiting_one() {
        assert!(!is_waiting(own_id()), "it is running this");
        let (id, ids) = channel();
        let (stop, stopped) = channel::<()>();
        let sleeper = std::thread::spawn(move || {
            id.send(own_id()).expect("the test is there");
            let _ = stopped.recv();
        });
        let id = ids.recv().expect("the thread has said its number");
        let patience = Instant::now() + Duration::from_secs(10);
        while !is_waiting(id) && Instant::now() < patience {
            std::thread::yield_now();
        }
        assert!(is_waiting(id));
        let before = turns(id);
        assert_eq!(turns(id), before, "it sleeps on");
        drop(stop);
        sleeper.join().expect("it ends in peace");
        assert!(is_waiting(id), "it is gone");
        assert_eq!(turns(id), 0);
    }
}
