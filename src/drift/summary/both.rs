//! The same place in two trees.

use std::collections::HashMap;

use crate::syntax::{Kind, Node};

/// What stands at one place before and after; nothing where it does not exist.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Both<'t> {
    pub(super) old: Option<Node<'t>>,
    pub(super) new: Option<Node<'t>>,
}

impl<'t> Both<'t> {
    /// What stands at another place, seen from here.
    pub(super) fn map(self, find: impl Fn(Node<'t>) -> Option<Node<'t>>) -> Self {
        Self {
            old: self.old.and_then(&find),
            new: self.new.and_then(&find),
        }
    }

    /// What stands under a key of two mappings.
    pub(super) fn get(self, key: &str) -> Self {
        self.map(|node| node.get(key))
    }

    /// The entries of both mappings: those of the new one in its order, then what is gone.
    pub(super) fn entries(self) -> Vec<(&'t str, Self)> {
        let mut all: Vec<(&str, Self)> = Vec::new();
        let mut index: HashMap<&str, usize> = HashMap::new();
        for (is_new, node) in [(true, self.new), (false, self.old)] {
            for entry in node.into_iter().flat_map(Node::entries) {
                let Some(key) = entry.key.as_str() else {
                    continue;
                };
                let at = *index.entry(key).or_insert_with(|| {
                    all.push((key, Self::default()));
                    all.len() - 1
                });
                let both = &mut all[at].1;
                let side = if is_new { &mut both.new } else { &mut both.old };
                side.get_or_insert(entry.value);
            }
        }
        all
    }

    /// Whether the two mean different things.
    pub(super) fn differ(self) -> bool {
        match (self.old, self.new) {
            (Some(old), Some(new)) => !same(old, new),
            (old, new) => old.is_some() != new.is_some(),
        }
    }

    /// Whether it stands in the new tree only.
    pub(super) fn is_added(self) -> bool {
        self.old.is_none() && self.new.is_some()
    }

    /// The texts of both, if they are scalars.
    pub(super) fn texts(self) -> (Option<&'t str>, Option<&'t str>) {
        let text = |node: Option<Node<'t>>| node.and_then(Node::as_str);
        (text(self.old), text(self.new))
    }
}

/// Whether two nodes mean the same to GitHub, which does not mind the order of keys.
fn same(old: Node<'_>, new: Node<'_>) -> bool {
    match (old.kind(), new.kind()) {
        (Kind::Sequence(old), Kind::Sequence(new)) => {
            old.len() == new.len() && old.zip(new).all(|(old, new)| same(old, new))
        }
        (Kind::Mapping(left), Kind::Mapping(right)) => {
            let (old, new) = (Some(old), Some(new));
            left.len() == right.len() && !entries_differ(Both { old, new })
        }
        (Kind::Sequence(_) | Kind::Mapping(_), _) | (_, Kind::Sequence(_) | Kind::Mapping(_)) => {
            false
        }
        // `1.10` and `"1.1"` are read in different ways.
        (left, right) => {
            old.as_str() == new.as_str()
                && std::mem::discriminant(&left) == std::mem::discriminant(&right)
        }
    }
}

fn entries_differ(both: Both<'_>) -> bool {
    both.entries().into_iter().any(|(_, both)| both.differ())
}

/// The texts of a scalar or of the scalars in a list.
pub(super) fn words(node: Option<Node<'_>>) -> Vec<&str> {
    let Some(node) = node else { return Vec::new() };
    match node.kind() {
        Kind::Sequence(items) => items.filter_map(Node::as_str).collect(),
        Kind::Null => Vec::new(),
        _ => node.as_str().into_iter().collect(),
    }
}

/// What stands in the first list and not in the second.
pub(super) fn without<'w>(words: &[&'w str], others: &[&str]) -> Vec<&'w str> {
    let others: std::collections::HashSet<_> = others.iter().collect();
    let words = words.iter().filter(|word| !others.contains(word));
    words.copied().collect()
}
