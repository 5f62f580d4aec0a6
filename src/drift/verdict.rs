//! What is told of one file: its cause, what the difference means, and the one command that mends it.

use crate::diagnostics::{Diagnostic, Severity};
use crate::drift::cause::{Cause, Made, cause};
use crate::drift::{Change, ChangeKind, Summary, summary};
use crate::lock::LOCK_PATH;

/// What is told of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Relative to the repository's root.
    pub path: String,
    /// Why it differs.
    pub cause: Cause,
    /// What somebody did to it, if they did, and else what generating would do.
    pub changes: Summary,
    /// The command that mends it; nothing for a clean file.
    pub remedy: Option<String>,
    message: String,
    why: Option<String>,
    help: Option<String>,
}

/// How the verdicts of one manifest are worded.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    /// What the files were made from.
    pub made: Made<'a>,
    /// How the project is spoken of.
    pub spoken: &'a Spoken,
}

/// How a project is spoken of to whoever ran the program.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spoken {
    /// What commands need to find the manifest, such as ` --manifest a/cicd.yml`; mostly nothing.
    pub flags: String,
    /// How paths below the root begin, such as `a/`; mostly nothing.
    pub folder: String,
}

impl Spoken {
    /// Returns the command that takes the versions of a file's actions into the pins.
    pub(super) fn absorb(&self, path: &str) -> String {
        format!("cicd pins absorb{} {path}", self.flags)
    }

    /// Returns a path as whoever ran the program sees it.
    pub fn path(&self, path: &str) -> String {
        format!("{}{path}", self.folder)
    }
}

impl Verdict {
    /// Returns what is told of a change; nothing for a file that is not ours to judge.
    pub fn of(change: &Change, words: Words<'_>) -> Option<Self> {
        let cause = cause(change, words.made)?;
        let mut verdict = Self {
            path: change.path.clone(),
            cause,
            changes: match cause {
                Cause::Edited => edit(change),
                _ => change.summary.clone(),
            },
            remedy: None,
            message: String::new(),
            why: None,
            help: None,
        };
        verdict.word(change, words);
        Some(verdict)
    }

    /// Returns the verdict on a lock that is not what this run would write, while all files are.
    pub fn of_lock(is_merged: bool, words: Words<'_>) -> Self {
        let now = words.made.now;
        let (cause, message) = match words.made.last {
            _ if is_merged => (Cause::Edited, "is in the middle of a merge"),
            None => (Cause::Missing, "is missing"),
            Some(last) if last.manifest != now.manifest => {
                (Cause::ManifestChanged, "is older than the manifest")
            }
            Some(last) if last.pins != now.pins => {
                (Cause::PinsChanged, "is older than the pins file")
            }
            _ => (Cause::Edited, "does not list the files that there are"),
        };
        let remedy = format!("cicd generate{}", words.spoken.flags);
        Self {
            path: LOCK_PATH.to_owned(),
            cause,
            changes: Summary::default(),
            message: format!("`{}` {message}", words.spoken.path(LOCK_PATH)),
            why: Some("all generated files are as they should be".to_owned()),
            help: Some(format!("run `{remedy}` and commit what it writes")),
            remedy: Some(remedy),
        }
    }

    /// Says whether the changes tell what somebody did, rather than what generating would do.
    pub fn tells_an_edit(&self) -> bool {
        self.cause == Cause::Edited
    }

    /// Returns the message for it, without a place; nothing for a clean file.
    pub fn diagnostic(&self) -> Option<Diagnostic> {
        if self.cause == Cause::Clean {
            return None;
        }
        let (severity, code) = (self.cause.severity(), self.cause.as_str());
        let mut said = Diagnostic::new(severity, code, self.message.as_str());
        said.notes.extend(self.why.clone());
        said.notes.extend(self.changes.lines.iter().cloned());
        said.help.clone_from(&self.help);
        Some(said)
    }

    /// Says whether it must be mended.
    pub fn is_error(&self) -> bool {
        self.cause.severity() == Severity::Error
    }

    fn word(&mut self, change: &Change, words: Words<'_>) {
        let path = &words.spoken.path(&change.path);
        let generate = format!("cicd generate{}", words.spoken.flags);
        let force = format!("{generate} --force {}", change.path);
        let mut say = |message: String, why: Option<&str>, remedy: &str, help: String| {
            self.message = message;
            self.why = why.map(str::to_owned);
            self.remedy = Some(remedy.to_owned());
            self.help = Some(help);
        };
        let commit = format!("run `{generate}` and commit what it writes");
        match self.cause {
            Cause::Clean => {}
            Cause::ManifestChanged => {
                let older = format!("`{path}` is older than the manifest");
                say(older, None, &generate, commit);
            }
            Cause::GeneratorChanged => {
                let from = words.made.generators();
                let from = from.map_or_else(|| "another build of `cicd`".to_owned(), |both| both.0);
                let other = format!("`{path}` was written by {from}");
                let why = "this one writes it differently";
                say(other, Some(why), &generate, commit);
            }
            Cause::PinsChanged => {
                let older = format!("`{path}` has other versions of actions than the pins file");
                say(older, None, &generate, commit);
            }
            Cause::Missing => say(format!("`{path}` is missing"), None, &generate, commit),
            Cause::Orphan if change.kind == ChangeKind::Remove => {
                let orphan = format!("`{path}` is no longer generated");
                let why = "nothing in the manifest asks for it";
                say(orphan, Some(why), &generate, commit);
            }
            Cause::FormatOnly => say(
                format!("`{path}` has another layout"),
                Some("a formatter or an editor rewrote it; it means the same, so it may stay"),
                &force,
                format!("keep formatters away from it, and take it as generated with `{force}`"),
            ),
            Cause::EolOnly => say(
                format!("`{path}` has other line ends"),
                Some("a checkout may turn them; it means the same, so it may stay"),
                &force,
                format!(
                    "write `{path} text eol=lf` into `.gitattributes`, and take it as generated with `{force}`"
                ),
            ),
            Cause::Edited if change.kind == ChangeKind::Update => {
                let edited = format!("`{path}` was edited by hand");
                let why = "it lists what no workflow uses, or says it in other words";
                say(edited, Some(why), &generate, commit);
            }
            Cause::Edited | Cause::Orphan | Cause::Foreign => {
                if let Some(refused) = change.refusal(words.spoken) {
                    let why = refused.notes.first().map(String::as_str);
                    let help = refused.help.unwrap_or_default();
                    let remedy = match self.cause {
                        Cause::Edited if change.refs_moved => words.spoken.absorb(&change.path),
                        _ => force,
                    };
                    say(refused.message, why, &remedy, help);
                }
            }
        }
    }
}

/// What the edit of a file did to what is rendered.
fn edit(change: &Change) -> Summary {
    let edited = change.before.as_deref().map(std::str::from_utf8);
    match edited.transpose() {
        Ok(edited) => summary(&change.path, change.after.as_deref(), edited),
        Err(_) => Summary::default(),
    }
}
