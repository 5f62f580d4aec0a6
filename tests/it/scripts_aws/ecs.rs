//! ecs-record, ecs-register, ecs-migrate and ecs-update: whatever fails, what was live can come back.

use std::sync::OnceLock;

use serde_json::{Value, json};

use super::cloud::{Cloud, KILL, KILL_BEFORE, LOSE, REFUSE};
use super::sandbox::{HOSTILE, Outcome, script_path};

fn definition(family: &str, revision: u8) -> String {
    format!("arn:aws:ecs:eu-west-1:123456789012:task-definition/{family}:{revision}")
}

fn image(name: &str, digit: char) -> String {
    format!(
        "123456789012.dkr.ecr.eu-west-1.amazonaws.com/{name}@sha256:{}",
        digit.to_string().repeat(64)
    )
}

fn revision(family: &str, number: u8) -> Value {
    json!({
        "family": family, "revision": number, "status": "ACTIVE", "taskDefinitionArn": definition(family, number),
        "containerDefinitions": [
            {"name": "app", "image": image("shop", '1'), "environment": [{"name": "PASSWORD", "value": "hunter2"}], "essential": true},
            {"name": "sidecar", "image": "public.ecr.aws/x/envoy:v1"},
        ],
        "cpu": "256", "memory": "512", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "compatibilities": ["EC2", "FARGATE"],
        "requiresAttributes": [{"name": "ecs.capability.x"}], "registeredAt": 1.5, "registeredBy": "arn:aws:iam::1:user/x",
        "tags": [{"key": "team", "value": "shop"}, {"key": "aws:cloudformation:stack-name", "value": "x"}],
    })
}

/// A cluster where `web` and `worker` run revision 7 with image 1.
fn cluster() -> Cloud {
    let service = |family: &str| {
        json!({"taskDefinition": definition(family, 7), "deployments": [{
            "id": "ecs-svc/0", "status": "PRIMARY", "taskDefinition": definition(family, 7),
            "desiredCount": 2, "runningCount": 2, "failedTasks": 0, "rolloutState": "COMPLETED",
        }]})
    };
    Cloud::new(json!({
        "services": {"web": service("web"), "worker": service("worker")},
        "definitions": {definition("web", 7): revision("web", 7), definition("worker", 7): revision("worker", 7)},
        "tasks": {}, "polls": 2,
    }))
}

