//! The functions of expressions.
//!
//! To add one: a row in [`FUNCTIONS`] and its work. Sources: GitHub's documentation,
//! "Evaluate expressions in workflows and actions", and the runner's code, 2026-11.

use self::Parameter::{Any, Condition, Items, Scalar};
use super::compare::{equal, fold};
use super::format::format;
use super::types::Type;
use super::value::Value;
use super::{MAX_MEMORY, TOO_LARGE, json};

/// A function.
#[derive(Debug)]
pub struct Function {
    /// Its name as GitHub's documentation writes it; case does not count.
    pub name: &'static str,
    /// How many arguments it takes.
    pub arity: Arity,
    /// What it takes as arguments; the last one stands for all behind it.
    parameters: &'static [Parameter],
    /// The type of what it gives.
    pub(super) returns: Type,
    /// What it does.
    pub(super) work: Work,
}

/// How many arguments a function takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arity {
    /// At least.
    pub least: usize,
    /// At most.
    pub most: usize,
}

/// What a function takes as an argument. Whatever is no text is written as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Parameter {
    Any,
    /// No array and no object.
    Scalar,
    /// No object.
    Items,
    /// A boolean and nothing else.
    Condition,
}

#[derive(Debug)]
pub(super) enum Work {
    /// A value from values.
    Pure(fn(&[Value]) -> Result<Value, String>),
    /// What became of the steps or jobs before.
    Status(Status),
    /// A hash over files of the workspace.
    HashFiles,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Always,
    Cancelled,
    Failure,
    Success,
}

const fn row(
    name: &'static str,
    [least, most]: [usize; 2],
    parameters: &'static [Parameter],
    returns: Type,
    work: Work,
) -> Function {
    Function {
        name,
        arity: Arity { least, most },
        parameters,
        returns,
        work,
    }
}

/// GitHub's limit.
const MANY: usize = 255;

/// All functions, by name.
pub static FUNCTIONS: [Function; 13] = [
    row(
        "always",
        [0, 0],
        &[],
        Type::Bool,
        Work::Status(Status::Always),
    ),
    row(
        "cancelled",
        [0, 0],
        &[],
        Type::Bool,
        Work::Status(Status::Cancelled),
    ),
    row("case", [3, MANY], &[], Type::Any, Work::Pure(case)),
    row(
        "contains",
        [2, 2],
        &[Items, Any],
        Type::Bool,
        Work::Pure(contains),
    ),
    row(
        "endsWith",
        [2, 2],
        &[Scalar],
        Type::Bool,
        Work::Pure(ends_with),
    ),
    // In the condition of a job it may name jobs; of a step, nothing.
    row(
        "failure",
        [0, MANY],
        &[Scalar],
        Type::Bool,
        Work::Status(Status::Failure),
    ),
    row(
        "format",
        [1, MANY],
        &[Scalar, Any],
        Type::Text,
        Work::Pure(format),
    ),
    row(
        "fromJSON",
        [1, 1],
        &[Scalar],
        Type::Any,
        Work::Pure(from_json),
    ),
    row(
        "hashFiles",
        [1, MANY],
        &[Scalar],
        Type::Text,
        Work::HashFiles,
    ),
    row(
        "join",
        [1, 2],
        &[Items, Scalar],
        Type::Text,
        Work::Pure(join),
    ),
    row(
        "startsWith",
        [2, 2],
        &[Scalar],
        Type::Bool,
        Work::Pure(starts_with),
    ),
    row(
        "success",
        [0, MANY],
        &[Scalar],
        Type::Bool,
        Work::Status(Status::Success),
    ),
    row("toJSON", [1, 1], &[Any], Type::Text, Work::Pure(to_json)),
];

impl Function {
    /// Returns the function of this name.
    pub fn find(name: &str) -> Option<&'static Self> {
        let mut all = FUNCTIONS.iter();
        all.find(|function| function.name.eq_ignore_ascii_case(name))
    }

    /// What it takes as this one of so many arguments.
    pub(super) fn parameter(&self, at: usize, count: usize) -> Parameter {
        if self.name == "case" {
            let is_condition = at.is_multiple_of(2) && at + 1 < count;
            return if is_condition { Condition } else { Any };
        }
        let known = self.parameters.get(at).or(self.parameters.last());
        known.copied().unwrap_or(Any)
    }

    /// Says whether it tells what became of the steps or jobs before.
    pub fn is_status(&self) -> bool {
        matches!(self.work, Work::Status(_))
    }
}

fn case(values: &[Value]) -> Result<Value, String> {
    let (default, pairs) = match values {
        [pairs @ .., default] => (default, pairs),
        [] => return Ok(Value::Null),
    };
    for pair in pairs.chunks(2) {
        let [Value::Bool(holds), value] = pair else {
            return Err("a condition of `case` is neither true nor false".to_owned());
        };
        if *holds {
            return Ok(value.clone());
        }
    }
    Ok(default.clone())
}

fn contains(values: &[Value]) -> Result<Value, String> {
    let found = match values {
        [Value::Array(array), item] => array.items.iter().any(|known| equal(item, known)),
        [text, part] if text.is_primitive() && part.is_primitive() => {
            fold(&text.to_text()).contains(&fold(&part.to_text()))
        }
        _ => false,
    };
    Ok(Value::Bool(found))
}

fn starts_with(values: &[Value]) -> Result<Value, String> {
    Ok(at_an_end(values, |text, part| text.starts_with(part)))
}

fn ends_with(values: &[Value]) -> Result<Value, String> {
    Ok(at_an_end(values, |text, part| text.ends_with(part)))
}

fn at_an_end(values: &[Value], holds: fn(&str, &str) -> bool) -> Value {
    let found = match values {
        [text, part] if text.is_primitive() && part.is_primitive() => {
            holds(&fold(&text.to_text()), &fold(&part.to_text()))
        }
        _ => false,
    };
    Value::Bool(found)
}

fn join(values: &[Value]) -> Result<Value, String> {
    let joined = match values {
        [Value::Array(array), rest @ ..] => {
            let separator = match rest {
                [separator] if separator.is_primitive() => separator.to_text(),
                _ => ",".into(),
            };
            let items: Vec<_> = array.items.iter().map(Value::to_text).collect();
            let length: usize = items.iter().map(|item| item.len() + separator.len()).sum();
            if length > MAX_MEMORY {
                return Err(TOO_LARGE.to_owned());
            }
            items.join(&*separator)
        }
        [single, ..] if single.is_primitive() => single.to_text().to_string(),
        _ => String::new(),
    };
    Ok(Value::text(joined))
}

fn from_json(values: &[Value]) -> Result<Value, String> {
    json::read(&values[0].to_text())
}

fn to_json(values: &[Value]) -> Result<Value, String> {
    Ok(Value::text(json::write(&values[0])))
}
