//! A deflate (RFC 1951, in the wrapper of RFC 1950) for payloads of cookie size, with the choices of zlib's level 6.
//!
//! Two things a general library doesn't give. It writes the very bytes that Python's zlib writes, so the same session
//! is the same cookie, and the decision whether compressing pays comes out the same. And it costs microseconds:
//! libraries clear a quarter of a megabyte before the first byte.
//!
//! `matches` finds repetitions, `symbols` and `counts` say what they come to, `huffman` finds the codes, `block` weighs
//! the three block forms and writes the best to a `stream`.

mod block;
mod chains;
mod counts;
mod huffman;
mod matches;
mod stream;
pub mod symbols;

pub use self::block::{LARGEST_INPUT, deflate_if_shorter};
pub use self::stream::adler32;
