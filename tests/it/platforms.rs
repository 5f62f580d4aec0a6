//! Images and programs for several platforms: where each is built, and what becomes of it.

use cicd::commands::{Failure, project};

use crate::common::Repo;
use crate::seeds::read::{Generated, Step, Workflow};

/// A pipeline that publishes an image with these keys, under these gates.
fn pipeline(repository: &str, image: &str, gates: &str, on: &str) -> Workflow {
    let text = format!(
        "version: 1\nname: shop\nrepository: {repository}\n\
         stack: {{api: {{language: go@1.23, test: {{unit: go test ./...}}, image: {image}}}}}\n\
         gates: {gates}\n\
         environments:\n  \
           development: {{deploy: {{on: branch feature/**, needs: test, target: {{kubernetes: {{namespace: shop, manifests: k8s, workloads: deployment/shop}}}}}}}}\n  \
           staging: {{url: 'https://example.com', deploy: {{on: branch main, target: {{kubernetes: {{namespace: shop, manifests: k8s, workloads: deployment/shop}}}}}}, verify: {{health: /}}}}\n\
         workflows: {{ci: {{kind: pipeline{on}}}}}\n"
    );
    Generated::manifest(&text).workflow("ci").clone()
}

const BOTH: &str = "{platforms: [linux/amd64, linux/arm64]}";
const PUBLIC: &str = "{visibility: public}";
const REQUESTS: &str = ", on: pull-request main";

fn runs_on(workflow: &Workflow, job: &str) -> String {
    let labels = &workflow.job(job).runs_on;
    labels.as_str().unwrap_or_default().to_owned()
}

#[test]
fn each_platform_is_built_where_its_processor_is() {
    let workflow = pipeline(PUBLIC, BOTH, "{scanners: [trivy]}", REQUESTS);
    let images = workflow.job("images");
    assert_eq!(images.matrix("arch"), ["amd64", "arm64"]);
    assert_eq!(
        images.matrix("runner"),
        ["ubuntu-24.04", "ubuntu-24.04-arm"]
    );
    assert_eq!(runs_on(&workflow, "images"), "${{ matrix.runner }}");
    let emulates = |step: &Step| step.action() == Some("docker/setup-qemu-action");
    assert!(!images.steps.iter().any(emulates));
    for name in ["Build the image", "Build and push by digest"] {
        let build = images.step(name);
        assert_eq!(build.with("platforms"), "linux/${{ matrix.arch }}");
        // Two builders that write one cache at the same time would lose the layers of one.
        let cache = "type=gha,scope=${{ matrix.image }}-${{ matrix.arch }}";
        assert_eq!(build.with("cache-from"), cache);
    }
    // An environment of its own takes the runner's platform, from the same cache.
    let own = workflow.job("images-development");
    assert_eq!(own.matrix("arch"), ["amd64"]);
    assert_eq!(runs_on(&workflow, "images-development"), "ubuntu-24.04");
}

#[test]
fn one_list_of_digests_gets_the_tags_and_is_what_is_judged_and_deployed() {
    let workflow = pipeline(PUBLIC, BOTH, "{scanners: [trivy]}", REQUESTS);
    let push = workflow.job("images").step("Build and push by digest");
    assert!(push.with("outputs").contains(",push-by-digest=true,"));
    assert_eq!(push.with("tags"), "", "a digest with a tag is refused");
    assert_eq!(push.with("provenance"), "mode=max");
    let keep = workflow
        .job("images")
        .step("Keep the digest for the list of platforms");
    let list = workflow.job("publish-images");
    assert_eq!(list.matrix("platforms"), ["linux/amd64 linux/arm64"]);
    let fetch = list.using("actions/download-artifact");
    // No other image may have an artifact that this pattern finds.
    assert_eq!(
        keep.with("name"),
        "digest.${{ matrix.image }}.${{ matrix.arch }}"
    );
    assert_eq!(fetch.with("pattern"), "digest.${{ matrix.image }}.*");
    let tags = list.script("image-platforms").env("TAGS");
    assert_eq!(tags, "${{ steps.metadata.outputs.tags }}");
    assert!(
        list.step("Name and label the image")
            .with("tags")
            .contains("sha-${{ github.sha }}")
    );

    let scan = workflow.job("container-scan");
    assert_eq!(scan.matrix("arch"), ["amd64", "arm64"]);
    let choose = scan.script("choose-image");
    assert_eq!(choose.env("PLATFORM"), "linux/${{ matrix.arch }}");
    let pull = scan.step("Pull the image by its digest");
    assert!(
        pull.run
            .as_ref()
            .unwrap()
            .contains("docker pull --platform \"$PLATFORM\" \"$IMAGE\"")
    );
    let digests = "${{ steps.images.outputs.images }}";
    assert_eq!(scan.outputs["images"], digests);
    workflow.assert_order(&[
        "images",
        "publish-images",
        "container-scan",
        "deploy-staging",
    ]);
    let deploy = workflow.job("deploy-staging").script("kube-render");
    assert_eq!(
        deploy.env("IMAGES"),
        "${{ needs.container-scan.outputs.images }}"
    );
}

