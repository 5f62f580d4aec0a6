//! The labels of runners.

use std::sync::LazyLock;

const TABLE: &str = include_str!("data/runners.tsv");

/// The rows, read once.
static LABELS: LazyLock<Vec<Label>> = LazyLock::new(|| {
    let rows = TABLE.lines().filter(|line| !line.starts_with('#'));
    let labels = rows.filter_map(|row| {
        let mut columns = row.split('\t');
        Some(Label {
            name: columns.next()?,
            system: columns.next()?,
            machine: columns.next()?,
            end: columns.next().filter(|end| !end.is_empty()),
            instead: columns.next()?,
        })
    });
    labels.collect()
});

/// The day of the table. What a date means is judged from here, so that a finding does not
/// depend on the day on which somebody looks.
pub const AS_OF: &str = "2026-11-21";

/// The label of a runner that is not GitHub's.
pub const SELF_HOSTED: &str = "self-hosted";

/// A label with what it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label {
    /// The label.
    pub name: &'static str,
    /// `linux`, `macos` or `windows`.
    pub system: &'static str,
    /// The machine that it names, which other labels may name, too; nothing for the label of
    /// a system.
    pub machine: &'static str,
    /// The day from which on it is gone, past or announced.
    pub end: Option<&'static str>,
    /// What to write in its place then.
    pub instead: &'static str,
}

impl Label {
    /// Says whether it is gone on the day of the table.
    pub fn is_gone(&self) -> bool {
        self.end.is_some_and(|end| end <= AS_OF)
    }

    /// Says whether the machine behind it changes.
    pub fn moves(&self) -> bool {
        self.name.split('-').any(|part| part == "latest")
    }
}

/// Returns all labels, sorted.
pub fn all() -> impl Iterator<Item = Label> {
    LABELS.iter().copied()
}

/// Returns the label of this name, in any case.
pub fn find(name: &str) -> Option<Label> {
    all().find(|label| label.name.eq_ignore_ascii_case(name))
}

/// Returns the processor of one of GitHub's Linux runners, as Docker calls it.
pub fn processor(label: &str) -> Option<&'static str> {
    let known = find(label).filter(|label| label.system == "linux" && !label.machine.is_empty())?;
    let is_arm = known.machine.ends_with(ARM);
    Some(if is_arm { "arm64" } else { "amd64" })
}

/// Returns the runner with the same system as this one and the given processor.
pub fn beside(label: &str, processor: &str) -> Option<&'static str> {
    let known = find(label)?;
    if self::processor(label)? == processor {
        return Some(known.name);
    }
    let system = known.machine.trim_end_matches(ARM);
    let other = match processor {
        "amd64" => find(system),
        "arm64" => find(&format!("{system}{ARM}")),
        _ => None,
    };
    other.map(|label| label.name)
}

/// How the names of machines with an ARM processor end.
const ARM: &str = "-arm";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_runner_is_found_by_its_processor() {
        assert_eq!(beside("ubuntu-24.04", "arm64"), Some("ubuntu-24.04-arm"));
        assert_eq!(beside("ubuntu-latest", "arm64"), Some("ubuntu-26.04-arm"));
        assert_eq!(beside("ubuntu-latest", "amd64"), Some("ubuntu-latest"));
        assert_eq!(beside("ubuntu-24.04-arm", "amd64"), Some("ubuntu-24.04"));
        assert_eq!(beside("ubuntu-24.04", "riscv64"), None);
        assert_eq!(beside("our-own", "amd64"), None);
        assert_eq!(processor("ubuntu-26.04-arm"), Some("arm64"));
        assert_eq!(processor("our-own"), None);
    }

    #[test]
    fn the_table_is_sorted_and_whole() {
        let names: Vec<_> = all().map(|label| label.name).collect();
        assert!(names.is_sorted());
        let rows = TABLE.lines().filter(|line| !line.starts_with('#'));
        assert_eq!(rows.count(), names.len());
        assert!(TABLE.contains(AS_OF));
        for label in all() {
            assert!(matches!(label.system, "linux" | "macos" | "windows"));
            let known = find(label.instead).is_some_and(|other| other.end.is_none());
            assert_eq!(known, label.end.is_some(), "{label:?}");
        }
        assert!(find("MacOS-13").is_some_and(|label| label.is_gone()));
        assert!(find("ubuntu-22.04").is_some_and(|label| !label.is_gone()));
    }
}
