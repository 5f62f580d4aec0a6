//! Deployments to each target, read from the generated workflows.

mod packages;

use crate::seeds::read::{Generated, Job, Step, Workflow};

fn generated() -> &'static Generated {
    Generated::manifest(include_str!("../fixtures/targets/cloud.yml"))
}

fn rollback_by_hand() -> &'static Workflow {
    generated().workflow("rollback")
}

/// Where a job uses an action, or runs one of our scripts.
fn place(job: &Job, name: &str) -> usize {
    let found = job
        .steps
        .iter()
        .position(|step| step.script() == Some(name) || step.action() == Some(name));
    found.unwrap_or_else(|| panic!("{} does not run {name}", job.id))
}

/// The text of an output of a job.
fn output<'w>(workflow: &'w Workflow, job: &str, name: &str) -> &'w str {
    &workflow.job(job).outputs[name]
}

#[test]
fn a_worker_is_recorded_before_it_changes_and_shifted_share_by_share() {
    let deploy = generated().workflow("deploy-edge");
    assert_eq!(
        deploy.job("deploy-edge").scripts(),
        [
            "wrangler-record",
            "drizzle-status",
            "pg-dump",
            "drizzle-migrate",
            "drizzle-status",
            "wrangler-deploy",
            "wrangler-shift",
            "wrangler-check",
            "wrangler-shift",
            "wrangler-check",
            "wrangler-shift",
            "health-check",
        ]
    );
    let shares: Vec<_> = deploy
        .job("deploy-edge")
        .steps
        .iter()
        .map(|step| step.env("PERCENT"))
        .collect();
    let shares: Vec<_> = shares.iter().filter(|share| !share.is_empty()).collect();
    assert_eq!(shares, ["10", "50", "100"]);
    assert_eq!(
        deploy
            .job("deploy-edge")
            .script("wrangler-deploy")
            .env("TRAFFIC"),
        "none"
    );
    let rollback = deploy.job("rollback").script("wrangler-rollback");
    assert_eq!(
        rollback.env("PREVIOUS_VERSION"),
        "${{ needs.deploy-edge.outputs.release }}"
    );
    assert_eq!(
        output(deploy, "deploy-edge", "release"),
        "${{ steps.record.outputs.previous_version }}"
    );
}

#[test]
fn a_worker_gets_its_variables_and_secrets_with_its_version() {
    let deploy = generated().workflow("deploy-edge");
    let step = deploy.job("deploy-edge").script("wrangler-deploy");
    assert_eq!(step.env("VARS"), "API_URL=https://edge.example.com");
    assert_eq!(step.env("SECRETS"), "JWT_SECRET");
    assert_eq!(step.env("JWT_SECRET"), "${{ secrets.EDGE_JWT_SECRET }}");
}

#[test]
fn a_worker_of_two_colours_is_asked_without_traffic_before_it_gets_all() {
    let deploy = generated().workflow("deploy-worker");
    let job = deploy.job("deploy-worker");
    assert_eq!(
        job.scripts(),
        [
            "wrangler-record",
            "wrangler-deploy",
            "wrangler-shift",
            "wrangler-check",
            "wrangler-shift",
            "health-check",
        ]
    );
    let shares = job.steps.iter().map(|step| step.env("PERCENT"));
    let shares: Vec<_> = shares.filter(|share| !share.is_empty()).collect();
    assert_eq!(shares, ["0", "100"]);
    let check = job.script("wrangler-check");
    assert_eq!(check.env("CHECK_URLS"), "https://worker.example.com/health");
}

#[test]
fn every_change_tries_the_configuration_of_each_worker_without_a_token() {
    let ci = generated().workflow("ci");
    let job = ci.job("check-deployment-api");
    let steps: Vec<_> = job.steps.iter().collect();
    let tried: Vec<_> = steps.iter().map(|step| step.env("WORKER_ENV")).collect();
    assert_eq!(job.scripts(), ["wrangler-dry-run", "wrangler-dry-run"]);
    assert!(tried.contains(&"live".to_owned()));
    assert!(
        steps
            .iter()
            .all(|step| step.env("CLOUDFLARE_API_TOKEN").is_empty())
    );
}

