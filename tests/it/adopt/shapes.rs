//! Workflows of known shapes: what they say in the words of a manifest, and that nothing is lost.

use serde_json::Value;

use super::is_clean;
use crate::common::{Repo, Run};

const CI: &str = ".github/workflows/ci.yml";

/// A usual workflow with one job of these steps, and what else the job says.
fn workflow(job: &str, steps: &str) -> String {
    format!(
        "name: CI\non:\n  push:\n    branches: [main]\n  pull_request:\njobs:\n  verify:\n    \
         runs-on: ubuntu-latest\n{job}    steps:\n      - uses: actions/checkout@v4\n{steps}"
    )
}

const NODE: &str = "      - uses: actions/setup-node@v4
        with: {node-version: 22, cache: npm}
      - run: npm ci
      - run: npm run lint
      - run: npm test
      - run: npm run build
";

fn repo(text: &str) -> Repo {
    let repo = Repo::new();
    repo.write(CI, text);
    repo
}

fn adopt(repo: &Repo, arguments: &[&str]) -> Run {
    let run = repo.cicd(&[&["adopt"], arguments].concat());
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    run
}

/// The part of the manifest from the stack on, once the differences are accepted.
fn accepted(repo: &Repo) -> String {
    let run = adopt(repo, &["--accept-differences"]);
    assert!(
        run.out.contains("structured, as the manifest plans it"),
        "{}",
        run.out
    );
    is_clean(repo);
    let manifest = repo.read("cicd.yml");
    let (_, stack) = manifest
        .split_once("\n\nstack:\n")
        .unwrap_or_else(|| panic!("{manifest}"));
    stack.to_owned()
}

/// Why a workflow stays in GitHub's syntax.
fn unknown(text: &str) -> String {
    let run = adopt(&repo(text), &["--dry-run"]);
    let (_, reason) = run
        .out
        .split_once("no known shape: ")
        .unwrap_or_else(|| panic!("{}", run.out));
    reason.lines().next().unwrap_or_default().to_owned()
}

#[test]
fn a_known_shape_stays_verbatim_until_its_differences_are_accepted() {
    let repo = repo(&workflow("", NODE));
    let run = adopt(&repo, &["--dry-run"]);
    for said in [
        "`workflows.ci.own`; the tree stays ",
        "  its shape is known; with `--accept-differences`,\n  the manifest says\n    stack:\n",
        "      ci:\n        name: CI\n",
        "  and the workflow differs in this:\n",
        "    permissions lowered: the workflow to nothing, was the default of the repository\n",
        "    `runs-on` of job `verify` set to `ubuntu-24.04`, was `ubuntu-latest`\n",
        "    step `Run the unit tests` in job `verify` was called `npm test`\n",
    ] {
        assert!(run.out.contains(said), "{said}\n{}", run.out);
    }
    for other in ["is gone", "`name` of job"] {
        assert!(!run.out.contains(other), "{}", run.out);
    }
    adopt(&repo, &[]);
    assert!(repo.read("cicd.yml").contains("    own:\n"));
    is_clean(&repo);
}

#[test]
fn the_stack_says_what_the_job_did() {
    let repo = repo(&workflow("    timeout-minutes: 7\n", NODE));
    let stack = accepted(&repo);
    let (_, rest) = stack.split_once(":\n").unwrap();
    assert_eq!(
        rest,
        "    language: node@22
    lint: [npm run lint]
    test: npm test
    build: npm run build

workflows:
  ci:
    name: CI
    split: component
    ids: {test: verify}
    overlays: {verify: {name: verify, timeout-minutes: 7}}
"
    );
    let ci = repo.read(CI);
    let places = ["npm ci", "npm run lint", "npm test", "npm run build"]
        .map(|line| ci.find(&format!("run: {line}\n")));
    assert!(
        places.iter().all(Option::is_some) && places.is_sorted(),
        "{ci}"
    );
}

#[test]
fn programs_are_told_of_the_offer() {
    let repo = repo(&workflow("", NODE));
    let told: Value = serde_json::from_str(&adopt(&repo, &["--dry-run", "--json"]).out).unwrap();
    let file = &told["files"][0];
    assert_eq!(file["shape"], "known");
    assert!(
        file["says"].as_str().unwrap().starts_with("stack:\n"),
        "{file}"
    );
    assert!(file["differences"].as_array().unwrap().len() > 3, "{file}");
    repo.write(CI, workflow("    container: x\n", NODE));
    let told: Value = serde_json::from_str(&adopt(&repo, &["--dry-run", "--json"]).out).unwrap();
    assert_eq!(told["files"][0]["shape"], "`container` in job `verify`");
}

