//! `package`: a registry of packages, where a version stays once it is published.
//!
//! What is published is packed before anybody is asked for approval, by a job that may run
//! the code of dependencies; the job that may publish only fetches it. Registries know the
//! run itself ("trusted publishing"), so that nothing secret is stored.

use serde::Deserialize;

use super::Target;
use super::delivery::{Delivery, Preview, RollBack, Stages, Strategy, Undo};
use crate::blocks::words::Name;
use crate::pipeline::{Access, Expression, Scope, Step, Text};

/// A registry of packages. The tag of the release is the version, and what is published
/// stays: there is no roll-back.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct PackageKeys {
    /// The registry, by the run and without a stored token: its settings of the package name the
    /// repository, the workflow `deploy-NAME.yml` and the environment.
    registry: Registry,
    /// The component of the stack that is the package.
    #[cfg_attr(test, schemars(example = &"library"))]
    component: Name,
}

/// A registry of packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
enum Registry {
    /// `cargo publish`, of a crate whose first version was published by hand
    #[serde(rename = "crates.io")]
    CratesIo,
    /// The tag itself, for which the module proxy is asked
    #[serde(rename = "go")]
    Go,
    /// `npm publish`, of a package whose first version was published by hand
    #[serde(rename = "npm")]
    Npm,
    /// `uv publish`, of what the build left in `dist`
    #[serde(rename = "pypi")]
    Pypi,
}

/// What is known of a registry.
struct Facts {
    /// The step that holds the package against the tag, and packs it if there is a file to make.
    pack: (&'static str, &'static str),
    /// Whether the component is built first.
    builds: bool,
    /// The step that publishes it.
    publish: (&'static str, &'static str),
    /// Whether the files that were packed are what is published.
    takes_files: bool,
    /// Whether it must be told which run publishes.
    asks_for_run: bool,
    /// The tool that publishes, where the runner has none that fits.
    tool: fn() -> Option<Step>,
}

impl Registry {
    fn facts(self) -> Facts {
        match self {
            Self::CratesIo => Facts {
                pack: ("Pack the crate", "crates-pack"),
                builds: true,
                publish: ("Publish on crates.io", "crates-publish"),
                takes_files: false,
                asks_for_run: true,
                tool: || None,
            },
            Self::Go => Facts {
                pack: ("Look at the module", "go-module"),
                builds: false,
                publish: ("Make it known to the module proxy", "go-publish"),
                takes_files: false,
                asks_for_run: false,
                tool: || None,
            },
            Self::Npm => Facts {
                pack: ("Pack the package", "npm-pack"),
                builds: true,
                publish: ("Publish on npm", "npm-publish"),
                takes_files: true,
                asks_for_run: true,
                tool: || {
                    let node = Step::uses("Set up Node", "actions/setup-node");
                    // Its npm is one that needs no token.
                    let node = node.with("node-version", "24");
                    Some(node.with("package-manager-cache", "false"))
                },
            },
            Self::Pypi => Facts {
                pack: ("Take what was built", "pypi-pack"),
                builds: true,
                publish: ("Publish on PyPI", "pypi-publish"),
                takes_files: true,
                asks_for_run: true,
                tool: || {
                    let uv = Step::uses("Set up uv", "astral-sh/setup-uv");
                    Some(uv.with("enable-cache", "false"))
                },
            },
        }
    }
}

impl Target for PackageKeys {
    fn preview(&self, delivery: &Delivery<'_>) -> Option<Preview> {
        let facts = self.registry.facts();
        let (name, script) = facts.pack;
        let pack = Step::script(name, script).env("VERSION", delivery.version.clone());
        let keep = Step::uses("Keep what is published", "actions/upload-artifact")
            .with("name", delivery.preview_job.as_str())
            .with("path", folder())
            .with("if-no-files-found", "error")
            .with("overwrite", "true")
            .with("retention-days", "30");
        let mut steps = match facts.builds {
            true => delivery.rebuild.clone(),
            false => Vec::new(),
        };
        steps.push(delivery.in_folder(pack));
        steps.extend(facts.takes_files.then_some(keep));
        Some(Preview {
            steps,
            outputs: Vec::new(),
            secrets: false,
        })
    }

    fn preview_verb(&self) -> &'static str {
        match self.registry.facts().builds {
            true => "Pack",
            false => "Check",
        }
    }

    fn stages(&self, delivery: &Delivery<'_>) -> Stages {
        let facts = self.registry.facts();
        let fetch = Step::uses("Fetch what is published", "actions/download-artifact")
            .with("name", delivery.preview_job.as_str())
            .with("path", folder());
        let (name, script) = facts.publish;
        let mut publish = Step::script(name, script)
            .id("record")
            .env("VERSION", delivery.version.clone());
        if facts.asks_for_run {
            let why = "say which run publishes";
            publish = publish.allow(Scope::IdToken, Access::Write, why);
        } else {
            let private = Expression::new("github.event.repository.private");
            publish = publish
                .env("SHA", delivery.commit.clone())
                .env("PRIVATE", private);
        }
        let publish = delivery.in_folder(publish);
        let mut bring: Vec<_> = (facts.tool)().into_iter().collect();
        bring.extend(facts.takes_files.then_some(fetch));
        bring.push(publish);
        Stages {
            record: Vec::new(),
            bring,
            finish: Vec::new(),
            undo: Text::default(),
        }
    }

    /// Nobody asks for it.
    fn rollback(&self, _: &Delivery<'_>, _: Undo) -> RollBack {
        RollBack::default()
    }

    fn goes_back(&self) -> bool {
        false
    }

    fn needs_tag(&self) -> bool {
        true
    }

    fn component(&self) -> Option<&Name> {
        Some(&self.component)
    }

    fn knows(&self, strategy: Strategy) -> Result<(), &'static str> {
        match strategy {
            Strategy::Direct => Ok(()),
            _ => Err("remove the strategy: a version is published, and the one before stays"),
        }
    }
}

/// Where the files lie that are published.
fn folder() -> Text {
    Text::code("runner.temp").then("/package")
}