#[test]
fn pages_become_the_production_branch_and_go_back_by_the_release_s_name() {
    let generated = generated();
    let deploy = generated.workflow("deploy-pages");
    assert_eq!(
        deploy.job("deploy-pages").scripts(),
        [
            "pages-record",
            "pages-deploy",
            "prisma-migrate",
            "health-check"
        ]
    );
    let step = deploy.job("deploy-pages").script("pages-deploy");
    assert_eq!(step.env("FOLDER"), "build");
    assert_eq!(
        step.env("BRANCH"),
        "${{ steps.record.outputs.production_branch }}"
    );
    assert_eq!(step.env("COMMIT"), "${{ needs.validate.outputs.sha }}");
    assert_eq!(
        output(deploy, "deploy-pages", "release"),
        "${{ steps.record.outputs.previous_version }}"
    );
    let back = rollback_by_hand();
    assert_eq!(
        back.job("rollback-pages").scripts()[..2],
        ["pages-find", "pages-rollback"]
    );
    let find = back.job("rollback-pages").script("pages-find");
    assert_eq!(find.env("VERSION"), "${{ inputs.version }}");
}

#[test]
fn migrations_of_another_component_find_it_set_up() {
    let deploy = generated().workflow("deploy-pages");
    let job = deploy.job("deploy-pages");
    let installs = |step: &&Step| step.run.as_deref() == Some("npm ci");
    let installs = job.steps.iter().filter(installs);
    let folders: Vec<_> = installs
        .map(|step| step.working_directory.as_deref())
        .collect();
    assert_eq!(folders, [Some("web"), Some("api")]);
    let migrate = job.script("prisma-migrate");
    assert_eq!(migrate.working_directory.as_deref(), Some("api"));
}

#[test]
fn infrastructure_backup_and_cache_belong_to_a_deployment() {
    let deploy = generated().workflow("deploy-cluster");
    let job = deploy.job("deploy-cluster");
    let order = [
        "aws-actions/configure-aws-credentials",
        "terraform-plan",
        "rds-snapshot",
        "kube-apply",
    ];
    let places = order.map(|name| place(job, name));
    assert!(places.is_sorted(), "{places:?}");
    assert!(
        !job.scripts().contains(&"terraform-apply"),
        "nobody asked for it"
    );
    assert_eq!(
        job.script("rds-snapshot").env("DB_INSTANCE"),
        "${{ vars.RDS_INSTANCE_ID }}"
    );
    assert_eq!(
        job.permissions.get("id-token").map(String::as_str),
        Some("write")
    );
    let back = rollback_by_hand();
    assert_eq!(
        back.job("rollback-cluster").scripts(),
        [
            "kube-eks",
            "kube-connect",
            "kube-rollback",
            "cloudfront-invalidate",
            "health-check"
        ]
    );
}

#[test]
fn a_site_is_tried_before_it_gets_its_domain() {
    let deploy = generated().workflow("deploy-site");
    assert_eq!(
        deploy.job("deploy-site").scripts(),
        [
            "vercel-record",
            "vercel-deploy",
            "vercel-check",
            "vercel-promote",
            "health-check"
        ]
    );
    let check = deploy.job("deploy-site").script("vercel-check");
    assert_eq!(check.env("BASE_URL"), "${{ steps.deploy.outputs.url }}");
    assert_eq!(deploy.job("rollback").scripts()[0], "vercel-rollback");
}

#[test]
fn two_colours_of_a_cluster_switch_when_the_idle_one_is_healthy() {
    let deploy = generated().workflow("deploy-cluster");
    assert_eq!(
        deploy.job("deploy-cluster").scripts(),
        [
            "resolve-images",
            "terraform-plan",
            "kube-eks",
            "kube-connect",
            "kube-record",
            "rds-snapshot",
            "kube-render",
            "kube-apply",
            "kube-wait",
            "kube-health",
            "kube-switch",
            "kube-migrate",
            "cloudfront-invalidate",
            "health-check",
            "kube-retire",
        ]
    );
    let health = deploy.job("deploy-cluster").script("kube-health");
    assert_eq!(
        (health.env("PORT"), health.env("HEALTH_PATH")),
        ("8080".to_owned(), "/health".to_owned())
    );
    let rollback = deploy.job("rollback").script("kube-rollback");
    assert_eq!(
        rollback.env("RECORD"),
        "${{ needs.deploy-cluster.outputs.release }}"
    );
    assert_eq!(
        output(deploy, "deploy-cluster", "release"),
        "${{ steps.record.outputs.record }}"
    );
}

