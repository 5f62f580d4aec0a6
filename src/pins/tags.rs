//! The tags of an action's repository, and which of them an action should stand at.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet};

use crate::knowledge::actions::Pin;
use crate::lock::{Release, is_commit};

/// How far an update may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Within the major version.
    Major,
    /// To any newer release.
    Any,
}

/// Tags with the commits that they stand for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tags(BTreeMap<String, String>);

impl Tags {
    /// Reads what `git ls-remote --tags` prints. A tag with a text of its own stands for
    /// the commit that it names, which is the line that ends in `^{}`.
    pub fn parse(text: &str) -> Self {
        let mut tags = BTreeMap::new();
        for line in text.lines() {
            let Some((sha, name)) = line.split_once("\trefs/tags/") else {
                continue;
            };
            if !is_commit(sha) {
                continue;
            }
            match name.strip_suffix("^{}") {
                Some(name) => _ = tags.insert(name.to_owned(), sha.to_owned()),
                None => {
                    _ = tags
                        .entry(name.to_owned())
                        .or_insert_with(|| sha.to_owned())
                }
            }
        }
        Self(tags)
    }

    /// The commit of a tag.
    pub fn commit(&self, tag: &str) -> Option<&str> {
        self.0.get(tag).map(String::as_str)
    }

    /// The release that a commit belongs to: the one that says most.
    pub fn release_of(&self, sha: &str) -> Option<&str> {
        let tags = self.0.iter().filter(|(_, commit)| *commit == sha);
        let releases = tags.filter_map(|(tag, _)| Some((Release::parse(tag)?, tag)));
        let most = releases.max_by_key(|(release, tag)| (release.precision(), Reverse(*tag)));
        most.map(|(_, tag)| tag.as_str())
    }

    /// Returns the release that a pin stands at: its commit knows better than its comment.
    pub fn current<'t>(&'t self, pin: &'t Pin) -> &'t str {
        self.release_of(&pin.sha).unwrap_or(&pin.tag)
    }

    /// Whether a full release now stands for another commit than the pin's, which no
    /// honest release does.
    pub fn has_moved(&self, pin: &Pin) -> bool {
        let full = Release::parse(&pin.tag).is_some_and(Release::is_full);
        let commit = self
            .commit(&pin.tag)
            .filter(|_| full && !pin.sha.is_empty());
        commit.is_some_and(|commit| commit != pin.sha) && self.release_of(&pin.sha).is_none()
    }

    /// Returns the releases that are newer than a pin, or all that there are, the newest
    /// first. Of a major version with full releases only these count, since `v4` moves.
    pub fn newer(&self, pin: Option<&Pin>, reach: Reach) -> Vec<Pin> {
        let known = pin.map(|pin| (pin, self.current(pin)));
        let at = known.and_then(|(pin, tag)| Some((pin, Release::at_least(tag)?, tag)));
        if pin.is_some() && at.is_none() {
            return Vec::new();
        }
        let releases = self.0.iter().filter_map(|(tag, commit)| {
            let release = Release::parse(tag)?;
            let kin = at.map_or_else(|| release.is_plain(), |(_, at, _)| release.is_kin(at));
            kin.then_some((release, tag, commit))
        });
        let all: Vec<_> = releases.collect();
        let full = all.iter().filter(|(release, ..)| release.is_full());
        let full: BTreeSet<u32> = full.map(|(release, ..)| release.major()).collect();
        let mut newer: Vec<_> = all
            .into_iter()
            .filter(|(release, ..)| release.is_full() || !full.contains(&release.major()))
            .filter(|(release, tag, commit)| {
                at.is_none_or(|(pin, at, current)| {
                    let within = reach == Reach::Any || release.major() == at.major();
                    within && is_newer(*release, tag, commit, (pin, at, current))
                })
            })
            .collect();
        newer.sort_by(|(one, one_tag, _), (other, other_tag, _)| {
            let by_numbers = other.compare(*one);
            by_numbers
                .then(other.precision().cmp(&one.precision()))
                .then_with(|| one_tag.cmp(other_tag))
        });
        newer
            .into_iter()
            .map(|(_, tag, commit)| Pin {
                action: String::new(),
                tag: tag.clone(),
                sha: commit.clone(),
            })
            .collect()
    }
}

