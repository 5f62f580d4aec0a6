//! An `action.yml` by its parts, as far as they are there.

use super::model::{Step, steps};
use crate::syntax::Node;

/// An action.
#[derive(Debug, Clone)]
pub struct Action<'t> {
    /// The whole file.
    pub node: Node<'t>,
    /// What it can be given.
    pub inputs: Option<Node<'t>>,
    /// What it gives.
    pub outputs: Option<Node<'t>>,
    /// How it runs.
    pub runs: Option<Node<'t>>,
    /// The steps of a composite action.
    pub steps: Vec<Step<'t>>,
}

impl<'t> Action<'t> {
    /// Reads what is there of an action.
    pub fn read(node: Node<'t>) -> Self {
        let runs = node.get("runs");
        let list = runs.and_then(|runs| runs.get("steps"));
        Self {
            node,
            inputs: node.get("inputs"),
            outputs: node.get("outputs"),
            runs,
            steps: list.map(steps).unwrap_or_default(),
        }
    }

    /// Returns what it runs on, such as `node24`, `composite` or `docker`.
    pub fn using(&self) -> Option<&'t str> {
        self.runs?.get("using")?.as_str()
    }

    /// Says whether it may have other outputs than those that it declares: only the steps of a
    /// composite action cannot add any.
    pub fn has_open_outputs(&self) -> bool {
        self.using() != Some("composite")
    }
}
