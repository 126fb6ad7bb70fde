//! What the engine reads of a context's request and what it puts there: from the state for as long as that is what the
//! request object shows, else from the object, whatever it makes of it. It must not know how a match is found.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::class;
use super::context::RequestContext;

/// The object when it is not None.
fn some(value: Bound<'_, PyAny>) -> Option<Bound<'_, PyAny>> {
    (!value.is_none()).then_some(value)
}

impl RequestContext {
    /// The attribute of a request object that does not show the state; None for one that does.
    fn shown<'py>(&self, name: &Bound<'py, PyString>) -> PyResult<Option<Bound<'py, PyAny>>> {
        if self.shows_state() {
            return Ok(None);
        }
        self.request(name.py())?.getattr(name).map(Some)
    }

    /// `request.url_rule`.
    pub fn url_rule<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let shown = self.shown(intern!(py, "url_rule"))?;
        Ok(shown.map_or_else(|| self.state.url_rule.get(py), some))
    }

    /// `request.view_args`.
    pub fn view_args<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let shown = self.shown(intern!(py, "view_args"))?;
        Ok(shown.map_or_else(|| self.state.view_args.get(py), some))
    }

    /// `request.routing_exception`.
    pub fn routing_exception<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let shown = self.shown(intern!(py, "routing_exception"))?;
        Ok(shown.map_or_else(|| self.state.routing_exception.get(py), some))
    }

    /// `request.endpoint`.
    pub fn endpoint<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        if let Some(shown) = self.shown(intern!(py, "endpoint"))? {
            return Ok(some(shown));
        }
        let rule = self.state.url_rule.get(py);
        rule.map(|rule| rule.getattr(intern!(py, "endpoint"))).transpose()
    }

    /// `request.blueprints`: the registered names of those the request belongs to, innermost first (`["a.b", "a"]`).
    pub fn blueprints(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        if let Some(shown) = self.shown(intern!(py, "blueprints"))? {
            return shown.try_iter()?.map(|name| name?.extract()).collect();
        }
        let Some(endpoint) = self.endpoint(py)? else {
            return Ok(Vec::new());
        };
        let Ok(endpoint) = endpoint.cast::<PyString>() else {
            return Ok(Vec::new());
        };
        let mut names = Vec::new();
        let mut rest = endpoint.to_str()?;
        while let Some((name, _)) = rest.rsplit_once('.') {
            names.push(name.to_owned());
            rest = name;
        }
        Ok(names)
    }

    /// Whether `request.method` is OPTIONS. A request object that exists may have been given another method.
    pub fn is_options(&self, py: Python<'_>) -> PyResult<bool> {
        match self.request_if_made(py) {
            Some(request) => request.getattr(intern!(py, "method"))?.eq(intern!(py, "OPTIONS")),
            None => Ok(self.state.head.method == "OPTIONS"),
        }
    }

    /// Whether the request object is, or would be, of the core's own class, so that what the core reads is what it
    /// would show.
    pub fn has_core_request(&self, py: Python<'_>) -> PyResult<bool> {
        match &self.class {
            Some(class) if self.shows_state() => class::is_core(class.bind(py)),
            _ => Ok(false),
        }
    }

    pub fn set_match(&self, py: Python<'_>, rule: Py<PyAny>, view_args: Py<PyAny>) -> PyResult<()> {
        if self.shows_state() {
            self.state.url_rule.set(py, Some(rule));
            self.state.view_args.set(py, Some(view_args));
            return Ok(());
        }
        let request = self.request(py)?;
        request.setattr(intern!(py, "url_rule"), rule)?;
        request.setattr(intern!(py, "view_args"), view_args)
    }

    pub fn set_routing_exception(&self, py: Python<'_>, error: Py<PyAny>) -> PyResult<()> {
        if self.shows_state() {
            self.state.routing_exception.set(py, Some(error));
            return Ok(());
        }
        self.request(py)?.setattr(intern!(py, "routing_exception"), error)
    }

    /// The request is over: its environ must not keep it, nor the request itself, alive in a circle.
    pub fn end_request(&self, py: Python<'_>) -> PyResult<()> {
        let environ = if self.shows_state() {
            self.state.end();
            self.state.environ_if_made(py).map(Bound::into_any)
        } else {
            Some(self.request(py)?.getattr(intern!(py, "environ"))?)
        };
        environ.map_or(Ok(()), |environ| {
            environ.set_item(intern!(py, "werkzeug.request"), py.None())
        })
    }
}
