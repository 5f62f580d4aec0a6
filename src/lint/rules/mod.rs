//! The rules beyond GitHub's grammar, one file each.

mod call_permissions;
mod calls;
mod expressions;
mod ids;
mod limits;
mod needs;
mod tags;

use crate::lint::rule::Family;

/// All rules, by the file that they stand in.
pub(super) static FAMILIES: &[&Family] = &[
    &call_permissions::FAMILY,
    &calls::FAMILY,
    &expressions::FAMILY,
    &ids::FAMILY,
    &limits::FAMILY,
    &needs::FAMILY,
    &tags::FAMILY,
];
