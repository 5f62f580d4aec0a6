//! Whether the pins file, the workflows and our lock agree, as findings at their places.
//!
//! Each finding names the one command that mends it: `generate` where the pins file is
//! ahead, `pins absorb` where a workflow is, `pins update` where only the network knows.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::native;
use super::uses::uses;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::knowledge::actions::{Pin, commit_of, release_of};
use crate::lock::{Entry, Hash, LOCK_PATH, Lock, PINS_PATH, PinMode, Pins, Release, is_commit};
use crate::source::{Location, SourceId, Sources, Span};

/// What a repository holds.
#[derive(Debug)]
pub struct Found<'f> {
    /// All texts.
    pub sources: &'f Sources,
    /// The pins file.
    pub pins: Option<SourceId>,
    /// Our lock.
    pub lock: Option<(SourceId, &'f Lock)>,
    /// GitHub's lock.
    pub native: Option<SourceId>,
    /// The workflows that are generated.
    pub outputs: &'f [Output],
}

/// What the manifest says of actions.
#[derive(Debug)]
pub struct Wanted<'w> {
    /// How they are to be written.
    pub mode: PinMode,
    /// Those that need a pin.
    pub used: Vec<&'w str>,
    /// Those that are named with a version, as `owner/name@ref`: they need none.
    pub named: BTreeSet<String>,
    /// What commands need to find the manifest, such as ` --manifest a/cicd.yml`.
    pub flags: &'w str,
}

/// A workflow that is generated.
#[derive(Debug)]
pub struct Output {
    /// Its path.
    pub path: String,
    /// Its text on disk; nothing if it is not there.
    pub text: Option<SourceId>,
}

/// Checks what a repository holds against what its manifest wants.
pub fn check(found: &Found<'_>, wanted: &Wanted<'_>) -> Diagnostics {
    let mode = wanted.mode;
    let mut check = Check {
        found,
        wanted,
        mode,
        pins: Pins::new(mode),
        said: Diagnostics::new(),
    };
    check.file();
    for output in found.outputs {
        check.output(output);
    }
    check.lock();
    if mode == PinMode::Lock {
        let outputs = found.outputs.iter();
        let there = outputs.filter_map(|output| Some((output.path.as_str(), output.text?)));
        let there: Vec<_> = there.collect();
        check
            .said
            .extend(native::check(found.sources, found.native, &there));
    }
    check.said.sort();
    check.said
}

struct Check<'c> {
    found: &'c Found<'c>,
    wanted: &'c Wanted<'c>,
    mode: PinMode,
    pins: Pins,
    said: Diagnostics,
}

