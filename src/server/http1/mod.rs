//! HTTP/1 framing: bytes to request heads and bodies, response heads to bytes.
//!
//! Strict on purpose: what two servers could read in two ways is refused (RFC 9112). Must not know about sockets,
//! tasks, Python or scheduling.
//!
//! Tests: `src/server/http1/head_tests.rs`, `src/server/http1/encode_tests.rs`, `tests/live/test_server_framing.py`

mod chunked;
mod date;
mod encode;
mod fault;
mod field_syntax;
mod head;
mod reasons;

pub use self::chunked::{BodyDecoder, ChunkStep};
pub use self::date::unix_seconds;
pub use self::encode::{Framing, HeadPlan, RequestTraits, ServerName, frame_begin, frame_end, frame_last_chunk, plan};
pub use self::fault::Fault;
pub use self::field_syntax::is_field_value;
pub use self::head::{HeadLimits, HeadScanner, NO_BODY, RequestHead, Scan, parse_head};
