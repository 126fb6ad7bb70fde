//! The items of a loop that pass its condition: what the generator that Jinja2 writes for a loop with an `if` yields.

use pyo3::PyTraverseError;
use pyo3::exceptions::PyTypeError;
use pyo3::gc::PyVisit;
use pyo3::prelude::*;
use pyo3::types::PyIterator;

use super::cell::VariableCell;
use super::flow::Flow;
use super::frame::Frame;
use super::functions::InnerFunction;
use super::kit::Kit;
use super::output::Output;
use super::tracebacks;
use crate::templates::program::{For, StmtKind};

/// An iterator over the items that pass. It begins with the first that is wanted, as a generator does.
#[pyclass(module = "ferroflask._core")]
pub struct FilteredItems {
    function: Py<InnerFunction>,
    arguments: Vec<Py<PyAny>>,
    progress: Progress,
}

/// How far the function has come.
enum Progress {
    NotBegun,
    Begun(Begun),
    /// There are no more items, or one has failed.
    Over,
}

/// The function between two items.
struct Begun {
    iterator: Py<PyIterator>,
    locals: Vec<Option<Py<PyAny>>>,
    cells: Vec<Py<VariableCell>>,
}

impl FilteredItems {
    pub fn new<'py>(
        function: &Bound<'py, InnerFunction>,
        arguments: Vec<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, Self>> {
        let made = Self {
            function: function.clone().unbind(),
            arguments: arguments.into_iter().map(Bound::unbind).collect(),
            progress: Progress::NotBegun,
        };
        Bound::new(function.py(), made)
    }
}

/// The next item that passes, and where the function stands then.
fn advance<'py>(
    frame: &mut Frame<'_, 'py>,
    iterator: Option<Py<PyIterator>>,
) -> PyResult<Option<(Bound<'py, PyAny>, Begun)>> {
    let py = frame.py;
    let Some((last, prologue)) = frame.function.body.split_last() else {
        return Ok(None);
    };
    let StmtKind::For(over) = &last.kind else {
        return Err(PyTypeError::new_err("a condition of a loop without a loop"));
    };
    let found = match iterator {
        Some(iterator) => Ok(iterator.into_bound(py)),
        None => frame
            .run(prologue, &mut Output::default())
            .and_then(|_| frame.eval(&over.items)?.try_iter()),
    };
    let found = found.and_then(|iterator| Ok((next_passing(frame, over, &iterator)?, iterator)));
    match found {
        Ok((Some(item), iterator)) => {
            let begun = Begun {
                iterator: iterator.unbind(),
                locals: frame.locals.drain(..).map(|value| value.map(Bound::unbind)).collect(),
                cells: frame.cells.drain(..).map(Bound::unbind).collect(),
            };
            Ok(Some((item, begun)))
        }
        Ok((None, _)) => Ok(None),
        Err(error) => {
            frame.failed_line.get_or_insert(last.line);
            Err(error)
        }
    }
}

fn next_passing<'a, 'py>(
    frame: &mut Frame<'a, 'py>,
    over: &'a For,
    iterator: &Bound<'py, PyIterator>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    for item in iterator {
        frame.assign(&over.target, item?)?;
        if let Flow::Return(item) = frame.run(&over.body, &mut Output::default())? {
            return Ok(Some(item));
        }
    }
    Ok(None)
}

#[pymethods]
impl FilteredItems {
    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__(slf: &Bound<'_, Self>) -> PyResult<Option<Py<PyAny>>> {
        let py = slf.py();
        let (function, arguments, progress) = {
            let mut this = slf.borrow_mut();
            let arguments = this.arguments.drain(..).collect::<Vec<_>>();
            (
                this.function.clone_ref(py),
                arguments,
                std::mem::replace(&mut this.progress, Progress::Over),
            )
        };
        let function = function.get();
        let Some(kit) = Kit::get(py) else {
            return Err(PyTypeError::new_err("a template's function without Jinja2"));
        };
        let owner = function.owner.bind(py);
        let ambient = function.ambient(kit, py);
        let mut frame = Frame::new(owner, function.number, &ambient, &function.cells)?;
        let iterator = match progress {
            Progress::Over => return Ok(None),
            Progress::Begun(begun) => {
                let locals = begun.locals.into_iter();
                frame.locals = locals.map(|value| value.map(|value| value.into_bound(py))).collect();
                frame.cells = begun.cells.into_iter().map(|cell| cell.into_bound(py)).collect();
                Some(begun.iterator)
            }
            Progress::NotBegun => {
                for (param, argument) in frame.function.params.iter().zip(arguments) {
                    frame.set(param.var, argument.into_bound(py));
                }
                None
            }
        };
        match advance(&mut frame, iterator) {
            Ok(None) => Ok(None),
            Ok(Some((item, begun))) => {
                slf.borrow_mut().progress = Progress::Begun(begun);
                Ok(Some(item.unbind()))
            }
            Err(error) => Err(tracebacks::add_frame(&frame, error)),
        }
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.function)?;
        for argument in &self.arguments {
            visit.call(argument)?;
        }
        if let Progress::Begun(begun) = &self.progress {
            visit.call(&begun.iterator)?;
            for value in begun.locals.iter().flatten() {
                visit.call(value)?;
            }
            for cell in &begun.cells {
                visit.call(cell)?;
            }
        }
        Ok(())
    }

    fn __clear__(&mut self) {
        self.arguments.clear();
        self.progress = Progress::Over;
    }
}
