//! `vars-undefined`, `secrets-undefined`, `environment-undefined`: names that the settings do
//! not have among all that there are. Without such settings nothing is known, and nothing
//! found, but environments that are nearly one of the manifest's.

use crate::diagnostics::{Diagnostic, Diagnostics, Severity, nearest};
use crate::expression::{self, Kind, Node};
use crate::lint::Cx;
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::lint::settings::Settings;
use crate::source::Span;
use crate::syntax::Node as SyntaxNode;

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[
    Rule {
        id: "environment-undefined",
        group: Group::Correctness,
        severity: Severity::Warning,
        fixes: Fixes::Never,
        finds: "an environment that is not among those of the settings, or nearly one of the manifest's",
        why: "GitHub creates an environment that a job names, without reviewers and without secrets, so a slip of the pen deploys unguarded. The settings name all environments under `environments`.",
        bad: &[],
        good: &["\
on: push
jobs:
  deploy:
    runs-on: ubuntu-24.04
    environment: production
    steps: [{run: make deploy}]
"],
    },
    Rule {
        id: "secrets-undefined",
        group: Group::Correctness,
        severity: Severity::Warning,
        fixes: Fixes::Never,
        finds: "a secret that is not among those of the settings",
        why: "A secret that does not exist is an empty text, and the step fails far from its cause. The settings name all secrets under `secrets`.",
        bad: &[],
        good: &["\
on: push
jobs:
  build:
    runs-on: ubuntu-24.04
    steps: [{run: make, env: {TOKEN: '${{ secrets.GITHUB_TOKEN }}'}}]
"],
    },
    Rule {
        id: "vars-undefined",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "a configuration variable that is not among those of the settings",
        why: "A variable that does not exist is an empty text. The settings name all variables under `variables`.",
        bad: &[],
        good: &[],
    },
];

/// What GitHub gives to every run.
const ALWAYS: &str = "GITHUB_TOKEN";

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    for job in cx.workflow.iter().flat_map(|workflow| &workflow.jobs) {
        let environment = job.node.get("environment");
        let named = environment.map(|node| node.get("name").unwrap_or(node));
        found.extend(named.and_then(|node| environment_name(cx.settings, node)));
    }
    let (variables, secrets) = (&cx.settings.variables, &cx.settings.secrets);
    if variables.is_none() && secrets.is_none() {
        return;
    }
    let of_caller = secrets_of_caller(cx);
    for expression in cx.expressions {
        let Ok(node) = &expression.read else {
            continue;
        };
        node.walk(&mut |node| {
            let Some((context, name, span)) = named(node) else {
                return;
            };
            let place = expression.place(cx.text, span);
            match (context, variables, secrets) {
                ("vars", Some(all), _) => {
                    let what = ("vars-undefined", Severity::Error, "variable");
                    found.extend(unknown(what, name, all).map(|one| one.at(place)));
                }
                ("secrets", _, Some(all)) => {
                    let own = of_caller.iter().any(|own| own.eq_ignore_ascii_case(name));
                    if own || name.eq_ignore_ascii_case(ALWAYS) {
                        return;
                    }
                    let what = ("secrets-undefined", Severity::Warning, "secret");
                    found.extend(unknown(what, name, all).map(|one| one.at(place)));
                }
                _ => {}
            }
        });
    }
}

/// A name that is taken from one of the two contexts, and where it stands.
fn named<'n>(node: &'n Node<'_>) -> Option<(&'static str, &'n str, Span)> {
    let (base, name, span) = match &node.kind {
        Kind::Property(base, name, span) => (base, *name, *span),
        Kind::Index(base, index) => match &index.kind {
            Kind::Text(name) => (base, name.as_str(), index.span),
            _ => return None,
        },
        _ => return None,
    };
    let Kind::Context(context) = &base.kind else {
        return None;
    };
    let context = ["vars", "secrets"]
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(context))?;
    Some((context, name, span))
}

fn unknown(
    (rule, severity, kind): (&'static str, Severity, &str),
    name: &str,
    all: &[String],
) -> Option<Diagnostic> {
    if all.iter().any(|known| known.eq_ignore_ascii_case(name)) {
        return None;
    }
    let message = format!("there is no {kind} `{name}`");
    let unknown = Diagnostic::new(severity, rule, message);
    let help = match nearest(name, all.iter().map(String::as_str)) {
        Some(near) => format!("write `{near}`, or add `{name}` to `{kind}s` in the settings"),
        None => format!("add `{name}` to `{kind}s` in the settings"),
    };
    Some(unknown.help(help))
}

/// An environment that GitHub would create, unguarded.
fn environment_name(settings: &Settings, node: SyntaxNode<'_>) -> Option<Diagnostic> {
    let name = node.as_str()?;
    if name.is_empty() || expression::is_in(name) {
        return None;
    }
    // Those of a managed one that approve stand beside it: `production-approval-1`.
    let is_managed = |known: &String| {
        let rest = name.get(known.len()..).filter(|_| begins(name, known));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    if settings.managed.iter().any(is_managed) {
        return None;
    }
    let all = settings.environments.iter().flatten();
    let mut known = all.chain(&settings.managed).map(String::as_str);
    if known.clone().any(|known| known.eq_ignore_ascii_case(name)) {
        return None;
    }
    let near = nearest(name, known.by_ref());
    if settings.environments.is_none() && near.is_none() {
        return None;
    }
    let add = format!("add `{name}` to `environments` in the settings of the linter");
    let help = match near {
        Some(near) => format!("write `{near}`, or {add}"),
        None => add,
    };
    let message = format!("there is no environment `{name}`");
    let unknown = Diagnostic::warning("environment-undefined", message).at(node.location());
    Some(
        unknown
            .note("GitHub creates an environment that a job names, without any protection")
            .help(help),
    )
}

/// Whether a text begins with another one, in any case.
fn begins(text: &str, start: &str) -> bool {
    let head = text.get(..start.len());
    head.is_some_and(|head| head.eq_ignore_ascii_case(start))
}

/// The secrets that whoever calls the workflow passes.
fn secrets_of_caller<'f>(cx: &Cx<'f>) -> Vec<&'f str> {
    let call = cx.workflow.and_then(|it| it.trigger("workflow_call"));
    let secrets = call.and_then(|call| call.get("secrets"));
    let entries = secrets.into_iter().flat_map(|secrets| secrets.entries());
    entries.filter_map(|entry| entry.key.as_str()).collect()
}
