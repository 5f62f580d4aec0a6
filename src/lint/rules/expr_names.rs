//! Every expression of a file: its syntax, its names, and what may be used where it stands.

use crate::diagnostics::{Applicability, Diagnostic, Diagnostics, Edit, Severity, guess};
use crate::expression::{self, FUNCTIONS, Kind, Problem, Reason};
use crate::knowledge::contexts;
use crate::lint::Cx;
use crate::lint::expressions::Expression;
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::source::Span;
use crate::workflow::{Part, Site, sole};

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[
    Rule {
        id: "expr-call-args",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "a call with too few or too many arguments",
        why: "GitHub refuses the file.",
        bad: &["\
on: push
jobs:
  build:
    if: contains(github.ref)
    runs-on: ubuntu-24.04
    steps: [{run: make}]
"],
        good: &["\
on: push
jobs:
  build:
    if: contains(github.ref, 'v1')
    runs-on: ubuntu-24.04
    steps: [{run: make}]
"],
    },
    Rule {
        id: "expr-context-availability",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "a context where GitHub does not have it yet",
        why: "What stands outside of steps is read before a runner exists, so `runner`, `env` and `steps` are not there; secrets are in no `if`.",
        bad: &["\
on: push
jobs:
  build:
    if: secrets.TOKEN != ''
    runs-on: ubuntu-24.04
    steps: [{run: make}]
"],
        good: &["\
on: push
jobs:
  build:
    runs-on: ubuntu-24.04
    env: {TOKEN: '${{ secrets.TOKEN }}'}
    steps: [{if: env.TOKEN != '', run: make}]
"],
    },
    Rule {
        id: "expr-function-availability",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "a function where GitHub does not have it",
        why: "Functions about the steps before belong into an `if`, and `hashFiles` into a step, where there are files.",
        bad: &["\
on: push
jobs:
  build:
    name: ${{ success() }}
    runs-on: ubuntu-24.04
    steps: [{run: make}]
"],
        good: &["\
on: push
jobs:
  build:
    if: success()
    runs-on: ubuntu-24.04
    steps: [{run: make}]
"],
    },
    Rule {
        id: "expr-syntax",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Sometimes,
        finds: "an expression that cannot be read",
        why: "GitHub refuses the file. Text stands in single quotes, and there is no arithmetic.",
        bad: &["\
on: push
jobs:
  build:
    if: github.ref == \"main\"
    runs-on: ubuntu-24.04
    steps: [{run: make}]
"],
        good: &["\
on: push
jobs:
  build:
    if: github.ref == 'main'
    runs-on: ubuntu-24.04
    steps: [{run: make}]
"],
    },
    Rule {
        id: "expr-undefined-context",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Sometimes,
        finds: "a context that does not exist",
        why: "GitHub refuses the file.",
        bad: &["\
on: push
jobs:
  build:
    if: git.ref == 'main'
    runs-on: ubuntu-24.04
    steps: [{run: make}]
"],
        good: &["\
on: push
jobs:
  build:
    if: github.ref == 'main'
    runs-on: ubuntu-24.04
    steps: [{run: make}]
"],
    },
    Rule {
        id: "expr-undefined-function",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Sometimes,
        finds: "a function that does not exist",
        why: "GitHub refuses the file.",
        bad: &["\
on: push
jobs:
  build:
    if: includes(github.ref, 'v1')
    runs-on: ubuntu-24.04
    steps: [{run: make}]
"],
        good: &["\
on: push
jobs:
  build:
    if: contains(github.ref, 'v1')
    runs-on: ubuntu-24.04
    steps: [{run: make}]
"],
    },
];

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    for site in cx.sites {
        if !site.opens {
            continue;
        }
        if site.grants.is_static() {
            if !is_literal(site.text) {
                found.push(not_here(site));
            }
        } else if site.parts().any(|part| matches!(part, Part::Open(_))) {
            found.push(
                Diagnostic::error("expr-syntax", "the expression has no `}}`")
                    .at(site.node.location())
                    .help("end it with `}}`"),
            );
        }
    }
    for expression in cx.expressions {
        one(cx, expression, found);
    }
}

/// GitHub reads a sole `${{ 'text' }}` as that text, even where expressions cannot stand.
fn is_literal(text: &str) -> bool {
    let read = sole(text).map(expression::parse);
    matches!(read, Some(Ok(node)) if matches!(node.kind, Kind::Text(_)))
}

fn not_here(site: &Site<'_>) -> Diagnostic {
    Diagnostic::error("expr-context-availability", "no expression can stand here")
        .at(site.node.location())
        .note("GitHub reads this before a run has any values")
        .help("write the value itself")
}

fn one(cx: &Cx<'_>, expression: &Expression<'_>, found: &mut Diagnostics) {
    let place = |inner: Span| expression.place(cx.text, inner);
    let rewritten = |inner: Span, new: &str| expression.rewritten(cx.text, inner, new);
    let grants = expression.site.grants;
    let node = match &expression.read {
        Ok(node) => node,
        Err(problem) => {
            let at = place(problem.span);
            return found.push(syntax(expression.text, problem, &rewritten).at(at));
        }
    };
    for problem in expression::check(node, &contexts::is_known) {
        let (rule, near) = match &problem.reason {
            Reason::UnknownContext(name) => {
                ("expr-undefined-context", guess(name, contexts::all()))
            }
            Reason::UnknownFunction(name) => (
                "expr-undefined-function",
                guess(name, FUNCTIONS.iter().map(|function| function.name)),
            ),
            _ => ("expr-call-args", None),
        };
        let diagnostic = Diagnostic::error(rule, problem.to_string()).at(place(problem.span));
        found.push(match near {
            Some(near) => diagnostic.write(near, rewritten(problem.span, near.name)),
            None => helped(diagnostic, &problem),
        });
    }
    node.walk(&mut |node| match &node.kind {
        Kind::Context(name) if !grants.context(name) && contexts::is_known(name) => {
            let known: Vec<_> = grants.contexts().map(|name| format!("`{name}`")).collect();
            let message = format!("the context `{name}` is not available here");
            found.push(
                Diagnostic::error("expr-context-availability", message)
                    .at(place(node.span))
                    .help(format!("only {} are", known.join(", "))),
            );
        }
        Kind::Call(name, at, _) if !grants.function(name) => {
            let message = format!("the function `{name}` is not available here");
            found.push(
                Diagnostic::error("expr-function-availability", message)
                    .at(place(*at))
                    .help(where_else(name)),
            );
        }
        _ => {}
    });
}

fn where_else(function: &str) -> &'static str {
    if function.eq_ignore_ascii_case("hashFiles") {
        "use it in a step, where there are files"
    } else {
        "use it in the `if` of a job or a step"
    }
}

/// What is no expression, with what was probably meant.
fn syntax(
    text: &str,
    problem: &Problem,
    rewritten: &impl Fn(Span, &str) -> Option<Edit>,
) -> Diagnostic {
    let diagnostic = Diagnostic::error("expr-syntax", problem.to_string());
    let meant = problem.meant(text);
    let edit = meant.and_then(|(span, meant)| rewritten(span, &meant));
    helped(diagnostic, problem).mend(Applicability::Safe, edit)
}

fn helped(mut diagnostic: Diagnostic, problem: &Problem) -> Diagnostic {
    diagnostic.help = problem.help();
    diagnostic
}
