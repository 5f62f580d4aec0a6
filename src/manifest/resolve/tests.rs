//! Rules across keys, in their words.

mod owner;
mod pipelines;
mod roles;
mod rollback;

use crate::manifest;
use crate::source::{Source, Sources};

/// The messages about a manifest, each with its help.
fn messages(rest: &str) -> Vec<String> {
    messages_in("public", rest)
}

/// The same, in a repository that these can see.
fn messages_in(visibility: &str, rest: &str) -> Vec<String> {
    let text = format!("version: 1\nname: shop\nrepository: {{visibility: {visibility}}}\n{rest}");
    let mut sources = Sources::new();
    let main = sources.add(Source::new("cicd.yml", &text).unwrap());
    let mut fetch = |_: &str| Err("there are no other files".to_owned());
    let reading = manifest::read(&mut sources, main, &mut fetch);
    let document = reading
        .document
        .unwrap_or_else(|| panic!("{:#?}", reading.diagnostics));
    let (_, diagnostics) = manifest::resolve(&document, &|_| true);
    let message = |one: &crate::diagnostics::Diagnostic| {
        let (_, start, _) = sources.resolve(one.primary.unwrap()).unwrap();
        format!(
            "{} {}; {}",
            start.line,
            one.message,
            one.help.as_deref().unwrap_or_default()
        )
    };
    diagnostics.iter().map(message).collect()
}

#[test]
fn a_review_of_findings_has_reviewers() {
    let gates = "gates: {vulnerabilities: {high: review}, scanners: [trivy]}\n";
    assert_eq!(
        messages(gates),
        ["4 findings wait for a review, and nobody is named for it; \
          write `approvals: {security-review: {reviewers: team/NAME}}`, or `block`"]
    );
    assert_eq!(
        messages("gates: {secrets: review, scanners: [gitleaks]}\n").len(),
        1
    );
    let named = "approvals: {security-review: {reviewers: team/security}}\n";
    assert!(messages(&format!("{gates}{named}")).is_empty());
    assert_eq!(
        messages(named),
        ["4 no finding waits for a review; \
          write `review` for something under `gates`, or remove the approval"]
    );
    let by_two = "approvals: {security-review: {reviewers: team/security, required: 2}}\n";
    assert_eq!(
        messages(&format!("{gates}{by_two}")),
        [
            "5 findings are reviewed by one person, through GitHub's environments; write only `reviewers` here"
        ]
    );
}

#[test]
fn a_deployment_has_a_target_with_compose_files() {
    let environment = |deploy: &str| format!("environments:\n  live: {{deploy: {{{deploy}}}}}\n");
    assert_eq!(
        messages(&environment("on: branch main")),
        [
            "5 nothing says where `live` is deployed to; write `target:` with one of cloudflare-pages, cloudflare-workers, custom, ecs, github-pages, kubernetes, package, s3, ssh-compose, terraform, vercel"
        ]
    );
    assert_eq!(
        messages(&environment("target: {ssh-compose: {path: /srv/shop}}")),
        ["5 the target names no Compose file; write `compose: FILE`"]
    );
    let defaults =
        "environment-defaults: {deploy: {target: {ssh-compose: {compose: compose.yml}}}}\n";
    assert!(messages(&format!("{defaults}{}", environment("on: branch main"))).is_empty());
}

#[test]
fn parts_say_what_is_theirs_and_nothing_else() {
    let target = "target: {ssh-compose: {compose: compose.yml}}";
    let parts = |whole: &str, part: &str| {
        format!(
            "environments:\n  live:\n    {whole}\n    parts:\n      web: {{url: https://a.b, deploy: {{{target}}}}}\n      {part}\n"
        )
    };
    let api = format!("api: {{deploy: {{{target}}}}}");
    assert!(messages(&parts("deploy: {on: branch main}", &api)).is_empty());
    assert_eq!(
        messages(&parts("url: https://a.b", &api)),
        [
            "8 nothing says what starts a deployment to `live`; write `deploy: {on: dispatch}` beside `parts`"
        ]
    );
    assert_eq!(
        messages(&parts("deploy: {migrate: alembic}", &api)),
        ["6 `migrate` belongs to a part of `live`; write it under `parts.NAME.deploy.migrate`"]
    );
    assert_eq!(
        messages(&parts("deploy: {}", "api: {deploy: {after: live}}")),
        [
            "9 nothing says where `api` is deployed to; write `target:` with one of cloudflare-pages, cloudflare-workers, custom, ecs, github-pages, kubernetes, package, s3, ssh-compose, terraform, vercel",
            "9 `after` is not said of a part; write it under `environments.live.deploy.after`"
        ]
    );
    let watched = format!("api: {{deploy: {{{target}}}, verify: {{health: /, monitor: 5m}}}}");
    assert_eq!(
        messages(&parts("deploy: {}", &watched)),
        [
            "9 `api` has no address to ask; write `url: https://…` beside `verify`",
            "9 `monitor` is not said of a part; write it under `environments.live.verify.monitor`"
        ]
    );
}

