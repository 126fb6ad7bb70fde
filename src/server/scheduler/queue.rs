//! The requests that wait for a thread of the pool, and the views that run on its threads.
//!
//! Short ones go before slow ones, but one of each kind may always run, so that neither is in the other's way for long.
//! Must not know about threads, but for the numbers the kernel gives them.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::concurrency_limit::ANY;

pub struct Queue<W> {
    short: Waiting<W>,
    slow: Waiting<W>,
    running: Vec<Running>,
    slow_running: usize,
    /// Most slow ones at once: some threads are reserved for the short ones.
    most_slow: usize,
    /// Most views at once, as far as one of each kind allows.
    pub limit: usize,
    /// Set when a view ends.
    pub ended: bool,
}

type Waiting<W> = VecDeque<(W, Instant)>;

#[derive(Clone, Copy)]
struct Running {
    thread: u32,
    slow: bool,
}

impl<W> Queue<W> {
    /// For a pool of at most `threads`.
    pub fn new(threads: usize) -> Self {
        Self {
            short: Waiting::new(),
            slow: Waiting::new(),
            running: Vec::new(),
            slow_running: 0,
            most_slow: threads.saturating_sub(2).max(1),
            limit: ANY,
            ended: false,
        }
    }

    /// Queues `work`; gives whether it could begin now if there is a thread for it.
    pub fn push(&mut self, work: W, slow: bool) -> bool {
        let waiting = if slow { &mut self.slow } else { &mut self.short };
        waiting.push_back((work, Instant::now()));
        self.admits(slow)
    }

    /// What the thread shall run now. To be followed by [`Queue::end`].
    pub fn begin(&mut self, thread: u32) -> Option<W> {
        let short_first = self.slow_running > 0 || self.running.is_empty();
        let slow = [!short_first, short_first]
            .into_iter()
            .find(|&slow| self.may_begin(slow))?;
        let waiting = if slow { &mut self.slow } else { &mut self.short };
        let (work, _) = waiting.pop_front()?;
        self.running.push(Running { thread, slow });
        self.slow_running += usize::from(slow);
        Some(work)
    }

    /// The thread's view has ended, or shall not be counted any more.
    pub fn end(&mut self, thread: u32) {
        if let Some(place) = self.running.iter().position(|running| running.thread == thread) {
            let ended = self.running.swap_remove(place);
            self.slow_running -= usize::from(ended.slow);
            self.ended = true;
        }
    }

    /// Whether one more view of this kind may run.
    fn admits(&self, slow: bool) -> bool {
        let (same, most) = if slow {
            (self.slow_running, self.most_slow)
        } else {
            (self.running.len() - self.slow_running, ANY)
        };
        same == 0 || same < most && self.running.len() < self.limit
    }

    fn may_begin(&self, slow: bool) -> bool {
        let waiting = if slow { &self.slow } else { &self.short };
        !waiting.is_empty() && self.admits(slow)
    }

    /// How many of those that wait could begin now, at most.
    pub fn admitted(&self) -> usize {
        let alone = usize::from(self.may_begin(true)) + usize::from(self.may_begin(false));
        let free = self.limit.saturating_sub(self.running.len());
        free.min(self.waiting()).max(alone)
    }

    pub fn waiting(&self) -> usize {
        self.short.len() + self.slow.len()
    }

    /// How long the first of them has waited.
    pub fn patience(&self) -> Option<Duration> {
        let first = [self.short.front(), self.slow.front()];
        first.into_iter().flatten().map(|(_, since)| since.elapsed()).max()
    }

    /// The threads in views.
    pub fn threads(&self) -> Vec<u32> {
        self.running.iter().map(|running| running.thread).collect()
    }

    /// Takes out all that wait.
    pub fn take_waiting(&mut self) -> Vec<W> {
        let short = std::mem::take(&mut self.short);
        short
            .into_iter()
            .chain(self.slow.drain(..))
            .map(|(work, _)| work)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: bool = false;
    const SLOW: bool = true;

    #[test]
    fn short_ones_go_first_but_one_of_each_kind_runs() {
        let mut queue = Queue::new(8);
        for (name, slow) in [("a", SLOW), ("b", SLOW), ("c", SHORT), ("d", SHORT), ("e", SHORT)] {
            assert!(queue.push(name, slow));
        }
        let order: Vec<_> = (1..=5).map_while(|thread| queue.begin(thread)).collect();
        assert_eq!(order, ["c", "a", "d", "e", "b"]);
    }

    #[test]
    fn the_limit_leaves_one_of_each_kind() {
        let mut queue = Queue::new(8);
        queue.limit = 1;
        for (name, slow) in [("a", SLOW), ("b", SLOW), ("c", SHORT), ("d", SHORT)] {
            queue.push(name, slow);
        }
        assert_eq!(queue.admitted(), 2);
        assert_eq!(
            (queue.begin(1), queue.begin(2), queue.begin(3)),
            (Some("c"), Some("a"), None)
        );
        assert!(!queue.push("e", SHORT));
        queue.end(1);
        assert!(queue.ended);
        assert_eq!((queue.begin(1), queue.begin(3)), (Some("d"), None));
        queue.limit = ANY;
        assert_eq!(
            (queue.begin(3), queue.begin(4), queue.begin(5)),
            (Some("e"), Some("b"), None)
        );
    }

    #[test]
    fn some_threads_are_held_back_for_short_ones() {
        let mut queue = Queue::new(4);
        for number in 0..4 {
            queue.push(number, SLOW);
        }
        let begun = (1..=4).map_while(|thread| queue.begin(thread)).count();
        assert_eq!(begun, 2);
        queue.push(9, SHORT);
        assert_eq!((queue.begin(3), queue.begin(4)), (Some(9), None));
    }
}
