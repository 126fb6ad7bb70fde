//! A file's content type by its name, from the tables that `mimetypes` looks into, at the moment of the request: programs
//! add types at any time.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyString, PyTuple, PyType};

use crate::engine::ffi;
use crate::engine::guard::ClassGuard;
use crate::http::file_path::{is_printable, split_extension};

pub struct MediaType {
    /// With the charset of text.
    pub content_type: String,
    pub encoding: Option<String>,
    /// The type, if Werkzeug's list of those that are text by another name was asked for it.
    asked: Option<String>,
    is_from_tables: bool,
}

impl MediaType {
    /// A type of somebody's own.
    pub fn given(py: Python<'_>, kind: &str) -> PyResult<Self> {
        Self::announced(py, kind, None, false)
    }

    /// A type as Werkzeug announces it: with the charset, if it is one of text.
    fn announced(py: Python<'_>, kind: &str, encoding: Option<String>, is_from_tables: bool) -> PyResult<Self> {
        let is_text = kind.starts_with("text/") || kind.ends_with("+xml");
        let content_type = if is_text || is_listed_as_text(py, sources(py)?, kind)? {
            format!("{kind}; charset=utf-8")
        } else {
            kind.to_owned()
        };
        Ok(Self {
            content_type,
            encoding,
            asked: (!is_text).then(|| kind.to_owned()),
            is_from_tables,
        })
    }

    /// Whether it would be the same now, as long as the tables are ([`versions`]). Werkzeug's list is a set, which has no
    /// version.
    pub fn holds(&self, py: Python<'_>) -> PyResult<bool> {
        match &self.asked {
            _ if !self.is_from_tables => Ok(false),
            Some(kind) => Ok(is_listed_as_text(py, sources(py)?, kind)? != (self.content_type == *kind)),
            None => Ok(true),
        }
    }
}

struct Sources {
    mimetypes: Py<PyModule>,
    /// `mimetypes.MimeTypes` as it was.
    database: ClassGuard,
    werkzeug: Py<PyModule>,
}

static SOURCES: PyOnceLock<Sources> = PyOnceLock::new();

/// Arms the guard over the standard library's class.
pub fn arm_guards(py: Python<'_>) -> PyResult<()> {
    sources(py).map(drop)
}

fn sources(py: Python<'_>) -> PyResult<&Sources> {
    SOURCES.get_or_try_init(py, || {
        let mimetypes = py.import("mimetypes")?;
        let class = mimetypes.getattr("MimeTypes")?.cast_into::<PyType>()?;
        // The others came with Python 3.13.
        let known: Vec<&str> = ["guess_type", "guess_file_type", "_guess_file_type"]
            .into_iter()
            .filter(|name| class.hasattr(*name).unwrap_or(false))
            .collect();
        Ok(Sources {
            database: ClassGuard::exact(&class, &known)?,
            mimetypes: mimetypes.unbind(),
            werkzeug: py.import("werkzeug.utils")?.unbind(),
        })
    })
}

/// The content type Werkzeug announces for a file of this name (ASCII). None when `mimetypes` gives something else than
/// text.
pub fn guess<'py>(py: Python<'py>, name: &str) -> PyResult<Option<MediaType>> {
    let sources = sources(py)?;
    let found = look_up(py, sources, name)?;
    let is_from_tables = found.is_some();
    let (kind, encoding) = if let Some(found) = found {
        found
    } else {
        let mimetypes = sources.mimetypes.bind(py);
        let guessed = mimetypes.call_method1(intern!(py, "guess_type"), (name,))?;
        let (kind, encoding): (Bound<'py, PyAny>, Bound<'py, PyAny>) = guessed.extract()?;
        let given = |value: Bound<'py, PyAny>| (!value.is_none()).then_some(value);
        (given(kind), given(encoding))
    };
    let kind = match kind.as_ref().map(plain_text) {
        Some(Some(kind)) => kind,
        Some(None) => return Ok(None),
        None => "application/octet-stream",
    };
    let encoding = match encoding.as_ref().map(plain_text) {
        Some(None) => return Ok(None),
        Some(Some(encoding)) => Some(encoding.to_owned()),
        None => None,
    };
    MediaType::announced(py, kind, encoding, is_from_tables).map(Some)
}

