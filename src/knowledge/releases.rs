//! Actions that publish a release.

use std::sync::LazyLock;

const TABLE: &str = include_str!("data/releases.tsv");

/// The rows, read once.
static MAKERS: LazyLock<Vec<Maker>> = LazyLock::new(|| {
    let rows = TABLE.lines().filter(|line| !line.starts_with('#'));
    let makers = rows.filter_map(|row| {
        let (action, token) = row.split_once('\t')?;
        let token = Some(token).filter(|token| *token != "-");
        Some(Maker { action, token })
    });
    makers.collect()
});

/// An action that publishes a release.
#[derive(Debug, Clone, Copy)]
pub struct Maker {
    /// Its repository, in lower case.
    pub action: &'static str,
    /// The input of its token; nothing if that comes through the environment.
    pub token: Option<&'static str>,
}

/// Returns all actions, sorted.
pub fn all() -> impl Iterator<Item = Maker> {
    MAKERS.iter().copied()
}

/// Returns the action that a `uses` names, if it publishes a release.
pub fn find(uses: &str) -> Option<Maker> {
    let (name, _) = uses.split_once('@')?;
    all().find(|maker| maker.action.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_in_lower_case() {
        let names: Vec<_> = all().map(|maker| maker.action).collect();
        assert!(names.is_sorted() && !names.is_empty());
        assert!(names.iter().all(|name| *name == name.to_ascii_lowercase()));
        assert!(find("Softprops/action-gh-release@v3").is_some());
    }
}
