//! The actions and workflows that a file uses, and their versions.

use std::collections::{BTreeMap, BTreeSet};

use super::File;
use super::lines::{Lines, Rank, code, list};
use crate::syntax::{Kind, Node};

/// The part of `uses` that names an action, without its version.
pub(super) fn action(uses: &str) -> &str {
    if uses.starts_with("docker://") {
        return uses;
    }
    uses.split_once('@').map_or(uses, |(action, _)| action)
}

/// A version as it is written: a commit, a tag or a branch, with the comment behind it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Version {
    reference: String,
    comment: Option<String>,
}

impl Version {
    fn is_commit(&self) -> bool {
        let is_hex = self.reference.bytes().all(|byte| byte.is_ascii_hexdigit());
        self.reference.len() == 40 && is_hex
    }

    fn commit(&self) -> &str {
        let end = if self.is_commit() {
            7
        } else {
            self.reference.len()
        };
        &self.reference[..end]
    }

    /// What people call it.
    fn shown(&self) -> String {
        match &self.comment {
            Some(comment) if self.is_commit() => comment.clone(),
            _ => self.commit().to_owned(),
        }
    }
}

/// The versions of each action that a file uses.
#[derive(Debug, Default)]
pub(super) struct Pins(BTreeMap<String, BTreeSet<Version>>);

impl Pins {
    pub(super) fn of(file: &File<'_>) -> Self {
        let mut pins = Self::default();
        if let Some(root) = file.tree.root() {
            pins.collect(root, file.text);
        }
        pins
    }

    fn collect(&mut self, node: Node<'_>, text: &str) {
        match node.kind() {
            Kind::Sequence(items) => items.for_each(|item| self.collect(item, text)),
            Kind::Mapping(entries) => {
                for entry in entries {
                    match (entry.key.as_str(), entry.value.as_str()) {
                        (Some("uses"), Some(uses)) => self.add(uses, entry.value, text),
                        _ => self.collect(entry.value, text),
                    }
                }
            }
            _ => {}
        }
    }

    fn add(&mut self, uses: &str, node: Node<'_>, text: &str) {
        let name = action(uses);
        let reference = uses[name.len()..].trim_start_matches('@').to_owned();
        let comment = comment(node, text);
        let versions = self.0.entry(name.to_owned()).or_default();
        versions.insert(Version { reference, comment });
    }
}

/// The first word of the comment on the line of a node: `v4.2.1`.
fn comment<'t>(node: Node<'_>, text: &'t str) -> Option<String> {
    let rest: &'t str = text.get(node.definition().span().end as usize..)?;
    let (_, comment) = rest.lines().next()?.split_once('#')?;
    comment.split_whitespace().next().map(str::to_owned)
}

/// Compares the actions of two files.
pub(super) fn compare(old: &Pins, new: &Pins, lines: &mut Lines) {
    for (name, versions) in &new.0 {
        match old.0.get(name) {
            None => lines.say(
                Rank::Pin,
                format!("{} is used now{}", code(name), at(versions)),
            ),
            Some(before) if before != versions => changed(name, before, versions, lines),
            Some(_) => {}
        }
    }
    for name in old.0.keys().filter(|name| !new.0.contains_key(*name)) {
        lines.say(Rank::Pin, format!("{} is no longer used", code(name)));
    }
}

fn at(versions: &BTreeSet<Version>) -> String {
    let shown = shown(versions);
    if shown.is_empty() {
        return shown;
    }
    format!(", at {shown}")
}

fn shown(versions: &BTreeSet<Version>) -> String {
    let shown: BTreeSet<_> = versions.iter().map(Version::shown).collect();
    let shown = shown.into_iter().filter(|version| !version.is_empty());
    list(shown.map(|version| code(&version).replace('`', "")), 3)
}

fn changed(name: &str, old: &BTreeSet<Version>, new: &BTreeSet<Version>, lines: &mut Lines) {
    let commits = |all: &BTreeSet<Version>| -> Vec<_> {
        all.iter().map(|one| one.reference.clone()).collect()
    };
    if commits(old) == commits(new) {
        // Only comments differ.
        return;
    }
    let name = code(name);
    let (before, after) = (shown(old), shown(new));
    if before == after {
        let short = |all: &BTreeSet<Version>| list(all.iter().map(|one| code(one.commit())), 3);
        let text = format!(
            "{name} {after} is another commit: {} → {}",
            short(old),
            short(new)
        );
        return lines.say(Rank::Raised, text);
    }
    lines.say(Rank::Pin, format!("{name} {before} → {after}"));
    let pinned = |all: &BTreeSet<Version>| all.iter().all(Version::is_commit);
    if pinned(old) && !pinned(new) {
        lines.say(
            Rank::Raised,
            format!("{name} is no longer pinned to a commit"),
        );
    }
}
