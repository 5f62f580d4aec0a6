//! `run-plain-scalar`, `gh-without-token`, `pipe-fail`: scripts that do not do what they say.

use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::lint::Cx;
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::lint::script::{self, Command, End, Script, Shell};
use crate::source::{Location, Span};
use crate::syntax::{Node, Style};

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[
    Rule {
        id: "gh-without-token",
        group: Group::Correctness,
        severity: Severity::Warning,
        fixes: Fixes::Never,
        finds: "a script that calls `gh` without `GH_TOKEN`",
        why: "On a runner nobody is logged in, so `gh` ends with an error. The token of the job is `github.token`.",
        bad: &["\
on: push
permissions: {contents: read}
jobs:
  a:
    runs-on: ubuntu-24.04
    steps: [{run: gh release list}]
"],
        good: &["\
on: push
permissions: {contents: read}
jobs:
  a:
    runs-on: ubuntu-24.04
    steps: [{run: gh release list, env: {GH_TOKEN: '${{ github.token }}'}}]
"],
    },
    Rule {
        id: "pipe-fail",
        group: Group::Hygiene,
        severity: Severity::Note,
        fixes: Fixes::Never,
        finds: "a pipe of which only the last command can fail the step",
        why: "Where no `shell` is named, GitHub runs `bash -e` without `pipefail`. With `shell: bash` the whole pipe counts.",
        bad: &["\
on: push
permissions: {}
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make | tee log}]}}
"],
        good: &["\
on: push
permissions: {}
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make | tee log, shell: bash}]}}
"],
    },
    Rule {
        id: "run-plain-scalar",
        group: Group::Correctness,
        severity: Severity::Warning,
        fixes: Fixes::Never,
        finds: "a script of one line that YAML cuts off at ` #`",
        why: "Without quotes or `|`, YAML takes what follows ` #` for a comment, also within the quotes of a shell.",
        bad: &["\
on: push
permissions: {}
jobs:
  a:
    runs-on: ubuntu-24.04
    steps:
      - run: gem push 'issue #5'
"],
        good: &["\
on: push
permissions: {}
jobs:
  a:
    runs-on: ubuntu-24.04
    steps:
      - run: |
          gem push 'issue #5'
"],
    },
];

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    let scripts = script::scripts(cx);
    for script in scripts {
        plain(cx, script, found);
        let wants_token = script.text.contains("gh ");
        let may_lose = script.shell == Shell::Bash { pipefail: false } && script.text.contains('|');
        if !wants_token && !may_lose {
            continue;
        }
        let commands = script::commands(script.text);
        if wants_token {
            token(cx, script, scripts, &commands, found);
        }
        if may_lose && !script.text.contains("pipefail") {
            pipes(cx, script, &commands, found);
        }
    }
}

fn at(cx: &Cx<'_>, script: &Script<'_>, start: usize, length: usize) -> Location {
    let span = Span::of(start..start + length);
    script.node.place_within(cx.text, span)
}

/// A comment begins within quotes.
fn plain(cx: &Cx<'_>, script: &Script<'_>, found: &mut Diagnostics) {
    if script.node.style() != Style::Plain {
        return;
    }
    let end = script.node.definition().span().end as usize;
    let rest = cx.text.get(end..).unwrap_or_default().lines().next();
    let comment = rest.unwrap_or_default().trim_start();
    let Some(quote) = open_quote(script.text).filter(|_| comment.starts_with('#')) else {
        return;
    };
    if comment.contains(quote) {
        found.push(
            Diagnostic::warning("run-plain-scalar", "YAML cuts this script off at ` #`")
                .at(script.node.location())
                .note(format!(
                    "what follows is a comment, although a `{quote}` is open"
                ))
                .help("write `run: |` and the script on the next line"),
        );
    }
}

