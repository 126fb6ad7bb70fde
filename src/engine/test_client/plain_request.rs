//! The arguments of a plain test request: a path of ordinary characters, and perhaps a query, a body, headers. What is
//! not that plain is left to the builder. It must not know the client.

use bytes::Bytes;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};

use super::body::{self, Body};
use super::server_environ::server_environ;

/// A request as its environ, still without `wsgi.input`.
pub struct PlainRequest<'py> {
    pub environ: Bound<'py, PyDict>,
    pub body: Bytes,
    /// Something besides the body decides how the application reads it.
    pub is_odd: bool,
}

#[derive(Default)]
struct ClientArguments<'py> {
    path: Option<Bound<'py, PyAny>>,
    method: Option<Bound<'py, PyAny>>,
    query: Option<Bound<'py, PyAny>>,
    json: Option<Bound<'py, PyAny>>,
    data: Option<Bound<'py, PyAny>>,
    headers: Option<Bound<'py, PyAny>>,
    content_type: Option<Bound<'py, PyAny>>,
    base: Option<Bound<'py, PyAny>>,
    overrides: Option<Bound<'py, PyAny>>,
}

impl<'py> ClientArguments<'py> {
    /// Sorts the arguments; None when there is one that only the builder knows.
    fn sort(args: &Bound<'py, PyTuple>, kwargs: &Bound<'py, PyDict>) -> Option<Self> {
        let mut sorted = Self::default();
        if args.len() > 1 {
            return None;
        }
        if !args.is_empty() {
            sorted.path = Some(args.get_item(0).ok()?);
        }
        for (name, value) in kwargs.iter() {
            let place = match name.cast::<PyString>().ok()?.to_str().ok()? {
                "path" if sorted.path.is_none() => &mut sorted.path,
                "method" => &mut sorted.method,
                "query_string" => &mut sorted.query,
                "json" => &mut sorted.json,
                "data" => &mut sorted.data,
                "headers" => &mut sorted.headers,
                "content_type" => &mut sorted.content_type,
                "environ_base" => &mut sorted.base,
                "environ_overrides" => &mut sorted.overrides,
                _ => return None,
            };
            *place = Some(value);
        }
        for optional in [
            &mut sorted.query,
            &mut sorted.json,
            &mut sorted.data,
            &mut sorted.headers,
            &mut sorted.content_type,
            &mut sorted.overrides,
        ] {
            optional.take_if(|value| value.is_none());
        }
        Some(sorted)
    }
}

/// What every request of a client starts with.
pub struct Base<'a, 'py> {
    pub environ: &'a Bound<'py, PyDict>,
    /// What a `with` block of the client adds.
    pub preserver: Option<Bound<'py, PyAny>>,
}

/// The request that the builder would make of these arguments, or None if it is not plain. Its `wsgi.input` is None.
pub fn read<'py>(
    app: &Bound<'py, PyAny>,
    args: &Bound<'py, PyTuple>,
    kwargs: &Bound<'py, PyDict>,
    base: &Base<'_, 'py>,
) -> PyResult<Option<PlainRequest<'py>>> {
    let py = app.py();
    let Some(given) = ClientArguments::sort(args, kwargs) else {
        return Ok(None);
    };
    let environ = base.environ.copy()?;
    if let Some(more) = &given.base {
        let Ok(more) = more.cast_exact::<PyDict>() else {
            return Ok(None);
        };
        environ.update(more.as_mapping())?;
    }
    let is_odd = given.overrides.is_some() || describes_body(&environ);
    if let Some(preserver) = &base.preserver {
        environ.set_item(intern!(py, "werkzeug.debug.preserve_context"), preserver)?;
    }
    let Some(server) = server_environ(app)? else {
        return Ok(None);
    };
    environ.update(server.as_mapping())?;
    if !set_line(&environ, &given)? {
        return Ok(None);
    }
    let Some(mut headers) = read_headers(given.headers.as_ref()) else {
        return Ok(None);
    };
    if given.content_type.as_ref().is_some_and(|given| !is_plain_text(given)) {
        return Ok(None);
    }
    let Some(body) = body::from_arguments(app, given.json.as_ref(), given.data.as_ref())? else {
        return Ok(None);
    };
    if !describe(&environ, &body, given.content_type.as_ref())? {
        return Ok(None);
    }
    environ.set_item(intern!(py, "wsgi.input"), py.None())?;
    environ.set_item(
        intern!(py, "wsgi.errors"),
        py.import(intern!(py, "sys"))?.getattr(intern!(py, "stderr"))?,
    )?;
    for (key, value) in headers.drain(..) {
        environ.set_item(key, value)?;
    }
    if let Some(overrides) = given.overrides {
        let Ok(overrides) = overrides.cast_exact::<PyDict>() else {
            return Ok(None);
        };
        environ.update(overrides.as_mapping())?;
    }
    Ok(Some(PlainRequest {
        environ,
        body: body.bytes,
        is_odd,
    }))
}

/// Whether a base has entries that decide about the body.
fn describes_body(base: &Bound<'_, PyDict>) -> bool {
    let about_body = |key: &str| key.starts_with("CONTENT_") || key.contains('.') || key == "HTTP_TRANSFER_ENCODING";
    base.iter().any(
        |(key, _)| match key.cast::<PyString>().map(|key| key.to_str().map(about_body)) {
            Ok(Ok(about_body)) => about_body,
            _ => true,
        },
    )
}

