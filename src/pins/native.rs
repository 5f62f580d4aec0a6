//! GitHub's own lock of actions, `.github/workflows/actions.lock`: read, never written.
//!
//! `gh actions-lock` writes it. A workflow that it names runs only the commits in it,
//! and does not start if one is missing; a broken lock is ignored without a word. Both
//! can be seen without a network, and that is what is looked at here.

use std::collections::{BTreeMap, BTreeSet};

use super::uses::{Use, uses};
use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::lock::{Release, is_commit};
use crate::source::{Location, Source, SourceId, Sources, Span};
use crate::syntax::{self, Kind, Node};

/// Where GitHub looks for it.
pub const NATIVE_PATH: &str = ".github/workflows/actions.lock";

/// The forms of the file that are understood; the first one named pins otherwise.
const VERSIONS: &[&str] = &["v0.0.2", "v0.0.3"];
const KEYS: &[&str] = &["version", "workflows", "dependencies"];
const REQUIRED: &[&str] = &["ref", "commit", "owner_id", "repo_id"];
const OPTIONAL: &[&str] = &["hostname", "uses"];
/// GitHub's reader takes no larger file.
const MAX_BYTES: usize = 1 << 20;

const WRITE: &str = "run `gh actions-lock` and commit what it writes";

/// Holds workflows against the lock: it is sound, and has all that they use.
///
/// `workflows` are the paths of generated workflows with their texts.
pub fn check(
    sources: &Sources,
    lock: Option<SourceId>,
    workflows: &[(&str, SourceId)],
) -> Diagnostics {
    let Some((id, source)) = lock.and_then(|id| Some((id, sources.get(id)?))) else {
        let missing = format!("`{NATIVE_PATH}` is missing");
        return Diagnostic::error("actions-lock", missing)
            .note("with `pins: lock` it is what holds the tags in the workflows at their commits")
            .help("run `gh actions-lock` (`gh extension install github/gh-actions-lock` gets it) and commit what it writes")
            .into();
    };
    let mut found = Diagnostics::new();
    let Some(native) = Native::read(source, id, &mut found) else {
        return found;
    };
    native.links(&mut found);
    for (path, workflow) in workflows {
        if let Some(text) = sources.get(*workflow) {
            native.covers(path, *workflow, &uses(text), &mut found);
        }
    }
    found
}

/// The lock: workflows and actions by the names that it gives them.
struct Native {
    id: SourceId,
    workflows: BTreeMap<String, Vec<(String, Span)>>,
    actions: BTreeMap<String, Vec<(String, Span)>>,
}

impl Native {
    /// Reads a lock of a known form; says what is wrong with it.
    fn read(source: &Source, id: SourceId, found: &mut Diagnostics) -> Option<Self> {
        if source.text().len() > MAX_BYTES {
            let message = format!("the lock has more than the {MAX_BYTES} bytes that GitHub reads");
            found.push(broken(id, Span::at(0), message));
            return None;
        }
        let parsed = syntax::parse(id, source.text());
        let sound = !parsed.diagnostics.has_errors();
        let root = parsed.document.as_ref().and_then(|tree| tree.root());
        let Some(root) = root.filter(|root| sound && matches!(root.kind(), Kind::Mapping(_)))
        else {
            let first = parsed.diagnostics.iter().next();
            let span = first.and_then(|one| one.primary).map(|place| place.span);
            let why = first.map_or("it is no mapping", |one| one.message.as_str());
            let broken = broken(id, span.unwrap_or(Span::at(0)), "the lock cannot be read");
            found.push(broken.note(why));
            return None;
        };
        let version = root
            .get("version")
            .and_then(Node::as_str)
            .unwrap_or_default();
        if !VERSIONS.contains(&version) {
            found.push(other_version(id, root, version));
            return None;
        }
        for entry in root.entries() {
            if !entry.key.as_str().is_some_and(|key| KEYS.contains(&key)) {
                let span = entry.key.span();
                found.push(broken(
                    id,
                    span,
                    "the lock has a key that GitHub does not know",
                ));
            }
        }
        let mut native = Self {
            id,
            workflows: BTreeMap::new(),
            actions: BTreeMap::new(),
        };
        for entry in root.get("workflows").into_iter().flat_map(Node::entries) {
            let path = entry.key.as_str().unwrap_or_default().to_owned();
            native.workflows.insert(path, pins(entry.value));
        }
        for entry in root.get("dependencies").into_iter().flat_map(Node::entries) {
            let name = canonical(entry.key.as_str().unwrap_or_default());
            if let Some(problem) = problem(entry.value) {
                let message = format!("the lock's entry for `{}` {problem}", name.escape_debug());
                found.push(broken(id, entry.key.span(), message));
            }
            let own = entry.value.get("uses").map(pins).unwrap_or_default();
            native.actions.insert(name, own);
        }
        Some(native)
    }

