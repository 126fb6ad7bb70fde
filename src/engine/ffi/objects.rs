//! The few CPython calls pyo3 has no safe form for, each wrapped once: context variables, the handled exception, type
//! and dict versions, instance dictionaries, code flags, file numbers; and what kind of file system a file lies on. All
//! `unsafe` of the engine is here and in `proxies.rs`; nothing here knows about requests.

use std::ffi::CStr;
use std::fs::File;
use std::io::ErrorKind;
use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd};
use std::ptr;

use pyo3::exceptions::PySystemError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyDict, PyString, PyTuple, PyType};
use pyo3::{PyTypeInfo, ffi};

/// A `contextvars.ContextVar`, set and read through the C API.
pub struct ContextVar(Py<PyAny>);

impl ContextVar {
    pub fn new(py: Python<'_>, name: &CStr) -> PyResult<Self> {
        // SAFETY: the name is a NUL-terminated string, no default is given, and the result is a new reference or NULL
        // with an error set.
        let var = unsafe { Bound::from_owned_ptr_or_err(py, ffi::PyContextVar_New(name.as_ptr(), ptr::null_mut()))? };
        Ok(Self(var.unbind()))
    }

    /// The Python object, for `flask.globals`.
    pub fn object(&self, py: Python<'_>) -> Py<PyAny> {
        self.0.clone_ref(py)
    }

    /// The value in the current context, if one is set.
    pub fn get<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyAny>> {
        let mut value = ptr::null_mut();
        // SAFETY: self.0 is a ContextVar made by `new`; `value` receives a new reference or NULL.
        unsafe {
            if ffi::PyContextVar_Get(self.0.as_ptr(), ptr::null_mut(), &raw mut value) < 0 {
                ffi::PyErr_Clear();
                return None;
            }
            Bound::from_owned_ptr_or_opt(py, value)
        }
    }

    /// Sets the value in the current context; the token undoes it.
    pub fn set(&self, py: Python<'_>, value: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        // SAFETY: self.0 is a ContextVar; the token is a new reference or NULL with an error set.
        unsafe {
            Bound::from_owned_ptr_or_err(py, ffi::PyContextVar_Set(self.0.as_ptr(), value.as_ptr())).map(Bound::unbind)
        }
    }

    /// Undoes the `set` that gave this token.
    ///
    /// # Errors
    /// `ValueError` when the token was made in another context, `RuntimeError` when it was used already.
    pub fn reset(&self, py: Python<'_>, token: &Py<PyAny>) -> PyResult<()> {
        // SAFETY: self.0 is a ContextVar, the token any object: CPython checks it.
        if unsafe { ffi::PyContextVar_Reset(self.0.as_ptr(), token.as_ptr()) } < 0 {
            return Err(PyErr::fetch(py));
        }
        Ok(())
    }
}

/// Runs `body` with `error` as the exception being handled, so that a bare `raise`, `sys.exc_info()` and
/// `logger.exception` in the Python it calls see it, as they would in an `except` block.
pub fn while_handling<R>(py: Python<'_>, error: &PyErr, body: impl FnOnce() -> R) -> R {
    let value = error.value(py).as_any().clone();
    if let Some(traceback) = error.traceback(py) {
        // SAFETY: both are valid objects; a traceback of the right type can't be refused.
        unsafe { ffi::PyException_SetTraceback(value.as_ptr(), traceback.as_ptr()) };
    }
    let kind = value.get_type().into_any();
    let traceback = error.traceback(py).map(Bound::into_any);
    let _restore = HandledGuard::enter(py, &kind, &value, traceback.as_ref());
    body()
}

