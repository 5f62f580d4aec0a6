//! What the project is made of.

use indexmap::IndexMap;
use serde::Deserialize;

use super::{Build, Image, Lighthouse, Tests};
use crate::blocks::shape::{Flexible, OneOrMany};
use crate::blocks::words::{Command, Line, Name, RepoPath, SettingName, SystemPackage, Versioned};

/// A part of the project that is built and tested by itself.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Component {
    /// Its folder. Default: the root of the repository.
    pub path: Option<RepoPath>,
    /// The folder of its source within `path`, for linters and coverage. Default: all of it.
    pub source: Option<RepoPath>,
    /// Its language with the version, such as `python@3.12`; several versions make a matrix, whose first one is what is released.
    #[serde(default)]
    pub language: OneOrMany<Versioned>,
    /// The tool that installs its dependencies, with a version if one is needed: `pnpm@9`.
    pub package_manager: Option<Versioned>,
    /// Its framework: `django`, `fastapi`, `next`, …
    pub framework: Option<Name>,
    /// Files that list dependencies, within `path`. Default: the usual one of the language.
    #[serde(default)]
    pub dependencies: OneOrMany<RepoPath>,
    /// Its lock file from the root of the repository, or `none`. Default: the usual one in its folder.
    pub lockfile: Option<RepoPath>,
    /// The command that installs the dependencies, if the usual one does not.
    pub install: Option<Command>,
    /// Packages of the runner's system, Debian or Ubuntu, that its dependencies, checks and
    /// tests need: `libpq-dev`.
    #[serde(default)]
    pub system_packages: OneOrMany<SystemPackage>,
    /// What its tests need beside them: `postgres@15`, `redis@7`, or with what is fetched into
    /// it first, as in `{ollama: llama3.2:1b}`.
    #[serde(default)]
    pub services: Vec<Service>,
    /// Linters, formatters and type checkers: a known tool, `{tool: arguments}`, or a command line.
    #[serde(default)]
    pub lint: Vec<Lint>,
    /// Texts that should not be in its sources, such as `console.log`: the lint job shows each
    /// place as a warning.
    #[serde(default)]
    pub warn_on: OneOrMany<Line>,
    /// The folder of its SQL migrations, within `path`: the lint job warns of new ones that drop or
    /// rename columns, or delete data.
    pub migrations: Option<RepoPath>,
    /// Its tests: the command of the unit tests, or a command for each suite.
    #[serde(default)]
    pub test: Flexible<Tests>,
    /// The command that builds it, if it is built at all beside its image, and what is wanted of the result.
    pub build: Option<Flexible<Build>>,
    /// What Lighthouse must say of its pages, which are the `output` of its build.
    pub lighthouse: Option<Flexible<Lighthouse>>,
    /// Folders within `path` that its tests keep from run to run, such as `.pytest_cache`.
    /// Not where releases are made: what is released must not depend on an earlier run.
    #[serde(default)]
    pub cache: OneOrMany<RepoPath>,
    /// Variables of its lint, test and build steps.
    #[serde(default)]
    pub env: IndexMap<SettingName, Line>,
    /// Whether it becomes a container image, and how.
    #[serde(default)]
    pub image: Flexible<Image>,
    /// Parts that share all of the above and differ in their folder.
    #[serde(default)]
    pub members: IndexMap<Name, Member>,
}

/// A part of a component with members.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Member {
    /// Its folder.
    pub path: Option<RepoPath>,
    /// Whether it becomes a container image, and how. Default: as the component says.
    pub image: Option<Flexible<Image>>,
}

/// A service beside the tests.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Service {
    /// A known service, with its version if that matters.
    Word(Versioned),
    /// A service with what is fetched into it before the tests, such as a model.
    Filled(IndexMap<Name, OneOrMany<Line>>),
}

/// A static check.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Lint {
    /// A known tool by its name, or a command line (with a blank in it).
    Word(Command),
    /// A known tool with the arguments it gets before the folder.
    Arguments(IndexMap<Name, Line>),
}
