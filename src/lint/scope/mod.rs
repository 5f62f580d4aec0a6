//! What the contexts are where an expression stands.

mod event;
mod inputs;
mod matrix;
mod outputs;

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;

use crate::expression::types::Fields;
use crate::expression::{self, Type};
use crate::knowledge::contexts;
use crate::lint::repository::{File, Repository};
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

/// The contexts that each job has of its own, as far as somebody asked for them.
#[derive(Default)]
struct JobScope {
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

/// The contexts where an expression stands.
pub(super) struct Scope<'s, 'f> {
    scopes: &'s Scopes<'f>,
    /// Whose contexts they are, where it stands within a job or an action.
    within: Option<(Within<'f>, &'s JobScope)>,
}

/// What has contexts of its own.
#[derive(Clone, Copy)]
enum Within<'f> {
    Job(&'f Job<'f>),
    Action,
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

impl<'s, 'f> Scope<'s, 'f> {
    /// Returns when the step of an id, in any case, runs; of several, the first.
    pub(super) fn when(&self, id: &str) -> Option<usize> {
        self.order()?.by_id.get(&id.to_ascii_lowercase()).copied()
    }

    /// Returns when a step runs.
    pub(super) fn place(&self, step: Node<'_>) -> Option<usize> {
        self.order()?.by_node.get(&step.id()).copied()
    }

    fn order(&self) -> Option<&'s Order> {
        let (within, known) = self.within?;
        Some(known.order.get_or_init(|| self.scopes.order(within)))
    }

    fn steps(&self) -> Option<Type> {
        let (within, known) = self.within?;
        let read = || self.scopes.steps(within);
        Some(known.steps.get_or_init(read).clone())
    }

    fn needs(&self) -> Option<Type> {
        let (job, known) = self.job_and_known()?;
        let read = || self.scopes.needs(job);
        Some(known.needs.get_or_init(read).clone())
    }

    fn matrix(&self) -> Option<Type> {
        let (job, known) = self.job_and_known()?;
        let read = || matrix::of(job.node.get("strategy"), self.scopes);
        Some(known.matrix.get_or_init(read).clone())
    }

    fn job(&self) -> Option<Type> {
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