#[test]
fn every_language_comes_back() {
    for (steps, said) in [
        (
            "      - uses: actions/setup-python@v5\n        with: {python-version: '3.12', cache: pip}\n      - run: |\n          pip install -r requirements.txt\n          pip install -r requirements-dev.txt\n      - run: pytest -q\n",
            "    language: python@3.12\n    install: |\n      pip install -r requirements.txt\n      pip install -r requirements-dev.txt\n    test: pytest -q\n",
        ),
        (
            "      - uses: astral-sh/setup-uv@v6\n      - run: uv sync --locked --all-groups\n      - run: uv run ruff check .\n      - run: uv run pytest\n",
            "    language: python\n    package-manager: uv\n    lint: [uv run ruff check .]\n    test: uv run pytest\n",
        ),
        (
            "      - uses: dtolnay/rust-toolchain@stable\n        with: {components: clippy}\n      - uses: Swatinem/rust-cache@v2\n      - run: cargo clippy --all\n      - run: cargo test\n",
            "    language: rust\n    lint: [cargo clippy --all]\n    test: cargo test\n",
        ),
        (
            "      - uses: actions/setup-go@v5\n        with: {go-version: '1.24'}\n      - run: go vet ./...\n      - run: go build ./...\n      - run: go test -race ./...\n",
            "    language: go@1.24\n    lint: [govet]\n    test: |\n      go build ./...\n      go test -race ./...\n",
        ),
        (
            "      - uses: actions/setup-java@v4\n        with: {distribution: temurin, java-version: 21}\n      - run: ./gradlew check\n",
            "    language: java@21\n    package-manager: gradle\n    test: ./gradlew check\n",
        ),
        (
            "      - uses: actions/setup-dotnet@v4\n        with: {dotnet-version: 9.0.x}\n      - run: dotnet restore\n      - run: dotnet build --no-restore\n      - run: dotnet test --no-build\n",
            "    language: dotnet@9.0.x\n    test: |\n      dotnet build --no-restore\n      dotnet test --no-build\n",
        ),
        (
            "      - uses: ruby/setup-ruby@v1\n        with: {ruby-version: '3.4', bundler-cache: true}\n      - run: bundle exec rubocop\n      - run: bundle exec rspec\n",
            "    language: ruby@3.4\n    lint: [bundle exec rubocop]\n    test: bundle exec rspec\n",
        ),
    ] {
        let stack = accepted(&repo(&workflow("", steps)));
        assert!(stack.contains(said), "{said}\n{stack}");
    }
}

#[test]
fn several_versions_are_a_matrix() {
    let job = "    strategy:\n      fail-fast: false\n      matrix:\n        os: [ubuntu-latest]\n        node: [20, 22]\n";
    let text = workflow(job, &NODE.replace("22,", "\"${{ matrix.node }}\","));
    let repo = repo(&text.replace("runs-on: ubuntu-latest", "runs-on: ${{ matrix.os }}"));
    let stack = accepted(&repo);
    assert!(stack.contains("language: [node@20, node@22]\n"), "{stack}");
    assert!(
        stack.contains("verify: {name: \"verify (${{ matrix.version }})\"}"),
        "{stack}"
    );
    let ci = repo.read(CI);
    assert!(ci.contains("node-version: ${{ matrix.version }}"), "{ci}");
}

#[test]
fn jobs_of_one_phase_each_stay_apart() {
    let head = "on: [push, merge_group]\njobs:\n";
    let job = |id: &str, needs: &str, command: &str| {
        format!(
            "  {id}:\n    runs-on: ubuntu-24.04\n{needs}    steps:\n      - uses: actions/checkout@v4\n      - uses: actions/setup-node@v4\n        with: {{node-version: 22, cache: npm}}\n      - run: npm ci\n      - run: {command}\n"
        )
    };
    let own =
        "  docs:\n    needs: unit\n    runs-on: ubuntu-24.04\n    steps:\n      - run: make docs\n";
    let text = [
        head.to_owned(),
        job("style", "", "npm run lint"),
        job("unit", "    needs: style\n", "npm test"),
        own.to_owned(),
    ];
    let repo = repo(&text.concat());
    let stack = accepted(&repo);
    for said in [
        "    lint: [npm run lint]\n    test: npm test\n",
        "    on: [branch **, merge-group]\n",
        "    ids: {test: unit, lint: style}\n",
        "      docs:\n        permissions: {contents: read}\n        needs: unit\n",
    ] {
        assert!(stack.contains(said), "{said}\n{stack}");
    }
    let ci = repo.read(CI);
    for said in [
        "  style:\n",
        "  unit:\n    name: unit\n    needs: [style]\n",
        "  docs:\n",
        "  merge_group:\n",
    ] {
        assert!(ci.contains(said), "{said}\n{ci}");
    }
}

