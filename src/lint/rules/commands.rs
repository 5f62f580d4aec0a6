//! `deprecated-commands`: what scripts print to tell the runner something, in ways of old.

use std::ops::Range;

use memchr::memmem;

use crate::diagnostics::{Applicability, Diagnostic, Diagnostics, Severity};
use crate::lint::Cx;
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::source::Span;
use crate::syntax::Node;

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[Rule {
    id: "deprecated-commands",
    group: Group::Correctness,
    severity: Severity::Error,
    fixes: Fixes::Sometimes,
    finds: "a command such as `::set-output`, in whose place a file is written now",
    why: "GitHub switched `set-env` and `add-path` off in 2020, and warns of `set-output` and `save-state` since 2022.",
    bad: &["\
on: push
jobs:
  build:
    runs-on: ubuntu-24.04
    steps: [{run: 'echo ::set-env name=LEVEL::high'}]
"],
    good: &["\
on: push
jobs:
  build:
    runs-on: ubuntu-24.04
    steps: [{run: 'echo LEVEL=high >> \"$GITHUB_ENV\"'}]
"],
}];

/// A command: how it begins, whether it is switched off, and the file in its place.
const COMMANDS: [(&str, bool, &str); 4] = [
    ("::add-path::", true, "GITHUB_PATH"),
    ("::save-state name=", false, "GITHUB_STATE"),
    ("::set-env name=", true, "GITHUB_ENV"),
    ("::set-output name=", false, "GITHUB_OUTPUT"),
];

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    let Some(workflow) = cx.workflow else {
        let steps = cx.root.get("runs").and_then(|runs| runs.get("steps"));
        let steps = steps.into_iter().flat_map(Node::items);
        steps
            .filter_map(|step| step.get("run"))
            .for_each(|run| script(cx, run, found));
        return;
    };
    let steps = workflow.jobs.iter().flat_map(|job| &job.steps);
    steps
        .filter_map(|step| step.run)
        .for_each(|run| script(cx, run, found));
}

fn script(cx: &Cx<'_>, run: Node<'_>, found: &mut Diagnostics) {
    // To look whether they are there at all is far quicker than to look where.
    let is_there = |text: &&str| {
        let may_be = memmem::find(text.as_bytes(), b"::").is_some();
        may_be && COMMANDS.iter().any(|(begin, ..)| text.contains(begin))
    };
    let Some(text) = run.as_str().filter(is_there) else {
        return;
    };
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let start = offset;
        offset += line.len();
        if line.trim_start().starts_with('#') {
            continue;
        }
        for (begin, is_off, file) in COMMANDS {
            let Some(at) = line.find(begin) else {
                continue;
            };
            let end = begin.find([' ']).unwrap_or(begin.len() - "::".len());
            let name = &begin["::".len()..end];
            let place = run.place_within(cx.text, Span::of(start + at..start + at + end));
            let told = if is_off {
                Diagnostic::error(
                    "deprecated-commands",
                    format!("GitHub switched the command `{name}` off"),
                )
                .note("the step fails, since anybody whose text a script prints could use it")
            } else {
                Diagnostic::warning(
                    "deprecated-commands",
                    format!("GitHub gives the command `{name}` up"),
                )
                .note("each use of it is a warning in the run")
            };
            let help = match name {
                "add-path" => format!("write the folder into `\"${file}\"`"),
                _ => format!("write `name=value` into `\"${file}\"`"),
            };
            let edit = in_a_file(line, begin, name, file).and_then(|(old, new)| {
                let old = Span::of(start + old.start..start + old.end);
                run.rewritten_within(cx.text, old, &new)
            });
            let told = told.at(place).help(help);
            found.push(told.mend(Applicability::Unsafe, edit));
        }
    }
}

/// A line that is one `echo` of a command, with what would be written into the file instead.
fn in_a_file(line: &str, begin: &str, name: &str, file: &str) -> Option<(Range<usize>, String)> {
    let written = line.trim();
    let start = line.len() - line.trim_start().len();
    let value = written.strip_prefix("echo ")?;
    let quote = if value.starts_with('"') {
        "\""
    } else if value.starts_with('\'') {
        "'"
    } else {
        ""
    };
    let value = value.strip_prefix(quote)?.strip_suffix(quote)?;
    let value = value.strip_prefix(begin)?;
    let odd: &[char] = match quote {
        "" => &['"', '\'', '\\', ';', '&', '|', '<', '>', '#', ' '],
        "'" => &['\''],
        _ => &['"', '\\', '`'],
    };
    if value.contains(odd) {
        return None;
    }
    let text = match name {
        "add-path" => value.to_owned(),
        _ => value
            .split_once("::")
            .filter(|(name, _)| !name.is_empty() && !name.contains([',', ' ']))
            .map(|(name, value)| format!("{name}={value}"))?,
    };
    let new = format!("echo {quote}{text}{quote} >> \"${file}\"");
    Some((start..start + written.len(), new))
}
