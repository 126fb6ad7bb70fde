//! The `__dict__` of a request. The values stay in native slots until it is read; then all move there, in
//! stock's order, and from that moment the dict counts.
//!
//! It must not know the attributes' descriptors.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::engine::request::attributes::{Initial, Matched};
use crate::engine::request::base::RequestBase;
use crate::engine::{ffi, session};

impl RequestBase {
    /// The instance's `__dict__` with all attributes in it, where they are from now on.
    pub fn attributes<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyDict>> {
        let py = slf.py();
        let this = slf.get();
        let shown = ffi::instance_dict(slf)?;
        Self::compute_what_stock_has(slf)?;
        if !this.flags.look(py).is_shown {
            let all = PyDict::new(py);
            for which in Initial::ALL {
                if let Some(value) = Self::initial(slf, which)? {
                    all.set_item(which.name(py), value)?;
                }
            }
            this.flags.look(py).is_shown = true;
            for slot in &this.initial {
                slot.set(py, None);
            }
            for name in [intern!(py, "host"), intern!(py, "cookies")] {
                if let Some(value) = shown.get_item(name)? {
                    all.set_item(name, value)?;
                }
            }
            Self::show_match(slf, &all)?;
            all.update(shown.as_mapping())?;
            shown.clear();
            shown.update(all.as_mapping())?;
        }
        Self::show_match(slf, &shown)?;
        Ok(shown)
    }

    /// Brings what was matched, which the context may have set meanwhile, up to date.
    fn show_match(slf: &Bound<'_, Self>, shown: &Bound<'_, PyDict>) -> PyResult<()> {
        let py = slf.py();
        let Some(state) = slf.get().shared_state(py) else {
            return Ok(());
        };
        for which in Matched::ALL {
            let name = which.name(py);
            match which.slot(&state).get(py) {
                Some(value) => shown.set_item(name, value)?,
                None if shown.get_item(name)?.is_some_and(|old| !old.is_none()) => shown.del_item(name)?,
                None => {}
            }
        }
        Ok(())
    }

    /// Reads the attributes that stock's request would have computed by now.
    fn compute_what_stock_has(slf: &Bound<'_, Self>) -> PyResult<()> {
        let py = slf.py();
        let flags = *slf.get().flags.look(py);
        if flags.is_complete {
            return Ok(());
        }
        slf.get().flags.look(py).is_complete = true;
        if flags.is_bound {
            // A host that is refused has no value.
            let _ = slf.as_any().getattr(intern!(py, "host"));
            if session::has_read_cookies(slf.as_any())? {
                slf.as_any().getattr(intern!(py, "cookies"))?;
            }
        }
        if flags.has_read_type {
            slf.as_any().call_method0(intern!(py, "_parse_content_type"))?;
            if ffi::instance_dict(slf)?.contains(intern!(py, "form"))? {
                slf.as_any().getattr(intern!(py, "content_length"))?;
            }
        }
        Ok(())
    }

    pub fn set_initial(slf: &Bound<'_, Self>, which: Initial, value: &Bound<'_, PyAny>) -> PyResult<()> {
        let py = slf.py();
        let this = slf.get();
        if which.is_parsed() && !this.flags.look(py).is_shown && !this.flags.look(py).is_changed {
            Self::compute_what_stock_has(slf)?;
            this.flags.look(py).is_changed = true;
        }
        Self::put_initial(slf, which, value)
    }

    pub fn matched<'py>(slf: &Bound<'py, Self>, which: Matched) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        let value = match slf.get().shared_state(py) {
            Some(state) => which.slot(&state).get(py),
            None => ffi::instance_dict(slf)?.get_item(which.name(py))?,
        };
        Ok(value.unwrap_or_else(|| py.None().into_bound(py)))
    }

    pub fn set_matched(slf: &Bound<'_, Self>, which: Matched, value: &Bound<'_, PyAny>) -> PyResult<()> {
        let py = slf.py();
        let state = slf.get().shared_state(py);
        if let Some(state) = &state {
            let given = (!value.is_none()).then(|| value.clone().unbind());
            which.slot(state).set(py, given);
        }
        if state.is_none() || value.is_none() {
            ffi::instance_dict(slf)?.set_item(which.name(py), value)?;
        }
        Ok(())
    }
}
