//! The names of releases: `v4.2.1`, `1.6`, `bundle-v3.0.0`.

use std::cmp::Ordering;

/// More numbers than that are a date or an address, and longer ones a time.
const MOST_NUMBERS: usize = 4;
const LONGEST_NUMBER: usize = 9;

/// A tag that names a finished release: what stands before its numbers, and these.
///
/// Pre-releases (`v2.0.0-rc.1`) and branches are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Release<'t> {
    /// What stands before: mostly nothing, a `v` left out.
    line: &'t str,
    numbers: [u32; MOST_NUMBERS],
    /// How many of the numbers are written.
    count: usize,
}

impl<'t> Release<'t> {
    /// Reads a tag.
    pub fn parse(tag: &'t str) -> Option<Self> {
        let rest = tag.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        let mut release = Self {
            line: rest.strip_suffix(['v', 'V']).unwrap_or(rest),
            numbers: [0; MOST_NUMBERS],
            count: 0,
        };
        for number in tag[rest.len()..].split('.') {
            let fits = (1..=LONGEST_NUMBER).contains(&number.len());
            *release.numbers.get_mut(release.count).filter(|_| fits)? = number.parse().ok()?;
            release.count += 1;
        }
        // Behind a letter, as in `v2-rc1` or `release2`, the digits may mean anything.
        let ended = release.line.is_empty() || release.line.ends_with(['-', '_', '/', '@']);
        let finished = !release.line.contains(|c: char| c.is_ascii_digit());
        (ended && finished).then_some(release)
    }

    /// Reads a tag, or of a pre-release the release that it came before.
    pub fn at_least(tag: &'t str) -> Option<Self> {
        Self::parse(tag).or_else(|| {
            let cuts = tag.match_indices(['-', '+']);
            cuts.filter_map(|(at, _)| Self::parse(&tag[..at])).next()
        })
    }

    /// Says whether it names one release rather than the newest of several.
    pub fn is_full(self) -> bool {
        self.count >= 3
    }

    /// How many numbers are written; more say more.
    pub fn precision(self) -> usize {
        self.count
    }

    /// The first number.
    pub fn major(self) -> u32 {
        self.numbers[0]
    }

    /// Says whether nothing but a `v` stands before the numbers.
    pub fn is_plain(self) -> bool {
        self.line.is_empty()
    }

    /// Says whether both are releases of the same thing.
    pub fn is_kin(self, other: Release<'_>) -> bool {
        self.line == other.line
    }

    /// Compares the numbers; what is not written counts as 0.
    pub fn compare(self, other: Release<'_>) -> Ordering {
        self.numbers.cmp(&other.numbers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compare(one: &str, other: &str) -> Ordering {
        let [one, other] = [one, other].map(|tag| Release::parse(tag).expect(tag));
        assert!(one.is_kin(other));
        one.compare(other)
    }

    #[test]
    fn numbers_count_not_letters() {
        assert_eq!(compare("v4.10.0", "v4.9.1"), Ordering::Greater);
        assert_eq!(compare("1.6", "v1.6.0"), Ordering::Equal);
        assert_eq!(compare("v4", "v4.0.1"), Ordering::Less);
        assert_eq!(compare("bundle-v2.0.1", "bundle-v2.0.0"), Ordering::Greater);
    }

    #[test]
    fn pre_releases_branches_and_addresses_are_no_releases() {
        for tag in [
            "main",
            "v",
            "",
            "v1.2.3-rc1",
            "v1.2.3-rc.1",
            "v2-beta",
            "v1..2",
            "v1.",
            "release2",
            "v1.2.3.4.5",
            "v99999999999",
            "v1.2.3-1",
            "1.2.3+build.5",
        ] {
            assert_eq!(Release::parse(tag), None, "{tag}");
        }
        assert_eq!(Release::at_least("v2.0.0-rc.1"), Release::parse("v2.0.0"));
        assert_eq!(Release::at_least("main"), None);
    }

    #[test]
    fn a_line_of_its_own_is_no_kin() {
        let [one, other] = ["v2.0.0", "bundle-v2.0.0"].map(|tag| Release::parse(tag).unwrap());
        assert!(!one.is_kin(other));
        assert_eq!((one.is_full(), one.major(), one.precision()), (true, 2, 3));
    }
}
