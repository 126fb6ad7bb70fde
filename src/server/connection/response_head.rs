//! The head of a response: what was asked for, what is announced, and what comes next on the connection.
//!
//! It must not know bodies.

use bytes::Bytes;
use pyo3::prelude::*;

use super::server_state::ServerState;
use super::transport::{Transport, Wire};
use crate::engine::gateway::server::internal_server_error;
use crate::engine::message::raw_response::{Payload, RawResponse};
use crate::server::http1::{HeadPlan, RequestTraits, is_field_value, plan};

/// What becomes of the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    Again,
    Close,
    /// Close, but the client may still be sending.
    Linger,
    /// Nothing more can be said on it.
    Drop,
}

impl Next {
    /// What follows on an answer that went out.
    pub fn after(keep_alive: bool) -> Self {
        if keep_alive { Self::Again } else { Self::Close }
    }
}

/// Puts an answer's head into the output buffer; one that can't be sent gives way to a 500.
pub fn begin<S: Transport>(
    wire: &mut Wire<S>,
    server: &ServerState,
    asked: RequestTraits,
    response: &mut RawResponse,
    known: Option<u64>,
) -> (HeadPlan, bool) {
    let sendable = (100..=999).contains(&response.status) && clean_reason(response.reason.as_deref());
    let planned = if sendable {
        plan(asked, response.status, &response.headers, known)
    } else {
        Err(String::new())
    };
    let (planned, replaced) = match planned {
        Ok(planned) => (planned, false),
        Err(name) => {
            Python::attach(|py| {
                let text = format!(
                    "the app's status or header {name:?} can't be sent: it has a character that HTTP does not allow there, or is out of range"
                );
                server.app.log.failed(py, pyo3::exceptions::PyValueError::new_err(text));
            });
            *response = internal_server_error();
            let length = match &response.payload {
                Payload::Bytes(body) => body.len() as u64,
                _ => 0,
            };
            let Ok(planned) = plan(asked, 500, &response.headers, Some(length)) else {
                unreachable!("invariant: our own headers can be sent")
            };
            (planned, true)
        }
    };
    planned.write(
        &mut wire.out,
        (response.status, response.reason.as_deref()),
        &response.headers,
        &server.server_name,
    );
    (planned, replaced)
}

fn clean_reason(reason: Option<&str>) -> bool {
    reason.is_none_or(|reason| is_field_value(reason.as_bytes()) && reason.chars().all(|letter| letter < '\u{100}'))
}

/// The body of an answer that has all of it, which is without from then on.
pub fn take_body(response: &mut RawResponse) -> Bytes {
    match std::mem::replace(&mut response.payload, Payload::Empty) {
        Payload::Bytes(bytes) => bytes.into(),
        Payload::Empty | Payload::File(_) | Payload::Iterable(_) => Bytes::new(),
    }
}

/// Sends what is in the output buffer as the end of an answer.
pub async fn flushed<S: Transport>(wire: &mut Wire<S>, keep_alive: bool) -> Next {
    if wire.flush().await.is_ok() {
        Next::after(keep_alive)
    } else {
        Next::Drop
    }
}
