//! The program as a whole: words, streams and exit codes.

use std::process::Stdio;

use crate::common::{Repo, program};

#[test]
fn help_is_short_and_has_an_example() {
    let repo = Repo::new();
    let all = repo.cicd(&["--help"]);
    assert_eq!((all.code, &*all.err), (0, ""));
    for command in ["generate", "diff", "schema", "completions"] {
        assert!(all.out.contains(&format!("  {command}")), "{}", all.out);
        let help = repo.cicd(&[command, "--help"]);
        assert_eq!(help.code, 0);
        assert!(help.out.contains("Example: cicd "), "{}", help.out);
        assert!(help.out.lines().count() < 50, "{}", help.out);
    }
    assert_eq!(
        repo.cicd(&["--version"]).out,
        format!("cicd {}\n", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn wrong_words_exit_with_2() {
    let repo = Repo::new();
    for arguments in [
        &[][..],
        &["genrate"],
        &["generate", "--chek"],
        &["generate", "--check", "--force", "x"],
        &["generate", "--format", "xml"],
        &["completions"],
    ] {
        let run = repo.cicd(arguments);
        assert_eq!((run.code, &*run.out), (2, ""), "{arguments:?}");
        assert!(!run.err.is_empty());
    }
    assert!(repo.cicd(&["genrate"]).err.contains("'generate'"));
}

#[test]
fn a_missing_manifest_is_named() {
    let repo = Repo::new();
    for command in ["generate", "diff"] {
        let run = repo.cicd(&[command]);
        assert_eq!((run.code, &*run.out), (2, ""), "{command}");
        assert!(run.err.contains("`cicd.yml`"), "{}", run.err);
        assert!(!run.err.contains('\u{1b}'), "{}", run.err);
        let run = repo.cicd(&[command, "--format", "json", "--manifest", "no/such.yml"]);
        let document: serde_json::Value = serde_json::from_str(&run.out).unwrap();
        assert_eq!((run.code, &*run.err), (2, ""));
        assert_eq!(document["findings"][0]["severity"], "error");
        let message = document["findings"][0]["message"].as_str().unwrap();
        assert!(message.contains("`no/such.yml`"), "{message}");
    }
}

#[test]
fn the_schema_is_the_published_one() {
    let run = Repo::new().cicd(&["schema"]);
    assert_eq!((run.code, &*run.err), (0, ""));
    assert_eq!(run.out, include_str!("../../schemas/manifest.schema.json"));
    let schema: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert!(schema["$schema"].is_string());
}

#[test]
fn completions_are_made_for_every_shell() {
    let repo = Repo::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = repo.cicd(&["completions", shell]);
        assert_eq!(run.code, 0);
        assert!(run.out.contains("generate"), "{shell}");
    }
}

#[test]
fn a_closed_pipe_is_success() {
    let mut child = program()
        .args(["completions", "zsh"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
