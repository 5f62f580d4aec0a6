//! Bad manifests through the program: exit 2, a message at its place with what to
//! do, and not one file changed.

use std::fs;

use crate::common::Repo;

mod free_text;

const STACK: &str = "\
version: 1
name: shop
stack:
  backend: {path: ., language: python@3.12, test: pytest}
";

const PRODUCTION: &str = "\
environments:
  production:
    deploy: {on: tag v*, target: {ssh-compose: {compose: compose.yml, path: /opt/shop}}}
";

/// Runs `generate` on a manifest that must be refused, in a repository that an
/// earlier manifest has already filled; returns what was said.
fn refused(manifest: impl AsRef<[u8]>, others: &[(&str, &str)]) -> String {
    let repo = Repo::new();
    repo.write("cicd.yml", STACK);
    assert_eq!(repo.cicd(&["generate"]).code, 1);
    for (path, text) in others {
        repo.write(path, text);
    }
    repo.write("cicd.yml", manifest);
    let before = repo.snapshot();
    for command in [&["generate"][..], &["generate", "--check"], &["diff"]] {
        let run = repo.cicd(command);
        assert_eq!(run.code, 2, "{command:?}: {}{}", run.out, run.err);
        assert_eq!(run.out, "", "{command:?}");
        assert_eq!(repo.snapshot(), before, "{command:?}");
    }
    repo.cicd(&["generate"]).err
}

/// Checks code and place (`cicd.yml:LINE:COL`) of the first error, and what it says to do.
fn is_refused_at(manifest: impl AsRef<[u8]>, code: &str, place: &str, help: &str) {
    is_refused_with(manifest, &[], code, place, help);
}

fn is_refused_with(
    manifest: impl AsRef<[u8]>,
    others: &[(&str, &str)],
    code: &str,
    place: &str,
    help: &str,
) {
    let said = refused(manifest, others);
    let (_, error) = said
        .split_once(&format!("error[{code}]: "))
        .unwrap_or_else(|| panic!("no {code} in:\n{said}"));
    let (found, rest) = error
        .split_once("--> ")
        .unwrap()
        .1
        .split_once('\n')
        .unwrap();
    assert_eq!(found, place, "{said}");
    let told = rest
        .split("= help: ")
        .nth(1)
        .unwrap_or_else(|| panic!("no help in:\n{said}"));
    assert!(told.starts_with(help), "{said}");
}

/// The manifest with jobs of the user's own in the workflow `ci`, from line 7 on.
fn with_jobs(jobs: &str) -> String {
    format!("{STACK}workflows:\n  ci:\n{jobs}")
}

#[test]
fn keys_and_types() {
    is_refused_at(
        format!("{STACK}gate: {{}}\n"),
        "unknown-key",
        "cicd.yml:5:1",
        "write `gates`",
    );
    is_refused_at(
        format!("{STACK}gates: {{coverage: [80]}}\n"),
        "wrong-type",
        "cicd.yml:5:19",
        "write it like",
    );
    is_refused_at(
        format!("{STACK}name: again\n"),
        "duplicate-key",
        "cicd.yml:5:1",
        "merge both values",
    );
}

#[test]
fn texts_that_are_no_manifest() {
    is_refused_at(
        "",
        "empty-manifest",
        "cicd.yml:1:1",
        "write at least `version: 1`",
    );
    is_refused_at(
        "# nothing\n",
        "empty-manifest",
        "cicd.yml:1:1",
        "write at least `version: 1`",
    );
    is_refused_at(
        b"version: 1\nname: caf\xe9\n",
        "not-utf8",
        "cicd.yml:2:10",
        "save the file with the encoding UTF-8",
    );
    is_refused_at(
        "version: 1\nstack:\n\tbackend: {}\n",
        "yaml-syntax",
        "cicd.yml:3:1",
        "replace the tab by spaces",
    );
    is_refused_at("version: [1\n", "yaml-syntax", "cicd.yml:1:10", "");
    let bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n".to_owned()
        + &('b'..='j')
            .map(|c| {
                format!(
                    "{c}: &{c} [{}]\n",
                    format!("*{},", char::from(c as u8 - 1)).repeat(10)
                )
            })
            .collect::<String>();
    assert!(refused(bomb, &[]).contains("error[too-many-nodes]"));
    assert!(refused("[".repeat(100_000), &[]).contains("error[too-deep]"));
}

