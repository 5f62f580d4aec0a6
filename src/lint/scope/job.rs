//! The contexts that each job has of its own, and so does an action.

use std::cell::OnceCell;
use std::collections::HashMap;

use super::{Scope, Scopes, matrix};
use crate::expression::types::Fields;
use crate::expression::{self, Type};
use crate::knowledge::contexts;
use crate::syntax::Node;
use crate::workflow::Job;

/// The contexts that each job has of its own, as far as somebody asked for them.
#[derive(Default)]
pub(super) struct JobScope {
    matrix: OnceCell<Type>,
    needs: OnceCell<Type>,
    steps: OnceCell<Type>,
    job: OnceCell<Type>,
    order: OnceCell<Order>,
}

/// When the steps of a job run.
struct Order {
    /// By their ids in lower case; of several, the first counts.
    by_id: HashMap<String, usize>,
    /// By the numbers of their nodes.
    by_node: HashMap<u32, usize>,
}

/// What has contexts of its own.
#[derive(Clone, Copy)]
pub(super) enum Within<'f> {
    Job(&'f Job<'f>),
    Action,
}

impl<'f> Scopes<'f> {
    fn needs(&self, job: &Job<'f>) -> Type {
        let mut needs = Fields::default();
        for name in job.needs.iter().filter_map(|node| node.as_str()) {
            if let Some(needed) = self.workflow.and_then(|workflow| workflow.job(name)) {
                needs.add(needed.id, self.result(needed));
            }
        }
        Type::object(needs)
    }

    fn steps(&self, within: Within<'f>) -> Type {
        let mut fields = Fields::default();
        for step in self.nodes(within) {
            let Some(id) = step.get("id").and_then(Node::as_str) else {
                continue;
            };
            let mut own = Fields::default();
            own.add("outputs", self.step_outputs(step));
            own.add("outcome", Type::Text);
            own.add("conclusion", Type::Text);
            fields.add(id, Type::object(own));
        }
        Type::object(fields)
    }

    fn order(&self, within: Within<'f>) -> Order {
        let mut order = Order {
            by_id: HashMap::new(),
            by_node: HashMap::new(),
        };
        for (at, step) in self.nodes(within).enumerate() {
            order.by_node.entry(step.id()).or_insert(at);
            if let Some(id) = step.get("id").and_then(Node::as_str) {
                order.by_id.entry(id.to_ascii_lowercase()).or_insert(at);
            }
        }
        order
    }

    /// The steps of a job or an action, in the order in which they run.
    fn nodes(&self, within: Within<'f>) -> impl Iterator<Item = Node<'f>> {
        let (own, of_action) = match within {
            Within::Job(job) => (&*job.steps, None),
            Within::Action => (&[][..], self.root.get("runs")),
        };
        let of_action = of_action.and_then(|runs| runs.get("steps"));
        let of_action = of_action.into_iter().flat_map(Node::items);
        own.iter().map(|step| step.node).chain(of_action)
    }
}

impl<'s, 'f> Scope<'s, 'f> {
    /// Returns when the step of an id, in any case, runs; of several, the first.
    pub(in crate::lint) fn when(&self, id: &str) -> Option<usize> {
        self.order()?.by_id.get(&id.to_ascii_lowercase()).copied()
    }

    /// Returns when a step runs.
    pub(in crate::lint) fn place(&self, step: Node<'_>) -> Option<usize> {
        self.order()?.by_node.get(&step.id()).copied()
    }

    fn order(&self) -> Option<&'s Order> {
        let (within, known) = self.within?;
        Some(known.order.get_or_init(|| self.scopes.order(within)))
    }

    pub(super) fn steps(&self) -> Option<Type> {
        let (within, known) = self.within?;
        let read = || self.scopes.steps(within);
        Some(known.steps.get_or_init(read).clone())
    }

    pub(super) fn needs(&self) -> Option<Type> {
        let (job, known) = self.job_and_known()?;
        let read = || self.scopes.needs(job);
        Some(known.needs.get_or_init(read).clone())
    }

    pub(super) fn matrix(&self) -> Option<Type> {
        let (job, known) = self.job_and_known()?;
        let read = || matrix::of(job.node.get("strategy"), self.scopes);
        Some(known.matrix.get_or_init(read).clone())
    }

    pub(super) fn job(&self) -> Option<Type> {
        let (job, known) = self.job_and_known()?;
        Some(known.job.get_or_init(|| job_context(job.node)).clone())
    }

    /// Nothing is known of the job that uses an action.
    fn job_and_known(&self) -> Option<(&'f Job<'f>, &'s JobScope)> {
        match self.within? {
            (Within::Job(job), known) => Some((job, known)),
            (Within::Action, _) => None,
        }
    }
}

/// The context `job`, in which only the services depend on the workflow.
fn job_context(job: Node<'_>) -> Type {
    let known = contexts::type_of("job").cloned().unwrap_or(Type::Any);
    let Type::Object(fields) = &known else {
        return known;
    };
    let services = job.get("services");
    if services.is_some_and(|node| node.as_str().is_some()) {
        return known;
    }
    let Some(Type::Object(any)) = fields.get("services") else {
        return known;
    };
    let mut own = Fields::default();
    for entry in services.into_iter().flat_map(Node::entries) {
        let name = entry.key.as_str().unwrap_or_default();
        match any.get(name) {
            Some(type_) if !expression::is_in(name) => own.add(name, type_.clone()),
            _ => return known,
        }
    }
    let mut all = (**fields).clone();
    all.set("services", Type::object(own));
    Type::object(all)
}
