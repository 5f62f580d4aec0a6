//! Which write access actions and commands need of a job's token.

use std::sync::LazyLock;

use crate::knowledge::any_case;

const TABLE: &str = include_str!("data/needs.tsv");

/// The rows by name, in order.
static NEEDS: LazyLock<Vec<(&str, Need)>> = LazyLock::new(|| {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    let rows = lines.filter_map(|line| {
        let mut columns = line.split('\t');
        let who = columns.next()?;
        let (scopes, inputs) = (columns.next()?, columns.next()?);
        Some((who, Need { scopes, inputs }))
    });
    let mut rows: Vec<_> = rows.collect();
    rows.sort_by(|(one, _), (other, _)| any_case(one, other));
    rows
});

/// What an action or a command needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    scopes: &'static str,
    inputs: &'static str,
}

impl Need {
    /// Returns the scopes that must be writable; of each inner list one is enough.
    pub fn scopes(self) -> impl Iterator<Item = impl Iterator<Item = &'static str> + Clone> {
        let all = self.scopes.split_ascii_whitespace();
        all.map(|either| either.split('|'))
    }

    /// Says whether it has the need when it is given these inputs.
    pub fn applies(self, is_given: impl Fn(&str) -> bool) -> bool {
        let mut conditions = self.inputs.split_ascii_whitespace();
        conditions.all(|condition| match condition.strip_prefix('!') {
            Some(input) => !is_given(input),
            None => is_given(condition),
        })
    }
}

/// Returns what an action (`owner/name[/path]`, in any case) or a command (`gh pr create`) needs.
pub fn need(who: &str) -> Option<Need> {
    let found = NEEDS.binary_search_by(|(known, _)| any_case(known, who));
    let at = found.ok()?;
    Some(NEEDS[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_its_rows_are_whole() {
        let rows: Vec<_> = TABLE
            .lines()
            .filter(|line| !line.starts_with('#'))
            .collect();
        assert!(rows.is_sorted_by(|a, b| a < b));
        for row in rows {
            let [who, scopes, _] = row.split('\t').collect::<Vec<_>>()[..] else {
                panic!("three columns: {row:?}");
            };
            assert!(who.contains('/') || who.starts_with("gh "), "{who}");
            assert!(!scopes.is_empty() && need(who).is_some(), "{who}");
        }
    }

    #[test]
    fn a_need_may_depend_on_inputs() {
        let publish = need("PyPA/gh-action-pypi-publish").expect("known");
        assert!(publish.applies(|_| false));
        assert!(!publish.applies(|input| input == "password"));
        let scopes = publish.scopes().map(|either| either.collect::<Vec<_>>());
        assert_eq!(scopes.collect::<Vec<_>>(), [["id-token"]]);
        assert_eq!(need("gh pr view"), None);
    }
}
