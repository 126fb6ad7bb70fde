//! The life of a request, one file for each sentence of Flask's own page of that name.
//!
//! It must not know sockets or WSGI.
//!
//! Tests: `tests/conformance/test_tutorials_answers.py`, `tests/conformance/programs/request_classes.py`,
//! `tests/conformance/programs/flags.py`, `tests/upstream/test_suites.py`

pub mod app_context;
pub mod dispatch_request;
pub mod finalize;
pub mod full_dispatch;
pub mod match_request;
pub mod preprocess;
pub mod request_context;
pub mod teardown;
pub mod url_for;
pub mod wsgi_app;
