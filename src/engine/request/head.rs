//! The head of a request: method, target, scheme and host, as values of Rust.
//!
//! It must not know the environ or Python classes.

use std::borrow::Cow;

use bytes::Bytes;

/// A request's line, as text. `path` is decoded and starts with one slash.
pub struct Head {
    pub method: Cow<'static, str>,
    pub scheme: Cow<'static, str>,
    pub root_path: String,
    /// With one leading slash.
    pub path: String,
    /// There was no path, not even a slash.
    pub is_pathless: bool,
    pub query: Bytes,
}

/// Who asked, and whom: what a WSGI environ says of it. A wire request has it in its own form.
pub struct Ends {
    pub remote_addr: Option<String>,
    pub server: Option<(String, Option<i64>)>,
}

/// The method's name in upper case, without a copy for the usual ones.
#[expect(clippy::ptr_arg, reason = "a borrowed name is passed on as it is")]
pub fn method_text(method: &Cow<'static, str>) -> Cow<'static, str> {
    match method {
        Cow::Borrowed(usual) => Cow::Borrowed(usual),
        Cow::Owned(other) => Cow::Owned(other.to_uppercase()),
    }
}

/// A URL's scheme, without a copy for the usual ones.
pub fn scheme_text(scheme: &str) -> Cow<'static, str> {
    match scheme {
        "http" => Cow::Borrowed("http"),
        "https" => Cow::Borrowed("https"),
        other => Cow::Owned(other.to_owned()),
    }
}

/// A path with exactly one leading slash.
pub fn rooted(path: &str) -> String {
    let bare = path.trim_start_matches('/');
    let mut rooted = String::with_capacity(bare.len() + 1);
    rooted.push('/');
    rooted.push_str(bare);
    rooted
}
