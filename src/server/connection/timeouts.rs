//! One timer per connection, re-armed lazily: setting a later deadline costs a store, not a trip to the timer wheel.
//!
//! Must not know what the deadlines mean.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep_until};

/// A deadline that moves with what the connection waits for.
pub struct Clock {
    sleep: Pin<Box<Sleep>>,
    deadline: Instant,
}

impl Clock {
    pub fn new(first: Duration) -> Self {
        let deadline = Instant::now() + first;
        Self {
            sleep: Box::pin(sleep_until(deadline)),
            deadline,
        }
    }

    /// From now on the deadline is `deadline`.
    pub fn set(&mut self, deadline: Instant) {
        if deadline < self.sleep.deadline() {
            self.sleep.as_mut().reset(deadline);
        }
        self.deadline = deadline;
    }

    /// Ready when the deadline has passed; registers the task to be woken by then.
    pub fn poll_expired(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            if self.sleep.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
            if Instant::now() >= self.deadline {
                return Poll::Ready(());
            }
            // Fired for an earlier deadline that has been moved since.
            let deadline = self.deadline;
            self.sleep.as_mut().reset(deadline);
        }
    }
}

/// Whether a body arrives fast enough: pieces not too far apart, and 1 kB/s on the whole once its grace is over. Only
/// time spent waiting for the client counts, not the time in which the app did not read.
pub struct BodyPace {
    idle: Duration,
    received: u64,
    waited: Duration,
    since: Option<Instant>,
}

impl BodyPace {
    pub fn new(idle: Duration) -> Self {
        Self {
            idle,
            received: 0,
            waited: Duration::ZERO,
            since: None,
        }
    }

    /// The client is being waited for; gives when the next byte has to be here.
    pub fn wait(&mut self) -> Instant {
        let now = *self.since.get_or_insert_with(Instant::now);
        let allowed = self.idle + Duration::from_millis(self.received);
        now + self.idle.min(allowed.saturating_sub(self.waited))
    }

    /// Bytes have come.
    pub fn note(&mut self, bytes: usize) {
        self.received += bytes as u64;
        if let Some(since) = self.since.take() {
            self.waited += since.elapsed();
        }
    }
}