fn live(cloud: &Cloud, service: &str) -> String {
    let account = cloud.account();
    let deployments = account["services"][service]["deployments"]
        .as_array()
        .unwrap();
    assert_eq!(deployments.len(), 1, "{deployments:#?}");
    assert_eq!(deployments[0]["rolloutState"], "COMPLETED");
    deployments[0]["taskDefinition"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn record(cloud: &Cloud) -> String {
    let outcome = cloud.run(
        "ecs-record",
        &[("CLUSTER", "shop"), ("SERVICES", " web\r\n\nworker \n")],
    );
    outcome
        .passes(&format!("service web runs {}", definition("web", 7)))
        .output("recorded")
        .to_owned()
}

fn register(cloud: &Cloud, recorded: &str) -> Outcome {
    let images = format!("app={}\n", image("shop", '2'));
    cloud.run(
        "ecs-register",
        &[("RECORDED", recorded), ("IMAGES", &images)],
    )
}

/// A cluster where revision 8 with image 2 is registered, what was recorded before, and what is to come.
fn prepared() -> (Cloud, &'static str, &'static str) {
    static PREPARED: OnceLock<(Value, String, String)> = OnceLock::new();
    let (account, recorded, definitions) = PREPARED.get_or_init(|| {
        let cloud = cluster();
        let recorded = record(&cloud);
        let registered = register(&cloud, &recorded);
        let definitions = registered
            .passes("registered")
            .output("task_definitions")
            .to_owned();
        (cloud.account(), recorded, definitions)
    });
    (Cloud::new(account.clone()), recorded, definitions)
}

fn update(cloud: &Cloud, definitions: &str) -> Outcome {
    cloud.run(
        "ecs-update",
        &[("CLUSTER", "shop"), ("TASK_DEFINITIONS", definitions)],
    )
}

fn migrate(cloud: &Cloud, definitions: &str, more: &[(&str, &str)]) -> Outcome {
    let env = [
        ("CLUSTER", "shop"),
        ("SERVICE", "web"),
        ("TASK_DEFINITIONS", definitions),
        ("CONTAINER", "app"),
        ("COMMAND", "migrate --url 'a b'"),
    ];
    cloud.run("ecs-migrate", &[&env[..], more].concat())
}

#[test]
fn a_deployment_changes_the_images_and_nothing_else() {
    let cloud = cluster();
    let recorded = record(&cloud);
    let parsed: Value = serde_json::from_str(&recorded).unwrap();
    assert_eq!(
        parsed,
        json!({"web": definition("web", 7), "worker": definition("worker", 7)})
    );

    let registered = register(&cloud, &recorded);
    let definitions = registered
        .passes("registered")
        .output("task_definitions")
        .to_owned();
    let parsed: Value = serde_json::from_str(&definitions).unwrap();
    assert_eq!(
        parsed,
        json!({"web": definition("web", 8), "worker": definition("worker", 8)})
    );
    let request = &cloud.requests("ecs register-task-definition")[0];
    let mut wanted = revision("web", 7);
    for field in [
        "revision",
        "status",
        "taskDefinitionArn",
        "compatibilities",
        "requiresAttributes",
        "registeredAt",
        "registeredBy",
    ] {
        wanted.as_object_mut().unwrap().remove(field);
    }
    wanted["containerDefinitions"][0]["image"] = json!(image("shop", '2'));
    wanted["tags"] = json!([{"key": "team", "value": "shop"}]);
    assert_eq!(*request, wanted);
    assert!(!registered.log.contains("hunter2"), "{registered:#?}");
    assert_eq!(live(&cloud, "web"), definition("web", 7));

    migrate(&cloud, &definitions, &[]).passes("ended with code 0");
    let task = &cloud.requests("ecs run-task")[0];
    assert_eq!(task["taskDefinition"], definition("web", 8));
    assert_eq!(
        task["overrides"],
        json!({"containerOverrides": [{"name": "app", "command": ["sh", "-c", "migrate --url 'a b'"]}]})
    );
    assert_eq!(
        task["networkConfiguration"]["awsvpcConfiguration"]["subnets"],
        json!(["subnet-1"])
    );
    assert_eq!(
        (&task["launchType"], &task["platformVersion"]),
        (&json!("FARGATE"), &json!("LATEST"))
    );
    assert_eq!(live(&cloud, "web"), definition("web", 7));

    update(&cloud, &definitions).passes("every service runs its task definition");
    assert_eq!(
        (live(&cloud, "web"), live(&cloud, "worker")),
        (definition("web", 8), definition("worker", 8))
    );
    // A step that is run again does no harm, and going back is the same step.
    let again = update(&cloud, &definitions);
    again.passes("service web runs");
    assert_eq!(cloud.requests("ecs update-service").len(), 2);
    update(&cloud, &recorded).passes("every service runs its task definition");
    assert_eq!(
        (live(&cloud, "web"), live(&cloud, "worker")),
        (definition("web", 7), definition("worker", 7))
    );
    cloud.saw_no_value_in("hunter2");
    cloud.saw_no_value_in("migrate");
}

#[test]
fn a_circuit_breaker_that_went_back_is_a_failure() {
    for (behaviour, text) in [
        ("circuit", "it runs arn:aws:ecs"),
        ("fails", "tasks failed to start"),
        ("stuck", "not after 2 seconds"),
    ] {
        let (cloud, recorded, definitions) = prepared();
        cloud.change(|account| account["behaviour"] = json!({definition("worker", 8): behaviour}));
        let env = [
            ("CLUSTER", "shop"),
            ("TASK_DEFINITIONS", definitions),
            ("MAX_WAIT", if behaviour == "stuck" { "2" } else { "120" }),
        ];
        let outcome = cloud.run("ecs-update", &env);
        outcome
            .fails(&format!(
                "::error::service worker does not run {}",
                definition("worker", 8)
            ))
            .fails(text);
        outcome.fails("has started 2 tasks");
        assert_eq!(live(&cloud, "web"), definition("web", 8));
        update(&cloud, recorded).passes("every service runs its task definition");
        assert_eq!(
            (live(&cloud, "web"), live(&cloud, "worker")),
            (definition("web", 7), definition("worker", 7))
        );
    }
}

#[test]
fn an_answer_that_is_out_of_date_is_not_a_failure() {
    let (cloud, _, definitions) = prepared();
    cloud.change(|account| account["stale"] = json!(1));
    update(&cloud, definitions).passes("every service runs its task definition");
    assert_eq!(live(&cloud, "web"), definition("web", 8));
}

#[test]
fn what_failed_before_is_tried_again_and_what_is_under_way_is_waited_for() {
    let (cloud, _, definitions) = prepared();
    cloud.change(|account| account["behaviour"] = json!({definition("web", 8): "fails"}));
    update(&cloud, definitions).fails("tasks failed to start");
    cloud.change(|account| account["behaviour"] = json!({}));
    // What completed before the failure is what one can go back to.
    let recorded: Value = serde_json::from_str(&record(&cloud_with_failed(&cloud))).unwrap();
    assert_eq!(recorded["web"], definition("web", 7));
    update(&cloud, definitions).passes("goes to");
    assert_eq!(
        cloud.requests("ecs update-service").last().unwrap()["forceNewDeployment"],
        true
    );
    assert_eq!(live(&cloud, "web"), definition("web", 8));

    let (cloud, _, definitions) = prepared();
    cloud.fault("ecs update-service", 2, KILL);
    assert_eq!(update(&cloud, definitions).code, -1);
    cloud.fault("", 1, "");
    update(&cloud, definitions).passes("on its way to");
    assert_eq!(live(&cloud, "worker"), definition("worker", 8));
}

/// The same account where only `web` is left in its failed deployment.
fn cloud_with_failed(cloud: &Cloud) -> Cloud {
    let mut account = cloud.account();
    let healthy = cluster().account();
    account["services"]["worker"] = healthy["services"]["worker"].clone();
    Cloud::new(account)
}

#[test]
fn wherever_a_deployment_stops_the_recorded_state_is_there_or_comes_back() {
    let (prepared, recorded, definitions) = prepared();
    let before = |cloud: &Cloud| {
        let revisions = (live(cloud, "web"), live(cloud, "worker"));
        assert_eq!(revisions, (definition("web", 7), definition("worker", 7)));
    };
    // Until the services are updated, nothing that is live has changed.
    let calls = [
        ("ecs describe-task-definition", 2, REFUSE),
        ("ecs register-task-definition", 2, LOSE),
        ("ecs register-task-definition", 2, KILL),
        ("ecs run-task", 1, REFUSE),
        ("ecs describe-services", 1, KILL_BEFORE),
    ];
    for (call, at, does) in calls {
        let cloud = Cloud::new(prepared.account());
        cloud.fault(call, at, does);
        let outcome = if call.ends_with("definition") {
            register(&cloud, recorded)
        } else {
            migrate(&cloud, definitions, &[])
        };
        assert_ne!(outcome.code, 0, "{call} {does}: {outcome:#?}");
        assert!(
            !outcome.outputs.contains_key("task_definitions"),
            "{outcome:#?}"
        );
        before(&cloud);
    }
    let calls = [
        ("ecs describe-services", 1, KILL_BEFORE),
        ("ecs update-service", 1, REFUSE),
        ("ecs update-service", 1, KILL),
        ("ecs update-service", 2, LOSE),
        ("ecs update-service", 2, KILL_BEFORE),
        ("ecs describe-services", 4, KILL),
    ];
    for (call, at, does) in calls {
        let cloud = Cloud::new(prepared.account());
        cloud.fault(call, at, does);
        let outcome = update(&cloud, definitions);
        assert_ne!(outcome.code, 0, "{call} {does}: {outcome:#?}");
        cloud.fault("", 1, "");
        update(&cloud, recorded).passes("every service runs its task definition");
        before(&cloud);
    }
    // A look that fails is repeated.
    prepared.fault("ecs describe-services", 4, REFUSE);
    update(&prepared, definitions).passes("it cannot be read");
}

#[test]
fn one_service_that_cannot_go_back_does_not_hold_the_other() {
    let (cloud, recorded, definitions) = prepared();
    update(&cloud, definitions).passes("every service");
    cloud.fault("ecs update-service", 1, REFUSE);
    update(&cloud, recorded).fails("::error::service web cannot be updated");
    assert_eq!(
        (live(&cloud, "web"), live(&cloud, "worker")),
        (definition("web", 8), definition("worker", 7))
    );
}

#[test]
fn a_migration_is_judged_by_its_exit_code_and_never_left_running() {
    let run = |run: Value, more: &[(&str, &str)]| {
        let cloud = cluster();
        cloud.change(|account| account["run"] = run);
        let outcome = migrate(
            &cloud,
            &json!({"web": definition("web", 7)}).to_string(),
            more,
        );
        (outcome, cloud.requests("ecs stop-task").len())
    };
    let (outcome, _) = run(json!({"exit": 3}), &[]);
    outcome.fails("the command ended with code 3");
    let pulled = json!({"end": {"lastStatus": "STOPPED", "stopCode": "TaskFailedToStart",
        "stoppedReason": "CannotPullContainerError: 403\n::stop-commands::pwned", "containers": [{"name": "app", "lastStatus": "STOPPED"}]}});
    let (outcome, stops) = run(pulled, &[]);
    outcome.fails("the command did not run: CannotPullContainerError: 403%0A");
    assert_eq!(stops, 0);
    let (outcome, _) = run(json!({"failure": "RESOURCE:MEMORY"}), &[]);
    outcome.fails("cannot be started: RESOURCE:MEMORY");
    let (outcome, _) = run(json!({"late": true}), &[]);
    outcome.passes("ended with code 0");
    // The command is over, and a sidecar goes on.
    let sidecar = json!({"end": {"lastStatus": "RUNNING", "containers": [{"name": "sidecar", "lastStatus": "RUNNING"}, {"name": "app", "lastStatus": "STOPPED", "exitCode": 0}]}});
    let (outcome, stops) = run(sidecar, &[]);
    outcome.passes("ended with code 0");
    assert_eq!(stops, 1);
    let (outcome, stops) = run(json!({"polls": 1_000_000}), &[("MAX_WAIT", "1")]);
    outcome.fails("has not ended after 1 seconds");
    assert_eq!(stops, 1);

    // Nor when the job is cancelled, or the answer to the start got lost.
    for (call, does, code) in [
        ("ecs run-task", KILL, 143),
        ("ecs run-task", LOSE, 1),
        ("ecs describe-tasks", KILL, 143),
    ] {
        let cloud = cluster();
        cloud.fault(call, 1, does);
        let outcome = migrate(
            &cloud,
            &json!({"web": definition("web", 7)}).to_string(),
            &[],
        );
        assert_eq!(outcome.code, code, "{outcome:#?}");
        assert_eq!(
            cloud.requests("ecs stop-task").len(),
            1,
            "after {call}: {outcome:#?}"
        );
    }
}

#[test]
fn services_that_cannot_be_deployed_are_named_before_anything_changes() {
    let recorded = |change: &dyn Fn(&mut Value), services: &str| {
        let cloud = cluster();
        cloud.change(|account| change(&mut account["services"]["web"]));
        cloud.run("ecs-record", &[("CLUSTER", "shop"), ("SERVICES", services)])
    };
    recorded(&|_| {}, "web\nabsent")
        .fails("service absent cannot be deployed: it is not there (MISSING)");
    recorded(&|web| web["status"] = json!("DRAINING"), "web").fails("it is DRAINING");
    recorded(
        &|web| web["deploymentController"] = json!({"type": "CODE_DEPLOY"}),
        "web",
    )
    .fails("deployed by CODE_DEPLOY");
    recorded(&|web| web["deployments"] = json!([]), "web").fails("it has no deployment");
    let unproven = recorded(
        &|web| web["deployments"][0]["rolloutState"] = json!("FAILED"),
        "web",
    );
    unproven.passes("::warning::no deployment of service web ever completed");
    recorded(
        &|web| web["deployments"][0]["rolloutState"] = Value::Null,
        "web",
    )
    .passes("service web runs");
    recorded(&|_| {}, " \n").fails("SERVICES names no service");

    let cloud = cluster();
    let recorded = record(&cloud);
    let register = |images: &str| {
        cloud.run(
            "ecs-register",
            &[("RECORDED", &recorded), ("IMAGES", images)],
        )
    };
    register(&format!(
        "app={}\ntypo={}",
        image("shop", '2'),
        image("shop", '2')
    ))
    .fails("no service has the container typo");
    register(&format!("typo={}", image("shop", '2')))
        .fails("service web has none of the containers typo");
    register("app=shop:latest").fails("is not an image with a digest");
    register("").fails("IMAGES names no image");
    assert!(cloud.requests("ecs register-task-definition").is_empty());
    let same = register(&format!("app={}", image("shop", '1')));
    assert_eq!(
        same.passes("has these images already")
            .output("task_definitions"),
        recorded
    );
}

#[test]
fn hostile_values_reach_nobody() {
    let cloud = cluster();
    for script in ["ecs-record", "ecs-register", "ecs-migrate", "ecs-update"] {
        let text = std::fs::read_to_string(script_path(script)).unwrap();
        for name in [
            "CLUSTER",
            "SERVICES",
            "SERVICE",
            "RECORDED",
            "IMAGES",
            "CONTAINER",
            "TASK_DEFINITIONS",
            "MAX_WAIT",
            "INTERVAL",
        ] {
            let recorded = json!({"web": definition("web", 7)}).to_string();
            let images = format!("app={}", image("shop", '2'));
            let mut env = vec![
                ("CLUSTER", "shop"),
                ("SERVICES", "web"),
                ("SERVICE", "web"),
                ("RECORDED", &recorded),
                ("IMAGES", &images),
                ("CONTAINER", "app"),
                ("COMMAND", HOSTILE),
                ("TASK_DEFINITIONS", &recorded),
            ];
            env.push((name, HOSTILE));
            if [":", "?:"]
                .iter()
                .any(|end| text.contains(&format!("# in {name}{end} ")))
            {
                cloud.run(script, &env).fails("::error::");
            }
        }
    }
    migrate(
        &cloud,
        &json!({"web": definition("web", 7)}).to_string(),
        &[("COMMAND", HOSTILE)],
    )
    .passes("code 0");
    assert_eq!(
        cloud.requests("ecs run-task")[0]["overrides"]["containerOverrides"][0]["command"][2],
        HOSTILE
    );
    cloud.saw_no_value_in("pwned");
    let hostile_arn =
        json!({"web": format!("{}\n::stop-commands::pwned", definition("web", 7))}).to_string();
    update(&cloud, &hostile_arn).fails("is not JSON of services and task definitions");
    update(&cloud, "{}").fails("is not JSON of services and task definitions");
    update(&cloud, "").fails("is not JSON of services and task definitions");
}

#[test]
fn a_release_is_found_by_its_name_and_its_containers_by_theirs() {
    let cloud = cluster();
    let recorded = record(&cloud);
    let deploy = |version: &str, digit: char| {
        let images = format!("APP_IMAGE={}", image("shop", digit));
        let env = [
            ("RECORDED", &*recorded),
            ("IMAGES", &*images),
            ("VERSION", version),
        ];
        cloud
            .run("ecs-register", &env)
            .output("task_definitions")
            .to_owned()
    };
    let first = deploy("v1", '2');
    deploy("v2", '3');
    let tags = cloud.account()["definitions"][definition("web", 8)]["tags"].clone();
    assert_eq!(tags[0]["key"], "team", "tags of others stay");
    assert_eq!(tags[1], json!({"key": "release", "value": "v1"}));
    let find = |version: &str| {
        let env = [
            ("CLUSTER", "shop"),
            ("SERVICES", "web\nworker"),
            ("VERSION", version),
        ];
        cloud.run("ecs-find", &env)
    };
    let found: Value = serde_json::from_str(find("v1").output("task_definitions")).unwrap();
    let wanted: Value = serde_json::from_str(&first).unwrap();
    assert_eq!(found, wanted);
    assert_eq!(wanted["web"], definition("web", 8));
    find("v9").fails("has no task definition of release v9");
    find("").fails("VERSION names no release");
    let other = format!("OTHER_IMAGE={}", image("shop", '4'));
    cloud
        .run(
            "ecs-register",
            &[("RECORDED", &*recorded), ("IMAGES", &*other)],
        )
        .fails("has none of the containers OTHER_IMAGE");
}
