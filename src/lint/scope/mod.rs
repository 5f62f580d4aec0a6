//! What the contexts are where an expression stands.

mod event;
mod inputs;
mod matrix;
mod outputs;

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

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
    jobs: Vec<OnceCell<Rc<JobScope>>>,
    /// What the jobs give, by the number of their nodes.
    outputs: RefCell<HashMap<u32, Type>>,
}

/// The contexts that each job has of its own.
pub(super) struct JobScope {
    matrix: Type,
    needs: Type,
    steps: Type,
    job: Type,
    /// The ids of the steps in lower case, and when they run.
    order: Vec<(String, usize)>,
    /// The numbers of the nodes of all steps in the order in which they run.
    places: Vec<u32>,
}

impl JobScope {
    /// Returns when the step of an id, in any case, runs; of several, the first.
    pub(super) fn when(&self, id: &str) -> Option<usize> {
        let mut known = self.order.iter();
        let found = known.find(|(known, _)| known.eq_ignore_ascii_case(id));
        found.map(|(_, at)| *at)
    }

    /// Returns when a step runs.
    pub(super) fn place(&self, step: Node<'_>) -> Option<usize> {
        self.places.iter().position(|node| *node == step.id())
    }
}

/// The contexts where an expression stands.
pub(super) struct Scope<'s, 'f> {
    scopes: &'s Scopes<'f>,
    /// Those of the job, or of the steps of an action.
    pub(super) job: Option<Rc<JobScope>>,
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
            jobs: vec![OnceCell::new(); by_node.len().max(1)],
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
        let read = |at: usize, read: &dyn Fn() -> JobScope| {
            let known = self.jobs[at].get_or_init(|| Rc::new(read()));
            Some(Rc::clone(known))
        };
        let job = match place {
            Some(at) => read(at, &|| self.read_job(self.by_node[at].1)),
            None if self.workflow.is_none() => read(0, &|| self.read_action()),
            None => None,
        };
        Scope { scopes: self, job }
    }

    /// Returns the contexts outside of jobs.
    fn outside(&self) -> Scope<'_, 'f> {
        Scope {
            scopes: self,
            job: None,
        }
    }

    fn read_job(&self, job: &Job<'f>) -> JobScope {
        let mut needs = Fields::default();
        for name in job.needs.iter().filter_map(|node| node.as_str()) {
            if let Some(needed) = self.workflow.and_then(|workflow| workflow.job(name)) {
                needs.add(needed.id, self.result(needed));
            }
        }
        let steps: Vec<_> = job.steps.iter().map(|step| step.node).collect();
        JobScope {
            matrix: matrix::of(job.node.get("strategy"), self),
            needs: Type::object(needs),
            job: job_context(job.node),
            ..self.read_steps(&steps)
        }
    }

    /// Nothing is known of the job that uses an action.
    fn read_action(&self) -> JobScope {
        let steps = self.root.get("runs").and_then(|runs| runs.get("steps"));
        let steps: Vec<_> = steps.into_iter().flat_map(Node::items).collect();
        self.read_steps(&steps)
    }

    fn read_steps(&self, steps: &[Node<'f>]) -> JobScope {
        let mut fields = Fields::default();
        let mut order: Vec<(String, usize)> = Vec::new();
        for (at, step) in steps.iter().enumerate() {
            let Some(id) = step.get("id").and_then(Node::as_str) else {
                continue;
            };
            let mut own = Fields::default();
            own.add("outputs", self.step_outputs(*step));
            own.add("outcome", Type::Text);
            own.add("conclusion", Type::Text);
            fields.add(id, Type::object(own));
            order.push((id.to_ascii_lowercase(), at));
        }
        JobScope {
            matrix: Type::Any,
            needs: Type::Any,
            steps: Type::object(fields),
            job: Type::Any,
            order,
            places: steps.iter().map(|step| step.id()).collect(),
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

impl expression::Scope for Scope<'_, '_> {
    fn context(&self, name: &str) -> Type {
        let job = self.job.as_deref();
        let file = self.scopes;
        let found = match () {
            () if is("github", name) => Some(file.github()),
            () if is("inputs", name) => Some(file.inputs()),
            () if is("jobs", name) => Some(file.all_jobs()),
            () if is("secrets", name) => Some(file.secrets()),
            () if is("job", name) => job.map(|scope| scope.job.clone()),
            () if is("matrix", name) => job.map(|scope| scope.matrix.clone()),
            () if is("needs", name) => job.map(|scope| scope.needs.clone()),
            () if is("steps", name) => job.map(|scope| scope.steps.clone()),
            () => contexts::type_of(name).cloned(),
        };
        found.unwrap_or(Type::Any)
    }
}

fn is(known: &str, name: &str) -> bool {
    known.eq_ignore_ascii_case(name)
}
