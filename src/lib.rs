//! One manifest in, GitHub Actions workflows out.
//!
//! The modules stand in reading order, from what users meet down to the
//! ground. A module imports only modules listed below it; `tests/it/tidy.rs`
//! keeps it so. `ARCHITECTURE.md` says what each of them must not know.
//!
//! Top: words on the command line, and the only code that touches the world.
pub mod cli;
pub mod commands;
// Domain: pure values between pure functions.
pub mod report;
pub mod scaffold;
pub mod detect;
pub mod adopt;
pub mod drift;
pub mod pins;
pub mod lint;
pub mod workflow;
pub mod render;
pub mod plan;
pub mod manifest;
pub mod blocks;
pub mod pipeline;
// Ground: shared by all, knows nothing above.
pub mod glob;
pub mod parallel;
pub mod lock;
pub mod knowledge;
pub mod assets;
pub mod expression;
pub mod syntax;
pub mod diagnostics;
pub mod source;
