//! Scanners: which ones a manifest means, where they run, and that all are judged alike.

use cicd::blocks::scanner::ALL;
use cicd::commands::project;

use crate::common::Repo;
use crate::seeds::read::{Generated, Job};

fn generated() -> &'static Generated {
    Generated::manifest(include_str!("../fixtures/scanners/all.yml"))
}

/// The names of the reports that a job judges.
fn reports(job: &Job) -> Vec<String> {
    let judge = job.script("severity-policy");
    let name = |line: &str| {
        let name = match line.strip_prefix("${{ steps.") {
            Some(step) => step.split('.').next().unwrap(),
            None => line.rsplit('/').next().unwrap(),
        };
        name.trim_end_matches(".sarif")
            .trim_end_matches("-image")
            .to_owned()
    };
    judge.env("REPORTS").lines().map(name).collect()
}

/// What is said of a manifest that is wrong: code, message and help.
fn refused(stack: &str, gates: &str, scan: &str) -> Vec<String> {
    let text = format!(
        "version: 1\nname: x\nstack: {{app: {{{stack}}}}}\ngates: {gates}\nworkflows: {{ci: {{on: pull-request main{scan}}}}}\n"
    );
    let repo = Repo::new();
    match project::build(repo.root(), "cicd.yml", text.into_bytes()) {
        Ok(_) => Vec::new(),
        Err(failure) => {
            let cicd::commands::Failure::Reported(report) = failure else {
                panic!("{failure:?}");
            };
            let said = report.diagnostics.iter().map(|one| {
                let help = one.help.as_deref().unwrap_or_default();
                format!("{}: {}; {help}", one.code, one.message)
            });
            said.collect()
        }
    }
}

/// The scanners that a list means for a project of this kind.
fn meant(stack: &str, scanners: &str) -> Vec<String> {
    let text = format!(
        "version: 1\nname: x\nstack: {{app: {{{stack}}}}}\n\
         gates: {{licenses: [MIT], scanners: {scanners}}}\n\
         workflows: {{security: {{kind: security, on: dispatch}}}}\n"
    );
    let security = Generated::manifest(&text).workflow("security");
    let judged = security.jobs.values();
    judged.flat_map(reports).collect()
}

#[test]
fn every_scanner_runs_and_is_judged_in_the_security_workflow() {
    let security = generated().workflow("security");
    let mut judged: Vec<_> = security
        .jobs
        .values()
        .filter(|job| {
            job.steps
                .iter()
                .any(|step| step.script() == Some("severity-policy"))
        })
        .flat_map(reports)
        .collect();
    judged.sort();
    judged.dedup();
    let expected: Vec<_> = ALL
        .iter()
        .map(|scanner| scanner.name)
        .filter(|name| *name != "syft")
        .collect();
    assert_eq!(judged, expected);
    // A list of parts is kept, and there is nothing to judge in it.
    let parts = security.job("sbom");
    parts.running("spdx-json=reports/sbom/repository.spdx.json");
    assert_eq!(
        parts.using("actions/upload-artifact").with("path"),
        "reports"
    );
    assert!(!parts.permissions.contains_key("security-events"));
    for job in security.jobs.values() {
        for step in &job.steps {
            assert!(!step.continue_on_error, "{}: {:?}", job.id, step.name);
        }
    }
}

#[test]
fn an_image_is_looked_at_by_every_scanner_that_can() {
    let security = generated().workflow("security");
    let job = security.job("container-scan");
    assert_eq!(reports(job), ["docker-scout", "grype", "trivy"]);
    let image = "local/${{ matrix.image }}:scan";
    assert_eq!(
        job.using("aquasecurity/trivy-action").with("image-ref"),
        image
    );
    assert_eq!(job.using("anchore/scan-action").with("image"), image);
    assert_eq!(job.running("syft scan").env("IMAGE"), image);
    let scout = job.using("docker/scout-action");
    assert_eq!(scout.with("image"), format!("local://{image}"));
    // Without an account it is skipped, which its login step says.
    assert_eq!(
        scout.condition.as_deref(),
        Some("${{ steps.docker-scout.outputs.ready == 'true' }}")
    );
    let judge = job.script("severity-policy");
    assert_eq!(
        judge.env("SKIPPED"),
        "${{ steps.docker-scout.outputs.skipped }}"
    );
    assert_eq!(
        job.script("scanner-login").env("GATE"),
        "reports/vulnerabilities-warn"
    );
}

