//! The type of an expression, and what can never work by its types.

use super::format::placeholders;
use super::function::{Function, Parameter};
use super::node::{Kind, Node, Operator};
use super::problem::{Problem, Reason};
use super::types::{self, Type};
use super::{json, value::Value};
use crate::source::Span;

/// What the contexts are where an expression stands.
pub trait Scope {
    /// Returns the type of a context, in any case; anything if it is not known.
    fn context(&self, name: &str) -> Type;
}

/// Returns the type of an expression, and its problems in no order.
///
/// A condition is only asked whether its value counts as true.
pub fn infer(
    text: &str,
    node: &Node<'_>,
    is_condition: bool,
    scope: &dyn Scope,
) -> (Type, Vec<Problem>) {
    let mut inference = Inference {
        text,
        scope,
        asked: is_condition,
        problems: Vec::new(),
    };
    let typed = inference.value(node);
    (typed.all, inference.problems)
}

struct Inference<'e> {
    text: &'e str,
    scope: &'e dyn Scope,
    /// Whether the part that is read is only asked if there is a value.
    asked: bool,
    problems: Vec<Problem>,
}

/// What a part of an expression may be.
struct Typed {
    all: Type,
    /// What it may be where it counts as true.
    truthy: Type,
    /// Whether `*` made it: a name then goes to each item.
    filtered: bool,
}

impl From<Type> for Typed {
    fn from(type_: Type) -> Self {
        Self {
            truthy: type_.clone(),
            all: type_,
            filtered: false,
        }
    }
}

impl Typed {
    fn filtered(items: Type) -> Self {
        Self {
            filtered: true,
            ..Type::array(items).into()
        }
    }
}

