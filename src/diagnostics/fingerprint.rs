//! What a finding is known by when the lines around it have moved.

use std::collections::HashMap;
use std::fmt;

use sha2::{Digest, Sha256};

use crate::diagnostics::Diagnostic;
use crate::source::{Source, Sources, Span};

/// How many digits tell findings of one rule in one file apart.
const DIGITS: usize = 16;

/// What a finding is known by: `HASH:N` as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    /// The hash of what it looks like.
    pub hash: String,
    /// Which of those that look the same in its file, from 1.
    pub nth: usize,
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.hash, self.nth)
    }
}

/// Returns a fingerprint for each diagnostic.
///
/// It is made from the code and the words on the line of its place: neither the
/// number of the line nor its indentation counts, and no message, which a newer
/// version may word better. Diagnostics of different files may have the same.
pub fn fingerprints<'d>(
    diagnostics: impl IntoIterator<Item = &'d Diagnostic>,
    sources: &Sources,
) -> Vec<Fingerprint> {
    let mut seen: HashMap<(Option<&str>, String), usize> = HashMap::new();
    let mut all = Vec::new();
    for one in diagnostics {
        let source = one.primary.and_then(|place| sources.get(place.source));
        let hash = hash(one, source);
        let key = (source.map(Source::name), hash.clone());
        let nth = seen.entry(key).or_default();
        *nth += 1;
        all.push(Fingerprint { hash, nth: *nth });
    }
    all
}

fn hash(one: &Diagnostic, source: Option<&Source>) -> String {
    let (line, words) = match (source, one.primary) {
        (Some(source), Some(place)) => looks(source, place.span),
        _ => ("", one.message.as_str()),
    };
    let mut digest = Sha256::new();
    for part in [one.code, line, words] {
        digest.update(part);
        digest.update([0]);
    }
    let digest = digest.finalize();
    let digits = digest.iter().map(|byte| format!("{byte:02x}"));
    digits.take(DIGITS / 2).collect()
}

/// Returns the words of the line on which a span begins, and those of the span on it.
fn looks(source: &Source, span: Span) -> (&str, &str) {
    let line = source.position(span.start).line;
    let Some(line) = source.line_span(line) else {
        return ("", "");
    };
    let end = span.end.min(line.end).max(span.start);
    let own = source.slice(Span::new(span.start, end));
    (source.slice(line).trim(), own.trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Location;

    /// The fingerprints of an error at each `here` of a text.
    fn of(name: &str, text: &str) -> Vec<Fingerprint> {
        let mut sources = Sources::new();
        let id = sources.add(Source::new(name, text).unwrap());
        let places = text.match_indices("here").map(|(at, _)| {
            let start = u32::try_from(at).unwrap();
            Diagnostic::error("a", "m").at(Location::new(id, Span::new(start, start + 4)))
        });
        let all: Vec<_> = places.collect();
        fingerprints(&all, &sources)
    }

    #[test]
    fn it_survives_moved_and_indented_lines() {
        let before = of("a.yml", "jobs:\n  x: here\n");
        let after = of("a.yml", "# new\n\njobs:\n    x: here\n");
        assert_eq!(before, after);
        assert_eq!((before[0].hash.len(), before[0].nth), (DIGITS, 1));
    }

    #[test]
    fn another_line_rule_or_place_on_the_line_is_another() {
        let [one, other, same] = &of("a.yml", "x: here\ny: here\nx: here\n")[..] else {
            panic!("three are marked");
        };
        assert_ne!(one, other);
        assert_eq!((&one.hash, one.nth, same.nth), (&same.hash, 1, 2));
        let mut sources = Sources::new();
        let id = sources.add(Source::new("a.yml", "{a: 1, b: 2}").unwrap());
        let at = |code, start| {
            Diagnostic::error(code, "m").at(Location::new(id, Span::new(start, start + 1)))
        };
        let all = fingerprints(&[at("r", 1), at("r", 7), at("s", 1)], &sources);
        assert_ne!(all[0], all[1]);
        assert_ne!(all[0], all[2]);
    }

    #[test]
    fn without_a_place_the_message_tells_them_apart() {
        let of = |message| fingerprints(&[Diagnostic::error("a", message)], &Sources::new());
        assert_ne!(of("one"), of("other"));
    }
}
