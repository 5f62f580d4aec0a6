//! Fixes made: in rounds, until there are none or they change nothing, and only those
//! after which a file is no worse than before.

use std::collections::{BTreeMap, HashSet};

use crate::diagnostics::{Diagnostic, Diagnostics, Fix, Severity, apply_fixes};
use crate::lint::settings::ByRepository;
use crate::lint::{File, lint_with, yaml};
use crate::source::{Source, SourceId, Sources, Span};

/// A fix may show what another one mends; more rounds than these go in circles.
const MAX_ROUNDS: usize = 10;

/// What came of fixing.
#[derive(Debug, Default)]
pub struct Fixing {
    /// What is found in the texts as they are now.
    pub found: Diagnostics,
    /// How many findings were fixed in which texts.
    pub fixed: BTreeMap<SourceId, usize>,
}

/// Lints files and puts the fixed texts in place of those that were there.
///
/// `may` says whose fixes are made. A fix that would lead to an error in its place, or
/// to a text that is no YAML, is left, and its finding says so.
pub fn fix(
    sources: &mut Sources,
    files: &[File],
    settings: &ByRepository,
    may: &dyn Fn(&Diagnostic) -> bool,
) -> Fixing {
    let found = lint_with(sources, files, settings);
    let mut run = Run {
        sources,
        files,
        settings,
        fixed: BTreeMap::new(),
        refused: HashSet::new(),
        reasons: Vec::new(),
    };
    let mut open: Vec<Diagnostic> = found.iter().cloned().collect();
    for _ in 0..MAX_ROUNDS {
        open.retain(|one| one.fix.is_some() && may(one) && !run.refused.contains(&name(one)));
        if open.is_empty() {
            break;
        }
        open = run.round(&open);
    }
    let found = if run.fixed.is_empty() {
        found
    } else {
        lint_with(run.sources, files, settings)
    };
    Fixing {
        found: found.into_iter().map(|one| run.explained(one)).collect(),
        fixed: run.fixed,
    }
}

/// A finding by what it says: its place moves with each fix.
type Name = (Option<SourceId>, &'static str, String);

fn name(one: &Diagnostic) -> Name {
    let source = one.primary.map(|place| place.source);
    (source, one.code, one.message.clone())
}

struct Run<'a> {
    sources: &'a mut Sources,
    files: &'a [File],
    settings: &'a ByRepository,
    fixed: BTreeMap<SourceId, usize>,
    refused: HashSet<Name>,
    /// What the refused fixes would lead to.
    reasons: Vec<(Name, String)>,
}

