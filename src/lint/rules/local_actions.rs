//! `local-action-missing`, `local-action-before-checkout`, `action-meta-parse`,
//! `action-meta-pre-local`: steps that use an action of the same repository.

use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::expression;
use crate::knowledge::runtimes;
use crate::lint::Cx;
use crate::lint::named;
use crate::lint::repository::Used;
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::lint::rules::document;
use crate::syntax::Node;
use crate::workflow::{Action, Job, Step, shape};

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

const GREET: &str = "\
# file: greet/action.yml
name: greet
description: greets
runs: {using: node24, main: index.js}
";

const GOOD: &str = "\
on: push
permissions: {}
jobs:
  a:
    runs-on: ubuntu-24.04
    steps: [{uses: actions/checkout@v7}, {uses: ./greet}]
";

static RULES: &[Rule] = &[
    Rule {
        id: "action-meta-parse",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "an action of the repository that cannot be read",
        why: "The step fails before it begins.",
        bad: &[GOOD, "# file: greet/action.yml\n"],
        good: &[GOOD, GREET],
    },
    Rule {
        id: "action-meta-pre-local",
        group: Group::Correctness,
        severity: Severity::Warning,
        fixes: Fixes::Never,
        finds: "an action with `runs.pre` that is used by its path",
        why: "What runs before the job's steps must be there before them, and the action comes with the checkout. GitHub leaves it out and warns.",
        bad: &[
            GOOD,
            "\
# file: greet/action.yml
name: greet
description: greets
runs: {using: node24, main: index.js, pre: before.js}
",
        ],
        good: &[GOOD, GREET],
    },
    Rule {
        id: "local-action-before-checkout",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "an action of the repository that is used before its files are there",
        why: "A job begins in an empty folder. Check the repository out first, or write `$/` for `./`, which GitHub fetches by itself.",
        bad: &[
            "\
on: push
permissions: {}
jobs:
  a:
    runs-on: ubuntu-24.04
    steps: [{uses: ./greet}, {uses: actions/checkout@v7}]
",
            GREET,
        ],
        good: &[GOOD, GREET],
    },
    Rule {
        id: "local-action-missing",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "a path that holds no action",
        why: "The step fails: there must be an `action.yml`, an `action.yaml` or a `Dockerfile`.",
        bad: &[
            "\
on: push
permissions: {}
jobs:
  a:
    runs-on: ubuntu-24.04
    steps: [{uses: actions/checkout@v7}, {uses: ./greeet}]
",
            GREET,
        ],
        good: &[GOOD, GREET],
    },
];

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    if let Some(workflow) = cx.workflow {
        // What other repositories call works in what they checked out.
        let is_called = workflow.trigger("workflow_call").is_some();
        for job in &workflow.jobs {
            before_checkout(job, found);
            for (at, step) in job.steps.iter().enumerate() {
                one(cx, step, &job.steps[..at], is_called, found);
            }
        }
    }
    for step in cx.action.into_iter().flat_map(|action| &action.steps) {
        one(cx, step, &[], true, found);
    }
}

/// The node and text of a `uses` that names an action by its path.
fn local<'t>(step: &Step<'t>) -> Option<(Node<'t>, &'t str)> {
    let node = step.uses?;
    let text = node.as_str()?;
    named::folder(text).map(|_| (node, text))
}

