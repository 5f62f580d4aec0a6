//! The contexts of expressions.

const TABLE: &str = include_str!("data/contexts.tsv");

/// Returns the names of all contexts, sorted.
pub fn all() -> impl Iterator<Item = &'static str> {
    TABLE.lines().filter(|line| !line.starts_with('#'))
}

/// Returns the place of a context, in any case, among all.
pub fn position(name: &str) -> Option<usize> {
    all().position(|known| known.eq_ignore_ascii_case(name))
}

/// Says whether GitHub knows a context of this name somewhere; case does not count.
pub fn is_known(name: &str) -> bool {
    position(name).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(all().is_sorted());
        assert!(is_known("GitHub") && !is_known("git"));
    }
}
