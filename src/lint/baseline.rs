//! Findings that are known and put up with, so that only new ones are told.
//!
//! An entry names a finding by its rule, its file and what it looks like, never by its
//! line. Texts and values only: reading and writing the file is the caller's work.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::diagnostics::{Diagnostic, Diagnostics, fingerprints};
use crate::source::{Location, Source, SourceId, Sources, Span};

/// Grows when older versions could not read it.
const VERSION: u32 = 1;

/// Known findings, with how many look the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    counts: BTreeMap<Entry, usize>,
}

/// What findings that look the same are known by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The file, from the root of its repository.
    pub path: String,
    /// The rule.
    pub rule: String,
    /// The hash of its [`Fingerprint`](crate::diagnostics::Fingerprint).
    hash: String,
}

/// What a baseline leaves of findings.
#[derive(Debug)]
pub struct Rest {
    /// The findings that are not in it.
    pub new: Diagnostics,
    /// How many were.
    pub known: usize,
    /// The entries that nothing was found for, with how often.
    pub missed: Vec<(Entry, usize)>,
}

/// Says which file of its repository a text is.
pub type PathOf<'p> = dyn Fn(SourceId) -> Option<&'p str> + 'p;

impl Baseline {
    /// Returns the baseline that knows all of these findings.
    pub fn of(found: &Diagnostics, sources: &Sources, path_of: &PathOf<'_>) -> Self {
        let mut counts = BTreeMap::new();
        for entry in entries(found, sources, path_of) {
            *counts.entry(entry).or_default() += 1;
        }
        Self { counts }
    }

    /// Takes over the entries of an older one for files that were not looked at.
    pub fn keep(&mut self, older: &Self, was_looked_at: &dyn Fn(&str) -> bool) {
        let kept = older.counts.iter();
        let kept = kept.filter(|(entry, _)| !was_looked_at(&entry.path));
        let kept = kept.map(|(entry, count)| (entry.clone(), *count));
        self.counts.extend(kept);
    }

    /// Returns how many findings it knows.
    pub fn len(&self) -> usize {
        self.counts.values().sum()
    }

    /// Says whether it knows none.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// Takes the known findings away. Of entries for files that were not looked at,
    /// nobody can say that they are missed.
    pub fn subtract(
        &self,
        found: Diagnostics,
        sources: &Sources,
        path_of: &PathOf<'_>,
        was_looked_at: &dyn Fn(&str) -> bool,
    ) -> Rest {
        let mut left = self.counts.clone();
        let entries = entries(&found, sources, path_of);
        let all = found.len();
        let mut new = Diagnostics::new();
        for (one, entry) in found.into_iter().zip(entries) {
            match left.get_mut(&entry).filter(|count| **count > 0) {
                Some(count) => *count -= 1,
                None => new.push(one),
            }
        }
        let missed = left.into_iter();
        let missed = missed.filter(|(entry, count)| *count > 0 && was_looked_at(&entry.path));
        Rest {
            known: all - new.len(),
            new,
            missed: missed.collect(),
        }
    }

    /// Reads what [`Baseline::write`] wrote.
    pub fn read(source: &Source, id: SourceId) -> Result<Self, Box<Diagnostic>> {
        let at = |offset: usize| {
            let offset = u32::try_from(offset).unwrap_or(u32::MAX);
            Location::new(id, Span::at(offset))
        };
        let unreadable = |what: String, place| {
            let help = "restore it from git, or write it anew with `--write-baseline`";
            Box::new(Diagnostic::error("baseline", what).at(place).help(help))
        };
        let document: Document<'_> = serde_json::from_str(source.text()).map_err(|error| {
            let line = u32::try_from(error.line()).unwrap_or(1);
            let start = source.line_span(line).map_or(0, |line| line.start as usize);
            let place = at(start + error.column().saturating_sub(1));
            let what = "the baseline cannot be read".to_owned();
            Box::new(unreadable(what, place).note(error.to_string()))
        })?;
        if document.version != VERSION {
            let what = format!(
                "the baseline has version {}, not {VERSION}",
                document.version
            );
            return Err(unreadable(what, at(0)));
        }
        let mut counts = BTreeMap::new();
        for line in document.findings {
            let entry = Entry {
                path: line.path.into_owned(),
                rule: line.rule.into_owned(),
                hash: line.fingerprint.into_owned(),
            };
            *counts.entry(entry).or_default() += line.count;
        }
        Ok(Self { counts })
    }

    /// Returns it as JSON with a line for each entry, so that a diff shows what changed.
    pub fn write(&self) -> String {
        let lines = self.counts.iter().map(|(entry, count)| {
            let line = Line {
                path: entry.path.as_str().into(),
                rule: entry.rule.as_str().into(),
                fingerprint: entry.hash.as_str().into(),
                count: *count,
            };
            serde_json::to_string(&line).expect("internal error: texts and numbers are JSON")
        });
        let lines: Vec<_> = lines.map(|line| format!("    {line}")).collect();
        let lines = match lines.join(",\n") {
            lines if lines.is_empty() => lines,
            lines => format!("\n{lines}\n  "),
        };
        format!("{{\n  \"version\": {VERSION},\n  \"findings\": [{lines}]\n}}\n")
    }
}