fn one(
    cx: &Cx<'_>,
    step: &Step<'_>,
    earlier: &[Step<'_>],
    elsewhere: bool,
    found: &mut Diagnostics,
) {
    let Some((node, text)) = local(step) else {
        return;
    };
    match cx.repository.action(cx.file, text) {
        Some(Used::Action(action)) => {
            pre(node, text, action, found);
            outdated(node, text, action, found);
            let is_same = |step: &Step<'_>| step.uses.and_then(Node::as_str) == Some(text);
            if !earlier.iter().any(is_same) {
                shape_of(node, text, action, found);
            }
        }
        Some(Used::Broken) => found.push(
            Diagnostic::error(
                "action-meta-parse",
                format!("the action `{text}` cannot be read"),
            )
            .at(node.location())
            .help("lint its `action.yml` to see what is wrong"),
        ),
        Some(Used::Missing) if !elsewhere && !earlier.iter().any(|step| may_bring(step, text)) => {
            found.push(
                Diagnostic::error(
                    "local-action-missing",
                    format!("there is no action in `{text}`"),
                )
                .at(node.location())
                .note("an action is a folder with an `action.yml`")
                .help("write its path from the root of the repository"),
            );
        }
        Some(Used::Missing) | None => {}
    }
}

/// What GitHub refuses in an action, told of where it is used.
fn shape_of(node: Node<'_>, text: &str, action: &Action<'_>, found: &mut Diagnostics) {
    // Fixes, for which the text is needed, belong to the action's own findings.
    let mut refused = shape::action(action.node, "").diagnostics;
    let names = [action.inputs, action.outputs].map(|names| names.map(Node::id));
    for [mapping, key, first] in action.node.alike_keys() {
        if names.contains(&Some(mapping.id())) {
            refused.push(document::same_in_other_case(key, first));
        }
    }
    let Some(first) = refused.iter().find(|one| one.severity == Severity::Error) else {
        return;
    };
    let diagnostic = Diagnostic::error(
        "action-meta-parse",
        format!("the action `{text}` does not load"),
    )
    .at(node.location())
    .note(first.message.clone())
    .help("lint its `action.yml` to see all that is wrong");
    found.push(match first.primary {
        Some(place) => diagnostic.label(place, "this is why"),
        None => diagnostic,
    });
}

/// An action for a Node.js that runners no longer have.
fn outdated(node: Node<'_>, text: &str, action: &Action<'_>, found: &mut Diagnostics) {
    let Some(using) = action.using() else {
        return;
    };
    if let Some(removed) = runtimes::removed(using).filter(|it| it.distance > 0) {
        let message = format!("`{text}` is made for {using}");
        let diagnostic = Diagnostic::warning("action-outdated-runtime", message)
            .at(node.location())
            .note(removed.explained())
            .help(format!(
                "write `using: {}` in its `action.yml`",
                removed.instead
            ));
        found.push(diagnostic);
    }
}

fn pre(node: Node<'_>, text: &str, action: &Action<'_>, found: &mut Diagnostics) {
    let Some(pre) = action.runs.and_then(|runs| runs.key_of("pre")) else {
        return;
    };
    if text.starts_with("./") && action.using() != Some("composite") {
        found.push(
            Diagnostic::warning("action-meta-pre-local", format!("`pre` of `{text}` does not run"))
                .at(node.location())
                .label(pre.location(), "this is left out")
                .note("an action of the repository comes with the checkout, after what runs before the steps")
                .help("do it at the beginning of `main`, or use the action by a release"),
        );
    }
}

/// Whether a step may bring the files of an action that the repository itself lacks.
fn may_bring(step: &Step<'_>, action: &str) -> bool {
    let folder = named::folder(action).unwrap_or_default();
    let mut parts = folder.split('/').filter(|part| !part.is_empty());
    let (Some(first), last) = (parts.next(), parts.next_back()) else {
        return true;
    };
    let mentions = |text: &str| {
        let bare = text.trim().trim_start_matches("./").trim_end_matches('/');
        text.contains(last.unwrap_or(first)) || folder.starts_with(bare) || expression::is_in(text)
    };
    let with = step.node.get("with").into_iter().flat_map(Node::entries);
    let run = step.run.and_then(Node::as_str);
    run.is_some_and(|run| mentions(run) || run.contains("git "))
        || with.clone().any(|entry| {
            let name = entry.key.as_str().unwrap_or_default();
            let text = entry.value.as_str().unwrap_or_default();
            !text.is_empty()
                && (matches!(name, "repository" | "ref" | "submodules") || mentions(text))
        })
}

/// The first step that uses an action by `./` while surely nothing is there.
fn before_checkout(job: &Job<'_>, found: &mut Diagnostics) {
    for (at, step) in job.steps.iter().enumerate() {
        let Some(text) = step.uses.and_then(Node::as_str) else {
            // A script may fetch whatever it likes.
            return;
        };
        if let Some((node, text)) = local(step).filter(|(_, text)| text.starts_with('.')) {
            if is_hosted(job) {
                let later = job.steps[at..].iter().find(|step| checks_out(step));
                found.push(early(node, text, later.and_then(|step| step.uses)));
            }
            return;
        }
        if !prepares(text) {
            return;
        }
    }
}

/// Without any checkout in the job it is a note: the job may be a draft.
fn early(node: Node<'_>, text: &str, later: Option<Node<'_>>) -> Diagnostic {
    let message = format!("`{text}` is used before the repository is checked out");
    let weight = if later.is_some() {
        Severity::Error
    } else {
        Severity::Note
    };
    let diagnostic = Diagnostic::new(weight, "local-action-before-checkout", message)
        .at(node.location())
        .note("a job begins in an empty folder")
        .help(format!(
            "check it out before, or write `$/{}`",
            text.trim_start_matches("./")
        ));
    match later {
        Some(later) => diagnostic.label(later.location(), "the files come here"),
        None => diagnostic,
    }
}

/// An action's name without its version.
fn name(uses: &str) -> &str {
    uses.split('@').next().unwrap_or_default()
}

fn checks_out(step: &Step<'_>) -> bool {
    let uses = step.uses.and_then(Node::as_str).unwrap_or_default();
    name(uses).ends_with("/checkout")
}

/// Whether an action surely brings no files: one that sets up a tool, by its name.
fn prepares(uses: &str) -> bool {
    let last = name(uses).rsplit('/').next();
    last.is_some_and(|name| name.starts_with("setup-"))
}

/// Whether the folder of the job is surely empty: one's own runner keeps it.
fn is_hosted(job: &Job<'_>) -> bool {
    let labels = job.node.get("runs-on").and_then(Node::as_str);
    labels.is_some_and(|label| {
        !expression::is_in(label) && label != "self-hosted" && label.contains('-')
    })
}
