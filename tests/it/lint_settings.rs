//! What a repository says to the linter, in its manifest or in a file of its own.

use crate::common::{Repo, Run, program};
use crate::lint_files::places;

const BAD: &str = "on: push\njobs:\n  a: {runs-on: ubuntu-24.04, steps: [{run: a}]}\n  \
                   b: {runs-on: ubuntu-24.04, needs: [a, a], step: [], steps: [{run: a}]}\npermissions: {}\n";

/// A repository with two faulty workflows and settings.
fn repo(settings: &str) -> Repo {
    let repo = Repo::new();
    repo.write(".github/workflows/ci.yml", BAD);
    repo.write(".github/workflows/legacy-1.yml", BAD);
    repo.write(".github/cicd/lint.yml", settings);
    repo
}

fn found(repo: &Repo) -> Vec<String> {
    let run = repo.cicd(&["lint", "--format", "oneline"]);
    assert_eq!(run.err, "");
    places(&run)
}

#[test]
fn rules_weigh_what_the_settings_say() {
    let all = repo("rules: {}\n");
    assert_eq!(
        found(&all),
        [
            ".github/workflows/ci.yml:4:41 needs-duplicate",
            ".github/workflows/ci.yml:4:45 unknown-key",
            ".github/workflows/legacy-1.yml:4:41 needs-duplicate",
            ".github/workflows/legacy-1.yml:4:45 unknown-key",
        ]
    );
    let notes = repo("rules: {correctness: note, needs-duplicate: off}\n");
    let run = notes.cicd(&["lint", "--format", "oneline"]);
    assert_eq!((run.code, run.out.lines().count()), (0, 2));
    assert!(run.out.contains(": note[unknown-key]"), "{}", run.out);
}

#[test]
fn settings_are_found_from_wherever_a_run_begins() {
    let quiet = "rules: {needs-duplicate: off, unknown-key: off}\n";
    let above = Repo::new();
    above.write("own/.github/workflows/ci.yml", BAD);
    above.write("own/.github/cicd/lint.yml", quiet);
    above.write("ours/.github/workflows/ci.yml", BAD);
    above.write("ours/cicd.yml", format!("lint:\n  {quiet}"));
    above.write("linked/.github/workflows/ci.yml", BAD);
    above.write("elsewhere/lint.yml", quiet);
    let link = above.path("linked/.github/cicd");
    std::os::unix::fs::symlink("../../elsewhere", link).unwrap();
    above.write("loud/.github/workflows/ci.yml", BAD);
    let whole = above.root().to_string_lossy().into_owned();
    let told = |path: &str| {
        let mut told = places(&above.cicd(&["lint", path, "--format", "oneline"]));
        // The manifest is told of by itself.
        told.retain(|one| !one.contains("cicd.yml"));
        told
    };
    for from in [".", "./", &*whole] {
        let told = told(from);
        assert_eq!(told.len(), 2, "{from}: {told:?}");
        assert!(told.iter().all(|one| one.contains("loud/")), "{told:?}");
    }
    for one in ["own", "ours", "linked"] {
        for path in [
            "",
            "/.github",
            "/.github/workflows",
            "/.github/workflows/ci.yml",
        ] {
            let path = format!("{one}{path}");
            assert_eq!(told(&path), [""; 0], "{path}");
        }
    }
}

#[test]
fn settings_of_the_repository_hold_in_a_folder_of_it() {
    let repo = Repo::new();
    repo.write(".git/HEAD", "");
    repo.write(".github/cicd/lint.yml", "rules: {correctness: off}\n");
    repo.write("deep/down/action.yml", "name: x\n");
    for (from, path) in [("deep/down", "."), ("deep", "."), ("deep/down", "..")] {
        let mut inside = program();
        inside.args(["lint", path, "--format", "oneline"]);
        let run = Run::of(inside.current_dir(repo.path(from)));
        assert_eq!(places(&run), [""; 0], "{path} from {from}");
    }
}

