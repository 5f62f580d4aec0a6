//! `platform-target`: what the platform of the settings lacks.

use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::expression::Kind;
use crate::knowledge::metadata;
use crate::knowledge::platforms::{Effect, Lacking, Platform};
use crate::lint::Cx;
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::source::Location;
use crate::syntax::{self, Node};

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[Rule {
    id: "platform-target",
    group: Group::Correctness,
    severity: Severity::Error,
    fixes: Fixes::Never,
    finds: "what the platform that the settings name does not have",
    why: "GitHub Enterprise Server, Gitea and Forgejo read workflows of the same form and have not all of it: some keys they pass over, some actions fail there. `platform` in the settings says which one it is; without it, it is GitHub.",
    bad: &[],
    good: &["\
on: push
permissions: {contents: read}
jobs:
  a:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps: [{uses: actions/upload-artifact@v7, with: {path: out}}]
"],
}];

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    let platform = cx.settings.platform;
    if platform == Platform::GitHub {
        return;
    }
    for step in cx.steps() {
        found.extend(step.uses.and_then(|uses| action(platform, uses)));
    }
    contexts(cx, platform, found);
    let Some(workflow) = cx.workflow else {
        return;
    };
    permissions(platform, workflow.node, found);
    for job in &workflow.jobs {
        permissions(platform, job.node, found);
        let keys = platform.lacks("job-key");
        for (key, lacking) in keys.filter_map(|it| Some((job.node.key_of(it.name)?, it))) {
            let name = format!("`{}` of a job", lacking.name);
            found.push(told(platform, &name, &lacking, key.location()));
        }
        let runs_on = job.node.get("runs-on");
        let is_group = runs_on.is_some_and(|node| matches!(node.kind(), syntax::Kind::Mapping(_)));
        let lacking = platform.lacks("form").find(|it| it.name == "runs-on");
        if let (Some(node), Some(lacking), true) = (runs_on, lacking, is_group) {
            let name = "`runs-on` with `group` or `labels`";
            found.push(told(platform, name, &lacking, node.location()));
        }
    }
}

fn permissions(platform: Platform, node: Node<'_>, found: &mut Diagnostics) {
    let Some(granted) = node.get("permissions") else {
        return;
    };
    for lacking in platform.lacks("permission") {
        if let Some(key) = granted.key_of(lacking.name) {
            let name = format!("the permission `{}`", lacking.name);
            found.push(told(platform, &name, &lacking, key.location()));
        }
    }
}

/// An action that fails there, from one of its major versions on.
fn action(platform: Platform, uses: Node<'_>) -> Option<Diagnostic> {
    let text = uses.as_str()?;
    if text.starts_with("$/") {
        let lacking = platform.lacks("form").find(|it| it.name == "$/")?;
        let one = told(platform, "`$/`", &lacking, uses.location());
        return Some(one.help("write `./`, behind a checkout"));
    }
    let (name, _) = text.split_once('@')?;
    let major = metadata::major(text)?;
    platform.lacks("action").find_map(|lacking| {
        let (action, from) = lacking.name.split_once('@')?;
        let from: u32 = from.parse().ok()?;
        (name.eq_ignore_ascii_case(action) && major >= from).then(|| {
            let what = format!("`{action}` from v{from} on");
            told(platform, &what, &lacking, uses.location()).help(format!(
                "use a release before v{from}, or what your server has instead"
            ))
        })
    })
}

fn contexts(cx: &Cx<'_>, platform: Platform, found: &mut Diagnostics) {
    for lacking in platform.lacks("context") {
        for expression in cx.expressions {
            let Ok(node) = &expression.read else {
                continue;
            };
            node.walk(&mut |node| {
                let Kind::Property(base, name, _) = &node.kind else {
                    return;
                };
                let Kind::Context(context) = &base.kind else {
                    return;
                };
                if format!("{context}.{name}").eq_ignore_ascii_case(lacking.name) {
                    let place = expression.place(cx.text, node.span);
                    let name = format!("`{}`", lacking.name);
                    found.push(told(platform, &name, &lacking, place));
                }
            });
        }
    }
}

fn told(platform: Platform, what: &str, lacking: &Lacking, place: Location) -> Diagnostic {
    let (weight, effect) = match lacking.effect {
        Effect::Fails => (Severity::Error, "what uses it fails there"),
        Effect::Missing => (Severity::Error, "its value is empty there"),
        Effect::Ignored => (Severity::Warning, "it is passed over there"),
    };
    let message = format!("{} does not have {what}", platform.name());
    Diagnostic::new(weight, "platform-target", message)
        .at(place)
        .note(effect)
}
