//! Pins out of workflows into the pins file, where one line holds each.

use std::collections::BTreeMap;

use crate::knowledge::actions::Pin;
use crate::lock::{PinMode, Pins, Release, is_action, is_commit};
use crate::manifest::uses_of_steps;
use crate::source::{SourceId, Span};
use crate::syntax::{self, Node, Style, Tree};

/// The text of a workflow without the pins that moved, and which those are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// The text.
    pub text: String,
    /// The actions whose commits stand in the pins file now, each once.
    pub actions: Vec<String>,
}

/// Moves the pins of workflows into the pins file, which gives the new pins besides.
///
/// Only what the file would hold in the same way moves, a full commit or, where the file has
/// releases in place of commits, the tag of one; and only to the pin that all of the
/// workflows and the file agree on: a pin of the file never changes for them, and
/// where they differ each keeps its own.
pub fn moved(texts: &[&str], pins: &Pins) -> (Vec<Move>, Vec<Pin>) {
    let mode = pins.mode();
    let pinned = |text: &&str| {
        let mut all = pinned(text);
        all.retain(|one| one.is_tag == (mode != PinMode::Sha));
        all
    };
    let all: Vec<Vec<Pinned>> = texts.iter().map(pinned).collect();
    let agreed = agreed(all.iter().flatten(), pins);
    let moves = texts.iter().zip(&all).map(|(text, pinned)| {
        let moving = pinned.iter().filter(|one| fits(one, &agreed));
        without(text, moving)
    });
    let moves: Vec<_> = moves.collect();
    let new = agreed
        .into_iter()
        .filter(|(key, _)| pins.get(key).is_none());
    (moves, new.map(|(_, pin)| pin).collect())
}

/// Returns how workflows name most of their actions.
pub fn mode_of(texts: &[&str]) -> PinMode {
    let all: Vec<_> = texts.iter().flat_map(|text| pinned(text)).collect();
    let tags = all.iter().filter(|one| one.is_tag).count();
    match 2 * tags > all.len() {
        true => PinMode::Tag,
        false => PinMode::Sha,
    }
}

/// An action at a full commit, or at the tag of a release.
struct Pinned {
    pin: Pin,
    is_tag: bool,
    /// From behind the action's name to the end of the commit.
    version: Span,
    /// The comment that names the version, with the blanks before it.
    comment: Option<Span>,
}

/// The pins of a workflow that could stand in the pins file.
fn pinned(text: &str) -> Vec<Pinned> {
    let parsed = syntax::parse(SourceId(0), text);
    let root = parsed.document.as_ref().and_then(Tree::root);
    let uses = root.into_iter().flat_map(uses_of_steps);
    let mut all: BTreeMap<u32, Pinned> = BTreeMap::new();
    for one in uses.filter_map(|uses| read(text, uses)) {
        all.insert(one.version.start, one);
    }
    all.into_values().collect()
}

fn read(text: &str, uses: Node<'_>) -> Option<Pinned> {
    let span = uses.span();
    let quote = u32::from(matches!(
        uses.style(),
        Style::SingleQuoted | Style::DoubleQuoted
    ));
    let inner = Span::new(span.start + quote, span.end - quote);
    let value = uses
        .as_str()
        .filter(|value| text.get(inner.range()) == Some(value))?;
    let (action, reference) = value
        .split_once('@')
        .filter(|(action, _)| is_action(action))?;
    let start = inner.start + u32::try_from(action.len()).ok()?;
    let is_tag = !is_commit(reference) && Release::parse(reference).is_some();
    let (tag, sha, comment) = match is_tag {
        // What is said behind it stays there.
        true => (reference.to_owned(), "", None),
        false => {
            let sha = Some(reference).filter(|reference| is_commit(reference))?;
            let (tag, comment) = comment(text, span.end)?;
            (tag, sha, comment)
        }
    };
    Some(Pinned {
        pin: Pin {
            action: action.to_owned(),
            tag,
            sha: sha.to_owned(),
        },
        is_tag,
        version: Span::new(start, inner.end),
        comment,
    })
}

/// The version that a comment names, if it says no more than that; nothing if it does.
fn comment(text: &str, end: u32) -> Option<(String, Option<Span>)> {
    let line = text[end as usize..].split('\n').next().unwrap_or_default();
    let Some(at) = line.find('#').filter(|at| line[..*at].trim().is_empty()) else {
        // Brackets may follow, but no comment that would be lost.
        return (!line.contains('#')).then(|| (String::new(), None));
    };
    // As it would be written again.
    let words = line[at..].trim_end().strip_prefix("# ").unwrap_or_default();
    let version = |c: char| c.is_ascii_alphanumeric() || "-_./+".contains(c);
    let behind = Span::new(end, end + u32::try_from(line.trim_end().len()).ok()?);
    let is_version = at > 0 && !words.is_empty() && words.chars().all(version);
    is_version.then(|| (words.to_owned(), Some(behind)))
}

