//! The rules beyond GitHub's grammar, one file each.

mod action_files;
mod action_inputs;
mod action_release;
mod after;
mod background;
mod call_depth;
mod call_permissions;
mod calls;
mod commands;
mod concurrency;
mod conditions;
mod containers;
mod credentials;
mod declared;
mod dependabot;
mod document;
mod empties;
mod expr_names;
mod expr_types;
mod expr_unbalanced;
mod globs;
mod ids;
mod if_redundant;
mod input_defaults;
mod inputs;
mod limits;
mod local_actions;
mod matrix;
mod matrix_exclude;
mod names;
mod needs;
mod newlines;
mod noop;
mod numbers;
mod obfuscation;
mod permissions;
mod permissions_needed;
mod platform;
mod platform_target;
mod runners;
mod schedule;
mod script_js;
mod script_pitfalls;
mod script_pwsh;
mod script_python;
mod self_repository;
mod shells;
mod trailing;
mod unused_definitions;

use crate::lint::rule::Family;

/// All rules, by the file that they stand in.
pub(super) static FAMILIES: &[&Family] = &[
    &action_files::FAMILY,
    &action_inputs::FAMILY,
    &action_release::FAMILY,
    &after::FAMILY,
    &background::FAMILY,
    &call_depth::FAMILY,
    &call_permissions::FAMILY,
    &calls::FAMILY,
    &commands::FAMILY,
    &concurrency::FAMILY,
    &conditions::FAMILY,
    &containers::FAMILY,
    &credentials::FAMILY,
    &declared::FAMILY,
    &dependabot::FAMILY,
    &document::FAMILY,
    &empties::FAMILY,
    &expr_names::FAMILY,
    &expr_types::FAMILY,
    &expr_unbalanced::FAMILY,
    &globs::FAMILY,
    &ids::FAMILY,
    &if_redundant::FAMILY,
    &input_defaults::FAMILY,
    &inputs::FAMILY,
    &limits::FAMILY,
    &local_actions::FAMILY,
    &matrix::FAMILY,
    &matrix_exclude::FAMILY,
    &names::FAMILY,
    &needs::FAMILY,
    &newlines::FAMILY,
    &noop::FAMILY,
    &numbers::FAMILY,
    &obfuscation::FAMILY,
    &permissions::FAMILY,
    &permissions_needed::FAMILY,
    &platform::FAMILY,
    &platform_target::FAMILY,
    &runners::FAMILY,
    &schedule::FAMILY,
    &script_js::FAMILY,
    &script_pitfalls::FAMILY,
    &script_pwsh::FAMILY,
    &script_python::FAMILY,
    &self_repository::FAMILY,
    &shells::FAMILY,
    &trailing::FAMILY,
    &unused_definitions::FAMILY,
];