#[test]
fn a_pull_request_keeps_each_platform_for_its_scan() {
    let workflow = pipeline(PUBLIC, BOTH, "{scanners: [trivy]}", REQUESTS);
    let list = workflow.job("publish-images");
    assert_eq!(
        list.condition.as_deref(),
        Some("${{ github.event_name != 'pull_request' }}")
    );
    let scan = workflow.job("container-scan");
    assert_eq!(scan.needs, ["images", "publish-images"]);
    let condition = scan.condition.as_deref().unwrap();
    assert!(condition.contains("needs.publish-images.result == 'skipped'"));
    assert!(condition.contains("needs.images.result == 'success'"));
    let name = "image-${{ matrix.image }}-${{ matrix.arch }}";
    let kept = workflow
        .job("images")
        .step("Keep the image for the later jobs");
    assert_eq!(kept.with("name"), name);
    let fetched = scan.step("Fetch the image of the pull request");
    assert_eq!(fetched.with("name"), name);

    let workflow = pipeline(PUBLIC, BOTH, "{scanners: [trivy]}", "");
    assert_eq!(workflow.job("publish-images").condition, None);
    let scan = workflow.job("container-scan");
    assert_eq!((scan.needs.len(), &scan.condition), (1, &None));
    assert_eq!(scan.needs, ["publish-images"]);
}

#[test]
fn a_runner_of_ones_own_emulates_what_it_has_not() {
    let own = "{visibility: public, runner: [self-hosted, linux]}";
    let workflow = pipeline(own, BOTH, "{}", REQUESTS);
    let images = workflow.job("images");
    images.using("docker/setup-qemu-action");
    assert!(images.matrix("runner").is_empty());
    assert_eq!(images.runs_on.as_sequence().map(Vec::len), Some(2));
    let arm = "{visibility: public, runner: [self-hosted, ARM64]}";
    let workflow = pipeline(arm, "{platforms: linux/arm64}", "{}", REQUESTS);
    assert!(
        !workflow.jobs.contains_key("publish-images"),
        "it has its own"
    );
    workflow.job("images").step("Build and push");
}

#[test]
fn an_image_for_other_processors_only_is_built_on_them_everywhere() {
    let workflow = pipeline(PUBLIC, "{platforms: linux/arm64}", "{}", REQUESTS);
    for job in ["images", "images-development"] {
        assert_eq!(
            workflow.job(job).matrix("runner"),
            ["ubuntu-24.04-arm"],
            "{job}"
        );
        assert_eq!(runs_on(&workflow, job), "${{ matrix.runner }}");
    }
    assert_eq!(
        workflow.job("publish-images").matrix("platforms"),
        ["linux/arm64"]
    );
}

#[test]
fn the_list_is_signed_and_each_platform_s_parts() {
    let gates = "{provenance: true, scanners: [trivy, syft]}";
    let workflow = pipeline(PUBLIC, BOTH, gates, REQUESTS);
    let signs = |job: &str| {
        let steps = workflow.job(job).steps.iter();
        let steps = steps.filter(|step| step.action() == Some("actions/attest"));
        steps
            .map(|step| (step.with("subject-digest"), step.with("sbom-path")))
            .collect::<Vec<_>>()
    };
    let signed = |digest: &str, parts: &str| vec![(digest.to_owned(), parts.to_owned())];
    // Where a platform is built there is no list of its parts yet.
    assert_eq!(signs("images"), []);
    assert_eq!(
        signs("publish-images"),
        signed("${{ steps.list.outputs.digest }}", "")
    );
    let parts = "reports/sbom/image.spdx.json";
    assert_eq!(
        signs("container-scan"),
        signed("${{ steps.image.outputs.digest }}", parts)
    );
    assert_eq!(
        signs("images-development"),
        signed("${{ steps.push.outputs.digest }}", "")
    );
    let deploy = workflow.job("deploy-staging");
    let verified = deploy.script("verify-provenance").env("IMAGES");
    assert_eq!(verified, "${{ needs.container-scan.outputs.images }}");
    workflow
        .job("deploy-development")
        .script("verify-provenance");

    let scan = workflow.job("container-scan");
    let attest = scan.using("actions/attest");
    assert_eq!(
        attest.condition.as_deref(),
        Some("${{ github.event_name != 'pull_request' }}")
    );
    assert_eq!(scan.permissions["id-token"], "write");

    let workflow = pipeline(PUBLIC, "true", gates, REQUESTS);
    let images = workflow.job("images").steps.iter();
    let signed: Vec<_> = images
        .filter(|step| step.action() == Some("actions/attest"))
        .collect();
    assert_eq!(signed.len(), 1);
    assert_eq!(signed[0].with("sbom-path"), "");
    let scan = workflow.job("container-scan");
    assert_eq!(scan.using("actions/attest").with("sbom-path"), parts);
    assert_eq!(scan.script("choose-image").env("PLATFORM"), "");
}

