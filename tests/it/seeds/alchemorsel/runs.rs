//! Which jobs a run starts, for each event and whatever else happens.

use super::super::evaluate::{History, Start, runs, with_faults};
use super::super::read::{Job, Step, Workflow};
use super::*;

/// The jobs that are there for one environment.
fn belong_to<'w>(workflow: &'w Workflow, environment: &str) -> Vec<&'w Job> {
    let ending = format!("-{environment}");
    let start = format!("{environment}-");
    let jobs = workflow.jobs.values();
    jobs.filter(|job| job.id.ends_with(&ending) || job.id.starts_with(&start))
        .collect()
}

/// Calls back with every run of this start in which at most one job does not end well.
fn each_run(start: &Start<'_>, mut check: impl FnMut(&Workflow, &History)) {
    let workflow = workflow(PIPELINE);
    for history in with_faults(workflow, start, 1) {
        check(workflow, &history);
    }
}

/// The run in which everything ends well and nothing needs a decision.
fn good(start: &Start<'_>) -> History {
    let workflow = workflow(PIPELINE);
    let all = with_faults(workflow, start, 0);
    let quiet = |history: &&History| {
        workflow
            .jobs
            .keys()
            .all(|id| history.output(id, "review") != "true")
    };
    all.iter().find(quiet).unwrap().clone()
}

fn started(workflow: &Workflow, history: &History, environment: &str) -> Vec<String> {
    let jobs = belong_to(workflow, environment).into_iter();
    jobs.filter(|job| history.ran(&job.id))
        .map(|job| job.id.clone())
        .collect()
}

/// ALC-A11
#[test]
fn a11_a_pull_request_publishes_deploys_and_asks_nothing() {
    each_run(&pull_request(), |workflow, history| {
        for environment in ["development", "staging", "production"] {
            assert_eq!(started(workflow, history, environment), [""; 0]);
        }
        assert!(!history.ran("validate") && !history.ran("security-review"));
        for job in workflow.jobs.values().filter(|job| history.ran(&job.id)) {
            assert!(job.environment.is_none(), "{}", job.id);
            let context = history.context(workflow, &job.id, &pull_request());
            let publishes = |step: &&Step| {
                step.with("push") == "true"
                    || step.with("outputs").contains("push=true")
                    || step.script() == Some("image-platforms")
                    || step.action() == Some("docker/login-action")
            };
            for step in job.steps.iter().filter(publishes) {
                let runs = runs(step.condition.as_deref(), &context);
                assert!(!runs, "{}: {}", job.id, step.name);
            }
        }
    });
    let history = good(&pull_request());
    for id in [
        "images",
        "container-scan",
        "performance-tests",
        "ci-cd-status",
    ] {
        assert!(history.ran(id), "{id}");
    }
    assert!(!history.ran("publish-images"));
}

/// ALC-A12
#[test]
fn a12_a_feature_branch_is_deployed_behind_its_unit_tests_alone() {
    let start = push(FEATURE);
    let workflow = workflow(PIPELINE);
    each_run(&start, |workflow, history| {
        for environment in ["staging", "production"] {
            assert_eq!(started(workflow, history, environment), [""; 0]);
        }
        if history.ran("deploy-development") {
            assert_eq!(history.result("test-api"), "success");
        } else {
            let before = ["validate", "test-api", "images-development"];
            let failed = before.iter().any(|id| history.result(id) != "success");
            assert!(failed || history.cancelled);
        }
        assert!(!history.ran("security-review"));
    });
    let mut before: Vec<_> = workflow.before("deploy-development").into_iter().collect();
    before.sort_unstable();
    assert_eq!(before, ["images-development", "test-api", "validate"]);
    let deploy = workflow.job("deploy-development");
    assert_eq!(deploy.environment.as_ref().unwrap().name, "development");
    let ids = belong_to(workflow, "development");
    assert!(
        ids.iter()
            .all(|job| !job.id.contains("rollback") && !job.id.contains("approval"))
    );
}

/// ALC-A13
#[test]
fn a13_develop_ends_on_staging() {
    each_run(&push(DEVELOP), |workflow, history| {
        for environment in ["development", "production"] {
            assert_eq!(started(workflow, history, environment), [""; 0]);
        }
    });
    assert!(good(&push(DEVELOP)).ran("deploy-staging"));
}

/// What staging must have come through before anything of production begins.
const VALIDATED: [&str; 5] = [
    "deploy-staging",
    "e2e-tests-staging",
    "api-tests-staging",
    "migrations-tests-staging",
    "scan-site-staging",
];

