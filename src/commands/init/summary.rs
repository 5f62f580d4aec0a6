//! What `init` did, and what is left for a person to do.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Value, json};

use super::Proposal;
use crate::commands::Terminal;
use crate::commands::apply::Outcome;
use crate::commands::project::Project;
use crate::drift::ChangeKind;
use crate::pipeline::{EnvironmentSettings, Job, Pipeline};
use crate::report::{Color, Format, write};

/// Whether it was done or only would be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tense {
    Did,
    Would,
}

/// Tells it.
pub(super) fn tell(
    terminal: &mut Terminal<'_>,
    proposal: &Proposal,
    project: &Project,
    outcome: &Outcome,
    tense: Tense,
) -> io::Result<()> {
    if terminal.format == Format::Json {
        return tell_programs(terminal.out, proposal, project, outcome, tense);
    }
    tell_people(terminal.out, proposal, project, outcome, tense)?;
    terminal.out.flush()?;
    let report = &project.report;
    let mut messages = report.diagnostics.clone();
    messages.extend(outcome.advice());
    let (format, color) = (Format::Text, Color::Always);
    write(terminal.err, format, color, &messages, &report.sources, &[])
}

fn tell_people(
    out: &mut dyn Write,
    proposal: &Proposal,
    project: &Project,
    outcome: &Outcome,
    tense: Tense,
) -> io::Result<()> {
    let verb = match tense {
        Tense::Did => "Wrote",
        Tense::Would => "Would write",
    };
    let from = match &proposal.preset {
        Some(name) => format!("from the preset {name}"),
        None => format!("for {}", components(project)) + &on_preset(proposal),
    };
    if tense == Tense::Would {
        writeln!(out, "{}", proposal.scaffold.manifest)?;
    }
    writeln!(out, "{verb} cicd.yml {from}")?;
    for change in &outcome.changes {
        match change.kind {
            ChangeKind::Theirs => writeln!(out, "Kept {}, which is yours", change.path)?,
            kind if kind.writes() => writeln!(out, "{verb} {}", change.path)?,
            _ => {}
        }
    }
    if !proposal.scaffold.notes.is_empty() {
        writeln!(out, "\nNot taken over:")?;
        for note in &proposal.scaffold.notes {
            writeln!(out, "  {note}")?;
        }
    }
    to_do(out, &project.pipeline)?;
    let next = match tense {
        Tense::Did => {
            "\nNext: read cicd.yml, change what is not so, run `cicd generate`, and commit it all."
        }
        Tense::Would => "\nNothing was written. Run it without `--dry-run` to write these files.",
    };
    writeln!(out, "{next}")
}

fn on_preset(proposal: &Proposal) -> String {
    let preset = proposal.scaffold.preset;
    preset.map_or_else(String::new, |name| format!(", on the preset {name}"))
}

fn components(project: &Project) -> String {
    let names: Vec<_> = project
        .manifest
        .components
        .iter()
        .map(|component| component.name.as_str())
        .collect();
    match names.as_slice() {
        [] => "a repository in which nothing to build was found".to_owned(),
        [one] => format!("the component {one}"),
        [most @ .., last] => format!("the components {} and {last}", most.join(", ")),
    }
}

/// What GitHub must be told before the workflows can do their work.
fn to_do(out: &mut dyn Write, pipeline: &Pipeline) -> io::Result<()> {
    let settings = settings(pipeline);
    if settings.secrets.is_empty()
        && settings.variables.is_empty()
        && pipeline.environments.is_empty()
    {
        return Ok(());
    }
    writeln!(out, "\nLeft to do on GitHub (Settings):")?;
    for environment in &pipeline.environments {
        writeln!(
            out,
            "  environment {}: {}",
            environment.name, environment.purpose
        )?;
        for line in protection(environment) {
            writeln!(out, "    {line}")?;
        }
    }
    for (word, names) in [
        ("secret", &settings.secrets),
        ("variable", &settings.variables),
    ] {
        for (name, environments) in names {
            let place = if environments.is_empty() {
                "of the repository".to_owned()
            } else {
                format!("of {}", environments.join(", "))
            };
            writeln!(out, "  {word} {name} {place}")?;
        }
    }
    Ok(())
}

fn protection(environment: &EnvironmentSettings) -> Vec<String> {
    let mut lines = Vec::new();
    if !environment.reviewers.is_empty() {
        lines.push(format!("reviewers: {}", environment.reviewers.join(", ")));
    }
    for (word, patterns) in [
        ("branches", &environment.branches),
        ("tags", &environment.tags),
    ] {
        if !patterns.is_empty() {
            lines.push(format!("{word}: {}", patterns.join(", ")));
        }
    }
    lines
}

/// Names with the environments that need them; no environment: the repository.
#[derive(Default)]
struct Settings {
    secrets: BTreeMap<String, Vec<String>>,
    variables: BTreeMap<String, Vec<String>>,
}

fn settings(pipeline: &Pipeline) -> Settings {
    let mut settings = Settings::default();
    for job in pipeline
        .workflows
        .iter()
        .flat_map(|workflow| &workflow.jobs)
    {
        for code in expressions(job) {
            collect(&code, "secrets.", job, &mut settings.secrets);
            collect(&code, "vars.", job, &mut settings.variables);
        }
    }
    settings
}

fn expressions(job: &Job) -> Vec<String> {
    let steps = job.steps.iter().flat_map(|step| step.texts());
    let texts = steps.chain(job.env.iter().map(|(_, text)| text));
    texts
        .flat_map(|text| text.expressions())
        .map(|expression| expression.code().to_owned())
        .collect()
}

/// Finds names behind `secrets.` or `vars.`. A secret of a job with an environment
/// is expected there if its name is the environment's own, else in the repository.
fn collect(code: &str, context: &str, job: &Job, found: &mut BTreeMap<String, Vec<String>>) {
    for (at, _) in code.match_indices(context) {
        let name: String = code[at + context.len()..]
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
            .collect();
        if name.is_empty() || name == "GITHUB_TOKEN" {
            continue;
        }
        let environments = found.entry(name.clone()).or_default();
        let connects = ["_SSH_KEY", "_HOST", "_USER", "_KNOWN_HOSTS"]
            .iter()
            .any(|end| name.ends_with(end));
        if let Some(environment) = job.environment.as_ref().filter(|_| connects) {
            let environment = environment.name.to_string();
            if !environments.contains(&environment) {
                environments.push(environment);
            }
        }
    }
}

fn tell_programs(
    out: &mut dyn Write,
    proposal: &Proposal,
    project: &Project,
    outcome: &Outcome,
    tense: Tense,
) -> io::Result<()> {
    let settings = settings(&project.pipeline);
    let changes: Vec<Value> = outcome
        .changes
        .iter()
        .map(|change| json!({"path": change.path, "change": change.kind.as_str()}))
        .collect();
    let environments: Vec<Value> = project
        .pipeline
        .environments
        .iter()
        .map(|environment| {
            json!({
                "name": environment.name,
                "purpose": environment.purpose,
                "reviewers": environment.reviewers,
                "branches": environment.branches,
                "tags": environment.tags,
            })
        })
        .collect();
    let document = json!({
        "version": 1,
        "written": tense == Tense::Did,
        "preset": proposal.preset.as_deref().or(proposal.scaffold.preset),
        "manifest": proposal.scaffold.manifest,
        "detection": proposal.detection,
        "notes": proposal.scaffold.notes,
        "files": changes,
        "environments": environments,
        "secrets": settings.secrets,
        "variables": settings.variables,
    });
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}
