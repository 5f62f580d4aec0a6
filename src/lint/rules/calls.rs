//! `call-target-unreadable`, `call-missing-input`, `call-unknown-input`, `call-input-type`,
//! `call-missing-secret`, `call-unknown-secret`: a job against the workflow that it calls.

use crate::diagnostics::{Diagnostic, Diagnostics, Severity, guess};
use crate::expression;
use crate::expression::Type;
use crate::lint::Cx;
use crate::lint::repository::Called;
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::syntax::{Kind, Node};
use crate::workflow::{Job, Trigger};

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

/// The workflow that the examples call.
const CALLED: &str = "\
# file: .github/workflows/called.yml
on:
  workflow_call:
    inputs: {size: {type: number, required: true}}
    secrets: {TOKEN: {required: true}}
jobs:
  a: {permissions: {contents: read}, runs-on: ubuntu-24.04, steps: [{run: make}]}
";

const GOOD: &str = "\
on: push
jobs:
  call:
    uses: ./.github/workflows/called.yml
    with: {size: 5}
    secrets: {TOKEN: '${{ secrets.TOKEN }}'}
";

static RULES: &[Rule] = &[
    Rule {
        id: "call-input-type",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "a value of another type than the called workflow declares",
        why: "GitHub refuses the run.",
        bad: &[
            "\
on: push
jobs:
  call:
    uses: ./.github/workflows/called.yml
    with: {size: large}
    secrets: {TOKEN: '${{ secrets.TOKEN }}'}
",
            CALLED,
        ],
        good: &[GOOD, CALLED],
    },
    Rule {
        id: "call-missing-input",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "a required input that a call does not pass",
        why: "GitHub refuses the run.",
        bad: &[
            "\
on: push
jobs:
  call:
    uses: ./.github/workflows/called.yml
    secrets: {TOKEN: '${{ secrets.TOKEN }}'}
",
            CALLED,
        ],
        good: &[GOOD, CALLED],
    },
    Rule {
        id: "call-missing-secret",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "a required secret that a call does not pass",
        why: "GitHub refuses the run. Pass it by name, or all with `secrets: inherit`.",
        bad: &[
            "\
on: push
jobs:
  call:
    uses: ./.github/workflows/called.yml
    with: {size: 5}
",
            CALLED,
        ],
        good: &[GOOD, CALLED],
    },
    Rule {
        id: "call-target-unreadable",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "a call of a file that is not there, or that cannot be called",
        why: "GitHub refuses the file. A workflow can be called if its `on` has `workflow_call`.",
        bad: &[
            "\
on: push
jobs:
  call:
    uses: ./.github/workflows/caled.yml
    with: {size: 5}
    secrets: {TOKEN: '${{ secrets.TOKEN }}'}
",
            CALLED,
        ],
        good: &[GOOD, CALLED],
    },
    Rule {
        id: "call-unknown-input",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Sometimes,
        finds: "an input that the called workflow does not have",
        why: "GitHub refuses the run.",
        bad: &[
            "\
on: push
jobs:
  call:
    uses: ./.github/workflows/called.yml
    with: {size: 5, seize: 6}
    secrets: {TOKEN: '${{ secrets.TOKEN }}'}
",
            CALLED,
        ],
        good: &[GOOD, CALLED],
    },
    Rule {
        id: "call-unknown-secret",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Sometimes,
        finds: "a secret that the called workflow does not have",
        why: "GitHub refuses the run.",
        bad: &[
            "\
on: push
jobs:
  call:
    uses: ./.github/workflows/called.yml
    with: {size: 5}
    secrets: {TOKEN: '${{ secrets.TOKEN }}', KEY: '${{ secrets.KEY }}'}
",
            CALLED,
        ],
        good: &[GOOD, CALLED],
    },
];

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    let Some(workflow) = cx.workflow else {
        return;
    };
    for job in &workflow.jobs {
        let uses = job.node.get("uses");
        let Some((node, text)) = uses.and_then(|node| Some((node, node.as_str()?))) else {
            continue;
        };
        match cx.repository.called(cx.file, text) {
            None | Some(Called::Broken) => {}
            Some(Called::Missing) if text.contains('@') => {}
            Some(Called::Missing) => found.push(
                Diagnostic::error(
                    "call-target-unreadable",
                    format!("there is no file `{text}`"),
                )
                .at(node.location())
                .help("name a workflow of this repository from its root"),
            ),
            Some(Called::Workflow(_, called)) => match called.trigger("workflow_call") {
                Some(trigger) => {
                    inputs(cx, job, trigger, found);
                    secrets(job, trigger, found);
                }
                None => found.push(
                    Diagnostic::error(
                        "call-target-unreadable",
                        format!("`{text}` cannot be called"),
                    )
                    .at(node.location())
                    .note("its `on` has no `workflow_call`")
                    .help("add `workflow_call` to its `on`"),
                ),
            },
        }
    }
}

