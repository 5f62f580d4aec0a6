//! Scripts and the token that they work with.

use cicd::lint::FileKind;

use super::judge;
use crate::common::{Repo, Run, program};

#[test]
fn scripts_have_pitfalls() {
    judge(
        FileKind::Workflow,
        "on: push
permissions: {}
jobs:
  login:
    runs-on: ubuntu-24.04
    steps: [{run: gh auth login}, {run: gh pr list}]
  a:
    runs-on: ubuntu-24.04
    steps:
      - run: gh pr list # gh-without-token
      - run: gh --version
      - run: make | tee log # pipe-fail: a failure of `make`
      - run: |
          make | tee log || true
          if make | tee log; then echo \"$(make | tail -1)\"; fi
          echo a | make
      - run: set -o pipefail; make | tee log
      - {run: make | tee log, shell: bash}
      - run: gem push 'issue #5' # run-plain-scalar
      - run: gem push #it's one
  b:
    runs-on: ${{ matrix.os }}
    strategy: {matrix: {os: [ubuntu-24.04, windows-2025]}}
    env: {GH_TOKEN: x}
    steps: [{run: make | tee log}, {run: gh pr list}]
",
    );
}

#[test]
fn a_token_can_do_what_its_job_needs() {
    judge(
        FileKind::Workflow,
        "on: push
permissions: {contents: write} # permissions-broad: `contents: write`
env: {GITHUB_TOKEN: '${{ secrets.GITHUB_TOKEN }}'}
jobs:
  a:
    runs-on: ubuntu-24.04
    steps:
      - run: gh release create v1
      - run: gh pr comment 5 # permissions-insufficient: `pull-requests: write` or `issues: write`
      - run: gh pr comment 5 --repo o/r
      - {run: gh pr comment 5, env: {GH_TOKEN: '${{ secrets.PAT }}'}}
      - uses: actions/deploy-pages@v5 # permissions-insufficient: `id-token: write`; permissions-insufficient: `pages: write`
      - uses: pypa/gh-action-pypi-publish@v1.14.0
        with: {password: '${{ secrets.P }}'}
  b:
    permissions: read-all # permissions-broad: `read-all`
    runs-on: ubuntu-24.04
    steps: [{run: gh pr comment 5}]
  c:
    permissions: {issues: write}
    runs-on: ubuntu-24.04
    steps: [{run: gh pr comment 5}]
",
    );
    judge(
        FileKind::Workflow,
        "on: push
jobs:
  a: # permissions-missing: tokens of `a` and 1 more
    runs-on: ubuntu-24.04
    steps: [{run: make}]
  b: {permissions: {}, runs-on: ubuntu-24.04, steps: [{run: make}]}
  c: {runs-on: ubuntu-24.04, steps: [{run: make}]}
",
    );
    judge(
        FileKind::Workflow,
        "on: workflow_call
jobs:
  a: {runs-on: ubuntu-24.04, steps: [{run: make}]}
  b: # permissions-missing: token of `b`
    uses: o/r/.github/workflows/a.yml@v1
",
    );
}

const WORKFLOW: &str = "on: push
permissions: {}
jobs:
  a:
    runs-on: ubuntu-24.04
    steps:
      - run: |
          first
          echo $X
";

/// Lints with a `shellcheck` that is this script.
#[cfg(unix)]
fn with_shellcheck(script: &str, arguments: &[&str]) -> Run {
    use std::os::unix::fs::PermissionsExt;

    let repo = Repo::new();
    repo.write(".github/workflows/ci.yml", WORKFLOW);
    repo.write("bin/shellcheck", script);
    let executable = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(repo.path("bin/shellcheck"), executable).unwrap();
    let path = format!("{}:/usr/bin:/bin", repo.path("bin").display());
    let arguments = [
        &["lint", "--format", "json", ".github/workflows"],
        arguments,
    ]
    .concat();
    Run::of(
        program()
            .args(arguments)
            .env("PATH", path)
            .current_dir(repo.root()),
    )
}

#[test]
#[cfg(unix)]
fn what_shellcheck_finds_stands_in_the_workflow() {
    let checks = "#!/bin/sh
cat \"$4\" >&2
test \"$(sed -n 4p \"$4\")\" = 'echo $X' || exit 3
echo '{\"comments\":[{\"file\":\"0\",\"line\":4,\"endLine\":4,\"column\":6,\"endColumn\":8,
 \"level\":\"info\",\"code\":2086,\"message\":\"Double quote it.\",\"fix\":null}]}'
exit 1
";
    let run = with_shellcheck(checks, &[]);
    let document: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let [finding] = &document["findings"].as_array().unwrap()[..] else {
        panic!("{document:#}");
    };
    assert_eq!(
        (finding["rule"].as_str().unwrap(), run.code),
        ("script-shell", 0)
    );
    assert_eq!(
        (&finding["line"], &finding["column"]),
        (&9.into(), &16.into())
    );
    assert_eq!(
        (&finding["end_line"], &finding["end_column"]),
        (&9.into(), &18.into())
    );
    assert_eq!(finding["severity"], "note");
    let off = with_shellcheck(checks, &["--no-shellcheck"]);
    assert!(
        off.out.contains("\"findings\": []") || off.out.contains("\"findings\":[]"),
        "{}",
        off.out
    );
}