/// The exception that is being handled right now (`sys.exc_info()[1]`), or None.
pub fn handled_exception(py: Python<'_>) -> Option<Bound<'_, PyAny>> {
    let (mut kind, mut value, mut traceback) = (ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
    // SAFETY: the three receive new references or NULL; each is released exactly once.
    unsafe {
        ffi::PyErr_GetExcInfo(&raw mut kind, &raw mut value, &raw mut traceback);
        drop(Bound::from_owned_ptr_or_opt(py, kind));
        drop(Bound::from_owned_ptr_or_opt(py, traceback));
        Bound::from_owned_ptr_or_opt(py, value).filter(|v| !v.is_none())
    }
}

/// Puts the exception that was being handled before back when dropped, also while a panic unwinds.
struct HandledGuard {
    before: [*mut ffi::PyObject; 3],
}

impl HandledGuard {
    fn enter(
        _py: Python<'_>,
        kind: &Bound<'_, PyAny>,
        value: &Bound<'_, PyAny>,
        traceback: Option<&Bound<'_, PyAny>>,
    ) -> Self {
        let mut before = [ptr::null_mut(); 3];
        let [b0, b1, b2] = &mut before;
        // SAFETY: GetExcInfo gives new references that the guard owns; SetExcInfo steals the three new references
        // given.
        unsafe {
            ffi::PyErr_GetExcInfo(b0, b1, b2);
            ffi::PyErr_SetExcInfo(
                kind.clone().into_ptr(),
                value.clone().into_ptr(),
                traceback.map_or(ptr::null_mut(), |t| t.clone().into_ptr()),
            );
        }
        Self { before }
    }
}

impl Drop for HandledGuard {
    fn drop(&mut self) {
        // SAFETY: dropped on the attached thread that made it (it never leaves `while_handling`); steals what `enter`
        // took.
        unsafe { ffi::PyErr_SetExcInfo(self.before[0], self.before[1], self.before[2]) };
    }
}

/// CPython's version of a type: it changes whenever an attribute of the type or of one of its bases does. None when the
/// type has no valid version at the moment.
#[inline]
pub fn type_version(kind: &Bound<'_, PyType>) -> Option<u32> {
    // SAFETY: a live type object, read while attached.
    unsafe { version_of(kind.py(), kind.as_type_ptr()) }
}

/// # Safety
/// A live type object.
#[inline]
unsafe fn version_of(py: Python<'_>, kind: *mut ffi::PyTypeObject) -> Option<u32> {
    // SAFETY: the caller's promise; read while attached.
    let (flags, version) = unsafe { ((*kind).tp_flags, (*kind).tp_version_tag) };
    // From 3.13 on a version that is no longer valid is zero, and the flag is not used any more.
    let is_valid = flags & ffi::Py_TPFLAGS_VALID_VERSION_TAG != 0 || minor(py) >= 13;
    (is_valid && version != 0).then_some(version)
}

/// Which Python 3 this is.
#[inline]
fn minor(py: Python<'_>) -> u8 {
    static MINOR: PyOnceLock<u8> = PyOnceLock::new();
    *MINOR.get_or_init(py, || py.version_info().minor)
}

/// Two numbers that change whenever what an instance has may have changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct InstanceVersions {
    class: u32,
    dict: u64,
}

/// The beginning of a dict, as CPython 3.10 to 3.13 lay it out. pyo3 leaves the version out where it is deprecated.
#[repr(C)]
struct DictHead {
    base: ffi::PyObject,
    used: ffi::Py_ssize_t,
    version: u64,
    keys: *mut ffi::PyObject,
    values: *mut ffi::PyObject,
}

impl DictHead {
    /// CPython's version of the content (PEP 509): each change gives the dict another one, and no two dicts ever have the
    /// same. None where there is none to go by: in 3.14 and later, and in 3.13 for attributes that may still lie in their
    /// object, where they are set without the dict's taking notice.
    #[inline]
    fn version(&self, py: Python<'_>) -> Option<u64> {
        let minor = minor(py);
        (minor < 13 || minor == 13 && self.values.is_null()).then_some(self.version)
    }
}

/// The version of a dict's content, if there is one.
#[inline]
pub fn dict_version(dict: &Bound<'_, PyDict>) -> Option<u64> {
    // SAFETY: a live dict begins like that in the versions that look at it; read while attached.
    unsafe { &*dict.as_ptr().cast::<DictHead>() }.version(dict.py())
}

/// The versions of an instance's class and of its `__dict__`. None if there are none, or the dict does not lie in the
/// open.
#[inline]
pub fn instance_versions(object: &Bound<'_, PyAny>) -> Option<InstanceVersions> {
    // SAFETY: a live object and its type. A type with a positive dict offset has a pointer to the instance's dict, or
    // NULL, that far into the instance; nothing but a dict can be put there. Read while attached.
    let (class, dict) = unsafe {
        let kind = object.get_type_ptr();
        let class = version_of(object.py(), kind)?;
        let offset = (*kind).tp_dictoffset;
        if offset <= 0 {
            return None;
        }
        let dict = *object.as_ptr().byte_offset(offset).cast::<*const DictHead>();
        (class, dict.as_ref()?.version(object.py())?)
    };
    Some(InstanceVersions { class, dict })
}

/// Whether an attribute of the class's instances is looked up as `object` does it: nobody has defined `__getattribute__`
/// or `__getattr__`.
pub fn has_generic_getattr(class: &Bound<'_, PyType>) -> bool {
    // SAFETY: a live type object, read while attached; two function pointers are compared.
    unsafe {
        (*class.as_type_ptr())
            .tp_getattro
            .is_some_and(|look| look as usize == ffi::PyObject_GenericGetAttr as *const () as usize)
    }
}

/// Whether an object is iterated as instances of `base`, one of its classes, are.
pub fn has_iterator_of(object: &Bound<'_, PyAny>, base: &Bound<'_, PyType>) -> bool {
    // SAFETY: two live type objects, read while attached; two function pointers are compared.
    unsafe {
        let own = (*object.get_type_ptr()).tp_iter.map(|iterate| iterate as usize);
        own == (*base.as_type_ptr()).tp_iter.map(|iterate| iterate as usize)
    }
}

/// The instance's `__dict__` itself (not a copy), without a Python-level attribute look-up.
pub fn instance_dict<'py>(object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyDict>> {
    // SAFETY: GenericGetDict gives a new reference to the instance's dict or NULL with AttributeError set.
    let dict = unsafe {
        Bound::from_owned_ptr_or_err(
            object.py(),
            ffi::PyObject_GenericGetDict(object.as_ptr(), ptr::null_mut()),
        )?
    };
    dict.cast_into::<PyDict>()
        .map_err(|_| PySystemError::new_err("an instance __dict__ is not a dict"))
}