fn inputs(cx: &Cx<'_>, job: &Job<'_>, trigger: &Trigger<'_>, found: &mut Diagnostics) {
    let declared = trigger.get("inputs");
    let given = job.node.get("with");
    for entry in given.into_iter().flat_map(Node::entries) {
        let name = entry.key.as_str().unwrap_or_default();
        match find(declared, name) {
            Some(input) => found.extend(input_type(cx, name, input, entry.value)),
            None => found.push(unknown(
                "call-unknown-input",
                "input",
                entry.key,
                [given, declared],
            )),
        }
    }
    for entry in declared.into_iter().flat_map(Node::entries) {
        let name = entry.key.as_str().unwrap_or_default();
        let required = is_true(entry.value.get("required")) && entry.value.get("default").is_none();
        if required && find(given, name).is_none() {
            found.push(
                Diagnostic::error(
                    "call-missing-input",
                    format!("the required input `{name}` is missing"),
                )
                .at(job.node.get("uses").unwrap_or(job.key).location())
                .label(entry.key.location(), "it is declared here")
                .help(format!("add `{name}` to `with`")),
            );
        }
    }
}

/// A value against the declared type, as far as it is known.
fn input_type(cx: &Cx<'_>, name: &str, input: Node<'_>, value: Node<'_>) -> Option<Diagnostic> {
    let wanted = input.get("type").and_then(Node::as_str)?;
    let of_expression = cx.value_type(value);
    let text = value.as_str().unwrap_or_default();
    let fits = match (&of_expression, wanted) {
        (Some(Type::Any), _) => true,
        (Some(given), "boolean") => *given == Type::Bool,
        (Some(given), "number") => *given == Type::Number,
        (Some(given), "string") => !given.is_collection(),
        (None, _) if expression::is_in(text) => true,
        (None, "boolean") => matches!(value.kind(), Kind::Bool(_)),
        (None, "number") => matches!(value.kind(), Kind::Integer(_) | Kind::Float(_)),
        (None, "string") => !matches!(value.kind(), Kind::Mapping(_) | Kind::Sequence(_)),
        _ => true,
    };
    let given = match of_expression {
        Some(given) => format!("this is {}", given.describe()),
        None => format!("`{text}` is none"),
    };
    (!fits).then(|| {
        let message = format!("the input `{name}` is a {wanted}, and {given}");
        Diagnostic::error("call-input-type", message).at(value.location())
    })
}

fn secrets(job: &Job<'_>, trigger: &Trigger<'_>, found: &mut Diagnostics) {
    let declared = trigger.get("secrets");
    let given = job.node.get("secrets");
    if given.is_some_and(|given| !matches!(given.kind(), Kind::Mapping(_))) {
        // `inherit` passes all that there are.
        return;
    }
    for entry in given.into_iter().flat_map(Node::entries) {
        let name = entry.key.as_str().unwrap_or_default();
        if find(declared, name).is_none() && !expression::is_in(name) {
            found.push(unknown(
                "call-unknown-secret",
                "secret",
                entry.key,
                [given, declared],
            ));
        }
    }
    for entry in declared.into_iter().flat_map(Node::entries) {
        let name = entry.key.as_str().unwrap_or_default();
        if is_true(entry.value.get("required")) && find(given, name).is_none() {
            found.push(
                Diagnostic::error("call-missing-secret", format!("the required secret `{name}` is missing"))
                    .at(job.node.get("uses").unwrap_or(job.key).location())
                    .label(entry.key.location(), "it is declared here")
                    .help(format!("add `{name}: ${{{{ secrets.{name} }}}}` to `secrets`, or write `secrets: inherit`")),
            );
        }
    }
}

fn unknown(
    rule: &'static str,
    what: &str,
    key: Node<'_>,
    [given, declared]: [Option<Node<'_>>; 2],
) -> Diagnostic {
    let name = key.as_str().unwrap_or_default();
    let known = declared.into_iter().flat_map(Node::entries);
    let known: Vec<_> = known.filter_map(|entry| entry.key.as_str()).collect();
    let message = format!("the called workflow has no {what} `{name}`");
    let diagnostic = Diagnostic::error(rule, message).at(key.location());
    let free = |known: &&str| find(given, known).is_none();
    match guess(name, known.iter().copied().filter(free)) {
        Some(near) => diagnostic.write_own(near, key.rewritten(near.name)),
        None if known.is_empty() => diagnostic.help("take it away"),
        None => diagnostic.help(format!("it has {}", known.join(", "))),
    }
}

/// Names of inputs and secrets are the same in any case.
fn find<'t>(mapping: Option<Node<'t>>, name: &str) -> Option<Node<'t>> {
    let mut entries = mapping.into_iter().flat_map(Node::entries);
    let found = entries.find(|entry| {
        let key = entry.key.as_str().unwrap_or_default();
        key.eq_ignore_ascii_case(name)
    });
    found.map(|entry| entry.value)
}

fn is_true(node: Option<Node<'_>>) -> bool {
    node.is_some_and(|node| matches!(node.kind(), Kind::Bool(true)))
}
