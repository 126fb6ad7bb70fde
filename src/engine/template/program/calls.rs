//! Calls: of anything, and those of a template's author, which may have to pass the context along.

use pyo3::exceptions::PyStopIteration;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};

use super::arguments::Arguments;
use super::frame::Frame;
use super::kit::Wants;
use super::{macros, native_calls};
use crate::engine::template::jinja_context::exhausted;
use crate::engine::template::pass_mark::{PassMark, mark_of};
use crate::templates::program::{Call, TemplateCall};

type Value<'py> = PyResult<Bound<'py, PyAny>>;

impl<'a, 'py> Frame<'a, 'py> {
    /// A call as Python makes it.
    #[inline(never)]
    pub fn call(&mut self, call: &'a Call) -> Value<'py> {
        let callee = self.eval(&call.callee)?;
        let arguments = self.arguments(&callee, call)?;
        let kit = self.ambient.kit;
        if arguments.keywords.is_none()
            && let Some(native) = kit.native(&callee)
            && let Some(value) = native_calls::call(native, kit, &arguments.args)?
        {
            return Ok(value);
        }
        arguments.pass_to(&callee)
    }

    /// The arguments in Python's order: positions, the starred ones, keywords.
    fn arguments(&mut self, callee: &Bound<'py, PyAny>, call: &'a Call) -> PyResult<Arguments<'py>> {
        let mut args = Vec::with_capacity(call.args.len() + 1);
        for argument in &call.args {
            args.push(self.eval(argument)?);
        }
        if let Some(star) = &call.star {
            let star = self.eval(star)?;
            args.extend(starred(&star)?);
        }
        let mut keywords = None;
        if !call.keywords.is_empty() || call.double_star.is_some() {
            keywords = Some(self.keywords(callee, call)?);
        }
        Ok(Arguments { args, keywords })
    }

    fn keywords(&mut self, callee: &Bound<'py, PyAny>, call: &'a Call) -> PyResult<Bound<'py, PyDict>> {
        let keywords = PyDict::new(self.py);
        for (name, value) in &call.keywords {
            let value = self.eval(value)?;
            keywords.set_item(self.name(*name), value)?;
        }
        if let Some(double_star) = &call.double_star {
            let more = self.eval(double_star)?;
            return merged(callee, keywords, &more);
        }
        Ok(keywords)
    }

    /// `context.call(callable, ...)`.
    #[inline(never)]
    pub fn template_call(&mut self, call: &'a TemplateCall) -> Value<'py> {
        let callee = self.eval(&call.call.callee)?;
        let mut arguments = self.template_arguments(&call.call)?;
        let kit = self.ambient.kit;
        let wants = match mark_of(&callee)? {
            PassMark::None => None,
            PassMark::Some(mark) => match kit.wants(&mark) {
                Some(wants) => Some(wants),
                None => return self.call_by_context(&callee, arguments, call),
            },
            PassMark::Unknown if kit.is_macro(&callee) => {
                let autoescape = self.autoescape()?;
                return match macros::call(kit, &callee, arguments, &autoescape)? {
                    macros::Called::Done(value) => Ok(value),
                    macros::Called::ByPython(arguments) => self.call_by_context(&callee, arguments, call),
                };
            }
            PassMark::Unknown
                if kit.is_block_reference(&callee) && arguments.args.is_empty() && arguments.keywords.is_none() =>
            {
                return match macros::block(kit, &callee)? {
                    Some(text) => Ok(text),
                    None => self.call_by_context(&callee, arguments, call),
                };
            }
            PassMark::Unknown => return self.call_by_context(&callee, arguments, call),
        };
        if let Some(wants) = wants {
            let first = self.first_argument(wants, call)?;
            arguments.args.insert(0, first);
        }
        match arguments.pass_to(&callee) {
            Err(error) if error.is_instance_of::<PyStopIteration>(self.py) => {
                // Jinja2 has a value for this, and says in it what happened.
                self.call_by_context(&exhausted(self.py)?, Arguments::default(), call)
            }
            answer => answer,
        }
    }

    fn template_arguments(&mut self, call: &'a Call) -> PyResult<Arguments<'py>> {
        // What Python calls is the context's method: errors about stars name it.
        let method = match &call.double_star {
            Some(_) => self.py.import("jinja2.runtime")?.getattr("Context")?.getattr("call")?,
            None => self.ambient.context.clone(),
        };
        self.arguments(&method, call)
    }

    /// What a callable that is marked for it gets first.
    fn first_argument(&mut self, wants: Wants, call: &'a TemplateCall) -> Value<'py> {
        let py = self.py;
        let context = &self.ambient.context;
        match wants {
            Wants::Environment => context.getattr(intern!(py, "environment")),
            Wants::EvalContext => context.getattr(intern!(py, "eval_ctx")),
            Wants::Context => {
                let mut derived = context.clone();
                for vars in [call.loop_vars, call.block_vars].into_iter().flatten() {
                    let vars = self.get(vars)?;
                    if vars.is_truthy()? {
                        derived = derived.call_method1(intern!(py, "derived"), (vars,))?;
                    }
                }
                Ok(derived)
            }
        }
    }

    fn autoescape(&self) -> Value<'py> {
        let py = self.py;
        let evaluation = self.ambient.context.getattr(intern!(py, "eval_ctx"))?;
        evaluation.getattr(intern!(py, "autoescape"))
    }

    /// Leaves a call to the context's own method, which knows every kind of callable.
    fn call_by_context(
        &mut self,
        callee: &Bound<'py, PyAny>,
        arguments: Arguments<'py>,
        call: &'a TemplateCall,
    ) -> Value<'py> {
        let py = self.py;
        let keywords = arguments.keywords.unwrap_or_else(|| PyDict::new(py));
        let own = [
            (intern!(py, "_loop_vars"), call.loop_vars),
            (intern!(py, "_block_vars"), call.block_vars),
        ];
        for (name, var) in own {
            if let Some(var) = var {
                keywords.set_item(name, self.get(var)?)?;
            }
        }
        let mut args = arguments.args;
        args.insert(0, callee.clone());
        let method = self.ambient.context.getattr(intern!(py, "call"))?;
        method.call(PyTuple::new(py, args)?, Some(&keywords))
    }
}

/// Keyword arguments with those of a doubly starred argument; errors name the function that Python calls.
fn merged<'py>(
    callee: &Bound<'py, PyAny>,
    keywords: Bound<'py, PyDict>,
    more: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyDict>> {
    static MERGED: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let py = callee.py();
    if let Ok(more) = more.cast_exact::<PyDict>() {
        let fits = more
            .iter()
            .all(|(name, _)| name.is_exact_instance_of::<PyString>() && !keywords.contains(name).unwrap_or(true));
        if fits {
            keywords.update(more.as_mapping())?;
            return Ok(keywords);
        }
    }
    let merge = MERGED.import(py, "flask._jinja", "_merged_keywords")?;
    Ok(merge.call1((callee, keywords, more))?.cast_into()?)
}

/// The items of a starred argument.
fn starred<'py>(star: &Bound<'py, PyAny>) -> PyResult<Vec<Bound<'py, PyAny>>> {
    static STARRED: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    if let Ok(items) = star.cast_exact::<PyTuple>() {
        return Ok(items.iter().collect());
    }
    // Collected by Python, with its error for what is not iterable.
    let items = STARRED.import(star.py(), "flask._jinja", "_starred")?.call1((star,))?;
    Ok(items.cast_into::<PyList>()?.iter().collect())
}