#[test]
fn what_is_ignored_may_be_called_by_what_is_not() {
    let repo = Repo::new();
    let called = "on: {workflow_call: {inputs: {a: {type: string, required: true}}}}\n\
                  jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: a}]}}\n";
    repo.write(".github/workflows/called.yml", called);
    let calls = "on: push\npermissions: {}\njobs: {a: {uses: ./.github/workflows/called.yml}}\n";
    repo.write(".github/workflows/ci.yml", calls);
    repo.write(".github/cicd/lint.yml", "ignore: [called.yml]\n");
    assert_eq!(
        found(&repo),
        [".github/workflows/ci.yml:3:18 call-missing-input"]
    );
}

#[test]
fn paths_have_weights_of_their_own_and_may_be_ignored() {
    let legacy = repo("paths: {legacy-*.yml: {unknown-key: off}}\nrules: {needs-duplicate: off}\n");
    assert_eq!(
        found(&legacy),
        [".github/workflows/ci.yml:4:45 unknown-key"]
    );
    let ignored = repo("ignore: ['**/legacy-*.yml']\nrules: {needs-duplicate: off}\n");
    assert_eq!(
        found(&ignored),
        [".github/workflows/ci.yml:4:45 unknown-key"]
    );
}

#[test]
fn a_run_may_select_and_ignore() {
    let all = repo("rules: {}\n");
    let select = ["lint", "--select", "needs-duplicate", "--format", "oneline"];
    assert_eq!(places(&all.cicd(&select)).len(), 2);
    let ignore = ["lint", "--ignore", "correctness", "--format", "oneline"];
    assert_eq!(places(&all.cicd(&ignore)), Vec::<String>::new());
}

#[test]
fn the_manifest_says_the_same_under_lint() {
    let repo = Repo::new();
    repo.write(".github/workflows/own.yml", BAD);
    let manifest = "version: 1\nname: shop\nstack: {api: {language: go}}\n";
    repo.write("cicd.yml", manifest);
    assert_eq!(repo.cicd(&["generate", "--exit-zero"]).code, 0);
    let lint = "lint: {rules: {unknown-key: off, needs-duplicate: off}}\n";
    repo.write("cicd.yml", format!("{manifest}{lint}"));
    assert_eq!(found(&repo), Vec::<String>::new());
    // What is said to the linter changes no file.
    let check = repo.cicd(&["generate", "--check"]);
    assert_eq!(check.code, 0, "{}{}", check.out, check.err);
    repo.write(".github/cicd/lint.yml", "rules: {}\n");
    let twice = repo.cicd(&["lint"]);
    assert_eq!((twice.code, &*twice.out), (2, ""));
    assert!(
        twice.err.contains("settings in two places"),
        "{}",
        twice.err
    );
}

#[test]
fn a_manifest_with_faults_keeps_no_workflow_from_being_linted() {
    let repo = Repo::new();
    repo.write(".github/workflows/ci.yml", BAD);
    let manifest = "version: 1\nname: x\nlint: {rules: {needs-duplicate: off}}\n\
                    stack: {app: {language: pyhton@3.12}}\n\
                    approvals: {prod: {required: 0, reviewers: [a]}}\n";
    repo.write("cicd.yml", manifest);
    let told = [
        ".github/workflows/ci.yml:4:45 unknown-key",
        "cicd.yml:4:25 unknown-name",
        "cicd.yml:5:13 unknown-name",
        "cicd.yml:5:30 wrong-value",
    ];
    let run = repo.cicd(&["lint", "--format", "oneline"]);
    assert_eq!((run.code, &*run.err), (1, ""));
    assert_eq!(places(&run), told);
    // Who asks for a file hears of that file.
    let run = repo.cicd(&["lint", "--format", "oneline", ".github/workflows/ci.yml"]);
    assert_eq!(places(&run), told[..1]);
    repo.write("cicd.yml", manifest.replace("needs-duplicate", "{}"));
    assert_eq!(repo.cicd(&["lint"]).code, 2);
}

