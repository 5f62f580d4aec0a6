//! Jobs of a hand-written workflow as own jobs of one that the manifest plans.

use crate::adopt::block::{Added, Gap, at_the_end, below, blanks, own_lines};
use crate::manifest::lines;
use serde_json::{Map, Value, json};

use crate::adopt::rights::needed;
use crate::adopt::yaml::{entries, flow};
use crate::source::SourceId;
use crate::syntax::{self, Entry, JSON_BUDGET, Node, Style, Tree};

/// Returns the ids of the jobs that one workflow has and another one has not.
pub fn more_jobs(workflow: &str, planned: &str) -> Vec<String> {
    let planned = ids(planned);
    let mut all = ids(workflow);
    all.retain(|id| !planned.contains(id));
    all
}

fn ids(workflow: &str) -> Vec<String> {
    let parsed = syntax::parse(SourceId(0), workflow);
    let jobs = parsed
        .document
        .as_ref()
        .and_then(Tree::root)
        .and_then(|root| root.get("jobs"));
    let ids = jobs.into_iter().flat_map(Node::entries);
    ids.filter_map(|job| job.key.as_str().map(str::to_owned))
        .collect()
}

/// Returns the manifest with a job of a workflow among the own jobs of `workflows.NAME`;
/// nothing where it cannot stand there.
pub fn with_job(manifest: &str, name: &str, workflow: &str, id: &str) -> Option<String> {
    let job = job(workflow, id)?;
    let parsed = syntax::parse(SourceId(0), manifest);
    let root = parsed.document.as_ref().and_then(Tree::root)?;
    let under = |keys: &'static [&str]| {
        let (name, job) = (name.to_owned(), job.clone());
        move |indent: usize| {
            let mut text = String::new();
            for (depth, key) in keys.iter().enumerate() {
                let key = if *key == "NAME" { &name } else { *key };
                text.push_str(&format!("{}{key}:\n", blanks(indent + 2 * depth)));
            }
            text + &indented(&job, indent + 2 * keys.len())
        }
    };
    let Some(workflows) = root.entry("workflows") else {
        let new = under(&["workflows", "NAME", "jobs"])(0);
        return Some(at_the_end(manifest, manifest.len(), &new, Gap::Before));
    };
    // Brackets are taken away from the outside in.
    let is_block = workflows.value.style() == Style::Block;
    let Some(entry) = workflows.value.entry(name).filter(|_| is_block) else {
        return whole(
            below(manifest, workflows, Gap::Before, &under(&["NAME", "jobs"]))?,
            |text| with_job(text, name, workflow, id),
        );
    };
    let (place, lines): (_, Box<dyn Fn(usize) -> String>) = match entry.value.entry("jobs") {
        Some(jobs) => (jobs, Box::new(under(&[]))),
        None => (entry, Box::new(under(&["jobs"]))),
    };
    whole(below(manifest, place, Gap::Before, &*lines)?, |text| {
        with_job(text, name, workflow, id)
    })
}

fn whole(added: Added, again: impl Fn(&str) -> Option<String>) -> Option<String> {
    match added {
        Added::Whole(text) => Some(text),
        Added::Unfolded(text) => again(&text),
    }
}

/// The lines of a job from the margin on, with the comments right above it and what its
/// workflow said for all jobs, which a planned workflow does not.
fn job(workflow: &str, id: &str) -> Option<Vec<String>> {
    let text = lines(workflow).join("\n");
    let parsed = syntax::parse(SourceId(0), &text);
    let root = parsed.document.as_ref().and_then(Tree::root)?;
    let job = root.get("jobs")?.entry(id)?;
    let range = own_lines(&text, job)?;
    let inherited = inherited(root, job)?;
    let column = text[range.start..].len() - text[range.start..].trim_start_matches(' ').len();
    let above: Vec<_> = text[..range.start].lines().collect();
    let is_comment = |line: &&&str| line.trim_start().starts_with('#');
    let comments = above.iter().rev().take_while(is_comment).count();
    let all = above[above.len() - comments..].iter().copied();
    let all = all.chain(text[range].trim_end().lines());
    let bare = |line: &str| {
        let blanks = line.len() - line.trim_start_matches(' ').len();
        line[blanks.min(column)..].to_owned()
    };
    let mut lines: Vec<String> = all.map(bare).collect();
    if !inherited.is_empty() {
        let key = lines.iter().position(|line| !line.starts_with('#'))?;
        let first = lines[key + 1..]
            .iter()
            .find(|line| !line.trim().is_empty())?;
        let inner = first.len() - first.trim_start_matches(' ').len();
        let new = inherited
            .iter()
            .map(|line| format!("{}{line}", blanks(inner)));
        let new: Vec<_> = new.collect();
        lines.splice(key + 1..key + 1, new);
    }
    Some(lines)
}

