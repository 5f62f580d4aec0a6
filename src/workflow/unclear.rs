//! A mapping that could be several things, and has the mark of none: a step without `run` and
//! `uses`, a job without `runs-on`.
//!
//! It is read all the same, as those of the things that have its keys: what is wrong below them
//! is not hidden by what is missing.

use super::choice::Meaning;
use super::refusal;
use super::shape::{Place, Reader, is_merge};
use crate::expression;
use crate::syntax::Node;

/// Tells what is wrong with such a mapping, and reads its values.
pub(super) fn read<'t>(
    reader: &mut Reader<'t>,
    node: Node<'t>,
    maps: &[Meaning],
    place: Place<'_, 't>,
) {
    if let Some(merge) = node.entries().find(|entry| is_merge(*entry)) {
        return reader.refuse(refusal::merge(merge.key));
    }
    let keys = || node.entries().filter_map(|entry| entry.key.as_str());
    let is_known = |key: &str| maps.iter().any(|(_, map)| map.keys.contains_key(key));
    let mut likely = maps.to_vec();
    likely.retain(|(_, map)| keys().all(|key| !is_known(key) || map.keys.contains_key(key)));
    if likely.is_empty() {
        likely = maps.to_vec();
    }
    let mut misspelt = false;
    for entry in node.entries() {
        let Some(key) = entry.key.as_str() else {
            continue;
        };
        let first = likely.iter().find(|(_, map)| map.keys.contains_key(key));
        match first {
            Some((_, map)) => {
                let is_mark = map.by.as_ref().is_some_and(|by| by.key == key);
                if !is_mark {
                    reader.value(entry.value, map.keys[key], place.of(entry.key, key));
                }
            }
            None if is_known(key) || expression::is_in(key) => {}
            None => {
                misspelt = true;
                reader.refuse(refusal::none_known(maps, entry.key, node));
            }
        }
    }
    // A misspelt key says more than one that is missing: it may be that one.
    if !misspelt {
        reader.refuse(refusal::no_kind(&likely, node, place));
    }
}