/// Whether an object is held by its one holder here alone, so that nobody could see it changed.
pub fn is_unshared(object: &Bound<'_, PyAny>) -> bool {
    // SAFETY: a live object, looked at while attached.
    unsafe { ffi::Py_REFCNT(object.as_ptr()) == 1 }
}

/// What calling an object runs.
pub enum Runs<'py> {
    /// C, and no coroutine.
    BuiltIn,
    /// This code object of a Python function.
    Code(Bound<'py, PyAny>),
    Unknown,
}

pub fn what_runs<'py>(callable: &Bound<'py, PyAny>) -> Runs<'py> {
    // SAFETY: two type pointers are compared; the code object is a borrowed reference of a live function.
    unsafe {
        if ffi::PyCFunction_CheckExact(callable.as_ptr()) != 0 {
            return Runs::BuiltIn;
        }
        if ffi::Py_TYPE(callable.as_ptr()) != &raw mut ffi::PyFunction_Type {
            return Runs::Unknown;
        }
        Runs::Code(Borrowed::from_ptr(callable.py(), ffi::PyFunction_GetCode(callable.as_ptr())).to_owned())
    }
}

/// A method descriptor bound to an object, as looking it up on that would give it.
pub fn bound_method<'py>(descriptor: &Bound<'py, PyAny>, object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: both are live objects and the type is the object's own; NULL means an error is set.
    unsafe {
        let bind = (*ffi::Py_TYPE(descriptor.as_ptr()))
            .tp_descr_get
            .ok_or_else(|| PySystemError::new_err("not a descriptor"))?;
        let kind = ffi::Py_TYPE(object.as_ptr()).cast();
        Bound::from_owned_ptr_or_err(object.py(), bind(descriptor.as_ptr(), object.as_ptr(), kind))
    }
}

/// Makes an instance of an ordinary Python class without calling any `__new__` or `__init__` of it.
pub fn bare_object<'py>(kind: &Bound<'py, PyType>) -> PyResult<Bound<'py, PyAny>> {
    bare_instance::<PyAny>(kind)
}

/// Makes an instance of `kind`, a Python subclass of the pyclass `T` (or of nothing but `object`), without calling any
/// `__init__`.
pub fn bare_instance<'py, T: PyTypeInfo>(kind: &Bound<'py, PyType>) -> PyResult<Bound<'py, PyAny>> {
    let py = kind.py();
    let empty = PyTuple::empty(py);
    let base = T::type_object(py);
    // SAFETY: tp_new of a pyclass, and of object, accepts a subtype, an empty tuple and no keywords; NULL means an error
    // is set.
    unsafe {
        let make = (*base.as_type_ptr())
            .tp_new
            .ok_or_else(|| PySystemError::new_err("the core type can't be instantiated"))?;
        Bound::from_owned_ptr_or_err(py, make(kind.as_type_ptr(), empty.as_ptr(), ptr::null_mut()))
    }
}