#[test]
fn images_are_published_for_the_target_that_runs_them_only() {
    let generated = generated();
    assert!(
        generated
            .workflow("deploy-cluster")
            .jobs
            .contains_key("build-and-push")
    );
    for other in ["deploy-edge", "deploy-site"] {
        assert!(
            !generated
                .workflow(other)
                .jobs
                .contains_key("build-and-push"),
            "{other}"
        );
    }
}

#[test]
fn a_roll_back_by_hand_names_the_release_where_there_is_no_record() {
    let rollback = rollback_by_hand();
    let find = rollback.job("rollback-edge").script("wrangler-find");
    assert_eq!(find.env("VERSION"), "${{ inputs.version }}");
    assert_eq!(
        rollback.job("rollback-site").scripts()[..2],
        ["vercel-find", "vercel-rollback"]
    );
    assert_eq!(
        rollback
            .job("rollback-cluster")
            .script("kube-rollback")
            .env("RECORD"),
        ""
    );
}

fn clusters() -> &'static Generated {
    Generated::manifest(include_str!("../fixtures/targets/clusters.yml"))
}

#[test]
fn a_cluster_of_eks_is_found_by_its_name_and_only_images_change() {
    let deploy = clusters().workflow("deploy-images");
    let job = deploy.job("deploy-images");
    assert_eq!(
        job.scripts(),
        [
            "resolve-images",
            "kube-eks",
            "kube-connect",
            "kube-check",
            "kube-record",
            "kube-images",
            "kube-migrate",
            "kube-set-image",
            "kube-wait",
            "health-check",
        ]
    );
    let login = job.using("aws-actions/configure-aws-credentials");
    assert_eq!(login.with("aws-region"), "us-west-2");
    assert_eq!(
        login.with("aws-access-key-id"),
        "${{ secrets.AWS_ACCESS_KEY_ID }}"
    );
    assert_eq!(job.script("kube-connect").env("KUBECONFIG_DATA"), "");
    let wanted = "deployment/backend\ndeployment/worker";
    assert_eq!(job.script("kube-set-image").env("WORKLOADS"), wanted);
    assert!(place(job, "kube-eks") > place(job, "aws-actions/configure-aws-credentials"));
}

#[test]
fn a_chart_is_upgraded_and_goes_back_to_its_revision() {
    let deploy = clusters().workflow("deploy-chart");
    let job = deploy.job("deploy-chart");
    assert_eq!(
        job.scripts(),
        [
            "resolve-images",
            "kube-connect",
            "helm-record",
            "golang-migrate",
            "helm-upgrade",
            "health-check"
        ]
    );
    let upgrade = job.script("helm-upgrade");
    assert_eq!(upgrade.env("PATHS"), "BACKEND_IMAGE=backend.image");
    assert_eq!(upgrade.env("CHART"), "charts/shop");
    let migrate = job.script("golang-migrate");
    assert_eq!(
        (migrate.env("MIGRATIONS"), migrate.env("DIRECTION")),
        ("db".to_owned(), "up".to_owned())
    );
    assert!(
        job.running("golang-migrate/migrate/v4/cmd/migrate@v")
            .name
            .starts_with("Install")
    );
    let back = deploy.job("rollback").script("helm-rollback");
    assert_eq!(
        back.env("REVISION"),
        "${{ needs.deploy-chart.outputs.release }}"
    );
    assert_eq!(
        output(deploy, "deploy-chart", "release"),
        "${{ steps.record.outputs.revision }}"
    );
}