/// ALC-A14
#[test]
fn a14_main_gets_to_production_by_way_of_staging() {
    let checks = [
        "lint-api",
        "test-api",
        "integration-tests",
        "images",
        "publish-images",
        "container-scan",
    ];
    for start in [push(MAIN), by_hand("production", MAIN)] {
        each_run(&start, |_, history| {
            if history.ran("deploy-staging") {
                assert!(checks.iter().all(|id| history.result(id) == "success"));
                assert_ne!(history.result("security-review"), "failure");
            }
            if history.ran("deploy-production") {
                assert!(VALIDATED.iter().all(|id| history.result(id) == "success"));
            }
            let notified = history.ran("notify-production");
            let validated = VALIDATED.iter().all(|id| history.result(id) == "success");
            assert_eq!(notified, validated);
        });
        let good = good(&start);
        assert!(good.ran("deploy-staging") && good.ran("deploy-production"));
        assert!(!good.ran("rollback-staging") && !good.ran("rollback-production"));
        assert!(!good.ran("deploy-development"));
    }
}

/// ALC-5: by hand, to the environment that is asked for and no further.
#[test]
fn a_run_by_hand_goes_as_far_as_it_is_asked() {
    let history = good(&by_hand("staging", MAIN));
    assert!(history.ran("deploy-staging") && !history.ran("deploy-production"));
    let refused = |environment: &str, git_ref: &str| {
        let workflow = workflow(PIPELINE);
        let start = by_hand(environment, git_ref);
        let history = good(&start);
        let context = history.context(workflow, "validate", &start);
        let job = workflow.job("validate");
        let refusal = job
            .steps
            .iter()
            .find(|step| step.name.starts_with("Refuse"));
        let deployed = ["staging", "production"]
            .iter()
            .any(|name| history.ran(&format!("deploy-{name}")));
        let refused = runs(refusal.unwrap().condition.as_deref(), &context);
        assert_ne!(refused, deployed, "{environment} from {git_ref}");
        refused
    };
    assert!(!refused("staging", DEVELOP) && !refused("production", MAIN));
    // On `develop`, staging would be possible, but that is not what was asked for.
    let start = by_hand("production", DEVELOP);
    let context = good(&start).context(workflow(PIPELINE), "validate", &start);
    let asked = workflow(PIPELINE);
    let refusal = &asked.job("validate").steps[0];
    assert!(runs(refusal.condition.as_deref(), &context));
    assert!(refused("staging", FEATURE));
    assert!(refused("production", "refs/heads/main-2"));
    let workflow = workflow(PIPELINE);
    let input = &workflow.trigger("workflow_dispatch").inputs["environment"];
    assert_eq!(input.options, ["staging", "production"]);
}

const GATES: [&str; 3] = ["engineering", "security", "product"];

fn gate(role: &str) -> String {
    format!("approve-production-{role}")
}

/// ALC-A18
#[test]
fn a18_each_role_has_a_gate_and_only_a_refusal_stops() {
    let workflow = workflow(PIPELINE);
    for role in GATES {
        let job = workflow.job(&gate(role));
        let environment = &job.environment.as_ref().unwrap().name;
        assert_eq!(*environment, format!("production-approval-{role}"));
        assert!(
            job.steps.iter().all(|step| step.env.is_empty()),
            "no secrets"
        );
    }
    let settings = &Generated::preset("alchemorsel").environments;
    for role in GATES {
        let name = format!("production-approval-{role}");
        let gate = settings.iter().find(|known| known.name == name).unwrap();
        assert_eq!(gate.reviewers, [format!("team/{role}")]);
        assert_eq!(gate.branches, ["main"]);
    }
    for open in ["production", "staging", "development"] {
        let known = settings.iter().find(|known| known.name == open).unwrap();
        assert!(known.reviewers.is_empty(), "a roll-back waits for nobody");
    }
    let mut deployed = std::collections::BTreeSet::new();
    each_run(&push(MAIN), |_, history| {
        let roles = history.output("production-changes", "roles");
        let asked = |role: &str| role == "engineering" || roles.contains(role);
        let before = ["production-changes", "production-approval-request"];
        let ready = before.iter().all(|id| history.result(id) == "success") && !history.cancelled;
        for role in GATES {
            if history.ran(&gate(role)) {
                assert!(asked(role) && history.result("deploy-staging") == "success");
            } else if ready {
                assert!(!asked(role), "{role} was not asked");
            }
        }
        let agreed = |role: &str| !asked(role) || history.result(&gate(role)) == "success";
        if history.ran("deploy-production") {
            assert!(GATES.into_iter().all(agreed));
            deployed.insert(roles.to_owned());
        } else if ready {
            assert!(!GATES.into_iter().all(agreed), "{roles}");
        }
    });
    assert_eq!(
        deployed.len(),
        3,
        "with and without the others: {deployed:?}"
    );
}
