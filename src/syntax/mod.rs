//! YAML text to a tree with spans. The only user of the YAML parser.
//!
//! One text goes in; a [`Tree`] and what is wrong with the text come out. YAML
//! is read as version 1.2 says, and more strictly: one document, scalar keys,
//! none of them twice. What keys mean is for the modules above.
//! The merge key `<<` is a key like any other, since GitHub knows no merging.

mod build;
mod explain;
mod json;
mod keys;
mod offsets;
mod scalar;
mod tree;

pub use build::{MAX_DEPTH, MAX_NODES, Parsed, parse};
pub use json::JSON_BUDGET;
pub use offsets::OffsetMap;
pub use tree::{Comment, Entries, Entry, Items, Kind, Node, Style, Tree};

#[cfg(test)]
mod tests;
