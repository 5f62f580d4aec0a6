//! `call-permissions`: a called workflow asks for more than its caller has.

use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::lint::Cx;
use crate::lint::repository::{Called, File, Repository};
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::syntax::{Kind, Node};
use crate::workflow::{Job, Workflow};

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[Rule {
    id: "call-permissions",
    group: Group::Correctness,
    severity: Severity::Error,
    fixes: Fixes::Never,
    finds: "a called workflow that asks for more than its caller has",
    why: "A call can keep or lower permissions, never raise them, so GitHub refuses the run before a job begins.",
    bad: &["\
on: push
jobs:
  call:
    permissions: {issues: write}
    uses: ./.github/workflows/called.yml
    with: {size: 5}
    secrets: {TOKEN: '${{ secrets.TOKEN }}'}
# file: .github/workflows/called.yml
on:
  workflow_call:
    inputs: {size: {type: number, required: true}}
    secrets: {TOKEN: {required: true}}
jobs:
  a: {permissions: {contents: read}, runs-on: ubuntu-24.04, steps: [{run: make}]}
"],
    good: &["\
on: push
jobs:
  call:
    permissions: {contents: read}
    uses: ./.github/workflows/called.yml
    with: {size: 5}
    secrets: {TOKEN: '${{ secrets.TOKEN }}'}
# file: .github/workflows/called.yml
on:
  workflow_call:
    inputs: {size: {type: number, required: true}}
    secrets: {TOKEN: {required: true}}
jobs:
  a: {permissions: {contents: read}, runs-on: ubuntu-24.04, steps: [{run: make}]}
"],
}];

/// GitHub's limit of calls within calls.
const MAX_DEPTH: usize = 10;

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    let Some(workflow) = cx.workflow else {
        return;
    };
    for job in &workflow.jobs {
        let own = granted(job, workflow);
        let ceiling = own.map(Granted::read);
        follow(cx.repository, cx.file, job, ceiling.as_ref(), 0, found);
    }
}

/// Looks into what a job calls, and into what that calls in turn.
fn follow(
    repository: &Repository<'_>,
    file: &File,
    job: &Job<'_>,
    ceiling: Option<&Granted<'_>>,
    depth: usize,
    found: &mut Diagnostics,
) {
    let uses = job.node.get("uses").and_then(Node::as_str);
    let called = uses.and_then(|uses| repository.called(file, uses));
    let (Some(Called::Workflow(target, workflow)), Some(ceiling)) = (called, ceiling) else {
        return;
    };
    if depth == MAX_DEPTH {
        return;
    }
    for inner in &workflow.jobs {
        let asked = granted(inner, workflow).map(Granted::read);
        if let Some(asked) = &asked
            && let Some((scope, [wants, has])) = asked.beyond(ceiling)
        {
            let message = format!(
                "the called job `{}` asks for `{scope}: {}`, and the call has `{scope}: {}`",
                inner.id,
                wants.word(),
                has.word()
            );
            let written = inner.node.key_of("permissions");
            let written = written.or_else(|| workflow.node.key_of("permissions"));
            let diagnostic = Diagnostic::error("call-permissions", message)
                .at(job.key.location())
                .label(written.unwrap_or(inner.key).location(), "it asks here")
                .note("a called workflow can only keep or lower the permissions of its caller")
                .help(format!(
                    "give `{scope}: {}` to the job `{}`",
                    wants.word(),
                    job.id
                ));
            if !found
                .iter()
                .any(|known| known.code == diagnostic.code && known.primary == diagnostic.primary)
            {
                found.push(diagnostic);
            }
            continue;
        }
        follow(
            repository,
            target,
            inner,
            Some(asked.as_ref().unwrap_or(ceiling)),
            depth + 1,
            found,
        );
    }
}

/// The permissions of a job: its own, or those of its workflow.
fn granted<'t>(job: &Job<'t>, workflow: &Workflow<'t>) -> Option<Node<'t>> {
    job.node
        .get("permissions")
        .or_else(|| workflow.node.get("permissions"))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    None,
    Read,
    Write,
}

impl Level {
    fn of(text: &str) -> Self {
        match text {
            "write" => Self::Write,
            "read" => Self::Read,
            _ => Self::None,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

/// What `permissions` says.
struct Granted<'t> {
    /// The level of whatever is not named.
    others: Level,
    scopes: Vec<(&'t str, Level)>,
}

impl<'t> Granted<'t> {
    fn read(node: Node<'t>) -> Self {
        let others = match node.as_str() {
            Some("write-all") => Level::Write,
            Some("read-all") => Level::Read,
            _ => Level::None,
        };
        let scopes = match node.kind() {
            Kind::Mapping(entries) => entries
                .filter_map(|entry| Some((entry.key.as_str()?, Level::of(entry.value.as_str()?))))
                .collect(),
            _ => Vec::new(),
        };
        Self { others, scopes }
    }

    fn level(&self, scope: &str) -> Level {
        let named = self.scopes.iter().find(|(name, _)| *name == scope);
        named.map_or(self.others, |(_, level)| *level)
    }

    /// The first scope of which it asks for more than there is.
    fn beyond(&self, ceiling: &Self) -> Option<(&'t str, [Level; 2])> {
        let named = self.scopes.iter().find_map(|(scope, level)| {
            let has = ceiling.level(scope);
            (*level > has).then_some((*scope, [*level, has]))
        });
        // Whoever asks for all asks for some scope that a list does not have.
        named.or_else(|| {
            (self.others > ceiling.others)
                .then_some(("contents", [self.others, ceiling.level("contents")]))
        })
    }
}