#[test]
fn circles() {
    let others = [
        ("a.yml", "extends: ./b.yml\n"),
        ("b.yml", "extends: ./a.yml\n"),
    ];
    let manifest = format!("{STACK}extends: ./a.yml\n");
    is_refused_with(
        manifest,
        &others,
        "extends-cycle",
        "b.yml:1:10",
        "remove one of them",
    );
    is_refused_at(
        format!("{STACK}extends: ./cicd.yml\n"),
        "extends-cycle",
        "cicd.yml:5:10",
        "remove one of them",
    );

    let jobs = "    jobs:\n      a: {needs: b, steps: [{run: x}]}\n      b: {needs: [a], steps: [{run: x}]}\n";
    is_refused_at(
        with_jobs(jobs),
        "cyclic-jobs",
        "cicd.yml:8:18",
        "remove one of these from `needs` or `before`",
    );
    let jobs =
        "    jobs:\n      a: {needs: test-backend, before: test-backend, steps: [{run: x}]}\n";
    is_refused_at(
        with_jobs(jobs),
        "cyclic-jobs",
        "cicd.yml:8:18",
        "remove one of these",
    );
    let said = refused(with_jobs(jobs), &[]);
    assert!(
        said.contains("jobs of `ci` wait for each other: a → test-backend → a"),
        "{said}"
    );
    assert!(said.contains("`test-backend` waits for `a`"), "{said}");
    let overlay = "    overlays:\n      test-backend: {needs: [ci-status]}\n";
    is_refused_at(
        with_jobs(overlay),
        "cyclic-jobs",
        "cicd.yml:8:30",
        "remove one of these",
    );
}

#[test]
fn environments_that_are_named_nowhere() {
    let manifest = format!("{STACK}{PRODUCTION}");
    let approval = format!("{manifest}approvals: {{prodution: {{reviewers: octocat}}}}\n");
    is_refused_at(
        approval,
        "unknown-name",
        "cicd.yml:8:13",
        "write `production`",
    );
    let workflow =
        format!("{manifest}workflows: {{x: {{kind: deploy, environment: prodution}}}}\n");
    is_refused_at(
        workflow,
        "unknown-name",
        "cicd.yml:8:44",
        "write `production`",
    );
    let after = manifest.replace("deploy: {on", "deploy: {after: staging, on");
    is_refused_at(
        after,
        "unknown-name",
        "cicd.yml:7:21",
        "write one of production",
    );
    let own = |job: &str| format!("{manifest}workflows:\n  ci:\n    {job}\n");
    let job = own("jobs: {a: {environment: prodution, steps: [{run: x}]}}");
    is_refused_at(
        job,
        "unknown-environment",
        "cicd.yml:10:29",
        "write `production`, or add `environments: {prodution: {}}`",
    );
    let overlay = own("overlays: {test-backend: {environment: {name: nowhere}}}");
    is_refused_at(
        overlay,
        "unknown-environment",
        "cicd.yml:10:51",
        "write one of production",
    );
}

/// What the message asks for is accepted, and a computed name is nobody's slip.
#[test]
fn environments_that_are_named_somewhere() {
    for (environments, name) in [
        ("environments: {preview: {}}", "preview"),
        ("environments: {preview: {}}", "'${{ inputs.environment }}'"),
    ] {
        let repo = Repo::new();
        let jobs = format!("    jobs: {{a: {{environment: {name}, steps: [{{run: x}}]}}}}\n");
        repo.write("cicd.yml", format!("{}{environments}\n", with_jobs(&jobs)));
        let run = repo.cicd(&["generate"]);
        assert_eq!((run.code, run.err.as_str()), (1, ""));
    }
}

#[test]
fn approvals_that_the_plan_does_not_enforce() {
    let repository = "repository: {visibility: private, plan: team}\n";
    let manifest = format!(
        "{STACK}{PRODUCTION}{repository}approvals: {{production: {{reviewers: octocat}}}}\n"
    );
    is_refused_at(
        manifest,
        "unenforceable-approval",
        "cicd.yml:9:13",
        "write `via: issue`",
    );
}

#[test]
fn expressions_in_values_of_ours() {
    let value = STACK.replace("pytest", "\"pytest ${{ github.head_ref }}\"");
    is_refused_at(
        value,
        "expression-in-value",
        "cicd.yml:4:51",
        "write expressions under `steps`",
    );
    let key = format!("{STACK}links: {{'${{{{ x }}}}': 'https://a.example'}}\n");
    is_refused_at(
        key,
        "expression-in-value",
        "cicd.yml:5:9",
        "write expressions under `steps`",
    );
    let open = with_jobs("    jobs: {a: {steps: [{run: x, if: 'true', name: 'a ${{ b'}]}}\n");
    is_refused_at(
        open,
        "open-expression",
        "cicd.yml:7:51",
        "close it with `}}`",
    );
}

#[test]
fn paths_that_leave_the_repository() {
    for path in ["../backend", "/etc", "a/../../b", "~/x", "a\\..\\b"] {
        let manifest = STACK.replace("path: .", &format!("path: '{path}'"));
        is_refused_at(
            manifest,
            "wrong-value",
            "cicd.yml:4:19",
            "write it like `services/backend`",
        );
    }
    is_refused_at(
        format!("{STACK}extends: ../up.yml\n"),
        "layer-outside",
        "cicd.yml:5:10",
        "write a path from the root",
    );
}

#[cfg(unix)]
#[test]
fn links_that_leave_the_repository() {
    let repo = Repo::new();
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("base.yml"), "name: stolen\n").unwrap();
    std::os::unix::fs::symlink(outside.path().join("base.yml"), repo.path("base.yml")).unwrap();
    repo.write("cicd.yml", format!("{STACK}extends: ./base.yml\n"));
    let run = repo.cicd(&["generate"]);
    assert_eq!(run.code, 2);
    assert!(
        run.err
            .contains("it leads out of the repository\n --> cicd.yml:5:10"),
        "{}",
        run.err
    );
    assert_eq!(repo.files(), ["base.yml", "cicd.yml"]);
}