#[test]
fn bad_settings_are_shown_where_they_stand() {
    let repo = repo("rules:\n  unknown-key: of\nrunner: [x]\n");
    let run = repo.cicd(&["lint"]);
    assert_eq!((run.code, &*run.out), (2, ""));
    for expected in [
        ".github/cicd/lint.yml:2:16",
        ".github/cicd/lint.yml:3:1",
        "`runners`",
    ] {
        assert!(run.err.contains(expected), "{expected}: {}", run.err);
    }
}

#[test]
fn an_unknown_rule_is_told_and_the_rest_counts() {
    let repo = repo("rules:\n  unknwon-key: off\n  needs-duplicate: off\n");
    let run = repo.cicd(&["lint", "--format", "oneline"]);
    assert_eq!(places(&run).len(), 2);
    assert!(run.err.contains(".github/cicd/lint.yml:2:3"), "{}", run.err);
    assert!(run.err.contains("write `unknown-key`"), "{}", run.err);
}

#[test]
fn names_that_the_settings_do_not_have_are_found() {
    let repo = Repo::new();
    repo.write(
        ".github/workflows/ci.yml",
        "on: push
name: ci
jobs:
  a:
    runs-on: GPU-4
    steps:
      - run: a
        env:
          A: ${{ vars.region }} ${{ vars.REGON }}
          B: ${{ secrets['NPM_TOKEN'] }} ${{ secrets.GITHUB_TOKEN }} ${{ secrets.OTHER }}
  b: {runs-on: big-one, steps: [{run: a}]}
  c: {runs-on: ubuntu-24.04, steps: [{run: a}]}
permissions: {}
",
    );
    repo.write(
        ".github/workflows/called.yml",
        "on: {workflow_call: {secrets: {PASSED: {required: true}}}}
jobs:
  a: {runs-on: ubuntu-24.04, steps: [{run: a, env: {A: '${{ secrets.PASSED }}'}}]}
permissions: {}
",
    );
    assert_eq!(found(&repo), Vec::<String>::new());
    let settings = "runners: [gpu-*]\nvariables: [REGION]\nsecrets: [NPM_TOKEN]\n";
    repo.write(".github/cicd/lint.yml", settings);
    assert_eq!(
        found(&repo),
        [
            ".github/workflows/ci.yml:9:42 vars-undefined",
            ".github/workflows/ci.yml:10:82 secrets-undefined",
            ".github/workflows/ci.yml:11:16 runner-label-unknown",
        ]
    );
    let text = repo.cicd(&["lint"]).out;
    assert!(
        text.contains("write `REGION`, or add `REGON` to `variables`"),
        "{text}"
    );
}

const DEPLOYS: &str = "on: push
permissions: {}
jobs:
  a: {runs-on: ubuntu-24.04, environment: production, steps: [{run: a}]}
  b: {runs-on: ubuntu-24.04, environment: {name: prodution}, steps: [{run: a}]}
  c: {runs-on: ubuntu-24.04, environment: review, steps: [{run: a}]}
  d: {runs-on: ubuntu-24.04, environment: 'production-${{ github.job }}', steps: [{run: a}]}
  e: {runs-on: ubuntu-24.04, environment: production-approval-1, steps: [{run: a}]}
";

#[test]
fn environments_that_the_settings_do_not_have_are_found() {
    let repo = repo("environments: [Production, production-approval-1]\nignore: [legacy-1.yml]\n");
    repo.write(".github/workflows/ci.yml", DEPLOYS);
    assert_eq!(
        found(&repo),
        [
            ".github/workflows/ci.yml:5:50 environment-undefined",
            ".github/workflows/ci.yml:6:43 environment-undefined",
        ]
    );
    let text = repo.cicd(&["lint"]).out;
    assert!(text.contains("write `Production`, or add"), "{text}");
}

