//! The rules beyond GitHub's grammar, one file each.

mod call_permissions;
mod calls;
mod conditions;
mod expr_names;
mod expr_types;
mod expr_unbalanced;
mod ids;
mod limits;
mod matrix_exclude;
mod needs;
mod tags;

use crate::lint::rule::Family;

/// All rules, by the file that they stand in.
pub(super) static FAMILIES: &[&Family] = &[
    &call_permissions::FAMILY,
    &calls::FAMILY,
    &conditions::FAMILY,
    &expr_names::FAMILY,
    &expr_types::FAMILY,
    &expr_unbalanced::FAMILY,
    &ids::FAMILY,
    &limits::FAMILY,
    &matrix_exclude::FAMILY,
    &needs::FAMILY,
    &tags::FAMILY,
];
