//! A mapping with the marks of two things, such as a step with both `run` and `uses`.
//!
//! Nobody can say which of the two was meant. So both marks are told, and nothing is said of the
//! other keys of either.

use crate::diagnostics::Diagnostic;
use crate::knowledge::grammar::{Form, Grammar, Map, Rules, TypeId};
use crate::syntax::Node;

/// Returns the mark, also there, of another thing that a key belongs to.
///
/// `choice` is what may stand in the place of the mapping, `map` the thing that it is read as.
pub(super) fn rival(
    grammar: &Grammar,
    choice: Option<&Form>,
    map: &Map,
    key: &str,
    mapping: Node<'_>,
) -> Option<&'static str> {
    if !map.elsewhere.contains(&key) {
        return None;
    }
    let Some(Form::Choice(ids)) = choice else {
        return None;
    };
    let mut marks = Vec::new();
    marks_of(grammar, ids, key, &mut marks);
    let is_other = |mark: &&str| !map.keys.contains_key(*mark) && mapping.get(mark).is_some();
    marks.into_iter().find(is_other)
}

/// The marks of all things that have a key.
fn marks_of(grammar: &Grammar, ids: &[TypeId], key: &str, found: &mut Vec<&'static str>) {
    for id in ids {
        match &grammar[*id].form {
            Form::Choice(inner) => marks_of(grammar, inner, key, found),
            Form::Map(map) if map.keys.contains_key(key) => {
                found.extend(map.by.as_ref().map(|by| by.key));
            }
            _ => {}
        }
    }
}

/// What is told of a mark beside that of `map`: each at its place.
pub(super) fn told(
    rules: &Rules,
    map: &Map,
    other: Node<'_>,
    mapping: Node<'_>,
) -> [Diagnostic; 2] {
    let own = map.by.as_ref().and_then(|by| mapping.key_of(by.key));
    let own = own.unwrap_or(mapping);
    [(own, other), (other, own)].map(|(node, beside)| {
        let name = |node: Node<'_>| node.as_str().unwrap_or_default().to_owned();
        let message = format!("`{}` cannot stand beside `{}`", name(node), name(beside));
        Diagnostic::error(rules.foreign, message)
            .at(node.location())
            .help("take one of the two away, or make two of it")
    })
}
