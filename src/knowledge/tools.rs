//! Versions of the command-line tools that generated jobs install.

const TABLE: &str = include_str!("data/tools.tsv");

/// The version to install of a tool. Every tool that a block names is in the
/// table, which the tests of the blocks make sure of.
pub fn version(tool: &str) -> &'static str {
    let rows = TABLE.lines().filter(|line| !line.starts_with('#'));
    let mut columns = rows.map(|line| line.split('\t'));
    let row = columns.find_map(|mut row| (row.next() == Some(tool)).then(|| row.next()).flatten());
    row.unwrap_or_else(|| unreachable!("internal error: `{tool}` is not in tools.tsv"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_whole() {
        let rows: Vec<_> = TABLE
            .lines()
            .filter(|line| !line.starts_with('#'))
            .collect();
        assert!(rows.is_sorted());
        assert!(rows.iter().all(|row| row.split('\t').count() == 3));
        assert_eq!(version("bandit").split('.').count(), 3);
    }
}
