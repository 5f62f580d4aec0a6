//! The pins file, `.github/cicd/action.yml`: every action that the workflows use, once, at its commit.
//!
//! It has the form of a composite action, although nobody runs it, because
//! that is what Dependabot and Renovate look for and raise by themselves. So
//! the file on disk wins over the catalogue; the catalogue fills in what is new.
//!
//! It is read line by line, as those bots do, since what they write besides the
//! commit is a comment, and a file that is odd elsewhere still holds its pins.

mod entry;
mod mode;
mod remarks;

use std::collections::BTreeMap;
use std::fmt::{self, Write};

pub use entry::{Entry, is_action, is_commit, version};
pub use mode::PinMode;
pub use remarks::keep_remarks;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::knowledge::actions::{self, Pin};
use crate::lock::Release;
use crate::source::{Location, Source, SourceId, Span};

/// Where the pins stand in a repository.
pub const PINS_PATH: &str = ".github/cicd/action.yml";

const HEADER: &str = "\
# The actions that the generated workflows use, each at one commit. Nobody runs
# this file: it has this form and name so that Dependabot and Renovate find it
# and raise the pins. After they did, `cicd generate` brings the new commits into
# the workflows. A commit written here wins over the one that ships with `cicd`.
";

/// The same where actions stand at the tags of their releases.
const HEADER_OF_TAGS: &str = "\
# The actions that the generated workflows use, each at one release. Nobody runs
# this file: it has this form and name so that Dependabot and Renovate find it
# and raise the pins. After they did, `cicd generate` brings the new releases into
# the workflows. A release written here wins over the one that ships with `cicd`.
";

const FRAME: &str = "\
name: Pinned actions
description: Read by update bots and by cicd, never run
runs:
  using: composite
";

/// Pins by the action's name in lower case, and how they are written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pins {
    mode: PinMode,
    pins: BTreeMap<String, Pin>,
}

/// An action that neither the pins file nor the catalogue knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no commit is known for the action `{0}`")]
pub struct UnknownAction(pub String);

impl Pins {
    /// No pins yet.
    pub fn new(mode: PinMode) -> Self {
        Self {
            mode,
            pins: BTreeMap::new(),
        }
    }

    /// Reads a pins file: what is sound in it, and what is wrong with the rest.
    pub fn parse(source: &Source, id: SourceId, mode: PinMode) -> (Self, Diagnostics) {
        let (mut pins, mut problems) = (Self::new(mode), Diagnostics::new());
        for (entry, span) in Self::entries(source) {
            if let Err(problem) = pins.add(entry) {
                problems.push(problem.at(Location::new(id, span)));
            }
        }
        (pins, problems)
    }

    /// Returns every line of a pins file that names an action, and where it does.
    pub fn entries(source: &Source) -> impl Iterator<Item = (Entry<'_>, Span)> {
        let mut start = 0;
        source.text().split_inclusive('\n').filter_map(move |line| {
            let from = start;
            start += line.len();
            let entry = Entry::find(line)?;
            let at = from + entry.offset;
            Some((entry, Span::new(offset(at), offset(at + entry.uses.len()))))
        })
    }

    /// Returns the pin of an action, compared without regard to case.
    pub fn get(&self, action: &str) -> Option<&Pin> {
        self.pins.get(&action.to_ascii_lowercase())
    }

    /// Sets the pin of an action.
    pub fn set(&mut self, pin: Pin) {
        self.pins.insert(pin.action.to_ascii_lowercase(), pin);
    }

    /// How they are written.
    pub fn mode(&self) -> PinMode {
        self.mode
    }

    /// Returns the same pins, written in another way.
    pub fn in_mode(mut self, mode: PinMode) -> Self {
        self.mode = mode;
        self
    }

    /// Returns the pins of exactly the actions in use: as they are here, else from the catalogue.
    pub fn for_actions<'a>(
        &self,
        used: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, UnknownAction> {
        let mut pins = Self::new(self.mode);
        for action in used {
            let pin = self.get(action).cloned().or_else(|| actions::pin(action));
            let pin = pin.ok_or_else(|| UnknownAction(action.to_owned()))?;
            pins.pins.insert(action.to_ascii_lowercase(), pin);
        }
        Ok(pins)
    }

