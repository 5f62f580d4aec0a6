//! `zizmor.yml`, and the comments `# zizmor: ignore[audit] reason`.

use crate::blocks::shape::WordKind;
use crate::blocks::words::{PathPattern, PathPatternKind};
use crate::diagnostics::{Diagnostic, Severity};
use crate::knowledge::equivalents;
use crate::lint::import::{Imported, lost, needless};
use crate::lint::settings::{Level, Levels};
use crate::source::{Location, SourceId, Span};
use crate::syntax::{Comment, Node};

pub(super) fn read(root: Node<'_>, imported: &mut Imported) {
    for entry in root.entries() {
        if entry.key.as_str() == Some("rules") {
            entry
                .value
                .entries()
                .for_each(|rule| audit(rule.key, rule.value, imported));
        } else {
            let key = entry.key.as_str().unwrap_or_default();
            let what = format!("`{key}` of zizmor has no equivalent");
            imported.told.push(lost(what, entry.key));
        }
    }
}

/// What is said of one audit.
fn audit(key: Node<'_>, said: Node<'_>, imported: &mut Imported) {
    let name = key.as_str().unwrap_or_default();
    let rules = match ours(name, &imported.known) {
        Ours::Rules(rules) => rules,
        Ours::None(what) => {
            imported.told.push(needless(what, key));
            return;
        }
    };
    for entry in said.entries() {
        match entry.key.as_str().unwrap_or_default() {
            "disable" => {
                let is_off = entry.value.as_str() == Some("true");
                let off = rules.iter().filter(|_| is_off);
                let off = off.map(|rule| ((*rule).to_owned(), Level::Off));
                imported.settings.rules.extend(off);
            }
            "remap" => remap(&rules, entry.value, imported),
            "ignore" => {
                let items = entry.value.items();
                items.for_each(|item| ignore(&rules, item, imported));
            }
            other => {
                let what = format!("`{other}` of zizmor's `{name}` has no equivalent");
                imported.told.push(lost(what, entry.key));
            }
        }
    }
}

fn remap(rules: &[&'static str], said: Node<'_>, imported: &mut Imported) {
    let severity = said.get("severity");
    let level = match severity.and_then(Node::as_str) {
        Some("high") => Severity::Error,
        Some("medium") => Severity::Warning,
        Some("low" | "informational") => Severity::Note,
        _ => return,
    };
    for rule in rules {
        // What is off stays off, wherever it is said.
        let weights = &mut imported.settings.rules;
        weights
            .entry((*rule).to_owned())
            .or_insert(Level::Told(level));
    }
}

/// One `FILE[:LINE[:COLUMN]]`.
fn ignore(rules: &[&'static str], item: Node<'_>, imported: &mut Imported) {
    let place = item.as_str().unwrap_or_default();
    let (file, line) = match place.split_once(':') {
        Some((file, rest)) => (file, rest.split(':').next()),
        None => (place, None),
    };
    if let Some(line) = line {
        let what = format!("`{place}` is a place, which moves with every edit above it");
        imported.told.push(lost(what, item).help(format!(
            "write `# cicd: ignore[{}] reason` behind line {line} of `{file}`",
            rules.join(", ")
        )));
        return;
    }
    if PathPattern::new(file).is_none() {
        let what = format!("`{file}` is not {}", PathPatternKind::TITLE);
        imported.told.push(lost(what, item));
        return;
    }
    let paths = &mut imported.settings.paths;
    let at = paths.iter().position(|(known, _)| known == file);
    let at = at.unwrap_or_else(|| {
        paths.push((file.to_owned(), Levels::new()));
        paths.len() - 1
    });
    let off = rules.iter().map(|rule| ((*rule).to_owned(), Level::Off));
    paths[at].1.extend(off);
}

/// Tells what a comment for zizmor would be.
pub(super) fn comment(text: &str, comment: Comment, id: SourceId, imported: &mut Imported) {
    let words = &text[comment.span.range()];
    let Some((before, rest)) = words.split_once("zizmor: ignore[") else {
        return;
    };
    let Some((list, reason)) = rest.split_once(']') else {
        return;
    };
    let mut rules = Vec::new();
    for name in list.split(',').map(str::trim) {
        match ours(name, &imported.known) {
            Ours::Rules(own) => rules.extend(own),
            Ours::None(_) => {}
        }
    }
    if rules.is_empty() {
        return;
    }
    let reason = match reason.trim() {
        "" => "reason",
        reason => reason,
    };
    let start = comment.span.start + u32::try_from(before.len()).unwrap_or_default();
    let place = Location::new(id, Span::new(start, comment.span.end));
    let what = "a comment for zizmor suppresses nothing here".to_owned();
    imported.told.push(
        Diagnostic::warning("not-imported", what)
            .at(place)
            .help(format!(
                "write `# cicd: ignore[{}] {reason}` too",
                rules.join(", ")
            )),
    );
}

/// The rules of ours for an audit.
enum Ours {
    Rules(Vec<&'static str>),
    /// There are none, and why.
    None(String),
}

fn ours(audit: &str, known: &[&'static str]) -> Ours {
    let Some(rules) = equivalents::of_zizmor(audit) else {
        return Ours::None(format!("zizmor's `{audit}` is not known here"));
    };
    let rules: Vec<_> = rules.filter(|rule| known.contains(rule)).collect();
    if rules.is_empty() {
        let what = format!("what zizmor's `{audit}` looks for is not looked for yet");
        return Ours::None(what);
    }
    Ours::Rules(rules)
}