#[test]
fn what_may_only_warn_is_judged_apart() {
    let security = generated().workflow("security");
    let policy = |id: &str| security.job(id).script("severity-policy").env("POLICY");
    assert_eq!(
        policy("container-scan"),
        "reports/vulnerabilities block=critical review=high warn=medium\n\
         reports/vulnerabilities-warn warn=critical,high,medium"
    );
    assert_eq!(
        policy("policy-scan"),
        "reports/policy block=critical,high,medium,low\n\
         reports/policy-warn warn=critical,high,medium,low"
    );
    let judge = security.job("policy-scan").script("severity-policy");
    assert!(
        judge
            .env("REPORTS")
            .contains("reports/policy-warn/hadolint.sarif")
    );
    // Nobody is asked about what may only warn.
    let open = Generated::manifest(
        "version: 1\nname: x\nstack: {app: {language: go@1.25, image: true}}\n\
         gates: {vulnerabilities: {critical: review}, scanners: [{trivy: warn}]}\n\
         approvals: {security-review: {reviewers: me}}\n\
         workflows: {security: {kind: security, on: dispatch}}\n",
    );
    let open = open.workflow("security");
    assert!(!open.jobs.contains_key("security-review"));
    assert_eq!(
        open.job("dependency-scan")
            .script("severity-policy")
            .env("POLICY"),
        "reports/vulnerabilities-warn warn=critical,high,medium"
    );
}

#[test]
fn a_general_word_means_what_fits_the_languages() {
    for (stack, audits) in [
        ("language: node@24", "npm-audit"),
        ("language: node@24, package-manager: pnpm", "osv-scanner"),
        ("language: python@3.13", "pip-audit"),
        ("language: go@1.25", "govulncheck"),
        ("language: rust", "cargo-audit"),
        ("language: deno@2", "deno-audit"),
        ("language: ruby@3.4", "bundler-audit"),
        ("language: php@8.4", "composer-audit"),
        ("language: dotnet@10", "dotnet-audit"),
        ("language: java@25", "osv-scanner"),
    ] {
        assert_eq!(meant(stack, "[dependencies]"), [audits], "{stack}");
    }
    assert_eq!(meant("language: go@1.25", "[code]"), ["gosec"]);
    assert_eq!(meant("language: deno@2", "[code]"), ["eslint-security"]);
    assert_eq!(meant("language: java@25", "[code]"), ["semgrep"]);
    assert_eq!(meant("language: rust", "[licenses]"), ["cargo-licenses"]);
    assert_eq!(meant("language: java@25", "[licenses]"), ["trivy-licenses"]);
    // Named twice, it runs once, as it is named first.
    assert_eq!(
        meant(
            "language: rust",
            "[{dependencies: warn}, cargo-audit, trivy]"
        ),
        ["cargo-audit", "trivy"]
    );
}

#[test]
fn what_is_unknown_or_fits_nothing_is_an_error() {
    let node = "language: node@24";
    assert_eq!(
        refused(node, "{scanners: [trivvy]}", ""),
        ["unknown-name: `trivvy` is no scanner; write `trivy`"]
    );
    assert_eq!(
        refused(node, "{scanners: [dependency]}", ""),
        ["unknown-name: `dependency` is no scanner; write `dependencies`"]
    );
    assert_eq!(
        refused(node, "{scanners: [{bandit: warn}]}", ""),
        [
            "scanner-fits-nothing: `bandit` understands python, and no component is of that kind; \
             leave it out, or name the component: `scripts: {path: scripts, language: python}`"
        ]
    );
    assert_eq!(
        refused(
            "language: node@24, package-manager: pnpm",
            "{scanners: [npm-audit]}",
            ""
        ),
        [
            "scanner-fits-nothing: `npm-audit` understands node with npm, and no component is of that kind; \
             leave it out, or name the component: `scripts: {path: scripts, language: node}`"
        ]
    );
    assert_eq!(
        refused(node, "{scanners: [docker-scout]}", ""),
        [
            "scanner-fits-nothing: `docker-scout` looks at images, and no component has one; \
             leave it out, or write `image: true` at a component"
        ]
    );
    assert_eq!(
        refused(node, "{}", ", scan: {tools: docker-scout}"),
        [
            "scanner-fits-nothing: `docker-scout` looks at images, and the checks have the repository only; \
             name it under `gates: scanners:`"
        ]
    );
    assert_eq!(
        refused(node, "{scanners: [licenses]}", ""),
        [
            "licenses-missing: a licence scanner needs the licences that are allowed; \
             write `licenses: [MIT, BSD-3-Clause, Apache-2.0]` beside the scanners"
        ]
    );
}

#[test]
fn a_release_takes_no_database_from_a_cache() {
    let text = include_str!("../fixtures/scanners/all.yml");
    let release = format!(
        "{text}environments:\n  production:\n    url: https://example.com\n    deploy:\n      on: tag v*.*.*\n      \
         target: {{ssh-compose: {{compose: compose.yml, path: /srv}}}}\n    verify: {{health: /health}}\n"
    );
    let release = Generated::manifest(&release).workflow("deploy-production");
    let job = release.job("security-scan");
    assert!(reports(job).iter().any(|name| name == "dependency-check"));
    for step in &job.steps {
        assert!(
            step.action()
                .is_none_or(|action| !action.starts_with("actions/cache")),
            "{:?}",
            step.name
        );
        if step.action() == Some("aquasecurity/trivy-action") {
            assert_eq!(step.with("cache"), "false");
        }
    }
}

