//! What must hold for the keys of a mapping: scalars, each only once.

use std::collections::HashMap;

use crate::diagnostics::Diagnostic;
use crate::source::Location;
use crate::syntax::explain::shorten;
use crate::syntax::node::Node;
use crate::syntax::tree::{Alike, Pair};

/// Below this many keys comparing each with each is faster than a table.
const FEW: usize = 32;

/// Tells what is wrong with a mapping's keys, and which differ from another in case only.
///
/// Keys are the same when their texts are, quoted or not: `1` and `"1"` collide
/// for every reader that, like GitHub, takes keys as strings.
pub(super) fn check(
    mapping: Node<'_>,
    mut report: impl FnMut(Diagnostic),
    mut alike: impl FnMut(Alike),
) {
    let pairs = mapping.pairs();
    let mut table = Table::default();
    for (at, pair) in pairs.iter().enumerate() {
        let location = |key| mapping.sibling(key).location();
        let Some(key) = mapping.sibling(pair.key).as_str() else {
            let found = mapping.sibling(pair.key).kind().describe();
            report(complex(location(pair.key), found));
            continue;
        };
        let before = &pairs[..at];
        let known = match pairs.len() <= FEW {
            true if before.iter().all(|other| other.sign != pair.sign) => continue,
            true => Known::among(before, mapping, key),
            false => table.add(pair.key, key),
        };
        if let Some(first) = known.same {
            report(duplicate(key, location(pair.key), location(first)));
        }
        if let Some(first) = known.in_any_case
            && mapping.sibling(first).as_str() != Some(key)
        {
            let (mapping, key) = (mapping.id(), pair.key);
            alike(Alike {
                mapping,
                key,
                first,
            });
        }
    }
}

/// The first keys before one that are the same.
struct Known {
    same: Option<u32>,
    in_any_case: Option<u32>,
}

impl Known {
    fn among(before: &[Pair], mapping: Node<'_>, key: &str) -> Self {
        let first = |is_it: &dyn Fn(&str) -> bool| {
            let text = |pair: &&Pair| mapping.sibling(pair.key).as_str();
            let mut all = before.iter();
            all.find(|pair| text(pair).is_some_and(is_it))
                .map(|pair| pair.key)
        };
        Self {
            same: first(&|other| other == key),
            in_any_case: first(&|other| other.eq_ignore_ascii_case(key)),
        }
    }
}

/// The first keys of each kind among many.
#[derive(Default)]
struct Table<'t> {
    same: HashMap<&'t str, u32>,
    in_any_case: HashMap<String, u32>,
}

impl<'t> Table<'t> {
    /// Adds a key; returns those before it.
    fn add(&mut self, node: u32, key: &'t str) -> Known {
        let same = *self.same.entry(key).or_insert(node);
        let folded = key.to_ascii_lowercase();
        let in_any_case = *self.in_any_case.entry(folded).or_insert(node);
        let before = |first| (first != node).then_some(first);
        Known {
            same: before(same),
            in_any_case: before(in_any_case),
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
