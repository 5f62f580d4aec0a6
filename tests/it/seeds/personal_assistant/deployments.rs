//! What the deployments are made of: files, addresses, order.

use serde_json::json;

use super::{DEPLOYMENTS, Deployment, assert_scripts, settings, start, workflow};
use crate::seeds::evaluate::histories;
use crate::seeds::read::{Generated, Job};

/// The job that deploys.
fn deploys(deployment: &Deployment, check: impl Fn(&Job)) {
    check(deployment.workflow().job(&deployment.job()));
}

fn urls(deployment: &Deployment) -> Vec<String> {
    let paths = [
        "/health/overall",
        "/health/database",
        "/health/database/pool",
    ];
    paths
        .iter()
        .map(|path| format!("{}{path}", deployment.url))
        .collect()
}

/// PAT-A14
#[test]
fn a14_staging_and_production_are_deployed_by_hand_behind_reviewers() {
    for deployment in &DEPLOYMENTS {
        let workflow = deployment.workflow();
        let events: Vec<_> = workflow.on.keys().collect();
        let wanted = if deployment.reviewed {
            "workflow_dispatch"
        } else {
            "push"
        };
        assert_eq!(events, [wanted], "{}", deployment.file);
        deploys(deployment, |job| {
            let environment = job.environment.as_ref().unwrap();
            assert_eq!(environment.name, deployment.environment);
            assert_eq!(environment.url.as_deref(), Some(deployment.url));
        });
        let reviewers = settings(deployment.environment).reviewers;
        let wanted: &[&str] = if deployment.reviewed {
            &["team/maintainers"]
        } else {
            &[]
        };
        assert_eq!(reviewers, wanted, "{}", deployment.file);
    }
    assert_eq!(settings("development").branches, ["develop", "main"]);
    assert_eq!(settings("production").branches, ["main"]);
}

/// PAT-A15
#[test]
fn a15_each_environment_has_its_own_files() {
    for deployment in &DEPLOYMENTS {
        let workflow = deployment.workflow();
        let job = workflow.job(&deployment.job());
        for step in [
            workflow.job("validate").script("check-config"),
            job.script("compose-record"),
        ] {
            assert_eq!(step.env("COMPOSE_FILES"), deployment.compose);
            assert_eq!(step.env("ENV_FILE"), deployment.config);
        }
        let copied = job.script("ssh-copy").env("DEPLOY_FILES");
        let copied: Vec<_> = copied.lines().collect();
        assert_eq!(
            copied,
            [deployment.compose, deployment.config, "deploy/rollback.sh"]
        );
        let stage = workflow.job("build-and-push").matrix("stage");
        let ending = deployment.file.trim_start_matches("deploy-");
        assert_eq!(stage, [ending], "{}", deployment.file);
        // Each server is reached with secrets of its own.
        let connect = job.script("ssh-connect");
        let prefix = deployment.environment.to_uppercase();
        assert_eq!(
            connect.env("SSH_KEY"),
            format!("${{{{ secrets.{prefix}_SSH_KEY }}}}")
        );
        assert_eq!(
            job.script("compose-record").env("APP_DIR"),
            "/opt/personal-assistant"
        );
    }
}

/// PAT-A16
#[test]
fn a16_nothing_is_built_or_deployed_out_of_order() {
    for deployment in &DEPLOYMENTS {
        let workflow = deployment.workflow();
        let deploy = deployment.job();
        workflow.assert_order(&["validate", "build-and-push", &deploy, super::MONITOR]);
        let validate = workflow.job("validate");
        assert_scripts(
            validate,
            &["resolve-version", "require-workflows", "check-config"],
        );
        let config = validate.script("check-config");
        assert_eq!(
            config.env("REQUIRED_KEYS"),
            "ENVIRONMENT DATABASE_URL LOG_LEVEL"
        );
        let job = workflow.job(&deploy);
        assert_scripts(
            job,
            &[
                "ssh-connect",
                "compose-record",
                "compose-pull",
                "compose-migrate",
                "compose-up",
                "health-check",
            ],
        );
        let at = |name: &str| job.steps.iter().position(|step| step.name == name).unwrap();
        assert!(at("Check the health") < at("Run the smoke tests"));
        // A download that fails must not take back a release that is healthy.
        assert!(at("Install dependencies") < at("Record what is live"));
        // What was built for this commit is what is deployed, whatever was pushed since.
        let tag = format!(
            "{}-${{{{ needs.validate.outputs.sha }}}}",
            deployment.environment
        );
        let push = workflow.job("build-and-push");
        assert!(
            push.using("docker/metadata-action")
                .with("tags")
                .contains(&tag)
        );
        assert!(push.steps.iter().any(|step| step.with("push") == "true"));
        assert!(
            job.script("resolve-images")
                .env("IMAGES")
                .ends_with(&format!("/api:{tag}"))
        );
        for id in ["build-and-push", &deploy] {
            let checkout = workflow.job(id).using("actions/checkout");
            assert_eq!(checkout.with("ref"), "${{ needs.validate.outputs.sha }}");
        }
    }
}

