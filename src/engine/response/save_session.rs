//! The end of `process_response`: what saving the session changes, put into the answer, be it plain or a response object.
//!
//! It must not know what a session is.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyList, PyString, PyTuple, PyType};

use super::base;
use crate::engine::ffi;
use crate::engine::guard::ClassGuard;
use crate::engine::headers::text::wsgi_text;
use crate::engine::message::outcome::PlainResponse;
use crate::engine::request::context::RequestContext;
use crate::engine::session;
use crate::engine::session::change::SessionChange;
use crate::http::vary::{self, Listed};

/// Saves the session into a plain answer; false when a response object is needed for it.
pub fn into_plain(context: &Bound<'_, RequestContext>, plain: &mut PlainResponse) -> PyResult<bool> {
    let Some(change) = session::change(context)? else {
        return Ok(false);
    };
    let lines = change.into_lines();
    let own = &guards(context.py())?.own;
    if !lines.is_empty() && !own.passes(own.class(context.py())) {
        return Ok(false);
    }
    plain.headers.extend(lines);
    Ok(true)
}

/// Saves the session into a response object.
pub fn into_response(context: &Bound<'_, RequestContext>, response: &Bound<'_, PyAny>) -> PyResult<()> {
    if let Some(target) = HeaderList::of(response)?
        && let Some(change) = session::change(context)?
        && change
            .cookie
            .as_ref()
            .is_none_or(|cookie| cookie.len() <= target.longest_cookie)
    {
        return target.apply(change);
    }
    session::save_with_python(context, response)
}

/// What a response class must leave as it is for its headers to be written here. The last is of instances alone.
const GUARDED: [&str; 6] = [
    "__getattribute__",
    "delete_cookie",
    "max_cookie_size",
    "set_cookie",
    "vary",
    "headers",
];

/// The guards over `flask.Response` and over Werkzeug's, with their subclasses.
pub struct SaveGuards {
    own: ClassGuard,
    werkzeug: ClassGuard,
    /// The size above which Werkzeug's response warns of a cookie.
    werkzeug_limit: usize,
}

pub fn guards(py: Python<'_>) -> PyResult<&SaveGuards> {
    static GUARDS: PyOnceLock<SaveGuards> = PyOnceLock::new();
    GUARDS.get_or_try_init(py, || {
        let class =
            |module: &str| -> PyResult<_> { Ok(py.import(module)?.getattr("Response")?.cast_into::<PyType>()?) };
        let werkzeug = class("werkzeug.wrappers")?;
        Ok(SaveGuards {
            own: ClassGuard::with_subclasses(&class("flask.wrappers")?, &GUARDED)?,
            werkzeug_limit: werkzeug.getattr("max_cookie_size")?.extract()?,
            werkzeug: ClassGuard::with_subclasses(&werkzeug, &GUARDED)?,
        })
    })
}

/// The headers of a response whose class leaves cookies and `Vary` as they are.
struct HeaderList<'a, 'py> {
    response: &'a Bound<'py, PyAny>,
    lines: Bound<'py, PyList>,
    longest_cookie: usize,
}

impl<'a, 'py> HeaderList<'a, 'py> {
    fn of(response: &'a Bound<'py, PyAny>) -> PyResult<Option<Self>> {
        let py = response.py();
        let guards = guards(py)?;
        let class = response.get_type();
        let (guard, longest_cookie) = if guards.own.passes(&class) {
            // The application's limit, which the session's cookie is within.
            (&guards.own, usize::MAX)
        } else if guards.werkzeug.passes(&class) {
            (&guards.werkzeug, guards.werkzeug_limit)
        } else {
            return Ok(None);
        };
        let attributes = ffi::instance_dict(response)?;
        if guard.is_shadowed_in(&attributes, Some(intern!(py, "headers"))) {
            return Ok(None);
        }
        let Some(headers) = attributes.get_item(intern!(py, "headers"))? else {
            return Ok(None);
        };
        Ok(base::header_list(&headers)?.map(|lines| Self {
            response,
            lines,
            longest_cookie,
        }))
    }

    fn apply(&self, change: SessionChange) -> PyResult<()> {
        let SessionChange { accessed, cookie } = change;
        let sends_cookie = cookie.is_some();
        if accessed {
            self.vary_by_cookie()?;
        }
        if let Some(cookie) = cookie {
            let py = self.lines.py();
            self.lines.append((intern!(py, "Set-Cookie"), wsgi_text(py, &cookie)))?;
        }
        if sends_cookie && !accessed {
            self.vary_by_cookie()?;
        }
        Ok(())
    }

    /// `response.vary.add("Cookie")`.
    fn vary_by_cookie(&self) -> PyResult<()> {
        let py = self.lines.py();
        let name = intern!(py, "Vary");
        match self.vary()? {
            Vary::Absent => self.lines.append((name, intern!(py, "Cookie"))),
            Vary::Includes => Ok(()),
            Vary::Becomes(index, value) => self.lines.set_item(index, (name, value)),
            Vary::Unusual => self
                .response
                .getattr(intern!(py, "vary"))?
                .call_method1(intern!(py, "add"), (intern!(py, "Cookie"),))
                .map(drop),
        }
    }

    /// What the list says of `Vary`.
    fn vary(&self) -> PyResult<Vary> {
        let mut found = Vary::Absent;
        for (index, line) in self.lines.iter().enumerate() {
            let Ok((name, value)) = line.cast_exact::<PyTuple>().map_err(PyErr::from).and_then(texts) else {
                return Ok(Vary::Unusual);
            };
            if !name.to_str()?.eq_ignore_ascii_case("vary") {
                continue;
            }
            if !matches!(found, Vary::Absent) {
                return Ok(Vary::Unusual);
            }
            found = match vary::with_name(value.to_str()?, "Cookie") {
                Some(Listed::Already) => Vary::Includes,
                Some(Listed::Now(longer)) => Vary::Becomes(index, longer),
                None => Vary::Unusual,
            };
        }
        Ok(found)
    }
}

/// A response's `Vary` header, when `Cookie` is to be added.
enum Vary {
    Absent,
    Includes,
    /// The one at this place gets this value.
    Becomes(usize, String),
    /// Several, or one whose syntax is Werkzeug's to read.
    Unusual,
}

/// Name and value of a header line.
fn texts<'py>(line: &Bound<'py, PyTuple>) -> PyResult<(Bound<'py, PyString>, Bound<'py, PyString>)> {
    let (name, value): (Bound<'py, PyAny>, Bound<'py, PyAny>) = line.extract()?;
    Ok((name.cast_into::<PyString>()?, value.cast_into::<PyString>()?))
}
