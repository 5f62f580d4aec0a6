//! Workflow and action files: their shape, their expressions, their jobs and steps.
//!
//! [`shape::read`] holds a syntax tree against the grammar and gives what GitHub refuses, and
//! every text with what expressions in it may use; [`Workflow`] gives jobs and steps by name.
//! Nothing is judged beyond what GitHub itself requires; a broken part yields findings, and
//! the rest is read all the same.

mod action;
mod choice;
mod clash;
mod events;
mod model;
mod patterns;
mod refusal;
pub mod shape;
mod site;
mod trigger;
mod unclear;

pub use action::Action;
pub use model::{Job, Step, Workflow, texts};
pub use site::{Part, Parts, Site, sole};
pub use trigger::Trigger;
