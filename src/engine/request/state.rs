//! What is known of one request, whoever asks: the context, the `Request` object (once somebody touches it) and the
//! door share it. It answers from the wire bytes or from a WSGI environ and makes neither of the two until asked. It
//! must not know about routing rules beyond holding what was matched, nor about responses.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use parking_lot::Mutex;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};

use super::environ;
use super::forwarded::Forwarded;
use super::head::{Ends, Head, method_text, rooted, scheme_text};
use super::in_memory::Sent;
use crate::engine::form::{ChunkSource, MemorySource, WireSource};
use crate::engine::headers::text::decode_wsgi_text;
use crate::engine::interpreter::gil_slot::GilSlot;
use crate::engine::message::raw_request::{RawBody, RawRequest};
use crate::engine::url_map::Peeked;
use crate::http::header_name::HeaderName;

/// Where a request came from.
enum Origin {
    Wire(RawRequest),
    Environ(Ends),
    Sent(Arc<Sent>),
}

/// One request, shared by everything that serves it.
pub struct RequestState {
    pub head: Head,
    origin: Origin,
    body: Mutex<RawBody>,
    environ: GilSlot<PyDict>,
    /// What a trusted proxy said of a wire request.
    forwarded: Option<Box<Forwarded>>,
    over: AtomicBool,
    /// The matched Rule, `request.url_rule`.
    pub url_rule: GilSlot,
    /// The converted view arguments, `request.view_args`.
    pub view_args: GilSlot,
    /// What matching raised, `request.routing_exception`.
    pub routing_exception: GilSlot,
}

impl RequestState {
    /// Whether the answer goes out without its body; an environ that was made may say otherwise by now. `head` in small
    /// letters is routed as HEAD and gets a body, as with Werkzeug.
    pub fn answers_head(&self, py: Python<'_>) -> PyResult<bool> {
        match (self.environ_if_made(py), &self.origin) {
            (Some(environ), _) => environ::is_head(&environ),
            (None, Origin::Wire(wire)) => Ok(wire.method == "HEAD"),
            (None, _) => Ok(self.head.method == "HEAD"),
        }
    }

    fn build(head: Head, origin: Origin, body: RawBody) -> Self {
        Self {
            head,
            origin,
            body: Mutex::new(body),
            environ: GilSlot::default(),
            forwarded: None,
            over: AtomicBool::new(false),
            url_rule: GilSlot::default(),
            view_args: GilSlot::default(),
            routing_exception: GilSlot::default(),
        }
    }

    /// From the wire. The environ is made when somebody asks for it.
    pub fn from_wire(mut wire: RawRequest) -> Self {
        let body = std::mem::replace(&mut wire.body, RawBody::Empty);
        let (path, query) = environ::split_target(&wire.target);
        let head = Head {
            method: method_text(&wire.method),
            scheme: Cow::Borrowed(wire.server.scheme),
            root_path: String::new(),
            path: rooted(&environ::decode_path(path)),
            is_pathless: path.is_empty(),
            query: Bytes::copy_from_slice(query.as_bytes()),
        };
        Self::build(head, Origin::Wire(wire), body)
    }

    /// Lets a proxy that is trusted speak for the client of a wire request, before anybody has seen it.
    ///
    /// # Errors
    /// `UnicodeEncodeError` when the prefix has a character that is no byte.
    pub fn forward(&mut self, forwarded: Forwarded) -> PyResult<()> {
        if let Some(scheme) = &forwarded.scheme {
            self.head.scheme = scheme_text(scheme);
        }
        if let Some(root) = &forwarded.script_name {
            self.head.root_path = environ::mount_point(&decode_wsgi_text(root)?);
        }
        self.forwarded = Some(Box::new(forwarded));
        Ok(())
    }