#[test]
fn no_secret_that_was_found_is_kept_with_the_reports() {
    let security = generated().workflow("security");
    let job = security.job("secret-scan");
    assert_eq!(job.using("actions/upload-artifact").with("path"), "reports");
    // TruffleHog's own report shows what it found; the converted one does not.
    let scan = job.running("trufflehog:");
    let command = scan.run.as_deref().unwrap();
    assert!(
        command
            .trim_end()
            .ends_with("> \"$RUNNER_TEMP/trufflehog.json\""),
        "{command}"
    );
    let convert = job.script("trufflehog-to-sarif");
    assert_eq!(
        convert.env("REPORTS"),
        "${{ runner.temp }}/trufflehog.json ."
    );
    assert_eq!(convert.env("SARIF"), "reports/secrets/trufflehog.sarif");
    job.running("gitleaks\" git --redact");
}

#[test]
fn codeql_builds_what_it_can_read_only_while_it_is_built() {
    let security = |language: &str| {
        let text = format!(
            "version: 1\nname: x\nstack: {{app: {{language: {language}}}}}\ngates: {{scanners: [codeql]}}\n\
             workflows: {{security: {{kind: security, on: dispatch}}}}\n"
        );
        Generated::manifest(&text).workflow("security")
    };
    let go = security("go@1.25");
    let job = go.job("sast-scan");
    assert!(
        job.using("github/codeql-action/init")
            .with("build-mode")
            .is_empty()
    );
    job.using("github/codeql-action/autobuild");
    let python = security("python@3.13");
    let init = python.job("sast-scan").using("github/codeql-action/init");
    assert_eq!(init.with("build-mode"), "none");
}

/// A deployment of images, with these gates and this verification, and more of the repository.
fn deployment(gates: &str, verify: &str, repository: &str) -> String {
    format!(
        "version: 1\nname: x\nrepository: {repository}\nstack: {{api: {{path: api, language: go@1.25, image: true}}}}\n\
         gates: {gates}\nenvironments:\n  production:\n    url: https://example.com\n    \
         deploy: {{on: tag v*.*.*, target: {{ssh-compose: {{compose: compose.yml, path: /srv}}}}}}\n    \
         verify: {{health: /health{verify}}}\n    rollback: automatic\n"
    )
}

#[test]
fn images_are_signed_where_they_are_published_and_verified_before_they_run() {
    let text = deployment(
        "{provenance: true, scanners: [syft]}",
        "",
        "{visibility: public}",
    );
    let release = Generated::manifest(&text).workflow("deploy-production");
    let publish = release.job("build-and-push");
    let signed: Vec<_> = publish
        .steps
        .iter()
        .filter(|step| step.action() == Some("actions/attest"))
        .collect();
    let [provenance, parts] = signed[..] else {
        panic!("{signed:?}");
    };
    for step in [provenance, parts] {
        assert_eq!(
            step.with("subject-digest"),
            "${{ steps.push.outputs.digest }}"
        );
        assert_eq!(step.with("push-to-registry"), "true");
    }
    assert_eq!(parts.with("sbom-path"), "reports/sbom/image.spdx.json");
    let place = |found: &dyn Fn(&crate::seeds::read::Step) -> bool| {
        publish.steps.iter().position(found).unwrap()
    };
    let push = place(&|step| step.id.as_deref() == Some("push"));
    assert!(push < place(&|step| step.action() == Some("actions/attest")));
    for (scope, access) in [
        ("attestations", "write"),
        ("id-token", "write"),
        ("packages", "write"),
    ] {
        assert_eq!(publish.permissions[scope], access);
    }
    let deploy = release.job("deploy-production");
    let scripts = deploy.scripts();
    let at = |name: &str| scripts.iter().position(|one| *one == name).unwrap();
    assert!(at("resolve-images") < at("verify-provenance"));
    assert!(at("verify-provenance") < at("compose-pull"));
    let verify = deploy.script("verify-provenance");
    assert_eq!(verify.env("IMAGES"), "${{ steps.images.outputs.images }}");
    assert_eq!(deploy.permissions["attestations"], "read");

    let text = deployment(
        "{provenance: true}",
        "",
        "{visibility: private, plan: team}",
    );
    let repo = Repo::new();
    let failure = project::build(repo.root(), "cicd.yml", text.into_bytes()).err();
    let said = format!("{failure:?}");
    assert!(
        said.contains("GitHub signs for private repositories"),
        "{said}"
    );
}

