//! A known shape into a manifest's text, which else stays as it is.

use serde_json::{Map, Value};

use super::{Job, Phase, Shape, component};
use crate::adopt::block::{Added, Gap, at_the_end, below, blanks};
use crate::adopt::yaml;
use crate::source::SourceId;
use crate::syntax::{self, Place, Tree, scalar};

/// What the manifest is about.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// The project's name.
    pub project: &'a str,
    /// The key of the workflow, which is its file without `.yml`.
    pub workflow: &'a str,
    /// What a workflow of checks starts by if nothing else is said.
    pub usual: &'a [String],
}

/// A manifest that says a shape.
#[derive(Debug)]
pub struct Said {
    /// The whole of it.
    pub text: String,
    /// What is new in it: the stack and the entry of the workflow.
    pub words: String,
}

/// Returns a manifest without a stack with that of the shape and its workflow, or what stands in
/// the way.
///
/// `files` gives the text of a file of the repository.
pub fn manifest(
    before: &str,
    shape: &Shape,
    about: About<'_>,
    files: &dyn Fn(&str) -> Option<String>,
) -> Result<Said, String> {
    let names = names(shape, about.project);
    let mut stack = "stack:\n".to_owned();
    for (name, jobs) in names.iter().zip(&shape.components) {
        stack.push_str(&format!("  {name}:\n"));
        for line in component::lines(jobs, files)?
            .iter()
            .flat_map(|line| line.lines())
        {
            stack.push_str(&format!("    {line}\n"));
        }
    }
    let text = at_the_end(before, before.len(), &stack, Gap::Before);
    let entry = workflow(shape, about, &names);
    let lines = |indent: usize| {
        let entry = entry
            .iter()
            .map(|line| format!("{}{line}\n", blanks(indent)));
        entry.collect::<String>()
    };
    let text = under_workflows(&text, &lines).ok_or("the form of `workflows` in the manifest")?;
    let words = format!("{stack}\nworkflows:\n{}", lines(2));
    Ok(Said { text, words })
}

fn under_workflows(text: &str, lines: &dyn Fn(usize) -> String) -> Option<String> {
    let parsed = syntax::parse(SourceId(0), text);
    let root = parsed.document.as_ref().and_then(Tree::root)?;
    let Some(workflows) = root.entry("workflows") else {
        let new = format!("workflows:\n{}", lines(2));
        return Some(at_the_end(text, text.len(), &new, Gap::Before));
    };
    match below(text, workflows, Gap::Before, lines)? {
        Added::Whole(text) => Some(text),
        Added::Unfolded(text) => under_workflows(&text, lines),
    }
}

/// The names of the components. Where each has a job of its own, that is called as it was.
fn names(shape: &Shape, project: &str) -> Vec<String> {
    match shape.components.as_slice() {
        [one] => {
            let folder = one.first().map_or(".", |job| job.folder.as_str());
            let last = folder.rsplit('/').next().unwrap_or_default();
            vec![if folder == "." { project } else { last }.to_owned()]
        }
        several => several.iter().map(|jobs| jobs[0].id.clone()).collect(),
    }
}

/// The entry of the workflow, from its key on.
fn workflow(shape: &Shape, about: About<'_>, names: &[String]) -> Vec<String> {
    let mut lines = vec![format!("{}:", about.workflow)];
    let mut say = |line: String| lines.push(format!("  {line}"));
    if let Some(name) = &shape.name {
        say(format!("name: {}", scalar(name, Place::Block)));
    }
    let sorted = |words: &[String]| {
        let mut words = words.to_vec();
        words.sort_unstable();
        words
    };
    if sorted(&shape.triggers) != sorted(about.usual) {
        let words: Vec<_> = shape
            .triggers
            .iter()
            .map(|word| scalar(word, Place::Flow))
            .collect();
        say(format!("on: [{}]", words.join(", ")));
    }
    let alone = shape.components.iter().all(|jobs| jobs.len() == 1);
    if alone {
        say("split: component".to_owned());
    }
    let jobs = planned_ids(shape, names, alone);
    if let [component] = shape.components.as_slice() {
        let ids = match alone {
            true => vec![format!("test: {}", component[0].id)],
            false => component
                .iter()
                .map(|job| format!("{}: {}", phase(job).name(), job.id))
                .collect(),
        };
        say(format!("ids: {{{}}}", ids.join(", ")));
    }
    let overlays: Map<_, _> = jobs
        .iter()
        .map(|(id, job)| {
            let mut overlay: Map<_, _> = job.overlay.iter().cloned().collect();
            if alone && !job.needs.is_empty() {
                overlay.insert("needs".to_owned(), Value::from(job.needs.clone()));
            }
            ((*id).to_owned(), Value::Object(overlay))
        })
        .collect();
    let steps = own_steps(shape, alone);
    let mut more = Map::from_iter([("overlays".to_owned(), Value::Object(overlays))]);
    if !steps.is_empty() {
        more.insert("steps".to_owned(), Value::Object(steps));
    }
    yaml::entries(&more).into_iter().for_each(say);
    lines
}

/// The ids that the known jobs have in the planned workflow.
fn planned_ids<'s>(shape: &'s Shape, names: &'s [String], alone: bool) -> Vec<(&'s str, &'s Job)> {
    match shape.components.as_slice() {
        [component] => component.iter().map(|job| (job.id.as_str(), job)).collect(),
        several if alone => names
            .iter()
            .map(String::as_str)
            .zip(several.iter().map(|jobs| &jobs[0]))
            .collect(),
        _ => Vec::new(),
    }
}

/// What a job is for that has commands of one phase.
fn phase(job: &Job) -> Phase {
    match (job.test.is_empty(), job.lint.is_empty()) {
        (false, _) => Phase::Test,
        (_, false) => Phase::Lint,
        _ => Phase::Build,
    }
}

/// The steps of one's own by their place.
fn own_steps(shape: &Shape, alone: bool) -> Map<String, Value> {
    let mut all: Map<String, Value> = Map::new();
    for job in shape.components.iter().flatten() {
        // A job that goes through all phases is one of tests.
        let phase = if alone { Phase::Test } else { phase(job) };
        for (place, steps) in [("before", &job.before), ("after", &job.after)] {
            if !steps.is_empty() {
                all.insert(
                    format!("{place}-{}", phase.name()),
                    Value::Array(steps.clone()),
                );
            }
        }
    }
    all
}
