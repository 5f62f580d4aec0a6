//! Which secrets are read where: by name, wherever an expression mentions them.

use std::collections::BTreeSet;

use super::both::Both;
use super::lines::{Lines, Rank, code};
use crate::syntax::{Kind, Node};

/// Compares the secrets that are read outside of jobs.
pub(super) fn of_workflow(all: Both<'_>, lines: &mut Lines) {
    let read = |root: Option<Node<'_>>| {
        let mut names = BTreeSet::new();
        let entries = root.into_iter().flat_map(Node::entries);
        for entry in entries.filter(|entry| entry.key.as_str() != Some("jobs")) {
            collect(entry.value, &mut names);
        }
        names
    };
    report(&read(all.old), &read(all.new), None, lines);
}

/// Compares the secrets that a job reads; all are new to a new job.
pub(super) fn of_job(id: &str, job: Both<'_>, lines: &mut Lines) {
    let read = |job: Option<Node<'_>>| {
        let mut names = BTreeSet::new();
        job.into_iter().for_each(|job| collect(job, &mut names));
        names
    };
    report(&read(job.old), &read(job.new), Some(id), lines);
    let inherits = |node: Option<Node<'_>>| {
        let secrets = node.and_then(|node| node.get("secrets"));
        secrets.and_then(Node::as_str) == Some("inherit")
    };
    match (inherits(job.old), inherits(job.new)) {
        (false, true) => lines.of(Rank::Secret, "all secrets passed on by ", Some(id), ""),
        (true, false) => lines.of(
            Rank::Secret,
            "all secrets no longer passed on by ",
            Some(id),
            "",
        ),
        _ => {}
    }
}

fn report(old: &BTreeSet<String>, new: &BTreeSet<String>, job: Option<&str>, lines: &mut Lines) {
    for name in new.difference(old) {
        lines.of(
            Rank::Secret,
            format!("secret {} newly read by ", code(name)),
            job,
            "",
        );
    }
    for name in old.difference(new) {
        lines.of(
            Rank::Secret,
            format!("secret {} no longer read by ", code(name)),
            job,
            "",
        );
    }
}

fn collect(node: Node<'_>, names: &mut BTreeSet<String>) {
    match node.kind() {
        Kind::Sequence(items) => items.for_each(|item| collect(item, names)),
        Kind::Mapping(entries) => entries.for_each(|entry| collect(entry.value, names)),
        Kind::String(text) => named(text, names),
        _ => {}
    }
}

/// Finds `secrets.NAME` and `secrets['NAME']`; upper case, since GitHub compares so.
///
/// Also outside of `${{ }}`, which `if` needs not.
fn named(text: &str, names: &mut BTreeSet<String>) {
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
    let mut rest = text;
    while let Some(at) = rest.find("secrets") {
        let begins = !rest[..at].ends_with(|letter: char| is_word(letter) || letter == '.');
        rest = &rest[at + "secrets".len()..];
        let after = rest.strip_prefix('.').or_else(|| {
            let inside = rest.trim_start().strip_prefix('[')?;
            inside.trim_start().strip_prefix('\'')
        });
        let name = after.map(|after| {
            let end = after.find(|letter| !is_word(letter));
            &after[..end.unwrap_or(after.len())]
        });
        if let Some(name) = name.filter(|name| begins && !name.is_empty()) {
            names.insert(name.to_ascii_uppercase());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        let mut names = BTreeSet::new();
        named(text, &mut names);
        names.into_iter().collect()
    }

    #[test]
    fn secrets_are_found_in_every_way_of_writing() {
        assert_eq!(names("${{ secrets.A }} and ${{secrets['b']}}"), ["A", "B"]);
        assert_eq!(names("secrets.TOKEN != ''"), ["TOKEN"]);
        assert_eq!(names("format('{0}', secrets [ 'X_1' ])"), ["X_1"]);
    }

    #[test]
    fn other_words_are_no_secrets() {
        let none: [&str; 0] = [];
        for text in [
            "inputs.secrets.A",
            "my-secrets.A",
            "secrets",
            "secrets.",
            "no secrets here.",
        ] {
            assert_eq!(names(text), none, "{text}");
        }
    }
}