/// Returns the entry of each finding.
fn entries(found: &Diagnostics, sources: &Sources, path_of: &PathOf<'_>) -> Vec<Entry> {
    let fingerprints = fingerprints(found, sources);
    let entries = found.iter().zip(fingerprints).map(|(one, fingerprint)| {
        let path = one.primary.and_then(|place| path_of(place.source));
        Entry {
            path: path.unwrap_or_default().to_owned(),
            rule: one.code.to_owned(),
            hash: fingerprint.hash,
        }
    });
    entries.collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document<'t> {
    version: u32,
    #[serde(borrow)]
    findings: Vec<Line<'t>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'t> {
    #[serde(borrow)]
    path: Cow<'t, str>,
    #[serde(borrow)]
    rule: Cow<'t, str>,
    #[serde(borrow)]
    fingerprint: Cow<'t, str>,
    #[serde(default = "one", skip_serializing_if = "is_one")]
    count: usize,
}

const fn one() -> usize {
    1
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde passes a reference
fn is_one(count: &usize) -> bool {
    *count == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "ci.yml";

    /// An error at each `here` of a text, without which nothing is found.
    fn found(text: &str) -> (Sources, Diagnostics) {
        let mut sources = Sources::new();
        let id = sources.add(Source::new(FILE, text).unwrap());
        let places = text.match_indices("here").map(|(at, _)| {
            let start = u32::try_from(at).unwrap();
            Location::new(id, Span::new(start, start + 4))
        });
        let all = places.map(|place| Diagnostic::error("a-rule", "m").at(place));
        (sources, all.collect())
    }

    fn baseline(text: &str) -> Baseline {
        let (sources, all) = found(text);
        Baseline::of(&all, &sources, &|_| Some(FILE))
    }

    fn rest(baseline: &Baseline, text: &str) -> Rest {
        let (sources, all) = found(text);
        baseline.subtract(all, &sources, &|_| Some(FILE), &|path| path == FILE)
    }

    #[test]
    fn what_is_known_is_known_on_other_lines_too() {
        let known = baseline("a: here\nb: here\n");
        let rest = rest(&known, "new: here\n\n  b: here\nx: 1\na: here\n");
        assert_eq!((rest.new.len(), rest.known, rest.missed.len()), (1, 2, 0));
    }

    #[test]
    fn one_more_of_the_same_is_new_and_one_less_is_missed() {
        let known = baseline("a: here\na: here\n");
        let more = rest(&known, "a: here\na: here\na: here\n");
        assert_eq!((more.new.len(), more.known), (1, 2));
        let less = rest(&known, "a: here\n");
        assert_eq!((less.new.len(), less.known, less.missed[0].1), (0, 1, 1));
        assert_eq!(less.missed[0].0.rule, "a-rule");
    }

    #[test]
    fn files_that_were_not_looked_at_miss_nothing_and_are_kept() {
        let known = baseline("a: here\n");
        let rest = known.subtract(Diagnostics::new(), &Sources::new(), &|_| None, &|path| {
            path == "other.yml"
        });
        assert_eq!(rest.missed.len(), 0);
        let mut next = Baseline::default();
        next.keep(&known, &|path| path == "other.yml");
        assert_eq!(next, known);
        let mut next = Baseline::default();
        next.keep(&known, &|path| path == FILE);
        assert!(next.is_empty());
    }

    #[test]
    fn it_is_read_as_it_was_written() {
        for text in ["", "a: here\n", "a: here\na: here\nb: here\n"] {
            let known = baseline(text);
            let source = Source::new("baseline.json", known.write()).unwrap();
            assert_eq!(Baseline::read(&source, SourceId(0)).unwrap(), known);
        }
        let text = baseline("a: here\na: here\n").write();
        assert!(text.contains("\"rule\":\"a-rule\""), "{text}");
        assert!(text.ends_with(",\"count\":2}\n  ]\n}\n"), "{text}");
    }

    #[test]
    fn a_broken_one_is_refused_where_it_breaks() {
        for (text, line) in [
            ("{\n  \"version\": 1,\n  \"findings\": [{}]\n}", 3),
            ("{\n  \"version\": 2,\n  \"findings\": []\n}", 1),
            ("", 1),
        ] {
            let source = Source::new("baseline.json", text).unwrap();
            let refused = Baseline::read(&source, SourceId(0)).unwrap_err();
            let place = refused.primary.unwrap();
            assert_eq!(source.position(place.span.start).line, line, "{text}");
        }
    }
}
