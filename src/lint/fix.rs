//! Fixes made: in rounds, until there are none or they change nothing, and only those
//! after which a file is no worse than before.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::diagnostics::{Diagnostic, Diagnostics, Fix, Severity, apply_fixes};
use crate::lint::settings::ByRepository;
use crate::lint::{File, lint_with, yaml};
use crate::source::{Source, SourceId, Sources, Span};

/// A fix may show what another one mends; more rounds than these go in circles.
const MAX_ROUNDS: usize = 10;

/// After so many tries to tell good fixes from bad ones in a file, all that are left are bad.
const MAX_TRIALS: usize = 20;

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
        reasons: HashMap::new(),
    };
    let mut open: Vec<Diagnostic> = found.iter().cloned().collect();
    for _ in 0..MAX_ROUNDS {
        open.retain(|one| one.fix.is_some() && may(one) && !run.refused.contains(&run.name(one)));
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

/// A finding by what it says and the line that it says it of: its place moves with each fix.
type Name = (Option<SourceId>, &'static str, String, String);

struct Run<'a> {
    sources: &'a mut Sources,
    files: &'a [File],
    settings: &'a ByRepository,
    fixed: BTreeMap<SourceId, usize>,
    refused: HashSet<Name>,
    /// What the refused fixes would lead to.
    reasons: HashMap<Name, String>,
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
        let mut after = by_file_of(&self.lint(&changed), &changed);
        let mut all: Vec<Diagnostic> = Vec::new();
        for (id, attempt) in attempts {
            let after = after.remove(&id).unwrap_or_default();
            all.extend(self.settle(id, attempt, &before[&id], after));
        }
        all
    }

    /// Puts the fixed text in place.
    fn attempt(&mut self, id: SourceId, findings: &[&Diagnostic]) -> Option<Attempt> {
        let source = self.sources.get(id)?;
        let fixes: Vec<&Fix> = findings.iter().filter_map(|one| one.fix.as_ref()).collect();
        let fixed = apply_fixes(source.text(), &fixes);
        let before = source.text().to_owned();
        if fixed.made.is_empty() || fixed.text == before || !self.put(id, fixed.text) {
            // Nothing to be had from them, neither now nor later.
            let names: Vec<_> = findings.iter().map(|one| self.name(one)).collect();
            self.refused.extend(names);
            return None;
        }
        let numbers: HashMap<usize, usize> = fixed.made.iter().copied().zip(0..).collect();
        let places = fixed.places.iter();
        Some(Attempt {
            before,
            places: places.map(|(span, at)| (*span, numbers[at])).collect(),
            made: fixed.made.iter().map(|at| findings[*at].clone()).collect(),
        })
    }

    /// Keeps the fixes that make nothing worse, and returns what is found with them.
    fn settle(
        &mut self,
        id: SourceId,
        mut attempt: Attempt,
        before: &[Diagnostic],
        mut after: Vec<Diagnostic>,
    ) -> Vec<Diagnostic> {
        let mut left: Vec<(Name, String)> = Vec::new();
        for trial in 0.. {
            let worse = worse(before, &after, &attempt.places);
            if worse.is_empty() {
                *self.fixed.entry(id).or_default() += attempt.made.len();
                // What is there without a fix, too, was not of that fix: it may be made yet.
                let there: HashSet<String> = after.iter().map(said).collect();
                for (name, _) in left.iter().filter(|(_, reason)| there.contains(reason)) {
                    self.refused.remove(name);
                    self.reasons.remove(name);
                }
                return after;
            }
            self.put(id, attempt.before);
            let all = attempt.made.len();
            let mut blamed: BTreeMap<usize, &str> = BTreeMap::new();
            for (fix, said) in &worse {
                let fixes = match fix {
                    Some(fix) if trial < MAX_TRIALS => *fix..fix + 1,
                    None if all > 1 && trial < MAX_TRIALS => continue,
                    _ => 0..all,
                };
                for fix in fixes {
                    blamed.entry(fix).or_insert(said);
                }
            }
            // What is wrong far from all fixes may be of any: half of them wait for another round.
            let tried = if blamed.is_empty() { all / 2 } else { all };
            let mut kept = Vec::new();
            for (at, one) in attempt.made.iter().enumerate().take(tried) {
                match blamed.get(&at) {
                    Some(reason) => {
                        let name = self.name(one);
                        self.refused.insert(name.clone());
                        self.reasons.insert(name.clone(), (*reason).to_owned());
                        left.push((name, (*reason).to_owned()));
                    }
                    None => kept.push(one),
                }
            }
            let Some(next) = self.attempt(id, &kept) else {
                break;
            };
            attempt = next;
            after = self.found_in(id);
        }
        before.to_vec()
    }

    /// The name of a finding in the texts as they are.
    fn name(&self, one: &Diagnostic) -> Name {
        let place = one.primary;
        let source = place.and_then(|place| self.sources.get(place.source).zip(Some(place.span)));
        let line = source.and_then(|(source, span)| {
            let line = source.position(span.start).line;
            Some(source.slice(source.line_span(line)?).to_owned())
        });
        let id = place.map(|place| place.source);
        (id, one.code, one.message.clone(), line.unwrap_or_default())
    }

    fn found_in(&self, id: SourceId) -> Vec<Diagnostic> {
        let found = by_file_of(&self.lint(&[id]), &[id]);
        found.into_values().next().unwrap_or_default()
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
        if let Some(reason) = self.reasons.get(&self.name(&one)) {
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
    /// Where the edits stand now, each with the number of one that made it.
    places: Vec<(Span, usize)>,
}

/// A finding in one phrase.
fn said(one: &Diagnostic) -> String {
    format!("{} ({})", one.message, one.code)
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

/// Returns what is worse after fixes than before, with the only fix that stands there: an error
/// of YAML, or one in the place of a fix.
///
/// What a fix brings to light elsewhere, such as faults below a key that was misspelt, was there before.
fn worse(
    before: &[Diagnostic],
    after: &[Diagnostic],
    places: &[(Span, usize)],
) -> Vec<(Option<usize>, String)> {
    let is_yaml = |one: &Diagnostic| yaml::RULES.iter().any(|rule| rule.id == one.code);
    let count = |all: &[Diagnostic], id: &str| {
        let refused = |one: &&Diagnostic| one.code == id && one.severity == Severity::Error;
        all.iter().filter(refused).count()
    };
    let more: Vec<&str> = yaml::RULES
        .iter()
        .map(|rule| rule.id)
        .filter(|id| count(after, id) > count(before, id))
        .collect();
    // The same words elsewhere are another error.
    let same = |all: &[Diagnostic], one: &Diagnostic| {
        let said = |other: &&Diagnostic| other.code == one.code && other.message == one.message;
        all.iter().filter(said).count()
    };
    let fixes_at = |one: &Diagnostic| -> Vec<usize> {
        let span = one.primary.map_or(Span::at(0), |place| place.span);
        let next = places.partition_point(|(edit, _)| edit.end < span.start);
        let touched = places[next..].iter();
        let mut fixes: Vec<_> = touched
            .take_while(|(edit, _)| edit.start <= span.end)
            .map(|(_, fix)| *fix)
            .collect();
        fixes.dedup();
        fixes
    };
    let errors = after.iter().filter(|one| one.severity == Severity::Error);
    errors
        .filter_map(|one| {
            let fixes = fixes_at(one);
            let is_worse = if is_yaml(one) {
                more.contains(&one.code)
            } else {
                !fixes.is_empty() && same(after, one) > same(before, one)
            };
            // Of several, each may be the one.
            let fix = match fixes.as_slice() {
                [only] => Some(*only),
                _ => None,
            };
            is_worse.then(|| (fix, said(one)))
        })
        .collect()
}
