//! From the keys as written to a valid manifest: references looked up, rules
//! across keys kept, defaults made last.
//!
//! All problems are collected, each at its place; the manifest is given only if
//! none of them is an error.

mod approvals;
mod database;
mod environments;
mod gates;
mod monitor;
mod owner;
mod pipelines;
mod places;
mod roles;
mod rollback;
mod scanners;
mod stack;
mod web;
mod workflows;

use super::model::{CodeScanning, Manifest};
use super::raw::{Plan, UpdateInterval, Visibility};
use super::{Document, Value};
use crate::diagnostics::{Diagnostic, Diagnostics, nearest};
use crate::source::Location;

/// Says whether a path of the repository exists; nothing is known of a repository
/// that is not there.
pub type Exists<'e> = dyn Fn(&str) -> bool + 'e;

/// Resolves a manifest.
pub fn resolve(document: &Document, exists: &Exists<'_>) -> (Option<Manifest>, Diagnostics) {
    let mut check = Check {
        values: &document.values,
        exists,
        diagnostics: Diagnostics::new(),
    };
    let manifest = whole(document, &mut check);
    let mut diagnostics = check.diagnostics;
    diagnostics.sort();
    let manifest = (!diagnostics.has_errors()).then_some(manifest);
    (manifest, diagnostics)
}

fn whole(document: &Document, check: &mut Check<'_>) -> Manifest {
    let raw = &document.raw;
    if raw.name.is_none() {
        check.error(
            &[],
            "name-missing",
            "the project has no name",
            "write `name: my-project`",
        );
    }
    let name = raw.name.as_ref().map_or("project", |name| name.as_str());
    let components = stack::components(raw, check);
    let gates = gates::gates(raw, &components, check);
    let environments = environments::environments(raw, check);
    let security_reviewers = approvals::security_reviewers(raw, check);
    let workflows = workflows::workflows(raw, &environments, &components, check);
    let repository = &raw.repository;
    let hosted = repository.visibility == Some(Visibility::Public)
        || repository.plan == Some(Plan::Enterprise);
    let unknown = repository.visibility.is_none() && repository.plan.is_none();
    Manifest {
        name: name.to_ascii_lowercase().trim_start_matches('_').to_owned(),
        default_branch: repository
            .default_branch
            .as_ref()
            .map_or("main", |branch| branch.as_str())
            .to_owned(),
        registry: repository
            .registry
            .as_ref()
            .map_or("ghcr.io", |registry| registry.as_str())
            .to_owned(),
        runner: match repository.runner.as_ref() {
            [] => vec!["ubuntu-24.04".to_owned()],
            labels => labels
                .iter()
                .map(|label| label.as_str().to_owned())
                .collect(),
        },
        code_scanning: match repository.code_scanning {
            Some(true) => CodeScanning::On,
            Some(false) => CodeScanning::Off,
            None if hosted => CodeScanning::On,
            None if unknown => CodeScanning::IfPublic,
            None => CodeScanning::Off,
        },
        updates: match repository.dependabot {
            Some(UpdateInterval::Daily) => Some("daily"),
            None | Some(UpdateInterval::Weekly) => Some("weekly"),
            Some(UpdateInterval::Monthly) => Some("monthly"),
            Some(UpdateInterval::Never) => None,
        },
        pins: raw.pins,
        components,
        gates,
        environments,
        security_reviewers,
        slack: raw.notify.slack.clone(),
        datadog: raw.notify.datadog.clone(),
        email: raw.notify.email.clone(),
        pagerduty: raw.notify.pagerduty.clone(),
        incident: raw.notify.incident.unwrap_or(true),
        sentry: raw
            .notify
            .sentry
            .as_ref()
            .map(|sentry| sentry.0.clone())
            .filter(|sentry| sentry.enabled),
        uptime_robot: raw.notify.uptime_robot,
        links: raw.links.clone(),
        own: owner::own(document, &workflows, check),
        workflows,
    }
}

/// What the parts of the validation share.
struct Check<'c> {
    values: &'c Value,
    exists: &'c Exists<'c>,
    diagnostics: Diagnostics,
}

impl Check<'_> {
    /// The place of a value; of the nearest thing around it if it is not written.
    fn value(&self, path: &[&str]) -> Location {
        self.nearest(path, |found| found.value.origin)
    }

    /// The place of a key.
    fn key(&self, path: &[&str]) -> Location {
        self.nearest(path, |found| found.key)
    }

    fn nearest(&self, path: &[&str], place: impl Fn(super::Found<'_>) -> Location) -> Location {
        let found = (0..=path.len())
            .rev()
            .find_map(|length| self.values.find(&path[..length]));
        found.map_or(self.values.origin, place)
    }

    /// An error at a value.
    fn error(
        &mut self,
        path: &[&str],
        code: &'static str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let place = self.value(path);
        self.diagnostics
            .push(Diagnostic::error(code, message).at(place).help(help));
    }

    /// An error at a value that names something unknown.
    fn unknown<'n>(
        &mut self,
        path: &[&str],
        what: &str,
        word: &str,
        known: impl IntoIterator<Item = &'n str>,
    ) {
        let place = self.value(path);
        self.unknown_at(place, what, word, known);
    }

    /// An error at a key that names something unknown.
    fn unknown_key<'n>(
        &mut self,
        path: &[&str],
        what: &str,
        word: &str,
        known: impl IntoIterator<Item = &'n str>,
    ) {
        let place = self.key(path);
        self.unknown_at(place, what, word, known);
    }

    fn unknown_at<'n>(
        &mut self,
        place: Location,
        what: &str,
        word: &str,
        known: impl IntoIterator<Item = &'n str>,
    ) {
        let known: Vec<_> = known.into_iter().collect();
        let help = match nearest(word, known.iter().copied()) {
            Some(near) => format!("write `{near}`"),
            None if known.is_empty() => format!("there is no {what} to name yet"),
            None => format!("write one of {}", known.join(", ")),
        };
        let error = Diagnostic::error("unknown-name", format!("`{word}` is no {what}"));
        self.diagnostics.push(error.at(place).help(help));
    }
}

#[cfg(test)]
mod tests;