    /// Iterates over the pins by name.
    pub fn iter(&self) -> impl Iterator<Item = &Pin> {
        self.pins.values()
    }

    /// Returns what follows the `@` where an action is used: its commit, or in the modes
    /// of tags its release. What has no releases stands at its commit in every mode.
    pub fn reference<'p>(&self, pin: &'p Pin) -> &'p str {
        let by_tag = self.mode != PinMode::Sha && Release::parse(&pin.tag).is_some();
        if by_tag { &pin.tag } else { &pin.sha }
    }

    /// Returns the comment behind a use of the action: the name of its commit, if it has one.
    pub fn comment<'p>(&self, pin: &'p Pin) -> Option<&'p str> {
        let named = !pin.tag.is_empty() && self.reference(pin) != pin.tag;
        named.then_some(pin.tag.as_str())
    }

    fn add(&mut self, entry: Entry<'_>) -> Result<(), Box<Diagnostic>> {
        let pin = entry.pin(self.mode)?;
        match self.get(&pin.action) {
            Some(other) if self.reference(other) != self.reference(&pin) => {
                Err(Box::new(pinned_twice(&pin)))
            }
            _ => {
                self.set(pin);
                Ok(())
            }
        }
    }
}

impl FromIterator<Pin> for Pins {
    /// Of several pins of one action the last one stays.
    fn from_iter<I: IntoIterator<Item = Pin>>(pins: I) -> Self {
        let mut all = Self::default();
        pins.into_iter().for_each(|pin| all.set(pin));
        all
    }
}

impl fmt::Display for Pins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.mode {
            PinMode::Sha => HEADER,
            PinMode::Tag | PinMode::Lock => HEADER_OF_TAGS,
        })?;
        f.write_str(FRAME)?;
        // An empty list must say so, since a bare key would be null.
        f.write_str(if self.pins.is_empty() {
            "  steps: []\n"
        } else {
            "  steps:\n"
        })?;
        for pin in self.pins.values() {
            let action = &pin.action;
            write!(f, "    - uses: {action}@{}", self.reference(pin))?;
            if let Some(tag) = self.comment(pin) {
                write!(f, " # {tag}")?;
            }
            f.write_char('\n')?;
            // Security linters read this file like any other action.
            if action == "actions/checkout" {
                f.write_str("      with:\n        persist-credentials: false\n")?;
            }
        }
        Ok(())
    }
}