#[test]
fn a_canary_gets_its_shares_before_the_stable_version_follows() {
    let deploy = clusters().workflow("deploy-shares");
    let job = deploy.job("deploy-shares");
    assert_eq!(
        job.scripts()[3..],
        [
            "kube-render",
            "kube-apply",
            "kube-wait",
            "kube-canary",
            "kube-apply",
            "kube-wait",
            "kube-canary-end",
            "health-check",
        ]
    );
    let colours = job
        .steps
        .iter()
        .filter(|step| step.script() == Some("kube-apply"));
    let colours: Vec<_> = colours
        .map(|step| (step.env("COLOUR"), step.env("HTTP_ROUTE")))
        .collect();
    let pair = |one: &str, other: &str| (one.to_owned(), other.to_owned());
    assert_eq!(colours, [pair("canary", "shop"), pair("", "shop")]);
    let shift = job.script("kube-canary");
    assert_eq!(shift.env("STEPS"), "5,50,100");
    assert_eq!(shift.env("STEP_SECONDS"), "120");
    assert_eq!(shift.env("HEALTH_URL"), "https://shares.example.com/health");
    assert_eq!(shift.env("PROMETHEUS_QUERY"), "errors");
    assert!(job.steps.iter().all(|step| step.condition.is_none()));
    let back = deploy.job("rollback").script("kube-rollback");
    assert_eq!(back.env("CANARY_SERVICE"), "backend-canary");
}

#[test]
fn between_two_colours_traffic_is_shifted_only_where_a_run_asks_for_it() {
    let deploy = clusters().workflow("deploy-colours");
    let job = deploy.job("deploy-colours");
    let asked = job.steps.iter().filter(|step| step.condition.is_some());
    let asked: Vec<_> = asked
        .map(|step| (step.script().unwrap(), step.condition.as_deref().unwrap()))
        .collect();
    let condition = "${{ inputs.canary }}";
    assert_eq!(
        asked,
        [
            ("kube-switch", condition),
            ("kube-canary", condition),
            ("kube-canary-end", condition)
        ]
    );
    let services = job
        .steps
        .iter()
        .filter(|step| step.script() == Some("kube-switch"));
    let services: Vec<_> = services.map(|step| step.env("SERVICE")).collect();
    assert_eq!(services, ["backend-canary", "backend"]);
    let shift = job.script("kube-canary");
    assert_eq!(shift.env("STABLE_SERVICE"), "backend");
    assert_eq!(shift.env("CHECK_COMMAND"), "scripts/errors.sh");
    let end = job.script("kube-canary-end");
    assert_eq!(
        (end.env("WORKLOADS"), end.env("STABLE_SERVICE")),
        (String::new(), "backend".to_owned())
    );
    let input = &deploy.trigger("workflow_dispatch").inputs["canary"];
    assert_eq!(input.r#type, "boolean");
}

#[test]
fn a_rollout_of_argo_is_promoted_by_the_deployment() {
    let deploy = clusters().workflow("deploy-rollouts");
    let job = deploy.job("deploy-rollouts");
    assert_eq!(
        job.scripts()[2..],
        [
            "kube-record",
            "kube-render",
            "kube-apply",
            "kube-argo",
            "health-check"
        ]
    );
    assert_eq!(job.script("kube-apply").env("PART"), "configuration");
    assert!(job.running("sha256sum --check").name.contains("Argo"));
}

fn others() -> &'static Generated {
    Generated::manifest(include_str!("../fixtures/targets/others.yml"))
}

#[test]
fn services_of_ecs_get_new_revisions_and_go_back_to_the_recorded_ones() {
    let deploy = others().workflow("deploy-services");
    let job = deploy.job("deploy-services");
    assert_eq!(
        job.scripts(),
        [
            "resolve-images",
            "ecs-record",
            "rds-snapshot",
            "ecs-register",
            "ecs-migrate",
            "ecs-update",
            "health-check",
        ]
    );
    let login = job.using("aws-actions/configure-aws-credentials");
    assert_eq!(login.with("role-to-assume"), "${{ vars.AWS_ROLE }}");
    let migrate = job.script("ecs-migrate");
    assert_eq!(
        (migrate.env("SERVICE"), migrate.env("CONTAINER")),
        ("api".to_owned(), "app".to_owned())
    );
    assert_eq!(migrate.env("COMMAND"), "npx prisma migrate deploy");
    assert_eq!(
        output(deploy, "deploy-services", "release"),
        "${{ steps.record.outputs.recorded }}"
    );
    let back = deploy.job("rollback");
    assert_eq!(
        back.script("ecs-update").env("TASK_DEFINITIONS"),
        "${{ needs.deploy-services.outputs.release }}"
    );
    assert!(place(back, "aws-actions/configure-aws-credentials") < place(back, "ecs-update"));
    let by_hand = others().workflow("rollback");
    let job = by_hand.job("rollback-services");
    assert_eq!(job.scripts()[..2], ["ecs-find", "ecs-update"]);
    assert_eq!(
        job.script("ecs-update").env("TASK_DEFINITIONS"),
        "${{ steps.find.outputs.task_definitions }}"
    );
}

