//! Jobs of a hand-written workflow as own jobs of one that the manifest plans.

use crate::adopt::block::{Added, Gap, at_the_end, below, blanks, own_lines};
use crate::manifest::lines;
use crate::source::SourceId;
use crate::syntax::{self, Node, Style, Tree};

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

/// The lines of a job from the margin on, with the comments right above it.
fn job(workflow: &str, id: &str) -> Option<Vec<String>> {
    let text = lines(workflow).join("\n");
    let parsed = syntax::parse(SourceId(0), &text);
    let root = parsed.document.as_ref().and_then(Tree::root)?;
    let job = root.get("jobs")?.entry(id)?;
    let range = own_lines(&text, job)?;
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
    Some(all.map(bare).collect())
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

    const WORKFLOW: &str = "jobs:\n    test: {}\n\n    # licences\n    licence:\n        steps:\n            - run: |\n                a\n\n                b\n    last: {}\n";
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