impl Run<'_> {
    /// Makes what can be made at once, and returns what is found in the files that changed.
    fn round(&mut self, open: &[Diagnostic]) -> Vec<Diagnostic> {
        let mut by_file: BTreeMap<SourceId, Vec<&Diagnostic>> = BTreeMap::new();
        for one in open {
            if let Some(place) = one.primary {
                by_file.entry(place.source).or_default().push(one);
            }
        }
        let changed: Vec<_> = by_file.keys().copied().collect();
        let before = by_file_of(&self.lint(&changed), &changed);
        let mut attempts = Vec::new();
        for (id, findings) in &by_file {
            attempts.extend(self.attempt(*id, findings).map(|attempt| (*id, attempt)));
        }
        let after = by_file_of(&self.lint(&changed), &changed);
        let mut all: Vec<Diagnostic> = Vec::new();
        for (id, attempt) in attempts {
            match worse(&before[&id], &after[&id], &attempt.places) {
                None => {
                    *self.fixed.entry(id).or_default() += attempt.made.len();
                    all.extend(after[&id].iter().cloned());
                }
                Some(culprit) => {
                    let made: Vec<_> = attempt.made.iter().collect();
                    self.put(id, attempt.before);
                    all.extend(self.settle(id, &made, before[&id].clone(), &culprit));
                }
            }
        }
        all
    }

    /// Puts the fixed text in place.
    fn attempt(&mut self, id: SourceId, findings: &[&Diagnostic]) -> Option<Attempt> {
        let source = self.sources.get(id)?;
        let fixes: Vec<&Fix> = findings.iter().filter_map(|one| one.fix.as_ref()).collect();
        let fixed = apply_fixes(source.text(), &fixes);
        let before = source.text().to_owned();
        let made: Vec<_> = fixed.made.iter().map(|at| findings[*at].clone()).collect();
        if made.is_empty() || fixed.text == before || !self.put(id, fixed.text) {
            // Nothing to be had from them, neither now nor later.
            self.refused.extend(findings.iter().map(|one| name(one)));
            return None;
        }
        Some(Attempt {
            before,
            made,
            places: fixed.places,
        })
    }

    /// Tries fixes by halves, those behind first, and keeps those that make nothing worse.
    ///
    /// The text is as before them. `culprit` says why they cannot be made together.
    fn settle(
        &mut self,
        id: SourceId,
        fixes: &[&Diagnostic],
        mut found: Vec<Diagnostic>,
        culprit: &str,
    ) -> Vec<Diagnostic> {
        if let [only] = fixes {
            self.refused.insert(name(only));
            self.reasons.push((name(only), culprit.to_owned()));
            return found;
        }
        let (first, second) = fixes.split_at(fixes.len() / 2);
        let begin = second
            .iter()
            .filter_map(|one| extent(one))
            .map(|span| span.start);
        let end = first
            .iter()
            .filter_map(|one| extent(one))
            .map(|span| span.end);
        // What lies across the others has moved once they are made; a later round has it.
        let apart = begin.min() >= end.max();
        let halves: &[&[&Diagnostic]] = if apart { &[second, first] } else { &[first] };
        for half in halves {
            let Some(attempt) = self.attempt(id, half) else {
                continue;
            };
            let after = by_file_of(&self.lint(&[id]), &[id])
                .remove(&id)
                .unwrap_or_default();
            match worse(&found, &after, &attempt.places) {
                None => {
                    *self.fixed.entry(id).or_default() += attempt.made.len();
                    found = after;
                }
                Some(culprit) => {
                    self.put(id, attempt.before);
                    let made: Vec<_> = attempt.made.iter().collect();
                    found = self.settle(id, &made, found, &culprit);
                }
            }
        }
        found
    }

    /// Lints some of the files, with all that they may call.
    fn lint(&self, wanted: &[SourceId]) -> Diagnostics {
        let named = |file: &&File| wanted.binary_search(&file.id).is_ok();
        let repositories: HashSet<&str> = self
            .files
            .iter()
            .filter(named)
            .map(|file| &*file.repository)
            .collect();
        let near = self
            .files
            .iter()
            .filter(|file| repositories.contains(&*file.repository));
        let files: Vec<_> = near
            .map(|file| File {
                wanted: wanted.binary_search(&file.id).is_ok(),
                ..file.clone()
            })
            .collect();
        lint_with(self.sources, &files, self.settings)
    }

    /// Puts a text in the place of another one; says whether it is not too large.
    fn put(&mut self, id: SourceId, text: String) -> bool {
        let name = self.sources.get(id).map(|source| source.name().to_owned());
        let source = name.and_then(|name| Source::new(name, text).ok());
        source.is_some_and(|source| self.sources.replace(id, source))
    }

    /// Adds to a finding why its fix was not made, if that was tried.
    fn explained(&self, mut one: Diagnostic) -> Diagnostic {
        let name = name(&one);
        if let Some((_, reason)) = self.reasons.iter().find(|(of, _)| *of == name) {
            one.notes.push(format!(
                "its fix was left, since it would lead to: {reason}"
            ));
            one.fix = None;
        }
        one
    }
}

/// A text with fixes made, not yet judged.
struct Attempt {
    /// The text before.
    before: String,
    made: Vec<Diagnostic>,
    /// Where the edits stand now.
    places: Vec<Span>,
}

/// From the first to the last edit of a finding.
fn extent(one: &Diagnostic) -> Option<Span> {
    let edits = &one.fix.as_ref()?.edits;
    let end = edits.iter().map(|edit| edit.span.end).max()?;
    Some(Span::new(edits.first()?.span.start, end))
}

fn by_file_of(found: &Diagnostics, ids: &[SourceId]) -> BTreeMap<SourceId, Vec<Diagnostic>> {
    let mut by_file: BTreeMap<_, Vec<_>> = ids.iter().map(|id| (*id, Vec::new())).collect();
    for one in found {
        let file = one.primary.and_then(|place| by_file.get_mut(&place.source));
        if let Some(file) = file {
            file.push(one.clone());
        }
    }
    by_file
}

/// Returns what is worse after fixes than before: an error of YAML, or one in the place of a fix.
///
/// What a fix brings to light elsewhere, such as faults below a key that was misspelt, was there before.
fn worse(before: &[Diagnostic], after: &[Diagnostic], places: &[Span]) -> Option<String> {
    let is_yaml = |one: &Diagnostic| yaml::RULES.iter().any(|rule| rule.id == one.code);
    let count = |all: &[Diagnostic], code| all.iter().filter(|one| one.code == code).count();
    let known: HashSet<_> = before.iter().map(|one| (one.code, &one.message)).collect();
    let touches = |one: &Diagnostic| {
        one.primary.is_some_and(|place| {
            let span = place.span;
            let after = places.partition_point(|edit| edit.end < span.start);
            places.get(after).is_some_and(|edit| edit.start <= span.end)
        })
    };
    let is_worse = |one: &&Diagnostic| {
        one.severity == Severity::Error
            && if is_yaml(one) {
                count(after, one.code) > count(before, one.code)
            } else {
                !known.contains(&(one.code, &one.message)) && touches(one)
            }
    };
    after
        .iter()
        .find(is_worse)
        .map(|one| format!("{} ({})", one.message, one.code))
}
