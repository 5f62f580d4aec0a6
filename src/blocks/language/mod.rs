//! Languages: how a component is set up, checked and tested.
//!
//! To add one: its file beside this one, a `mod` line and its line in [`ALL`].
//! A language is a table of facts and three functions; it decides nothing about
//! jobs.

mod node;
mod python;

use super::words::RepoPath;
use crate::pipeline::{Step, Text};

/// Every language, by name.
pub static ALL: &[&Language] = &[&node::LANGUAGE, &python::LANGUAGE];

/// What is known of a language.
#[derive(Debug)]
pub struct Language {
    /// Its names in manifests, the usual one first.
    pub names: &'static [&'static str],
    /// The version when the manifest names none.
    pub default_version: &'static str,
    /// Its package managers, the default first.
    pub package_managers: &'static [&'static str],
    /// The static checks it knows by name.
    pub tools: &'static [Tool],
    /// Steps that install the toolchain and the dependencies.
    pub setup: fn(&Component<'_>, Purpose) -> Vec<Step>,
    /// What commands of the project start with, such as `uv run `.
    pub prefix: fn(&Component<'_>) -> &'static str,
    /// The command of the unit tests when the manifest names none.
    pub test: fn(&Component<'_>) -> &'static str,
    /// Steps that run a suite and fail below the coverage that is asked for.
    pub covered: fn(&Component<'_>, &Covered<'_>) -> Vec<Step>,
    /// Steps that put the coverage of several suites together and judge it.
    pub combine: Option<fn(&Component<'_>, u32) -> Vec<Step>>,
}

/// A static check that is known by name.
#[derive(Debug)]
pub struct Tool {
    /// Its name in manifests.
    pub name: &'static str,
    /// What the step is called.
    pub title: &'static str,
    /// The command up to its arguments; `{source}` is the folder.
    pub command: &'static str,
    /// Whether it must see the dependencies of the component.
    pub needs_dependencies: bool,
}

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
    /// The command that installs the dependencies, if the usual one does not.
    pub install: Option<&'a str>,
    /// Tools that its checks name.
    pub tools: Vec<&'static str>,
    /// Whether downloads are kept for the next run. Never where a release is made:
    /// whoever can write to the cache could change what is released.
    pub cached: bool,
}

/// The folder of a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Folder<'a> {
    /// This one.
    Fixed(&'a str),
    /// The one that `matrix.path` names.
    Matrix,
}

/// The name of the step that installs a component's dependencies in its folder.
pub const INSTALL: &str = "Install dependencies";

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
}

/// What a set-up is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Static checks; `dependencies` says whether one of them needs the dependencies.
    Lint {
        /// Whether the dependencies are installed.
        dependencies: bool,
    },
    /// Tests and builds.
    Test,
    /// Scans of what is installed: the dependencies and no tools.
    Scan,
}

/// A suite that runs with coverage.
pub struct Covered<'a> {
    /// What the step is called.
    pub title: String,
    /// The command.
    pub command: &'a str,
    /// The suite's name.
    pub suite: &'a str,
    /// Least share in percent, if the suite has one of its own.
    pub minimum: Option<u32>,
    /// Whether the data is kept for a combined report.
    pub keep: bool,
}

/// The language of this name.
pub fn find(name: &str) -> Option<&'static Language> {
    ALL.iter()
        .copied()
        .find(|language| language.names.contains(&name))
}

/// The tool of this name.
pub fn tool(language: &Language, name: &str) -> Option<&'static Tool> {
    language.tools.iter().find(|tool| tool.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_used_once() {
        let mut names: Vec<_> = ALL.iter().flat_map(|language| language.names).collect();
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn every_tool_has_a_command_of_its_own() {
        for language in ALL {
            for tool in language.tools {
                assert!(
                    !tool.command.is_empty() && !tool.title.is_empty(),
                    "{}",
                    tool.name
                );
                assert!(std::ptr::eq(
                    super::tool(language, tool.name).unwrap(),
                    tool
                ));
            }
        }
    }
}
