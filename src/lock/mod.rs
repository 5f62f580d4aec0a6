//! The three files under `.github/cicd/` as values: the lock, the pins, the journal.
//!
//! Texts go in and values come out, with diagnostics where a text is wrong,
//! and back again byte for byte the same. All of them are untrusted: the
//! repository holds them, so any commit may have changed them. Nothing here
//! opens a file or fetches a pin.

mod file;
mod hash;
mod journal;
mod merge;
mod path;
mod pins;
mod release;
mod tree;

pub use file::{Inputs, LOCK_PATH, Lock, Output};
pub use hash::Hash;
pub use journal::{JOURNAL_PATH, Journal, temporary_beside};
pub use path::{PathProblem, below, check_path};
pub use pins::{
    Entry, PINS_PATH, PinMode, Pins, UnknownAction, is_action, is_commit, keep_remarks, version,
};
pub use release::Release;
pub use tree::{comments, tree_hash};
