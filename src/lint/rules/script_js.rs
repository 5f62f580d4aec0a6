//! `script-js`: scripts of `actions/github-script` that Node.js does not read, or that ask what
//! is not there.

use crate::diagnostics::{Applicability, Diagnostic, Diagnostics, Severity};
use crate::knowledge::metadata;
use crate::lint::Cx;
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::lint::script::{self, Code, Language};
use crate::source::Span;
use crate::syntax::Node;
use crate::workflow::Step;

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[Rule {
    id: "script-js",
    group: Group::Correctness,
    severity: Severity::Error,
    fixes: Fixes::Sometimes,
    finds: "a script of `actions/github-script` that cannot be read, or that asks for what the action no longer has",
    why: "The script is the inside of a function that is given `github`, `context`, `core` and others: these names cannot be declared again, and `import` cannot stand there.",
    bad: &["\
on: issues
permissions: {issues: write}
jobs:
  a:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/github-script@v8
        with:
          script: |
            await github.issues.createComment({...context.repo, issue_number: 1, body: 'x'})
"],
    good: &["\
on: issues
permissions: {issues: write}
jobs:
  a:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/github-script@v8
        with:
          script: |
            await github.rest.issues.createComment({...context.repo, issue_number: 1, body: 'x'})
"],
}];

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    for step in cx.steps() {
        let Some((node, text, major)) = script_of(step) else {
            continue;
        };
        let code = script::read(&script::masked(text), Language::JavaScript);
        if let Some(fault) = script::unreadable(cx, node, &code, "script-js") {
            found.push(fault);
            continue;
        }
        if code.text.len() == text.len() {
            declared(cx, node, &code, found);
            imports(cx, node, &code, found);
            if major.is_none_or(|major| major >= SINCE_REST) {
                methods(cx, node, &code, found);
            }
        }
    }
}

const ACTION: &str = "actions/github-script";

/// The script of a step, with the major version of the action.
fn script_of<'t>(step: &Step<'t>) -> Option<(Node<'t>, &'t str, Option<u32>)> {
    let uses = step.uses?.as_str()?;
    let (action, rest) = uses.split_at_checked(ACTION.len())?;
    if !action.eq_ignore_ascii_case(ACTION) || !rest.starts_with('@') {
        return None;
    }
    let node = step.node.get("with")?.get("script")?;
    Some((node, node.as_str()?, metadata::major(uses)))
}

/// What the function around the script is given.
const GIVEN: [&str; 7] = ["github", "context", "core", "exec", "glob", "io", "require"];

/// A name that the script declares although it has it.
fn declared(cx: &Cx<'_>, node: Node<'_>, code: &Code, found: &mut Diagnostics) {
    for start in &code.lines {
        let line = code.text[*start..].lines().next().unwrap_or_default();
        let words = line.trim_start();
        let begin = start + line.len() - words.len();
        let rest = words
            .strip_prefix("const ")
            .or_else(|| words.strip_prefix("let "));
        let Some(rest) = rest else {
            continue;
        };
        let is_part = |it: char| it.is_alphanumeric() || matches!(it, '_' | '$');
        let target = rest.split('=').next().unwrap_or_default();
        let names = target
            .trim()
            .trim_matches(['{', '}', '[', ']', ' '])
            .split(',');
        // `{a: b}` declares `b`.
        let mut names = names.map(|name| name.rsplit(':').next().unwrap_or_default().trim());
        let Some(name) = names.find(|name| GIVEN.contains(name) && name.chars().all(is_part))
        else {
            continue;
        };
        let offset = line.trim_start().find(name).unwrap_or_default();
        let span = Span::of(begin + offset..begin + offset + name.len());
        found.push(
            Diagnostic::error("script-js", format!("`{name}` is there already"))
                .at(node.place_within(cx.text, span))
                .note("Node.js does not read a script that declares a name twice")
                .help("take the line away, or choose another name"),
        );
    }
}

fn imports(cx: &Cx<'_>, node: Node<'_>, code: &Code, found: &mut Diagnostics) {
    for start in &code.lines {
        let line = code.text[*start..].lines().next().unwrap_or_default();
        let words = line.trim_start();
        let begin = start + line.len() - words.len();
        let keyword = ["import", "export"].into_iter().find(|keyword| {
            let rest = words.strip_prefix(keyword);
            rest.is_some_and(|rest| rest.starts_with([' ', '{', '*']))
        });
        let Some(keyword) = keyword.filter(|_| !words.contains("import(")) else {
            continue;
        };
        let help = match keyword {
            "import" => "write `const name = require('…')`, or `await import('…')`",
            _ => "take it away",
        };
        found.push(
            Diagnostic::error(
                "script-js",
                format!("`{keyword}` cannot stand in a function"),
            )
            .at(node.place_within(cx.text, Span::of(begin..begin + keyword.len())))
            .note("the script is the inside of one")
            .help(help),
        );
    }
}

/// The version of the action since which methods stand below `rest`.
const SINCE_REST: u32 = 5;

/// Groups of methods of GitHub's API.
const GROUPS: [&str; 16] = [
    "actions",
    "activity",
    "apps",
    "checks",
    "gists",
    "git",
    "issues",
    "licenses",
    "orgs",
    "packages",
    "projects",
    "pulls",
    "reactions",
    "repos",
    "search",
    "users",
];

/// Methods by the way of old.
fn methods(cx: &Cx<'_>, node: Node<'_>, code: &Code, found: &mut Diagnostics) {
    const CLIENT: &str = "github.";
    for (at, _) in code.text.match_indices(CLIENT) {
        let before = code.text[..at].chars().next_back();
        let is_inner =
            before.is_some_and(|it| it.is_alphanumeric() || matches!(it, '_' | '$' | '.'));
        let rest = &code.text[at + CLIENT.len()..];
        let group = rest.split(|it: char| !it.is_alphanumeric()).next();
        let Some(group) = group.filter(|group| GROUPS.contains(group)) else {
            continue;
        };
        if is_inner || !rest[group.len()..].starts_with('.') {
            continue;
        }
        let span = Span::of(at..at + CLIENT.len() + group.len());
        let meant = format!("github.rest.{group}");
        let edit = node.rewritten_within(cx.text, span, &meant);
        found.push(
            Diagnostic::error("script-js", format!("`github` has no `{group}`"))
                .at(node.place_within(cx.text, span))
                .note(format!(
                    "since v{SINCE_REST} of the action the methods stand below `rest`"
                ))
                .help(format!("write `{meant}`"))
                .mend(Applicability::Safe, edit),
        );
    }
}
