//! What is built for browsers, and what must hold of it there.

use indexmap::IndexMap;
use serde::Deserialize;

use crate::blocks::shape::{Flexible, OneOrMany, ShortForm};
use crate::blocks::words::{
    Command, Duration, Name, PathPattern, Percent, RepoPath, Size, UrlPath,
};

/// How a component is built.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Build {
    /// The command.
    pub run: Option<Command>,
    /// The folder within `path` that it leaves. Given, it is kept for the jobs that need it.
    pub output: Option<RepoPath>,
    /// A command that looks into the build afterwards, such as `npm run build:analyze`.
    pub analyze: Option<Command>,
    /// The largest sizes of the output that pass: of all of it, or of single files.
    pub budget: Option<Flexible<Budget>>,
    /// Programs for several systems, which are scanned and kept: the systems, or the long form.
    pub binaries: Option<Flexible<Binaries>>,
}

/// Programs for several systems.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Binaries {
    /// The systems: `linux/amd64`, `darwin/arm64`, `windows/amd64` and the like.
    #[serde(default)]
    pub platforms: OneOrMany<System>,
    /// The command that builds them, told the system in the language's own variables, and
    /// in `BINARIES` the folder that they must lie in. Default: that of the language.
    pub run: Option<Command>,
}

impl ShortForm for Binaries {
    type Short = OneOrMany<System>;

    fn from_short(platforms: OneOrMany<System>) -> Self {
        Self {
            platforms,
            run: None,
        }
    }
}

/// What a program runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[allow(missing_docs)]
pub enum System {
    #[serde(rename = "linux/amd64")]
    LinuxAmd64,
    #[serde(rename = "linux/arm64")]
    LinuxArm64,
    #[serde(rename = "darwin/amd64")]
    DarwinAmd64,
    #[serde(rename = "darwin/arm64")]
    DarwinArm64,
    #[serde(rename = "windows/amd64")]
    WindowsAmd64,
    #[serde(rename = "windows/arm64")]
    WindowsArm64,
}

impl System {
    /// The operating system and the processor.
    pub fn parts(self) -> (&'static str, &'static str) {
        match self {
            Self::LinuxAmd64 => ("linux", "amd64"),
            Self::LinuxArm64 => ("linux", "arm64"),
            Self::DarwinAmd64 => ("darwin", "amd64"),
            Self::DarwinArm64 => ("darwin", "arm64"),
            Self::WindowsAmd64 => ("windows", "amd64"),
            Self::WindowsArm64 => ("windows", "arm64"),
        }
    }
}

impl ShortForm for Build {
    type Short = Command;

    fn from_short(short: Command) -> Self {
        Self {
            run: Some(short),
            ..Self::default()
        }
    }
}

/// The largest sizes of what a build leaves, source maps left out.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Budget {
    /// Of everything together.
    pub total: Option<Size>,
    /// Of each file that matches a pattern within the output: `assets/index-*.js: 500KB`.
    #[serde(default)]
    pub files: IndexMap<PathPattern, Size>,
}

impl ShortForm for Budget {
    type Short = Size;

    fn from_short(total: Size) -> Self {
        Self {
            total: Some(total),
            ..Self::default()
        }
    }
}

/// What Lighthouse must say of pages: the median of several runs, score or better, time or less.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Lighthouse {
    /// Whether pages are measured; `true` for an environment takes the limits of the component.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Least score of performance.
    pub performance: Option<Percent>,
    /// Least score of accessibility.
    pub accessibility: Option<Percent>,
    /// Least score of best practices.
    pub best_practices: Option<Percent>,
    /// Least score of search engine optimisation.
    pub seo: Option<Percent>,
    /// Limit of First Contentful Paint.
    pub fcp: Option<Duration>,
    /// Limit of Largest Contentful Paint.
    pub lcp: Option<Duration>,
    /// Limit of Total Blocking Time.
    pub tbt: Option<Duration>,
    /// Limit of Time to Interactive.
    pub tti: Option<Duration>,
    /// Limit of Cumulative Layout Shift.
    pub cls: Option<f64>,
    /// Which pages. Default: `/`.
    #[serde(default)]
    pub pages: OneOrMany<UrlPath>,
    /// How often each is measured. Default: 3.
    pub runs: Option<u8>,
}

impl Lighthouse {
    /// These limits, and those of `other` where these name none.
    pub fn or(&self, other: &Self) -> Self {
        let (mine, rest) = (self.clone(), other.clone());
        Self {
            enabled: mine.enabled,
            performance: mine.performance.or(rest.performance),
            accessibility: mine.accessibility.or(rest.accessibility),
            best_practices: mine.best_practices.or(rest.best_practices),
            seo: mine.seo.or(rest.seo),
            fcp: mine.fcp.or(rest.fcp),
            lcp: mine.lcp.or(rest.lcp),
            tbt: mine.tbt.or(rest.tbt),
            tti: mine.tti.or(rest.tti),
            cls: mine.cls.or(rest.cls),
            pages: if mine.pages.is_empty() {
                rest.pages
            } else {
                mine.pages
            },
            runs: mine.runs.or(rest.runs),
        }
    }
}

impl ShortForm for Lighthouse {
    type Short = bool;

    fn from_short(enabled: bool) -> Self {
        Self {
            enabled,
            ..Self::default()
        }
    }
}

fn yes() -> bool {
    true
}

/// Tests with Playwright.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Playwright {
    /// Projects of its configuration, each a job: `[functional, visual, accessibility]`. Default: all in one.
    #[serde(default)]
    pub projects: OneOrMany<Name>,
    /// Browsers that are installed: `chromium`, … Default: those that Playwright installs.
    #[serde(default)]
    pub browsers: OneOrMany<Name>,
    /// The folder within `path` of its report. Default: `playwright-report`.
    pub report: Option<RepoPath>,
    /// The folder within `path` of traces, screenshots and their differences. Default: `test-results`.
    pub results: Option<RepoPath>,
}

impl ShortForm for Playwright {
    type Short = OneOrMany<Name>;

    fn from_short(projects: OneOrMany<Name>) -> Self {
        Self {
            projects,
            ..Self::default()
        }
    }
}