/// `text` as a Python string, without the decoder when all of it is ASCII. For the many short strings of JSON.
pub fn text<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyString>> {
    // Python has one object each for the strings of one letter.
    if text.len() < 2 || !text.is_ascii() {
        return Ok(PyString::new(py, text));
    }
    // SAFETY: PyUnicode_New gives a new string of so many ASCII letters, which nobody else has seen yet, or NULL with an
    // error set; as many bytes are copied into it.
    unsafe {
        let made = Bound::from_owned_ptr_or_err(py, ffi::PyUnicode_New(text.len().cast_signed(), 0x7f))?;
        let letters = ffi::PyUnicode_1BYTE_DATA(made.as_ptr());
        ptr::copy_nonoverlapping(text.as_ptr(), letters, text.len());
        Ok(made.cast_into_unchecked())
    }
}

/// `text` as an instance of `kind`, a subclass of `str` without a constructor to run: `str.__new__(kind, text)`.
pub fn text_of_subclass<'py>(kind: &Bound<'py, PyType>, text: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
    let py = kind.py();
    if !kind.is_subclass_of::<PyString>()? {
        return Err(PySystemError::new_err("not a subclass of str"));
    }
    let arguments = PyTuple::new(py, [text])?;
    // SAFETY: `str`'s tp_new accepts a subtype of it, a tuple and no keywords; NULL means an error is set.
    unsafe {
        let make = ffi::PyUnicode_Type
            .tp_new
            .ok_or_else(|| PySystemError::new_err("str can't be instantiated"))?;
        Bound::from_owned_ptr_or_err(py, make(kind.as_type_ptr(), arguments.as_ptr(), ptr::null_mut()))
    }
}

/// The number that Linux has for the kind of file system a file lies on.
pub fn file_system(file: &File) -> Option<i64> {
    let mut found = MaybeUninit::<libc::statfs>::uninit();
    // SAFETY: the descriptor is open, and the structure is filled in by a call that succeeds.
    let found = unsafe {
        if libc::fstatfs(file.as_raw_fd(), found.as_mut_ptr()) != 0 {
            return None;
        }
        found.assume_init()
    };
    #[allow(
        clippy::useless_conversion,
        reason = "the field has another type with other C libraries"
    )]
    i64::try_from(found.f_type).ok()
}

/// A descriptor of our own for the file that an open Python file object has under this number.
pub fn duplicate(_open: &Bound<'_, PyAny>, number: i32) -> Option<OwnedFd> {
    if number < 0 {
        return None;
    }
    // SAFETY: the file object that owns the number is open, and nothing can close it while this thread is attached.
    unsafe { BorrowedFd::borrow_raw(number) }.try_clone_to_owned().ok()
}

/// Part of a file as `bytes`, read into them directly and without the interpreter. All of it must be there.
pub fn bytes_of_file<'py>(
    py: Python<'py>,
    file: &File,
    start: u64,
    length: usize,
) -> std::io::Result<Bound<'py, PyBytes>> {
    let size = ffi::Py_ssize_t::try_from(length).map_err(|_| ErrorKind::OutOfMemory)?;
    // SAFETY: without a source, the object is new and its content not written yet; NULL means an error is set.
    let bytes = unsafe { Bound::from_owned_ptr_or_err(py, ffi::PyBytes_FromStringAndSize(ptr::null(), size)) };
    let bytes = bytes.map_err(|_| ErrorKind::OutOfMemory)?.cast_into::<PyBytes>();
    let bytes = bytes.expect("invariant: it was made as bytes");
    // SAFETY: the pointer to the content of the object made above.
    let place = unsafe { ffi::PyBytes_AsString(bytes.as_ptr()) } as usize;
    py.detach(|| {
        let mut filled = 0;
        while filled < length {
            let offset = libc::off_t::try_from(start + filled as u64).map_err(|_| ErrorKind::InvalidInput)?;
            let target = (place + filled) as *mut libc::c_void;
            // SAFETY: `length - filled` bytes of the object are behind `target`; nobody else has seen it yet, and it
            // lives longer than this call.
            let read = unsafe { libc::pread(file.as_raw_fd(), target, length - filled, offset) };
            match usize::try_from(read) {
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(read) => filled += read,
                Err(_) => match std::io::Error::last_os_error() {
                    error if error.kind() == ErrorKind::Interrupted => {}
                    error => return Err(error),
                },
            }
        }
        Ok(())
    })?;
    Ok(bytes)
}
