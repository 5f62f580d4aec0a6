//! `shell-name`: a shell that no runner has, or not the one of the job.

use crate::diagnostics::{Diagnostic, Diagnostics, Severity, guess};
use crate::expression;
use crate::knowledge::shells;
use crate::lint::Cx;
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::lint::runs_on;
use crate::syntax::Node;

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[Rule {
    id: "shell-name",
    group: Group::Correctness,
    severity: Severity::Error,
    fixes: Fixes::Sometimes,
    finds: "a shell that GitHub does not know, or that the runner's system lacks",
    why: "The step fails. Any program can be a shell if it is written as a command with `{0}` in the place of the script, as in `perl {0}`.",
    bad: &["\
on: push
jobs:
  build:
    runs-on: ubuntu-24.04
    steps: [{run: dir, shell: cmd}]
"],
    good: &["\
on: push
jobs:
  build:
    runs-on: ubuntu-24.04
    steps: [{run: ls, shell: 'dash {0}'}]
"],
}];

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    let Some(workflow) = cx.workflow else {
        let runs = cx.root.get("runs").and_then(|runs| runs.get("steps"));
        for step in runs.into_iter().flat_map(Node::items) {
            shell(step, None, found);
        }
        return;
    };
    defaults(workflow.node, None, found);
    for job in &workflow.jobs {
        let system = runs_on::system(job);
        defaults(job.node, system, found);
        for step in &job.steps {
            shell(step.node, system, found);
        }
    }
}

fn defaults(node: Node<'_>, system: Option<&str>, found: &mut Diagnostics) {
    let run = node.get("defaults").and_then(|node| node.get("run"));
    if let Some(run) = run {
        shell(run, system, found);
    }
}

/// The `shell` of a mapping; `system` is that of the runner, if it is known.
fn shell(mapping: Node<'_>, system: Option<&str>, found: &mut Diagnostics) {
    let shell = mapping.get("shell");
    let Some((node, text)) = shell.and_then(|node| Some((node, node.as_str()?))) else {
        return;
    };
    if text.is_empty() || expression::is_in(text) || text.contains("{0}") {
        return;
    }
    let Some(known) = shells::find(text) else {
        let message = format!("GitHub does not know the shell `{text}`");
        let error = Diagnostic::error("shell-name", message).at(node.location());
        let near = guess(text, shells::all().map(|shell| shell.name));
        return found.push(match near {
            Some(near) => error.write(near, node.rewritten(near.name)),
            None => error.help(format!(
                "write it as a command, `{text} {{0}}`, or choose another"
            )),
        });
    };
    if let Some(system) = system.filter(|system| !known.has(system)) {
        let message = format!("{} has no `{text}`", runs_on::spell(system));
        found.push(
            Diagnostic::error("shell-name", message)
                .at(node.location())
                .help("choose a shell that it has; `bash` and `pwsh` are everywhere"),
        );
    }
}