fn is_newer(
    release: Release<'_>,
    tag: &str,
    commit: &str,
    (pin, at, current): (&Pin, Release<'_>, &str),
) -> bool {
    match release.compare(at) {
        Ordering::Greater => true,
        Ordering::Less => false,
        // `v2.0.0` follows `v2.0.0-rc.1`; and a tag like `v3`, where there is nothing
        // fuller, moves on by design.
        Ordering::Equal => {
            let before = Release::parse(current).is_none();
            let moves = !release.is_full() && tag == current && !pin.sha.is_empty();
            before || (moves && commit != pin.sha)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sha(letter: char) -> String {
        letter.to_string().repeat(40)
    }

    fn tags(all: &[(&str, char)]) -> Tags {
        let line = |(tag, letter): &(&str, char)| format!("{}\trefs/tags/{tag}\n", sha(*letter));
        Tags::parse(&all.iter().map(line).collect::<String>())
    }

    fn pin(tag: &str, letter: char) -> Pin {
        Pin {
            action: "a/b".to_owned(),
            tag: tag.to_owned(),
            sha: sha(letter),
        }
    }

    fn newer(tags: &Tags, pin: &Pin, reach: Reach) -> Vec<String> {
        let newer = tags.newer(Some(pin), reach).into_iter();
        newer.map(|pin| pin.tag).collect()
    }

    #[test]
    fn the_newest_comes_first_and_majors_only_if_asked_for() {
        let tags = tags(&[
            ("v4", 'c'),
            ("v4.2.0", 'a'),
            ("v4.10.0", 'c'),
            ("v4.9.0", 'b'),
            ("v5.0.0", 'd'),
            ("v5.1.0-rc.1", 'e'),
            ("nightly", 'f'),
        ]);
        let at = pin("v4.2.0", 'a');
        assert_eq!(newer(&tags, &at, Reach::Major), ["v4.10.0", "v4.9.0"]);
        assert_eq!(newer(&tags, &at, Reach::Any)[0], "v5.0.0");
        assert!(newer(&tags, &pin("v5.0.0", 'd'), Reach::Any).is_empty());
    }

    #[test]
    fn a_commit_knows_its_release_better_than_a_comment() {
        let tags = tags(&[
            ("v1", 'b'),
            ("v1.0.0", 'a'),
            ("v1.1.0", 'b'),
            ("v1.2.0", 'c'),
        ]);
        assert_eq!(tags.release_of(&sha('b')), Some("v1.1.0"));
        // Somebody raised the commit and not the comment.
        assert_eq!(newer(&tags, &pin("v1.0.0", 'b'), Reach::Major), ["v1.2.0"]);
        // A comment that promises more than the commit keeps does not hold it back.
        assert_eq!(newer(&tags, &pin("v9.0.0", 'b'), Reach::Major), ["v1.2.0"]);
    }

    #[test]
    fn of_a_tag_with_a_text_the_commit_counts() {
        let text = format!(
            "{}\trefs/tags/v1.0.0\n{}\trefs/tags/v1.0.0^{{}}\nfatal: x\n",
            sha('a'),
            sha('b')
        );
        assert_eq!(Tags::parse(&text).commit("v1.0.0"), Some(&*sha('b')));
    }

    #[test]
    fn a_full_release_that_moved_is_noticed_and_not_followed() {
        let tags = tags(&[("v1.0.0", 'b'), ("v1", 'b')]);
        assert!(tags.has_moved(&pin("v1.0.0", 'a')));
        assert!(newer(&tags, &pin("v1.0.0", 'a'), Reach::Any).is_empty());
        assert!(!tags.has_moved(&pin("v1", 'a')));
    }

    #[test]
    fn where_there_are_only_tags_that_move_they_are_followed() {
        let tags = tags(&[("v3", 'b'), ("v2", 'c')]);
        assert_eq!(newer(&tags, &pin("v3", 'a'), Reach::Major), ["v3"]);
        assert!(newer(&tags, &pin("v3", 'b'), Reach::Major).is_empty());
    }

    #[test]
    fn a_pre_release_is_left_for_the_release_it_came_before() {
        let tags = tags(&[("v2.0.0-rc.1", 'a'), ("v2.0.0", 'b'), ("v1.9.0", 'c')]);
        assert_eq!(
            newer(&tags, &pin("v2.0.0-rc.1", 'a'), Reach::Major),
            ["v2.0.0"]
        );
    }

    #[test]
    fn other_lines_and_branches_are_left_alone() {
        let tags = tags(&[("bundle-v3.0.0", 'a'), ("v2.0.0", 'b'), ("v1.0.0", 'c')]);
        assert_eq!(newer(&tags, &pin("v1.0.0", 'c'), Reach::Any), ["v2.0.0"]);
        assert!(newer(&tags, &pin("main", 'f'), Reach::Any).is_empty());
        let first = tags.newer(None, Reach::Any);
        assert_eq!(first[0].tag, "v2.0.0");
    }
}
