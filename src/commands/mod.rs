//! What each subcommand does: the only code that touches files, terminal, clock or network.
//!
//! A command takes its plain `Options` and a [`Terminal`], and returns a
//! [`Status`] or a [`Failure`]. It holds no rule, no YAML layout and no clap.
//!
//! To add one, write `<command>.rs` here and in `cli/`, and add its line to both
//! module lists and to the match in `cli/mod.rs`.

pub mod adopt;
pub mod apply;
pub mod diff;
pub mod eject;
pub mod explain;
pub mod expr;
mod disk;
pub mod drift;
mod error;
pub mod generate;
mod git;
pub mod init;
pub mod lint;
pub mod outcome;
pub mod pins;
pub mod presets;
pub mod project;
pub mod reference;
pub mod schema;
mod terminal;
mod write;

pub(crate) use error::reason;
pub use error::{Failure, Report, Status};
pub use terminal::Terminal;
pub(crate) use terminal::Unanswered;