    /// A header of a wire request as it was received, before a proxy is asked. None for a request that is no wire's, or
    /// whose target names another host than its header.
    pub fn received(&self) -> Option<impl Fn(HeaderName) -> PyResult<Option<String>> + '_> {
        match &self.origin {
            Origin::Wire(wire) if wire.target.starts_with('/') => {
                Some(|name| Ok(wire.headers.text(name).map(Cow::into_owned)))
            }
            _ => None,
        }
    }

    /// From a WSGI environ, reading what Werkzeug's `Request` reads when it is made.
    pub fn from_environ(environ: &Bound<'_, PyDict>) -> PyResult<Self> {
        let (head, ends) = environ::read_head(environ)?;
        let state = Self::build(head, Origin::Environ(ends), RawBody::Empty);
        state.environ.set(environ.py(), Some(environ.clone().unbind()));
        Ok(state)
    }

    /// From an environ that the application has not seen, with the body that its `wsgi.input` is going to have.
    pub fn from_sent(environ: &Bound<'_, PyDict>, body: Bytes) -> PyResult<(Self, Arc<Sent>)> {
        let (head, ends) = environ::read_head(environ)?;
        let sent = Arc::new(Sent::new(environ, ends, body));
        let state = Self::build(head, Origin::Sent(Arc::clone(&sent)), RawBody::Full(sent.body()));
        Ok((state, sent))
    }

    /// The WSGI environ: the one given, or one made from the wire, always the same dict.
    pub fn environ<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        self.environ.get_or_make(py, || {
            if let Some(sent) = self.sent() {
                return sent.shown(py);
            }
            let wire = self.wire();
            let body = std::mem::replace(&mut *self.body.lock(), RawBody::Empty);
            let environ = environ::from_wire(py, wire, &self.head, body)?;
            if let Some(forwarded) = &self.forwarded {
                forwarded.apply(&environ)?;
            }
            Ok(environ)
        })
    }

    /// The request is over: its environ shows no request from here on.
    pub fn end(&self) {
        self.over.store(true, Ordering::Relaxed);
    }

    pub fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }

    /// The environ if it exists already.
    pub fn environ_if_made<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyDict>> {
        self.environ.get(py)
    }

    /// Whether the request came over our own server and nobody has an environ, whose entries may change and which may
    /// have a file wrapper.
    pub fn is_untouched_wire(&self, py: Python<'_>) -> PyResult<bool> {
        if self.environ.is_set(py) {
            return Ok(false);
        }
        let Origin::Wire(wire) = &self.origin else {
            return Ok(false);
        };
        match &wire.server.environ {
            Some(besides) => Ok(!besides.bind(py).contains(intern!(py, "wsgi.file_wrapper"))?),
            None => Ok(true),
        }
    }

    /// What the debugger or the test client put into the environ to be handed the contexts.
    pub fn preserver<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let key = intern!(py, "werkzeug.debug.preserve_context");
        match (self.environ.get(py), self.sent()) {
            (Some(made), _) => made.get_item(key),
            (None, Some(sent)) => sent.get(py, key),
            (None, None) => Ok(None),
        }
    }

    /// Whether the body can be read from here: nobody has a stream of it.
    fn is_unopened(&self, py: Python<'_>) -> bool {
        !self.environ.is_set(py) && self.sent().is_none_or(|sent| !sent.has_stream(py))
    }

    /// The whole body, when it came with the request and nobody has an environ (whose `wsgi.input` would be the
    /// reader).
    pub fn whole_body(&self, py: Python<'_>) -> Option<Bytes> {
        if !self.is_unopened(py) {
            return None;
        }
        match &*self.body.lock() {
            RawBody::Empty => Some(Bytes::new()),
            RawBody::Full(bytes) => Some(bytes.clone()),
            RawBody::Stream(_) => None,
        }
    }

    /// The body for a parser that reads it once, when nobody has an environ.
    pub fn body_source(&self, py: Python<'_>) -> Option<Box<dyn ChunkSource>> {
        if !self.is_unopened(py) {
            return None;
        }
        if let Some(sent) = self.sent() {
            sent.take();
        }
        Some(match std::mem::replace(&mut *self.body.lock(), RawBody::Empty) {
            RawBody::Empty => Box::new(MemorySource(Bytes::new())),
            RawBody::Full(bytes) => Box::new(MemorySource(bytes)),
            RawBody::Stream(reader) => Box::new(WireSource::new(reader)),
        })
    }

    /// Forgets the body: it was read.
    pub fn drop_body(&self) {
        if let Some(sent) = self.sent() {
            sent.take();
        }
        *self.body.lock() = RawBody::Empty;
    }

    /// A header's value as text, joined as an environ would join repeated ones. None when it was not sent.
    pub fn header(&self, py: Python<'_>, name: HeaderName) -> PyResult<Option<String>> {
        if let Some(made) = self.environ.get(py) {
            let key = environ::python_key(py, name.as_str().as_bytes());
            return made.get_item(key)?.map(|v| v.extract()).transpose();
        }
        match &self.origin {
            Origin::Sent(sent) => sent.header(py, name),
            _ if name == HeaderName::Host => Ok(self.wire_host().map(Cow::into_owned)),
            _ => Ok(self.wire().headers.text(name).map(Cow::into_owned)),
        }
    }

    /// The host that a wire request is for: what a proxy said, else the target's, else the header's.
    fn wire_host(&self) -> Option<Cow<'_, str>> {
        if let Some(host) = self.forwarded.as_ref().and_then(|said| said.host.as_deref()) {
            return Some(Cow::Borrowed(host));
        }
        environ::host_of(self.wire())
    }

    /// Whether a URL map may be bound to the host that was asked for without a look at it: Python's IDNA would give it
    /// back as it is.
    pub fn has_plain_host(&self, py: Python<'_>) -> PyResult<bool> {
        let host = match (&self.origin, self.environ.is_set(py)) {
            (Origin::Wire(_), false) => self.wire_host(),
            _ => self.header(py, HeaderName::Host)?.map(Cow::Owned),
        };
        let host = host.as_deref().or_else(|| self.server_name());
        Ok(host.is_none_or(|host| environ::is_plain_host(host.as_bytes())))
    }

    /// For `__traverse__` of a request object. A state with several owners must be visited through one of them alone,
    /// and only if the others are garbage whenever that one is: here, when each of them is a context that refers to a
    /// request object over the state, and says so by a weak reference to the state.
    pub fn traverse_with_contexts(self: &Arc<Self>, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.traverse_unless_shared(1 + Arc::weak_count(self), visit)
    }

    /// For `__traverse__` of a sole owner.
    pub fn traverse(self: &Arc<Self>, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.traverse_unless_shared(1, visit)
    }

    fn traverse_unless_shared(self: &Arc<Self>, owners: usize, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        if Arc::strong_count(self) > owners {
            return Ok(());
        }
        self.environ.traverse(visit)?;
        if let Some(sent) = self.sent() {
            sent.traverse(visit)?;
        }
        for slot in [&self.url_rule, &self.view_args, &self.routing_exception] {
            slot.traverse(visit)?;
        }
        Ok(())
    }

    /// The name of the server, as a proxy or the environ says it.
    fn server_name(&self) -> Option<&str> {
        match (&self.origin, self.ends()) {
            (Origin::Wire(wire), _) => {
                let said = self.forwarded.as_deref().and_then(|said| said.server_name.as_deref());
                Some(said.unwrap_or(&wire.server.bind_host))
            }
            (_, ends) => ends?.server.as_ref().map(|(name, _)| name.as_str()),
        }
    }

    /// `(host, port)` as Werkzeug's `Request.server` has it.
    pub fn server_tuple<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyTuple>>> {
        let Some(host) = self.server_name() else {
            return Ok(None);
        };
        let port = match (&self.origin, self.ends()) {
            (Origin::Wire(wire), _) => {
                let said = self.forwarded.as_deref().and_then(|said| said.server_port.as_deref());
                said.map_or(Some(i64::from(wire.server.bind_port)), environ::port_number)
            }
            (_, ends) => ends.and_then(|ends| ends.server.as_ref()?.1),
        };
        (PyString::new(py, host), port).into_pyobject(py).map(Some)
    }

    /// The client's address, `request.remote_addr`.
    pub fn remote_addr(&self) -> Option<Cow<'_, str>> {
        if let Some(said) = self.forwarded.as_ref().and_then(|said| said.remote_addr.as_deref()) {
            return Some(Cow::Borrowed(said));
        }
        match &self.origin {
            Origin::Wire(wire) => Some(
                wire.peer
                    .map_or(Cow::Borrowed("<local>"), |peer| Cow::Owned(peer.ip().to_string())),
            ),
            Origin::Environ(Ends { remote_addr, .. }) => remote_addr.as_deref().map(Cow::Borrowed),
            Origin::Sent(sent) => sent.ends.remote_addr.as_deref().map(Cow::Borrowed),
        }
    }

    fn ends(&self) -> Option<&Ends> {
        match &self.origin {
            Origin::Wire(_) => None,
            Origin::Environ(ends) => Some(ends),
            Origin::Sent(sent) => Some(&sent.ends),
        }
    }

    fn sent(&self) -> Option<&Arc<Sent>> {
        match &self.origin {
            Origin::Sent(sent) => Some(sent),
            _ => None,
        }
    }

    /// The rule that the door has found.
    pub fn peeked(&self) -> Option<&Peeked> {
        match &self.origin {
            Origin::Wire(wire) => wire.peeked.as_ref(),
            Origin::Environ(_) | Origin::Sent(_) => None,
        }
    }

    fn wire(&self) -> &RawRequest {
        match &self.origin {
            Origin::Wire(wire) => wire,
            Origin::Environ(_) | Origin::Sent(_) => {
                unreachable!("invariant: a request that did not come from the wire has its environ from the start")
            }
        }
    }

    /// Whether the request asks to become a websocket, which routing treats as another scheme.
    pub fn wants_websocket(&self, py: Python<'_>) -> PyResult<bool> {
        let Some(upgrade) = self.header(py, HeaderName::Upgrade)? else {
            return Ok(false);
        };
        if !upgrade.eq_ignore_ascii_case("websocket") {
            return Ok(false);
        }
        let connection = self.header(py, HeaderName::Connection)?.unwrap_or_default();
        Ok(connection
            .split(',')
            .any(|token| token.trim_matches([' ', '\t']).eq_ignore_ascii_case("upgrade")))
    }
}
