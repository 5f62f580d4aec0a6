//! Whether the presets give what the systems they were drawn from ask for.
//!
//! `tests/seeds/<preset>.yml` lists every requirement of a system and the step
//! that fulfils it; `accounting` holds that list against the generated files.
//! One file for each system shows its acceptance statements on the generated
//! workflows: `read` reads them, `evaluate` says which jobs would run.

mod accounting;
mod alchemorsel;
mod ecommerce;
pub(crate) mod evaluate;
mod personal_assistant;
mod pitchey;
pub(crate) mod read;
mod vqmethod;