#[test]
fn secrets_of_messages_do_not_reach_jobs_that_run_the_code_of_a_pull_request() {
    let manifest = |on: &str| {
        format!(
            "version: 1\nname: shop\nrepository: {{visibility: public}}\n\
             stack: {{app: {{language: node@22, image: true}}}}\n\
             gates: {{scanners: [npm-audit, semgrep, syft, trivy]}}\n\
             notify: {{slack: {{on: vulnerability}}}}\n\
             workflows: {{security: {{kind: security, on: {on}}}}}\n"
        )
    };
    let tells = |job: &Job| {
        job.steps
            .iter()
            .any(|step| step.script() == Some("slack-notify"))
    };
    let workflow = Generated::manifest(&manifest("pull-request main")).workflow("security");
    let telling: Vec<_> = workflow.jobs.values().filter(|job| tells(job)).collect();
    let [job] = telling[..] else {
        panic!("{telling:?}");
    };
    assert_eq!(
        job.needs,
        ["dependency-scan", "sast-scan", "container-scan"]
    );
    assert!(
        job.steps.iter().all(|step| step.script().is_some()),
        "it has nothing of the change"
    );
    let condition = job.condition.as_deref().unwrap();
    for id in &job.needs {
        let verdict = &workflow.job(id).outputs["verdict"];
        assert!(verdict.contains("steps.policy.outputs.verdict == 'block'"));
        assert!(condition.contains(&format!("needs.{id}.outputs.verdict == 'block'")));
    }
    assert!(
        condition.starts_with("${{ always() && ("),
        "a scan that blocks has failed"
    );

    let workflow = Generated::manifest(&manifest("dispatch")).workflow("security");
    assert!(!workflow.jobs.contains_key("notify-findings"));
    assert!(tells(workflow.job("dependency-scan")));
}

#[test]
fn a_live_site_is_scanned_behind_the_deployment_and_its_findings_are_judged() {
    let gates =
        "{vulnerabilities: {critical: block, high: review, medium: warn}, scanners: [trivy]}";
    let text = deployment(gates, ", zap: block, monitor: 5m", "{visibility: public}");
    let text = format!("{text}approvals: {{security-review: {{reviewers: me}}}}\n");
    let release = Generated::manifest(&text).workflow("deploy-production");
    let job = release.job("scan-site");
    assert_eq!(
        job.running("zap-baseline.py").env("URL"),
        "https://example.com"
    );
    let judge = job.script("severity-policy");
    // Nobody is asked about a release that is live already.
    assert_eq!(
        judge.env("POLICY"),
        "reports/site block=critical,high warn=medium"
    );
    assert_eq!(judge.env("REPORTS"), "reports/site/zap.sarif");
    assert!(!job.outputs.contains_key("review"));
    // SARIF knows no addresses, so that code scanning is not bothered.
    assert!(
        job.steps
            .iter()
            .all(|step| step.action() != Some("github/codeql-action/upload-sarif"))
    );
    release.assert_order(&[
        "deploy-production",
        "scan-site",
        "post-deployment-monitoring",
    ]);
    let rollback = release.job("rollback");
    assert!(rollback.needs.iter().any(|id| id == "scan-site"));
}

#[test]
fn every_gate_is_one_effect_or_one_for_each_severity() {
    let text = "version: 1\nname: x\nstack: {app: {language: python@3.13}}\n\
         gates:\n  vulnerabilities: warn\n  code: {high: review, medium: log}\n  secrets: {low: warn}\n  policy: log\n  \
         scanners: [pip-audit, bandit, gitleaks, checkov]\n\
         approvals: {security-review: {reviewers: me}}\n\
         workflows: {security: {kind: security, on: dispatch}}\n";
    let security = Generated::manifest(text).workflow("security");
    let policy = |id: &str| security.job(id).script("severity-policy").env("POLICY");
    assert_eq!(
        policy("dependency-scan"),
        "reports/vulnerabilities warn=critical,high,medium,low"
    );
    assert_eq!(
        policy("code-scan"),
        "reports/code block=critical review=high"
    );
    assert_eq!(
        policy("secret-scan"),
        "reports/secrets block=critical,high,medium warn=low"
    );
    assert_eq!(policy("policy-scan"), "reports/policy");
    assert!(
        security
            .job("security-review")
            .needs
            .iter()
            .any(|id| id == "code-scan")
    );

    let unasked = text.replace("approvals: {security-review: {reviewers: me}}\n", "");
    let repo = Repo::new();
    let failure = project::build(repo.root(), "cicd.yml", unasked.into_bytes()).err();
    assert!(
        format!("{failure:?}").contains("review-by-nobody"),
        "{failure:?}"
    );
}
