//! The rules beyond GitHub's grammar, one file each.

mod after;
mod background;
mod call_permissions;
mod calls;
mod commands;
mod concurrency;
mod conditions;
mod containers;
mod declared;
mod document;
mod empties;
mod expr_names;
mod expr_types;
mod expr_unbalanced;
mod globs;
mod ids;
mod inputs;
mod limits;
mod matrix;
mod matrix_exclude;
mod names;
mod needs;
mod newlines;
mod noop;
mod numbers;
mod platform;
mod runners;
mod schedule;
mod shells;
mod trailing;

use crate::lint::rule::Family;

/// All rules, by the file that they stand in.
pub(super) static FAMILIES: &[&Family] = &[
    &after::FAMILY,
    &background::FAMILY,
    &call_permissions::FAMILY,
    &calls::FAMILY,
    &commands::FAMILY,
    &concurrency::FAMILY,
    &conditions::FAMILY,
    &containers::FAMILY,
    &declared::FAMILY,
    &document::FAMILY,
    &empties::FAMILY,
    &expr_names::FAMILY,
    &expr_types::FAMILY,
    &expr_unbalanced::FAMILY,
    &globs::FAMILY,
    &ids::FAMILY,
    &inputs::FAMILY,
    &limits::FAMILY,
    &matrix::FAMILY,
    &matrix_exclude::FAMILY,
    &names::FAMILY,
    &needs::FAMILY,
    &newlines::FAMILY,
    &noop::FAMILY,
    &numbers::FAMILY,
    &platform::FAMILY,
    &runners::FAMILY,
    &schedule::FAMILY,
    &shells::FAMILY,
    &trailing::FAMILY,
];