#[test]
#[cfg(unix)]
fn a_shellcheck_that_fails_is_told_of() {
    let run = with_shellcheck("#!/bin/sh\necho 'no such flag' >&2\nexit 4\n", &[]);
    assert!(
        run.err.contains("`shellcheck` has failed: no such flag"),
        "{}",
        run.err
    );
    assert_eq!(run.code, 0);
}

#[test]
fn who_asks_for_shellcheck_hears_that_it_is_absent() {
    let repo = Repo::new();
    repo.write(".github/workflows/ci.yml", WORKFLOW);
    let lint = |select: &[&str]| {
        let arguments = [&["lint", ".github/workflows"], select].concat();
        let nowhere = repo.path("nowhere");
        Run::of(
            program()
                .args(arguments)
                .env("PATH", nowhere)
                .current_dir(repo.root()),
        )
    };
    assert_eq!(lint(&[]).err, "");
    let asked = lint(&["--select", "script-shell"]);
    assert!(
        asked.err.contains("`shellcheck` is not installed"),
        "{}",
        asked.err
    );
    assert_eq!((asked.code, &*asked.out), (0, ""));
}

#[test]
fn python_reads_a_whole_script_before_it_runs_any_of_it() {
    judge(
        FileKind::Workflow,
        "on: push
jobs:
  a:
    runs-on: ubuntu-24.04
    defaults: {run: {shell: python}}
    steps:
      - run: print('a' # script-python: this `(` is never closed
      - run: |
          import os
          if os.sep:
          print('a') # script-python: a block is wanted
      - run: |
          x = 1
            y = 2 # script-python: deeper than the one before
      - run: |
          if x:
              y
            z # script-python: no line before begins as deep
      - run: |
          print x # script-python: `print` is a function
      - run: |
          def f(a,
                b):
            '''
          text
            '''
            return {'a':
              1}
          print = f
          x = print if '${{ github.ref }}' else f
          if x: y
      - {run: 'print x', shell: bash}
      - {run: 'print(', shell: python -c x} # shell-name
",
    );
}

#[test]
fn powershell_is_no_other_shell() {
    judge(
        FileKind::Workflow,
        "on: push
jobs:
  a:
    runs-on: windows-2025
    steps:
      - run: echo 'a=b' >> $GITHUB_OUTPUT # script-pwsh: `$GITHUB_OUTPUT` is empty
      - run: echo \"a=b\" >> $env:GITHUB_OUTPUT
      - run: |
          $GITHUB_A = 1
          echo $GITHUB_A '$GITHUB_ENV'
      - run: |
          export A=b
          if ($A) { # script-pwsh: this `{` is never closed
      - run: export A=b # script-pwsh: no `export`
      - run: |
          cargo build \\ # script-pwsh: is an argument
            --release
      - {run: a && b, shell: powershell} # script-pwsh: has no `&&`
      - {run: a && b}
      - {run: 'echo >> $GITHUB_OUTPUT', shell: bash}
  b:
    runs-on: ubuntu-24.04
    steps: [{run: 'echo >> $GITHUB_OUTPUT'}]
",
    );
}

#[test]
fn a_place_in_a_script_ends_behind_a_letter() {
    let repo = Repo::new();
    let text = "on: push
jobs:
  a:
    runs-on: ubuntu-24.04
    steps:
      - shell: python
        run: |
          for number in range(3):
          é = 1
";
    repo.write(".github/workflows/ci.yml", text);
    let run = repo.cicd(&["lint", "--select", "script-python", "--format", "json"]);
    let place = r#""line":9,"column":11,"end_line":9,"end_column":12"#;
    assert!(run.out.contains(place), "{}", run.out);
}

#[test]
fn a_script_of_github_script_is_the_inside_of_a_function() {
    judge(
        FileKind::Workflow,
        "on: issues
jobs:
  a:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/github-script@v8
        with:
          script: |
            const core = require('@actions/core') // # script-js: `core` is there already
            const {context: mine} = require('@actions/github')
            import fs from 'fs' // # script-js: `import` cannot stand
            await github.issues.get({}) // # script-js: `github` has no `issues`
            await github.rest.issues.get({})
            const text = 'github.issues.get('
            function f() { const core = 1; return core }
      - uses: actions/github-script@v8
        with: {script: 'f({a: 1)'} # script-js: stands where `}` is wanted
      - uses: actions/github-script@v3 # action-outdated-runtime
        with: {script: 'await github.issues.get({})'}
",
    );
}