/// The quote that a script leaves open.
fn open_quote(script: &str) -> Option<char> {
    let mut open = None;
    let mut letters = script.chars();
    while let Some(letter) = letters.next() {
        match (letter, open) {
            ('\\', None | Some('"')) => {
                letters.next();
            }
            ('\'' | '"', None) => open = Some(letter),
            (_, Some(quote)) if quote == letter => open = None,
            _ => {}
        }
    }
    open
}

/// What `gh` tells without being logged in.
const PUBLIC: [&str; 6] = [
    "--version",
    "version",
    "--help",
    "help",
    "completion",
    "auth",
];

fn token(
    cx: &Cx<'_>,
    script: &Script<'_>,
    scripts: &[Script<'_>],
    commands: &[Command<'_>],
    found: &mut Diagnostics,
) {
    let is_gh = |command: &&Command<'_>| {
        let what = command.words.get(1);
        command.words.first() == Some(&"gh") && what.is_some_and(|what| !PUBLIC.contains(what))
    };
    let (Some(job), Some(command)) = (script.job, commands.iter().find(is_gh)) else {
        return;
    };
    let sets = |node: Node<'_>| {
        let entries = node.get("env").into_iter().flat_map(Node::entries);
        entries
            .into_iter()
            .any(|entry| names_token(entry.key.as_str().unwrap_or_default()))
            || node.get("env").is_some_and(|env| env.as_str().is_some())
    };
    let is_set = [script.step.node, job.node, cx.root].into_iter().any(sets);
    // A script may write it to `GITHUB_ENV`, or log in.
    let mut others = scripts
        .iter()
        .filter(|other| other.job.is_some_and(|one| one.id == job.id));
    let is_made = others.any(|other| names_token(other.text) || other.text.contains("gh auth"));
    let labels = job.node.get("runs-on").and_then(Node::as_str);
    let is_hosted = labels.is_some_and(|label| {
        label.contains('-') && label != "self-hosted" || label.contains("matrix.")
    });
    if is_set || is_made || !is_hosted {
        return;
    }
    found.push(
        Diagnostic::warning("gh-without-token", "`gh` has no `GH_TOKEN`")
            .at(at(cx, script, command.start, 2))
            .note("on a runner it is not logged in, and ends with an error")
            .help("add `GH_TOKEN: ${{ github.token }}` to the `env` of the step"),
    );
}

fn names_token(text: &str) -> bool {
    ["GH_TOKEN", "GITHUB_TOKEN", "GH_ENTERPRISE_TOKEN"]
        .iter()
        .any(|name| text.contains(name))
}

/// Commands that do not fail, or that fail where nothing is wrong.
const HARMLESS: [&str; 14] = [
    "echo", "printf", "cat", "ls", "yes", "true", "grep", "egrep", "head", "date", "env",
    "history", "pwd", "uname",
];

/// The first pipe of a script that can lose a failure.
fn pipes(cx: &Cx<'_>, script: &Script<'_>, commands: &[Command<'_>], found: &mut Diagnostics) {
    let mut from = 0;
    for (last, command) in commands.iter().enumerate() {
        if matches!(command.end, End::Pipe(_)) {
            continue;
        }
        let pipe = &commands[from..=last];
        from = last + 1;
        let [first, .., end] = pipe else {
            continue;
        };
        let mut programs = pipe.iter().map(|command| command.words[0]);
        let is_harmless = programs.any(|program| HARMLESS.contains(&program));
        let is_judged = first.is_tested || end.end == End::Or;
        let End::Pipe(place) = first.end else {
            continue;
        };
        if !is_harmless && !is_judged {
            let message = match first.words[0] {
                "}" | "done" | "esac" | "fi" => "a failure before this pipe is lost".to_owned(),
                program => format!("a failure of `{program}` is lost in this pipe"),
            };
            found.push(
                Diagnostic::new(Severity::Note, "pipe-fail", message)
                    .at(at(cx, script, place, 1))
                    .note("without `shell`, GitHub runs bash without `pipefail`")
                    .help("add `shell: bash` to the step, which sets it"),
            );
            return;
        }
    }
}
