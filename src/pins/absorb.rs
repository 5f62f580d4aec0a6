//! Refs that somebody moved in a generated workflow, back into the pins.
//!
//! Only where nothing else was edited: with the refs put back, the workflow must be
//! the text that was written last, or the one that would be written now. All else is
//! refused at its place, and then nothing is absorbed.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::check::shown;
use super::uses::{Use, Written, rewritten, uses};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::knowledge::actions::{Pin, release_of};
use crate::lock::{Hash, PINS_PATH, PinMode, Pins, Release, is_commit};
use crate::source::{Location, Source, SourceId, Span};

/// A generated workflow as it stands, as it was written, and as it would be now.
#[derive(Debug, Clone, Copy)]
pub struct Moved<'o> {
    /// Its path.
    pub path: &'o str,
    /// Its text on disk.
    pub text: (SourceId, &'o Source),
    /// The hash of what was last written.
    pub written: Option<Hash>,
    /// What would be written with the pins as they are.
    pub rendered: &'o str,
}

/// What was absorbed.
#[derive(Debug)]
pub struct Absorbed {
    /// All pins as they are now.
    pub pins: Pins,
    /// The pins that moved: before and after.
    pub moves: Vec<(Pin, Pin)>,
    /// The workflows in which they had moved.
    pub paths: Vec<String>,
    /// What people should know of it.
    pub remarks: Diagnostics,
}

