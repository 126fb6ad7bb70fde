//! Whether a function is a plain one, which can be called directly, or an `async def`: cached by its code object. It must
//! not know what the function is for.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

use super::bound_method::without_binding;
use crate::engine::ffi;
use crate::engine::ffi::gil_cell::GilCell;
use crate::engine::ffi::objects::Runs;

const CO_COROUTINE: u32 = 0x0080;

/// A code object, referenced so that nothing else gets its address, and whether it is `async def`'s. Its flags never change.
type Seen = Option<(Py<PyAny>, bool)>;

/// An application has some dozen functions; two whose addresses give one place take turns there.
const PLACES: usize = 256;
static SEEN: GilCell<[Seen; PLACES]> = GilCell::new([const { None }; PLACES]);

/// Whether a function is known to be no `async def`. False also for callables that only Python can judge.
pub fn is_plain(function: &Bound<'_, PyAny>) -> PyResult<bool> {
    let plain = match ffi::what_runs(&without_binding(function)?) {
        Runs::BuiltIn => true,
        Runs::Code(code) => !is_async(&code)?,
        Runs::Unknown => false,
    };
    Ok(plain && !marked_async(function)?)
}

/// `inspect.iscoroutinefunction(function)`.
pub fn is_coroutine_function(function: &Bound<'_, PyAny>) -> PyResult<bool> {
    let py = function.py();
    if is_plain(function)? {
        return Ok(false);
    }
    py.import(intern!(py, "inspect"))?
        .call_method1(intern!(py, "iscoroutinefunction"), (function,))?
        .is_truthy()
}

fn is_async(code: &Bound<'_, PyAny>) -> PyResult<bool> {
    let py = code.py();
    let address = code.as_ptr() as usize;
    // Objects lie 16 bytes apart, and pages of them have the same low bits.
    let place = (address >> 4 ^ address >> 12) % PLACES;
    if let Some((known, is_async)) = &SEEN.look(py)[place]
        && known.is(code)
    {
        return Ok(*is_async);
    }
    let flags: u32 = code.getattr(intern!(py, "co_flags"))?.extract()?;
    let is_async = flags & CO_COROUTINE != 0;
    // What was there goes after the look, since that may run Python.
    let before = SEEN.look(py)[place].replace((code.clone().unbind(), is_async));
    drop(before);
    Ok(is_async)
}

/// Whether `inspect.markcoroutinefunction` (Python 3.12) was used on a plain function.
fn marked_async(function: &Bound<'_, PyAny>) -> PyResult<bool> {
    static MARKS: PyOnceLock<bool> = PyOnceLock::new();
    let py = function.py();
    if !*MARKS.get_or_init(py, || py.version_info() >= (3, 12)) {
        return Ok(false);
    }
    Ok(function.getattr_opt(intern!(py, "_is_coroutine_mark"))?.is_some())
}
