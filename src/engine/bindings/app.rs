//! The native base of `flask.Flask`: the request-time methods as Python sees them. Each is a thin entry to the step's
//! own file.

#![expect(clippy::doc_markdown, reason = "the texts are for readers of Python")]
use std::sync::Arc;

use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::engine::app::core::AppCore;
use crate::engine::app::lookup::overridden;
use crate::engine::context::AppContext;
use crate::engine::gateway::start_response;
use crate::engine::hooks;
use crate::engine::interpreter::optional_arg::OptionalArg;
use crate::engine::interpreter::truth::Truth;
use crate::engine::lifecycle::{dispatch_request, finalize, full_dispatch, preprocess, teardown, url_for, wsgi_app};
use crate::engine::request::context::{RequestContext, current_context};
use crate::engine::request::state::RequestState;
use crate::engine::response::make_response;
use crate::engine::template::context_processors;

#[pymethods]
impl AppCore {
    #[new]
    #[pyo3(signature = (*_args, **_kwargs))]
    fn new(_args: &Bound<'_, PyTuple>, _kwargs: Option<&Bound<'_, PyDict>>) -> Self {
        Self::default()
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.session_keys.traverse(&visit)?;
        self.snapshot.traverse(&visit)
    }

    fn __clear__(&self, py: Python<'_>) {
        self.session_keys.set(py, None);
        self.snapshot.put(py, None);
    }