impl Inference<'_> {
    fn value(&mut self, node: &Node<'_>) -> Typed {
        match &node.kind {
            Kind::Null => Type::Null.into(),
            Kind::Bool(_) => Type::Bool.into(),
            Kind::Number(_) => Type::Number.into(),
            Kind::Text(_) => Type::Text.into(),
            Kind::Context(name) => self.scope.context(name).into(),
            Kind::Group(inner) => self.value(inner),
            Kind::Property(base, name, at) => {
                let typed = self.value(base);
                self.property(&typed, base, name, *at)
            }
            Kind::Index(base, index) => self.index(base, index),
            Kind::Star(base) => {
                let typed = self.value(base);
                if let Some(scalar) = scalar(&typed.all) {
                    self.report(Reason::NoItems(scalar), base.span);
                }
                match (&typed.all, typed.filtered) {
                    (Type::Array(items), true) => Typed::filtered(items.inner()),
                    (type_, _) => Typed::filtered(type_.inner()),
                }
            }
            Kind::Not(inner) => {
                self.under(true, inner);
                Type::Bool.into()
            }
            Kind::Compare(operator, both) => {
                self.compare(*operator, both, node.span);
                Type::Bool.into()
            }
            Kind::And(nodes) => self.and(nodes),
            Kind::Or(nodes) => self.or(nodes),
            Kind::Call(name, _, arguments) => self.call(name, arguments),
        }
    }

    /// Reads a part that is only asked if there is a value, or one that is used.
    fn under(&mut self, asked: bool, node: &Node<'_>) -> Typed {
        let outside = std::mem::replace(&mut self.asked, asked);
        let typed = self.value(node);
        self.asked = outside;
        typed
    }

    /// Reads the operands of `&&` or `||`; the last one is used as the whole is.
    fn operands(&mut self, nodes: &[Node<'_>]) -> Vec<Typed> {
        let last = nodes.len().saturating_sub(1);
        let nodes = nodes.iter().enumerate();
        nodes
            .map(|(at, node)| self.under(self.asked || at < last, node))
            .collect()
    }

    fn report(&mut self, reason: Reason, span: Span) {
        self.problems.push(Problem::new(reason, span));
    }

    /// `base.name`.
    fn property(&mut self, typed: &Typed, base: &Node<'_>, name: &str, at: Span) -> Typed {
        let field = match &typed.all {
            Type::Array(items) if typed.filtered => {
                let inner = (**items).clone().into();
                let field = self.property(&inner, base, name, at);
                return Typed::filtered(field.all);
            }
            Type::Any => return Type::Any.into(),
            Type::Object(fields) => fields,
            other => {
                let (of, name) = (other.describe(), name.to_owned());
                self.report(Reason::NoFields { of, name }, base.span);
                return Type::Any.into();
            }
        };
        if let Some(type_) = field.get(name) {
            return type_.clone().into();
        }
        let reason = Reason::NoField {
            of: self.source(base.span).to_owned(),
            name: name.to_owned(),
            known: field.names().map(str::to_owned).collect(),
            asked: self.asked,
        };
        self.report(reason, at);
        Type::Any.into()
    }

    fn source(&self, span: Span) -> &str {
        let range = span.start as usize..span.end as usize;
        self.text.get(range).unwrap_or_default()
    }

    /// `base[index]`.
    fn index(&mut self, base: &Node<'_>, index: &Node<'_>) -> Typed {
        let typed = self.value(base);
        let by = self.value(index).all;
        if let Kind::Text(name) = &index.kind
            && !matches!(typed.all, Type::Array(_) if !typed.filtered)
        {
            return self.property(&typed, base, name, index.span);
        }
        let wrong = match (&typed.all, &by) {
            (_, Type::Any) | (Type::Any, _) => None,
            (Type::Array(_), Type::Number) => None,
            (Type::Array(_), other) => Some(("an array", other.describe())),
            (Type::Object(_), Type::Text) => None,
            // A number is the name of a port.
            (Type::Object(_), Type::Number) if !named(base) => None,
            (Type::Object(_), other) => Some(("an object", other.describe())),
            (other, _) => Some((other.describe(), by.describe())),
        };
        if let Some((of, by)) = wrong {
            self.report(Reason::NoIndex { of, by }, index.span);
        }
        match &typed.all {
            Type::Array(items) => (**items).clone().into(),
            // Which of the fields is meant is not known.
            Type::Object(fields) if fields.names().next().is_none() => typed.all.inner().into(),
            _ => Type::Any.into(),
        }
    }

    fn compare(&mut self, operator: Operator, both: &[Node<'_>; 2], span: Span) {
        let [left, right] = [&both[0], &both[1]].map(|node| self.under(false, node).all);
        let equality = matches!(operator, Operator::Equal | Operator::NotEqual);
        let reason = if equality {
            let never = differ(&left, &right) && !asks_presence(both);
            never.then(|| Reason::NeverEqual {
                left: left.describe(),
                right: right.describe(),
            })
        } else {
            let unordered = [&left, &right]
                .into_iter()
                .find(|type_| type_.is_collection() || matches!(type_, Type::Null | Type::Bool));
            unordered.map(|type_| Reason::NoOrder(type_.describe()))
        };
        if let Some(reason) = reason {
            self.report(reason, span);
        }
    }

    /// The last operand, or the first that counts as false.
    fn and(&mut self, nodes: &[Node<'_>]) -> Typed {
        let mut all = self.operands(nodes);
        let truthy = all.last_mut().map(|last| last.truthy.clone());
        Typed {
            all: types::all(all.into_iter().map(|typed| typed.all)),
            truthy: truthy.unwrap_or(Type::Any),
            filtered: false,
        }
    }

    /// The last operand, or the first that counts as true.
    fn or(&mut self, nodes: &[Node<'_>]) -> Typed {
        let mut typed = self.operands(nodes);
        let Some(last) = typed.pop() else {
            return Type::Any.into();
        };
        let before = types_of(typed);
        Typed {
            all: types::all(before.iter().cloned().chain([last.all])),
            truthy: types::all(before.into_iter().chain([last.truthy])),
            filtered: false,
        }
    }

    fn call(&mut self, name: &str, arguments: &[Node<'_>]) -> Typed {
        let given: Vec<Type> = arguments
            .iter()
            .map(|node| self.under(false, node).all)
            .collect();
        let Some(function) = Function::find(name) else {
            return Type::Any.into();
        };
        for (at, (node, type_)) in arguments.iter().zip(&given).enumerate() {
            let parameter = function.parameter(at, arguments.len());
            if !parameter.takes(type_) {
                let reason = Reason::WrongArgument {
                    function: function.name,
                    wanted: parameter.describe(),
                    found: type_.describe(),
                };
                self.report(reason, node.span);
            }
        }
        match function.name {
            "format" => self.format(arguments),
            "fromJSON" => return self.json(arguments).into(),
            "case" => {
                // Values stand behind their conditions, and the last one alone.
                let values = given.iter().enumerate();
                let values = values.filter(|(at, _)| at % 2 == 1 || at + 1 == given.len());
                return types::all(values.map(|(_, type_)| type_.clone())).into();
            }
            _ => {}
        }
        function.returns.clone().into()
    }

    fn format(&mut self, arguments: &[Node<'_>]) {
        let [pattern, values @ ..] = arguments else {
            return;
        };
        let Kind::Text(text) = &pattern.kind else {
            return;
        };
        let used = match placeholders(text) {
            Ok(used) => used,
            Err(why) => return self.report(Reason::Format(why), pattern.span),
        };
        if let Some(missing) = used.iter().find(|at| **at >= values.len()) {
            let why = format!("`{{{missing}}}` in the text of `format` has no value");
            self.report(Reason::Format(why), pattern.span);
        }
        for (at, node) in values.iter().enumerate() {
            if !used.contains(&at) {
                self.report(Reason::Unused(at), node.span);
            }
        }
    }

    fn json(&mut self, arguments: &[Node<'_>]) -> Type {
        let [Node { kind, span }] = arguments else {
            return Type::Any;
        };
        let Kind::Text(text) = kind else {
            return Type::Any;
        };
        match json::read(text) {
            Ok(value) => (&value as &Value).into(),
            Err(why) => {
                self.report(Reason::Json(why), *span);
                Type::Any
            }
        }
    }
}

fn types_of(typed: Vec<Typed>) -> Vec<Type> {
    typed.into_iter().map(|typed| typed.truthy).collect()
}

/// Whether this is a context whose names never begin with a digit.
fn named(node: &Node<'_>) -> bool {
    let names = ["env", "secrets", "vars"];
    matches!(node.kind, Kind::Context(name) if names.iter().any(|it| it.eq_ignore_ascii_case(name)))
}

fn scalar(type_: &Type) -> Option<&'static str> {
    let is_scalar = !type_.is_collection() && *type_ != Type::Any;
    is_scalar.then(|| type_.describe())
}

/// Whether two values can never be equal. Null stands for what may be missing.
fn differ(left: &Type, right: &Type) -> bool {
    match (left, right) {
        (Type::Any | Type::Null, _) | (_, Type::Any | Type::Null) => false,
        (Type::Object(_), Type::Object(_)) => false,
        (Type::Array(one), Type::Array(two)) => one != two,
        (one, two) => one.is_collection() || two.is_collection(),
    }
}

/// Whether a part of the payload is compared with what a missing one equals: `''`, `0`, `false`.
fn asks_presence([left, right]: &[Node<'_>; 2]) -> bool {
    let is_nothing = |node: &Node<'_>| match &node.kind {
        Kind::Text(text) => text.is_empty(),
        Kind::Number(number) => *number == 0.0,
        Kind::Bool(value) => !value,
        _ => false,
    };
    is_nothing(left) && right.is_payload() || is_nothing(right) && left.is_payload()
}

impl Parameter {
    fn takes(self, type_: &Type) -> bool {
        match self {
            Self::Any => true,
            Self::Scalar => !type_.is_collection(),
            Self::Items => !matches!(type_, Type::Object(_)),
            Self::Condition => matches!(type_, Type::Any | Type::Bool),
        }
    }

    fn describe(self) -> &'static str {
        match self {
            Self::Any => "anything",
            Self::Scalar => "text",
            Self::Items => "an array or text",
            Self::Condition => "`true` or `false`",
        }
    }
}
