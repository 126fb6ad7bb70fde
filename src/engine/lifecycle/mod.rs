//! The life of a request, one file for each sentence of Flask's own page of that name.
//!
//! It must not know sockets or WSGI.

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
