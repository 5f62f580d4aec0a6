//! The rules beyond GitHub's grammar, one file each.

mod background;
mod call_permissions;
mod calls;
mod commands;
mod concurrency;
mod document;
mod expressions;
mod globs;
mod ids;
mod inputs;
mod limits;
mod matrix;
mod names;
mod needs;
mod numbers;
mod runners;
mod schedule;
mod shells;

use crate::lint::rule::Family;

/// All rules, by the file that they stand in.
pub(super) static FAMILIES: &[&Family] = &[
    &background::FAMILY,
    &call_permissions::FAMILY,
    &calls::FAMILY,
    &commands::FAMILY,
    &concurrency::FAMILY,
    &document::FAMILY,
    &expressions::FAMILY,
    &globs::FAMILY,
    &ids::FAMILY,
    &inputs::FAMILY,
    &limits::FAMILY,
    &matrix::FAMILY,
    &names::FAMILY,
    &needs::FAMILY,
    &numbers::FAMILY,
    &runners::FAMILY,
    &schedule::FAMILY,
    &shells::FAMILY,
];
