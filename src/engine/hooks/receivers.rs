//! Who listens to one of blinker's signals, and sending it to them: the receivers that blinker's own `send` would call,
//! in the same order, without its generators. It must not know what a signal is about.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PySet, PyType, PyWeakrefReference};

use crate::engine::ffi;
use crate::engine::guard::ClassGuard;
use crate::engine::interpreter::coroutine::is_plain;

/// What blinker keeps under this key listens to every sender.
const ANY: u8 = 0;

/// A signal's receivers as blinker keeps them.
struct Kept<'a, 'py> {
    signal: &'a Bound<'py, PyAny>,
    attributes: Bound<'py, PyDict>,
    /// Functions, or weak references to them, by an id.
    receivers: Bound<'py, PyDict>,
    /// Sets of those ids, by an id of the sender.
    by_sender: Bound<'py, PyDict>,
}

impl<'a, 'py> Kept<'a, 'py> {
    /// None where blinker has to be asked: a class of its own, or something replaced.
    fn by(signal: &'a Bound<'py, PyAny>) -> PyResult<Option<Self>> {
        if !sealed(signal.py())?.is_some_and(|core| core.passes(&signal.get_type())) {
            return Ok(None);
        }
        Self::read(signal)
    }

    fn read(signal: &'a Bound<'py, PyAny>) -> PyResult<Option<Self>> {
        let py = signal.py();
        let attributes = ffi::instance_dict(signal)?;
        for name in [
            intern!(py, "send"),
            intern!(py, "receivers_for"),
            intern!(py, "has_receivers_for"),
        ] {
            if attributes.contains(name)? {
                return Ok(None);
            }
        }
        let dict = |name| -> PyResult<Option<Bound<'py, PyDict>>> {
            Ok(attributes.get_item(name)?.and_then(|value| value.cast_into().ok()))
        };
        let (Some(receivers), Some(by_sender)) = (dict(intern!(py, "receivers"))?, dict(intern!(py, "_by_sender"))?)
        else {
            return Ok(None);
        };
        Ok(Some(Self {
            signal,
            attributes,
            receivers,
            by_sender,
        }))
    }

    fn is_muted(&self) -> PyResult<bool> {
        let muted = self.attributes.get_item(intern!(self.signal.py(), "is_muted"))?;
        muted.map_or(Ok(false), |muted| muted.is_truthy())
    }

    /// The ids of those who listen to every sender, and to this one. None where they are kept in another kind of set,
    /// which has an order of its own.
    fn sets(&self, sender: &Bound<'py, PyAny>) -> PyResult<Option<[Option<Bound<'py, PySet>>; 2]>> {
        let mut sets = [
            self.by_sender.get_item(ANY)?,
            self.by_sender.get_item(sender.as_ptr() as usize)?,
        ];
        let mut found = [None, None];
        for (set, found) in sets.iter_mut().zip(&mut found) {
            if let Some(set) = set.take() {
                match set.cast_into_exact::<PySet>() {
                    Ok(set) => *found = Some(set).filter(|set| !set.is_empty()),
                    Err(_) => return Ok(None),
                }
            }
        }
        Ok(Some(found))
    }

    /// The ids to call for a sender as they are at this moment, in the order that blinker's union of sets has.
    fn ids(&self, sender: &Bound<'py, PyAny>) -> PyResult<Option<Vec<Bound<'py, PyAny>>>> {
        let Some(sets) = self.sets(sender)? else {
            return Ok(None);
        };
        let all = match &sets {
            [None, None] => return Ok(Some(Vec::new())),
            [Some(all), Some(own)] => all.as_any().bitor(own)?,
            [Some(one), None] | [None, Some(one)] if one.len() == 1 => one.clone().into_any(),
            // A copy has the order of a union with nothing.
            [Some(some), None] | [None, Some(some)] => some.call_method0(intern!(self.signal.py(), "copy"))?,
        };
        let all = all.cast_into::<PySet>()?;
        // Collecting asks the iterator how much is left, which costs more than most receivers.
        let mut ids = Vec::with_capacity(all.len());
        for id in all.iter() {
            ids.push(id);
        }
        Ok(Some(ids))
    }

    /// The receiver of an id, if it is still connected and alive.
    fn receiver(&self, id: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let Some(receiver) = self.receivers.get_item(id)? else {
            return Ok(None);
        };
        if !receiver.is_instance_of::<PyWeakrefReference>() {
            return Ok(Some(receiver));
        }
        let alive = receiver.call0()?;
        if alive.is_none() {
            self.signal
                .call_method1(intern!(self.signal.py(), "_disconnect"), (id, ANY))?;
            return Ok(None);
        }
        Ok(Some(alive))
    }
}

