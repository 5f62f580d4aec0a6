//! What was detected, as plain data.
//!
//! Every fact says where it was read. What is not written down in the
//! repository is absent: nothing here is a default or a guess.

use std::fmt;

use serde::Serialize;

/// Where a fact was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// The file, relative to the root of the repository.
    pub path: String,
    /// What stands there, in a few words.
    pub what: String,
}

impl Evidence {
    /// Makes an evidence from a path and a few words.
    pub fn new(path: impl Into<String>, what: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            what: what.into(),
        }
    }
}

/// A value with the place where it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Found<T = String> {
    /// The value.
    pub value: T,
    /// Where it was read.
    pub from: Evidence,
}

impl Found<String> {
    /// Makes a found value from the value, its file and a few words.
    pub fn new(value: impl Into<String>, path: impl Into<String>, what: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            from: Evidence::new(path, what),
        }
    }
}

/// The programming language of a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Language {
    C,
    #[serde(rename = "cpp")]
    Cpp,
    CSharp,
    Dart,
    Elixir,
    FSharp,
    Go,
    Html,
    Java,
    JavaScript,
    Kotlin,
    Php,
    Python,
    Ruby,
    Rust,
    Terraform,
    TypeScript,
}

impl Language {
    /// Returns the name as a manifest writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::C => "c",
            Self::Cpp => "cpp",
            Self::CSharp => "csharp",
            Self::Dart => "dart",
            Self::Elixir => "elixir",
            Self::FSharp => "fsharp",
            Self::Go => "go",
            Self::Html => "html",
            Self::Java => "java",
            Self::JavaScript => "javascript",
            Self::Kotlin => "kotlin",
            Self::Php => "php",
            Self::Python => "python",
            Self::Ruby => "ruby",
            Self::Rust => "rust",
            Self::Terraform => "terraform",
            Self::TypeScript => "typescript",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What executes JavaScript or TypeScript.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Runtime {
    Node,
    Bun,
    Deno,
    /// Cloudflare's runtime: built with Node.js, runs elsewhere.
    Workers,
}

/// What a component is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Something that people open: a web or a desktop application.
    App,
    /// Something that answers over the network.
    Service,
    /// Something that works in the background.
    Worker,
    /// Something that others depend on.
    Library,
    /// A program for the command line.
    Cli,
    /// Pages: documentation or a static site.
    Site,
    /// An app for phones.
    Mobile,
    /// Cloud functions.
    Functions,
    /// Starts the other components of a distributed application.
    Orchestrator,
    /// Tests of the running system.
    E2e,
    /// The front-end build of a component of another language in the same folder.
    Assets,
    /// Linters and scripts only.
    Tooling,
    /// Descriptions of infrastructure.
    Infrastructure,
}

/// A command of the repository's own that runs linters, formatters or type checkers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Check {
    /// The tools it runs, by the names that they have in the lists of a component.
    pub tools: Vec<String>,
    /// The command, in the component's folder.
    pub command: Found,
    /// What it stands for, where it is the name of a script.
    pub says: String,
}