#[test]
fn what_cloudwatch_measures_is_asked_with_the_role_of_the_environment() {
    let deploy = others().workflow("deploy-services");
    for id in ["post-deployment-monitoring", "post-rollback-monitoring"] {
        let job = deploy.job(id);
        assert_eq!(job.environment.as_ref().unwrap().name, "services");
        assert_eq!(job.permissions["id-token"], "write");
        let login = place(job, "aws-actions/configure-aws-credentials");
        assert!(login < place(job, "monitor-metrics"), "{id}");
        let metrics: serde_json::Value =
            serde_json::from_str(&job.script("monitor-metrics").env("METRICS")).unwrap();
        assert_eq!(metrics[0]["source"], "cloudwatch");
        assert_eq!(metrics[0]["fail_above"], 5.0);
        assert_eq!(metrics[1]["warn_above"], 0.8);
        let query = &metrics[1]["query"];
        let expression =
            "SELECT MAX(TargetResponseTime) FROM SCHEMA(\"AWS/ApplicationELB\", LoadBalancer)";
        let wanted = serde_json::json!([{"Id": "value", "Expression": expression, "Period": 60}]);
        assert_eq!(*query, wanted);
    }
}

#[test]
fn a_site_in_a_bucket_is_uploaded_beside_the_live_one_and_its_cache_emptied() {
    let deploy = others().workflow("deploy-bucket");
    let job = deploy.job("deploy-bucket");
    assert_eq!(
        job.scripts(),
        [
            "s3-upload",
            "s3-switch",
            "cloudfront-invalidate",
            "health-check",
            "s3-retire"
        ]
    );
    let upload = job.script("s3-upload");
    assert_eq!(upload.working_directory.as_deref(), Some("web"));
    assert_eq!(upload.env("PREFIX"), "site/");
    assert_eq!(
        job.script("s3-switch").env("RELEASE"),
        "${{ steps.record.outputs.release }}"
    );
    let back = deploy.job("rollback");
    assert_eq!(
        back.scripts(),
        [
            "s3-switch",
            "cloudfront-invalidate",
            "health-check",
            "incident-issue"
        ]
    );
    assert_eq!(
        output(deploy, "deploy-bucket", "release"),
        "${{ steps.record.outputs.previous_release }}"
    );
    let by_hand = others().workflow("rollback");
    let find = by_hand.job("rollback-bucket").script("s3-find");
    assert_eq!(find.env("VERSION"), "${{ inputs.version }}");
}

#[test]
fn github_pages_go_back_by_building_what_was_live_again() {
    let deploy = others().workflow("deploy-github-pages");
    let job = deploy.job("deploy-github-pages");
    assert_eq!(job.scripts(), ["deployed-commit", "health-check"]);
    assert_eq!(
        job.script("deployed-commit").env("ENVIRONMENT"),
        "github-pages"
    );
    let upload = job.using("actions/upload-pages-artifact");
    assert_eq!(upload.with("path"), "web/dist");
    let artifact = upload.with("name");
    assert_eq!(
        job.using("actions/deploy-pages").with("artifact_name"),
        artifact
    );
    for (scope, access) in [
        ("pages", "write"),
        ("id-token", "write"),
        ("deployments", "read"),
    ] {
        assert_eq!(job.permissions[scope], access);
    }
    let back = deploy.job("rollback");
    let checkout = back.using("actions/checkout").with("ref");
    assert_eq!(checkout, "${{ needs.deploy-github-pages.outputs.release }}");
    assert_ne!(
        back.using("actions/deploy-pages").with("artifact_name"),
        artifact
    );
    let order = [
        "actions/checkout",
        "actions/setup-node",
        "actions/upload-pages-artifact",
    ];
    assert!(order.map(|name| place(back, name)).is_sorted());
}

