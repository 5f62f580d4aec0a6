//! What the tests of the languages share.

use super::{Component, Covered, Folder, Language, Lockfile, Purpose};
use crate::pipeline::{Step, Work};

/// A component in `api` with this package manager.
pub(super) fn component(manager: Option<&'static str>) -> Component<'static> {
    Component {
        path: Folder::Fixed("api"),
        source: "src",
        version: "1.2".into(),
        package_manager: manager.map(|name| (name, None)),
        dependencies: &[],
        lockfile: Lockfile::Usual,
        install: None,
        system_packages: &[],
        tools: Vec::new(),
        cached: true,
    }
}

/// Unit tests that must cover 80 %.
pub(super) fn suite(command: &str) -> Covered<'_> {
    Covered {
        title: "Unit tests".to_owned(),
        command,
        suite: "unit",
        minimum: Some(80),
        keep: false,
    }
}

/// Each step on a line of its own: the action with its inputs, the command, or
/// the script with its variables.
pub(super) fn shown(steps: &[Step]) -> Vec<String> {
    let pairs = |pairs: &[(String, crate::pipeline::Text)]| -> String {
        pairs
            .iter()
            .map(|(name, value)| format!(" {name}={value}"))
            .collect()
    };
    let show = |step: &Step| match &step.work {
        Work::Use(action, inputs) => format!("{}{}", action.0, pairs(inputs)),
        Work::Script(script) => format!("{}.sh{}", script.0, pairs(&step.env)),
        Work::Run(commands) => format!("$ {commands}"),
    };
    steps.iter().map(show).collect()
}

/// The set-up for tests, shown.
pub(super) fn setup(language: &Language, component: &Component<'_>) -> Vec<String> {
    shown(&(language.setup)(component, Purpose::Test))
}

/// The set-up for these tools without the dependencies, shown.
pub(super) fn lint_setup(language: &Language, tools: &[&'static str]) -> Vec<String> {
    let component = Component {
        tools: tools.to_vec(),
        ..component(None)
    };
    let purpose = Purpose::Lint {
        dependencies: false,
    };
    shown(&(language.setup)(&component, purpose))
}
