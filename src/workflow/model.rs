//! Jobs and steps by name, as far as they are there.

use super::trigger::Trigger;
use crate::syntax::{Entry, Node};

/// A workflow file.
#[derive(Debug, Clone)]
pub struct Workflow<'t> {
    /// The whole file.
    pub node: Node<'t>,
    /// What starts it.
    pub triggers: Vec<Trigger<'t>>,
    /// Its jobs, in the order of the file.
    pub jobs: Vec<Job<'t>>,
}

/// A job.
#[derive(Debug, Clone)]
pub struct Job<'t> {
    /// Its id.
    pub id: &'t str,
    /// Where the id is written.
    pub key: Node<'t>,
    /// Its keys.
    pub node: Node<'t>,
    /// The ids of the jobs that it needs, as written.
    pub needs: Vec<Node<'t>>,
    /// Its steps, those within `parallel` in their place.
    pub steps: Vec<Step<'t>>,
}

/// A step.
#[derive(Debug, Clone, Copy)]
pub struct Step<'t> {
    /// Its keys.
    pub node: Node<'t>,
    /// Its id.
    pub id: Option<Node<'t>>,
    /// The action that it uses.
    pub uses: Option<Node<'t>>,
    /// The script that it runs.
    pub run: Option<Node<'t>>,
}

impl<'t> Workflow<'t> {
    /// Reads what is there of a workflow.
    pub fn read(node: Node<'t>) -> Self {
        let jobs = node.get("jobs").into_iter().flat_map(Node::entries);
        let jobs = jobs.filter_map(|entry| Job::read(entry.key, entry.value));
        Self {
            node,
            triggers: node.get("on").map(Trigger::all).unwrap_or_default(),
            jobs: jobs.collect(),
        }
    }

    /// Returns the trigger of this event.
    pub fn trigger(&self, event: &str) -> Option<&Trigger<'t>> {
        self.triggers.iter().find(|trigger| trigger.name == event)
    }

    /// Returns the job of this id, in any case.
    pub fn job(&self, id: &str) -> Option<&Job<'t>> {
        self.jobs.iter().find(|job| job.id.eq_ignore_ascii_case(id))
    }
}

impl<'t> Job<'t> {
    /// Returns its container and its services, each with its key.
    pub fn containers(&self) -> impl Iterator<Item = Entry<'t>> + use<'t> {
        let services = self.node.get("services").into_iter();
        let container = self.node.entry("container").into_iter();
        container.chain(services.flat_map(Node::entries))
    }

    fn read(key: Node<'t>, node: Node<'t>) -> Option<Self> {
        Some(Self {
            id: key.as_str()?,
            key,
            node,
            needs: node.get("needs").into_iter().flat_map(texts).collect(),
            steps: node.get("steps").map(steps).unwrap_or_default(),
        })
    }
}

/// Returns a text, or the texts of a list.
pub fn texts<'t>(node: Node<'t>) -> impl Iterator<Item = Node<'t>> + Clone {
    let all = Some(node).into_iter().chain(node.items());
    all.filter(|item| item.as_str().is_some())
}

pub(super) fn steps(list: Node<'_>) -> Vec<Step<'_>> {
    let items = list.items();
    let mut all = Vec::with_capacity(items.len());
    for node in items {
        match node.get("parallel") {
            Some(inner) => all.extend(steps(inner)),
            None => all.push(Step {
                node,
                id: node.get("id"),
                uses: node.get("uses"),
                run: node.get("run"),
            }),
        }
    }
    all
}
