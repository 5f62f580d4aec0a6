//! What other linters call the rules of ours.

const TABLE: &str = include_str!("data/equivalents.tsv");

/// Returns the rules that look for what an audit of zizmor looks for; this version may
/// lack some of them. Nothing for a name that is not known.
pub fn of_zizmor(audit: &str) -> Option<impl Iterator<Item = &'static str>> {
    let (_, rules) = rows().find(|(name, _)| *name == audit)?;
    Some(rules.split(' '))
}

fn rows() -> impl Iterator<Item = (&'static str, &'static str)> {
    let rows = TABLE.lines().filter(|line| !line.starts_with('#'));
    rows.filter_map(|row| row.split_once('\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_complete() {
        let names: Vec<_> = rows().map(|(name, _)| name).collect();
        assert_eq!(names.len(), TABLE.lines().count() - 1);
        assert!(names.is_sorted());
        let rules: Vec<_> = of_zizmor("artipacked").unwrap().collect();
        assert_eq!(rules, ["artifact-sensitive", "persist-credentials"]);
        assert!(of_zizmor("no-such-audit").is_none());
    }
}
