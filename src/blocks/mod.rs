//! Building blocks: what each language, scanner, target, migration, approval
//! and notification contributes.
//!
//! One file a block. It holds the block's manifest keys, their validation, the
//! steps it contributes, and the permissions, secrets and actions these need.
//! To add one: write the file, add its line to the `mod.rs` of its kind, and
//! the script it names under `templates/scripts/`.

pub mod approval;
pub mod aws;
pub mod backup;
pub mod infrastructure;
pub mod language;
pub mod maintenance;
pub mod migration;
pub mod notify;
pub mod purge;
pub mod scanner;
pub mod service;
pub mod shape;
pub mod target;
pub mod words;
