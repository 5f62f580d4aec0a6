//! What a repository says about findings, and what one run is asked for.
//!
//! Where they come from is not known here: a manifest, a file of their own, flags.

use std::collections::BTreeMap;

use crate::diagnostics::Severity;
use crate::glob;
use crate::knowledge::platforms::Platform;
use crate::lint::{File, Rule};

/// What findings of a rule weigh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// So much.
    Told(Severity),
    /// They are not told.
    Off,
}

/// Levels by the name of a rule or of a group of rules.
pub type Levels = BTreeMap<String, Level>;

/// What a repository says about its findings.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// For all files.
    pub rules: Levels,
    /// For the files that a pattern covers; of several patterns the last counts.
    pub paths: Vec<(String, Levels)>,
    /// Patterns of files that are not looked at.
    pub ignore: Vec<String>,
    /// Labels of the repository's own runners, as globs.
    pub runners: Vec<String>,
    /// The names of all configuration variables, if they are known.
    pub variables: Option<Vec<String>>,
    /// The names of all secrets, if they are known.
    pub secrets: Option<Vec<String>>,
    /// The names of all environments, if they are known.
    pub environments: Option<Vec<String>>,
    /// The environments of the manifest, which need not be all.
    pub managed: Vec<String>,
    /// Where the workflows run.
    pub platform: Platform,
}

impl Settings {
    /// The settings of a repository that says nothing.
    pub const NONE: &Self = &Self {
        rules: Levels::new(),
        paths: Vec::new(),
        ignore: Vec::new(),
        runners: Vec::new(),
        variables: None,
        secrets: None,
        environments: None,
        managed: Vec::new(),
        platform: Platform::GitHub,
    };

    /// Says whether a file is not to be looked at.
    pub fn ignores(&self, path: &str) -> bool {
        self.ignore.iter().any(|pattern| covers(pattern, path))
    }

    /// Returns the level of a rule's findings in a file, if anything is said about it.
    fn level(&self, rule: &Rule, path: &str) -> Option<Level> {
        let own = self.paths.iter().rev();
        let own = own.filter(|(pattern, _)| covers(pattern, path));
        let mut all = own.map(|(_, levels)| levels).chain([&self.rules]);
        all.find_map(|levels| {
            let group = rule.group.as_str();
            levels.get(rule.id).or_else(|| levels.get(group)).copied()
        })
    }
}

/// The settings of repositories, by the name that their files have for them.
pub type ByRepository = BTreeMap<String, Settings>;

/// What one run is asked for.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// What the repositories say.
    pub settings: ByRepository,
    /// Groups and rules to tell of; all but those of policy if there are none.
    pub select: Vec<String>,
    /// Groups and rules not to tell of.
    pub ignore: Vec<String>,
}

impl Options {
    /// Returns what the repository of a file says.
    pub(super) fn settings_of(&self, file: &File) -> &Settings {
        let settings = self.settings.get(&file.repository);
        settings.unwrap_or(Settings::NONE)
    }

    /// Returns how much a finding of a rule weighs in a file of a repository with these
    /// settings; nothing if it is not told.
    pub(super) fn weigh(
        &self,
        rule: &Rule,
        file: &File,
        settings: &Settings,
        own: Severity,
    ) -> Option<Severity> {
        let named = |names: &[String], name: &str| names.iter().any(|one| one == name);
        let group = rule.group.as_str();
        let wanted = named(&self.select, rule.id);
        let wanted_group = named(&self.select, group);
        if named(&self.ignore, rule.id) || (named(&self.ignore, group) && !wanted) {
            return None;
        }
        if !(wanted || wanted_group || self.select.is_empty()) {
            return None;
        }
        match settings.level(rule, &file.path) {
            Some(Level::Told(severity)) => Some(severity),
            Some(Level::Off) => wanted.then_some(own),
            None if !rule.group.is_default() => (wanted || wanted_group).then_some(own),
            None => Some(own),
        }
    }
}

