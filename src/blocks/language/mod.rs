//! Languages: how a component is set up, checked and tested.
//!
//! To add one: its file beside this one, a `mod` line and its line in [`ALL`].
//! A language is a table of facts and a few functions; it decides nothing about
//! jobs.

mod bun;
mod component;
mod coverage;
mod cpp;
mod deno;
mod dotnet;
mod elixir;
mod flutter;
mod go;
mod jvm;
mod node;
mod php;
mod python;
mod ruby;
mod rust;
mod static_site;
mod terraform;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

use crate::pipeline::Step;

pub use component::{Component, Folder, Lockfile};

/// The name of the step that installs a component's dependencies in its folder.
pub const INSTALL: &str = "Install dependencies";

/// Every language, by name.
pub static ALL: &[&Language] = &[
    &bun::LANGUAGE,
    &cpp::LANGUAGE,
    &deno::LANGUAGE,
    &dotnet::LANGUAGE,
    &elixir::LANGUAGE,
    &flutter::LANGUAGE,
    &go::LANGUAGE,
    &jvm::LANGUAGE,
    &node::LANGUAGE,
    &php::LANGUAGE,
    &python::LANGUAGE,
    &ruby::LANGUAGE,
    &rust::LANGUAGE,
    &static_site::LANGUAGE,
    &terraform::LANGUAGE,
];

/// What is known of a language.
#[derive(Debug)]
pub struct Language {
    /// Its names in manifests, the usual one first.
    pub names: &'static [&'static str],
    /// The version when the manifest names none; empty for those that have none.
    pub default_version: &'static str,
    /// Its package managers, the default first; none for those without.
    pub package_managers: &'static [&'static str],
    /// What Dependabot calls the packages of a package manager; empty if it knows none.
    pub ecosystem: fn(&str) -> &'static str,
    /// The static checks it knows by name.
    pub tools: &'static [Tool],
    /// Steps that install the toolchain and the dependencies; [`Language::set_up`] is what
    /// jobs begin with.
    setup: fn(&Component<'_>, Purpose) -> Vec<Step>,
    /// What commands of the project start with, such as `uv run `.
    pub prefix: fn(&Component<'_>) -> &'static str,
    /// The command of the unit tests when the manifest names none.
    pub test: fn(&Component<'_>) -> &'static str,
    /// Whether there is such a thing as coverage in it.
    pub measures_coverage: bool,
    /// The report that says which lines a suite has covered; nothing if there is none.
    pub lines: fn(&Component<'_>) -> Option<Lines>,
    /// Steps that run a suite and fail below the coverage that is asked for.
    pub covered: fn(&Component<'_>, &Covered<'_>) -> Vec<Step>,
    /// Steps that put the coverage of several suites together and judge it. Each
    /// suite left its own as `.coverage.SUITE`; all of them are in `coverage-data/`.
    pub combine: Option<fn(&Component<'_>, u32) -> Vec<Step>>,
    /// How programs for other systems are built; nothing for those that build for their own.
    pub binaries: Option<Binaries>,
}

/// How a language builds programs for any system.
#[derive(Debug)]
pub struct Binaries {
    /// The command, which leaves them in the folder `$BINARIES`.
    pub command: &'static str,
    /// The variable that names the operating system, such as `linux`.
    pub system: &'static str,
    /// The variable that names the processor, such as `arm64`.
    pub processor: &'static str,
    /// The file that says which packages they are made of.
    pub manifest: &'static str,
    /// Variables that are always the same.
    pub variables: &'static [(&'static str, &'static str)],
}

impl Language {
    /// Steps that install what the component needs of the system, the toolchain and the
    /// dependencies.
    pub fn set_up(&self, component: &Component<'_>, purpose: Purpose) -> Vec<Step> {
        let names = component.system_packages.join(" ");
        let wanted = purpose.wants_dependencies() && !names.is_empty();
        let commands = "sudo apt-get update\n\
                        echo \"$PACKAGES\" | xargs sudo apt-get install --yes --no-install-recommends";
        let system = Step::run("Install packages of the system", commands).env("PACKAGES", names);
        let mut steps: Vec<Step> = wanted.then_some(system).into_iter().collect();
        steps.extend((self.setup)(component, purpose));
        steps
    }

    /// The tool that a command line starts as the language itself would: it must be there.
    pub fn tool_of(&self, command: &str) -> Option<&'static Tool> {
        self.tools.iter().find(|tool| {
            let plain = |word: &&str| !word.starts_with('-') && !word.contains(['{', '.', '/']);
            let mut words = command.split_whitespace();
            let mut start = tool.command.split_whitespace().take_while(plain);
            start.all(|word| words.next() == Some(word))
        })
    }

    /// Whether its reports say which lines were covered.
    pub fn knows_lines(&self) -> bool {
        let any = Component {
            path: Folder::Fixed("."),
            source: ".",
            version: crate::pipeline::Text::default(),
            package_manager: None,
            dependencies: &[],
            lockfile: Lockfile::Usual,
            install: None,
            system_packages: &[],
            tools: Vec::new(),
            cached: false,
        };
        (self.lines)(&any).is_some()
    }
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
    /// The command under package managers other than the default.
    pub elsewhere: &'static [(&'static str, &'static str)],
    /// Whether it must see the dependencies of the component.
    pub needs_dependencies: bool,
}

impl Tool {
    /// The command line under this package manager, for the folder of the source,
    /// with arguments in front of the folder or, where there is none, at the end.
    pub fn line(&self, manager: &str, arguments: Option<&str>, source: &str) -> String {
        let other = self.elsewhere.iter().find(|(name, _)| *name == manager);
        let command = other.map_or(self.command, |(_, command)| command);
        let folder = if source == "." {
            command.replace("./{source}", "{source}")
        } else {
            command.to_owned()
        };
        let line = match (arguments, folder.find("{source}")) {
            (None, _) => folder,
            (Some(arguments), None) => format!("{folder} {arguments}"),
            (Some(arguments), Some(at)) => {
                let at = if folder[..at].ends_with("./") {
                    at - 2
                } else {
                    at
                };
                format!("{}{arguments} {}", &folder[..at], &folder[at..])
            }
        };
        line.replace("{source}", source)
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

impl Purpose {
    /// Whether the dependencies are wanted.
    fn wants_dependencies(self) -> bool {
        let bare = Self::Lint {
            dependencies: false,
        };
        self != bare
    }
}

/// A report that says which lines were covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lines {
    /// Its form: `go`, `lcov`, `cobertura`, `jacoco` or `clover`.
    pub format: &'static str,
    /// Where the runner leaves it: patterns for `find -path`, separated by spaces.
    pub paths: &'static str,
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
