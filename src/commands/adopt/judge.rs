//! One workflow file: whose it is, and what could become of it.

use crate::adopt::own_text;
use crate::commands::Failure;
use crate::commands::adopt::files::is_workflow;
use crate::commands::disk::Repository;
use crate::diagnostics::{self, Diagnostic};
use crate::drift::{self, OURS};
use crate::knowledge::WORKFLOWS;
use crate::lock::{Hash, Lock, comments, tree_hash};
use crate::render::{FileKind, RenderedFile};
use crate::source::Sources;

/// A workflow file and what becomes of it.
#[derive(Debug)]
pub struct Fate {
    /// Relative to the repository's root.
    pub path: String,
    /// What it holds.
    pub bytes: Vec<u8>,
    /// The hash of its tree.
    pub tree: Hash,
    /// What becomes of it.
    pub what: What,
}

/// What becomes of a workflow file.
#[derive(Debug)]
pub enum What {
    /// The manifest plans it as it is; or the differences are accepted.
    Planned(Planned),
    /// The manifest plans another one for this file, which differs so.
    Differs(Planned),
    /// It becomes an entry in GitHub's own syntax.
    Own(Own),
    /// It stays, since another generator writes it.
    Foreign(&'static str),
    /// It stays, for this reason.
    Refused(Box<Diagnostic>),
}

/// A workflow that the manifest plans.
#[derive(Debug, Default)]
pub struct Planned {
    /// What is another one than in the file.
    pub differences: Vec<String>,
    /// The jobs of the file that become own jobs of the planned workflow.
    pub jobs: Vec<String>,
    /// What the manifest says for it, where it did not before.
    pub words: String,
}

/// A workflow in GitHub's own syntax.
#[derive(Debug)]
pub struct Own {
    /// The key of its entry.
    pub name: String,
    /// Its text.
    pub text: String,
    /// The actions whose pins move into the pins file.
    pub pinned: Vec<String>,
    /// What a manifest could say in its own words.
    pub known: Known,
}

/// Whether the words of a manifest stand for a workflow.
#[derive(Debug, Default)]
pub enum Known {
    /// Nobody asked, since the manifest has a stack already.
    #[default]
    Unasked,
    /// They do not, for this reason.
    No(String),
    /// They do, and what they plan differs so.
    Yes(Planned),
}

impl Fate {
    /// What could be planned in its place, if that is accepted.
    pub(super) fn differing(&self) -> Option<&Planned> {
        match &self.what {
            What::Differs(planned) => Some(planned),
            What::Own(own) => match &own.known {
                Known::Yes(planned) => Some(planned),
                Known::No(_) | Known::Unasked => None,
            },
            _ => None,
        }
    }
}

impl What {
    /// Says whether the file is taken over.
    pub fn is_adopted(&self) -> bool {
        matches!(self, Self::Planned(_) | Self::Own(_))
    }

    /// Says whether the file is not taken over, although it is nobody else's.
    pub fn is_refused(&self) -> bool {
        matches!(self, Self::Refused(_) | Self::Differs(_))
    }
}

/// What is known of the repository.
pub(super) struct Judge<'a> {
    pub(super) repository: &'a Repository,
    pub(super) lock: Option<&'a Lock>,
    /// What the manifest renders as it is.
    pub(super) rendered: &'a [RenderedFile],
    pub(super) accept_differences: bool,
}

