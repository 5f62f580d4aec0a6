//! What a language sees of a component, and what all languages ask of it.

use super::{Language, Purpose};
use crate::blocks::words::RepoPath;
use crate::pipeline::{Expression, Part, Step, Text};

/// A component as its language sees it. Steps run in its folder already.
#[derive(Debug, Clone)]
pub struct Component<'a> {
    /// Its folder, `.` for the root.
    pub path: Folder<'a>,
    /// The folder of its source, within its folder.
    pub source: &'a str,
    /// The version of the language.
    pub version: Text,
    /// The package manager with its version, if one is named.
    pub package_manager: Option<(&'a str, Option<&'a str>)>,
    /// Files that list dependencies.
    pub dependencies: &'a [RepoPath],
    /// The lock file of the package manager.
    pub lockfile: Lockfile<'a>,
    /// The command that installs the dependencies, if the usual one does not.
    pub install: Option<&'a str>,
    /// Packages of the runner's system that its dependencies and tests need.
    pub system_packages: &'a [String],
    /// Tools that its checks name.
    pub tools: Vec<&'static str>,
    /// Whether downloads are kept for the next run. Never where a release is made:
    /// whoever can write to the cache could change what is released.
    pub cached: bool,
}

/// Where the lock file of a package manager lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lockfile<'a> {
    /// In the component's folder, under its usual name.
    Usual,
    /// Here, from the root of the repository: that of a workspace.
    At(&'a str),
    /// Nowhere.
    Missing,
}

impl<'a> Lockfile<'a> {
    /// The folder in which to install, if not the component's.
    pub(super) fn folder(self) -> Option<&'a str> {
        match self {
            Self::At(path) => Some(path.rsplit_once('/').map_or(".", |(folder, _)| folder)),
            Self::Usual | Self::Missing => None,
        }
    }
}

/// The folder of a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Folder<'a> {
    /// This one.
    Fixed(&'a str),
    /// The one that `matrix.path` names.
    Matrix,
}

impl Component<'_> {
    /// The package manager, or the language's default.
    pub fn manager<'s>(&'s self, language: &'s Language) -> &'s str {
        let default = language
            .package_managers
            .first()
            .copied()
            .unwrap_or_default();
        self.package_manager.map_or(default, |(name, _)| name)
    }

    /// A file of the component, from the root of the repository, for inputs of actions.
    pub fn file(&self, path: &str) -> Text {
        match self.path {
            Folder::Fixed(_) => Text::literal(self.fixed_file(path)),
            Folder::Matrix => Text::code("matrix.path").then(format!("/{path}")),
        }
    }

    /// The same for commands, where there is no matrix.
    pub fn fixed_file(&self, path: &str) -> String {
        match self.path {
            Folder::Fixed(".") | Folder::Matrix => path.to_owned(),
            Folder::Fixed(folder) if path == "." => folder.to_owned(),
            Folder::Fixed(folder) => format!("{folder}/{path}"),
        }
    }

    /// Its folder, for inputs of actions; `None` for the root.
    pub fn folder(&self) -> Option<Text> {
        match self.path {
            Folder::Fixed(".") => None,
            Folder::Fixed(folder) => Some(folder.into()),
            Folder::Matrix => Some(Text::code("matrix.path")),
        }
    }

    /// The hash of files of the component, for keys of caches.
    pub(super) fn hash(&self, files: &[&str]) -> Text {
        let quoted = |file: &&str| match self.path {
            Folder::Fixed(_) => Expression::literal(&self.fixed_file(file))
                .code()
                .to_owned(),
            Folder::Matrix => format!("format('{{0}}/{file}', matrix.path)"),
        };
        let files: Vec<_> = files.iter().map(quoted).collect();
        Text::code(format!("hashFiles({})", files.join(", ")))
    }

    /// A cache of these folders that is renewed when one of the files changes.
    pub(super) fn cache(&self, name: &str, folders: Vec<Text>, files: &[&str]) -> Step {
        let start = Text::literal(format!("{name}-"))
            .then(Text::code("runner.os"))
            .then("-")
            .then(self.version.clone())
            .then("-");
        Step::uses("Keep downloads for the next run", "actions/cache")
            .with("path", Text::lines(folders))
            .with("key", start.clone().then(self.hash(files)))
            .with("restore-keys", start)
    }

    /// The version, unless it comes from a matrix.
    pub(super) fn fixed_version(&self) -> Option<&str> {
        match self.version.parts() {
            [Part::Literal(version)] => Some(version),
            _ => None,
        }
    }

    /// Whether a check of the component is this tool.
    pub(super) fn lints_with(&self, tool: &str, purpose: Purpose) -> bool {
        matches!(purpose, Purpose::Lint { .. }) && self.tools.contains(&tool)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing;
    use super::*;

    #[test]
    fn hashes_find_the_files_of_each_part() {
        let fixed = testing::component(None);
        assert_eq!(
            fixed.hash(&["a.lock"]).to_string(),
            "${{ hashFiles('api/a.lock') }}"
        );
        let each = Component {
            path: Folder::Matrix,
            ..fixed
        };
        assert_eq!(
            each.hash(&["a.lock", "b"]).to_string(),
            "${{ hashFiles(format('{0}/a.lock', matrix.path), format('{0}/b', matrix.path)) }}"
        );
    }
}