#[test]
fn several_people_have_gates_of_their_own() {
    let environments =
        "environments: {live: {deploy: {target: {ssh-compose: {compose: compose.yml}}}}}\n";
    let approval = "approvals: {live: {required: 2, reviewers: [a, b], gate: live-approval}}\n";
    assert_eq!(
        messages(&format!("{environments}{approval}")),
        [
            "5 `live-approval` would let one person decide; remove it: several people are asked at gates of their own, or in an issue"
        ]
    );
}

/// Messages about a deployment with these keys beside its trigger.
fn about_deployment(keys: &str) -> Vec<String> {
    messages(&format!(
        "stack: {{api: {{path: api, language: node@22}}}}\nenvironments:\n  live:\n    deploy:\n      on: branch main\n{keys}"
    ))
}

#[test]
fn a_backup_names_one_database_that_can_be_reached() {
    let pages = "      target: {cloudflare-pages: {project: shop}}\n";
    let with = |backup: &str| about_deployment(&format!("{pages}      backup: {backup}\n"));
    assert_eq!(
        with("shop"),
        [
            "10 the target has no server on which a database could be dumped; write `{url: SECRET}` with its address, or `{rds: VARIABLE}`"
        ]
    );
    assert_eq!(
        with("{url: A, rds: B}"),
        [
            "10 the backup names several databases; keep one of `database`, `url`, `rds` and `rds-cluster`",
            "10 `backup` needs an account on AWS; write `aws: REGION` beside it, such as `aws: us-west-2`"
        ]
    );
    assert_eq!(with("{keep: 3}").len(), 1);
    assert!(with("{url: DATABASE_URL}").is_empty());
}

#[test]
fn migrations_run_where_there_is_something_to_run_them() {
    let pages = "      target: {cloudflare-pages: {project: shop}}\n";
    let with = |migrate: &str| about_deployment(&format!("{pages}      migrate: {migrate}\n"));
    assert_eq!(
        with("prisme"),
        ["10 `prisme` is no migration tool; write `prisma`"]
    );
    assert_eq!(
        with("{when: after}"),
        ["10 nothing says what migrates the database; write `run: TOOL`"]
    );
    assert_eq!(
        with("{run: prisma, on: image}"),
        ["10 the target has no image to migrate in; write `on: runner`, or remove the line"]
    );
    assert_eq!(
        with("{run: prisma, component: apy}"),
        ["10 `apy` is no component; write `api`"]
    );
    assert!(with("{run: prisma, component: api}").is_empty());
    let compose = "      target: {ssh-compose: {compose: compose.yml}}\n";
    let beside = format!("{compose}      migrate: {{run: prisma, url: A}}\n");
    assert_eq!(
        about_deployment(&beside),
        [
            "10 `url` says nothing to migrations in a container of the new image; write `on: runner` beside it, or remove it"
        ]
    );
}

#[test]
fn shares_of_a_worker_rise_and_its_secrets_have_names_of_their_own() {
    let with = |keys: &str| {
        about_deployment(&format!(
            "      target: {{cloudflare-workers: {{{keys}}}}}\n"
        ))
    };
    assert_eq!(
        with("worker: shop, gradual: [50%, 10%]"),
        [
            "9 the shares of `gradual` do not rise towards 100 %; write them in order, such as `[10%, 50%]`; all traffic follows by itself"
        ]
    );
    assert_eq!(
        with("gradual: [10%]"),
        [
            "9 the new version cannot be asked without the Worker's name; write `worker: NAME` beside `gradual`"
        ]
    );
    assert_eq!(
        with("secrets: {VERSION: A}"),
        ["9 `VERSION` is read by the deployment itself; give it another name"]
    );
}

