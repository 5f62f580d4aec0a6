//! Suppressions: `# cicd: ignore[rule] reason`, behind a line or above a block.
//!
//! Behind something, it is about that line, and about a block scalar that begins on
//! it; on a line of its own, about the whole entry or item that comes next.

use std::ops::RangeInclusive;

use crate::diagnostics::{Applicability, Diagnostic, Diagnostics, Edit, Fix, Severity, nearest};
use crate::lint::all;
use crate::lint::rule::{Fixes, Group, Rule};
use crate::lint::suppress::comment::{Comment, Name};
use crate::lint::suppress::extent::Extents;
use crate::source::{Location, Source};
use crate::syntax::Tree;

mod comment;
mod extent;

pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "ignore-without-reason",
        group: Group::Hygiene,
        severity: Severity::Warning,
        fixes: Fixes::Never,
        finds: "a suppression without a reason",
        why: "Whoever reads it later cannot tell whether it still holds.",
        bad: &["\
on: push
jobs:
  a: {runs-on: ubuntu-24.04, steps: [{run: make}]}
  b:
    needs: [a, a] # cicd: ignore[needs-duplicate]
    runs-on: ubuntu-24.04
    steps: [{run: make}]
"],
        good: &["\
on: push
jobs:
  a: {runs-on: ubuntu-24.04, steps: [{run: make}]}
  b:
    needs: [a, a] # cicd: ignore[needs-duplicate] shows what the linter says to it
    runs-on: ubuntu-24.04
    steps: [{run: make}]
"],
    },
    Rule {
        id: "invalid-suppression",
        group: Group::Hygiene,
        severity: Severity::Warning,
        fixes: Fixes::Sometimes,
        finds: "a comment for this linter that it does not understand",
        why: "It suppresses nothing. It is `# cicd: ignore[rule] reason`, with names of rules as \
              `cicd explain` lists them.",
        bad: &["\
on: push
jobs: # cicd: ignore[needs-cycel] they wait for each other
  a: {runs-on: ubuntu-24.04, steps: [{run: make}]}
"],
        good: &[],
    },
    Rule {
        id: "unused-ignore",
        group: Group::Hygiene,
        severity: Severity::Warning,
        fixes: Fixes::Sometimes,
        finds: "a suppression of what is not found there",
        why: "What it was for is mended or stands elsewhere, and it would hide the next one.",
        bad: &["\
on: push
jobs:
  # cicd: ignore[needs-duplicate] was so once
  a: {runs-on: ubuntu-24.04, steps: [{run: make}]}
"],
        good: &[],
    },
];

/// The comments of a file that are for this linter.
pub(super) struct Suppressions<'f> {
    source: &'f Source,
    tree: &'f Tree,
    comments: Vec<Comment<'f>>,
}

impl<'f> Suppressions<'f> {
    pub(super) fn read(source: &'f Source, tree: &'f Tree) -> Self {
        let comments = tree.comments().iter();
        let comments = comments.filter_map(|comment| Comment::read(source, *comment));
        Self {
            source,
            tree,
            comments: comments.collect(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.comments.is_empty()
    }
}

/// Drops what comments suppress, and adds what is wrong with them.
pub(super) fn apply(suppressions: &Suppressions<'_>, found: &mut Diagnostics) {
    let Suppressions {
        source,
        tree,
        comments,
    } = suppressions;
    let known: Vec<&'static str> = all().iter().map(|rule| rule.id).collect();
    let extents = Extents::of(source, tree);
    let mut own = Diagnostics::new();
    let mut suppressing = Vec::new();
    for comment in comments {
        let at = Location::new(tree.source(), comment.span);
        match &comment.names {
            None => own.push(not_understood(at)),
            Some(_) if comment.reason.is_empty() => own.push(unexplained(at)),
            Some(_) => {}
        }
        let lines = extents.of_comment(comment);
        let names = comment.names.iter().flatten();
        for name in names {
            let place = Location::new(tree.source(), name.span);
            match known.iter().find(|known| **known == name.text) {
                Some(rule) if RULES.iter().any(|own| own.id == *rule) => {
                    own.push(of_suppressions(name, place));
                }
                Some(rule) => suppressing.push(Suppression {
                    comment,
                    rule,
                    lines: lines.clone(),
                    used: false,
                }),
                None => own.push(unknown(name, place, &known)),
            }
        }
    }
    let kept = std::mem::take(found).into_iter().filter(|one| {
        let Some(place) = one.primary else {
            return true;
        };
        let line = source.position(place.span.start).line;
        let fitting = suppressing.iter_mut().filter(|suppression| {
            suppression.rule == one.code && suppression.lines.contains(&line)
        });
        // All that fit are used, or one of two would be called needless at random.
        let mut count = 0;
        fitting.for_each(|suppression| {
            suppression.used = true;
            count += 1;
        });
        count == 0
    });
    found.extend(kept.collect::<Vec<_>>());
    own.extend(unused(source, tree, &suppressing));
    found.extend(own);
}

/// One rule at one place.
struct Suppression<'c> {
    comment: &'c Comment<'c>,
    rule: &'static str,
    lines: RangeInclusive<u32>,
    used: bool,
}

fn not_understood(at: Location) -> Diagnostic {
    Diagnostic::warning("invalid-suppression", "the comment is not understood")
        .at(at)
        .help("write `# cicd: ignore[rule] reason`")
}

fn unexplained(at: Location) -> Diagnostic {
    Diagnostic::warning("ignore-without-reason", "the suppression has no reason")
        .at(at)
        .help("write it behind the bracket: `# cicd: ignore[rule] reason`")
}

fn of_suppressions(name: &Name<'_>, at: Location) -> Diagnostic {
    let message = format!(
        "`{}` is about suppressions and cannot be suppressed",
        name.text
    );
    Diagnostic::warning("invalid-suppression", message)
        .at(at)
        .help(format!(
            "switch it off in the settings: `rules: {{{}: off}}`",
            name.text
        ))
}

fn unknown(name: &Name<'_>, at: Location, known: &[&'static str]) -> Diagnostic {
    let message = format!("there is no rule `{}`", name.text);
    let unknown = Diagnostic::warning("invalid-suppression", message).at(at);
    match nearest(name.text, known.iter().copied()) {
        Some(near) => unknown.help(format!("write `{near}`")).fix(Fix {
            applicability: Applicability::Unsafe,
            edits: vec![Edit::new(name.span, near)],
        }),
        None => unknown.help("`cicd explain` lists all rules"),
    }
}

/// One finding for each comment of which something is not used.
fn unused(source: &Source, tree: &Tree, all: &[Suppression<'_>]) -> Vec<Diagnostic> {
    let of_comments = all.chunk_by(|one, next| std::ptr::eq(one.comment, next.comment));
    let told = of_comments.filter_map(|own| {
        let unused: Vec<_> = own.iter().filter(|one| !one.used).collect();
        let first = unused.first()?;
        let names: Vec<_> = unused.iter().map(|one| format!("`{}`", one.rule)).collect();
        let comment = first.comment;
        let message = format!("nothing is found here by {}", names.join(" and "));
        let (from, to) = first.lines.clone().into_inner();
        let lines = match from == to {
            true => format!("it is about line {from}"),
            false => format!("it is about lines {from} to {to}"),
        };
        let is_all = comment
            .names
            .as_ref()
            .is_some_and(|all| all.len() == unused.len());
        let rest = own.iter().filter(|one| one.used).map(|one| one.rule);
        let (help, edit) = match is_all {
            true => ("delete the comment".to_owned(), comment.removal(source)),
            false => {
                let rest = rest.collect::<Vec<_>>().join(", ");
                (
                    format!("write `ignore[{rest}]`"),
                    Edit::new(comment.list, rest),
                )
            }
        };
        let unused = Diagnostic::warning("unused-ignore", message)
            .at(Location::new(tree.source(), comment.span))
            .note(lines)
            .help(help);
        // A name that no rule has is for its owner to mend.
        let known = own.len() == comment.names.as_ref().map_or(0, Vec::len);
        Some(if known {
            unused.fix(Fix {
                applicability: Applicability::Safe,
                edits: vec![edit],
            })
        } else {
            unused
        })
    });
    told.collect()
}
