//! All I/O workers but one, parked until they are needed.
//!
//! One worker reads, runs views and writes; with two of them awake the kernel switches between them for nothing, and the
//! second one mostly meets an occupied slot. The others are still needed: when the first is stuck in a view they take over
//! its sockets. So each of them is parked in a task that blocks, and released when there is something to do. Must not know
//! what a view is.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use tokio::runtime::Handle;
use tokio::task::yield_now;

pub struct IdleWorkers {
    workers: usize,
    state: Mutex<WorkerStates>,
    let_go: Condvar,
}

#[derive(Default)]
struct WorkerStates {
    /// Whether workers are to be parked.
    hold: bool,
    /// Tasks that park one or are about to.
    tasks: usize,
    /// Those of them that have parked one.
    holding: usize,
    /// All of them have parked one, and [`IdleWorkers::has_settled`] has not returned that yet.
    settled: bool,
    closed: bool,
}

impl IdleWorkers {
    /// For a runtime of `workers` threads besides the first.
    pub fn new(workers: usize) -> Arc<Self> {
        Arc::new(Self {
            workers,
            state: Mutex::default(),
            let_go: Condvar::new(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, WorkerStates> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Parks the workers; to be called while none of them is stuck, or the wrong one goes on. Gives whether it did: the
    /// caller then has to call [`IdleWorkers::has_settled`] until it is so.
    pub fn hold(self: &Arc<Self>, runtime: &Handle) -> bool {
        let mut state = self.lock();
        // Those let go last time must have got out of their tasks.
        if state.hold || state.closed || state.tasks > 0 || self.workers == 0 {
            return false;
        }
        state.hold = true;
        state.tasks = self.workers;
        drop(state);
        for _ in 0..self.workers {
            let standby = Arc::clone(self);
            runtime.spawn(async move {
                // Makes it queue behind the task that its worker would run next, which no other worker could take over.
                yield_now().await;
                standby.wait();
            });
        }
        true
    }

    /// Whether all of the workers have been parked since the last call; the caller then has to wake another one. It may
    /// have been asleep all the time while one that is parked now had the sockets, and what is queued on a parked worker is
    /// only found by one that looks around.
    pub fn has_settled(&self) -> bool {
        std::mem::take(&mut self.lock().settled)
    }

    /// Whether workers are on their way to being parked, or [`IdleWorkers::has_settled`] has still to return that they are.
    pub fn is_settling(&self) -> bool {
        let state = self.lock();
        state.hold && (state.settled || state.holding < state.tasks)
    }

    /// The body of a task: parks the worker that runs it.
    fn wait(&self) {
        let mut state = self.lock();
        state.holding += 1;
        state.settled = state.hold && state.holding == state.tasks;
        let mut state = self
            .let_go
            .wait_while(state, |state| state.hold)
            .unwrap_or_else(PoisonError::into_inner);
        state.holding -= 1;
        state.tasks -= 1;
    }

    /// Releases the workers; gives whether any were parked.
    pub fn let_go(&self) -> bool {
        let mut state = self.lock();
        let held = std::mem::take(&mut state.hold);
        state.settled = false;
        drop(state);
        if held {
            self.let_go.notify_all();
        }
        held
    }

    /// Releases the workers for good.
    pub fn close(&self) {
        self.lock().closed = true;
        self.let_go();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::runtime::Builder;
    use tokio::sync::oneshot;

    use super::*;

    /// The worker that was at the sockets may be the one that gets parked, while the other one sleeps: a wake-up is
    /// needed after all have settled, and not before.
    #[test]
    fn says_once_that_the_workers_are_held() {
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .build()
            .expect("a runtime");
        let standby = IdleWorkers::new(1);
        assert!(!standby.has_settled() && !standby.is_settling());
        let (stuck, unstick) = std::sync::mpsc::channel::<()>();
        let (started, has_started) = std::sync::mpsc::channel();
        let busy = |started: std::sync::mpsc::Sender<()>, unstick: std::sync::mpsc::Receiver<()>| async move {
            let _ = started.send(());
            let _ = unstick.recv();
        };
        // With both workers busy, the task that is going to hold one has to wait.
        let (stuck_too, unstick_too) = std::sync::mpsc::channel::<()>();
        runtime.spawn(busy(started.clone(), unstick));
        runtime.spawn(busy(started, unstick_too));
        for _ in 0..2 {
            has_started.recv().expect("both workers run tasks");
        }
        assert!(standby.hold(runtime.handle()));
        assert!(standby.is_settling() && !standby.has_settled());
        drop(stuck);
        while !standby.has_settled() {
            std::thread::yield_now();
        }
        assert!(!standby.is_settling() && !standby.has_settled());
        drop(stuck_too);
        standby.close();
    }

    /// Two workers, one of them stuck in a task: the other goes on only when it is let go.
    #[test]
    fn a_held_worker_takes_over_when_it_is_let_go() {
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .build()
            .expect("a runtime");
        let standby = IdleWorkers::new(1);
        assert!(standby.hold(runtime.handle()));
        assert!(!standby.hold(runtime.handle()), "they are held already");
        let (stuck, unstick) = std::sync::mpsc::channel::<()>();
        let (started, has_started) = std::sync::mpsc::channel();
        runtime.spawn(async move {
            let _ = started.send(());
            let _ = unstick.recv();
        });
        has_started.recv().expect("the free worker runs tasks");
        let (reply, answer) = oneshot::channel();
        runtime.spawn(async move { reply.send(()) });
        std::thread::sleep(Duration::from_millis(20));
        assert!(standby.let_go());
        answer.blocking_recv().expect("the standby has run it");
        drop(stuck);
        standby.close();
        assert!(!standby.hold(runtime.handle()));
    }
}
