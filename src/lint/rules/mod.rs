//! The rules beyond GitHub's grammar, one file each.

mod action_files;
mod action_inputs;
mod action_release;
mod call_depth;
mod call_permissions;
mod calls;
mod conditions;
mod expr_names;
mod expr_types;
mod expr_unbalanced;
mod ids;
mod input_defaults;
mod limits;
mod local_actions;
mod matrix_exclude;
mod needs;
mod permissions;
mod permissions_needed;
mod script_pitfalls;
mod self_repository;
mod tags;
mod unused_definitions;

use crate::lint::rule::Family;

/// All rules, by the file that they stand in.
pub(super) static FAMILIES: &[&Family] = &[
    &action_files::FAMILY,
    &action_inputs::FAMILY,
    &action_release::FAMILY,
    &call_depth::FAMILY,
    &call_permissions::FAMILY,
    &calls::FAMILY,
    &conditions::FAMILY,
    &expr_names::FAMILY,
    &expr_types::FAMILY,
    &expr_unbalanced::FAMILY,
    &ids::FAMILY,
    &input_defaults::FAMILY,
    &limits::FAMILY,
    &local_actions::FAMILY,
    &matrix_exclude::FAMILY,
    &needs::FAMILY,
    &permissions::FAMILY,
    &permissions_needed::FAMILY,
    &script_pitfalls::FAMILY,
    &self_repository::FAMILY,
    &tags::FAMILY,
    &unused_definitions::FAMILY,
];
