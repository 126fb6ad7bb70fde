//! The native base of `ferroflask.url_map.map.UrlMap`: the methods of a map as Python sees them.
//!
//! It must not know the matcher.

use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyTuple, PyType};

use crate::engine::interpreter::truth::Truth;
use crate::engine::url_map::building::{self, BuildRequest};
use crate::engine::url_map::map::MapCore;
use crate::engine::url_map::matching::{self, Match};
use crate::engine::url_map::{add_rule, werkzeug_types};
use crate::routing::{Query, rooted};

#[pymethods]
impl MapCore {
    /// Takes whatever `Map.__init__` takes and leaves it to that.
    #[new]
    #[pyo3(signature = (*_args, **_kwargs))]
    fn new(_args: &Bound<'_, PyTuple>, _kwargs: Option<&Bound<'_, PyDict>>) -> Self {
        Self::empty()
    }

    #[getter(_remap)]
    fn get_remap(&self) -> bool {
        self.remap()
    }

    #[setter(_remap)]
    fn put_remap(&self, value: bool) {
        self.set_remap(value);
    }

    /// Add a rule and bind it, as Werkzeug's `Map.add` does; what a rule's URLs are built with is compiled later.
    fn add(slf: &Bound<'_, Self>, rulefactory: &Bound<'_, PyAny>) -> PyResult<()> {
        let py = slf.py();
        if add_rule::add_plain(slf.as_any(), rulefactory)? {
            return slf.setattr(intern!(py, "_remap"), true);
        }
        let add = werkzeug_types::names(py)?.map.bind(py).getattr(intern!(py, "add"))?;
        add.call1((slf, rulefactory)).map(drop)
    }

    /// Add a plain rule natively, whether or not this Werkzeug would do the same. False: it is not plain.
    fn _add_untried(slf: &Bound<'_, Self>, rule: &Bound<'_, PyAny>) -> PyResult<bool> {
        add_rule::add_untried(slf.as_any(), rule)
    }

    /// Say that rule objects were handed out: the next match looks whether one was changed in place.
    fn _doubt(&self) {
        self.doubt();
    }

    /// Match a decoded path for an upper-case method, in a subdomain or, under host matching, a host.
    ///
    /// Returns a rule and its values; for a redirect None with the new path and domain part (None: the same one); None
    /// when only Werkzeug's adapter can answer. Raises `NotFound`, `MethodNotAllowed` or `WebsocketMismatch`, as the
    /// adapter does.
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

    /// Return an adapter for a request, as Werkzeug's method does; its warnings are attributed to the caller.
    #[pyo3(signature = (environ, server_name=None, subdomain=None))]
    fn bind_to_environ<'py>(
        slf: &Bound<'py, Self>,
        environ: Bound<'py, PyAny>,
        server_name: Option<Bound<'py, PyAny>>,
        subdomain: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        // Not a Python method, because Werkzeug's warning about a wrong server name is attributed to the caller one Python
        // frame above.
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

    /// Return what `adapter.build` would, or None when Werkzeug has to build the URL or to say why it can't.
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

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.traverse(&visit)
    }

    fn __clear__(&self) {
        self.clear();
    }
}