/// Takes moved refs into the pins, or says why not. What the manifest names with a version
/// of its own, `owner/name@ref`, is in `named`.
pub fn absorb(
    outputs: &[Moved<'_>],
    pins: &Pins,
    named: &BTreeSet<String>,
) -> Result<Absorbed, Diagnostics> {
    let mut refused = Diagnostics::new();
    let mut moves: BTreeMap<String, (Use<'_>, Location)> = BTreeMap::new();
    let mut paths = Vec::new();
    for output in outputs {
        let source = output.text.1;
        let text = Hash::of_text(source.text().as_bytes());
        if output.written == Some(text) || text == Hash::of_text(output.rendered.as_bytes()) {
            continue;
        }
        match moved_in(output, pins, named) {
            Err(problem) => refused.push(problem),
            Ok(moved) => {
                paths.push(output.path.to_owned());
                for one in moved {
                    let place = Location::new(output.text.0, one.span);
                    refused.extend(add(&mut moves, one, place, pins));
                }
            }
        }
    }
    if !refused.is_empty() {
        refused.sort();
        return Err(refused);
    }
    Ok(taken(moves, paths, pins))
}

/// Adds a move, unless another workflow has moved the action elsewhere.
fn add<'s>(
    moves: &mut BTreeMap<String, (Use<'s>, Location)>,
    one: Use<'s>,
    place: Location,
    pins: &Pins,
) -> Option<Diagnostic> {
    let pin = pins.get(one.action)?;
    if let Some(problem) = unfit(&one, pin, pins) {
        return Some(problem.at(place));
    }
    let first = moves
        .entry(one.action.to_ascii_lowercase())
        .or_insert((one, place));
    if first.0.reference == one.reference {
        return None;
    }
    let message = format!("`{}` was moved to two places", one.action);
    Some(
        Diagnostic::error("absorb", message)
            .at(place)
            .label(
                first.1,
                format!(
                    "and to {} here",
                    shown(first.0.reference, first.0.version())
                ),
            )
            .note("one pin holds for all workflows")
            .help("write the same in both"),
    )
}

/// Why a ref cannot become a pin.
fn unfit(one: &Use<'_>, pin: &Pin, pins: &Pins) -> Option<Diagnostic> {
    if one.has_release() && one.comment.contains(' ') {
        let message = format!(
            "the comment behind `{}` says more than a release",
            one.action
        );
        return Some(
            Diagnostic::error("absorb", message)
                .note("the pins file has no room for it, so that it would be lost")
                .help("leave the release alone, and say the rest in the manifest"),
        );
    }
    let by_commit = is_commit(pins.reference(pin));
    let fits = if by_commit {
        is_commit(one.reference)
    } else {
        Release::parse(one.reference).is_some()
    };
    if !fits {
        let (mode, wanted) = match pins.mode() {
            _ if by_commit => ("sha", "a full commit"),
            PinMode::Lock => ("lock", "a release"),
            _ => ("tag", "a release"),
        };
        let message = format!("`{}@{}` is not at {wanted}", one.action, one.reference);
        return Some(
            Diagnostic::error("absorb", message)
                .note(format!(
                    "with `pins: {mode}` the pins file takes nothing else"
                ))
                .help(format!(
                    "write {wanted}, or run `cicd pins update {}`",
                    one.action
                )),
        );
    }
    let new = if by_commit {
        told(one, pin)
    } else {
        Some(one.reference)
    };
    if one.reference == pins.reference(pin) || !is_older(new?, &pin.tag) {
        return None;
    }
    let message = format!(
        "`{}` would go back from `{}` to `{}`",
        one.action, pin.tag, new?
    );
    Some(
        Diagnostic::error("absorb", message)
            .note("bots raise actions; who lowers one may bring back what was mended since")
            .help(format!(
                "if it is meant, write it into `{PINS_PATH}` and run `cicd generate`"
            )),
    )
}

fn is_older(new: &str, old: &str) -> bool {
    let releases = Release::parse(new).zip(Release::parse(old));
    releases.is_some_and(|(new, old)| new.is_kin(old) && new.compare(old) == Ordering::Less)
}

/// The release of a moved commit: the catalogue's word, else the comment's. A comment that
/// stayed behind while the commit moved tells nothing, but a branch is still that branch.
fn told<'u>(one: &Use<'u>, pin: &'u Pin) -> Option<&'u str> {
    if let Some(known) = release_of(one.action, one.reference) {
        return Some(known);
    }
    let stayed = one.reference != pin.sha && one.version() == Some(&pin.tag);
    if stayed && Release::at_least(&pin.tag).is_none() {
        return Some(&pin.tag);
    }
    one.version().filter(|_| one.has_release() && !stayed)
}

/// The uses of an output that moved, if nothing else did.
fn moved_in<'s>(
    output: &Moved<'s>,
    pins: &Pins,
    named: &BTreeSet<String>,
) -> Result<Vec<Use<'s>>, Box<Diagnostic>> {
    let (id, source) = output.text;
    let all = uses(source);
    let moved: Vec<_> = all
        .into_iter()
        .filter(|one| has_moved(one, pins, named))
        .collect();
    let is = |text: &str, hash: Hash| Hash::of_text(text.as_bytes()) == hash;
    // The pins file may have been raised since the workflow was written: what is older
    // here than there has not moved, if with the rest put back it is the text of old.
    let (stale, newer): (Vec<_>, Vec<_>) = moved.iter().partition(|one| {
        let pin = pins.get(one.action);
        pin.is_some_and(|pin| is_older(as_written(one, pins), &pin.tag))
    });
    let with_newer_restored = rewritten(source, &newer, |one| as_pinned(one, pins));
    let is_as_written = |text: &str| output.written.is_some_and(|written| is(text, written));
    if !stale.is_empty() && is_as_written(&with_newer_restored) {
        return Ok(newer);
    }
    let restored = rewritten(source, &moved, |one| as_pinned(one, pins));
    if is_as_written(&restored) || is(&restored, Hash::of_text(output.rendered.as_bytes())) {
        return Ok(moved);
    }
    Err(Box::new(other_edit(
        output.path,
        id,
        source,
        &restored,
        output.rendered,
    )))
}

