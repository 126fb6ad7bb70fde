//! `app.url_map` for the engine: matches and builds in Rust with the rules of a real Werkzeug `Map`.
//!
//! [`MapCore`] is the Rust base of `ferroflask.url_map.map.UrlMap`. Rules stay Werkzeug's objects in Werkzeug's state tree; a
//! [`snapshot`] of it, sorted, is taken before the first match after a change. What only
//! Werkzeug's adapter can answer is [`Match::Unsure`]. Must not know the request, the context or the server.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, TryLockError};

use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;

use super::compile;
use super::peek::Peek;
use super::snapshot::{RuleIds, Snapshot};
use crate::engine::interpreter::init_flag::InitFlag;

/// A compiled map; `Unusable` when something in it is beyond the Rust side, so that nobody tries again before the next
/// change.
#[derive(Clone)]
enum Compiled {
    Never,
    Unusable,
    Ready(Arc<Snapshot>),
}

/// A peek handle for a map; `None` if the map isn't ours.
pub fn peek_handle(map: &Bound<'_, PyAny>) -> Option<Peek> {
    map.cast::<MapCore>().ok().map(|core| core.get().peek.clone())
}

/// Base of `ferroflask.url_map.map.UrlMap`: matching and building in Rust over the rules of a Werkzeug `Map`.
#[pyclass(subclass, frozen, module = "ferroflask._core")]
pub struct MapCore {
    ready: InitFlag,
    /// Werkzeug's flag, as Python sees it.
    remap: AtomicBool,
    /// The snapshot misses something: cleared before compiling, so that a rule added meanwhile sets it again.
    stale: AtomicBool,
    /// Rules were handed out and may have been changed in place.
    doubtful: AtomicBool,
    compiled: RwLock<Compiled>,
    registry: Mutex<RuleIds>,
    peek: Peek,
}

impl MapCore {
    /// A map without rules.
    pub fn empty() -> Self {
        Self {
            ready: InitFlag::now(),
            remap: AtomicBool::new(true),
            stale: AtomicBool::new(true),
            doubtful: AtomicBool::new(false),
            compiled: RwLock::new(Compiled::Never),
            registry: Mutex::default(),
            peek: Peek::default(),
        }
    }

    /// Werkzeug's flag.
    pub fn remap(&self) -> bool {
        self.remap.load(Ordering::Acquire)
    }

    pub fn set_remap(&self, value: bool) {
        self.remap.store(value, Ordering::Release);
        if value {
            self.stale.store(true, Ordering::Release);
        }
    }

    /// Notes that rule objects were handed out: the next match looks whether they were changed in place.
    pub fn doubt(&self) {
        self.doubtful.store(true, Ordering::Release);
    }

    /// For `__traverse__`: the snapshot refers to rules, which refer to this map, so that without a visit no app's map
    /// would ever be collected.
    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        if !self.ready.is_now() {
            return Ok(());
        }
        // A lock that is held means that somebody is using the map: then it isn't garbage, and nothing needs a visit.
        match self.compiled.try_read() {
            Ok(compiled) => {
                if let Compiled::Ready(snapshot) = &*compiled {
                    snapshot.traverse(visit)?;
                }
            }
            Err(TryLockError::Poisoned(_) | TryLockError::WouldBlock) => {}
        }
        if let Ok(registry) = self.registry.try_lock() {
            registry.traverse(visit)?;
        }
        Ok(())
    }

    /// For `__clear__`.
    pub fn clear(&self) {
        self.stale.store(true, Ordering::Release);
        drop(self.replace(Compiled::Never));
        let registry = std::mem::take(&mut *self.registry.lock().unwrap_or_else(PoisonError::into_inner));
        drop(registry);
    }

    /// The compiled rules, brought up to date; `None` when only Werkzeug can serve this map.
    pub(super) fn current(slf: &Bound<'_, Self>) -> PyResult<Option<Arc<Snapshot>>> {
        let core = slf.get();
        if core.needs_work() {
            core.refresh(slf)?;
        }
        match core.read() {
            Compiled::Ready(snapshot) if snapshot.calls_update => {
                slf.call_method0(intern!(slf.py(), "update"))?;
                if core.needs_work() {
                    core.refresh(slf)?;
                }
                Ok(core.read().ready())
            }
            compiled => Ok(compiled.ready()),
        }
    }

    #[inline]
    fn needs_work(&self) -> bool {
        self.stale.load(Ordering::Acquire) || self.doubtful.load(Ordering::Acquire)
    }

    #[inline]
    fn read(&self) -> Compiled {
        self.compiled.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Swaps the compiled rules; what comes back is dropped by the caller, when no lock is held any more.
    fn replace(&self, new: Compiled) -> Compiled {
        std::mem::replace(&mut *self.compiled.write().unwrap_or_else(PoisonError::into_inner), new)
    }

    #[cold]
    fn refresh(&self, slf: &Bound<'_, Self>) -> PyResult<()> {
        let doubtful = self.doubtful.swap(false, Ordering::AcqRel);
        if !self.stale.swap(false, Ordering::AcqRel) {
            let unchanged = match self.read() {
                Compiled::Ready(snapshot) => snapshot.still_true(slf.py()),
                _ => !doubtful,
            };
            if unchanged {
                return Ok(());
            }
        }
        // Sorted by Werkzeug itself, possibly in a subclass's own way.
        if let Err(error) = slf.call_method0(intern!(slf.py(), "update")) {
            self.stale.store(true, Ordering::Release);
            return Err(error);
        }
        let compiled = match compile::snapshot(slf.as_any(), &self.registry) {
            Ok(Some(snapshot)) => Compiled::Ready(Arc::new(snapshot)),
            Ok(None) | Err(_) => Compiled::Unusable,
        };
        self.peek.set(match &compiled {
            Compiled::Ready(snapshot) => Some(&**snapshot),
            Compiled::Never | Compiled::Unusable => None,
        });
        drop(self.replace(compiled));
        Ok(())
    }
}

impl Compiled {
    fn ready(self) -> Option<Arc<Snapshot>> {
        match self {
            Self::Ready(snapshot) => Some(snapshot),
            Self::Never | Self::Unusable => None,
        }
    }
}
