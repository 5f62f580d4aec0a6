//! The steps that the presets plan, held against the heads of the scripts that they run.

use std::collections::BTreeSet;

use cicd::assets::{PRESETS, script};
use cicd::commands::project;
use cicd::pipeline::{Job, Step, Text, Work};

use crate::common::Repo;

/// What the head of a script declares.
struct Contract {
    required: BTreeSet<String>,
    known: BTreeSet<String>,
    outputs: BTreeSet<String>,
}

impl Contract {
    fn of(name: &str) -> Self {
        let head = script(name)
            .lines()
            .take_while(|line| line.starts_with('#'));
        let names = |kind: &str| -> Vec<String> {
            let declared = head
                .clone()
                .filter_map(|line| line.strip_prefix(kind)?.split_once(": "));
            declared.map(|(name, _)| name.to_owned()).collect()
        };
        let inputs = names("# in ");
        let required = inputs.iter().filter(|name| !name.ends_with('?')).cloned();
        Self {
            required: required.collect(),
            known: inputs
                .iter()
                .map(|name| name.trim_end_matches('?').to_owned())
                .collect(),
            outputs: names("# out ").into_iter().collect(),
        }
    }
}

/// What is wrong with the steps of a job that run scripts, or that read what scripts found out.
fn complaints(job: &Job) -> Vec<String> {
    let mut wrong = Vec::new();
    for (index, step) in job.steps.iter().enumerate() {
        if let Work::Script(script) = step.work {
            let contract = Contract::of(script.0);
            let own: BTreeSet<_> = step.env.iter().map(|(name, _)| name).collect();
            let of_job: BTreeSet<_> = job.env.iter().map(|(name, _)| name).collect();
            let given = |name: &String| own.contains(name) || of_job.contains(name);
            let missing = contract.required.iter().filter(|name| !given(name));
            wrong.extend(missing.map(|name| format!("{} lacks {name}", script.0)));
            // Some are told the names of variables to pass on.
            let named = step.env.iter().find(|(name, _)| name == "SECRETS");
            let named = named
                .map(|(_, names)| names.to_string())
                .unwrap_or_default();
            let passed: BTreeSet<_> = named.lines().collect();
            let unknown = own
                .iter()
                .filter(|name| !contract.known.contains(**name) && !passed.contains(name.as_str()));
            wrong.extend(unknown.map(|name| format!("{} does not know {name}", script.0)));
        }
        for (id, output) in reads_of(step) {
            wrong.extend(unwritten(&job.steps[..index], &id, &output));
        }
    }
    let outputs = job
        .outputs
        .iter()
        .flat_map(|(_, value)| reads(&value.to_string()));
    for (id, output) in outputs {
        wrong.extend(unwritten(&job.steps, &id, &output));
    }
    wrong
}

/// The `steps.ID.outputs.NAME` of a text, each as id and name.
fn reads(text: &str) -> Vec<(String, String)> {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let read = |rest: &str| {
        let (id, rest) = rest.split_once(".outputs.")?;
        let name: String = rest.chars().take_while(|c| word(*c)).collect();
        id.chars().all(word).then(|| (id.to_owned(), name))
    };
    text.split("steps.").skip(1).filter_map(read).collect()
}

fn reads_of(step: &Step) -> Vec<(String, String)> {
    let mut texts: Vec<_> = step.texts().map(Text::to_string).collect();
    texts.extend(
        step.condition
            .iter()
            .map(|condition| condition.code().to_owned()),
    );
    texts.iter().flat_map(|text| reads(text)).collect()
}

/// A complaint if no step before writes this output. What actions write is not known here.
fn unwritten(before: &[Step], id: &str, output: &str) -> Option<String> {
    let Some(step) = before.iter().find(|step| step.id.as_deref() == Some(id)) else {
        return Some(format!("no step before has the id {id}"));
    };
    match step.work {
        Work::Script(script) if !Contract::of(script.0).outputs.contains(output) => {
            Some(format!("{} writes no {output}", script.0))
        }
        _ => None,
    }
}

#[test]
fn every_step_gives_its_script_what_it_asks_for() {
    let mut scripts = 0;
    let targets = ("targets", include_str!("../../fixtures/targets/cloud.yml"));
    let scanners = ("scanners", include_str!("../../fixtures/scanners/all.yml"));
    for (name, text) in PRESETS.iter().chain([&targets, &scanners]) {
        let repo = Repo::new();
        let project = project::build(repo.root(), "cicd.yml", text.as_bytes().to_vec())
            .unwrap_or_else(|failure| panic!("{name}: {failure:?}"));
        let mut wrong = Vec::new();
        for workflow in &project.pipeline.workflows {
            for job in &workflow.jobs {
                scripts += job
                    .steps
                    .iter()
                    .filter(|step| matches!(step.work, Work::Script(_)))
                    .count();
                let of_job = complaints(job).into_iter();
                wrong.extend(
                    of_job.map(|wrong| format!("{}.yml, {}: {wrong}", workflow.file, job.id)),
                );
            }
        }
        assert!(wrong.is_empty(), "{name}:\n{}", wrong.join("\n"));
    }
    assert!(scripts > 50, "only {scripts} steps run a script");
}

#[test]
fn a_step_that_breaks_its_contract_is_found() {
    use cicd::pipeline::{Expression, Phase};
    let step = Step::script("Judge", "severity-policy")
        .id("policy")
        .env("POLICY", "reports")
        .env("BLOCK", "high");
    let reader =
        Step::run("Tell", "true").when(Expression::new("steps.policy.outputs.virdict == 'block'"));
    let job = Job::new(Phase::Scan, "scan", "Scan", 5)
        .step(step)
        .step(reader)
        .output("review", Expression::output("other", "review"));
    assert_eq!(
        complaints(&job),
        [
            "severity-policy lacks REPORTS",
            "severity-policy does not know BLOCK",
            "severity-policy writes no virdict",
            "no step before has the id other"
        ]
    );
}
