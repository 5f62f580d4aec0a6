//! Packages: packed before anybody is asked, published by a job that runs no code of others.

use super::place;
use crate::seeds::read::{Generated, Job};

fn generated() -> &'static Generated {
    Generated::manifest(include_str!("../../fixtures/targets/packages.yml"))
}

/// The jobs that pack a package and that publish it.
fn jobs(environment: &str, verb: &str) -> (&'static Job, &'static Job) {
    let deploy = generated().workflow(&format!("deploy-{environment}"));
    (
        deploy.job(&format!("{verb}-{environment}")),
        deploy.job(&format!("deploy-{environment}")),
    )
}

#[test]
fn what_is_approved_is_what_is_published() {
    let deploy = generated().workflow("deploy-npm");
    deploy.assert_order(&["validate", "pack-npm", "deploy-npm", "release"]);
    let (pack, publish) = jobs("npm", "pack");
    let order = ["actions/setup-node", "npm-pack", "actions/upload-artifact"];
    assert!(order.map(|name| place(pack, name)).is_sorted());
    assert!(pack.environment.is_none(), "it would wait for its approval");
    assert_eq!(publish.environment.as_ref().unwrap().name, "npm");
    let kept = pack.using("actions/upload-artifact");
    let fetched = publish.using("actions/download-artifact");
    for name in ["name", "path"] {
        assert_eq!(fetched.with(name), kept.with(name));
    }
    // A run that is started again may find the file of its earlier attempt.
    assert_eq!(kept.with("overwrite"), "true");
    assert!(publish.needs.contains(&"pack-npm".to_owned()));
    assert_eq!(
        pack.script("npm-pack").working_directory.as_deref(),
        Some("packages/shop")
    );
}

#[test]
fn only_the_job_that_publishes_may_say_which_run_it_is() {
    for (environment, script, tool) in [
        ("npm", "npm-publish", Some("actions/setup-node")),
        ("pypi", "pypi-publish", Some("astral-sh/setup-uv")),
        ("crates-io", "crates-publish", None),
    ] {
        let (pack, publish) = jobs(environment, "pack");
        assert!(!pack.permissions.contains_key("id-token"), "{environment}");
        assert_eq!(publish.permissions["id-token"], "write");
        let actions = publish.steps.iter().filter_map(|step| step.action());
        let others = ["actions/checkout", "actions/download-artifact"];
        let tools: Vec<_> = actions.filter(|name| !others.contains(name)).collect();
        assert_eq!(tools, tool.into_iter().collect::<Vec<_>>());
        // No install and no build: nothing but our own scripts runs there.
        let mut runs = publish.steps.iter().filter(|step| step.action().is_none());
        assert!(runs.all(|step| step.script().is_some()), "{environment}");
        assert_eq!(publish.scripts().last(), Some(&script));
    }
}

#[test]
fn a_module_is_looked_at_and_asked_for() {
    let (check, publish) = jobs("go-proxy", "check");
    assert_eq!(check.scripts(), ["go-module"]);
    assert!(
        check
            .steps
            .iter()
            .all(|step| step.action() != Some("actions/setup-go"))
    );
    assert!(!publish.permissions.contains_key("id-token"));
    let step = publish.script("go-publish");
    assert_eq!(step.env("SHA"), "${{ needs.validate.outputs.sha }}");
    assert_eq!(
        step.env("PRIVATE"),
        "${{ github.event.repository.private }}"
    );
}

#[test]
fn nothing_goes_back_that_is_published() {
    let all = generated();
    for environment in ["npm", "pypi", "crates-io", "go-proxy"] {
        let deploy = all.workflow(&format!("deploy-{environment}"));
        assert!(!deploy.jobs.contains_key("rollback"), "{environment}");
    }
    let settings = |name: &str| all.environments.iter().find(|one| one.name == name);
    assert_eq!(settings("npm").unwrap().tags, ["v*.*.*"]);
    assert_eq!(settings("npm").unwrap().reviewers, ["team/maintainers"]);
    assert!(settings("npm-rollback").is_none());
    let back = all.workflow("rollback");
    assert_eq!(
        back.trigger("workflow_dispatch").inputs["environment"].options,
        ["cluster"]
    );
}