/// Method, path and query. False when they are not plain.
fn set_line(environ: &Bound<'_, PyDict>, given: &ClientArguments<'_>) -> PyResult<bool> {
    let py = environ.py();
    match &given.method {
        None => {}
        Some(method) if method.is_exact_instance_of::<PyString>() => {
            environ.set_item(intern!(py, "REQUEST_METHOD"), method)?;
        }
        Some(_) => return Ok(false),
    }
    let target = match &given.path {
        None => intern!(py, "/").clone(),
        Some(path) => match path.cast_exact::<PyString>() {
            Ok(path) => path.clone(),
            Err(_) => return Ok(false),
        },
    };
    let Some((path, query)) = target.to_str().ok().and_then(split_target) else {
        return Ok(false);
    };
    let query = match (&given.query, query) {
        (None, query) => PyString::new(py, query.unwrap_or_default()),
        (Some(_), Some(_)) => return Ok(false),
        (Some(given), None) => {
            let Some(text) = query_text(given) else {
                return Ok(false);
            };
            PyString::new(py, &text)
        }
    };
    environ.set_item(intern!(py, "PATH_INFO"), PyString::new(py, path))?;
    environ.set_item(intern!(py, "QUERY_STRING"), query)?;
    environ.set_item(intern!(py, "REQUEST_URI"), &target)?;
    environ.set_item(intern!(py, "RAW_URI"), &target)?;
    Ok(true)
}

/// Path and query of text that URL splitting, quoting and WSGI's latin-1 leave as it is. Two slashes in front would be a
/// host.
fn split_target(target: &str) -> Option<(&str, Option<&str>)> {
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (target, None),
    };
    let is_plain = path.starts_with('/')
        && !path.starts_with("//")
        && path
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_.~-/@:+,!$'()*;=&".contains(&b))
        && query.is_none_or(|query| !query.is_empty() && is_plain_query(query));
    is_plain.then_some((path, query))
}

fn is_plain_query(query: &str) -> bool {
    query
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"_.~-=&%+!$'()*,/:;@".contains(&b))
}

fn query_text(given: &Bound<'_, PyAny>) -> Option<String> {
    if let Ok(text) = given.cast_exact::<PyString>() {
        return text
            .to_str()
            .ok()
            .filter(|text| is_plain_query(text))
            .map(str::to_owned);
    }
    body::urlencoded(given.cast_exact::<PyDict>().ok()?)
}

/// A dict or a list of names and printable values as environ keys. None for other types, for what describes the body,
/// and for names that coincide.
fn read_headers<'py>(headers: Option<&Bound<'py, PyAny>>) -> Option<Vec<(String, Bound<'py, PyAny>)>> {
    let mut found: Vec<(String, Bound<'py, PyAny>)> = Vec::new();
    let mut add = |name: &Bound<'py, PyAny>, value: Bound<'py, PyAny>| -> Option<()> {
        let key = header_key(name)?;
        if !is_plain_text(&value)
            || key == "HTTP_CONTENT_TYPE"
            || key == "HTTP_CONTENT_LENGTH"
            || found.iter().any(|(known, _)| *known == key)
        {
            return None;
        }
        found.push((key, value));
        Some(())
    };
    match headers {
        None => {}
        Some(headers) => {
            if let Ok(headers) = headers.cast_exact::<PyDict>() {
                for (name, value) in headers.iter() {
                    add(&name, value)?;
                }
            } else {
                for pair in headers.cast_exact::<PyList>().ok()?.iter() {
                    let pair = pair.cast_into_exact::<PyTuple>().ok().filter(|pair| pair.len() == 2)?;
                    add(&pair.get_item(0).ok()?, pair.get_item(1).ok()?)?;
                }
            }
        }
    }
    Some(found)
}

fn header_key(name: &Bound<'_, PyAny>) -> Option<String> {
    let name = name.cast_exact::<PyString>().ok()?;
    let name = name.to_str().ok().filter(|name| name.is_ascii() && !name.is_empty())?;
    let mut key = String::with_capacity(name.len() + 5);
    key.push_str("HTTP_");
    key.extend(
        name.chars()
            .map(|c| if c == '-' { '_' } else { c.to_ascii_uppercase() }),
    );
    Some(key)
}

/// Whether a value is text of printable ASCII.
fn is_plain_text(given: &Bound<'_, PyAny>) -> bool {
    given
        .cast_exact::<PyString>()
        .ok()
        .and_then(|text| text.to_str().ok())
        .is_some_and(|text| text.bytes().all(|b| (0x20..0x7f).contains(&b)))
}

/// Content type and length. False where the type given makes the builder look for a body that was not passed.
fn describe(environ: &Bound<'_, PyDict>, body: &Body, given: Option<&Bound<'_, PyAny>>) -> PyResult<bool> {
    let py = environ.py();
    let is_form = body.content_type == Some("application/x-www-form-urlencoded");
    match given {
        Some(given) => {
            if is_form || !body.is_given {
                return Ok(false);
            }
            environ.set_item(intern!(py, "CONTENT_TYPE"), given)?;
        }
        None => {
            if let Some(decided) = body.content_type {
                environ.set_item(intern!(py, "CONTENT_TYPE"), PyString::intern(py, decided))?;
            }
        }
    }
    if body.is_given {
        environ.set_item(
            intern!(py, "CONTENT_LENGTH"),
            itoa::Buffer::new().format(body.bytes.len()),
        )?;
    }
    Ok(true)
}
