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
fn every_command_has_a_manual_page() {
    let repo = Repo::new();
    let all = repo.cicd(&["man"]).out;
    let commands = all.lines().filter_map(|line| line.strip_prefix("cicd\\-"));
    let commands: Vec<_> = commands.map(|line| line.trim_end_matches("(1)")).collect();
    assert!(
        commands.contains(&"drift") && commands.len() > 8,
        "{commands:?}"
    );
    for command in commands {
        let page = repo.cicd(&["man", command]);
        let title = format!(".TH cicd-{command} 1");
        assert!(page.out.contains(&title), "{command}: {page:?}");
    }
    let slip = repo.cicd(&["man", "drfit"]);
    assert_eq!(slip.code, 2);
    assert!(slip.err.contains("did you mean `drift`?"), "{}", slip.err);
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

#[test]
fn expressions_are_evaluated_one_by_one_or_in_a_batch() {
    let repo = Repo::new();
    repo.write("contexts.json", r#"{"github": {"ref_name": "v1.2"}}"#);
    let one = |arguments: &[&str]| repo.cicd(&[&["expr", "eval"], arguments].concat());
    assert_eq!(one(&["1 == 1"]).out, "true\n");
    let named = one(&["--context", "contexts.json", "${{ GitHub.REF_name }}"]);
    assert_eq!((named.code, &*named.out), (0, "\"v1.2\"\n"));
    let wrong = one(&["conatins('a', 'b')"]);
    assert_eq!((wrong.code, &*wrong.out), (2, ""));
    assert!(
        wrong.err.contains("= help: write `contains`"),
        "{}",
        wrong.err
    );
    let lines =
        "{\"expr\": \"a.b\", \"context\": {\"a\": {\"B\": [1]}}}\nnonsense\n{\"expr\": \"nope\"}\n";
    let mut batch = program();
    batch
        .args(["expr", "eval", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut running = batch.spawn().unwrap();
    std::io::Write::write_all(&mut running.stdin.take().unwrap(), lines.as_bytes()).unwrap();
    let answered = running.wait_with_output().unwrap();
    let out = String::from_utf8(answered.stdout).unwrap();
    let answers: Vec<_> = out.lines().collect();
    assert_eq!(answers.len(), 3, "{out}");
    assert_eq!(answers[0], r#"{"result":[1]}"#);
    assert!(
        answers[1].starts_with(r#"{"error":"the line is no request"#),
        "{out}"
    );
    assert_eq!(
        answers[2],
        r#"{"error":"there is no context `nope`","start":0,"end":4}"#
    );
    assert_eq!(answered.status.code(), Some(0));
}

#[test]
fn the_reference_is_the_published_page_and_answers_questions() {
    let repo = Repo::new();
    let page = include_str!("../../docs/manifest.md");
    assert_eq!(repo.cicd(&["reference"]).out, page);
    let gates = repo.cicd(&["reference", "gates"]).out;
    assert!(
        gates.starts_with("gates\n\nWhat must hold before a release.\n"),
        "{gates}"
    );
    assert!(gates.contains("\n  scanners: "), "{gates}");
    let typo = repo.cicd(&["reference", "scaners"]);
    assert_eq!((typo.code, &*typo.out), (2, ""));
    assert!(
        typo.err.contains("`cicd reference scanners`"),
        "{}",
        typo.err
    );
}

#[test]
fn the_presets_are_listed_with_what_they_cover() {
    let repo = Repo::new();
    // What lies around must not matter.
    repo.write(".github/cicd/action.yml", "uses: nonsense\n");
    let list = repo.cicd(&["presets", "list"]);
    assert_eq!((list.code, &*list.err), (0, ""));
    let mut entries = list.out.split("\n\n");
    let entry = entries.find(|entry| entry.starts_with("go-library\n    A Go module"));
    let entry = entry.unwrap();
    assert!(entry.contains("\n    languages: go\n"), "{entry}");
    assert!(
        entry.contains(
            "gitleaks\n    environments: go-proxy\n    workflows: ci, security, deploy-go-proxy"
        ),
        "{entry}"
    );
    let list = repo.cicd(&["presets", "list", "--format", "json"]).out;
    let list: serde_json::Value = serde_json::from_str(&list).unwrap();
    let names = list["presets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|preset| preset["name"].as_str().unwrap());
    assert!(names.eq(cicd::assets::PRESETS.iter().map(|(name, _)| *name)));
}

#[test]
fn a_resolved_manifest_is_data_for_programs() {
    let repo = Repo::new();
    repo.write(
        "cicd.yml",
        "version: 1\nname: x\nextends: ./base.yml\ngates: {scanners+: [semgrep]}\n",
    );
    repo.write("base.yml", "version: 1\ngates: {scanners: [trivy]}\n");
    let shown = repo
        .cicd(&["presets", "show", "--resolved", "--format", "json"])
        .out;
    let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
    let scanners = &shown["manifest"]["gates"]["scanners"];
    assert_eq!(*scanners, serde_json::json!(["trivy", "semgrep"]));
}