#[test]
fn infrastructure_is_planned_before_anybody_is_asked_and_applied_by_that_plan() {
    let generated = others();
    let deploy = generated.workflow("deploy-infrastructure");
    let plan = deploy.job("plan-infrastructure");
    assert_eq!(plan.scripts(), ["terraform-plan"]);
    assert_eq!(
        plan.environment.as_ref().unwrap().name,
        "infrastructure-rollback"
    );
    let step = plan.script("terraform-plan");
    assert_eq!(step.env("KEPT"), "1");
    assert_eq!(step.env("TF_VAR_db_password"), "${{ secrets.DB_PASSWORD }}");
    assert_eq!(
        output(deploy, "plan-infrastructure", "plan_digest"),
        "${{ steps.plan.outputs.plan_digest }}"
    );
    deploy.assert_order(&["validate", "plan-infrastructure", "deploy-infrastructure"]);
    let job = deploy.job("deploy-infrastructure");
    assert!(job.needs.contains(&"plan-infrastructure".to_owned()));
    let apply = job.script("terraform-apply");
    assert_eq!(
        apply.env("PLAN_DIGEST"),
        "${{ needs.plan-infrastructure.outputs.plan_digest }}"
    );
    assert_eq!(
        apply.condition.as_deref(),
        Some("${{ needs.plan-infrastructure.outputs.changes == 'true' }}")
    );
    let kept = plan.using("actions/upload-artifact").with("name");
    assert_eq!(job.using("actions/download-artifact").with("name"), kept);
    let back = deploy.job("rollback");
    assert_eq!(back.scripts()[..2], ["terraform-plan", "terraform-apply"]);
}

#[test]
fn scripts_of_the_project_are_told_what_they_need() {
    let deploy = others().workflow("deploy-elsewhere");
    let job = deploy.job("deploy-elsewhere");
    assert_eq!(
        job.scripts(),
        [
            "resolve-images",
            "custom-record",
            "custom-deploy",
            "health-check"
        ]
    );
    let step = job.script("custom-deploy");
    assert_eq!(step.env("DEPLOY_SCRIPT"), "deploy/bring.sh");
    assert_eq!(step.env("IMAGES"), "${{ steps.images.outputs.images }}");
    assert_eq!(step.env("TOKEN"), "${{ secrets.ELSEWHERE_TOKEN }}");
    assert_eq!(step.env("REGION"), "eu");
    let back = deploy.job("rollback");
    assert_eq!(
        back.script("custom-rollback").env("PREVIOUS_VERSION"),
        "${{ needs.deploy-elsewhere.outputs.release }}"
    );
    assert!(place(back, "actions/checkout") < place(back, "custom-rollback"));
}

#[test]
fn images_in_ecr_are_published_and_found_with_the_login_to_aws() {
    let text = include_str!("../fixtures/targets/others.yml");
    let registry = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
    let text = text.replace(
        "repository: {visibility: public}",
        &format!("repository: {{visibility: public, registry: {registry}}}"),
    );
    // Only what names an account can have its images there.
    let text = text.replace("          images: true\n", "");
    let generated = Generated::manifest(&text);
    let deploy = generated.workflow("deploy-services");
    for id in ["build-and-push", "deploy-services"] {
        let job = deploy.job(id);
        let login = job.using("docker/login-action");
        assert_eq!(login.with("registry"), registry);
        assert_eq!(
            login.with("password"),
            "",
            "the token of GitHub opens no other registry"
        );
        let aws = "aws-actions/configure-aws-credentials";
        assert!(place(job, aws) < place(job, "docker/login-action"));
        let logins = job.steps.iter().filter(|step| step.action() == Some(aws));
        assert_eq!(logins.count(), 1, "{id}");
    }
}

