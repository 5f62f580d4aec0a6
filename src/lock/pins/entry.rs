//! One line of the pins file: an action, what it is held at, and a comment.

use super::{PINS_PATH, PinMode};
use crate::diagnostics::Diagnostic;
use crate::knowledge::actions::{Pin, commit_of, release_of};
use crate::lock::Release;

/// Longer lines are not ours.
const MAX_LINE: usize = 1024;

/// What one `uses:` line says.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// `owner/name@ref`, without quotes.
    pub uses: &'a str,
    /// Where it stands in the line.
    pub offset: usize,
    /// The comment behind it, without its sign; it names the release.
    pub comment: &'a str,
}

impl<'a> Entry<'a> {
    /// Finds the action that a line of the file names, if it names one.
    pub fn find(line: &'a str) -> Option<Self> {
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
            comment: comment.trim(),
        })
    }

    /// The action's name.
    pub fn action(self) -> &'a str {
        self.uses.split('@').next().unwrap_or_default()
    }

    /// The commit, the tag or the branch.
    pub fn reference(self) -> &'a str {
        self.uses.split_once('@').map_or("", |(_, after)| after)
    }

    /// The release that the comment names, if it names one.
    pub fn version(self) -> Option<&'a str> {
        version(self.comment)
    }

    /// The pin; its commit is empty where only the tag is known, which mode `sha` refuses.
    pub(super) fn pin(self, mode: PinMode) -> Result<Pin, Box<Diagnostic>> {
        let (action, reference) = (self.action(), self.reference());
        let named = is_action(action);
        let pin = |tag: &str, sha: &str| Pin {
            action: action.to_owned(),
            tag: tag.to_owned(),
            sha: sha.to_owned(),
        };
        if named && is_commit(reference) {
            let known = || release_of(action, reference).unwrap_or_default();
            return Ok(pin(self.version().unwrap_or_else(known), reference));
        }
        if named && reference.chars().all(is_version) && Release::parse(reference).is_some() {
            // The release that ships has a known commit, so that the way back to `sha` is short.
            let known = commit_of(action, reference);
            if let Some(sha) = known.or((mode != PinMode::Sha).then_some("")) {
                return Ok(pin(reference, sha));
            }
        }
        let action = named.then_some(action);
        Err(Box::new(no_pin(self.uses, action, mode)))
    }
}

/// The first word of a comment, if it can name a release.
pub fn version(comment: &str) -> Option<&str> {
    let word = comment.split_whitespace().next()?;
    // Renovate wrote `# tag=v1` for some years.
    let word = word.strip_prefix("tag=").unwrap_or(word);
    (!word.is_empty() && word.chars().all(is_version)).then_some(word)
}

/// Whether a ref is a full commit, as GitHub and git write it.
pub fn is_commit(reference: &str) -> bool {
    let hexadecimal = |b: u8| b.is_ascii_digit() || matches!(b, b'a'..=b'f');
    reference.len() == 40 && reference.bytes().all(hexadecimal)
}

fn no_pin(uses: &str, action: Option<&str>, mode: PinMode) -> Diagnostic {
    let wanted = match mode {
        PinMode::Sha => "a full commit",
        PinMode::Tag | PinMode::Lock => "a full commit or a release",
    };
    let message = format!("`{}` is no action at {wanted}", uses.escape_debug());
    Diagnostic::error("pin-broken", message)
        .note("a tag or a branch can move, and this file is what holds the workflows still")
        .help(match action {
            Some(action) => format!("run `cicd pins update {action}`, which looks it up"),
            None => {
                format!("delete the line in `{PINS_PATH}`; `cicd generate` writes what is missing")
            }
        })
}

/// Whether a text is `owner/name`, perhaps with a path behind it.
pub fn is_action(text: &str) -> bool {
    let part = |part: &str| !matches!(part, "" | "." | "..") && !part.starts_with('-');
    text.split('/').count() >= 2 && text.chars().all(is_name) && text.split('/').all(part)
}

fn is_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.' | '/')
}

fn is_version(character: char) -> bool {
    is_name(character) || matches!(character, '+' | '@')
}
