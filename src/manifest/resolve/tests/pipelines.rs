//! Workflows of several environments.

use super::messages;

const STAGES: &str = "environment-defaults: {deploy: {target: {ssh-compose: {compose: a.yml}}}}
environments:
  feature: {deploy: {on: branch feature/**, needs: test}}
  staging: {deploy: {on: branch develop main}}
  live: {deploy: {on: [branch main, tag v*.*.*], after: staging}}
";

#[test]
fn a_pipeline_has_known_environments_in_their_order() {
    let pipeline = |environments: &str| {
        let workflow =
            format!("workflows: {{all: {{kind: pipeline, environments: {environments}}}}}\n");
        messages(&format!("{STAGES}{workflow}"))
    };
    assert!(pipeline("[feature, staging, live]").is_empty());
    assert_eq!(
        pipeline("[live, staging, staging, stagin]"),
        [
            "6 only a deployment within a pipeline waits for jobs; write `requires: ci` to wait for another workflow",
            "8 `live` comes before `staging`; list the environments in the order in which they get a release",
            "9 `staging` stands here twice; remove one of them",
            "9 `stagin` is no environment; write `staging`",
        ]
    );
    let checks = format!("{STAGES}workflows: {{ci: {{environments: [staging]}}}}\n");
    assert_eq!(
        messages(&checks)[1],
        "9 only a pipeline has several environments; write `kind: pipeline` beside them"
    );
}

#[test]
fn a_pipeline_tells_the_runs_of_its_environments_apart() {
    let pipeline = |feature: &str, staging: &str| {
        let text = STAGES.replace("branch feature/**", feature);
        let text = text.replace("branch develop main", staging);
        messages(&format!("{text}workflows: {{all: {{kind: pipeline}}}}\n"))
    };
    assert!(pipeline("branch phase-*", "branch main").is_empty());
    assert!(
        pipeline("branch release**", "branch release-1").is_empty(),
        "both get it"
    );
    assert_eq!(
        pipeline("branch release-*", "branch release-1"),
        [
            "6 a job cannot tell `release-*` of `feature` from `release-1` of `staging`; \
             write whole names, or a pattern such as `release-**`"
        ]
    );
    assert_eq!(
        pipeline("tag v*", "branch main"),
        [
            "6 a job cannot tell `v*` of `feature` from `v*.*.*` of `live`; write whole names, or a pattern such as `v**`",
            "8 a job cannot tell `v*.*.*` of `live` from `v*` of `feature`; write whole names, or a pattern such as `v**`",
        ]
    );
    assert_eq!(
        pipeline("branch feature/** !feature/x", "branch main"),
        ["6 a job cannot tell what `!feature/x` leaves out; write which branches `feature` takes"]
    );
    let other = STAGES.replace("needs: test", "needs: tests");
    assert_eq!(
        messages(&format!("{other}workflows: {{all: {{kind: pipeline}}}}\n")),
        ["6 `tests` is no phase that a deployment waits for; write `test`"]
    );
}
