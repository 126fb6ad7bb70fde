//! Statements of a program.

use pyo3::exceptions::PyKeyError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyTuple};

use super::flow::Flow;
use super::frame::Frame;
use super::functions::{InnerFunction, RenderFunction, cells_for};
use super::loops::LoopState;
use super::output::Output;
use crate::templates::program::{AssignTarget, Dependency, Escaping, Expr, For, Sink, Stmt, StmtKind, Try};

type Done<'py> = PyResult<Flow<'py>>;

impl<'a, 'py> Frame<'a, 'py> {
    /// Runs the statements of a block.
    pub fn run(&mut self, block: &'a [Stmt], out: &mut Output) -> Done<'py> {
        for statement in block {
            match self.statement(&statement.kind, out) {
                Ok(Flow::Next) => {}
                Err(error) => {
                    self.failed_line.get_or_insert(statement.line);
                    return Err(error);
                }
                ended => return ended,
            }
        }
        Ok(Flow::Next)
    }

    fn statement(&mut self, kind: &'a StmtKind, out: &mut Output) -> Done<'py> {
        match kind {
            StmtKind::Data(sink, text) => self.sink(*sink, out).data(text),
            StmtKind::Print(sink, value, escaping) => self.print(*sink, value, *escaping, out)?,
            StmtKind::Emit(sink, value) => {
                let value = self.eval(value)?;
                let kit = self.ambient.kit;
                self.sink(*sink, out).emit(kit, &value)?;
            }
            StmtKind::Render(sink, both) => self.render(*sink, both, out)?,
            StmtKind::Drain(sink, source) => {
                let source = self.eval(source)?;
                self.drain(*sink, &source, out)?;
            }
            StmtKind::Assign(targets, value) => {
                let value = self.eval(value)?;
                for target in targets {
                    self.assign(target, value.clone())?;
                }
            }
            StmtKind::Evaluate(value) => drop(self.eval(value)?),
            StmtKind::If(branches, otherwise) => return self.choose(branches, otherwise, out),
            StmtKind::For(over) => return self.loop_over(over, out),
            StmtKind::Try(guarded) => return self.guarded(guarded, out),
            StmtKind::Define(var, number) => {
                let function = self.inner_function(*number)?;
                self.set(*var, function);
            }
            StmtKind::Dependency(wanted) => self.dependency(wanted)?,
            StmtKind::StartBuffer(number) => self.buffers[*number as usize] = Output::default(),
            StmtKind::Return(Expr::Buffered(number, escaping)) => {
                self.buffers[*number as usize].check()?;
                return Ok(Flow::ReturnBuffer(*number, *escaping));
            }
            StmtKind::Return(value) => return Ok(Flow::Return(self.eval(value)?)),
            StmtKind::Raise(error) => {
                let error = self.eval(error)?;
                return Err(PyErr::from_value(error));
            }
            StmtKind::Break => return Ok(Flow::Break),
            StmtKind::Continue => return Ok(Flow::Continue),
        }
        Ok(Flow::Next)
    }

    fn sink<'o>(&'o mut self, sink: Sink, out: &'o mut Output) -> &'o mut Output {
        match sink {
            None => out,
            Some(number) => &mut self.buffers[number as usize],
        }
    }

    /// Puts the value of an expression out.
    fn print(&mut self, sink: Sink, value: &'a Expr, escaping: Escaping, out: &mut Output) -> PyResult<()> {
        let kit = self.ambient.kit;
        let value = self.eval(value)?;
        self.sink(sink, out).print(kit, &value, escaping)
    }

    /// Puts out what a render function yields for a context: its program runs into the same text.
    #[inline(never)]
    fn render(&mut self, sink: Sink, both: &'a (Expr, Expr), out: &mut Output) -> PyResult<()> {
        let function = self.eval(&both.0)?;
        let context = self.eval(&both.1)?;
        let kit = self.ambient.kit;
        match function.cast_exact::<RenderFunction>() {
            Ok(native) if native.get().runs_for(kit, &context) => match sink {
                None => native.get().run(kit, &context, out),
                Some(number) => {
                    let mut buffer = self.take_buffer(number);
                    let done = native.get().run(kit, &context, &mut buffer);
                    self.buffers[number as usize] = buffer;
                    done
                }
            },
            _ => {
                let pieces = function.call1((context,))?;
                let done = self.drain(sink, &pieces, out);
                // As the generated code does where it stops half-way.
                if done.is_err()
                    && let Some(close) = pieces.getattr_opt(intern!(self.py, "close"))?
                {
                    close.call0()?;
                }
                done
            }
        }
    }

    fn drain(&mut self, sink: Sink, pieces: &Bound<'py, PyAny>, out: &mut Output) -> PyResult<()> {
        let kit = self.ambient.kit;
        for piece in pieces.try_iter()? {
            let piece = piece?;
            self.sink(sink, out).emit(kit, &piece)?;
        }
        Ok(())
    }

    fn choose(&mut self, branches: &'a [(Expr, Vec<Stmt>)], otherwise: &'a [Stmt], out: &mut Output) -> Done<'py> {
        for (test, body) in branches {
            if self.truth(test)? {
                return self.run(body, out);
            }
        }
        self.run(otherwise, out)
    }

    fn loop_over(&mut self, over: &'a For, out: &mut Output) -> Done<'py> {
        let items = self.eval(&over.items)?;
        if let Some(number) = over.state {
            self.loops[number as usize] = Some(LoopState::new(items)?);
            let done = self.loop_with_state(over, number as usize, out)?;
            self.loops[number as usize] = None;
            return Ok(done);
        }
        for item in items.try_iter()? {
            self.assign(&over.target, item?)?;
            match self.run(&over.body, out)? {
                Flow::Next | Flow::Continue => {}
                Flow::Break => break,
                ended => return Ok(ended),
            }
        }
        Ok(Flow::Next)
    }

    fn loop_with_state(&mut self, over: &'a For, number: usize, out: &mut Output) -> Done<'py> {
        loop {
            let Some(state) = &mut self.loops[number] else {
                return Ok(Flow::Next);
            };
            let Some(item) = state.advance()? else {
                return Ok(Flow::Next);
            };
            self.assign(&over.target, item)?;
            match self.run(&over.body, out)? {
                Flow::Next | Flow::Continue => {}
                Flow::Break => return Ok(Flow::Next),
                ended => return Ok(ended),
            }
        }
    }

    #[inline(never)]
    fn guarded(&mut self, guarded: &'a Try, out: &mut Output) -> Done<'py> {
        let mut done = self.run(&guarded.body, out);
        match (&done, &guarded.handler) {
            (Err(error), Some((class, body))) => {
                let error = error.value(self.py).clone();
                if error.is_instance(&self.eval(class)?)? {
                    self.failed_line = None;
                    done = self.run(body, out);
                }
            }
            (Ok(Flow::Next), _) => done = self.run(&guarded.otherwise, out),
            _ => {}
        }
        match self.run(&guarded.finally, out)? {
            Flow::Next => done,
            ended => Ok(ended),
        }
    }

    #[inline(never)]
    fn inner_function(&mut self, number: usize) -> PyResult<Bound<'py, PyAny>> {
        let captured = &self.code.program.functions[number].captured;
        let made = InnerFunction {
            owner: self.owner.clone().unbind(),
            number,
            cells: cells_for(self, captured),
            context: self.ambient.context.clone().unbind(),
            undefined: self.ambient.undefined.clone().unbind(),
        };
        Ok(Bound::new(self.py, made)?.into_any())
    }

    /// Looks a filter or a test up; one that isn't there fails where it is called.
    fn dependency(&mut self, wanted: &'a Dependency) -> PyResult<()> {
        let table = self.ambient.environment.getattr(self.name(wanted.table))?;
        let name = self.name(wanted.name);
        let found = match table.cast_exact::<PyDict>() {
            Ok(table) => table.get_item(name)?,
            Err(_) => match table.get_item(name) {
                Ok(found) => Some(found),
                Err(error) if error.is_instance_of::<PyKeyError>(self.py) => None,
                Err(error) => return Err(error),
            },
        };
        let found = match found {
            Some(found) => found,
            None => self.py.import("flask._jinja")?.getattr("_missing_dependency")?.call1((
                &wanted.missing,
                self.var_name(wanted.var),
                &self.owner.get().namespace,
            ))?,
        };
        self.set(wanted.var, found);
        Ok(())
    }

    /// Gives a target its value.
    pub fn assign(&mut self, target: &'a AssignTarget, value: Bound<'py, PyAny>) -> PyResult<()> {
        match target {
            AssignTarget::Var(var) => {
                self.set(*var, value);
                Ok(())
            }
            AssignTarget::Nowhere => Ok(()),
            AssignTarget::Attribute(of, name) => self.eval(of)?.setattr(self.name(*name), value),
            AssignTarget::Subscript(of, index) => {
                let of = self.eval(of)?;
                let index = self.eval(index)?;
                match self.ambient.kit.namespace(&of) {
                    Some(variables) => variables.set_item(index, value),
                    None => of.set_item(index, value),
                }
            }
            AssignTarget::Tuple(targets) => self.unpack(targets, &value),
        }
    }

    /// Gives several targets the items of a value.
    fn unpack(&mut self, targets: &'a [AssignTarget], value: &Bound<'py, PyAny>) -> PyResult<()> {
        if let Ok(items) = value.cast_exact::<PyTuple>()
            && items.len() == targets.len()
        {
            let items = items.clone();
            for (target, item) in targets.iter().zip(items.iter()) {
                self.assign(target, item)?;
            }
            return Ok(());
        }
        let items = unpacked(value, targets.len())?;
        for (target, item) in targets.iter().zip(items) {
            self.assign(target, item)?;
        }
        Ok(())
    }
}

/// Exactly as many items as are wanted of a value: by Python, with its errors for any other number.
fn unpacked<'py>(value: &Bound<'py, PyAny>, wanted: usize) -> PyResult<Bound<'py, PyTuple>> {
    static UNPACKED: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let unpack = UNPACKED.import(value.py(), "flask._jinja", "_unpacked")?;
    Ok(unpack.call1((value, wanted))?.cast_into()?)
}
