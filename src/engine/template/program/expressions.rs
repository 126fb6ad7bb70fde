//! Expressions of a program, with Python's operators on Python's objects.

use pyo3::basic::CompareOp as RichCompare;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyList, PySet, PySlice, PyString, PyTuple};

use super::attributes;
use super::frame::Frame;
use super::loops::LoopState;
use crate::templates::program::{BinaryOp, CompareOp, Expr, FormatPiece};

type Value<'py> = PyResult<Bound<'py, PyAny>>;

impl<'a, 'py> Frame<'a, 'py> {
    /// The value of an expression.
    pub fn eval(&mut self, expr: &'a Expr) -> Value<'py> {
        match expr {
            Expr::Literal(number) => Ok(self.code.literals[*number as usize].bind(self.py).clone()),
            Expr::Var(var) => self.get(*var),
            Expr::Checked(var, name) => {
                let value = self.get(*var)?;
                if value.is(self.ambient.kit.missing(self.py)) {
                    return self.ambient.undefined_name(self.name(*name));
                }
                Ok(value)
            }
            Expr::Resolve(name) => self.ambient.resolve(self.name(*name)),
            Expr::TemplateAttr(of, name) => {
                let of = self.eval(of)?;
                attributes::attribute(self.ambient, &of, self.name(*name))
            }
            Expr::TemplateItem(both) => {
                let of = self.eval(&both.0)?;
                let index = self.eval(&both.1)?;
                attributes::item(self.ambient, &of, &index)
            }
            Expr::TemplateCall(call) => self.template_call(call),
            Expr::Call(call) => self.call(call),
            Expr::Global(number) => Ok(self.owner.get().global(self.py, *number)),
            Expr::Context => Ok(self.ambient.context.clone()),
            Expr::Environment => Ok(self.ambient.environment.clone()),
            Expr::Missing => Ok(self.ambient.kit.missing(self.py).clone()),
            Expr::UndefinedClass => Ok(self.ambient.undefined.clone()),
            Expr::And(both) => {
                let left = self.eval(&both.0)?;
                if left.is_truthy()? {
                    self.eval(&both.1)
                } else {
                    Ok(left)
                }
            }
            Expr::Or(both) => {
                let left = self.eval(&both.0)?;
                if left.is_truthy()? {
                    Ok(left)
                } else {
                    self.eval(&both.1)
                }
            }
            Expr::Conditional(parts) => {
                let chosen = if self.truth(&parts[0])? { &parts[1] } else { &parts[2] };
                self.eval(chosen)
            }
            Expr::Not(inner) => {
                let truth = self.truth(inner)?;
                Ok(PyBool::new(self.py, !truth).to_owned().into_any())
            }
            Expr::Compare(first, others) => self.compare(first, others),
            Expr::Binary(op, both) => self.binary(*op, both),
            Expr::LoopAttr(number, attribute) => match &mut self.loops[*number as usize] {
                Some(state) => state.attribute(*attribute),
                None => Ok(self.ambient.kit.missing(self.py).clone()),
            },
            Expr::Attribute(of, name) => self.eval(of)?.getattr(self.name(*name)),
            other => self.eval_rare(other),
        }
    }

    /// Expressions that few pages have. Apart, so that the stack of the others stays small.
    #[inline(never)]
    fn eval_rare(&mut self, expr: &'a Expr) -> Value<'py> {
        let py = self.py;
        match expr {
            Expr::Subscript(both) => {
                let of = self.eval(&both.0)?;
                let index = self.eval(&both.1)?;
                of.get_item(index)
            }
            Expr::LoopCycle(number, items) => {
                let items = self.eval_all(items)?;
                let index = self.loops[*number as usize].as_ref().map_or(0, LoopState::index0);
                Ok(items[index % items.len()].clone())
            }
            Expr::Buffered(number, escaping) => self.buffers[*number as usize].to_py(self.ambient.kit, py, *escaping),
            Expr::Slice(parts) => self.slice(parts),
            Expr::Negative(inner) => self.eval(inner)?.neg(),
            Expr::Positive(inner) => self.eval(inner)?.pos(),
            Expr::Tuple(items) => Ok(PyTuple::new(py, self.eval_all(items)?)?.into_any()),
            Expr::List(items) => Ok(PyList::new(py, self.eval_all(items)?)?.into_any()),
            Expr::Set(items) => Ok(PySet::new(py, self.eval_all(items)?)?.into_any()),
            Expr::Dict(entries) => {
                let dict = PyDict::new(py);
                for (key, value) in entries {
                    let key = self.eval(key)?;
                    dict.set_item(key, self.eval(value)?)?;
                }
                Ok(dict.into_any())
            }
            Expr::Format(pieces) => self.format(pieces),
            other => unreachable!("{other:?} is evaluated above"),
        }
    }

    pub fn eval_all(&mut self, items: &'a [Expr]) -> PyResult<Vec<Bound<'py, PyAny>>> {
        items.iter().map(|item| self.eval(item)).collect()
    }

    /// Whether an expression is true.
    pub fn truth(&mut self, expr: &'a Expr) -> PyResult<bool> {
        match expr {
            Expr::Not(inner) => Ok(!self.truth(inner)?),
            Expr::LoopAttr(number, attribute) => {
                let known = match &mut self.loops[*number as usize] {
                    Some(state) => state.truth(*attribute)?,
                    None => None,
                };
                match known {
                    Some(truth) => Ok(truth),
                    None => self.eval(expr)?.is_truthy(),
                }
            }
            _ => self.eval(expr)?.is_truthy(),
        }
    }

    #[inline(never)]
    fn compare(&mut self, first: &'a Expr, others: &'a [(CompareOp, Expr)]) -> Value<'py> {
        let py = self.py;
        let mut left = self.eval(first)?;
        let mut result = None;
        for (place, (op, other)) in others.iter().enumerate() {
            let right = self.eval(other)?;
            let truth = |truth: bool| PyBool::new(py, truth).to_owned().into_any();
            let compared = match op {
                CompareOp::Is => truth(left.is(&right)),
                CompareOp::IsNot => truth(!left.is(&right)),
                CompareOp::In => truth(right.contains(&left)?),
                CompareOp::NotIn => truth(!right.contains(&left)?),
                CompareOp::Equal => left.rich_compare(&right, RichCompare::Eq)?,
                CompareOp::NotEqual => left.rich_compare(&right, RichCompare::Ne)?,
                CompareOp::Less => left.rich_compare(&right, RichCompare::Lt)?,
                CompareOp::LessEqual => left.rich_compare(&right, RichCompare::Le)?,
                CompareOp::Greater => left.rich_compare(&right, RichCompare::Gt)?,
                CompareOp::GreaterEqual => left.rich_compare(&right, RichCompare::Ge)?,
            };
            let is_over = place + 1 == others.len() || !compared.is_truthy()?;
            result = Some(compared);
            if is_over {
                break;
            }
            left = right;
        }
        Ok(result.unwrap_or(left))
    }

    #[inline(never)]
    fn binary(&mut self, op: BinaryOp, both: &'a (Expr, Expr)) -> Value<'py> {
        let left = self.eval(&both.0)?;
        let right = self.eval(&both.1)?;
        match op {
            BinaryOp::Add => left.add(right),
            BinaryOp::Subtract => left.sub(right),
            BinaryOp::Multiply => left.mul(right),
            BinaryOp::Divide => left.div(right),
            BinaryOp::FloorDivide => left.floor_div(right),
            BinaryOp::Remainder => left.rem(right),
            BinaryOp::Power => left.pow(right, self.py.None()),
        }
    }

    fn slice(&mut self, parts: &'a [Option<Expr>; 3]) -> Value<'py> {
        let mut values = Vec::with_capacity(parts.len());
        for part in parts {
            values.push(match part {
                Some(part) => self.eval(part)?,
                None => self.py.None().into_bound(self.py),
            });
        }
        self.py.get_type::<PySlice>().call1(PyTuple::new(self.py, values)?)
    }

    fn format(&mut self, pieces: &'a [FormatPiece]) -> Value<'py> {
        let mut text = String::new();
        for piece in pieces {
            match piece {
                FormatPiece::Text(plain) => text.push_str(plain),
                FormatPiece::Repr(value) => text.push_str(&self.eval(value)?.repr()?.to_cow()?),
            }
        }
        Ok(PyString::new(self.py, &text).into_any())
    }
}
