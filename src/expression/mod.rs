//! GitHub's expressions, the text between `${{` and `}}`: read into a tree with
//! spans, and evaluated by GitHub's own rules.
//!
//! [`parse`] knows the grammar only, so that a linter can judge a tree with unknown
//! names; [`check`] says which names and numbers of arguments GitHub refuses;
//! [`evaluate`] gives the value. Nothing here opens a file: what must be asked of the
//! world comes through [`World`].
//!
//! The rules are those of GitHub's runner: numbers are doubles, text compares
//! without case, `&&` and `||` give one of their operands, and what is not there is null.

mod check;
mod compare;
mod evaluate;
mod format;
mod function;
mod infer;
mod json;
mod node;
mod number;
mod parse;
mod problem;
mod token;
pub mod types;
mod value;

pub use check::check;
pub use evaluate::{World, evaluate};
pub use function::{Arity, FUNCTIONS, Function};
pub use infer::{Scope, infer};
pub use node::{Kind, Node, Operator};
pub use parse::parse;
pub use problem::{Problem, Reason};
pub use token::is_name;
pub use types::Type;
pub use value::{Array, Object, Value};

/// How an expression begins in a text.
pub const OPENING: &str = "${{";

/// Says whether a text holds an expression, or begins one.
pub fn is_in(text: &str) -> bool {
    opening(text).is_some()
}

/// Returns where the first expression of a text begins.
pub fn opening(text: &str) -> Option<usize> {
    // Most texts have no `$` in them.
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'$', bytes).find(|at| bytes[*at..].starts_with(OPENING.as_bytes()))
}

/// Longer expressions are refused by GitHub, in UTF-16 units as it counts.
pub const MAX_LENGTH: usize = 21_000;

/// Deeper expressions are refused by GitHub.
pub const MAX_DEPTH: usize = 50;

/// GitHub's limit for what an evaluation holds in memory, in bytes.
const MAX_MEMORY: usize = 10 * 1024 * 1024;

const TOO_LARGE: &str = "the value grows beyond GitHub's limit of 10 MB";

#[cfg(test)]
mod tests;