impl Check<'_> {
    /// The pins file by itself: sound, complete, and nothing too much.
    fn file(&mut self) {
        let (sources, used) = (self.found.sources, &self.wanted.used);
        let Some((id, source)) = self.found.pins.and_then(|id| Some((id, sources.get(id)?))) else {
            let missing = Diagnostic::error("pin-missing", format!("`{PINS_PATH}` is missing"));
            return self.said.push(missing.help(self.generate()));
        };
        let (pins, problems) = Pins::parse(source, id, self.mode);
        let broken: BTreeSet<Span> = problems
            .iter()
            .filter_map(|one| Some(one.primary?.span))
            .collect();
        self.said.extend(problems);
        self.pins = pins;
        let mut seen = BTreeSet::new();
        for (entry, span) in Pins::entries(source) {
            let place = Location::new(id, span);
            let action = entry.action().to_ascii_lowercase();
            let twice = !seen.insert(action.clone());
            if broken.contains(&span) {
                continue;
            }
            if twice {
                let message = format!("`{}` stands twice", entry.action());
                self.say(
                    Diagnostic::error("pin-twice", message),
                    place,
                    self.generate(),
                );
            } else if !used.iter().any(|used| used.eq_ignore_ascii_case(&action)) {
                let message = format!("`{}` is not used by any workflow", entry.action());
                self.say(
                    Diagnostic::warning("pin-unused", message),
                    place,
                    self.generate(),
                );
            } else {
                self.entry(entry, place);
            }
        }
        for action in used
            .iter()
            .filter(|used| !seen.contains(&used.to_ascii_lowercase()))
        {
            let message = format!("`{action}` is used and has no pin");
            let place = Location::new(id, Span::at(0));
            self.say(
                Diagnostic::error("pin-missing", message),
                place,
                self.generate(),
            );
        }
    }

    /// One pin: written as the manifest wants it, with a comment that is true.
    fn entry(&mut self, entry: Entry<'_>, place: Location) {
        let Some(pin) = self.pins.get(entry.action()) else {
            return;
        };
        let update = format!(
            "run `cicd pins update{} {}`",
            self.wanted.flags,
            entry.action()
        );
        if self.pins.reference(pin) != entry.reference() {
            let message = format!("`{}` is not written as the manifest wants it", entry.uses);
            let error = Diagnostic::error("pin-form", message);
            return self.say(error.note(wanted(self.mode)), place, self.generate());
        }
        if !is_commit(entry.reference()) {
            return;
        }
        let known = release_of(entry.action(), entry.reference());
        let Some(version) = entry.version() else {
            let message = format!(
                "no comment says which release of `{}` this is",
                entry.action()
            );
            let warning = Diagnostic::warning("pin-comment", message)
                .note("people and bots read the comment, not the commit");
            let help = known.map_or(update, |_| self.generate());
            return self.say(warning, place, help);
        };
        let problem = match known {
            Some(known) => (!says(version, known)).then(|| {
                format!("the comment says `{version}`, but the commit is that of `{known}`")
            }),
            None => commit_of(entry.action(), version)
                .map(|_| format!("the comment says `{version}`, which is another commit")),
        };
        if let Some(message) = problem {
            let error = Diagnostic::error("pin-comment", message)
                .note("somebody raised one of the two and not the other, or the tag has moved");
            self.say(error, place, update);
        }
    }

    /// One workflow: every action as it is pinned.
    fn output(&mut self, output: &Output) {
        let sources = self.found.sources;
        let Some((id, source)) = output.text.and_then(|id| Some((id, sources.get(id)?))) else {
            let missing = Diagnostic::error("ref-missing", format!("`{}` is missing", output.path));
            return self.said.push(missing.help(self.generate()));
        };
        let hash = Hash::of_text(source.text().as_bytes());
        let written = self
            .found
            .lock
            .and_then(|(_, lock)| lock.outputs.get(&output.path));
        let help = if written.is_some_and(|written| written.text == hash) {
            self.generate()
        } else {
            format!(
                "run `cicd pins absorb{} {}`, which takes it into the pins",
                self.wanted.flags, output.path
            )
        };
        for one in uses(source).iter().filter(|one| one.is_remote()) {
            let pin = self.pins.get(one.action);
            let Some(pin) = pin.filter(|_| !self.wanted.named.contains(&one.value())) else {
                continue;
            };
            let pinned = self.pins.reference(pin);
            let place = Location::new(id, one.span);
            let mut difference = None;
            if one.reference != pinned {
                let message = format!(
                    "`{}` is at {} here, and at {} in `{PINS_PATH}`",
                    one.action,
                    shown(one.reference, one.version()),
                    shown(pinned, self.pins.comment(pin)),
                );
                difference = Some(Diagnostic::error("ref-differs", message));
            } else if one.names_another(self.pins.comment(pin)) {
                difference = Some(Diagnostic::error(
                    "ref-comment",
                    comment(pin, one.version()),
                ));
            }
            if let Some(difference) = difference {
                let difference = difference.at(place).help(help.clone());
                self.said.push(match self.place_of(one.action) {
                    Some(pinned) => difference.label(pinned, "pinned here"),
                    None => difference,
                });
            }
        }
    }

    /// Our lock: made from this pins file.
    fn lock(&mut self) {
        let sources = self.found.sources;
        // Layout and words of somebody's own are left in the file, and are no pins.
        let Ok(pins) = self.pins.for_actions(self.wanted.used.iter().copied()) else {
            return;
        };
        if self.found.pins.is_none() {
            return;
        }
        let Some((id, lock)) = self.found.lock else {
            let missing = Diagnostic::error("lock-behind", format!("`{LOCK_PATH}` is missing"));
            return self.said.push(missing.help(self.generate()));
        };
        if lock.inputs.pins != Hash::of_text(pins.to_string().as_bytes()) {
            let text = sources.get(id).map_or("", |source| source.text());
            let line = text.match_indices("\npins = ").next();
            let at = line.and_then(|(at, _)| u32::try_from(at + 1).ok());
            let span = at.map_or(Span::at(0), |at| Span::new(at, at + 4));
            let message =
                format!("the lock was written for other pins than those in `{PINS_PATH}`");
            let error = Diagnostic::error("lock-behind", message);
            self.say(error, Location::new(id, span), self.generate());
        }
    }

    fn say(&mut self, diagnostic: Diagnostic, place: Location, help: String) {
        self.said.push(diagnostic.at(place).help(help));
    }

    fn generate(&self) -> String {
        format!("run `cicd generate{}`", self.wanted.flags)
    }

    fn place_of(&self, action: &str) -> Option<Location> {
        let id = self.found.pins?;
        let mut entries = Pins::entries(self.found.sources.get(id)?);
        let (_, span) = entries.find(|(entry, _)| entry.action().eq_ignore_ascii_case(action))?;
        Some(Location::new(id, span))
    }
}

fn wanted(mode: PinMode) -> &'static str {
    match mode {
        PinMode::Sha => "with `pins: sha` an action stands at a commit, its release behind it",
        PinMode::Tag => "with `pins: tag` an action stands at its release",
        PinMode::Lock => "with `pins: lock` an action stands at its release",
    }
}

/// Whether a comment is true of a release: it may say less, as `v4` of `v4.2.1`.
fn says(comment: &str, known: &str) -> bool {
    let release = Release::parse(comment).zip(Release::parse(known));
    comment == known
        || known.starts_with(&format!("{comment}."))
        || release
            .is_some_and(|(one, other)| one.is_kin(other) && one.compare(other) == Ordering::Equal)
}

fn comment(pin: &Pin, here: Option<&str>) -> String {
    match here {
        Some(here) => format!(
            "the comment says `{here}`, and the pin of `{}` `{}`",
            pin.action, pin.tag
        ),
        None => format!("the comment with the release of `{}` is gone", pin.action),
    }
}

/// A ref as people call it.
pub(super) fn shown(reference: &str, version: Option<&str>) -> String {
    let short = if is_commit(reference) {
        &reference[..7]
    } else {
        reference
    };
    match version {
        Some(version) if version != reference => format!("`{version}` ({short})"),
        _ => format!("`{short}`"),
    }
}
