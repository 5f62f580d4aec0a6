//! YAML text to a tree with spans, and edits of the text. The only user of the YAML parser.
//!
//! One text goes in; a [`Tree`] and what is wrong with the text come out. YAML
//! is read as version 1.2 says, and more strictly: one document, scalar keys,
//! none of them twice. What keys mean is for the modules above.
//! The merge key `<<` is a key like any other, since GitHub knows no merging.

mod build;
mod edit;
mod explain;
mod json;
mod keys;
mod node;
mod offsets;
mod parse;
mod quotes;
mod refuse;
mod scalar;
mod tree;
mod usual;
mod write;

pub use build::{MAX_DEPTH, MAX_NODES};
pub use json::JSON_BUDGET;
pub use node::{Entries, Entry, Items, Kind, Node};
pub use offsets::OffsetMap;
pub use parse::{Parsed, difference, parse};
pub use tree::{Comment, Style, Tree};
pub(crate) use write::needs_escape;
pub use write::{Place, scalar};

#[cfg(test)]
mod tests;
