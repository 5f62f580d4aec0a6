//! What starts a workflow.

use crate::syntax::{Entry, Kind, Node};

/// An event that starts a workflow.
#[derive(Debug, Clone, Copy)]
pub struct Trigger<'t> {
    /// The event.
    pub name: &'t str,
    /// Where it is named.
    pub node: Node<'t>,
    /// How it is configured, if there is anything.
    pub config: Option<Node<'t>>,
}

impl<'t> Trigger<'t> {
    /// Reads `on`: a name, a list of names, or names with configurations.
    pub(super) fn all(on: Node<'t>) -> Vec<Self> {
        let named = |node: Node<'t>, config| {
            let name = node.as_str()?;
            Some(Self { name, node, config })
        };
        match on.kind() {
            Kind::Mapping(entries) => entries
                .filter_map(|entry| named(entry.key, Some(entry.value)))
                .collect(),
            Kind::Sequence(items) => items.filter_map(|item| named(item, None)).collect(),
            _ => named(on, None).into_iter().collect(),
        }
    }

    /// Returns what its configuration has under a key.
    pub fn get(&self, key: &str) -> Option<Node<'t>> {
        self.config?.get(key)
    }

    /// Returns a key of its configuration with its value.
    pub fn entry(&self, key: &str) -> Option<Entry<'t>> {
        self.config?.entry(key)
    }
}
