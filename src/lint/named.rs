//! What a file names of its repository, so that it can be read beforehand.

use std::borrow::Cow;
use std::collections::BTreeSet;

use memchr::memmem;

use crate::expression;
use crate::lint::FileKind;

/// Something that a file names by its path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Named<'t> {
    /// The folder of an action, from the root of the repository.
    Action(Cow<'t, str>),
    /// A file, from the folder of the action that names it.
    File(Cow<'t, str>),
}

impl Named<'_> {
    /// Returns the same with a text of its own.
    pub fn into_owned(self) -> Named<'static> {
        match self {
            Self::Action(path) => Named::Action(Cow::Owned(path.into_owned())),
            Self::File(path) => Named::File(Cow::Owned(path.into_owned())),
        }
    }

    /// Returns the path.
    pub fn into_path(self) -> String {
        match self {
            Self::Action(path) | Self::File(path) => path.into_owned(),
        }
    }
}

/// Keys of an `action.yml` that name a file beside it.
pub(super) const FILES: [&str; 4] = ["main", "pre", "post", "image"];

/// Returns what a text seems to name. That something is not in the list means nothing.
///
/// The text is searched and not parsed: whatever looks like it counts.
pub fn named(text: &str, kind: FileKind) -> Vec<Named<'_>> {
    let mut all = BTreeSet::new();
    for value in values(text, "uses") {
        if let Some(folder) = folder(value) {
            all.insert(Named::Action(folder));
        }
    }
    if kind == FileKind::Action {
        for value in FILES.iter().flat_map(|key| values(text, key)) {
            if let Some(path) = file(value) {
                all.insert(Named::File(path.into()));
            }
        }
    }
    all.into_iter().collect()
}

/// The folder of an action of the same repository that a step names; no file of a workflow.
pub(super) fn folder(uses: &str) -> Option<Cow<'_, str>> {
    let path = uses
        .strip_prefix("./")
        .or_else(|| uses.strip_prefix("$/"))
        .or_else(|| (uses == ".").then_some(""))?;
    if expression::is_in(path) || path.ends_with(".yml") || path.ends_with(".yaml") {
        return None;
    }
    let parts = path.split('/').filter(|part| !matches!(*part, "" | "."));
    if parts.clone().any(|part| part == "..") {
        return None;
    }
    let is_plain = parts.clone().count() == path.split('/').count();
    Some(if is_plain {
        path.into()
    } else {
        parts.collect::<Vec<_>>().join("/").into()
    })
}

/// The file beside an action that a value of it names.
pub(super) fn file(value: &str) -> Option<&str> {
    let is_file = !value.is_empty() && !value.contains("://") && !expression::is_in(value);
    (is_file && !value.starts_with('/')).then_some(value)
}

/// What stands behind each `key:`, as one word.
fn values<'t>(text: &'t str, key: &'static str) -> impl Iterator<Item = &'t str> {
    let found = memmem::find_iter(text.as_bytes(), key);
    found.filter_map(move |at| {
        let begins = text[..at].chars().next_back();
        if begins.is_some_and(|before| before.is_alphanumeric() || matches!(before, '-' | '_')) {
            return None;
        }
        let rest = text[at + key.len()..].trim_start_matches(['"', '\'']);
        let rest = rest.strip_prefix(':')?.trim_start_matches(' ');
        let rest = rest.trim_start_matches(['"', '\'']);
        let end = rest.find([' ', '\n', '\r', '"', '\'', ',', '}', '#']);
        Some(&rest[..end.unwrap_or(rest.len())])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_found_however_they_are_written() {
        let text = "
steps:
  - uses: ./one
  - {uses: './two/', with: {x: y}}
  - \"uses\": \"$/three\"
  - uses: actions/checkout@v5
  - uses: ./.github/workflows/called.yml
  - uses: ./../outside
  - reuses: ./four
  - uses: ./one
";
        let folders = ["one", "three", "two"];
        let wanted: Vec<_> = folders.map(|path| Named::Action(path.into())).into();
        assert_eq!(named(text, FileKind::Workflow), wanted);
    }

    #[test]
    fn actions_name_files_beside_them() {
        let text =
            "runs: {using: node24, main: dist/index.js, post: 'end.js'}\nimage: docker://x\n";
        let files = ["dist/index.js", "end.js"];
        let wanted: Vec<_> = files.map(|path| Named::File(path.into())).into();
        assert_eq!(named(text, FileKind::Action), wanted);
        assert_eq!(named(text, FileKind::Workflow), []);
    }
}
