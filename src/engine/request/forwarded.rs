//! Werkzeug's `ProxyFix` directly round the application, done to a request from the wire: what the proxy says is kept
//! beside the request, and put into the environ if that is made. It must not know what the application does with it.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyCFunction, PyDict, PyInt, PyString, PyType};

use super::environ;
use crate::engine::app::steps::{Step, is_own_method};
use crate::engine::ffi;
use crate::engine::guard::{ClassGuard, ModuleGuard, SelfCheck, is_as_shipped};
use crate::http::header_name::HeaderName;

/// The module of the class, and the class.
const MODULE: &str = "werkzeug.middleware.proxy_fix";
const CLASS: &str = "ProxyFix";

/// What a trusted proxy said of a request: the entries of an environ that are replaced.
#[derive(Debug, Default)]
pub struct Forwarded {
    pub remote_addr: Option<String>,
    pub scheme: Option<String>,
    pub host: Option<String>,
    pub server_name: Option<String>,
    pub server_port: Option<String>,
    pub script_name: Option<String>,
}

/// The middleware, and where the headers of its request are.
struct ForwardedReader<'a, 'py> {
    middleware: &'a Bound<'py, PyAny>,
    settings: Bound<'py, PyDict>,
    header: &'a dyn Fn(HeaderName) -> PyResult<Option<String>>,
}

impl Forwarded {
    /// What `app.wsgi_app` makes of a request with these headers. None when that is anything but an untouched
    /// `ProxyFix` with the application's own `wsgi_app` inside.
    pub fn by(
        app: &Bound<'_, PyAny>,
        header: &dyn Fn(HeaderName) -> PyResult<Option<String>>,
    ) -> PyResult<Option<Self>> {
        let py = app.py();
        let Some(middleware) = ffi::instance_dict(app)?.get_item(intern!(py, "wsgi_app"))? else {
            return Ok(None);
        };
        if !is_known(&middleware)? {
            return Ok(None);
        }
        let settings = ffi::instance_dict(&middleware)?;
        let Some(inside) = settings.get_item(intern!(py, "app"))? else {
            return Ok(None);
        };
        if settings.contains(intern!(py, "_get_real_value"))? || !is_own_method(app, Step::WsgiApp, &inside)? {
            return Ok(None);
        }
        let middleware = &middleware;
        ForwardedReader {
            middleware,
            settings,
            header,
        }
        .all()
        .map(Some)
    }

    /// Does to an environ what the middleware does.
    pub fn apply(&self, environ: &Bound<'_, PyDict>) -> PyResult<()> {
        let py = environ.py();
        let before = PyDict::new(py);
        for key in [
            intern!(py, "REMOTE_ADDR"),
            intern!(py, "wsgi.url_scheme"),
            intern!(py, "HTTP_HOST"),
            intern!(py, "SERVER_NAME"),
            intern!(py, "SERVER_PORT"),
            intern!(py, "SCRIPT_NAME"),
        ] {
            before.set_item(key, environ.get_item(key)?)?;
        }
        environ.set_item(intern!(py, "werkzeug.proxy_fix.orig"), before)?;
        for (key, said) in [
            (intern!(py, "REMOTE_ADDR"), &self.remote_addr),
            (intern!(py, "wsgi.url_scheme"), &self.scheme),
            (intern!(py, "HTTP_HOST"), &self.host),
            (intern!(py, "SERVER_NAME"), &self.server_name),
            (intern!(py, "SERVER_PORT"), &self.server_port),
            (intern!(py, "SCRIPT_NAME"), &self.script_name),
        ] {
            if let Some(said) = said {
                environ.set_item(key, said)?;
            }
        }
        Ok(())
    }
}

impl ForwardedReader<'_, '_> {
    fn all(&self) -> PyResult<Forwarded> {
        let py = self.middleware.py();
        let mut said = Forwarded {
            remote_addr: self.value(intern!(py, "x_for"), HeaderName::XForwardedFor)?,
            scheme: self.value(intern!(py, "x_proto"), HeaderName::XForwardedProto)?,
            ..Forwarded::default()
        };
        if let Some(host) = self.value(intern!(py, "x_host"), HeaderName::XForwardedHost)? {
            if let Some((name, port)) = split_port(&host) {
                said.server_name = Some(name.to_owned());
                said.server_port = Some(port.to_owned());
            } else {
                said.server_name = Some(host.clone());
            }
            said.host = Some(host);
        }
        if let Some(port) = self.value(intern!(py, "x_port"), HeaderName::XForwardedPort)? {
            let host = match said.host.take() {
                Some(host) => Some(host),
                None => (self.header)(HeaderName::Host)?,
            };
            said.host = host.filter(|host| !host.is_empty()).map(|host| {
                let name = split_port(&host).map_or(&*host, |(name, _)| name);
                format!("{name}:{port}")
            });
            said.server_port = Some(port);
        }
        said.script_name = self.value(intern!(py, "x_prefix"), HeaderName::XForwardedPrefix)?;
        Ok(said)
    }

    /// The value of a header that comes from the last trusted proxy; None also for an empty one.
    fn value(&self, setting: &Bound<'_, PyString>, name: HeaderName) -> PyResult<Option<String>> {
        let trusted = match self.settings.get_item(setting)? {
            Some(own) => own,
            None => self.middleware.getattr(setting)?,
        };
        if !trusted.is_truthy()? {
            return Ok(None);
        }
        let Some(text) = (self.header)(name)?.filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        let found = match Item::of(&trusted, &text) {
            Item::Is(item) => Some(item.to_owned()),
            Item::Missing => None,
            Item::Unclear => self
                .middleware
                .call_method1(intern!(trusted.py(), "_get_real_value"), (&trusted, &text))?
                .extract()?,
        };
        Ok(found.filter(|value| !value.is_empty()))
    }
}

