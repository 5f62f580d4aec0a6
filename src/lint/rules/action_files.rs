//! `action-meta-missing-file`, `action-meta-empty-deprecation`, `action-meta-if-braces`: an
//! `action.yml` beyond its grammar.

use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::expression;
use crate::knowledge::runtimes;
use crate::lint::Cx;
use crate::lint::named;
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::syntax::{Kind, Node};

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[
    Rule {
        id: "action-meta-empty-deprecation",
        group: Group::Correctness,
        severity: Severity::Warning,
        fixes: Fixes::Never,
        finds: "a `deprecationMessage` that says nothing",
        why: "Whoever uses the input is warned without a word of what to do instead.",
        bad: &["\
# file: action.yml
name: greet
description: greets
inputs: {whom: {deprecationMessage: ''}}
runs: {using: node24, main: index.js}
"],
        good: &["\
# file: action.yml
name: greet
description: greets
inputs: {whom: {deprecationMessage: write `name`}}
runs: {using: node24, main: index.js}
"],
    },
    Rule {
        id: "action-meta-if-braces",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "a `pre-if` or `post-if` with `${{ }}`",
        why: "There GitHub reads text only and takes it for an expression as it stands; with braces the action does not load.",
        bad: &["\
# file: action.yml
name: greet
description: greets
runs: {using: node24, main: index.js, post: end.js, post-if: '${{ success() }}'}
"],
        good: &["\
# file: action.yml
name: greet
description: greets
runs: {using: node24, main: index.js, post: end.js, post-if: success()}
"],
    },
    Rule {
        id: "action-meta-missing-file",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "a file that an action runs and that is not there",
        why: "The action fails when it is used. What is built must be committed, since GitHub takes the repository as it is.",
        bad: &["\
# file: action.yml
name: greet
description: greets
runs: {using: node24, main: dist/indx.js}
# file: dist/index.js
"],
        good: &["\
# file: action.yml
name: greet
description: greets
runs: {using: node24, main: dist/index.js}
# file: dist/index.js
"],
    },
];

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    let Some(action) = cx.action else {
        return;
    };
    let inputs = action.inputs.into_iter().flat_map(Node::entries);
    for required in inputs
        .clone()
        .filter_map(|entry| entry.value.get("required"))
    {
        found.extend(required_text(required));
    }
    for reason in inputs.filter_map(|entry| entry.value.entry("deprecationMessage")) {
        if reason
            .value
            .as_str()
            .is_some_and(|text| text.trim().is_empty())
        {
            found.push(
                Diagnostic::warning(
                    "action-meta-empty-deprecation",
                    "`deprecationMessage` is empty",
                )
                .at(reason.key.location())
                .help("say what to use instead, or take it away"),
            );
        }
    }
    let Some(runs) = action.runs else {
        return;
    };
    runtime(runs, found);
    for key in ["pre-if", "post-if"] {
        undecided(runs, key, found);
        let text = runs.get(key).and_then(|node| Some((node, node.as_str()?)));
        if let Some((node, text)) = text.filter(|(_, text)| expression::is_in(text)) {
            let bare = text.replace("${{", "").replace("}}", "");
            found.push(
                Diagnostic::error("action-meta-if-braces", format!("`{key}` has `${{{{ }}}}`"))
                    .at(node.location())
                    .note("it is an expression as it stands")
                    .help(format!("write `{}`", bare.trim())),
            );
        }
    }
    for key in named::FILES {
        let text = runs.get(key).and_then(|node| Some((node, node.as_str()?)));
        let Some((node, text)) = text else {
            continue;
        };
        let path = named::file(text);
        if path.is_some_and(|path| cx.file.absent.iter().any(|absent| absent == path)) {
            found.push(
                Diagnostic::error(
                    "action-meta-missing-file",
                    format!("there is no file `{text}`"),
                )
                .at(node.location())
                .note("the path begins in the folder of the `action.yml`")
                .help("commit the file, or write where it is"),
            );
        }
    }
}

/// A Node.js that runners no longer have.
fn runtime(runs: Node<'_>, found: &mut Diagnostics) {
    let using = runs
        .get("using")
        .and_then(|node| Some((node, node.as_str()?)));
    let Some((node, using)) = using else {
        return;
    };
    let Some(removed) = runtimes::removed(using) else {
        return;
    };
    let weight = if removed.distance == 0 {
        Severity::Note
    } else {
        Severity::Warning
    };
    found.push(
        Diagnostic::new(weight, "action-meta-runtime", format!("`{using}` is gone"))
            .at(node.location())
            .note(format!(
                "runners lack it since {} and use {} instead",
                removed.since, removed.instead
            ))
            .help(format!(
                "try the action with {0} and write `using: {0}`",
                removed.instead
            )),
    );
}

/// `required: yes`, which is text; runners read past it, and so do people.
fn required_text(required: Node<'_>) -> Option<Diagnostic> {
    let Kind::String(text) = required.kind() else {
        return None;
    };
    let meant = match text.to_ascii_lowercase().as_str() {
        "yes" | "on" | "y" | "true" => "true",
        "no" | "off" | "n" | "false" => "false",
        _ => "`true` or `false`",
    };
    let message = format!("`required` is the text `{text}`");
    Some(
        Diagnostic::warning("wrong-type", message)
            .at(required.location())
            .note("runners do not look at it; who reads the action does")
            .help(format!("write {meant}")),
    )
}

/// A condition of a program that is not there.
fn undecided(runs: Node<'_>, key: &str, found: &mut Diagnostics) {
    let program = key.trim_end_matches("-if");
    let programs = [program.to_owned(), format!("{program}-entrypoint")];
    let Some(written) = runs.key_of(key) else {
        return;
    };
    if programs.iter().all(|program| runs.get(program).is_none()) {
        found.push(
            Diagnostic::warning(
                "action-meta-keys",
                format!("`{key}` stands without `{program}`"),
            )
            .at(written.location())
            .note("it says when that runs")
            .help(format!("add `{program}`, or take `{key}` away")),
        );
    }
}