#[test]
fn what_no_word_stands_for_stays_as_own_steps_and_settings() {
    let steps = format!(
        "        with: {{fetch-depth: 0}}\n      - run: cp .env.example .env\n{NODE}      - uses: codecov/codecov-action@v5\n        if: ${{{{ always() }}}}\n        with: {{token: \"${{{{ secrets.CODECOV_TOKEN }}}}\"}}\n"
    );
    let job = "    permissions: {contents: read, id-token: write}\n    env: {CI: true}\n";
    let repo = repo(&workflow(job, &steps));
    let stack = accepted(&repo);
    for said in [
        "    env:\n      CI: \"true\"\n",
        "      before-test:\n        - run: cp .env.example .env\n",
        "      after-test:\n        - uses: codecov/codecov-action@v5\n          if: ${{ always() }}\n",
        "permissions: {id-token: write}",
        "        steps:\n          Check out: {with: {fetch-depth: 0}}\n",
    ] {
        assert!(stack.contains(said), "{said}\n{stack}");
    }
    let ci = repo.read(CI);
    assert!(
        ci.contains("fetch-depth: 0") && ci.contains("id-token: write"),
        "{ci}"
    );
}

#[test]
fn versions_are_read_from_files_of_the_repository_only() {
    let steps = NODE.replace("node-version: 22", "node-version-file: .nvmrc");
    let known = repo(&workflow("", &steps));
    known.write(".nvmrc", "v22.11.0\n");
    assert!(accepted(&known).contains("language: node@22.11.0\n"));
    assert_eq!(
        unknown(&workflow("", &steps)),
        "the version in `.nvmrc` in job `verify`"
    );
    let outside = steps.replace(".nvmrc", "../.nvmrc");
    assert_eq!(
        unknown(&workflow("", &outside)),
        "the version in `../.nvmrc` in job `verify`"
    );
}

#[test]
fn what_is_not_understood_is_named_and_nothing_is_guessed() {
    for (job, steps, reason) in [
        (
            "    container: node:22\n",
            NODE,
            "`container` in job `verify`",
        ),
        (
            "    strategy: {matrix: {include: [{node: 22}]}}\n",
            NODE,
            "`strategy.matrix.include` in job `verify`",
        ),
        (
            "",
            "      - run: make deploy\n",
            "no command that checks, tests or builds in job `verify`",
        ),
        (
            "",
            "      - run: npm test\n",
            "no language that is set up in job `verify`",
        ),
    ] {
        assert_eq!(unknown(&workflow(job, steps)), reason);
    }
    let between = NODE.replace(
        "      - run: npm test\n",
        "      - run: npm test\n      - uses: a/b@v1\n",
    );
    assert_eq!(
        unknown(&workflow("", &between)),
        "a step between its commands in job `verify`"
    );
    let odd = workflow("", NODE).replace("pull_request:", "pull_request_target:");
    assert_eq!(unknown(&odd), "`on.pull_request_target`");
    // A job beside it that an own job cannot say.
    let beside = workflow("", NODE)
        + "  more:\n    runs-on: x\n    services: {db: {image: x}}\n    steps:\n      - run: x\n";
    assert_eq!(unknown(&beside), "`services` in job `more`");
}

#[test]
fn the_stack_is_made_from_one_workflow() {
    let repo = repo(&workflow("", NODE));
    repo.write(
        ".github/workflows/nightly.yml",
        workflow("", NODE).replace("pull_request:", "schedule: [{cron: 0 3 * * *}]"),
    );
    let run = adopt(&repo, &["--accept-differences"]);
    assert!(
        run.out.contains("nightly.yml: ")
            && run
                .out
                .contains("no known shape: the stack is made from another workflow"),
        "{}",
        run.out
    );
    is_clean(&repo);
    // A manifest that has a stack is not asked.
    repo.write(".github/workflows/more.yml", workflow("", NODE));
    let run = adopt(&repo, &["--accept-differences"]);
    assert!(
        run.out.contains("more.yml: ") && !run.out.contains("shape"),
        "{}",
        run.out
    );
    is_clean(&repo);
}

