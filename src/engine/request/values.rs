//! What a request's query, cookies and body parse to, natively for `flask.Request` itself. Each value ends up in the
//! instance's `__dict__` under Werkzeug's name, as Werkzeug's cached properties put it there; where a subclass or a
//! setting could have its say, Werkzeug's own property is asked.

use pyo3::exceptions::PyAttributeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyDict, PyString, PyType};

use super::attributes::Initial;
use super::base::RequestBase;
use super::class;
use super::state::RequestState;
use crate::engine::app::config::{self, Config};
use crate::engine::context::app_of;
use crate::engine::context::vars::cv_app;
use crate::engine::form::types::FormLimits;
use crate::engine::guard::mro::defined;
use crate::engine::headers::multi_dict::{MultiDictMaker, immutable_multi_dict};
use crate::engine::json::{self, provider};
use crate::engine::{ffi, form, headers};
use crate::http::header_name::HeaderName;

pub fn werkzeug_request(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    static KIND: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    KIND.import(py, "werkzeug.wrappers", "Request")
}

/// Has Werkzeug's property compute its value, and keeps that as the property does.
pub fn inherited<'py>(request: &Bound<'py, RequestBase>, name: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
    let py = request.py();
    let property = defined(werkzeug_request(py)?, name)?.ok_or_else(|| PyAttributeError::new_err(name.to_string()))?;
    let Some(compute) = property.getattr_opt(intern!(py, "fget"))? else {
        return property.call_method1(intern!(py, "__get__"), (request, request.get_type()));
    };
    let value = compute.call1((request,))?;
    ffi::instance_dict(request)?.set_item(name, &value)?;
    Ok(value)
}

/// The value under a name in the instance's dict, or else what `make` gives, put there.
fn cached<'py>(
    request: &Bound<'py, RequestBase>,
    name: &Bound<'py, PyString>,
    make: impl FnOnce(&RequestState) -> PyResult<Option<Bound<'py, PyAny>>>,
) -> PyResult<Bound<'py, PyAny>> {
    let values = ffi::instance_dict(request.as_any())?;
    if let Some(value) = values.get_item(name)? {
        return Ok(value);
    }
    if class::is_untouched(request, &values)?
        && let Some(state) = request.get().shared_state(request.py())
        && let Some(value) = make(&state)?
    {
        values.set_item(name, &value)?;
        return Ok(value);
    }
    inherited(request, name)
}

pub fn args<'py>(request: &Bound<'py, RequestBase>) -> PyResult<Bound<'py, PyAny>> {
    let py = request.py();
    cached(request, intern!(py, "args"), |state| {
        headers::query_to_py(py, &state.head.query, immutable_multi_dict(py)?).map(Some)
    })
}

pub fn cookies<'py>(request: &Bound<'py, RequestBase>) -> PyResult<Bound<'py, PyAny>> {
    let py = request.py();
    cached(request, intern!(py, "cookies"), |state| {
        let header = state.header(py, HeaderName::Cookie)?.unwrap_or_default();
        headers::cookies_to_py(py, &header, immutable_multi_dict(py)?).map(Some)
    })
}

/// `request.form` or `request.files`.
pub fn form_part<'py>(request: &Bound<'py, RequestBase>, name: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
    let py = request.py();
    let values = ffi::instance_dict(request.as_any())?;
    if let Some(value) = values.get_item(name)? {
        return Ok(value);
    }
    // In debug mode and in subclasses the method does more than parse.
    let plain = class::is_untouched(request, &values)? && !is_debugging(py)?;
    if !plain || !load_form(request)? {
        request.as_any().call_method0(intern!(py, "_load_form_data"))?;
    }
    match values.get_item(name)? {
        Some(value) => Ok(value),
        None => inherited(request, name),
    }
}

/// Whether the current app is in debug mode; without an app nobody is.
fn is_debugging(py: Python<'_>) -> PyResult<bool> {
    match cv_app(py).get(py) {
        Some(context) => config::is_debugging(&app_of(&context)?),
        None => Ok(false),
    }
}