fn pinned_twice(pin: &Pin) -> Diagnostic {
    let message = format!("`{}` is pinned twice, and differently", pin.action);
    Diagnostic::error("pin-twice", message)
        .note("the workflows can only follow one of the lines")
        .help(format!("delete one of the lines in `{PINS_PATH}`"))
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    const OLD: &str = "11bd71901bbe5b1630ceea73d27597364c9af683";

    /// The pins of a text, and each problem as `line:column message`.
    fn parsed(text: &str) -> (Pins, Vec<String>) {
        let mut sources = Sources::new();
        let id = sources.add(Source::new(PINS_PATH, text).unwrap());
        let source = sources.get(id).unwrap();
        let (pins, problems) = Pins::parse(source, id, PinMode::Sha);
        let said = problems
            .iter()
            .map(|problem| {
                let at = source.position(problem.primary.unwrap().span.start);
                format!("{at} {}", problem.message)
            })
            .collect();
        (pins, said)
    }

    #[test]
    fn reads_what_it_writes() {
        let used = [
            "docker/login-action",
            "actions/checkout",
            "Actions/Setup-Node",
        ];
        let pins = Pins::default().for_actions(used).unwrap();
        let text = pins.to_string();
        assert_eq!(parsed(&text), (pins, vec![]));
        let lines: Vec<_> = text.lines().filter(|line| line.contains("uses:")).collect();
        assert_eq!(lines.len(), 3);
        assert!(
            lines[0].starts_with("    - uses: actions/checkout@"),
            "{text}"
        );
        assert!(
            lines[1].starts_with("    - uses: actions/setup-node@"),
            "{text}"
        );
        assert_eq!(
            parsed(&Pins::default().to_string()),
            (Pins::default(), vec![])
        );
    }

    #[test]
    fn the_file_wins_and_what_is_unused_goes() {
        let text = format!(
            "    - uses: actions/checkout@{OLD} # v4.2.2\n    - uses: a/unused@{OLD} # v1\n"
        );
        let (on_disk, _) = parsed(&text);
        let pins = on_disk
            .for_actions(["actions/checkout", "actions/cache"])
            .unwrap();
        assert_eq!(pins.get("actions/checkout").unwrap().sha, OLD);
        assert_eq!(pins.get("actions/checkout").unwrap().tag, "v4.2.2");
        assert_eq!(
            pins.get("actions/cache"),
            actions::pin("actions/cache").as_ref()
        );
        assert_eq!(pins.get("a/unused"), None);
        assert_eq!(
            on_disk.for_actions(["no/such"]),
            Err(UnknownAction("no/such".to_owned()))
        );
    }

    #[test]
    fn what_bots_and_people_write_is_understood() {
        for (line, tag) in [
            ("- uses: actions/checkout@SHA # v4.2.2", "v4.2.2"),
            ("- uses: actions/checkout@SHA # tag=v4.2.2", "v4.2.2"),
            ("- uses: 'actions/checkout@SHA' #v4", "v4"),
            (
                "- name: x\r\n  uses: \"actions/checkout@SHA\" # v4 (keep)\r\n",
                "v4",
            ),
            ("uses:   Actions/Checkout@SHA", ""),
            ("- uses: actions/checkout@SHA # \u{1b}[31m", ""),
        ] {
            let (pins, problems) = parsed(&line.replace("SHA", OLD));
            assert_eq!(problems, Vec::<String>::new(), "{line}");
            assert_eq!(pins.get("actions/checkout").unwrap().tag, tag, "{line}");
        }
    }

    #[test]
    fn by_tags_a_file_names_releases_and_commits_where_there_are_none() {
        let text = format!(
            "- uses: actions/checkout@v4.2.2\n- uses: a/b@{OLD} # v1.2.0\n- uses: a/c@{OLD} # master\n"
        );
        let mut sources = Sources::new();
        let id = sources.add(Source::new(PINS_PATH, text).unwrap());
        let source = sources.get(id).unwrap();
        let (pins, problems) = Pins::parse(source, id, PinMode::Tag);
        assert!(problems.is_empty(), "{problems:?}");
        let written = pins.to_string();
        let lines: Vec<_> = written
            .lines()
            .filter(|line| line.contains("uses:"))
            .collect();
        assert_eq!(
            lines,
            [
                "    - uses: a/b@v1.2.0",
                &*format!("    - uses: a/c@{OLD} # master"),
                "    - uses: actions/checkout@v4.2.2",
            ]
        );
        let (_, problems) = Pins::parse(
            &Source::new(PINS_PATH, "- uses: a/b@main\n").unwrap(),
            id,
            PinMode::Lock,
        );
        assert_eq!(problems.len(), 1);
    }

    #[test]
    fn the_way_back_to_commits_is_known_for_what_ships() {
        let shipped = actions::pin("actions/checkout").unwrap();
        let (pins, problems) = parsed(&format!("- uses: actions/checkout@{}\n", shipped.tag));
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(pins.get("actions/checkout"), Some(&shipped));
    }

    #[test]
    fn what_is_no_pin_is_reported_at_its_place() {
        let text = format!(
            "runs:\n  steps:\n    - uses: actions/checkout@v4\n    - uses: a/b@{OLD}\n    \
             - uses: A/B@{}\n    - uses: ./local\n    - uses:\n",
            OLD.replace('1', "2")
        );
        let (pins, problems) = parsed(&text);
        assert_eq!(
            problems,
            [
                "3:13 `actions/checkout@v4` is no action at a full commit",
                "5:13 `A/B` is pinned twice, and differently",
                "6:13 `./local` is no action at a full commit",
                "7:1 `` is no action at a full commit",
            ]
        );
        assert_eq!(pins.iter().count(), 1);
    }
}