/// A value that can stand in a header as it is.
fn plain_text<'a>(value: &'a Bound<'_, PyAny>) -> Option<&'a str> {
    let text = value.cast_exact::<PyString>().ok()?.to_str().ok()?;
    is_printable(text).then_some(text)
}

type Found<'py> = (Option<Bound<'py, PyAny>>, Option<Bound<'py, PyAny>>);

struct Tables<'py> {
    suffixes: Bound<'py, PyDict>,
    encodings: Bound<'py, PyDict>,
    types: Bound<'py, PyDict>,
}

/// The live tables. None when they are not made yet, or not of the usual kind.
fn tables<'py>(py: Python<'py>, sources: &Sources) -> PyResult<Option<Tables<'py>>> {
    let Some(database) = sources.mimetypes.bind(py).dict().get_item(intern!(py, "_db"))? else {
        return Ok(None);
    };
    if !sources.database.passes(&database.get_type()) {
        return Ok(None);
    }
    let own = ffi::instance_dict(&database)?;
    if own.len() > 4 && own.contains(intern!(py, "guess_type"))? {
        return Ok(None);
    }
    let table = |name: &Bound<'py, PyString>| -> PyResult<Option<Bound<'py, PyDict>>> {
        Ok(own.get_item(name)?.and_then(|table| table.cast_into_exact().ok()))
    };
    let suffixes = table(intern!(py, "suffix_map"))?;
    let encodings = table(intern!(py, "encodings_map"))?;
    let types = own
        .get_item(intern!(py, "types_map"))?
        .and_then(|tables| tables.cast_into_exact::<PyTuple>().ok())
        .and_then(|tables| tables.get_item(1).ok()?.cast_into_exact::<PyDict>().ok());
    Ok(match (suffixes, encodings, types) {
        (Some(suffixes), Some(encodings), Some(types)) => Some(Tables {
            suffixes,
            encodings,
            types,
        }),
        _ => None,
    })
}

/// CPython's versions of the live tables; None when the module's function has to be asked.
pub fn versions(py: Python<'_>) -> PyResult<Option<[u64; 3]>> {
    let version_of = |tables: Tables<'_>| {
        let [Some(suffixes), Some(encodings), Some(types)] =
            [tables.suffixes, tables.encodings, tables.types].map(|table| ffi::dict_version(&table))
        else {
            return None;
        };
        Some([suffixes, encodings, types])
    };
    Ok(tables(py, sources(py)?)?.and_then(version_of))
}

/// Type and encoding from the live tables. None when the module's function has to be asked: there are no such tables,
/// the name looks like a URL or has one of the extensions that stand for two.
fn look_up<'py>(py: Python<'py>, sources: &Sources, name: &str) -> PyResult<Option<Found<'py>>> {
    if name.contains(':') {
        return Ok(None);
    }
    let Some(Tables {
        suffixes,
        encodings,
        types,
    }) = tables(py, sources)?
    else {
        return Ok(None);
    };
    let (base, extension) = split_extension(name);
    let (extension, lower) = keys(py, extension);
    if suffixes.contains(&lower)? {
        return Ok(None);
    }
    Ok(Some(match encodings.get_item(&extension)? {
        Some(encoding) => {
            let (_, extension) = split_extension(base);
            (types.get_item(keys(py, extension).1)?, Some(encoding))
        }
        None => (types.get_item(&lower)?, None),
    }))
}

/// An extension, and the same in lower case.
fn keys<'py>(py: Python<'py>, extension: &str) -> (Bound<'py, PyString>, Bound<'py, PyString>) {
    let key = PyString::new(py, extension);
    if extension.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return (key, PyString::new(py, &extension.to_ascii_lowercase()));
    }
    (key.clone(), key)
}

/// Whether Werkzeug has a type on its list of those that are text by another name.
fn is_listed_as_text(py: Python<'_>, sources: &Sources, kind: &str) -> PyResult<bool> {
    let werkzeug = sources.werkzeug.bind(py);
    if let Some(listed) = werkzeug.getattr_opt(intern!(py, "_charset_mimetypes"))? {
        return listed.contains(kind);
    }
    let announced = werkzeug.call_method1(intern!(py, "get_content_type"), (kind, intern!(py, "utf-8")))?;
    Ok(!announced.eq(kind)?)
}
