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
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyTuple, PyType};

use crate::engine::interpreter::init_flag::Ready;
use crate::engine::interpreter::truth::Truth;
use crate::routing::{Query, rooted};

use super::building::BuildRequest;
use super::matching::Match;
use super::peek::Peek;
use super::snapshot::{Registry, Snapshot};
use super::{add_rule, building, compile, matching, werkzeug_types};

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

/// Rust base of `UrlMap`. Owns Werkzeug's `_remap` flag, which tells that rules were added since the last sort.
#[pyclass(subclass, frozen, module = "ferroflask._core")]
pub struct MapCore {
    ready: Ready,
    /// Werkzeug's flag, as Python sees it.
    remap: AtomicBool,
    /// The snapshot misses something: cleared before compiling, so that a rule added meanwhile sets it again.
    stale: AtomicBool,
    /// Rules were handed out and may have been changed in place.
    doubtful: AtomicBool,
    compiled: RwLock<Compiled>,
    registry: Mutex<Registry>,
    peek: Peek,
}

#[pymethods]
impl MapCore {
    /// Takes whatever `Map.__init__` takes and leaves it to that.
    #[new]
    #[pyo3(signature = (*_args, **_kwargs))]
    fn new(_args: &Bound<'_, PyTuple>, _kwargs: Option<&Bound<'_, PyDict>>) -> Self {
        Self {
            ready: Ready::now(),
            remap: AtomicBool::new(true),
            stale: AtomicBool::new(true),
            doubtful: AtomicBool::new(false),
            compiled: RwLock::new(Compiled::Never),
            registry: Mutex::default(),
            peek: Peek::default(),
        }
    }

    #[getter(_remap)]
    fn remap(&self) -> bool {
        self.remap.load(Ordering::Acquire)
    }

    #[setter(_remap)]
    fn set_remap(&self, value: bool) {
        self.remap.store(value, Ordering::Release);
        if value {
            self.stale.store(true, Ordering::Release);
        }
    }

    /// Werkzeug's `add`, natively for a plain rule.
    fn add(slf: &Bound<'_, Self>, rulefactory: &Bound<'_, PyAny>) -> PyResult<()> {
        let py = slf.py();
        if add_rule::add_plain(slf.as_any(), rulefactory)? {
            return slf.setattr(intern!(py, "_remap"), true);
        }
        let add = werkzeug_types::names(py)?.map.bind(py).getattr(intern!(py, "add"))?;
        add.call1((slf, rulefactory)).map(drop)
    }

    /// `add` for a plain rule, whatever the rehearsal says; this is what is rehearsed. False: it is not plain.
    fn _add_untried(slf: &Bound<'_, Self>, rule: &Bound<'_, PyAny>) -> PyResult<bool> {
        add_rule::add_untried(slf.as_any(), rule)
    }

    /// Says that rule objects were handed out: the next match looks whether they were changed in place.
    fn _doubt(&self) {
        self.doubtful.store(true, Ordering::Release);
    }

    /// Matches a path. Returns `(rule, values)`, or `(None, (new path, domain part))` for a redirect, or `None` when
    /// Werkzeug's own adapter must answer. Raises what Werkzeug raises.
    fn _find<'py>(
        slf: &Bound<'py, Self>,
        domain: &str,
        path: &str,
        method: &str,
        websocket: bool,
    ) -> PyResult<Option<Bound<'py, PyTuple>>> {
        let py = slf.py();
        let path = rooted(path);
        let query = Query {
            domain,
            path: &path,
            method,
            websocket,
        };
        match matching::match_path(slf.as_any(), query, None)? {
            Match::Found { rule, view_args } => PyTuple::new(py, [rule, view_args.into_any()]).map(Some),
            Match::Redirect { path, domain_part } => (py.None(), (path, domain_part)).into_pyobject(py).map(Some),
            Match::NotFound => Err(matching::not_found(py)),
            Match::MethodNotAllowed { allowed } => Err(matching::method_not_allowed(py, allowed.bind(py))),
            Match::WebsocketMismatch => Err(matching::websocket_mismatch(py)),
            Match::Unsure => Ok(None),
        }
    }

    /// Werkzeug's own `bind_to_environ`, with an adapter of ours. Not a Python method, because Werkzeug's warning about
    /// a wrong server name is attributed to the caller one Python frame above.
    #[pyo3(signature = (environ, server_name=None, subdomain=None))]
    fn bind_to_environ<'py>(
        slf: &Bound<'py, Self>,
        environ: Bound<'py, PyAny>,
        server_name: Option<Bound<'py, PyAny>>,
        subdomain: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        static MAP: PyOnceLock<Py<PyType>> = PyOnceLock::new();
        static ADAPTER: PyOnceLock<Py<PyType>> = PyOnceLock::new();
        let py = slf.py();
        let bind = MAP
            .import(py, "werkzeug.routing.map", "Map")?
            .getattr(intern!(py, "bind_to_environ"))?;
        let adapter = bind.call1((slf, environ, server_name, subdomain))?;
        ADAPTER
            .import(py, "ferroflask.url_map.map", "UrlMapAdapter")?
            .call_method1(intern!(py, "over"), (adapter,))
    }

    /// Builds a URL as `MapAdapter.build` does, for an adapter of this map. `None`: leave it to Werkzeug.
    #[pyo3(signature = (adapter, endpoint, values, method, *, external, append_unknown, url_scheme))]
    #[expect(clippy::too_many_arguments, reason = "the arguments of MapAdapter.build")]
    fn _build_url(
        slf: &Bound<'_, Self>,
        adapter: &Bound<'_, PyAny>,
        endpoint: &Bound<'_, PyAny>,
        values: &Bound<'_, PyDict>,
        method: Option<&str>,
        external: Truth,
        append_unknown: bool,
        url_scheme: Option<&str>,
    ) -> PyResult<Option<String>> {
        building::build_for_adapter(
            slf.as_any(),
            adapter,
            &BuildRequest {
                endpoint,
                values,
                method,
                append_unknown,
            },
            crate::routing::Wanted {
                external: external.0,
                url_scheme,
            },
        )
    }

    // The snapshot refers to rules, which refer to this map: without this no app's map would ever be collected.
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        if !self.ready.is_now() {
            return Ok(());
        }
        // A lock that is held means that somebody is using the map: then it isn't garbage, and nothing needs a visit.
        match self.compiled.try_read() {
            Ok(compiled) => {
                if let Compiled::Ready(snapshot) = &*compiled {
                    snapshot.traverse(&visit)?;
                }
            }
            Err(TryLockError::Poisoned(_) | TryLockError::WouldBlock) => {}
        }
        if let Ok(registry) = self.registry.try_lock() {
            registry.traverse(&visit)?;
        }
        Ok(())
    }

    fn __clear__(&self) {
        self.stale.store(true, Ordering::Release);
        drop(self.replace(Compiled::Never));
        let registry = std::mem::take(&mut *self.registry.lock().unwrap_or_else(PoisonError::into_inner));
        drop(registry);
    }
}

impl MapCore {
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

    /// The compiled rules, if they are up to date and it takes no Python to know that.
    pub(super) fn settled(&self) -> Option<Arc<Snapshot>> {
        if self.needs_work() {
            return None;
        }
        self.read().ready().filter(|snapshot| !snapshot.calls_update)
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
