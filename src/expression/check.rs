//! The names in an expression.

use super::function::Function;
use super::node::{Kind, Node};
use super::problem::{Problem, Reason};

/// Returns every unknown context and function, and every call with too few or too many
/// arguments, in the order of the text.
pub fn check(node: &Node<'_>, is_context: &dyn Fn(&str) -> bool) -> Vec<Problem> {
    let mut problems = Vec::new();
    node.walk(&mut |node| match &node.kind {
        Kind::Context(name) if !is_context(name) => {
            let reason = Reason::UnknownContext((*name).to_owned());
            problems.push(Problem::new(reason, node.span));
        }
        Kind::Call(name, span, arguments) => {
            let reason = match Function::find(name) {
                Some(function) => misfit(function, arguments.len()),
                None => Some(Reason::UnknownFunction((*name).to_owned())),
            };
            problems.extend(reason.map(|reason| Problem::new(reason, *span)));
        }
        _ => {}
    });
    problems.sort_by_key(|problem| problem.span);
    problems
}

fn misfit(function: &'static Function, count: usize) -> Option<Reason> {
    let name = function.name;
    let arity = function.arity;
    if count < arity.least {
        let least = arity.least;
        return Some(Reason::TooFew {
            function: name,
            least,
        });
    }
    if count > arity.most {
        let most = arity.most;
        return Some(Reason::TooMany {
            function: name,
            most,
        });
    }
    (name == "case" && count.is_multiple_of(2)).then_some(Reason::NoDefault)
}
