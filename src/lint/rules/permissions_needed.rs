//! `permissions-insufficient`: an action or a command that needs more than its job has.

use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::expression;
use crate::knowledge::needs::{self, Need};
use crate::lint::Cx;
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::lint::script::{self, Script};
use crate::source::{Location, Span};
use crate::syntax::Node;
use crate::workflow::{Job, Step, Workflow};

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[Rule {
    id: "permissions-insufficient",
    group: Group::Security,
    severity: Severity::Warning,
    fixes: Fixes::Never,
    finds: "an action or a `gh` command that needs write access which the job's token lacks",
    why: "It fails with status 403, often only at the day of a release. A list of permissions gives nothing that it does not name.",
    bad: &["\
on: push
permissions: {contents: read}
jobs:
  a:
    runs-on: ubuntu-24.04
    steps:
      - run: gh release create v1
        env: {GH_TOKEN: '${{ github.token }}'}
"],
    good: &["\
on: push
permissions: {contents: read}
jobs:
  a:
    permissions: {contents: write}
    runs-on: ubuntu-24.04
    steps:
      - run: gh release create v1
        env: {GH_TOKEN: '${{ github.token }}'}
"],
}];

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    let Some(workflow) = cx.workflow else {
        return;
    };
    for job in &workflow.jobs {
        let granted = job.node.get("permissions");
        let granted = granted.or_else(|| workflow.node.get("permissions"));
        // Words stand for all; where nothing is said, the settings decide.
        let granted = granted.filter(|granted| granted.as_str().is_none_or(str::is_empty));
        let Some(granted) = granted.filter(|_| !job.steps.iter().any(has_other_token)) else {
            continue;
        };
        for step in &job.steps {
            let uses = step.uses.and_then(|node| Some((node, node.as_str()?)));
            if let Some((node, text)) = uses {
                action(job, step, granted, node, text, found);
            }
        }
    }
    for script in script::scripts(cx) {
        commands(cx, workflow, script, found);
    }
}

fn action(
    job: &Job<'_>,
    step: &Step<'_>,
    granted: Node<'_>,
    node: Node<'_>,
    uses: &str,
    found: &mut Diagnostics,
) {
    let name = uses.split('@').next().unwrap_or_default();
    let Some(need) = needs::need(name) else {
        return;
    };
    let with = step.node.get("with");
    let is_given = |input: &str| {
        let entries = with.into_iter().flat_map(Node::entries);
        let mut values = entries.filter(|entry| {
            entry
                .key
                .as_str()
                .is_some_and(|key| key.eq_ignore_ascii_case(input))
        });
        values.any(|entry| entry.value.as_str() != Some(""))
    };
    let tokens = ["GITHUB_TOKEN", "GH_TOKEN"].map(|name| env(name, &[step.node, job.node]));
    let has_own = tokens
        .into_iter()
        .flatten()
        .any(|token| !is_job_token(token));
    if need.applies(is_given) && !has_own {
        judge(job, granted, name, need, node.location(), found);
    }
}

fn commands(cx: &Cx<'_>, workflow: &Workflow<'_>, script: &Script<'_>, found: &mut Diagnostics) {
    let Some(job) = script.job.filter(|_| script.text.contains("gh ")) else {
        return;
    };
    let granted = job.node.get("permissions");
    let granted = granted.or_else(|| workflow.node.get("permissions"));
    let Some(granted) = granted.filter(|node| node.as_str().is_none_or(str::is_empty)) else {
        return;
    };
    let levels = [script.step.node, job.node, cx.root];
    let token = env("GH_TOKEN", &levels).or_else(|| env("GITHUB_TOKEN", &levels));
    if !token.is_some_and(is_job_token) || script.text.contains("_TOKEN=") {
        return;
    }
    for command in script::commands(script.text) {
        let [program, noun, verb, rest @ ..] = &*command.words else {
            continue;
        };
        // Another repository has another token.
        let is_elsewhere = rest
            .iter()
            .any(|word| word.starts_with("-R") || word.starts_with("--repo"));
        if *program != "gh" || is_elsewhere {
            continue;
        }
        let name = format!("gh {noun} {verb}");
        if let Some(need) = needs::need(&name) {
            let span = Span::of(command.start..command.start + name.len());
            let at = script.node.place_within(cx.text, span);
            judge(job, granted, &name, need, at, found);
        }
    }
}

fn judge(
    job: &Job<'_>,
    granted: Node<'_>,
    name: &str,
    need: Need,
    at: Location,
    found: &mut Diagnostics,
) {
    let has = |scope: &str| granted.get(scope).and_then(Node::as_str) == Some("write");
    for either in need.scopes() {
        if either.clone().any(has) {
            continue;
        }
        let scopes: Vec<_> = either.map(|scope| format!("`{scope}: write`")).collect();
        let wanted = scopes.join(" or ");
        let mut at_granted = granted.location();
        if let Some(key) = job.node.key_of("permissions") {
            at_granted = key.location();
        }
        found.push(
            Diagnostic::warning(
                "permissions-insufficient",
                format!("`{name}` needs {wanted}"),
            )
            .at(at)
            .label(at_granted, "these are the permissions of the job")
            .note("what a list of permissions does not name is not granted")
            .help(format!(
                "add {wanted} to the permissions of the job `{}`",
                job.id
            )),
        );
    }
}

/// The value of a variable at the innermost level that sets it.
fn env<'t>(name: &str, levels: &[Node<'t>]) -> Option<&'t str> {
    let mut values = levels
        .iter()
        .filter_map(|level| level.get("env")?.get(name));
    values.next()?.as_str()
}

/// Whether a text is the token of the job.
fn is_job_token(text: &str) -> bool {
    let inner = text
        .trim()
        .strip_prefix("${{")
        .and_then(|rest| rest.strip_suffix("}}"));
    inner.is_some_and(|inner| {
        let inner = inner.trim();
        inner.eq_ignore_ascii_case("github.token")
            || inner.eq_ignore_ascii_case("secrets.GITHUB_TOKEN")
    })
}

/// Whether a step brings a token or a key that is not the job's.
fn has_other_token(step: &Step<'_>) -> bool {
    let with = step.node.get("with").into_iter().flat_map(Node::entries);
    with.into_iter().any(|entry| {
        let value = entry.value.as_str().unwrap_or_default();
        if !expression::is_in(value) || is_job_token(value) {
            return false;
        }
        let name = entry.key.as_str().unwrap_or_default().to_ascii_lowercase();
        name.contains("token") || name.ends_with("key") || name == "pat"
    })
}