/// One part of the repository with its own language and tools: an entry of `stack:`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Component {
    /// The folder, relative to the root; `.` is the root itself.
    pub path: String,
    /// The name it gives itself.
    pub name: Option<String>,
    /// What it is for.
    pub kind: Kind,
    /// Its language.
    pub language: Language,
    /// Its runtime, for JavaScript and TypeScript.
    pub runtime: Option<Runtime>,
    /// The version that a workflow should install.
    pub version: Option<Found>,
    /// The versions it says it accepts, where that is a range.
    pub version_range: Option<Found>,
    /// What installs its dependencies.
    pub package_manager: Option<Found>,
    /// The lock file, relative to the root of the repository.
    pub lockfile: Option<String>,
    /// The main framework.
    pub framework: Option<Found>,
    /// Runs its tests once, in its folder.
    pub test_command: Option<Found>,
    /// Builds it, in its folder.
    pub build_command: Option<Found>,
    /// Tests that need the running system.
    pub e2e_command: Option<Found>,
    /// Linters that the repository has chosen.
    pub lint: Vec<Found>,
    /// Formatters that the repository has chosen.
    pub format: Vec<Found>,
    /// Type checkers that the repository has chosen.
    pub typecheck: Vec<Found>,
    /// Commands of its own that run some of these tools.
    pub checks: Vec<Check>,
    /// What its tests or its normal run need, as `name@version` or `name`.
    pub services: Vec<Found>,
    /// Packages of the runner's system that its tests need.
    pub system_packages: Vec<Found>,
    /// The tool that changes its database.
    pub migrations: Option<Found>,
    /// The Dockerfile of its image, relative to the root of the repository.
    pub dockerfile: Option<Found>,
    /// The folder its image is built in.
    pub docker_context: Option<String>,
    /// The root of the workspace it is a member of.
    pub workspace: Option<String>,
    /// What makes it a component.
    pub evidence: Vec<Evidence>,
}

impl Component {
    /// Makes a component of which nothing but place, language and reason is known.
    pub fn new(
        path: impl Into<String>,
        language: Language,
        kind: Kind,
        evidence: Evidence,
    ) -> Self {
        Self {
            path: path.into(),
            name: None,
            kind,
            language,
            runtime: None,
            version: None,
            version_range: None,
            package_manager: None,
            lockfile: None,
            framework: None,
            test_command: None,
            build_command: None,
            e2e_command: None,
            lint: Vec::new(),
            format: Vec::new(),
            typecheck: Vec::new(),
            checks: Vec::new(),
            services: Vec::new(),
            system_packages: Vec::new(),
            migrations: None,
            dockerfile: None,
            docker_context: None,
            workspace: None,
            evidence: vec![evidence],
        }
    }

    /// Whether the component is something that runs and can be deployed.
    pub fn is_deployable(&self) -> bool {
        matches!(
            self.kind,
            Kind::App | Kind::Service | Kind::Worker | Kind::Site | Kind::Functions
        )
    }
}

/// Packages that share one lock file and one set of commands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Workspace {
    /// The folder of the root.
    pub path: String,
    /// What manages it, as `pnpm` or `pnpm+turbo`.
    pub tool: String,
    /// Folders of its members, as far as they are here.
    pub members: Vec<String>,
    /// The shared lock file.
    pub lockfile: Option<String>,
    /// Tests all members, in the folder of the root.
    pub test_command: Option<Found>,
    /// Lints all members.
    pub lint_command: Option<Found>,
    /// Commands of the root that run tools over all members.
    pub checks: Vec<Check>,
    /// What makes it a workspace.
    pub evidence: Evidence,
}

/// How sure a deploy target is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Strength {
    /// Something points there: ask, do not assume.
    Hint,
    /// A file of that target, or a workflow that deploys there.
    Configured,
}

/// A place where the repository is deployed or published to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DeployTarget {
    /// Its name: `fly`, `vercel`, `helm`…
    pub target: String,
    /// How sure it is.
    pub strength: Strength,
    /// Where it was seen.
    pub from: Vec<Evidence>,
}

/// A pipeline of a system other than GitHub Actions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OtherCi {
    /// The system: `circleci`, `gitlab`…
    pub system: String,
    /// Its file.
    pub path: String,
}

/// Everything detected in a repository.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Detection {
    /// What a person would put under `stack:`, in the order of their paths.
    pub components: Vec<Component>,
    /// Workspaces of package managers.
    pub workspaces: Vec<Workspace>,
    /// Where it is deployed or published to.
    pub deploy: Vec<DeployTarget>,
    /// Names of environments seen in workflows and overlays.
    pub environments: Vec<Found>,
    /// All Compose files.
    pub compose_files: Vec<String>,
    /// Files in `.github/workflows`.
    pub workflows: Vec<String>,
    /// Pipelines of other systems.
    pub other_ci: Vec<OtherCi>,
    /// What was left out or is doubtful, and why.
    pub notes: Vec<Evidence>,
}