/// Whether anybody listens to this signal of the application.
pub fn has_any_for(signal: &Bound<'_, PyAny>, app: &Bound<'_, PyAny>) -> PyResult<bool> {
    if let Some(kept) = Kept::by(signal)?
        && let Some(sets) = kept.sets(app)?
    {
        return Ok(sets.iter().any(Option::is_some));
    }
    signal
        .call_method1(intern!(signal.py(), "has_receivers_for"), (app,))?
        .is_truthy()
}

/// What receivers are told besides the sender, by name.
pub type Told<'a, 'py> = &'a [(&'a str, &'a Bound<'py, PyAny>)];

/// As keyword arguments, for one call.
pub fn named<'py>(py: Python<'py>, told: Told<'_, 'py>) -> PyResult<Bound<'py, PyDict>> {
    let named = PyDict::new(py);
    for (name, value) in told {
        named.set_item(name, value)?;
    }
    Ok(named)
}

/// Sends a signal of the application to everybody who listens. False: blinker has to do it.
pub fn send(signal: &Bound<'_, PyAny>, app: &Bound<'_, PyAny>, told: Told<'_, '_>) -> PyResult<bool> {
    let py = app.py();
    let Some(kept) = Kept::by(signal)? else {
        return Ok(false);
    };
    if kept.is_muted()? {
        return Ok(true);
    }
    let Some(ids) = kept.ids(app)? else {
        return Ok(false);
    };
    for id in &ids {
        let Some(mut receiver) = kept.receiver(id)? else {
            continue;
        };
        if is_async(&receiver)? {
            receiver = app.call_method1(intern!(py, "ensure_sync"), (receiver,))?;
        }
        if told.is_empty() {
            receiver.call1((app,))?;
        } else {
            receiver.call((app,), Some(&named(py, told)?))?;
        }
    }
    Ok(true)
}

fn is_async(receiver: &Bound<'_, PyAny>) -> PyResult<bool> {
    static ASK: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    if is_plain(receiver)? {
        return Ok(false);
    }
    ASK.import(receiver.py(), "inspect", "iscoroutinefunction")?
        .call1((receiver,))?
        .is_truthy()
}

/// The class of Flask's signals, as it was when the first one was sent. None when it had been patched by then, or keeps
/// its receivers another way than is known here.
fn sealed(py: Python<'_>) -> PyResult<Option<&ClassGuard>> {
    static CORE: PyOnceLock<Option<ClassGuard>> = PyOnceLock::new();
    let core = CORE.get_or_try_init(py, || {
        let module = py.import("blinker.base")?;
        let class = module.getattr("NamedSignal")?.cast_into::<PyType>()?;
        let names = ["send", "receivers_for", "has_receivers_for"];
        for name in names {
            let globals = class.getattr(name)?.getattr_opt("__globals__")?;
            if !globals.is_some_and(|globals| globals.is(module.dict())) {
                return Ok::<_, PyErr>(None);
            }
        }
        if !keeps_as_known(&class)? {
            return Ok(None);
        }
        ClassGuard::exact(&class, &names).map(Some)
    })?;
    Ok(core.as_ref())
}

/// Whether a signal of the class has the receivers that are found here: some for all, some weak, some for one sender.
fn keeps_as_known(class: &Bound<'_, PyType>) -> PyResult<bool> {
    let py = class.py();
    let signal = class.call1(("rehearsal",))?;
    let builtins = py.import("builtins")?;
    let named = |name: &str| builtins.getattr(name);
    let (sender, other) = (named("int")?, named("str")?);
    for (receiver, of) in [("list", &sender), ("dict", &sender), ("set", &other)] {
        signal.call_method1("connect", (named(receiver)?, of, false))?;
    }
    signal.call_method1("connect", (named("tuple")?,))?;
    let Some(kept) = Kept::read(&signal)? else {
        return Ok(false);
    };
    for asked in [&sender, &other, &named("bytes")?] {
        let Some(ids) = kept.ids(asked)? else {
            return Ok(false);
        };
        let ours: Vec<_> = ids
            .iter()
            .filter_map(|id| kept.receiver(id).transpose())
            .collect::<PyResult<_>>()?;
        let theirs: Vec<Bound<'_, PyAny>> = signal
            .call_method1("receivers_for", (asked,))?
            .try_iter()?
            .collect::<PyResult<_>>()?;
        if ours.len() != theirs.len() || ours.iter().zip(&theirs).any(|(ours, theirs)| !ours.is(theirs)) {
            return Ok(false);
        }
    }
    Ok(true)
}
