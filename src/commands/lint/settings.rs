//! What repositories say about their findings: under `lint` in the manifest, or in a file
//! of its own.

use std::path::Path;

use crate::commands::{Failure, project};
use crate::diagnostics::{self, Diagnostic, Diagnostics, nearest};
use crate::knowledge::platforms::Platform;
use crate::lint::settings::{Level, Levels, Settings};
use crate::lint::{self, Group};
use crate::manifest::raw::{Linting, Server, Weight};
use crate::manifest::{self, Value};
use crate::source::{Location, SourceId, Sources};

/// Where the settings of a repository without a manifest lie.
pub(super) const FILE: &str = ".github/cicd/lint.yml";

/// The manifest.
pub(super) const MANIFEST: &str = "cicd.yml";

/// The settings of a repository, and what is odd about them.
#[derive(Default)]
pub(super) struct Read {
    pub(super) settings: Settings,
    pub(super) sources: Sources,
    pub(super) odd: Diagnostics,
    /// Whether it has a manifest.
    pub(super) has_manifest: bool,
}

impl Read {
    /// Reads the settings of a repository; bad ones are a failure.
    pub(super) fn of(repository: &str) -> Result<Self, Failure> {
        let mut read = Self::default();
        let root = Path::new(repository);
        let (own, manifest) = (root.join(FILE), root.join(MANIFEST));
        let mut places = Vec::new();
        read.has_manifest = manifest.is_file();
        if read.has_manifest {
            places.extend(read.in_manifest(&manifest)?);
        }
        if own.is_file() {
            places.push(read.in_file(&own)?);
        }
        match places[..] {
            [first, second] => Err(read.twice(first, second)),
            _ => Ok(read),
        }
    }

    fn in_manifest(&mut self, path: &Path) -> Result<Option<Location>, Failure> {
        let (document, sources) = match project::document(path) {
            Ok(read) => read,
            // What is wrong elsewhere keeps no workflow from being linted.
            Err(failure) => return self.in_rest(path, failure),
        };
        let managed: Vec<_> = document.raw.environments.keys().map(text).collect();
        let mut place = None;
        if let Some(lint) = document.values.find(&["lint"]) {
            self.sources = sources;
            self.take(&document.raw.lint, lint.value);
            place = Some(lint.key);
        }
        self.settings.managed = managed;
        Ok(place)
    }

    /// Reads the settings of a manifest in which something is wrong; fails if that is they.
    fn in_rest(&mut self, path: &Path, failure: Failure) -> Result<Option<Location>, Failure> {
        let id = self.load(path)?;
        let (read, wrong) = manifest::read_linting(&self.sources, id, &["lint"]);
        match read {
            Some((linting, values)) => {
                self.take(&linting, &values);
                Ok(Some(values.origin))
            }
            None if wrong.is_empty() => Ok(None),
            None => Err(failure),
        }
    }

    fn load(&mut self, path: &Path) -> Result<SourceId, Failure> {
        let shown = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|error| Failure::disk("read", &shown, &error))?;
        diagnostics::load(&mut self.sources, &shown, bytes)
            .map_err(|refused| Failure::new(*refused, self.sources.clone()))
    }

    fn in_file(&mut self, path: &Path) -> Result<Location, Failure> {
        let id = self.load(path)?;
        let (read, wrong) = manifest::read_linting(&self.sources, id, &[]);
        match read {
            Some((linting, values)) => {
                self.take(&linting, &values);
                Ok(values.origin)
            }
            None => Err(Failure::new(wrong, self.sources.clone())),
        }
    }

    fn take(&mut self, linting: &Linting, values: &Value) {
        let known = names();
        let mut check = |path: &[&str], name: &str| {
            let found = values.find(path).filter(|_| !known.contains(&name));
            self.odd
                .extend(found.map(|found| unknown(name, found.key, &known)));
        };
        for name in linting.rules.keys() {
            check(&["rules", name.as_str()], name.as_str());
        }
        for (pattern, levels) in &linting.paths {
            for name in levels.keys() {
                check(&["paths", pattern.as_str(), name.as_str()], name.as_str());
            }
        }
        self.settings = settings(linting);
    }

    fn twice(&self, first: Location, second: Location) -> Failure {
        let twice = Diagnostic::error("settings-twice", "the linter has settings in two places")
            .at(second)
            .label(first, "these are the others")
            .help(format!("move all of them under `lint` of `{MANIFEST}`"));
        Failure::new(twice, self.sources.clone())
    }
}

/// The names that settings and flags may have: groups and rules.
pub(super) fn names() -> Vec<&'static str> {
    let groups = Group::ALL.iter().map(|group| group.as_str());
    groups
        .chain(lint::all().iter().map(|rule| rule.id))
        .collect()
}

fn unknown(name: &str, place: Location, known: &[&str]) -> Diagnostic {
    let message = format!("`{name}` is neither a group nor a rule");
    let unknown = Diagnostic::warning("unknown-rule", message).at(place);
    match nearest(name, known.iter().copied()) {
        Some(near) => unknown.help(format!("write `{near}`")),
        None => unknown.help("`cicd explain` lists all rules"),
    }
}

fn settings(linting: &Linting) -> Settings {
    let levels = |levels: &indexmap::IndexMap<_, Weight>| -> Levels {
        let levels = levels.iter();
        levels
            .map(|(name, weight)| (text(name), level(*weight)))
            .collect()
    };
    let paths = linting.paths.iter();
    let list = |names: &Vec<_>| names.iter().map(text).collect();
    Settings {
        rules: levels(&linting.rules),
        paths: paths
            .map(|(pattern, own)| (pattern.as_str().to_owned(), levels(own)))
            .collect(),
        ignore: linting
            .ignore
            .iter()
            .map(|line| line.as_str().to_owned())
            .collect(),
        runners: linting
            .runners
            .iter()
            .map(|line| line.as_str().to_owned())
            .collect(),
        variables: linting.variables.as_ref().map(list),
        secrets: linting.secrets.as_ref().map(list),
        environments: linting.environments.as_ref().map(|names| {
            let names = names.iter();
            names.map(|name| name.as_str().to_owned()).collect()
        }),
        managed: Vec::new(),
        platform: linting.platform.map_or(Platform::GitHub, platform),
    }
}

fn text(name: &crate::blocks::words::Name) -> String {
    name.as_str().to_owned()
}

fn platform(named: Server) -> Platform {
    match named {
        Server::Github => Platform::GitHub,
        Server::Ghes => Platform::Ghes,
        Server::Gitea => Platform::Gitea,
        Server::Forgejo => Platform::Forgejo,
    }
}

fn level(weight: Weight) -> Level {
    use crate::diagnostics::Severity;
    match weight {
        Weight::Error => Level::Told(Severity::Error),
        Weight::Warning => Level::Told(Severity::Warning),
        Weight::Note => Level::Told(Severity::Note),
        Weight::Off => Level::Off,
    }
}
