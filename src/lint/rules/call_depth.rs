//! `call-depth`: workflows that call each other too deep, too many or in a ring.

use std::collections::HashMap;

use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::lint::Cx;
use crate::lint::repository::{Called, File, Repository};
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::source::SourceId;
use crate::syntax::Node;
use crate::workflow::{Job, Workflow};

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[Rule {
    id: "call-depth",
    group: Group::Correctness,
    severity: Severity::Error,
    fixes: Fixes::Never,
    finds: "workflows that call each other in a ring, more than 10 deep, or more than 50 of them",
    why: "GitHub refuses the run.",
    bad: &["\
on: push
permissions: {}
jobs: {call: {uses: ./.github/workflows/called.yml}}
# file: .github/workflows/called.yml
on: workflow_call
jobs: {again: {uses: ./.github/workflows/called.yml}}
"],
    good: &["\
on: push
permissions: {}
jobs: {call: {uses: ./.github/workflows/called.yml}}
# file: .github/workflows/called.yml
on: workflow_call
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
"],
}];

/// GitHub's limits: levels of one run, and files of it, the first one among them.
const MAX_LEVELS: usize = 10;
const MAX_FILES: usize = 50;

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    let Some(workflow) = cx.workflow else {
        return;
    };
    let mut walk = Walk {
        repository: cx.repository,
        levels: HashMap::new(),
    };
    walk.levels.insert(cx.file.id, State::Open);
    let mut told = false;
    for job in &workflow.jobs {
        match walk.below(cx.file, job) {
            Ok(levels) if levels + 1 > MAX_LEVELS => {
                let message = format!("this call goes {} levels deep", levels + 1);
                found.push(tell(
                    job,
                    message,
                    format!("GitHub takes {MAX_LEVELS}, this file being the first"),
                ));
            }
            Ok(_) => {}
            Err(file) => {
                let message = "this call comes back to itself";
                let note = format!("`{}` is called while it is being called", file.path);
                found.push(tell(job, message, note));
                // What lies behind a ring has no depth.
                return;
            }
        }
        if walk.levels.len() > MAX_FILES && !told {
            told = true;
            let message = "with this call the run has too many workflows";
            found.push(tell(
                job,
                message,
                format!("GitHub takes {MAX_FILES} files, this one among them"),
            ));
        }
    }
}

fn tell(job: &Job<'_>, message: impl Into<String>, note: String) -> Diagnostic {
    let at = job.node.get("uses").unwrap_or(job.key);
    Diagnostic::error("call-depth", message)
        .at(at.location())
        .note(note)
        .help("put the jobs of the called workflow in the place of the call")
}

enum State {
    /// It is being looked into.
    Open,
    /// How many levels there are from it down.
    Done(usize),
}

struct Walk<'a, 'r> {
    repository: &'a Repository<'r>,
    levels: HashMap<SourceId, State>,
}

impl<'a, 'r> Walk<'a, 'r> {
    /// How many levels a job has below its own; the file that is called within itself.
    fn below(&mut self, file: &File, job: &Job<'_>) -> Result<usize, &'r File> {
        let uses = job.node.get("uses").and_then(Node::as_str);
        let called = uses.and_then(|uses| self.repository.called(file, uses));
        let Some(Called::Workflow(target, workflow)) = called else {
            return Ok(0);
        };
        match self.levels.get(&target.id) {
            Some(State::Open) => Err(target),
            Some(State::Done(levels)) => Ok(*levels),
            None => self.within(target, workflow),
        }
    }

    fn within(&mut self, file: &'r File, workflow: &Workflow<'_>) -> Result<usize, &'r File> {
        // Whoever goes deeper is refused anyway.
        if self.levels.len() > 2 * MAX_FILES {
            return Ok(0);
        }
        self.levels.insert(file.id, State::Open);
        let mut deepest = 0;
        for job in &workflow.jobs {
            deepest = deepest.max(self.below(file, job)?);
        }
        self.levels.insert(file.id, State::Done(deepest + 1));
        Ok(deepest + 1)
    }
}
