//! `vars-undefined`, `secrets-undefined`: names that the settings do not have among all
//! that there are. Without such settings nothing is known, and nothing found.

use crate::diagnostics::{Diagnostic, Diagnostics, Severity, nearest};
use crate::expression::{Kind, Node};
use crate::lint::Cx;
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::source::Span;

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[
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

/// The secrets that whoever calls the workflow passes.
fn secrets_of_caller<'f>(cx: &Cx<'f>) -> Vec<&'f str> {
    let call = cx.workflow.and_then(|it| it.trigger("workflow_call"));
    let secrets = call.and_then(|call| call.get("secrets"));
    let entries = secrets.into_iter().flat_map(|secrets| secrets.entries());
    entries.filter_map(|entry| entry.key.as_str()).collect()
}
