//! An answer as the test client gives it back: the parts of a `TestResponse`, and the response filled with them.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple, PyType};

use super::guards;
use super::iterable_relay::{Relay, Replay};
use super::request::{RequestOnTouch, SentRequest};
use crate::engine::ffi;
use crate::engine::gateway::start_response::Spelled;
use crate::engine::gateway::to_wire::InMemory;
use crate::engine::message::outcome::Outcome;
use crate::engine::request::state::RequestState;
use crate::engine::response::base::headers_over;

/// An answer that is all there, and its status number.
pub struct FinishedResponse<'py> {
    pub number: u16,
    pub spelled: Spelled<'py>,
}

/// What a request left behind when its contexts were popped.
pub enum ClientReply<'py> {
    Ready(FinishedResponse<'py>),
    /// A WSGI application that gives the answer.
    Running(Bound<'py, PyAny>),
}

impl<'py> ClientReply<'py> {
    /// The reply for an answer; runs inside the request.
    pub fn from_answer(py: Python<'py>, answer: Outcome, state: &RequestState) -> PyResult<Self> {
        let ready = match InMemory::of(py, answer, state.answers_head(py)?)? {
            InMemory::Whole(ready) => ready,
            InMemory::Runs(response) => return Self::run(&response, state),
        };
        Ok(Self::Ready(FinishedResponse {
            number: ready.status,
            spelled: Spelled::of(py, &ready)?,
        }))
    }

    fn run(response: &Bound<'py, PyAny>, state: &RequestState) -> PyResult<Self> {
        let py = response.py();
        let relay = Bound::new(py, Relay::default())?;
        let body = response.call1((state.environ(py)?, &relay))?;
        let replay = Replay {
            relay: relay.unbind(),
            body: body.unbind(),
        };
        Ok(Self::Running(Bound::new(py, replay)?.into_any()))
    }
}

/// What a response object is made of.
pub struct ResponseParts<'py> {
    /// The body: a list when it was asked to be buffered, else an iterator.
    pub body: Bound<'py, PyAny>,
    pub status: Bound<'py, PyAny>,
    /// None: the status is read by the response class.
    pub number: Option<u16>,
    pub headers: Bound<'py, PyAny>,
}

impl<'py> ResponseParts<'py> {
    /// Collects a reply; runs after the request.
    pub fn collect(py: Python<'py>, reply: ClientReply<'py>, buffered: bool) -> PyResult<Self> {
        match reply {
            ClientReply::Ready(FinishedResponse { number, spelled }) => Ok(Self {
                body: if buffered {
                    spelled.chunks.into_any()
                } else {
                    spelled.chunks.try_iter()?.into_any()
                },
                status: spelled.status.into_any(),
                number: Some(number),
                headers: headers_over(&spelled.headers)?,
            }),
            ClientReply::Running(application) => {
                let run = py
                    .import(intern!(py, "werkzeug.test"))?
                    .getattr(intern!(py, "run_wsgi_app"))?;
                let collected = run.call1((application, PyDict::new(py), buffered))?;
                Ok(Self {
                    body: collected.get_item(0)?,
                    status: collected.get_item(1)?,
                    number: None,
                    headers: collected.get_item(2)?,
                })
            }
        }
    }

    /// The values of the Set-Cookie lines.
    pub fn cookies(&self) -> PyResult<Bound<'py, PyList>> {
        let py = self.headers.py();
        let found = PyList::empty(py);
        let listed = self.headers.getattr(intern!(py, "_list"))?;
        for item in listed.cast::<PyList>()?.iter() {
            let (name, value): (Bound<'py, PyAny>, Bound<'py, PyAny>) = item.extract()?;
            if name.cast::<PyString>()?.to_str()?.eq_ignore_ascii_case("set-cookie") {
                found.append(value)?;
            }
        }
        Ok(found)
    }

    /// The response of a client's class.
    pub fn respond(
        self,
        kind: &Bound<'py, PyAny>,
        sent: SentRequest,
        json: Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = kind.py();
        if let (Ok(class), Some(number)) = (kind.cast::<PyType>(), self.number)
            && guards::is_own_response(class)
        {
            return self.fill(class, number, sent, json);
        }
        let arguments = PyDict::new(py);
        arguments.set_item(intern!(py, "request"), SentRequest::request(py, &sent.0)?)?;
        let response = kind.call((self.body, self.status, self.headers), Some(&arguments))?;
        response.setattr(intern!(py, "json_module"), json)?;
        Ok(response)
    }

    /// Sets the attributes that `TestResponse.__init__` would.
    fn fill(
        self,
        kind: &Bound<'py, PyType>,
        number: u16,
        sent: SentRequest,
        json: Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = kind.py();
        let response = kind.call_method1(intern!(py, "__new__"), (kind,))?;
        let attributes = ffi::instance_dict(&response)?;
        attributes.set_item(intern!(py, "headers"), &self.headers)?;
        attributes.set_item(intern!(py, "_status"), &self.status)?;
        attributes.set_item(intern!(py, "_status_code"), number)?;
        attributes.set_item(intern!(py, "direct_passthrough"), false)?;
        attributes.set_item(intern!(py, "_on_close"), PyList::empty(py))?;
        attributes.set_item(intern!(py, "response"), &self.body)?;
        let is_lazy = kind
            .getattr_opt(intern!(py, "request"))?
            .is_some_and(|shown| shown.is_instance_of::<RequestOnTouch>());
        if is_lazy {
            attributes.set_item(intern!(py, "_sent_request"), Bound::new(py, sent)?)?;
        } else {
            attributes.set_item(intern!(py, "request"), SentRequest::request(py, &sent.0)?)?;
        }
        attributes.set_item(intern!(py, "history"), PyTuple::empty(py))?;
        attributes.set_item(intern!(py, "_compat_tuple"), (self.body, self.status, self.headers))?;
        attributes.set_item(intern!(py, "json_module"), json)?;
        Ok(response)
    }
}
