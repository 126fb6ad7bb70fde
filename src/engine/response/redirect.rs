//! Redirects: the small page that goes with one, and the form in which a location is sent. Knows nothing of requests.

use bytes::Bytes;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyInt, PyString};

use super::base::{self, ResponseArguments};
use crate::text::html::escaped;
use crate::text::percent::SafeSet;

/// Where a redirect leads, when it is text that can be written as it is.
pub fn target<'py>(given: &Bound<'py, PyAny>) -> Option<Bound<'py, PyString>> {
    let text = given.cast_exact::<PyString>().ok()?;
    let fits = text.to_str().is_ok_and(|t| !t.contains(['\r', '\n']));
    fits.then(|| text.clone())
}

/// The page Werkzeug gives to a client that does not follow redirects.
pub fn page(location: &str) -> String {
    let link = escaped(location);
    format!(
        "<!doctype html>\n<html lang=en>\n<title>Redirecting...</title>\n<h1>Redirecting...</h1>\n<p>You should be redirected \
         automatically to the target URL: <a href=\"{link}\">{link}</a>. If not, click the link.\n"
    )
}

/// A location of our response class as it is sent: escaped, its host in punycode. Werkzeug decides for all but plain
/// paths. None where it refuses, gives something else than a header's text, or makes the URL a whole one.
pub fn as_uri(location: &Bound<'_, PyString>) -> PyResult<Option<Bytes>> {
    static IRI_TO_URI: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let py = location.py();
    let Ok(text) = location.to_str() else { return Ok(None) };
    let class = base::guard(py)?.class(py);
    if class.getattr(intern!(py, "autocorrect_location_header"))?.is_truthy()? {
        return Ok(None);
    }
    if is_plain_path(text) {
        return Ok(Some(Bytes::copy_from_slice(text.as_bytes())));
    }
    let convert = IRI_TO_URI.get_or_try_init(py, || {
        py.import("werkzeug.urls")?.getattr("iri_to_uri").map(Bound::unbind)
    })?;
    let Ok(uri) = convert.bind(py).call1((location,)) else {
        return Ok(None);
    };
    let uri = uri.cast_into::<PyString>()?;
    let uri = uri.to_str()?;
    let clean = uri.is_ascii() && !uri.contains(['\r', '\n']);
    Ok(clean.then(|| Bytes::copy_from_slice(uri.as_bytes())))
}

/// Whether escaping leaves a location as it is: a path from the root, perhaps a query, of characters that stay.
fn is_plain_path(text: &str) -> bool {
    const STAYS: SafeSet = SafeSet::with(b"%!$&'()*+,/:;=@");
    let (path, query) = text
        .split_once('?')
        .map_or((text, None), |(path, query)| (path, Some(query)));
    path.starts_with('/')
        && !path.starts_with("//")
        && path.bytes().all(|byte| STAYS.contains(byte))
        && query.is_none_or(|query| !query.is_empty() && query.bytes().all(|byte| STAYS.contains(byte) || byte == b'?'))
}

/// The response of `Flask.redirect`, or None where Werkzeug's function has to make it.
#[pyfunction]
pub fn redirect_response<'py>(
    response_class: &Bound<'py, PyAny>,
    location: &Bound<'py, PyAny>,
    code: &Bound<'py, PyAny>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = location.py();
    let Some(location) = target(location) else {
        return Ok(None);
    };
    if !code.is_exact_instance_of::<PyInt>() {
        return Ok(None);
    }
    let arguments = ResponseArguments {
        response: Some(PyString::new(py, &page(location.to_str()?)).into_any()),
        status: Some(code.clone()),
        mimetype: Some(intern!(py, "text/html").clone().into_any()),
        ..ResponseArguments::default()
    };
    let Some(made) = base::make(response_class, &arguments)? else {
        return Ok(None);
    };
    let headers = made.getattr(intern!(py, "headers"))?;
    base::add_header(&headers, intern!(py, "Location"), &location)?;
    Ok(Some(made))
}

#[cfg(test)]
mod tests {
    use super::is_plain_path;

    #[test]
    fn plain_paths_are_told_from_the_rest() {
        for (text, plain) in [
            ("/", true),
            ("/a/b~c?x=1&y=/?", true),
            ("/a%20b", true),
            ("/?", false),
            ("/#part", false),
            ("//host/a", false),
            ("a/b", false),
            ("http://host/", false),
            ("/a b", false),
            ("/caf\u{e9}", false),
            ("/a\\b", false),
        ] {
            assert_eq!(is_plain_path(text), plain, "{text}");
        }
    }
}
