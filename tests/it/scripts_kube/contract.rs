//! The head of each script says what it takes and gives; here it is held to that, with the functions
//! that `kube-connect.sh` gives to the others.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use super::SCRIPTS;
use super::site::{Site, script};

/// What a script declares, and the lines after its head.
fn contract(name: &str) -> (BTreeSet<String>, BTreeSet<String>, String) {
    let text = fs::read_to_string(script(name)).unwrap();
    let (head, program) = text.split_once("\nset -euo pipefail\n").expect(name);
    let names = |kind: &str| {
        let declared = head
            .lines()
            .filter_map(|line| line.strip_prefix(kind)?.split_once(": "));
        declared
            .map(|(name, _)| name.trim_end_matches('?').to_owned())
            .collect()
    };
    // The library that `kube-connect.sh` writes is looked at where it is used.
    let library = program
        .split_once("<< 'LIBRARY'\n")
        .and_then(|(_, rest)| rest.split_once("\nLIBRARY\n"));
    let program = library.map_or(program, |(_, rest)| rest);
    (names("# in "), names("# out "), program.to_owned())
}

/// The upper-case variables that a program reads, from bash or from jq.
fn variables(program: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for mark in ["$", "${", "${#", "env."] {
        for (at, _) in program.match_indices(mark) {
            let name: String = program[at + mark.len()..]
                .chars()
                .take_while(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || *c == '_')
                .collect();
            if name.len() > 1 {
                names.insert(name);
            }
        }
    }
    names
}

/// The shared functions with what each of them reads, directly or by the functions that it calls.
fn library() -> BTreeMap<String, BTreeSet<String>> {
    let site = Site::connected();
    let text = site.read("temp/kube.sh");
    let mut bodies: BTreeMap<String, String> = BTreeMap::new();
    let mut open = String::new();
    for line in text.lines() {
        if let Some((name, rest)) = line.split_once("() {")
            && !line.starts_with(' ')
        {
            open = name.to_owned();
            bodies.insert(open.clone(), format!("{rest}\n"));
        } else if let Some(body) = bodies.get_mut(&open)
            && line.starts_with(' ')
        {
            body.push_str(line);
            body.push('\n');
        }
    }
    let mut reads: BTreeMap<String, BTreeSet<String>> = bodies
        .iter()
        .map(|(name, body)| (name.clone(), variables(body)))
        .collect();
    for _ in 0..bodies.len() {
        for (name, body) in &bodies {
            for called in bodies.keys().filter(|called| calls(body, called)) {
                let more = reads[called].clone();
                reads.get_mut(name).unwrap().extend(more);
            }
        }
    }
    reads
}

fn calls(program: &str, function: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || "_-$\"{/".contains(c);
    program.match_indices(function).any(|(at, _)| {
        let before = program[..at].chars().next_back().unwrap_or(' ');
        let after = program[at + function.len()..].chars().next().unwrap_or(' ');
        !is_word(before) && (after.is_whitespace() || ");".contains(after))
    })
}

#[test]
fn every_script_declares_exactly_what_it_reads_and_writes() {
    let library = library();
    assert!(library["wait_for"].contains("POLL_SECONDS"), "{library:#?}");
    for name in SCRIPTS {
        let (inputs, outputs, program) = contract(name);
        let mut read = variables(&program);
        if *name != "kube-connect" && program.contains("kube.sh") {
            for (function, variables) in &library {
                if calls(&program, function) {
                    read.extend(variables.iter().cloned());
                }
            }
            // Sourced, the library checks these.
            read.insert("NAMESPACE".to_owned());
        }
        for variable in &read {
            let own = ["SECONDS", "BASH_REMATCH", "BASH_SOURCE", "RUNNER_TEMP", "BASE_URL", "ARGS"].contains(&variable.as_str())
                || variable.starts_with("GITHUB_")
                // Set by the script itself, for a program or for a function.
                || program.contains(&format!("export {variable}"))
                || program.contains(&format!("{variable}=")) && !program.contains(&format!("echo \"{variable}="));
            assert!(
                own || inputs.contains(variable),
                "{name} reads {variable} undeclared"
            );
        }
        for input in &inputs {
            assert!(
                read.contains(input),
                "{name} declares {input} and does not read it"
            );
        }
        assert_eq!(
            program.contains("GITHUB_OUTPUT"),
            !outputs.is_empty(),
            "{name}: outputs"
        );
        for output in &outputs {
            assert!(
                program.contains(&format!("{output}=")),
                "{name} does not write {output}"
            );
        }
        for line in fs::read_to_string(script(name)).unwrap().lines() {
            if line.starts_with("# in ") {
                assert_eq!(
                    line.contains("?: "),
                    line.contains("(default"),
                    "{name}: {line}"
                );
            }
        }
    }
}

#[test]
fn every_script_can_stand_in_a_workflow() {
    let mut files: Vec<_> = SCRIPTS.iter().map(|name| script(name)).collect();
    for (name, file) in SCRIPTS.iter().zip(&files) {
        let text = fs::read_to_string(file).unwrap();
        assert!(
            text.starts_with("#!/usr/bin/env bash\n# ") && text.contains("\nset -euo pipefail\n"),
            "{name}: first lines"
        );
        assert!(
            !text.contains("${{"),
            "{name} holds an expression, which GitHub would fill in"
        );
        assert!(!text.contains('\t') && text.is_ascii(), "{name}");
        // GitHub refuses longer texts where an expression stands beside the script.
        assert!(text.len() < 21_000, "{name} is too long for a step");
    }
    let site = Site::connected();
    files.push(site.path("temp/kube.sh"));
    for file in &files {
        assert!(
            Command::new("bash")
                .arg("-n")
                .arg(file)
                .status()
                .unwrap()
                .success(),
            "{} does not parse",
            file.display()
        );
    }
    match Command::new("shellcheck").args(&files).output() {
        Ok(result) => assert!(
            result.status.success(),
            "{}",
            String::from_utf8_lossy(&result.stdout)
        ),
        Err(error) => println!("not run: shellcheck: {error}"),
    }
}