#[test]
fn own_steps_and_jobs_are_refused_at_their_place() {
    let job = |keys: &str| with_jobs(&format!("    jobs: {{a: {{{keys}}}}}\n"));
    let at = |column| format!("cicd.yml:7:{column}");
    let with_rollback = |inputs: &str| {
        let target = "{ssh-compose: {compose: compose.yml}}";
        format!(
            "{STACK}environments: {{live: {{deploy: {{target: {target}}}}}}}\nworkflows:\n  back: {{kind: rollback, inputs: {inputs}}}\n"
        )
    };
    let rollback_at = |column| format!("cicd.yml:7:{column}");
    for (manifest, code, place, help) in [
        (
            job("steps: [hello]"),
            "own-step",
            at(24),
            "write `- run: COMMAND`",
        ),
        (
            job("steps: [{run: a, uses: b}]"),
            "own-step",
            at(24),
            "write one of them",
        ),
        (
            job("steps: [{name: a}]"),
            "own-step",
            at(24),
            "write one of them",
        ),
        (
            job("steps: [{run: a, nmae: b}]"),
            "unknown-key",
            at(33),
            "write `name`",
        ),
        (
            job("steps: [{uses: nobody/knows-it}]"),
            "unknown-action",
            at(31),
            "run `cicd pins update nobody/knows-it`",
        ),
        (
            job("needs: [test-bakend], steps: []"),
            "unknown-job",
            at(24),
            "write `test-backend`",
        ),
        (
            job("before: test-bakend, steps: []"),
            "unknown-job",
            at(24),
            "write `test-backend`",
        ),
        (
            job("timeout-minutes: soon, steps: []"),
            "wrong-type",
            at(33),
            "write a number of minutes",
        ),
        (
            job("permissions: {content: read}, steps: []"),
            "unknown-key",
            at(30),
            "write `contents`",
        ),
        (
            job("permissions: {contents: all}, steps: []"),
            "own-permission",
            at(40),
            "write `read` or `write`",
        ),
        (
            job("permissions: write-all, steps: []"),
            "wrong-type",
            at(29),
            "write a mapping",
        ),
        (
            job("continue-on-error: maybe, steps: []"),
            "wrong-type",
            at(35),
            "write `true` or `false`",
        ),
        (
            with_jobs("    jobs: {test-backend: {steps: []}}\n"),
            "duplicate-job",
            at(12),
            "rename one of them",
        ),
        (
            with_jobs("    overlays: {tset-backend: {}}\n"),
            "unknown-job",
            at(16),
            "write `test-backend`",
        ),
        (
            with_jobs("    overlays: {test-backend: {steps: {Chekc out: {}}}}\n"),
            "unknown-step",
            at(39),
            "write `Check out`",
        ),
        (
            with_jobs("    steps: {before-deploy: []}\n"),
            "no-such-phase",
            at(13),
            "remove the steps",
        ),
        (
            with_jobs("    inputs: {version: tag}\n"),
            "unknown-name",
            at(14),
            "remove it: nothing is asked of a run by hand",
        ),
        (
            with_jobs("    ask: {ticket: [none]}\n"),
            "nobody-to-ask",
            at(11),
            "add `dispatch` to what starts it, or remove `ask`",
        ),
        (
            with_rollback("{}, ask: {reason: [none]}"),
            "duplicate-input",
            rollback_at(44),
            "give it another name",
        ),
        (
            with_rollback("{reasn: why}"),
            "unknown-name",
            rollback_at(35),
            "write `reason`",
        ),
        (
            with_rollback("{reason: environment}"),
            "duplicate-input",
            rollback_at(43),
            "give each a name of its own",
        ),
        (
            with_jobs("    steps: {befor-tests: []}\n"),
            "unknown-name",
            at(13),
            "write `before-test",
        ),
    ] {
        is_refused_at(manifest, code, &place, help);
    }
}

#[test]
fn a_component_that_is_not_there_yet_is_only_a_warning() {
    let repo = Repo::new();
    repo.write(
        "cicd.yml",
        STACK.replace("path: .", "path: services/backend"),
    );
    let run = repo.cicd(&["generate"]);
    assert_eq!(run.code, 1, "files were written: {}", run.err);
    let place = "warning[no-such-folder]: the folder `services/backend` does not exist\n --> cicd.yml:4:19\n";
    assert!(
        run.err.contains(place) && run.err.contains("= help: create it"),
        "{}",
        run.err
    );
    assert_eq!(repo.cicd(&["generate", "--check"]).code, 0);
}

#[test]
fn places_that_hold_no_manifest() {
    let repo = Repo::new();
    fs::create_dir(repo.path("folder")).unwrap();
    for manifest in ["folder", "nowhere/cicd.yml"] {
        let run = repo.cicd(&["generate", "--manifest", manifest]);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.err.contains(&format!("`{manifest}`")), "{run:?}");
    }
    assert!(repo.files().is_empty());
}
