//! What must hold for the keys of a mapping: scalars, each only once.

use std::collections::HashMap;

use crate::diagnostics::Diagnostic;
use crate::source::Location;
use crate::syntax::explain::shorten;
use crate::syntax::node::Node;

/// Below this many keys comparing each with each is faster than a table.
const FEW: usize = 12;

/// Returns what is wrong with a mapping's keys.
///
/// Keys are the same when their texts are, quoted or not: `1` and `"1"` collide
/// for every reader that, like GitHub, takes keys as strings.
pub(super) fn check(mapping: Node<'_>, mut report: impl FnMut(Diagnostic)) {
    let entries = mapping.entries();
    let few = entries.len() <= FEW;
    let mut table: HashMap<&str, Location> = HashMap::new();
    let (mut before, mut count) = ([""; FEW], 0);
    for entry in entries {
        let location = entry.key.location();
        let Some(key) = entry.key.as_str() else {
            report(complex(location, entry.key.kind().describe()));
            continue;
        };
        let first = if few {
            let is_new = !before[..count].contains(&key);
            before[count] = key;
            count += 1;
            let known = if is_new { None } else { mapping.key_of(key) };
            known.map(Node::location)
        } else {
            let first = *table.entry(key).or_insert(location);
            (first != location).then_some(first)
        };
        if let Some(first) = first {
            report(duplicate(key, location, first));
        }
    }
}

fn complex(location: Location, found: &str) -> Diagnostic {
    Diagnostic::error("complex-key", format!("{found} is used as a key"))
        .at(location)
        .note("keys are plain words here; `{…}`, `[…]` and `? …` in their place open a collection")
        .help("write the key as text, in quotes if it begins with `{` or `[`")
}

fn duplicate(key: &str, location: Location, first: Location) -> Diagnostic {
    let key = shorten(key);
    Diagnostic::error(
        "duplicate-key",
        format!("the key `{key}` stands here again"),
    )
    .at(location)
    .label(first, "it stands here first")
    .note("only one of the two values can count, and readers disagree about which")
    .help(format!(
        "merge both values under one `{key}`, or rename one of them"
    ))
}