#[test]
fn without_settings_an_environment_must_not_be_nearly_one_of_the_manifest() {
    let repo = Repo::new();
    repo.write(".github/workflows/own.yml", DEPLOYS);
    let environments = "environments: {production: {url: https://x.example, \
                        deploy: {on: dispatch, target: {custom: {deploy: a.sh, rollback: b.sh, record: c.sh}}}}}\n";
    let manifest = "version: 1\nname: shop\nstack: {api: {language: go}}\n";
    repo.write("cicd.yml", format!("{manifest}{environments}"));
    assert_eq!(
        found(&repo),
        [".github/workflows/own.yml:5:50 environment-undefined"]
    );
}

#[test]
fn a_platform_lacks_what_its_documents_say() {
    let text = "on: push
permissions: {id-token: write}
jobs:
  a:
    runs-on: {group: big}
    continue-on-error: true
    environment: production
    permissions: {contents: read}
    steps:
      - uses: actions/upload-artifact@v7
        with: {path: out}
      - uses: actions/upload-artifact@v3
        with: {path: out}
      - uses: https://data.forgejo.org/actions/checkout@v6
      - run: echo ${{ job.check_run_id }}
  b: {runs-on: ubuntu-18.04, steps: [{run: make}]}
";
    let select = "rules: {hygiene: off, security: off, action-outdated-runtime: off}\n";
    let found = |platform: &str| -> Vec<String> {
        let repo = repo(&format!("{select}ignore: [legacy-1.yml]\n{platform}"));
        repo.write(".github/workflows/ci.yml", text);
        let all = found(&repo).into_iter();
        let ours = all.map(|one| one.replace(".github/workflows/ci.yml:", ""));
        ours.collect()
    };
    assert_eq!(
        found(""),
        ["14:15 uses-format", "16:16 runner-label-retired"]
    );
    assert_eq!(
        found("platform: ghes\n"),
        [
            "10:15 platform-target",
            "14:15 uses-format",
            "15:23 platform-target"
        ]
    );
    assert_eq!(
        found("platform: gitea\n"),
        [
            "2:15 platform-target",
            "5:14 platform-target",
            "6:5 platform-target",
            "7:5 platform-target",
            "10:15 platform-target"
        ]
    );
    assert_eq!(
        found("platform: forgejo\n"),
        [
            "2:15 platform-target",
            "6:5 platform-target",
            "8:5 platform-target",
            "10:15 platform-target"
        ]
    );
}

#[test]
fn the_settings_of_the_page_are_settings() {
    let page = include_str!("../../docs/lint.md");
    let settings = page
        .split("```yaml\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .find(|block| block.starts_with("rules:"))
        .unwrap();
    let repo = repo(settings);
    let run = repo.cicd(&["lint", "--format", "oneline"]);
    assert_eq!((run.code, &*run.err), (1, ""));
    assert!(run.out.contains("warning[workflow-unnamed]"), "{}", run.out);
}

#[test]
fn the_schema_of_the_settings_judges_as_the_tool_does() {
    let repo = Repo::new();
    let run = repo.cicd(&["schema", "--lint"]);
    let schema: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let judge = jsonschema::validator_for(&schema).unwrap();
    assert!(
        schema["$defs"]["Component"].is_null(),
        "only what is needed"
    );
    repo.write(".github/workflows/ci.yml", BAD);
    for (settings, good) in [
        (
            r#"{"rules": {"policy": "off"}, "ignore": ["vendor"]}"#,
            true,
        ),
        (
            r#"{"paths": {"a/**": {"hygiene": "note"}}, "runners": ["gpu-*"]}"#,
            true,
        ),
        (r#"{"variables": ["A"], "secrets": []}"#, true),
        (r#"{"rules": {"policy": "of"}}"#, false),
        (r#"{"lint": {"rules": {}}}"#, false),
        (r#"{"ignore": [1]}"#, false),
    ] {
        let value = serde_json::from_str(settings).unwrap();
        repo.write(".github/cicd/lint.yml", settings);
        let accepted = repo.cicd(&["lint"]).code != 2;
        assert_eq!(
            (judge.is_valid(&value), accepted),
            (good, good),
            "{settings}"
        );
    }
}