#[test]
fn tags_move_into_the_pins_of_a_manifest_that_begins() {
    let repo = repo(
        "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: a/b@v1 # why\n      - uses: a/c@main\n      - uses: a/d/e@v2.0.1\n",
    );
    repo.write(
        ".github/workflows/other.yml",
        "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: a/d/e@v3\n",
    );
    let run = adopt(&repo, &[]);
    assert!(
        run.out.contains("structured, with the pins of a/b in "),
        "{}",
        run.out
    );
    let manifest = repo.read("cicd.yml");
    assert!(
        manifest.contains("\npins: tag # ") && manifest.contains("- uses: a/b # why\n"),
        "{manifest}"
    );
    for kept in [
        "uses: a/c@main\n",
        "uses: a/d/e@v2.0.1\n",
        "uses: a/d/e@v3\n",
    ] {
        assert!(manifest.contains(kept), "{manifest}");
    }
    assert!(
        repo.read(cicd::lock::PINS_PATH)
            .contains("- uses: a/b@v1\n")
    );
    is_clean(&repo);
}

#[test]
fn own_jobs_keep_what_their_workflow_said_for_all() {
    let own =
        "  docs: # of the manual\n    runs-on: ubuntu-24.04\n    steps:\n      - run: make docs\n";
    let all = "permissions: {contents: write, pages: write}\nenv:\n  COLOR: always\njobs:\n";
    let text = workflow("", NODE).replace("jobs:\n", all) + own;
    let stack = accepted(&repo(&text));
    let said = "      docs: # of the manual
        permissions: {contents: write, pages: write}
        env:
          COLOR: always
        runs-on: ubuntu-24.04
";
    assert!(stack.contains(said), "{stack}");
    let runner = "    runs-on: ubuntu-24.04\n    steps:\n      - run: make";
    for other in [
        "    runs-on: windows-2025\n    steps:\n      - run: make",
        "    env: {A: b}\n    runs-on: ubuntu-24.04\n    steps:\n      - run: make",
    ] {
        assert_eq!(
            unknown(&text.replace(runner, other)),
            "no command that checks, tests or builds in job `docs`"
        );
    }
    let windows = workflow("", NODE).replace("ubuntu-latest", "windows-latest");
    assert_eq!(
        unknown(&windows),
        "scripts for another shell than bash in job `verify`"
    );
}

#[test]
fn what_no_change_starts_is_no_stack() {
    let changes = "  push:\n    branches: [main]\n  pull_request:";
    let text = workflow("", NODE).replace(changes, "  schedule: [{cron: 0 3 * * *}]");
    assert_eq!(unknown(&text), "it starts for no change");
}

#[test]
fn a_matrix_is_one_of_tests() {
    let job = "    strategy:\n      matrix:\n        node: [20, 22]\n";
    let build = NODE.replace("22,", "\"${{ matrix.node }}\",");
    let build = build.replace("      - run: npm run lint\n      - run: npm test\n", "");
    let head =
        "  lint:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n";
    let lint = NODE.replace("      - run: npm test\n      - run: npm run build\n", "");
    let stack = accepted(&repo(&format!("{}{head}{lint}", workflow(job, &build))));
    for said in ["    split: component\n", "      lint:\n"] {
        assert!(stack.contains(said), "{stack}");
    }
}

#[test]
fn own_steps_run_where_they_ran_and_other_check_outs_are_own_steps() {
    let steps = "      - uses: actions/checkout@v4
        with: {repository: octo-org/more, path: more}
"
    .to_owned()
        + &NODE.replace("run: npm", "working-directory: web\n        run: npm")
        + "      - run: make report\n";
    let known = repo(&workflow("", &steps));
    let stack = accepted(&known);
    for said in [
        "    path: web\n",
        "      before-test:\n        - uses: actions/checkout@v4\n          with: {repository: octo-org/more, path: more}\n",
        "      after-test:\n        - run: make report\n          working-directory: .\n",
    ] {
        assert!(stack.contains(said), "{said}\n{stack}");
    }
    let system =
        "      - run: sudo apt-get install -y protobuf-compiler\n      - run: ./generate.sh\n";
    assert_eq!(
        unknown(&workflow(
            "",
            &format!("{system}{NODE}").replace("./generate.sh", "if x; then y; fi")
        )),
        "a step between what is installed and what runs in job `verify`"
    );
}
