//! The catalogue of actions that ships with the tool: at which release and commit each one is pinned.
//!
//! In goes an action's name, out comes its pin. Nothing is parsed at
//! start-up: the table is sorted text and a lookup is a binary search over
//! its lines. What is newer than the table is for `pins update` to find out;
//! an action that is missing here is unknown, not wrong.

use std::cmp::Ordering;

use super::metadata;

const TABLE: &str = include_str!("data/pins.tsv");

/// An action held at one commit, with the version that people and bots read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// `owner/name`, or `owner/name/path` of an action inside a repository.
    pub action: String,
    /// The release the commit belongs to, as its repository spells it.
    pub tag: String,
    /// The full commit hash; empty where a repository names only the release.
    pub sha: String,
}

/// Returns the release that a commit of an action belongs to, if the catalogue knows it.
pub fn release_of(action: &str, sha: &str) -> Option<&'static str> {
    releases(action).find_map(|(tag, commit)| (commit == sha).then_some(tag))
}

/// Returns the commit of a release of an action, if the catalogue knows it.
pub fn commit_of(action: &str, tag: &str) -> Option<&'static str> {
    releases(action).find_map(|(name, commit)| (name == tag).then_some(commit))
}

/// The releases of an action with their commits: the one that ships, then of each major version.
fn releases(action: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let shipped = columns(action).map(|[_, tag, sha]| (tag, sha));
    shipped.into_iter().chain(metadata::releases(action))
}

/// Returns the pin of `action`, compared without regard to case as GitHub does.
pub fn pin(action: &str) -> Option<Pin> {
    columns(action).map(|row| {
        let [action, tag, sha] = row.map(str::to_owned);
        Pin { action, tag, sha }
    })
}

/// The first columns of an action's row.
fn columns(action: &str) -> Option<[&'static str; 3]> {
    let wanted = action.to_ascii_lowercase();
    let line = find(TABLE, |name| name.to_ascii_lowercase().cmp(&wanted))?;
    let mut columns = line.split('\t');
    Some([columns.next()?, columns.next()?, columns.next()?])
}

/// The line of a sorted table whose first column compares as equal.
fn find(mut table: &'static str, compare: impl Fn(&str) -> Ordering) -> Option<&'static str> {
    while !table.is_empty() {
        // The newline is one byte, so every index below falls between characters.
        let middle = table.len() / 2;
        let start = table.as_bytes()[..middle]
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |newline| newline + 1);
        let end = table[start..]
            .find('\n')
            .map_or(table.len(), |length| start + length);
        let line = &table[start..end];
        match compare(line.split('\t').next().unwrap_or_default()) {
            Ordering::Equal => return Some(line),
            Ordering::Less => table = table.get(end + 1..).unwrap_or_default(),
            Ordering::Greater => table = &table[..start],
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Vec<&'static str>> {
        let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
        lines.map(|line| line.split('\t').collect()).collect()
    }

    #[test]
    fn every_row_is_sorted_and_well_formed() {
        let rows = rows();
        assert!(rows.len() > 200, "{} rows", rows.len());
        for row in &rows {
            let [name, tag, sha, using] = row[..] else {
                panic!("four columns: {row:?}");
            };
            assert!(name.contains('/') && !name.contains('@'), "{name}");
            assert!(!tag.is_empty() && !tag.contains(' '), "{name}: {tag}");
            assert!(sha.len() == 40, "{name}: {sha}");
            assert!(
                sha.bytes()
                    .all(|b| b.is_ascii_digit() || matches!(b, b'a'..=b'f'))
            );
            assert!(!using.is_empty(), "{name}");
        }
        let names: Vec<_> = rows.iter().map(|row| row[0].to_ascii_lowercase()).collect();
        assert!(names.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn every_action_is_found_in_any_case_and_no_other() {
        for row in rows() {
            let found = pin(&row[0].to_ascii_uppercase()).expect(row[0]);
            assert_eq!((&*found.action, &*found.tag), (row[0], row[1]));
        }
        for name in [
            "",
            "#",
            "a",
            "actions/check",
            "actions/checkout2",
            "zzz/zzz",
            "ä/ö",
        ] {
            assert_eq!(pin(name), None, "{name}");
        }
    }

    #[test]
    fn a_path_inside_a_repository_is_an_action_of_its_own() {
        assert_eq!(
            pin("github/codeql-action/init").map(|pin| pin.sha),
            pin("github/codeql-action/analyze").map(|pin| pin.sha)
        );
        assert_ne!(pin("actions/cache/restore"), pin("actions/cache"));
    }
}
