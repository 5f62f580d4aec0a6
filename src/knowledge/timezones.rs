//! The names of time zones.

const TABLE: &str = include_str!("data/timezones.txt");

/// Returns all names, sorted.
pub fn all() -> impl Iterator<Item = &'static str> {
    TABLE.lines().filter(|line| !line.starts_with('#'))
}

/// Says whether there is a time zone of this name; case does not count.
pub fn is_known(name: &str) -> bool {
    all().any(|known| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_whole() {
        assert!(all().is_sorted());
        assert!(all().count() > 400);
        assert!(is_known("Europe/Berlin") && is_known("UTC") && !is_known("Europe/Berln"));
    }
}