/// `_load_form_data` for a body that is all there or arriving on our own socket. False when Werkzeug has to parse it.
pub fn load_form(request: &Bound<'_, RequestBase>) -> PyResult<bool> {
    let py = request.py();
    let values = ffi::instance_dict(request.as_any())?;
    if values.contains(intern!(py, "form"))? {
        return Ok(true);
    }
    let Some((state, content_type)) = untouched_body(request, &values)? else {
        return Ok(false);
    };
    let class = immutable_multi_dict(py)?;
    let (form, files) = match mimetype(&content_type).as_str() {
        "application/x-www-form-urlencoded" => {
            let Some(body) = state.whole_body(py) else {
                return Ok(false);
            };
            form::check_length(py, body.len() as u64, Limits::of(request)?.content_length()?)?;
            let parsed = form::parse_urlencoded(py, &body, class.as_any())?;
            (parsed, MultiDictMaker::new(class.as_any())?.finish()?)
        }
        "multipart/form-data" => {
            let Some(mut source) = state.body_source(py) else {
                return Ok(false);
            };
            let job = form::MultipartJob {
                content_type: &content_type,
                content_length: state
                    .header(py, HeaderName::ContentLength)?
                    .and_then(|n| n.parse().ok()),
                limits: Limits::of(request)?.all()?,
                stream_factory: &request.as_any().getattr(intern!(py, "_get_file_stream"))?,
                class: class.as_any(),
            };
            form::parse_multipart(py, source.as_mut(), &job)?
        }
        _ => return Ok(false),
    };
    consumed(&state, &values)?;
    request.get().note_type_read(py);
    values.set_item(intern!(py, "form"), form)?;
    values.set_item(intern!(py, "files"), files)?;
    Ok(true)
}

/// The body as bytes when nobody has read it in another form; what `get_data(cache=True)` gives. None when Werkzeug has
/// to read it.
fn whole_body<'py>(request: &Bound<'py, RequestBase>, parse_form_data: bool) -> PyResult<Option<Bound<'py, PyBytes>>> {
    let py = request.py();
    let values = ffi::instance_dict(request.as_any())?;
    if let Some(bytes) = values.get_item(intern!(py, "_cached_data"))? {
        return Ok(bytes.cast_into().ok());
    }
    let Some((state, content_type)) = untouched_body(request, &values)? else {
        return Ok(None);
    };
    let is_form = matches!(
        mimetype(&content_type).as_str(),
        "application/x-www-form-urlencoded" | "multipart/form-data"
    );
    if parse_form_data && (is_form || is_debugging(py)?) {
        return Ok(None);
    }
    let Some(body) = state.whole_body(py) else {
        return Ok(None);
    };
    form::check_length(py, body.len() as u64, Limits::of(request)?.content_length()?)?;
    consumed(&state, &values)?;
    let bytes = PyBytes::new(py, &body);
    values.set_item(intern!(py, "_cached_data"), &bytes)?;
    if parse_form_data {
        // There is none, and it is not looked for again.
        let class = immutable_multi_dict(py)?;
        values.set_item(intern!(py, "form"), class.call0()?)?;
        values.set_item(intern!(py, "files"), class.call0()?)?;
    }
    Ok(Some(bytes))
}

/// `get_json()` for a JSON body that can be read in Rust. None when Werkzeug has to do it, or to say what is wrong.
fn json<'py>(request: &Bound<'py, RequestBase>, force: bool, silent: bool) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = request.py();
    let values = ffi::instance_dict(request.as_any())?;
    if let Some(cached) = values.get_item(intern!(py, "_cached_json"))? {
        // One value for callers that want errors, one for those that do not; Ellipsis is none yet.
        let value = cached.get_item(usize::from(silent))?;
        return Ok((!value.is(py.Ellipsis())).then_some(value));
    }
    let Some((_, content_type)) = untouched_body(request, &values)? else {
        return Ok(None);
    };
    if !(force || is_json(&mimetype(&content_type))) || !parses_with_core(request)? {
        return Ok(None);
    }
    let Some(body) = whole_body(request, false)? else {
        return Ok(None);
    };
    let Some(value) = json::loads(py, body.as_bytes()) else {
        return Ok(None);
    };
    values.set_item(intern!(py, "_cached_json"), (&value, &value))?;
    if !force {
        request.get().note_type_read(py);
    }
    Ok(Some(value))
}

/// Whether the request's JSON module is the core's own provider.
fn parses_with_core(request: &Bound<'_, RequestBase>) -> PyResult<bool> {
    match RequestBase::initial(request, Initial::JsonModule)? {
        Some(module) => provider::is_core(&module),
        None => provider::is_core(flask_json(request.py())?),
    }
}

/// `request.json`.
pub fn json_body<'py>(request: &Bound<'py, RequestBase>) -> PyResult<Bound<'py, PyAny>> {
    let values = ffi::instance_dict(request)?;
    if class::is_untouched(request, &values)? {
        return get_json(request, false, false, true);
    }
    request.as_any().call_method0(intern!(request.py(), "get_json"))
}

/// `request.get_data(…)`.
pub fn get_data<'py>(
    request: &Bound<'py, RequestBase>,
    cache: bool,
    as_text: bool,
    parse_form_data: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let py = request.py();
    if cache && let Some(bytes) = whole_body(request, parse_form_data)? {
        if as_text {
            return bytes.call_method1(intern!(py, "decode"), (intern!(py, "utf-8"), intern!(py, "replace")));
        }
        return Ok(bytes.into_any());
    }
    let arguments = PyDict::new(py);
    arguments.set_item(intern!(py, "cache"), cache)?;
    arguments.set_item(intern!(py, "as_text"), as_text)?;
    arguments.set_item(intern!(py, "parse_form_data"), parse_form_data)?;
    call_inherited(request, intern!(py, "get_data"), &arguments)
}

