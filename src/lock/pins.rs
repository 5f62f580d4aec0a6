//! The pins file, `.github/cicd/action.yml`: every action that the workflows use, once, at its commit.
//!
//! It has the form of a composite action, although nobody runs it, because
//! that is what Dependabot and Renovate look for and raise by themselves. So
//! the file on disk wins over the catalogue; the catalogue fills in what is new.
//!
//! It is read line by line, as those bots do, since what they write besides the
//! commit is a comment, and a file that is odd elsewhere still holds its pins.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::knowledge::actions::{self, Pin};
use crate::source::{Location, Source, SourceId, Span};

/// Where the pins stand in a repository.
pub const PINS_PATH: &str = ".github/cicd/action.yml";

const HEADER: &str = "\
# The actions that the generated workflows use, each at one commit. Nobody runs
# this file: it has this form and name so that Dependabot and Renovate find it
# and raise the pins. After they did, `cicd generate` brings the new commits into
# the workflows. A commit written here wins over the one that ships with `cicd`.
name: Pinned actions
description: Read by update bots and by cicd, never run
runs:
  using: composite
";

/// Longer lines are not ours.
const MAX_LINE: usize = 1024;

/// Pins by the action's name in lower case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pins(BTreeMap<String, Pin>);

/// An action that neither the pins file nor the catalogue knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no commit is known for the action `{0}`")]
pub struct UnknownAction(pub String);

impl Pins {
    /// Reads a pins file: what is sound in it, and what is wrong with the rest.
    pub fn parse(source: &Source, id: SourceId) -> (Self, Diagnostics) {
        let (mut pins, mut problems) = (Self::default(), Diagnostics::new());
        let mut start = 0;
        for line in source.text().split_inclusive('\n') {
            if let Some(entry) = Entry::find(line) {
                let at = start + entry.offset;
                let span = Span::new(offset(at), offset(at + entry.uses.len()));
                if let Err(problem) = pins.add(&entry) {
                    problems.push(problem.at(Location::new(id, span)));
                }
            }
            start += line.len();
        }
        (pins, problems)
    }

    /// Returns the pin of an action, compared without regard to case.
    pub fn get(&self, action: &str) -> Option<&Pin> {
        self.0.get(&action.to_ascii_lowercase())
    }

    /// Returns the pins of exactly the actions in use: as they are here, else from the catalogue.
    pub fn for_actions<'a>(
        &self,
        used: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, UnknownAction> {
        used.into_iter()
            .map(|action| {
                let pin = self.get(action).cloned().or_else(|| actions::pin(action));
                let pin = pin.ok_or_else(|| UnknownAction(action.to_owned()))?;
                Ok((action.to_ascii_lowercase(), pin))
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Iterates over the pins by name.
    pub fn iter(&self) -> impl Iterator<Item = &Pin> {
        self.0.values()
    }

    fn add(&mut self, entry: &Entry<'_>) -> Result<(), Box<Diagnostic>> {
        let pin = entry.pin()?;
        let key = pin.action.to_ascii_lowercase();
        match self.0.get(&key) {
            Some(other) if other.sha != pin.sha => Err(Box::new(pinned_twice(&pin))),
            _ => {
                self.0.insert(key, pin);
                Ok(())
            }
        }
    }
}

impl FromIterator<Pin> for Pins {
    /// Of several pins of one action the last one stays.
    fn from_iter<I: IntoIterator<Item = Pin>>(pins: I) -> Self {
        let keyed = pins.into_iter();
        Self(
            keyed
                .map(|pin| (pin.action.to_ascii_lowercase(), pin))
                .collect(),
        )
    }
}

impl fmt::Display for Pins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HEADER)?;
        // An empty list must say so, since a bare key would be null.
        f.write_str(if self.0.is_empty() {
            "  steps: []\n"
        } else {
            "  steps:\n"
        })?;
        for Pin { action, tag, sha } in self.0.values() {
            write!(f, "    - uses: {action}@{sha}")?;
            if !tag.is_empty() {
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

/// What one `uses:` line says.
struct Entry<'a> {
    /// `owner/name@sha`, without quotes.
    uses: &'a str,
    /// Where it stands in the line.
    offset: usize,
    /// The comment behind it, which names the version.
    comment: &'a str,
}

impl<'a> Entry<'a> {
    fn find(line: &'a str) -> Option<Self> {
        let bare = line.trim_start().trim_start_matches("- ").trim_start();
        let value = bare.strip_prefix("uses:")?.trim_start();
        if line.len() > MAX_LINE {
            return None;
        }
        let (value, comment) = value.split_once(" #").unwrap_or((value, ""));
        let uses = value.trim().trim_matches(['"', '\'']);
        let offset = line.find(uses)?;
        Some(Self {
            uses,
            offset,
            comment,
        })
    }

    fn pin(&self) -> Result<Pin, Box<Diagnostic>> {
        let (action, sha) = self.uses.split_once('@').unwrap_or((self.uses, ""));
        let named = action.split('/').count() >= 2 && action.chars().all(is_name);
        let full = sha.len() == 40
            && sha
                .bytes()
                .all(|b| b.is_ascii_digit() || matches!(b, b'a'..=b'f'));
        if named && full {
            return Ok(Pin {
                action: action.to_owned(),
                tag: self.version(action, sha),
                sha: sha.to_owned(),
            });
        }
        Err(Box::new(no_pin(self.uses)))
    }

    /// The version in the comment; if there is none, the catalogue may know the commit.
    fn version(&self, action: &str, sha: &str) -> String {
        let word = self.comment.split_whitespace().next().unwrap_or_default();
        // Renovate wrote `# tag=v1` for some years.
        let word = word.strip_prefix("tag=").unwrap_or(word);
        if !word.is_empty() && word.chars().all(is_version) {
            return word.to_owned();
        }
        actions::pin(action)
            .filter(|pin| pin.sha == sha)
            .map_or_else(String::new, |pin| pin.tag)
    }
}

fn pinned_twice(pin: &Pin) -> Diagnostic {
    let message = format!("`{}` is pinned at two commits", pin.action);
    Diagnostic::error("pin-twice", message)
        .note("the workflows can only follow one of them")
        .help(format!("delete one of the lines in `{PINS_PATH}`"))
}

fn no_pin(uses: &str) -> Diagnostic {
    let message = format!("`{}` is no action at a full commit", uses.escape_debug());
    Diagnostic::error("pin-broken", message)
        .note("a tag or a branch can move, and this file is what holds the workflows still")
        .help(
            "write `owner/name@` and 40 hexadecimal digits, or delete the line to have the commit that ships with `cicd`",
        )
}

fn is_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.' | '/')
}

fn is_version(character: char) -> bool {
    is_name(character) || matches!(character, '+' | '@')
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
        let (pins, problems) = Pins::parse(source, id);
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
                "5:13 `A/B` is pinned at two commits",
                "6:13 `./local` is no action at a full commit",
                "7:1 `` is no action at a full commit",
            ]
        );
        assert_eq!(pins.iter().count(), 1);
    }
}
