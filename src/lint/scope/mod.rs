//! What the contexts are where an expression stands.

mod event;
mod inputs;
mod job;
mod matrix;
mod outputs;

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;

use crate::expression::types::Fields;
use crate::expression::{self, Type};
use crate::knowledge::contexts;
use crate::lint::repository::{File, Repository};
use crate::lint::scope::job::{JobScope, Within};
use crate::syntax::Node;
use crate::workflow::{Job, Site, Workflow};

/// The contexts of a file.
pub(super) struct Scopes<'f> {
    file: &'f File,
    text: &'f str,
    root: Node<'f>,
    workflow: Option<&'f Workflow<'f>>,
    repository: &'f Repository<'f>,
    /// The jobs with the numbers of their nodes, sorted by those.
    by_node: Vec<(u32, &'f Job<'f>)>,
    github: OnceCell<Type>,
    inputs: OnceCell<Type>,
    secrets: OnceCell<Type>,
    all_jobs: OnceCell<Type>,
    /// What was read of the jobs, in the order of `by_node`; of an action, alone.
    jobs: Vec<JobScope>,
    /// What the jobs give, by the number of their nodes.
    outputs: RefCell<HashMap<u32, Type>>,
}

/// The contexts where an expression stands.
pub(super) struct Scope<'s, 'f> {
    scopes: &'s Scopes<'f>,
    /// Whose contexts they are, where it stands within a job or an action.
    within: Option<(Within<'f>, &'s JobScope)>,
}

impl<'f> Scopes<'f> {
    pub(super) fn new(
        file: &'f File,
        text: &'f str,
        root: Node<'f>,
        workflow: Option<&'f Workflow<'f>>,
        repository: &'f Repository<'f>,
    ) -> Self {
        let jobs = workflow.into_iter().flat_map(|workflow| &workflow.jobs);
        let mut by_node: Vec<_> = jobs.map(|job| (job.node.id(), job)).collect();
        by_node.sort_by_key(|(node, _)| *node);
        Self {
            jobs: (0..by_node.len().max(1))
                .map(|_| JobScope::default())
                .collect(),
            by_node,
            file,
            text,
            root,
            workflow,
            repository,
            github: OnceCell::new(),
            inputs: OnceCell::new(),
            secrets: OnceCell::new(),
            all_jobs: OnceCell::new(),
            outputs: RefCell::default(),
        }
    }

    /// Returns the contexts of a text.
    pub(super) fn of(&self, site: &Site<'_>) -> Scope<'_, 'f> {
        let place = site.job.and_then(|node| {
            let of_node = self
                .by_node
                .binary_search_by_key(&node.id(), |(node, _)| *node);
            of_node.ok()
        });
        let within = match place {
            Some(at) => Some((Within::Job(self.by_node[at].1), &self.jobs[at])),
            None if self.workflow.is_none() => Some((Within::Action, &self.jobs[0])),
            None => None,
        };
        let scopes = self;
        Scope { scopes, within }
    }

    /// Returns the contexts outside of jobs.
    fn outside(&self) -> Scope<'_, 'f> {
        Scope {
            scopes: self,
            within: None,
        }
    }

    /// What `needs` and `jobs` say of a job.
    fn result(&self, job: &Job<'f>) -> Type {
        let key = job.node.id();
        if let Some(known) = self.outputs.borrow().get(&key) {
            return known.clone();
        }
        let mut fields = Fields::default();
        fields.add("result", Type::Text);
        fields.add("outputs", self.job_outputs(job));
        let result = Type::object(fields);
        self.outputs.borrow_mut().insert(key, result.clone());
        result
    }

    fn all_jobs(&self) -> Type {
        let read = || {
            let mut fields = Fields::default();
            let jobs = self.workflow.into_iter();
            for job in jobs.flat_map(|workflow| &workflow.jobs) {
                fields.add(job.id, self.result(job));
            }
            Type::object(fields)
        };
        self.all_jobs.get_or_init(read).clone()
    }

    fn github(&self) -> Type {
        let read = || {
            // Most workflows ask nothing of the payload, whose types are large.
            let asks = self.text.contains("github.event.");
            event::github(self.workflow.filter(|_| asks))
        };
        self.github.get_or_init(read).clone()
    }

    fn secrets(&self) -> Type {
        self.secrets
            .get_or_init(|| inputs::secrets(self.workflow))
            .clone()
    }

    fn inputs(&self) -> Type {
        self.inputs
            .get_or_init(|| match self.workflow {
                Some(workflow) => inputs::of_workflow(workflow),
                None => inputs::of_action(self.root),
            })
            .clone()
    }
}

impl expression::Scope for Scope<'_, '_> {
    fn context(&self, name: &str) -> Type {
        let file = self.scopes;
        let found = match () {
            () if is("github", name) => Some(file.github()),
            () if is("inputs", name) => Some(file.inputs()),
            () if is("jobs", name) => Some(file.all_jobs()),
            () if is("secrets", name) => Some(file.secrets()),
            () if is("job", name) => self.job(),
            () if is("matrix", name) => self.matrix(),
            () if is("needs", name) => self.needs(),
            () if is("steps", name) => self.steps(),
            () => contexts::type_of(name).cloned(),
        };
        found.unwrap_or(Type::Any)
    }
}

fn is(known: &str, name: &str) -> bool {
    known.eq_ignore_ascii_case(name)
}