    /// Return what a copy of the application gets; the engine's own part of the copy begins anew.
    fn __getstate__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.getattr(pyo3::intern!(slf.py(), "__dict__"))
    }

    /// The WSGI entry, through `wsgi_app` so that middleware put there is met.
    fn __call__<'py>(
        slf: &Bound<'py, Self>,
        environ: Bound<'py, PyAny>,
        start_response: Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        slf.as_any()
            .call_method1(pyo3::intern!(slf.py(), "wsgi_app"), (environ, start_response))
    }

    /// Serve one request: the application without the middleware around it.
    ///
    /// Servers call the application itself, which calls this. Middleware is put in its place, so that the object stays
    /// a `Flask`:
    ///
    ///     app.wsgi_app = ProxyFix(app.wsgi_app)
    ///
    /// Args:
    ///     environ: the WSGI environment of the request, a dict.
    ///     start_response: the server's function, called with status, headers and, where an error is reported, its
    ///         details.
    ///
    /// Returns the body as an iterable of bytes, whose `close` the caller must call. Raises what `handle_exception`
    /// raises: an exception that nobody handled, while testing or debugging.
    fn wsgi_app<'py>(
        slf: &Bound<'py, Self>,
        environ: &Bound<'py, PyDict>,
        start_response: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let state = Arc::new(RequestState::from_environ(environ)?);
        wsgi_app::request(slf.as_any(), &state, |answer| {
            start_response::start(slf.as_any(), answer, environ, start_response)
        })
    }

    /// Build the URL of an endpoint. `flask.url_for` calls this.
    ///
    ///     app.url_for("greet", name="Ann", page=2)      # /greet/Ann?page=2
    ///
    /// Args:
    ///     endpoint: the name of the endpoint. With a dot in front it is one of the blueprint that serves the request.
    ///     _anchor: the fragment, what stands after `#`.
    ///     _method: the HTTP method, where an endpoint has rules for several.
    ///     _scheme: the scheme of an external URL, by default the request's.
    ///     _external: whether scheme and host are in the URL. By default outside of requests and with `_scheme`.
    ///     values: the values for the variables of the rule; those the rule does not name become the query.
    ///
    /// Raises:
    ///     BuildError: no rule of the endpoint fits, and `handle_url_build_error` has no answer.
    ///     RuntimeError: outside of a request without `SERVER_NAME`.
    ///     ValueError: `_scheme` is given for a URL that is not external.
    #[pyo3(signature = (endpoint, *, _anchor=None, _method=None, _scheme=None, _external=None, **values))]
    #[expect(
        clippy::too_many_arguments,
        clippy::used_underscore_binding,
        reason = "they are Flask's, by name"
    )]
    fn url_for<'py>(
        slf: &Bound<'py, Self>,
        endpoint: &Bound<'py, PyAny>,
        _anchor: Option<Bound<'py, PyAny>>,
        _method: Option<Bound<'py, PyAny>>,
        _scheme: Option<Bound<'py, PyAny>>,
        _external: Option<Bound<'py, PyAny>>,
        values: Option<Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let options = url_for::UrlOptions {
            anchor: _anchor,
            method: _method,
            scheme: _scheme,
            external: _external,
        };
        let values = values.unwrap_or_else(|| PyDict::new(slf.py()));
        url_for::url_for(slf.as_any(), endpoint, &values, options)
    }

    /// Add the variables that every template has, as the context processors return them, to a template's own.
    ///
    /// Args:
    ///     context: the template's variables, changed in place. A variable that is there already stays as it is.
    fn update_template_context(slf: &Bound<'_, Self>, context: &Bound<'_, PyDict>) -> PyResult<()> {
        context_processors::update_context(slf.as_any(), context)
    }

    /// Return a new application context. A `with` block makes it the current one, for `current_app` and `g`.
    ///
    /// Requests and commands of `flask` have one without this; scripts and tests need it:
    ///
    ///     with app.app_context():
    ///         database.create_all()
    fn app_context<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, AppContext>> {
        Bound::new(slf.py(), AppContext::over(slf.as_any())?)
    }

    /// Return a context for one request. A `with` block makes it the current one, for `request` and `session`.
    ///
    /// Use `test_request_context` to describe a request instead of writing its environ.
    ///
    /// Args:
    ///     environ: the WSGI environment of the request, a dict.
    fn request_context<'py>(
        slf: &Bound<'py, Self>,
        environ: &Bound<'py, PyDict>,
    ) -> PyResult<Bound<'py, RequestContext>> {
        let state = Arc::new(RequestState::from_environ(environ)?);
        Bound::new(slf.py(), RequestContext::over(slf.as_any(), state)?)
    }

    /// Answer the current request from the first hook to the last: signals, hooks, view, error handlers, session.
    ///
    /// Returns the response. Raises what `handle_user_exception` raises: an exception without a handler.
    fn full_dispatch_request<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let context = current_context(slf.py())?;
        let steps = overridden(slf.as_any())?;
        full_dispatch::full_own(slf.as_any(), &context, steps)?.into_response(slf.py())
    }

    /// Run what comes before the view: the URL value preprocessors, then the `before_request` functions.
    ///
    /// Those of the application come first, then those of the blueprints, from the outermost to the innermost. Returns
    /// the first value other than None that a `before_request` function returned, which is the answer in place of the
    /// view's; None when the view is to be called.
    fn preprocess_request<'py>(slf: &Bound<'py, Self>) -> PyResult<Option<Bound<'py, PyAny>>> {
        preprocess::preprocess(slf.as_any(), &current_context(slf.py())?)
    }

    /// Call the view that the URL of the current request matched.
    ///
    /// Returns the value of the view as it is; `make_response` makes a response of it. Raises whatever the view raises,
    /// and the routing exception (404, 405, a redirect) of a request that matched no view.
    fn dispatch_request<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        dispatch_request::dispatch(slf.as_any(), &current_context(slf.py())?)?.into_object(slf.py())
    }

    /// Make a response of a value, run `process_response` on it and send the signal `request_finished`.
    ///
    /// Args:
    ///     rv: what the view or an error handler returned, or an HTTP exception.
    ///     from_error_handler: whether the value answers an error already. If so, an exception on the way is logged
    ///         instead of raised.
    ///
    /// Returns the response that is to be sent.
    #[pyo3(
        signature = (rv, from_error_handler=Truth(false)),
        text_signature = "($self, rv, from_error_handler=False)"
    )]
    fn finalize_request<'py>(
        slf: &Bound<'py, Self>,
        rv: &Bound<'py, PyAny>,
        from_error_handler: Truth,
    ) -> PyResult<Bound<'py, PyAny>> {
        finalize::finalize_own(slf.as_any(), &current_context(slf.py())?, rv, from_error_handler.0)
    }

    /// Make a response of the value that a view returned.
    ///
    /// Args:
    ///     rv: the value. A `str` or `bytes` is the body; a `dict` or `list` becomes JSON; a generator or another
    ///         iterator of `str` or `bytes` is sent piece by piece; a response or another WSGI application is taken
    ///         over. A tuple is `(body, status)`, `(body, headers)` or `(body, status, headers)`, the headers being a
    ///         dict or a list of pairs.
    ///
    /// Returns an instance of `response_class`. Raises `TypeError`, which names the endpoint, for None and for a value
    /// of another type.
    fn make_response<'py>(slf: &Bound<'py, Self>, rv: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        make_response::to_response(slf.as_any(), None, rv)
    }

    /// Run the `after_this_request` and `after_request` functions, then save the session.
    ///
    /// The functions of the innermost blueprint come first and the application's last, each group in reverse order of
    /// registration.
    ///
    /// Args:
    ///     response: the response so far.
    ///
    /// Returns the response, or the one that a function returned in its place.
    fn process_response<'py>(slf: &Bound<'py, Self>, response: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        finalize::process(slf.as_any(), &current_context(slf.py())?, response)
    }

    /// Return a function that can be called without `await`. Every view, hook and handler passes through this.
    ///
    /// Args:
    ///     func: a function, which is returned as it is, or an `async def`, which `async_to_sync` wraps.
    fn ensure_sync<'py>(slf: &Bound<'py, Self>, func: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        hooks::ensure_sync(slf.as_any(), func)
    }

    /// Run the `teardown_request` functions at the end of a request, then send the signal `request_tearing_down`.
    ///
    /// The request context calls this when it is popped. The functions of the innermost blueprint come first and the
    /// application's last, each group in reverse order of registration.
    ///
    /// Args:
    ///     exc: the exception that the functions get, or None. Left out, it is the exception being handled.
    #[pyo3(signature = (exc=OptionalArg::Absent))]
    fn do_teardown_request(slf: &Bound<'_, Self>, exc: OptionalArg<'_>) -> PyResult<()> {
        let error = exc.or_handled(slf.py());
        teardown::request_functions(slf.as_any(), current_context(slf.py())?.get(), error.as_ref())
    }

    /// Run the `teardown_appcontext` functions, the last one first, then send the signal `appcontext_tearing_down`.
    ///
    /// The application context calls this when it is popped. It needs no request.
    ///
    /// Args:
    ///     exc: the exception that the functions get, or None. Left out, it is the exception being handled.
    #[pyo3(signature = (exc=OptionalArg::Absent))]
    fn do_teardown_appcontext(slf: &Bound<'_, Self>, exc: OptionalArg<'_>) -> PyResult<()> {
        let error = exc.or_handled(slf.py());
        teardown::app_context_functions(slf.as_any(), error.as_ref())
    }
}