/// The checks of a component with these keys.
fn checks(component: &str, gates: &str) -> String {
    format!(
        "version: 1\nname: shop\nrepository: {PUBLIC}\nstack: {{tool: {{{component}}}}}\n\
         gates: {gates}\nworkflows: {{ci: {{on: pull-request main}}}}\n"
    )
}

#[test]
fn programs_are_built_for_each_system_and_kept_when_they_pass() {
    let component = "path: cli, language: go@1.23, build: {binaries: [linux/arm64, windows/amd64]}";
    let workflow = Generated::manifest(&checks(component, "{scanners: [trivy, govulncheck]}"));
    let workflow = workflow.workflow("ci");
    let job = workflow.job("binaries-tool");
    assert_eq!(job.matrix("os"), ["linux", "windows"]);
    assert_eq!(job.matrix("arch"), ["arm64", "amd64"]);
    let build = job.step("Build the binaries");
    assert_eq!(build.working_directory.as_deref(), Some("cli"));
    assert_eq!(build.env("GOOS"), "${{ matrix.os }}");
    assert_eq!(build.env("GOARCH"), "${{ matrix.arch }}");
    let folder = build.env("BINARIES");
    let scans = [
        job.script("govulncheck-binary").env("BINARIES"),
        job.step("Scan the binaries (Trivy)").with("scan-ref"),
        job.step("Keep the binaries").with("path"),
    ];
    assert!(scans.iter().all(|scanned| *scanned == folder), "{scans:?}");
    // Findings in programs are findings in what they are made of.
    let reports = job.script("sarif-together").env("REPORTS");
    assert!(reports.ends_with(" cli/go.mod"), "{reports}");
    let place = |name: &str| job.steps.iter().position(|step| step.name == name);
    assert!(place("Judge the findings") < place("Keep the binaries"));
    assert!(place("Keep the binaries").is_some());

    let own = "language: go@1.23, build: {binaries: {platforms: linux/amd64, run: make dist}}";
    let workflow = Generated::manifest(&checks(own, "{}")).workflow("ci");
    let job = workflow.job("binaries-tool");
    assert_eq!(
        job.step("Build the binaries").run.as_deref(),
        Some("make dist")
    );
    assert!(job.scripts().is_empty(), "nothing is asked of it");
}

#[test]
fn programs_that_cannot_be_built_are_refused() {
    let said = |component: &str| {
        let repo = Repo::new();
        for folder in ["cmd/a", "cmd/b"] {
            std::fs::create_dir_all(repo.root().join(folder)).unwrap();
        }
        let text = checks(component, "{}").into_bytes();
        match project::build(repo.root(), "cicd.yml", text) {
            Err(Failure::Reported(report)) => {
                report.diagnostics.iter().last().unwrap().message.clone()
            }
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(
        said("language: python@3.12, build: {binaries: linux/amd64}"),
        "it is not known how `python` builds programs for other systems"
    );
    assert_eq!(
        said(
            "language: go@1.23, members: {a: {path: cmd/a}, b: {path: cmd/b}}, build: {binaries: linux/amd64}"
        ),
        "`tool` has several folders, and binaries come from one"
    );
    assert_eq!(
        said("language: go@1.23, build: {binaries: {run: make}}"),
        "it is not known what the binaries are for"
    );
    assert_eq!(
        said("language: go@1.23, build: {binaries: linux/amd64, output: dist}"),
        "`tool` is built by no command"
    );
}
