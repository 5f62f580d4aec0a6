//! Terraform modules.

use super::{Component, Covered, Language, Purpose, Tool};
use crate::knowledge::tools;
use crate::pipeline::{Step, Text};

pub(super) static LANGUAGE: Language = Language {
    names: &["terraform"],
    default_version: "1.x",
    package_managers: &["terraform"],
    ecosystem: |_| "terraform",
    tools: TOOLS,
    setup,
    prefix: |_| "",
    test: |_| "terraform test",
    measures_coverage: false,
    lines: |_| None,
    covered,
    combine: None,
    binaries: None,
};

static TOOLS: &[Tool] = &[
    Tool {
        name: "terraform-fmt",
        title: "Format (terraform fmt)",
        command: "terraform fmt -check -diff -recursive",
        elsewhere: &[],
        needs_dependencies: false,
    },
    Tool {
        name: "terraform-validate",
        title: "Validity (terraform validate)",
        command: "terraform validate",
        elsewhere: &[],
        needs_dependencies: true,
    },
    Tool {
        name: "tflint",
        title: "Lint (TFLint)",
        command: "tflint --recursive",
        elsewhere: &[],
        needs_dependencies: false,
    },
];

fn setup(component: &Component<'_>, purpose: Purpose) -> Vec<Step> {
    // The wrapper, which hides output and exit code, is for steps that read them.
    let terraform = Step::uses("Set up Terraform", "hashicorp/setup-terraform")
        .with("terraform_version", component.version.clone())
        .with("terraform_wrapper", "false");
    let mut steps = vec![terraform];
    if purpose.wants_dependencies() {
        let usual = "terraform init -backend=false -input=false";
        let install = component.install.unwrap_or(usual);
        steps.push(Step::run("Install providers and modules", install));
    }
    if component.lints_with("tflint", purpose) {
        let install = format!(
            "go install github.com/terraform-linters/tflint@v{}\n\
             echo \"$(go env GOPATH)/bin\" >> \"$GITHUB_PATH\"\n\
             \"$(go env GOPATH)/bin/tflint\" --init",
            tools::version("tflint")
        );
        // With a token GitHub lets the plugins be fetched more often.
        let token = Text::code("github.token");
        steps.push(Step::run("Install TFLint", install).env("GITHUB_TOKEN", token));
    }
    steps
}

fn covered(_: &Component<'_>, suite: &Covered<'_>) -> Vec<Step> {
    vec![Step::run(suite.title.clone(), suite.command)]
}

#[cfg(test)]
mod tests {
    use super::super::testing::{component, lint_setup, setup, shown, suite};
    use super::*;

    #[test]
    fn checks_see_the_providers_only_if_they_need_them() {
        let terraform = "hashicorp/setup-terraform terraform_version=1.2 terraform_wrapper=false";
        assert_eq!(
            setup(&LANGUAGE, &component(None)),
            [terraform, "$ terraform init -backend=false -input=false"]
        );
        assert_eq!(lint_setup(&LANGUAGE, &["terraform-fmt"]), [terraform]);
        let lint = lint_setup(&LANGUAGE, &["tflint"]);
        assert!(lint[1].starts_with("$ go install github.com/terraform-linters/tflint@v0."));
    }

    #[test]
    fn modules_are_tested_without_coverage() {
        assert_eq!(
            shown(&covered(&component(None), &suite("terraform test"))),
            ["$ terraform test"]
        );
    }
}
