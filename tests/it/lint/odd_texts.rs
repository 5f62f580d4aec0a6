//! What holds for odd texts, too; `fuzz/` tries more of them for longer.

use crate::fuzz_targets::{Random, TARGETS, mutate};

/// Tries so many texts that a seed makes of the rules' examples.
fn try_texts(name: &str, count: usize) {
    let (_, check) = TARGETS.iter().find(|(known, _)| *known == name).unwrap();
    let rules = cicd::lint::all();
    let examples = rules.iter().flat_map(|rule| [rule.bad, rule.good]);
    let examples: Vec<String> = examples
        .map(<[&str]>::concat)
        .filter(|text| !text.is_empty())
        .collect();
    let mut random = Random(7);
    for at in 0..count {
        let text = mutate(&mut random, &examples[at % examples.len()], &examples);
        if let Err(wrong) = check(&text) {
            panic!("{wrong}\n--- in\n{text}");
        }
    }
}

#[test]
fn edits_of_odd_yaml_leave_good_yaml() {
    try_texts("yaml", 1_000);
}

#[test]
fn both_readers_of_odd_yaml_give_the_same_trees() {
    try_texts("reader", 3_000);
}

#[test]
fn a_condition_that_calls_without_arguments_is_judged() {
    let (_, lint) = TARGETS.iter().find(|(name, _)| *name == "lint").unwrap();
    for call in [
        "fromJSON()",
        "format()",
        "toJSON()",
        "!contains()",
        "case(1)",
    ] {
        let text =
            format!("on: push\njobs: {{a: {{runs-on: x, if: '{call}', steps: [{{run: a}}]}}}}\n");
        assert_eq!(lint(&text), Ok(()), "{call}");
    }
}

#[test]
fn odd_expressions_are_read_and_evaluated() {
    try_texts("expression", 5_000);
}

#[test]
fn fixes_of_odd_workflows_make_nothing_worse_and_are_made_once() {
    try_texts("lint", 1_000);
}

#[test]
fn shapes_of_odd_workflows_are_manifests_or_nothing() {
    try_texts("shape", 500);
    let (_, shape) = TARGETS.iter().find(|(name, _)| *name == "shape").unwrap();
    for (id, version) in [
        ("fm[t", "1.80"),
        ("t", "\"a # b\""),
        ("t", "'}'"),
        ("t", "[1, '#']"),
    ] {
        let strategy = format!("strategy: {{matrix: {{v: {version}}}}}, ");
        let step = "{uses: actions-rs/toolchain@v1, with: {toolchain: '${{ matrix.v }}'}}";
        let text = format!(
            "on: push\njobs:\n  '{id}': {{{strategy}runs-on: ubuntu-latest, steps: [{step}, {{run: cargo test}}]}}\n"
        );
        assert_eq!(shape(&text), Ok(()), "{text}");
    }
}