/// `request.get_json(…)`.
pub fn get_json<'py>(
    request: &Bound<'py, RequestBase>,
    force: bool,
    silent: bool,
    cache: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let py = request.py();
    if cache && let Some(value) = json(request, force, silent)? {
        return Ok(value);
    }
    let arguments = PyDict::new(py);
    arguments.set_item(intern!(py, "force"), force)?;
    arguments.set_item(intern!(py, "silent"), silent)?;
    arguments.set_item(intern!(py, "cache"), cache)?;
    call_inherited(request, intern!(py, "get_json"), &arguments)
}

/// Calls a method of Werkzeug's class on the request.
pub fn call_inherited<'py>(
    request: &Bound<'py, RequestBase>,
    name: &Bound<'py, PyString>,
    arguments: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyAny>> {
    werkzeug_request(request.py())?
        .getattr(name)?
        .call((request,), Some(arguments))
}

/// State and content type of a core request whose body nobody has started to read, from our own socket.
fn untouched_body(
    request: &Bound<'_, RequestBase>,
    values: &Bound<'_, PyDict>,
) -> PyResult<Option<(std::sync::Arc<RequestState>, String)>> {
    let py = request.py();
    if !class::is_untouched(request, values)?
        || values.contains(intern!(py, "stream"))?
        || values.contains(intern!(py, "_cached_data"))?
    {
        return Ok(None);
    }
    let Some(state) = request.get().shared_state(py) else {
        return Ok(None);
    };
    if state.environ_if_made(py).is_some() {
        return Ok(None);
    }
    let content_type = state.header(py, HeaderName::ContentType)?.unwrap_or_default();
    Ok(Some((state, content_type)))
}

/// The body is read: a stream that somebody asks for from now on is at its end.
fn consumed(state: &RequestState, values: &Bound<'_, PyDict>) -> PyResult<()> {
    static BYTES_IO: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let py = values.py();
    state.drop_body();
    values.set_item(intern!(py, "stream"), BYTES_IO.import(py, "io", "BytesIO")?.call0()?)
}

/// The media type of a Content-Type header, in lower case.
fn mimetype(content_type: &str) -> String {
    content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

fn is_json(mimetype: &str) -> bool {
    mimetype == "application/json" || mimetype.starts_with("application/") && mimetype.ends_with("+json")
}

/// The request's limits: set on it, or else the app's configuration.
struct Limits<'a, 'py> {
    request: &'a Bound<'py, RequestBase>,
    own: Bound<'py, PyDict>,
    config: Option<Config<'py>>,
}

impl<'a, 'py> Limits<'a, 'py> {
    fn of(request: &'a Bound<'py, RequestBase>) -> PyResult<Self> {
        let config = match cv_app(request.py()).get(request.py()) {
            Some(context) => Some(Config::of(&app_of(&context)?)?),
            None => None,
        };
        Ok(Self {
            request,
            own: ffi::instance_dict(request.as_any())?,
            config,
        })
    }

    /// A limit by its three names: on the instance, on the class, in the configuration.
    fn get(
        &self,
        own: &Bound<'py, PyString>,
        public: &Bound<'py, PyString>,
        key: &Bound<'py, PyString>,
    ) -> PyResult<Option<u64>> {
        if let Some(value) = self.own.get_item(own)?.filter(|v| !v.is_none()) {
            return value.extract().map(Some);
        }
        let value = match &self.config {
            Some(config) => config.get_item(key)?,
            None => self.request.as_any().getattr(public)?,
        };
        if value.is_none() {
            Ok(None)
        } else {
            value.extract().map(Some)
        }
    }

    /// Bytes of the whole body.
    fn content_length(&self) -> PyResult<Option<u64>> {
        let py = self.request.py();
        self.get(
            intern!(py, "_max_content_length"),
            intern!(py, "max_content_length"),
            intern!(py, "MAX_CONTENT_LENGTH"),
        )
    }

    fn all(&self) -> PyResult<FormLimits> {
        let py = self.request.py();
        Ok(FormLimits {
            max_content_length: self.content_length()?,
            max_form_memory_size: self.get(
                intern!(py, "_max_form_memory_size"),
                intern!(py, "max_form_memory_size"),
                intern!(py, "MAX_FORM_MEMORY_SIZE"),
            )?,
            max_form_parts: self.get(
                intern!(py, "_max_form_parts"),
                intern!(py, "max_form_parts"),
                intern!(py, "MAX_FORM_PARTS"),
            )?,
        })
    }
}

/// `flask.json`, which parses for a request that was not given the provider of an app.
pub fn flask_json(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    static MODULE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let module = MODULE.get_or_try_init(py, || py.import("flask.json").map(|module| module.into_any().unbind()))?;
    Ok(module.bind(py))
}
