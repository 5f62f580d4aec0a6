//! The Node.js versions that actions run on.

use std::sync::LazyLock;

const TABLE: &str = include_str!("data/runtimes.tsv");

/// The names of the versions, the newest first, each with the day on which it was gone.
static VERSIONS: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('\t')).collect()
});

/// A Node.js version that runners no longer have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Removed {
    /// From which day on.
    pub since: &'static str,
    /// What runs its actions instead.
    pub instead: &'static str,
    /// How many versions lie between it and that.
    pub distance: usize,
}

impl Removed {
    /// Returns what that means, in words.
    pub fn explained(&self) -> String {
        let Self { since, instead, .. } = self;
        format!("runners lack it since {since} and use {instead} instead")
    }
}

/// Says whether and since when runners lack what an action runs on, such as `node16`.
pub fn removed(using: &str) -> Option<Removed> {
    let ((instead, _), older) = VERSIONS.split_first()?;
    let distance = older.iter().position(|(name, _)| *name == using)?;
    let (_, since) = older[distance];
    Some(Removed {
        since,
        instead,
        distance,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_runners_lack_has_a_date_and_a_successor() {
        assert_eq!(removed("node24"), None);
        assert_eq!(removed("composite"), None);
        for (using, distance) in [("node20", 0), ("node16", 1), ("node12", 2)] {
            let found = removed(using).expect(using);
            assert_eq!((found.instead, found.distance), ("node24", distance));
            assert!(found.since.starts_with("20"), "{found:?}");
        }
    }
}