/// PAT-A17
#[test]
fn a17_the_health_of_every_part_is_asked_for_again_and_again() {
    for deployment in &DEPLOYMENTS {
        deploys(deployment, |job| {
            let health = job.script("health-check");
            assert_eq!(
                health.env("HEALTH_URLS").lines().collect::<Vec<_>>(),
                urls(deployment)
            );
            assert!(
                health
                    .run
                    .as_ref()
                    .unwrap()
                    .contains("attempts=${ATTEMPTS:-10} interval=${INTERVAL:-6}")
            );
            assert!(!health.env.contains_key("ATTEMPTS"));
            let metrics = job.script("metrics-check");
            assert_eq!(
                metrics.env("METRICS_URL"),
                format!("{}/metrics", deployment.url)
            );
            assert_eq!(metrics.env("ON_FAILURE"), "warn");
            assert_eq!(
                job.running("pytest tests/smoke").env("BASE_URL"),
                deployment.url
            );
            // A step that fails ends the job, which is what the roll-back looks at.
            let quiet = job
                .steps
                .iter()
                .filter(|step| step.continue_on_error || step.condition.is_some());
            assert_eq!(quiet.count(), 0, "{}", deployment.file);
        });
        let workflow = deployment.workflow();
        let watch = workflow.job(super::MONITOR).script("monitor");
        assert_eq!(watch.env("HEALTH_URLS"), urls(deployment)[0]);
        assert_eq!(
            (watch.env("CHECKS"), watch.env("INTERVAL")),
            ("20".into(), "30".into())
        );
    }
}

/// PAT-A19
#[test]
fn a19_production_switches_to_a_healthy_colour_and_stops_the_old_one_last() {
    let [_, _, production] = &DEPLOYMENTS;
    deploys(production, |job| {
        assert_scripts(
            job,
            &[
                "compose-record",
                "compose-up",
                "compose-health",
                "compose-switch",
                "health-check",
                "compose-retire",
            ],
        );
        let record = job.script("compose-record");
        assert_eq!(record.env("PROJECT"), "personal-assistant");
        assert!(
            record
                .run
                .as_ref()
                .unwrap()
                .contains("PROJECT=$PROJECT-$COLOUR")
        );
        assert_ne!(record.env("BLUE_PORT"), record.env("GREEN_PORT"));
        let tests = job
            .steps
            .iter()
            .position(|step| step.name == "Run the smoke tests")
            .unwrap();
        let last = job.steps.last().unwrap();
        assert_eq!(last.script(), Some("compose-retire"));
        assert!(tests < job.steps.len() - 1);
    });
    for other in &DEPLOYMENTS[..2] {
        deploys(other, |job| {
            assert!(
                !job.scripts().contains(&"compose-switch"),
                "{} is direct",
                other.file
            )
        });
    }
}

/// PAT-A20
#[test]
fn a20_going_back_switches_and_builds_nothing() {
    let generated = Generated::preset(super::NAME);
    let script = generated.find("deploy/rollback.sh").unwrap();
    assert!(script.contains(r#"switch_to "$(record "$target" PORT)""#));
    assert!(script.contains("up --detach --no-build") && !script.contains("docker build"));
    for name in ["deploy-prod", "rollback"] {
        for (id, job) in workflow(name)
            .jobs
            .iter()
            .filter(|(id, _)| id.starts_with("rollback"))
        {
            let actions = job.steps.iter().filter_map(|step| step.action());
            assert_eq!(actions.count(), 0, "{name}: {id}");
        }
    }
}

/// PAT-A21
#[test]
fn a21_the_database_is_migrated_before_the_switch() {
    for deployment in &DEPLOYMENTS {
        deploys(deployment, |job| {
            let migrate = job.script("compose-migrate");
            assert_eq!(
                migrate.env("MIGRATE_COMMAND"),
                "python -m alembic upgrade head"
            );
            assert_eq!(migrate.env("MIGRATE_SERVICE"), "api");
        });
    }
    let [_, _, production] = &DEPLOYMENTS;
    deploys(production, |job| {
        assert_scripts(
            job,
            &[
                "compose-backup",
                "compose-migrate",
                "compose-up",
                "compose-switch",
            ],
        );
        assert_eq!(
            job.script("compose-backup").env("DATABASE_NAME"),
            "personal_assistant"
        );
    });
}

/// PAT-A23
#[test]
fn a23_any_environment_goes_back_by_hand_without_asking_anybody() {
    let rollback = workflow("rollback");
    assert_eq!(
        rollback.on.keys().collect::<Vec<_>>(),
        ["workflow_dispatch"]
    );
    let inputs = &rollback.trigger("workflow_dispatch").inputs;
    let names: Vec<_> = DEPLOYMENTS
        .iter()
        .map(|deployment| deployment.environment)
        .collect();
    assert_eq!(inputs["environment"].options, names);
    assert!(inputs["environment"].required && inputs["reason"].required);
    for deployment in &DEPLOYMENTS {
        let id = format!("rollback-{}", deployment.environment);
        let asked = start(
            "workflow_dispatch",
            json!({"environment": deployment.environment, "reason": "slow"}),
        );
        for history in histories(rollback, &asked) {
            let ran: Vec<_> = rollback
                .ids()
                .into_iter()
                .filter(|id| history.ran(id))
                .collect();
            assert_eq!(ran, [id.as_str()]);
        }
        let job = rollback.job(&id);
        assert_eq!(
            job.scripts(),
            ["ssh-connect", "compose-rollback", "health-check"]
        );
        let back = job.script("compose-rollback");
        assert_eq!(back.env("RELEASE"), "", "whatever is live is undone");
        assert_eq!(back.env("APP_DIR"), "/opt/personal-assistant");
        assert_eq!(
            job.script("health-check").env("HEALTH_URLS").lines().next(),
            Some(urls(deployment)[0].as_str())
        );
    }
}
