//! Who has to be asked before a release: in a real repository, with a `gh` that knows what was
//! deployed and which pull requests there were.

use std::path::Path;
use std::process::Command;

use super::sandbox::{Fake, HOSTILE, Outcome, SHA, Sandbox, with_gh};

const RULES: &str = "security paths internal/auth/**\nsecurity paths *.tf\nsecurity label security fix\n\
                     product commits feat\nproduct label feature\n";

fn git(folder: &Path, words: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=a", "-c", "user.email=a@example.com"])
        .args(words)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{words:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// A repository with a commit that was released.
struct Project {
    sandbox: Sandbox,
    gh: Fake,
    released: String,
}

impl Project {
    fn new() -> Self {
        let (sandbox, gh) = with_gh();
        let folder = sandbox.path("");
        git(&folder, &["init", "-q", "-b", "main", "."]);
        let mut project = Self {
            sandbox,
            gh,
            released: String::new(),
        };
        project.released = project.commit("README.md", "chore: begin");
        project
    }

    fn commit(&self, path: &str, title: &str) -> String {
        let folder = self.sandbox.path("");
        std::fs::create_dir_all(folder.join(path).parent().unwrap()).unwrap();
        std::fs::write(folder.join(path), title).unwrap();
        git(&folder, &["add", "--", path]);
        git(&folder, &["commit", "-q", "-m", title]);
        git(&folder, &["rev-parse", "HEAD"])
    }

    /// What GitHub knows: deployments from new to old, with the states of each, and labels by commit.
    fn knows(&self, deployments: &[(&str, &str)], labels: &[(&str, &str)]) -> &Self {
        let mut all = Vec::new();
        for (index, (sha, statuses)) in deployments.iter().enumerate() {
            all.push(format!(r#"{{"id":{index},"sha":"{sha}"}}"#));
            let states = statuses.split(' ').enumerate();
            let states: Vec<_> = states
                .map(|(id, state)| format!(r#"{{"id":{id},"state":"{state}"}}"#))
                .collect();
            let answer = format!("[{}]", states.join(","));
            self.gh
                .answers(&format!("*/deployments/{index}/statuses*"), &[&answer]);
        }
        let all = format!("[{}]", all.join(","));
        self.gh.answers(
            "api repos/acme/shop/deployments?environment=production&per_page=30*",
            &[&all],
        );
        for (commit, label) in labels {
            let answer = format!(r#"[{{"labels":[{{"name":"{label}"}},{{"name":"size/s"}}]}}]"#);
            self.gh
                .answers(&format!("*/commits/{commit}/pulls*"), &[&answer]);
        }
        self.gh.answers("*/pulls*", &["[]"]);
        self
    }

    fn ask(&self, sha: &str, more: &[(&str, &str)]) -> Outcome {
        let env = [
            ("ENVIRONMENT", "production"),
            ("SHA", sha),
            ("RULES", RULES),
        ];
        self.sandbox
            .run("release-changes", &[&env[..], more].concat())
    }

    fn roles(&self, sha: &str) -> String {
        self.ask(sha, &[]).passes("").output("roles").to_owned()
    }
}

#[test]
fn a_role_is_asked_for_what_concerns_it() {
    let changes = [
        ("docs/a.md", "fix: a word", "[]"),
        ("internal/auth/login.go", "fix: time out", r#"["security"]"#),
        (
            "internal/auth/deep/x.go",
            "fix: time out",
            r#"["security"]"#,
        ),
        ("internal/authors/x.go", "fix: names", "[]"),
        ("main.tf", "chore: more nodes", r#"["security"]"#),
        ("deep/main.tf", "chore: more nodes", "[]"),
        ("a.go", "feat: search", r#"["product"]"#),
        ("a.go", "feat(api)!: search", r#"["product"]"#),
        ("a.go", "Feat: search", r#"["product"]"#),
        ("a.go", "feature: search", "[]"),
        ("a.go", "fix: no feat: here", "[]"),
        (
            "internal/auth/a.go",
            "feat: log in by key",
            r#"["security","product"]"#,
        ),
    ];
    for (path, title, roles) in changes {
        let project = Project::new();
        let new = project.commit(path, title);
        project.knows(&[(&project.released, "success")], &[]);
        assert_eq!(project.roles(&new), roles, "{path}: {title}");
    }
}

#[test]
fn every_commit_since_the_last_release_counts() {
    let project = Project::new();
    let feature = project.commit("a.go", "feat: search");
    let fix = project.commit("a.go", "fix: search");
    project.knows(
        &[
            (&fix, "in_progress failure"),
            (&project.released, "success inactive"),
        ],
        &[(&feature, "security fix")],
    );
    assert_eq!(project.roles(&fix), r#"["security","product"]"#);

    let project = Project::new();
    let feature = project.commit("a.go", "feat: search");
    let fix = project.commit("a.go", "fix: search");
    project.knows(&[(&feature, "success")], &[(&feature, "security fix")]);
    assert_eq!(project.roles(&fix), "[]", "the feature was released before");
    assert_eq!(project.ask(&fix, &[]).output("base"), feature);
}

#[test]
fn everybody_is_asked_when_the_changes_are_not_known() {
    let everybody = r#"["security","product"]"#;
    let project = Project::new();
    let new = project.commit("a.go", "fix: a word");
    project.knows(&[(&new, "failure")], &[]);
    let outcome = project.ask(&new, &[]);
    outcome.passes("nothing was released to production before");
    assert_eq!(outcome.output("roles"), everybody);

    let project = Project::new();
    let new = project.commit("a.go", "fix: a word");
    project.knows(&[(SHA, "success")], &[]);
    let outcome = project.ask(&new, &[]);
    outcome.passes("is not among the commits before");
    assert_eq!(outcome.output("roles"), everybody);

    let project = Project::new();
    let new = project.commit("a.go", "fix: a word");
    project.knows(&[(&project.released, "success")], &[]);
    let outcome = project.ask(&new, &[("MOST_COMMITS", "0")]);
    outcome.passes("there are 1 commits since the last release");
    assert_eq!(outcome.output("roles"), everybody);
}

#[test]
fn what_cannot_be_read_lets_nobody_pass() {
    let (sandbox, gh) = with_gh();
    gh.refuses("*", "gh: Forbidden (HTTP 403)");
    let env = [("ENVIRONMENT", HOSTILE), ("SHA", SHA), ("RULES", RULES)];
    sandbox.run("release-changes", &env).fails("cannot be read");
    let project = Project::new();
    let new = project.commit("a.go", "fix: a word");
    project.knows(&[(&project.released, "success")], &[]);
    for rules in [
        HOSTILE,
        "\n",
        "security",
        "security what a",
        "product commits fe.t",
    ] {
        project.ask(&new, &[("RULES", rules)]).fails("::error::");
    }
    project.ask(HOSTILE, &[]).fails("is not a full commit SHA");
    let project = Project::new();
    let new = project.commit("a.go", "fix: a word");
    project.gh.refuses("*/pulls*", "gh: Forbidden (HTTP 403)");
    project.knows(&[(&project.released, "success")], &[]);
    let unread = format!("the pull requests of {new} cannot be read");
    project.ask(&new, &[]).fails(&unread);
}