#[test]
fn a_pipeline_logs_in_to_aws_before_a_registry_there() {
    let registry = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
    let text = format!(
        "version: 1\nname: shop\nrepository: {{visibility: public, registry: {registry}}}\n\
         stack: {{api: {{language: go@1.23, image: {{platforms: [linux/amd64, linux/arm64]}}}}}}\n\
         gates: {{scanners: [trivy]}}\n\
         environments:\n  live:\n    url: https://example.com\n    \
           deploy: {{on: branch main, aws: {{region: eu-west-1, role: AWS_ROLE}}, target: {{ecs: {{cluster: shop, services: api, container: app}}}}}}\n    \
           verify: {{health: /}}\n\
         workflows: {{ci: {{kind: pipeline, on: pull-request main}}}}\n"
    );
    let pipeline = Generated::manifest(&text).workflow("ci");
    for id in ["images", "publish-images", "container-scan"] {
        let job = pipeline.job(id);
        let aws = place(job, "aws-actions/configure-aws-credentials");
        assert!(aws < place(job, "docker/login-action"), "{id}");
        assert_eq!(job.permissions["id-token"], "write", "{id}");
    }
    // A pull request gets no credentials: the steps that use them do not run.
    for id in ["images", "container-scan"] {
        let login = pipeline
            .job(id)
            .using("aws-actions/configure-aws-credentials");
        let condition = login.condition.as_deref();
        assert_eq!(
            condition,
            Some("${{ github.event_name != 'pull_request' }}"),
            "{id}"
        );
    }
}

#[test]
fn drift_is_looked_for_by_the_clock_and_nobody_is_asked() {
    let text = include_str!("../fixtures/targets/others.yml").to_owned()
        + "workflows: {drift: {kind: drift}}\n";
    let generated = Generated::manifest(&text);
    let drift = generated.workflow("drift");
    assert_eq!(drift.trigger("schedule").crons, ["23 3 * * *"]);
    assert!(drift.on.contains_key("workflow_dispatch") && drift.on.len() == 2);
    assert_eq!(drift.ids(), ["drift-infrastructure"]);
    let job = drift.job("drift-infrastructure");
    // The environment has reviewers, who are asleep then.
    let environment = job.environment.as_ref().unwrap();
    assert_eq!(environment.name, "infrastructure-rollback");
    let look = job.script("terraform-drift");
    assert_eq!(look.env("TERRAFORM_DIR"), "infra");
    assert_eq!(look.env("VAR_FILES"), "live.tfvars");
    assert_eq!(look.env("TF_VAR_db_password"), "${{ secrets.DB_PASSWORD }}");
    assert!(place(job, "aws-actions/configure-aws-credentials") < place(job, "terraform-drift"));
    let issue = job.script("incident-issue");
    assert_eq!(issue.env("MARKER"), "drift-infrastructure");
    assert_eq!(issue.env("REASON"), "${{ steps.drift.outputs.problem }}");
    assert_eq!(
        issue.condition.as_deref(),
        Some("${{ failure() && steps.drift.outputs.drift == 'true' }}")
    );
    assert_eq!(job.permissions["issues"], "write");
    let settings = generated.environments.iter();
    let mut settings = settings.filter(|one| one.name == "infrastructure-rollback");
    assert!(
        settings
            .next()
            .unwrap()
            .branches
            .contains(&"main".to_owned())
    );
}

#[test]
fn a_job_may_take_as_long_as_its_target_waits() {
    let minutes = |workflow: &Workflow, id: &str| workflow.job(id).timeout_minutes;
    let services = others().workflow("deploy-services");
    // Twenty minutes of waiting for the services, half an hour for the snapshot.
    assert_eq!(
        services
            .job("deploy-services")
            .script("ecs-update")
            .env("MAX_WAIT"),
        "1200"
    );
    assert_eq!(minutes(services, "deploy-services"), 60);
    assert_eq!(minutes(services, "rollback"), 25);
    let shares = clusters().workflow("deploy-shares");
    assert_eq!(
        minutes(shares, "deploy-shares"),
        32,
        "two minutes at each of three steps"
    );
    let by_hand = others().workflow("rollback");
    assert_eq!(
        minutes(by_hand, "rollback-bucket"),
        25,
        "with an emptied cache"
    );
}