/// What a job had from its workflow, as lines of its own; nothing where it cannot say it.
fn inherited(workflow: Node<'_>, job: Entry<'_>) -> Option<Vec<String>> {
    let value = |node: Node<'_>| node.to_json(JSON_BUDGET).ok();
    if job.value.get("uses").is_some() {
        return Some(Vec::new());
    }
    let mut lines = Vec::new();
    if job.value.get("permissions").is_none() {
        // Planned workflows give nothing, and a token that nobody spoke of could read.
        let rights = match workflow.get("permissions") {
            Some(rights) => value(rights)?.as_object()?.clone(),
            None => {
                let read = Map::from_iter([("contents".to_owned(), Value::from("read"))]);
                let steps = job.value.get("steps").and_then(value);
                read.into_iter().chain(needed(steps.as_ref())).collect()
            }
        };
        if !rights.is_empty() {
            lines.push(format!("permissions: {}", flow(&Value::Object(rights))));
        }
    }
    if let Some(variables) = workflow.get("env").map(value) {
        let variables = variables.as_ref()?.as_object()?;
        if !variables.is_empty() {
            if job.value.get("env").is_some() {
                return None;
            }
            lines.push("env:".to_owned());
            lines.extend(
                entries(variables)
                    .into_iter()
                    .map(|line| format!("  {line}")),
            );
        }
    }
    let defaults = workflow.get("defaults").map(value);
    let bash = json!({"run": {"shell": "bash"}});
    if defaults.is_some_and(|defaults| defaults != Some(bash)) {
        return None;
    }
    let is_block = job.value.style() == Style::Block;
    (runs_bash(job.value) && (lines.is_empty() || is_block)).then_some(lines)
}

/// Whether the scripts of a job are for the shell that planned workflows name for all.
fn runs_bash(job: Node<'_>) -> bool {
    let runner = job
        .get("runs-on")
        .and_then(|node| node.to_json(JSON_BUDGET).ok());
    let runner = runner.unwrap_or_default().to_string().to_ascii_lowercase();
    let elsewhere = runner.contains("windows") || runner.contains("${{");
    let steps = job.get("steps").into_iter().flat_map(Node::items);
    let mut scripts = steps.filter(|step| step.get("run").is_some() && step.get("shell").is_none());
    !elsewhere || scripts.next().is_none()
}

fn indented(job: &[String], indent: usize) -> String {
    let line = |line: &String| match line.as_str() {
        "" => "\n".to_owned(),
        line => format!("{}{line}\n", blanks(indent)),
    };
    job.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORKFLOW: &str = "permissions: {}\njobs:\n    test: {}\n\n    # licences\n    licence:\n        steps:\n            - run: |\n                a\n\n                b\n    last: {}\n";
    const JOB: &str =
        "# licences\nlicence:\n    steps:\n        - run: |\n            a\n\n            b\n";

    /// The job at a column.
    fn at(column: usize) -> String {
        let lines: Vec<_> = JOB.lines().map(str::to_owned).collect();
        indented(&lines, column)
    }

    #[test]
    fn jobs_that_are_not_planned_are_known() {
        let planned = "jobs: {test: {}}\n";
        assert_eq!(more_jobs(WORKFLOW, planned), ["licence", "last"]);
        assert!(more_jobs(planned, WORKFLOW).is_empty());
    }

    #[test]
    fn a_job_stands_among_the_own_jobs_of_its_workflow() {
        for (before, after) in [
            (
                "version: 1\n",
                format!("version: 1\n\nworkflows:\n  ci:\n    jobs:\n{}", at(6)),
            ),
            (
                "workflows:\n  a: {} # why\n",
                format!("workflows:\n  a: {{}} # why\n\n  ci:\n    jobs:\n{}", at(6)),
            ),
            (
                "workflows: {ci: {name: CI}}\n",
                format!("workflows:\n  ci:\n    name: CI\n\n    jobs:\n{}", at(6)),
            ),
            (
                "workflows:\n  ci:\n    jobs:\n      x: {}\nname: y\n",
                format!(
                    "workflows:\n  ci:\n    jobs:\n      x: {{}}\n\n{}name: y\n",
                    at(6)
                ),
            ),
        ] {
            assert_eq!(
                with_job(before, "ci", WORKFLOW, "licence").as_deref(),
                Some(after.as_str())
            );
        }
        assert_eq!(
            with_job("workflows: &x {}\n", "ci", WORKFLOW, "licence"),
            None
        );
        assert_eq!(with_job("version: 1\n", "ci", "jobs: {a: {}}\n", "a"), None);
    }
}
