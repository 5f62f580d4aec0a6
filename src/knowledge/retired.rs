//! What GitHub's grammar still takes and GitHub no longer has.

use std::sync::LazyLock;

const TABLE: &str = include_str!("data/retired.tsv");

/// The rows, read once.
static RETIRED: LazyLock<Vec<Retired>> = LazyLock::new(|| {
    let rows = TABLE.lines().filter(|line| !line.starts_with('#'));
    let retired = rows.filter_map(|row| {
        let mut columns = row.split('\t');
        Some(Retired {
            kind: columns.next()?,
            name: columns.next()?,
            since: columns.next()?,
            of: columns.next()?,
        })
    });
    retired.collect()
});

/// A name without a meaning.
#[derive(Debug, Clone, Copy)]
pub struct Retired {
    /// `event` or `permission`.
    pub kind: &'static str,
    /// The name.
    pub name: &'static str,
    /// The day since which it is gone.
    pub since: &'static str,
    /// What it belonged to.
    pub of: &'static str,
}

/// Returns all names, sorted by kind.
pub fn all() -> impl Iterator<Item = Retired> {
    RETIRED.iter().copied()
}

/// Returns what is known of a name, if it is gone.
pub fn find(kind: &str, name: &str) -> Option<Retired> {
    all().find(|row| row.kind == kind && row.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::grammar::grammar;

    #[test]
    fn the_table_is_sorted_and_the_grammar_still_takes_its_names() {
        let rows: Vec<_> = all().map(|row| (row.kind, row.name)).collect();
        assert!(rows.is_sorted() && !rows.is_empty());
        assert!(all().all(|row| matches!(row.kind, "event" | "permission")));
        let mut events = all().filter(|row| row.kind == "event");
        assert!(events.all(|row| grammar().events.contains_key(row.name)));
    }
}