/// An item of a list header.
enum Item<'a> {
    Is(&'a str),
    Missing,
    /// Python has to read this list, which has quotes or empty items.
    Unclear,
}

impl<'a> Item<'a> {
    /// The item that `trusted` counts from the end of the list.
    fn of(trusted: &Bound<'_, PyAny>, list: &'a str) -> Self {
        let Some(trusted) = trusted
            .cast_exact::<PyInt>()
            .ok()
            .and_then(|n| n.extract::<usize>().ok())
        else {
            return Self::Unclear;
        };
        // As next to always: nothing to take apart.
        if list.bytes().all(|byte| byte.is_ascii() && !matches!(byte, b',' | b'"')) {
            let item = list.trim_matches([' ', '\t']);
            return match trusted {
                _ if item.is_empty() => Self::Unclear,
                1 => Self::Is(item),
                _ => Self::Missing,
            };
        }
        let mut items = list.rsplit(',').map(|item| item.trim_matches([' ', '\t']));
        if !list.is_ascii() || list.contains('"') || items.clone().any(str::is_empty) {
            return Self::Unclear;
        }
        items.nth(trusted - 1).map_or(Self::Missing, Self::Is)
    }
}

/// Host and port; None without a port, where colons may be those of an IPv6 address.
fn split_port(host: &str) -> Option<(&str, &str)> {
    if host.ends_with(']') {
        None
    } else {
        host.rsplit_once(':')
    }
}

/// Guards over Werkzeug's class and the function that reads lists.
struct ProxyFixGuards {
    class: ClassGuard,
    module: ModuleGuard,
}

/// Whether an object is a `ProxyFix` that does what is done here.
fn is_known(middleware: &Bound<'_, PyAny>) -> PyResult<bool> {
    static GUARDS: PyOnceLock<Option<ProxyFixGuards>> = PyOnceLock::new();
    let py = middleware.py();
    let kind = middleware.get_type();
    if GUARDS.get(py).is_none() && !kind.getattr(intern!(py, "__module__"))?.eq(MODULE)? {
        return Ok(false);
    }
    let guards = GUARDS.get_or_try_init(py, || ProxyFixGuards::arm(py))?;
    Ok(guards
        .as_ref()
        .is_some_and(|guards| guards.class.passes(&kind) && guards.module.passes(py)))
}

impl ProxyFixGuards {
    /// None when the class was patched already, or does with an environ what is not done here.
    fn arm(py: Python<'_>) -> PyResult<Option<Self>> {
        static CHECK: SelfCheck = SelfCheck::new();
        let module = py.import(MODULE)?;
        let class = module.getattr(CLASS)?.cast_into::<PyType>()?;
        let names = ["__call__", "_get_real_value"];
        let rehearsed = || {
            for (sent, trusted) in REHEARSALS {
                if !rehearse(&class, sent, trusted)? {
                    return Ok(false);
                }
            }
            Ok(true)
        };
        if !is_as_shipped(&class, &names)? || !CHECK.passes(py, rehearsed) {
            return Ok(None);
        }
        Ok(Some(Self {
            class: ClassGuard::exact(&class, &names)?,
            module: ModuleGuard::arm(&module, &["parse_list_header"])?,
        }))
    }
}

type Lines = &'static [(&'static str, &'static str)];

/// Headers, and how many proxies are trusted for each.
const REHEARSALS: [(Lines, u8); 3] = [
    (
        &[
            ("x-forwarded-for", "192.0.2.1, 192.0.2.2"),
            ("x-forwarded-proto", "https,wss"),
            ("x-forwarded-host", "a.test, b.test:81"),
            ("x-forwarded-port", "82 ,83"),
            ("x-forwarded-prefix", "/c, /d"),
        ],
        1,
    ),
    (
        &[
            ("x-forwarded-host", "[::1], [::2], e.test"),
            ("x-forwarded-for", "192.0.2.3"),
        ],
        2,
    ),
    (&[("x-forwarded-port", "84")], 1),
];

/// Whether the class and this file make the same environ of the same headers.
fn rehearse(class: &Bound<'_, PyType>, sent: Lines, trusted: u8) -> PyResult<bool> {
    let py = class.py();
    let theirs = PyDict::new(py);
    for key in ["REMOTE_ADDR", "SERVER_NAME", "SCRIPT_NAME"] {
        theirs.set_item(key, key)?;
    }
    theirs.set_item("wsgi.url_scheme", "http")?;
    theirs.set_item("SERVER_PORT", "80")?;
    theirs.set_item("HTTP_HOST", "f.test:85")?;
    for (name, value) in sent {
        theirs.set_item(environ::key_of(name.as_bytes()), value)?;
    }
    let ours = theirs.copy()?;
    let end = PyCFunction::new_closure(py, None, None, |_, _| ())?;
    let middleware = class.call1((end, trusted, trusted, trusted, trusted, trusted))?;
    middleware.call1((&theirs, py.None()))?;
    let header = |name: HeaderName| -> PyResult<Option<String>> {
        let key = environ::key_of(name.as_str().as_bytes());
        ours.get_item(key)?.map(|value| value.extract()).transpose()
    };
    let reading = ForwardedReader {
        middleware: &middleware,
        settings: ffi::instance_dict(&middleware)?,
        header: &header,
    };
    reading.all()?.apply(&ours)?;
    ours.eq(&theirs)
}
