//! The contexts of expressions.

const TABLE: &str = include_str!("data/contexts.tsv");

/// Says whether GitHub knows a context of this name somewhere; case does not count.
pub fn is_known(name: &str) -> bool {
    let mut rows = TABLE.lines().filter(|line| !line.starts_with('#'));
    rows.any(|row| row.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        let rows: Vec<_> = TABLE
            .lines()
            .filter(|line| !line.starts_with('#'))
            .collect();
        assert!(rows.is_sorted());
        assert!(is_known("GitHub") && !is_known("git"));
    }
}