/// Says whether a pattern covers a path: it matches the path or a folder above it. One
/// without `/` may match a file or folder wherever it stands.
fn covers(pattern: &str, path: &str) -> bool {
    let anywhere = !pattern.trim_end_matches('/').contains('/');
    let ends = path
        .match_indices('/')
        .map(|(at, _)| at)
        .chain([path.len()]);
    ends.map(|end| &path[..end]).any(|path| {
        let name = path.rsplit('/').next().unwrap_or(path);
        glob::matches(pattern, path) || (anywhere && glob::matches(pattern, name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::{FileKind, all};
    use crate::source::SourceId;

    fn weigh(options: &Options, rule: &str, path: &str) -> Option<Severity> {
        let rule = *all().iter().find(|one| one.id == rule).unwrap();
        let file = File {
            id: SourceId(0),
            kind: FileKind::Workflow,
            repository: String::new(),
            path: path.to_owned(),
            wanted: true,
            absent: Vec::new(),
        };
        options.weigh(rule, &file, options.settings_of(&file), rule.severity)
    }

    fn options(rules: &[(&str, Level)], paths: &[(&str, &str, Level)]) -> Options {
        let levels = |name: &str, level| (name.to_owned(), level);
        let paths = paths.iter().map(|(pattern, name, level)| {
            let levels = Levels::from([levels(name, *level)]);
            ((*pattern).to_owned(), levels)
        });
        let settings = Settings {
            rules: rules
                .iter()
                .map(|(name, level)| levels(name, *level))
                .collect(),
            paths: paths.collect(),
            ..Settings::default()
        };
        Options {
            settings: [(String::new(), settings)].into(),
            ..Options::default()
        }
    }

    const NOTE: Level = Level::Told(Severity::Note);

    #[test]
    fn patterns_cover_files_and_folders() {
        for (pattern, path, expected) in [
            ("vendor", "a/vendor/x/action.yml", true),
            ("vendor/", "vendor/x/action.yml", true),
            ("/vendor", "vendor/x/action.yml", true),
            ("a/vendor", "b/a/vendor/x.yml", false),
            ("**/vendor", "b/a/vendor/x.yml", true),
            ("legacy-*.yml", ".github/workflows/legacy-1.yml", true),
            (".github/workflows/*.yml", ".github/workflows/ci.yml", true),
            (
                ".github/workflows/*.yml",
                ".github/workflows/ci.yaml",
                false,
            ),
            ("ci.yml", ".github/workflows/ci.yml.txt", false),
        ] {
            assert_eq!(covers(pattern, path), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn the_nearest_word_counts() {
        let all = options(
            &[("correctness", NOTE), ("needs-cycle", Level::Off)],
            &[
                ("old", "needs-cycle", Level::Told(Severity::Warning)),
                ("old/very", "correctness", Level::Off),
            ],
        );
        let note = Some(Severity::Note);
        assert_eq!(weigh(&all, "unknown-key", "ci.yml"), note);
        assert_eq!(weigh(&all, "needs-cycle", "ci.yml"), None);
        assert_eq!(
            weigh(&all, "needs-cycle", "old/ci.yml"),
            Some(Severity::Warning)
        );
        assert_eq!(weigh(&all, "unknown-key", "old/ci.yml"), note);
        assert_eq!(weigh(&all, "needs-cycle", "old/very/ci.yml"), None);
    }

    #[test]
    fn a_run_may_ask_for_less_and_for_what_is_off() {
        let mut all = options(&[("needs-cycle", Level::Off)], &[]);
        all.select = vec!["needs-cycle".to_owned()];
        assert_eq!(weigh(&all, "needs-cycle", "x"), Some(Severity::Error));
        assert_eq!(weigh(&all, "unknown-key", "x"), None);
        all.select = vec!["correctness".to_owned()];
        assert_eq!(weigh(&all, "needs-cycle", "x"), None);
        assert_eq!(weigh(&all, "unknown-key", "x"), Some(Severity::Error));
        all.ignore = vec!["unknown-key".to_owned()];
        assert_eq!(weigh(&all, "unknown-key", "x"), None);
    }
}
