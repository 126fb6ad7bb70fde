//! The Date header, and the clock that it goes by.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::text::dates;

/// Whole seconds since 1970.
pub fn unix_seconds() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_secs()).ok())
        .unwrap_or(0)
}

/// Appends the current date in the HTTP form (29 bytes).
pub fn append_date(out: &mut Vec<u8>) {
    dates::with_http_date_now(unix_seconds(), |text| out.extend_from_slice(text));
}