    /// Every pin that is named must have an entry.
    fn links(&self, found: &mut Diagnostics) {
        let lists = self.workflows.values().chain(self.actions.values());
        for (pin, span) in lists.flatten() {
            if !self.actions.contains_key(pin) {
                let message = format!("`{}` is named, but has no commit", pin.escape_debug());
                found.push(broken(self.id, *span, message));
            }
        }
    }

    /// Every action of a workflow must be in its list, and nothing else.
    fn covers(&self, path: &str, workflow: SourceId, uses: &[Use<'_>], found: &mut Diagnostics) {
        let remote = || uses.iter().filter(|one| one.is_remote());
        let wanted = || remote().filter(|one| !is_commit(one.reference));
        for one in uses {
            found.extend(not_fixed(one, workflow));
        }
        let Some(list) = self.workflows.get(path) else {
            if let Some(first) = wanted().next() {
                let message = format!("`{path}` is not in `{NATIVE_PATH}`");
                found.push(
                    Diagnostic::error("actions-lock", message)
                        .at(Location::new(workflow, first.span))
                        .note("nothing holds its tags at their commits")
                        .help(WRITE),
                );
            }
            return;
        };
        let mut told = BTreeSet::new();
        for one in wanted() {
            let pin = pin_of(one);
            if !list.iter().any(|(listed, _)| *listed == pin) && told.insert(pin.clone()) {
                let message = format!("`{pin}` is not locked for this workflow");
                found.push(
                    Diagnostic::error("actions-lock", message)
                        .at(Location::new(workflow, one.span))
                        .note(
                            "GitHub does not start a workflow whose lock lacks one of its actions",
                        )
                        .help(WRITE),
                );
            }
        }
        let reached = self.reached(remote().map(pin_of));
        for (pin, span) in list.iter().filter(|(pin, _)| !reached.contains(pin)) {
            let message = format!(
                "`{}` is locked, but `{path}` does not use it",
                pin.escape_debug()
            );
            let stale = Diagnostic::warning("actions-lock", message);
            found.push(stale.at(Location::new(self.id, *span)).help(WRITE));
        }
    }

    /// These pins, and all that they use in turn.
    fn reached(&self, from: impl Iterator<Item = String>) -> BTreeSet<String> {
        let mut reached = BTreeSet::new();
        let mut open: Vec<String> = from.collect();
        while let Some(pin) = open.pop() {
            if reached.insert(pin.clone()) {
                let own = self.actions.get(&pin).into_iter().flatten();
                open.extend(own.map(|(pin, _)| pin.clone()));
            }
        }
        reached
    }
}

/// What `gh actions-lock` would write in another way, so that the workflow would differ
/// from the manifest.
fn not_fixed(one: &Use<'_>, workflow: SourceId) -> Option<Diagnostic> {
    let written = format!("{}@{}", one.action, one.reference);
    let (message, help) = if one.action.starts_with("./") {
        (
            format!(
                "`{}` is written as `$/{}` by `gh actions-lock`",
                one.action,
                &one.action[2..]
            ),
            format!("write `$/{}` in the manifest", &one.action[2..]),
        )
    } else if !one.is_remote() {
        return None;
    } else if is_commit(one.reference) && one.version().and_then(Release::parse).is_some() {
        (
            format!(
                "`{}` stands at a commit, and `gh actions-lock` writes its tag",
                one.action
            ),
            "write the release in place of the commit".to_owned(),
        )
    } else if Release::parse(one.reference).is_some_and(|release| !release.is_full()) {
        (
            format!("`{written}` moves, and `gh actions-lock` writes the full release"),
            "write the full release, such as `v4.2.1`".to_owned(),
        )
    } else {
        return None;
    };
    let note = Diagnostic::new(Severity::Note, "actions-lock", message);
    Some(note.at(Location::new(workflow, one.span)).help(help))
}

/// `owner/name@ref`: the lock knows repositories, not the actions in them.
fn pin_of(one: &Use<'_>) -> String {
    let repository: Vec<_> = one.action.split('/').take(2).collect();
    canonical(&format!("{}@{}", repository.join("/"), one.reference))
}

/// Owner and name in lower case, as the lock compares them; the ref as it is.
fn canonical(pin: &str) -> String {
    match pin.split_once('@') {
        Some((repository, reference)) => {
            format!("{}@{reference}", repository.to_ascii_lowercase())
        }
        None => pin.to_owned(),
    }
}

fn pins(list: Node<'_>) -> Vec<(String, Span)> {
    let pin = |item: Node<'_>| (canonical(item.as_str().unwrap_or_default()), item.span());
    list.items().map(pin).collect()
}

/// What is wrong with an action's entry, as the end of a sentence.
fn problem(entry: Node<'_>) -> Option<String> {
    for key in REQUIRED {
        if entry.get(key).is_none_or(Node::is_null) {
            return Some(format!("has no `{key}`"));
        }
    }
    let commit = entry
        .get("commit")
        .and_then(Node::as_str)
        .unwrap_or_default();
    let hexadecimal = |digits: &str| digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let sound = [("sha1-", 40), ("sha256-", 64)]
        .iter()
        .any(|(kind, length)| {
            let digits = commit.strip_prefix(kind);
            digits.is_some_and(|digits| digits.len() == *length && hexadecimal(digits))
        });
    if !sound {
        return Some("has a `commit` that is none".to_owned());
    }
    let number = |key: &&str| {
        let text = entry.get(key).and_then(Node::as_str).unwrap_or_default();
        text.parse::<u64>().is_ok_and(|number| number > 0)
    };
    if let Some(key) = ["owner_id", "repo_id"].iter().find(|key| !number(key)) {
        return Some(format!("has a `{key}` that is no number"));
    }
    let known = |key: &str| REQUIRED.contains(&key) || OPTIONAL.contains(&key);
    let mut keys = entry.entries().filter_map(|entry| entry.key.as_str());
    keys.find(|key| !known(key)).map(|key| {
        format!(
            "has the key `{}`, which GitHub does not know",
            key.escape_debug()
        )
    })
}

fn other_version(id: SourceId, root: Node<'_>, version: &str) -> Diagnostic {
    let message = match version {
        "" => "the lock does not say of which version it is".to_owned(),
        version => format!(
            "the lock is of version `{}`, and this `cicd` reads {}",
            version.escape_debug(),
            VERSIONS.join(" and ")
        ),
    };
    let span = root.get("version").map_or(Span::at(0), Node::span);
    let known = version
        .strip_prefix("v0.0.")
        .and_then(|text| text.parse().ok());
    let newer = known.is_none_or(|number: u32| number > 3) && !version.is_empty();
    Diagnostic::error("actions-lock", message)
        .at(Location::new(id, span))
        .note("so nobody can say whether it has all that the workflows use")
        .help(if newer {
            "take a newer `cicd`, and until then let `gh actions-lock --verify` judge it"
        } else {
            WRITE
        })
}

fn broken(id: SourceId, span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error("actions-lock", message)
        .at(Location::new(id, span))
        .note("GitHub ignores a broken lock without a word, and the tags are free to move")
        .help(WRITE)
}
