//! Hand-written workflows to entries of a manifest, and entries back to files.
//!
//! Texts go in: workflows, the manifest, the pins. What comes out is the manifest's
//! new text and, for each workflow, what becomes of it or why it stays as it is.
//! A workflow is moved as text, so that comments, quotes, anchors and blank lines
//! stay. That its tree is the same afterwards is for the caller to prove, on what
//! the new manifest renders. No file is opened here.

mod block;
mod entry;
mod give;
mod jobs;
mod name;
mod pins;
mod rights;
pub mod shape;
mod text;
mod yaml;

pub use entry::{Entry, insert};
pub use give::{give_back, mark_ejected};
pub use jobs::{more_jobs, with_job};
pub use name::{free_name, own_file};
pub use pins::{Move, mode_of, moved};
pub use text::own_text;
