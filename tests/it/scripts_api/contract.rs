//! The head of each script says what it takes and gives; here it is held to that.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use cicd::assets::script_part;

use super::sandbox::script_path;

/// The scripts that speak of what they take and give in the form that is held here.
fn scripts() -> impl Iterator<Item = &'static str> {
    let all = [
        super::SCRIPTS,
        crate::scripts_aws::SCRIPTS,
        crate::scripts_cloud::SCRIPTS,
    ];
    all.into_iter().flatten().copied()
}

/// A script with the parts that it shares with others in their places.
fn with_parts(script: &str) -> String {
    let path = script_path(script);
    let text = fs::read_to_string(&path).unwrap();
    let line = |line: &str| {
        let name = line.strip_prefix("source \"${BASH_SOURCE%/*}/")?;
        let part = path.with_file_name("").join(name.trim_end_matches('"'));
        Some(fs::read_to_string(part).unwrap())
    };
    let lines = text.lines();
    let lines = lines.map(|text| line(text).unwrap_or_else(|| text.to_owned()));
    lines.collect::<Vec<_>>().join("\n")
}

struct Contract {
    inputs: BTreeSet<String>,
    outputs: BTreeSet<String>,
    program: String,
}

fn contract(script: &str) -> Contract {
    let text = with_parts(script);
    let head = text.lines().take_while(|line| line.starts_with('#'));
    let program = text.lines().skip_while(|line| line.starts_with('#'));
    // What a script shares with others stands where it reads it.
    let program = program.map(|line| {
        let part = line
            .strip_prefix("source \"${BASH_SOURCE%/*}/parts/")
            .and_then(|rest| rest.strip_suffix(".sh\""));
        part.map_or_else(|| line.to_owned(), |part| script_part(part).to_owned())
    });
    let names = |kind: &str| {
        let declared = head
            .clone()
            .filter_map(|line| line.strip_prefix(kind)?.split_once(": "));
        declared
            .map(|(name, _)| name.trim_end_matches('?').to_owned())
            .collect()
    };
    Contract {
        inputs: names("# in "),
        outputs: names("# out "),
        program: program.collect::<Vec<_>>().join("\n"),
    }
}

/// The upper-case variables that a program reads: from bash, jq (`env.NAME`) or awk (`ENVIRON["NAME"]`).
fn variables(program: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for mark in ["$", "${", "${#", "env.", "ENVIRON[\""] {
        for (at, _) in program.match_indices(mark) {
            let rest = program[at + mark.len()..].chars();
            let name: String = rest
                .take_while(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || *c == '_')
                .collect();
            if name.len() > 1 {
                names.insert(name);
            }
        }
    }
    names
}

#[test]
fn every_script_declares_exactly_what_it_reads() {
    // Read by `gh` and `docker compose` themselves; bash and jq have others of their own.
    let implicit = ["GH_TOKEN", "COMPOSE_FILE"];
    for script in scripts() {
        let contract = contract(script);
        let read = variables(&contract.program);
        for name in &read {
            let own = contract.program.contains(&format!("export {name}="))
                || ["SECONDS", "BASH_REMATCH", "ARGS"].contains(&name.as_str())
                || name.starts_with("GITHUB_")
                || name.starts_with("ACTIONS_ID_TOKEN_REQUEST_")
                || name == "RUNNER_TEMP";
            assert!(
                own || contract.inputs.contains(name),
                "{script} reads {name} undeclared"
            );
        }
        for name in &contract.inputs {
            let known = read.contains(name) || implicit.contains(&name.as_str());
            assert!(known, "{script} declares {name} and does not read it");
        }
        let asks_github = ["gh api", "gh issue", "gh attestation"]
            .iter()
            .any(|call| contract.program.contains(call));
        assert_eq!(
            asks_github,
            contract.inputs.contains("GH_TOKEN"),
            "{script}: GH_TOKEN"
        );
    }
}

#[test]
fn every_output_is_written_and_every_option_names_its_default() {
    for script in scripts() {
        let contract = contract(script);
        let writes = contract.program.contains("GITHUB_OUTPUT");
        assert_eq!(writes, !contract.outputs.is_empty(), "{script}: outputs");
        for name in &contract.outputs {
            // The severities are written in a loop over their names.
            let written = [format!("{name}="), format!("\"{name}\"")];
            let is_written = written.iter().any(|text| contract.program.contains(text));
            assert!(is_written, "{script} does not write {name}");
        }
        for line in fs::read_to_string(script_path(script)).unwrap().lines() {
            if line.starts_with("# in ") && line.contains("?: ") {
                assert!(line.contains("(default"), "{script}: {line}");
            }
        }
    }
}

#[test]
fn every_script_parses_and_can_stand_in_a_workflow() {
    for script in scripts() {
        let text = fs::read_to_string(script_path(script)).unwrap();
        let check = Command::new("bash")
            .arg("-n")
            .arg(script_path(script))
            .status()
            .unwrap();
        assert!(check.success(), "{script} does not parse");
        assert!(
            text.starts_with("#!/usr/bin/env bash\n# "),
            "{script}: first lines"
        );
        assert!(
            text.contains("\nset -euo pipefail\n"),
            "{script} does not stop at errors"
        );
        assert!(
            !text.contains("${{"),
            "{script} holds an expression, which GitHub would fill in"
        );
        assert!(!text.contains('\t') && text.is_ascii() || script == "pull-request-comment");
        // GitHub refuses longer texts where an expression stands beside the script.
        assert!(text.len() < 21_000, "{script} is too long for a step");
    }
}

#[test]
fn shellcheck_finds_nothing() {
    let paths = scripts().map(script_path);
    let mut command = Command::new("shellcheck");
    match command
        .args(["-x", "--source-path=SCRIPTDIR"])
        .args(paths)
        .output()
    {
        Ok(result) => assert!(
            result.status.success(),
            "{}",
            String::from_utf8_lossy(&result.stdout)
        ),
        Err(error) => println!("not run: shellcheck: {error}"),
    }
}
