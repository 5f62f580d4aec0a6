//! `obfuscation`: what is written so that readers do not see what it is.

use crate::diagnostics::{Applicability, Diagnostic, Diagnostics, Severity};
use crate::expression::{Kind, Node as Part};
use crate::lint::Cx;
use crate::lint::constant;
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::source::Span;
use crate::syntax::Node;
use crate::workflow::Step;

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[Rule {
    id: "obfuscation",
    group: Group::Security,
    severity: Severity::Note,
    fixes: Fixes::Sometimes,
    finds: "an expression that is always the same, a path of an action with detours, a command that is cut into pieces",
    why: "It does what it says, and reviewers and tools do not see it: neither which action is used nor what is run.",
    bad: &["\
on: push
permissions: {contents: read}
jobs:
  a:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/cache/./save@v5
        with: {path: out, key: \"${{ format('{0}-{1}', 'out', github.sha) }}-${{ format('{0}', 'v1') }}\"}
"],
    good: &["\
on: push
permissions: {contents: read}
jobs:
  a:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/cache/save@v5
        with: {path: out, key: \"${{ format('{0}-{1}', 'out', github.sha) }}-v1\"}
"],
}];

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    for step in cx.steps() {
        found.extend(step.uses.and_then(detour));
        found.extend(pieces(cx, step));
    }
    for expression in cx.expressions {
        let Ok(node) = &expression.read else {
            continue;
        };
        // Of whole conditions other rules speak.
        let is_condition = expression.site.implicit;
        let mut parts = Vec::new();
        match is_condition && constant::value(node).is_some() {
            true => {}
            false => constants(node, true, &mut parts),
        }
        for (part, shown) in parts {
            let message = match shown.as_str() {
                "" => "this is always empty".to_owned(),
                _ => format!("this is always `{shown}`"),
            };
            found.push(
                note(message)
                    .at(expression.place(cx.text, part.span))
                    .help("write what it gives"),
            );
        }
    }
}

fn note(message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Severity::Note, "obfuscation", message)
}

/// The largest parts that are always the same, with what they give; a word by itself only where
/// it is the whole.
fn constants<'n, 't>(node: &'n Part<'t>, is_whole: bool, found: &mut Vec<(&'n Part<'t>, String)>) {
    // Most are the path of a value.
    if asks(node) {
        return;
    }
    let is_word = matches!(
        node.kind,
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_)
    );
    if is_word && !is_whole {
        return;
    }
    if let Some(value) = constant::value(node) {
        let shown = value.to_text();
        // Braces cannot be written in another way, and lists only so.
        let is_needed = shown.contains("{{") || shown.contains("}}");
        if value.is_primitive() && !is_needed {
            found.push((node, shown.to_string()));
        }
        return;
    }
    match &node.kind {
        Kind::Group(inner) | Kind::Not(inner) | Kind::Star(inner) | Kind::Property(inner, ..) => {
            constants(inner, false, found);
        }
        Kind::Index(base, index) => {
            constants(base, false, found);
            constants(index, false, found);
        }
        Kind::Compare(_, both) => both.iter().for_each(|it| constants(it, false, found)),
        Kind::And(all) | Kind::Or(all) | Kind::Call(_, _, all) => {
            all.iter().for_each(|it| constants(it, false, found));
        }
        _ => {}
    }
}

/// Whether a part is a context or a property of one.
fn asks(mut node: &Part<'_>) -> bool {
    while let Kind::Property(base, ..) = &node.kind {
        node = base;
    }
    matches!(node.kind, Kind::Context(_))
}

/// A path of an action that goes around.
fn detour(uses: Node<'_>) -> Option<Diagnostic> {
    let text = uses.as_str()?;
    let (path, version) = text.split_once('@')?;
    let odd = |pair: &[u8]| matches!(pair, [b'/', b'/' | b'.']);
    if !path.as_bytes().windows(2).any(odd) && !path.starts_with('/') && !path.ends_with('/') {
        return None;
    }
    if path.contains("://") || path.starts_with(['.', '$']) {
        return None;
    }
    let mut straight = Vec::new();
    let mut leaves = false;
    for part in path.split('/') {
        match part {
            "" | "." => {}
            // Above the action's own repository there is nothing.
            ".." if straight.len() > 2 => {
                straight.pop();
            }
            ".." => leaves = true,
            _ => straight.push(part),
        }
    }
    let straight = straight.join("/");
    if straight == path {
        return None;
    }
    let told = note("the path of this action has detours").at(uses.location());
    if leaves {
        return Some(told.help("name the action by its plain path"));
    }
    let straight = format!("{straight}@{version}");
    let edit = uses.rewritten(&straight);
    Some(
        told.help(format!("write `{straight}`"))
            .mend(Applicability::Safe, edit),
    )
}

/// A script for `cmd` with words that its own signs cut into pieces.
fn pieces(cx: &Cx<'_>, step: &Step<'_>) -> Option<Diagnostic> {
    let run = step.run?;
    let text = run.as_str()?;
    let shell = step.node.get("shell").and_then(Node::as_str)?;
    if shell.split_ascii_whitespace().next() != Some("cmd") {
        return None;
    }
    let is_letter = |at: usize| {
        text.as_bytes()
            .get(at)
            .is_some_and(u8::is_ascii_alphanumeric)
    };
    let caret = text.match_indices('^').find(|(at, _)| {
        let before = at.checked_sub(1);
        before.is_some_and(is_letter) && is_letter(at + 1)
    });
    let (at, sign) = caret.or_else(|| {
        text.match_indices(":~").find(|(at, _)| {
            let name = text[..*at].rsplit(['%', '!']).next().unwrap_or_default();
            name.len() < *at && !name.is_empty() && !name.contains(char::is_whitespace)
        })
    })?;
    Some(
        note(format!("`{sign}` cuts a word of this command into pieces"))
            .at(run.place_within(cx.text, Span::of(at..at + sign.len())))
            .help("write the command as it is run"),
    )
}
