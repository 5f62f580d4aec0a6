//! `cicd pins`: the pins file, the workflows and the locks stay of one mind, whoever moves what.

mod absorb;
mod check;
mod lock;
mod modes;
mod update;

use std::path::PathBuf;
use std::process::Command;

use cicd::knowledge::actions::pin;
use cicd::lock::PINS_PATH;

use crate::common::{Repo, Run, program};

const CI: &str = ".github/workflows/ci.yml";
const NIGHTLY: &str = ".github/workflows/nightly.yml";

/// Two workflows that share actions, two actions of one repository.
const MANIFEST: &str = "\
version: 1
name: shop
stack: {app: {language: go@1.24, test: go test ./...}}
workflows:
  ci:
    kind: checks
    jobs:
      scan:
        runs-on: ubuntu-24.04
        timeout-minutes: 5
        permissions: {security-events: write}
        steps: [{uses: github/codeql-action/init}, {uses: github/codeql-action/analyze}]
  nightly: {kind: tests, on: [dispatch]}
";

/// Another commit than any that is known.
const NEW: &str = "1234567890abcdef1234567890abcdef12345678";
const OTHER: &str = "abcdef1234567890abcdef1234567890abcdef12";

/// A repository with the manifest, perhaps with a line more, and all that it becomes.
fn generated(more: &str) -> Repo {
    let repo = Repo::new();
    repo.write("cicd.yml", format!("{MANIFEST}{more}"));
    let run = repo.cicd(&["generate"]);
    assert_eq!((run.code, &*run.err), (1, ""));
    repo
}

/// Replaces a text in a file, in which it must stand.
fn edit(repo: &Repo, path: &str, from: &str, to: &str) {
    let text = repo.read(path);
    assert!(text.contains(from), "{path} has no `{from}`:\n{text}");
    repo.write(path, text.replace(from, to));
}

/// How an action that ships is written where actions stand at commits.
fn shipped(action: &str) -> String {
    let pin = pin(action).unwrap();
    format!("{action}@{} # {}", pin.sha, pin.tag)
}

/// All agree: nothing to check, nothing to generate, nothing for the linter.
fn assert_agreement(repo: &Repo) {
    let run = repo.cicd(&["pins"]);
    assert_eq!((run.code, &*run.err), (0, ""), "{}", run.out);
    let run = repo.cicd(&["generate", "--check"]);
    assert_eq!((run.code, &*run.err), (0, ""), "{}", run.out);
    let run = repo.cicd(&["lint", "--no-shellcheck"]);
    assert_eq!((run.code, &*run.out), (0, ""));
}

/// What the findings say, as `path:line severity[rule]`, from the format of a line each.
fn findings(run: &Run) -> Vec<String> {
    let short = |line: &str| {
        let (place, rest) = line.split_once(": ").unwrap_or(("", line));
        let place: Vec<_> = place.split(':').take(2).collect();
        let rule = rest.split(']').next().unwrap_or_default();
        format!("{} {rule}]", place.join(":"))
    };
    run.out.lines().map(short).collect()
}

/// A place with repositories of actions.
struct Server {
    repo: Repo,
}

impl Server {
    fn new() -> Self {
        Self { repo: Repo::new() }
    }

    fn url(&self) -> String {
        format!("file://{}", self.repo.root().display())
    }

    fn folder(&self, name: &str) -> PathBuf {
        self.repo.path(name)
    }

    /// Makes a commit of that day, with these tags; a tag that starts with `+` gets a text.
    /// Returns the commit.
    fn release(&self, name: &str, day: &str, tags: &[&str]) -> String {
        let folder = self.folder(name);
        if !folder.exists() {
            std::fs::create_dir_all(&folder).unwrap();
            git(&folder, "2020-01-01", &["init", "--quiet"]);
        }
        git(
            &folder,
            day,
            &["commit", "--quiet", "--allow-empty", "-m", "x"],
        );
        for tag in tags {
            match tag.strip_prefix('+') {
                Some(tag) => git(&folder, day, &["tag", "-f", "-a", "-m", tag, tag]),
                None => git(&folder, day, &["tag", "-f", tag]),
            };
        }
        git(&folder, day, &["rev-parse", "HEAD"]).trim().to_owned()
    }
}

fn git(folder: &std::path::Path, day: &str, arguments: &[&str]) -> String {
    let time = format!("{day}T12:00:00Z");
    let output = Command::new("git")
        .args([
            "-c",
            "user.name=x",
            "-c",
            "user.email=x@example.com",
            "-c",
            "commit.gpgsign=false",
        ])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_COMMITTER_DATE", &time)
        .env("GIT_AUTHOR_DATE", &time)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "git {arguments:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

/// Runs `cicd pins update` against a server.
fn update(repo: &Repo, server: &Server, arguments: &[&str]) -> Run {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut command = program();
    command
        .env("PATH", path)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .args(["pins", "update", "--server", &server.url()])
        .args(arguments)
        .current_dir(repo.root());
    Run::of(&mut command)
}