impl Judge<'_> {
    /// Judges a file; nothing if it is ours already and nobody asked for it.
    pub(super) fn fate(&self, path: &str, named: bool, sources: &mut Sources) -> Option<Fate> {
        let is_ours = self
            .lock
            .is_some_and(|lock| lock.outputs.contains_key(path));
        if is_ours && !named {
            return None;
        }
        let (bytes, what) = match self.repository.read(path) {
            Ok(bytes) => {
                let bytes = bytes.unwrap_or_default();
                let what = if is_ours {
                    refuse(already_ours(path))
                } else {
                    self.what(path, &bytes, sources)
                };
                (bytes, what)
            }
            Err(failure) => (Vec::new(), refuse(reason(path, failure))),
        };
        Some(Fate {
            tree: tree_hash(path, &String::from_utf8_lossy(&bytes)),
            path: path.to_owned(),
            bytes,
            what,
        })
    }

    fn what(&self, path: &str, bytes: &[u8], sources: &mut Sources) -> What {
        let name = path.strip_prefix(WORKFLOWS).unwrap_or_default();
        if name.contains('/') || !is_workflow(name) {
            return refuse(no_workflow(path));
        }
        let generator = drift::generator(bytes);
        if let Some(other) = generator.filter(|generator| *generator != OURS) {
            return What::Foreign(other);
        }
        let id = match diagnostics::load(sources, path, bytes.to_vec()) {
            Ok(id) => id,
            Err(refused) => return What::Refused(refused),
        };
        let Some(source) = sources.get(id) else {
            return refuse(no_workflow(path));
        };
        let mut rendered = self.rendered.iter();
        let planned = rendered.find(|file| file.path == path && file.kind == FileKind::Workflow);
        match planned {
            Some(planned) => Self::compare(planned, source.text(), self.accept_differences),
            None if generator == Some(OURS) => refuse(lost(path)),
            None => match own_text(source, id) {
                Ok(text) => What::Own(Own {
                    name: String::new(),
                    text,
                    pinned: Vec::new(),
                    known: Known::Unasked,
                }),
                Err(refused) => What::Refused(refused),
            },
        }
    }

    /// Compares a file with what the manifest plans for it.
    pub(super) fn compare(planned: &RenderedFile, text: &str, accept_differences: bool) -> What {
        let path = &planned.path;
        let mut differences = Vec::new();
        if tree_hash(path, &planned.text) != tree_hash(path, text) {
            differences = drift::summary(path, Some(text), Some(&planned.text)).lines;
            if differences.is_empty() {
                differences
                    .push("keys stand in another order, or are written otherwise".to_owned());
            }
        }
        let lost = lost_comments(path, text, &planned.text);
        differences.extend(lost.map(|comment| format!("the comment `{comment}` goes")));
        let accepted = differences.is_empty() || accept_differences;
        let planned = Planned {
            differences,
            ..Planned::default()
        };
        if accepted {
            What::Planned(planned)
        } else {
            What::Differs(planned)
        }
    }
}

/// The comments of one text that another one does not have.
pub(super) fn lost_comments(
    path: &str,
    before: &str,
    after: &str,
) -> impl Iterator<Item = String> + use<> {
    let mut kept = comments(path, after).unwrap_or_default();
    let all = comments(path, before).unwrap_or_default().into_iter();
    all.filter(move |comment| {
        let found = kept.iter().position(|kept| kept == comment);
        found.map(|at| kept.swap_remove(at)).is_none()
    })
}

fn refuse(diagnostic: Diagnostic) -> What {
    What::Refused(Box::new(diagnostic))
}

/// Why a file could not be read.
fn reason(path: &str, failure: Failure) -> Diagnostic {
    let first = match failure {
        Failure::Reported(report) => report.diagnostics.into_iter().next(),
        Failure::Output(_) => None,
    };
    first.unwrap_or_else(|| Diagnostic::error("disk", format!("cannot read `{path}`")))
}

fn already_ours(path: &str) -> Diagnostic {
    Diagnostic::error(
        "already-ours",
        format!("`{path}` is generated by `cicd` already"),
    )
    .help("change it in the manifest, or have it back with `cicd eject`")
}

fn no_workflow(path: &str) -> Diagnostic {
    Diagnostic::error("no-workflow", format!("`{path}` is no workflow file"))
        .note("GitHub reads `.yml` and `.yaml` files in `.github/workflows` itself")
        .help("name one of those")
}

fn lost(path: &str) -> Diagnostic {
    let message = format!("`{path}` looks generated by `cicd`, but the lock does not know it");
    Diagnostic::error("foreign", message)
        .note("the manifest has no entry for it either")
        .help("remove its first line if it is yours now, or restore the manifest and the lock from git")
}
