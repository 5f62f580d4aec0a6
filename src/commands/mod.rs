//! What each subcommand does: the only code that touches files, terminal, clock or network.
//!
//! A command takes its plain `Options` and a writer for its output, and returns
//! a [`Status`] or a [`Failure`]. It holds no rule, no YAML layout and no clap.

pub mod apply;
mod disk;
mod error;
mod write;

pub use error::{Failure, Status};
