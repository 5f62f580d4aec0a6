//! The value of an expression.

use super::check::check;
use super::compare::{equal, order};
use super::function::{Function, Status, Work};
use super::node::{Kind, Node, Operator};
use super::problem::{Problem, Reason};
use super::value::{Object, Value};
use super::{MAX_MEMORY, TOO_LARGE};

/// What an evaluation asks of the world.
pub trait World {
    /// Returns what `hashFiles` gives for these patterns.
    ///
    /// # Errors
    ///
    /// A message why the files cannot be read.
    fn hash_files(&self, patterns: &[&str]) -> Result<String, String>;
}

/// Evaluates an expression.
///
/// A context that is not among `contexts` is null.
///
/// # Errors
///
/// A call that [`check`](super::check()) refuses, what a function fails at, or that the value
/// grows too large.
pub fn evaluate(node: &Node<'_>, contexts: &Object, world: &dyn World) -> Result<Value, Problem> {
    if let Some(problem) = check(node, &|_| true).into_iter().next() {
        return Err(problem);
    }
    let mut evaluation = Evaluation {
        contexts,
        world,
        memory: 0,
    };
    evaluation.value(node)
}

struct Evaluation<'e> {
    contexts: &'e Object,
    world: &'e dyn World,
    memory: usize,
}

impl Evaluation<'_> {
    fn value(&mut self, node: &Node<'_>) -> Result<Value, Problem> {
        let value = match &node.kind {
            Kind::Null => Value::Null,
            Kind::Bool(value) => Value::Bool(*value),
            Kind::Number(value) => Value::Number(*value),
            Kind::Text(text) => Value::text(text.as_str()),
            Kind::Context(name) => self.contexts.get(name).cloned().unwrap_or(Value::Null),
            Kind::Property(base, name, _) => {
                let base = self.value(base)?;
                at(&base, &Value::text(*name))
            }
            Kind::Index(base, index) => {
                let base = self.value(base)?;
                let index = self.value(index)?;
                at(&base, &index)
            }
            Kind::Star(base) => {
                let base = self.value(base)?;
                all(&base)
            }
            Kind::Call(name, _, arguments) => return self.call(node, name, arguments),
            Kind::Not(inner) => Value::Bool(!self.value(inner)?.is_true()),
            Kind::Compare(operator, both) => {
                let left = self.value(&both[0])?;
                let right = self.value(&both[1])?;
                Value::Bool(holds(*operator, &left, &right))
            }
            Kind::And(operands) => return self.first(operands, false),
            Kind::Or(operands) => return self.first(operands, true),
            Kind::Group(inner) => return self.value(inner),
        };
        self.grow(&value, node)?;
        Ok(value)
    }

    /// The first operand that decides, or the last one.
    fn first(&mut self, operands: &[Node<'_>], decides: bool) -> Result<Value, Problem> {
        let mut value = Value::Null;
        for operand in operands {
            value = self.value(operand)?;
            if value.is_true() == decides {
                break;
            }
        }
        Ok(value)
    }

    fn call(
        &mut self,
        node: &Node<'_>,
        name: &str,
        arguments: &[Node<'_>],
    ) -> Result<Value, Problem> {
        let Some(function) = Function::find(name) else {
            let reason = Reason::UnknownFunction(name.to_owned());
            return Err(Problem::new(reason, node.span));
        };
        let values = arguments.iter().map(|argument| self.value(argument));
        let values: Vec<_> = values.collect::<Result<_, _>>()?;
        let fails = |why| Problem::new(Reason::Fails(why), node.span);
        let value = match &function.work {
            Work::Pure(work) => work(&values).map_err(fails)?,
            Work::Status(status) => Value::Bool(self.status(*status, &values)),
            Work::HashFiles => {
                let patterns: Vec<_> = values.iter().map(Value::to_text).collect();
                let patterns: Vec<_> = patterns.iter().map(|pattern| &**pattern).collect();
                Value::text(self.world.hash_files(&patterns).map_err(fails)?)
            }
        };
        self.grow(&value, node)?;
        Ok(value)
    }

    /// What became of the steps before, by `job.status`, or of the needed jobs, by `needs`.
    fn status(&self, status: Status, named: &[Value]) -> bool {
        let of_job = self
            .contexts
            .get("job")
            .map(|job| at(job, &Value::text("status")))
            .filter(Value::is_true);
        let results: Vec<_> = match (&of_job, self.contexts.get("needs")) {
            (Some(status), _) => vec![status.clone()],
            (None, Some(Value::Object(needs))) => {
                let wanted = |name: &str| {
                    named.is_empty() || named.iter().any(|known| equal(known, &Value::text(name)))
                };
                let jobs = needs.iter().filter(|(name, _)| wanted(name));
                jobs.map(|(_, job)| at(job, &Value::text("result")))
                    .collect()
            }
            _ => Vec::new(),
        };
        let is = |result: &Value, word: &str| equal(result, &Value::text(word));
        match status {
            Status::Always => true,
            Status::Success => results.iter().all(|result| is(result, "success")),
            Status::Failure => results.iter().any(|result| is(result, "failure")),
            Status::Cancelled => results.iter().any(|result| is(result, "cancelled")),
        }
    }

    fn grow(&mut self, value: &Value, node: &Node<'_>) -> Result<(), Problem> {
        self.memory += match value {
            Value::Text(text) => text.len(),
            Value::Array(array) => array.items.len() * size_of::<Value>(),
            _ => 0,
        };
        if self.memory > MAX_MEMORY {
            let reason = Reason::Fails(TOO_LARGE.to_owned());
            return Err(Problem::new(reason, node.span));
        }
        Ok(())
    }
}

fn holds(operator: Operator, left: &Value, right: &Value) -> bool {
    let order = || order(left, right);
    match operator {
        Operator::Equal => equal(left, right),
        Operator::NotEqual => !equal(left, right),
        Operator::Less => order().is_some_and(|order| order.is_lt()),
        Operator::Greater => order().is_some_and(|order| order.is_gt()),
        Operator::LessOrEqual => equal(left, right) || order().is_some_and(|order| order.is_lt()),
        Operator::GreaterOrEqual => {
            equal(left, right) || order().is_some_and(|order| order.is_gt())
        }
    }
}

/// What stands in a value under an index; null if nothing does.
fn at(base: &Value, index: &Value) -> Value {
    match base {
        Value::Array(array) if array.filtered => {
            let items = array.items.iter();
            Value::filtered(items.filter_map(|item| inside(item, index)).collect())
        }
        _ => inside(base, index).unwrap_or(Value::Null),
    }
}

fn inside(base: &Value, index: &Value) -> Option<Value> {
    match base {
        Value::Object(object) if index.is_primitive() => object.get(&index.to_text()).cloned(),
        Value::Array(array) => array.items.get(position(index)?).cloned(),
        _ => None,
    }
}

/// An index of an array: a number that is not negative, without its fraction.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn position(index: &Value) -> Option<usize> {
    let number = index.to_number();
    (number.is_finite() && number >= 0.0).then_some(number as usize)
}

/// What `*` gives: the values of an object, the items of an array, of a filtered one
/// those of its items.
fn all(base: &Value) -> Value {
    let items = match base {
        Value::Array(array) if array.filtered => array.items.iter().flat_map(items).collect(),
        _ => items(base),
    };
    Value::filtered(items)
}

fn items(base: &Value) -> Vec<Value> {
    match base {
        Value::Array(array) => array.items.clone(),
        Value::Object(object) => object.iter().map(|(_, value)| value.clone()).collect(),
        _ => Vec::new(),
    }
}
