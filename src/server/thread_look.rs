//! Whether another thread of this process waits for something, or would go on if the kernel let it.
//!
//! Time alone can't tell: on a busy machine a thread that is not given the CPU looks like one that is blocked.

use std::fs;

thread_local! {
    static OWN_ID: u32 = read_own_id().unwrap_or(0);
}

/// The kernel's number of the calling thread; 0 where it can't be had.
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
    let stat = fs::read_to_string(format!("/proc/self/task/{id}/stat")).unwrap_or_default();
    // "TID (name) STATE ...", where the name may hold anything.
    let state = stat.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next());
    state != Some('R')
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
        drop(stop);
        sleeper.join().expect("it ends in peace");
        assert!(is_waiting(id), "it is gone");
    }
}