#[test]
fn a_cluster_is_deployed_to_in_one_way_that_it_can() {
    let with = |keys: &str, strategy: &str| {
        about_deployment(&format!(
            "      target: {{kubernetes: {{namespace: shop, {keys}}}}}\n      strategy: {strategy}\n"
        ))
    };
    let workload = "workloads: deployment/api";
    assert!(with(workload, "rolling").is_empty());
    assert!(with("helm: charts/shop", "direct").is_empty());
    assert_eq!(
        with(workload, "blue-green"),
        [
            "10 `kubernetes` cannot do `blue-green` as it is; write `manifests: FOLDER`, of which the other colour is made"
        ]
    );
    assert_eq!(
        with(&format!("{workload}, manifests: k8s"), "canary"),
        [
            "10 `kubernetes` cannot do `canary` as it is; write `canary: {route: NAME, …}`, or `{rollout: NAME}` with Argo Rollouts"
        ]
    );
    assert_eq!(
        with("helm: charts/shop, manifests: k8s", "canary"),
        [
            "9 the target has a chart and manifests; keep one of `helm` and `manifests`",
            "10 `kubernetes` cannot do `canary` as it is; remove the strategy: the chart says how its workloads are replaced"
        ]
    );
    assert_eq!(
        with("cluster: shop", "direct"),
        [
            "9 `target` needs an account on AWS; write `aws: REGION` beside it, such as `aws: us-west-2`",
            "9 the target names no workload; write `workloads: deployment/NAME`"
        ]
    );
    assert_eq!(
        with(&format!("{workload}, canary: {{route: shop}}"), "canary"),
        [
            "9 the canary has no Service of its own; write `service: NAME`, the backend of the route for the new version"
        ]
    );
}

#[test]
fn a_watch_measures_what_it_limits() {
    let watch = |verify: &str| {
        messages(&format!(
            "environments: {{live: {{url: https://a.b, deploy: {{target: {{ssh-compose: {{compose: c.yml}}}}}}, verify: {{health: /, {verify}}}}}}}\n"
        ))
    };
    assert!(watch("monitor: {for: 5m, limits: {errors: 2%, p95: {warn: 1s}}}").is_empty());
    for (verify, message) in [
        (
            "monitor: {for: 5m, limits: {cache-hits: 90%}}",
            "4 requests for the health do not show what a cache answers; write `source: metrics`, or another one that knows",
        ),
        (
            "monitor: {for: 5m, source: metrics, limits: {p95: 2s}}",
            "4 no path of metrics is known; write `metrics: /metrics` where `health` stands",
        ),
        (
            "monitor: {for: 5m, source: cloudwatch, limits: {p95: {roll-back: 2s, query: x}}}",
            "4 CloudWatch needs an account on AWS; write `aws: REGION` under `deploy`, such as `aws: us-west-2`",
        ),
        (
            "monitor: {for: 5m, source: datadog, limits: {p95: 2s}}",
            "4 nothing says what is asked for `p95`; write `query: …`",
        ),
        (
            "monitor: {for: 5m, source: prometheus, limits: {p95: {roll-back: 2s, query: x}}}",
            "4 no Prometheus server is known; write `prometheus: {url: https://…}` beside it",
        ),
        (
            "monitor: {for: 5m, prometheus: {url: https://a.b}}",
            "4 the server is asked nothing; write `query: …`, or `source: prometheus` with limits",
        ),
        (
            "monitor: {for: 5m, limits: {errors: {query: x}}}",
            "4 `errors` neither warns nor rolls back; write `warn`, `roll-back` or both",
        ),
        (
            "monitor: {for: 5m, source: probes}",
            "4 nothing is limited; write `limits: {errors: 5%}` beside it",
        ),
    ] {
        assert_eq!(watch(verify), [message]);
    }
}

#[test]
fn a_merge_queue_waits_for_checks_only() {
    let stack = "stack: {api: {language: go}}\n";
    for kind in ["checks", "tests", "security"] {
        let workflow = format!("workflows: {{a: {{kind: {kind}, on: merge-group}}}}\n");
        assert_eq!(messages(&format!("{stack}{workflow}")), [""; 0], "{kind}");
    }
    assert_eq!(
        messages(&format!(
            "{stack}workflows: {{a: {{kind: images, on: merge-group}}}}\n"
        )),
        [
            "5 a merge queue waits for checks, and this workflow does more; \
          remove `merge-group` here, and write it at a workflow of checks"
        ]
    );
    let live = "environments: {live: {deploy: {on: merge-group, target: {ssh-compose: {compose: c.yml}}}}}\n";
    let all = messages(live);
    assert!(
        all.iter()
            .any(|one| one.contains("does not start from a merge queue")),
        "{all:?}"
    );
}