/// The pin of each action that everybody has, by its name in lower case.
fn agreed<'p>(all: impl Iterator<Item = &'p Pinned>, pins: &Pins) -> BTreeMap<String, Pin> {
    let mut by_action: BTreeMap<String, Option<Pin>> = BTreeMap::new();
    for Pinned { pin, .. } in all {
        let key = pin.action.to_ascii_lowercase();
        if let Some(known) = pins.get(&key) {
            by_action.insert(key, Some(known.clone()));
            continue;
        }
        let slot = by_action.entry(key).or_insert_with(|| Some(pin.clone()));
        let same = slot.as_ref().is_some_and(|known| {
            let named = known.tag == pin.tag || known.tag.is_empty() || pin.tag.is_empty();
            known.sha == pin.sha && named && (!pin.sha.is_empty() || known.tag == pin.tag)
        });
        match slot {
            Some(known) if same && known.tag.is_empty() => known.tag.clone_from(&pin.tag),
            Some(_) if same => {}
            _ => *slot = None,
        }
    }
    let agreed = by_action.into_iter();
    agreed.filter_map(|(key, pin)| Some((key, pin?))).collect()
}

/// Whether a workflow's pin is the agreed one, and its comment would be written again.
fn fits(pinned: &Pinned, agreed: &BTreeMap<String, Pin>) -> bool {
    let known = agreed.get(&pinned.pin.action.to_ascii_lowercase());
    known.is_some_and(|known| {
        let named = pinned.pin.tag.is_empty() || known.tag == pinned.pin.tag;
        named && (pinned.is_tag || known.sha == pinned.pin.sha)
    })
}

/// The text without some of its versions.
fn without<'p>(text: &str, moving: impl Iterator<Item = &'p Pinned>) -> Move {
    let (mut short, mut done) = (String::with_capacity(text.len()), 0);
    let mut actions: Vec<String> = Vec::new();
    for one in moving {
        let spans = [Some(one.version), one.comment];
        for span in spans.into_iter().flatten() {
            short.push_str(&text[done..span.start as usize]);
            done = span.end as usize;
        }
        if !actions.contains(&one.pin.action) {
            actions.push(one.pin.action.clone());
        }
    }
    short.push_str(&text[done..]);
    Move {
        text: short,
        actions,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "11bd71901bbe5b1630ceea73d27597364c9af683";
    const TWO: &str = "22bd71901bbe5b1630ceea73d27597364c9af683";

    fn steps(uses: &[&str]) -> String {
        let lines: String = uses
            .iter()
            .map(|uses| format!("      - uses: {uses}\n"))
            .collect();
        let text = format!("jobs:\n  a:\n    steps:\n{lines}");
        text.replace("ONE", ONE).replace("TWO", TWO)
    }

    fn move_all(texts: &[String], pins: &[(&str, &str, &str)]) -> (Vec<String>, Vec<String>) {
        let pin = |(action, sha, tag): &(&str, &str, &str)| Pin {
            action: (*action).to_owned(),
            sha: (*sha).to_owned(),
            tag: (*tag).to_owned(),
        };
        let pins: Pins = pins.iter().map(pin).collect();
        let texts: Vec<_> = texts.iter().map(String::as_str).collect();
        let (moves, new) = moved(&texts, &pins);
        let new = new
            .iter()
            .map(|pin| format!("{}@{} {}", pin.action, &pin.sha[..3], pin.tag));
        (
            moves.into_iter().map(|one| one.text).collect(),
            new.collect(),
        )
    }

    #[test]
    fn what_all_agree_on_moves() {
        let texts = [
            steps(&["a/b@ONE # v1", "'a/b@ONE'   # v1", "{uses: a/b@ONE}"]),
            steps(&["A/b@ONE", "a/c/d@TWO # v2.0.1"]),
        ];
        let texts = texts.map(|text| text.replace("uses: {uses", "{uses"));
        let (short, new) = move_all(&texts, &[]);
        let first = steps(&["a/b", "'a/b'", "{uses: a/b}"]).replace("uses: {uses", "{uses");
        assert_eq!(short, [first, steps(&["A/b", "a/c/d"])]);
        assert_eq!(new, ["a/b@11b v1", "a/c/d@22b v2.0.1"]);
    }

    #[test]
    fn where_they_differ_each_keeps_its_own() {
        let texts = [steps(&["a/b@ONE # v1"]), steps(&["a/b@TWO # v2"])];
        let (short, new) = move_all(&texts, &[]);
        assert_eq!((short.as_slice(), new.len()), (texts.as_slice(), 0));
        let (short, new) = move_all(&texts, &[("a/b", TWO, "v2")]);
        assert_eq!(short, [texts[0].clone(), steps(&["a/b"])]);
        assert!(new.is_empty(), "the pins file stays as it is");
    }

    #[test]
    fn comments_that_say_more_stay_with_their_pin() {
        let texts = [steps(&[
            "a/b@ONE # v1, since v2 fails",
            "a/c@ONE # zizmor: ignore[x]",
            "a/d@ONE #",
            "a/e@ONE #v1",
        ])];
        let (short, new) = move_all(&texts, &[]);
        assert_eq!((short.as_slice(), new.len()), (texts.as_slice(), 0));
        let other = [steps(&["a/b@ONE # v1"])];
        assert_eq!(move_all(&other, &[("a/b", ONE, "v1.0.0")]).0, other);
    }

    #[test]
    fn tags_paths_images_and_called_workflows_stay() {
        let texts = [steps(&[
            "a/b@v4",
            "./a",
            "docker://a/b@sha256:00",
            "a/b@${{ x }}",
            "a@ONE",
        ]) + "  c: {uses: a/b/.github/workflows/x.yml@ONE}\n"];
        assert_eq!(move_all(&texts, &[]).0, texts);
    }
}