/// The release that a use names, in the place where its mode has it.
fn as_written<'u>(one: &Use<'u>, pins: &Pins) -> &'u str {
    match pins.mode() {
        PinMode::Sha => one.version().unwrap_or_default(),
        PinMode::Tag | PinMode::Lock => one.reference,
    }
}

/// Whether a use is not as it is pinned. Versions that the manifest names are no pins.
fn has_moved(one: &Use<'_>, pins: &Pins, named: &BTreeSet<String>) -> bool {
    let pin = pins.get(one.action).filter(|_| one.is_remote());
    let Some(pin) = pin.filter(|_| !named.contains(&one.value())) else {
        return false;
    };
    one.reference != pins.reference(pin) || one.names_another(pins.comment(pin))
}

fn as_pinned(one: &Use<'_>, pins: &Pins) -> Option<Written> {
    let pin = pins.get(one.action)?;
    // The name stays as the manifest writes it.
    let value = format!("{}@{}", one.action, pins.reference(pin));
    // Words of somebody's own are no name of a release.
    let own = Some(one.comment).filter(|comment| !comment.is_empty() && !one.has_release());
    Some((value, own.or(pins.comment(pin)).map(str::to_owned)))
}

/// Points at the first line that differs by more than a moved ref.
fn other_edit(
    path: &str,
    id: SourceId,
    source: &Source,
    restored: &str,
    rendered: &str,
) -> Diagnostic {
    let pairs = restored.lines().zip(rendered.lines());
    let line = pairs.take_while(|(one, other)| one == other).count();
    let number = u32::try_from(line + 1).unwrap_or(u32::MAX);
    let span = source.line_span(number).unwrap_or(Span::at(0));
    let text = source.slice(span);
    let start = span.start + u32::try_from(text.len() - text.trim_start().len()).unwrap_or(0);
    let end = start + u32::try_from(text.trim().len()).unwrap_or(0);
    let own = text
        .trim_start()
        .trim_start_matches("- ")
        .starts_with("uses:");
    let (message, help) = if own {
        (
            format!("`{path}` has an action whose version the pins do not hold"),
            "change the version in the manifest, where it is written, and run `cicd generate`"
                .to_owned(),
        )
    } else {
        (
            format!("`{path}` has other edits than moved refs"),
            format!(
                "move them into the manifest; `cicd diff` shows them, and `cicd generate --force {path}` gives them up"
            ),
        )
    };
    Diagnostic::error("absorb", message)
        .at(Location::new(id, Span::new(start, end)))
        .note("only what the pins file can hold is taken over, and all of it or nothing")
        .help(help)
}

/// The pins with the moves in them.
fn taken(
    moves: BTreeMap<String, (Use<'_>, Location)>,
    paths: Vec<String>,
    pins: &Pins,
) -> Absorbed {
    let mut absorbed = Absorbed {
        pins: pins.clone(),
        moves: Vec::new(),
        paths,
        remarks: Diagnostics::new(),
    };
    for (one, place) in moves.into_values() {
        let Some(old) = pins.get(one.action).cloned() else {
            continue;
        };
        let by_commit = is_commit(pins.reference(&old));
        let (tag, sha) = if by_commit {
            (told(&one, &old).unwrap_or_default(), one.reference)
        } else {
            (one.reference, "")
        };
        let new = Pin {
            action: old.action.clone(),
            tag: tag.to_owned(),
            sha: sha.to_owned(),
        };
        if tag.is_empty() {
            absorbed.remarks.push(nameless(&new, place));
        }
        if new != old {
            absorbed.pins.set(new.clone());
            absorbed.moves.push((old, new));
        }
    }
    absorbed
}

fn nameless(pin: &Pin, place: Location) -> Diagnostic {
    let message = format!("no comment says which release of `{}` this is", pin.action);
    Diagnostic::warning("absorb", message)
        .at(place)
        .note("the commit moved and the comment did not, so it was left out of the pins")
        .help(format!(
            "run `cicd pins update {}`, which looks it up",
            pin.action
        ))
}
