//! Two texts of a workflow to what the difference means, a line each.
//!
//! What goes in is a text before and after, from any hand; what comes out is in
//! the order in which a reviewer wants to know it: permissions, gates, secrets,
//! triggers, jobs, pins, steps. Every difference of meaning gives a line, if only
//! "has changed". A text that is no sound YAML gives none: that is a linter's
//! business. Reviewers of environments are not in the file, so nothing is said of
//! them; a renamed job is one job less and one more, since guesses mislead.

mod actions;
mod both;
mod gates;
mod jobs;
mod lines;
mod matrix;
mod permissions;
mod secrets;
mod steps;
mod triggers;

use crate::knowledge::WORKFLOWS;
use crate::lock::PINS_PATH;
use crate::source::SourceId;
use crate::syntax::{self, Node, Tree};

use actions::Pins;
use both::Both;
use lines::{Lines, Rank, code, list};

/// What the change of a file means.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// A line for each difference.
    pub lines: Vec<String>,
    /// Those of them that nobody may miss: a token gets more rights, an action is no longer held at its commit.
    pub grave: Vec<String>,
}

/// Returns what the change of a file means; nothing for files that are neither
/// workflows nor pins.
pub fn summary(path: &str, before: Option<&str>, after: Option<&str>) -> Summary {
    let is_yaml = path.ends_with(".yml") || path.ends_with(".yaml");
    let is_workflow = path.starts_with(WORKFLOWS) && is_yaml;
    if !is_workflow && path != PINS_PATH {
        return Summary::default();
    }
    let (old, new) = (before.map(File::read), after.map(File::read));
    // A broken text is not an empty one: nothing can be said about it.
    if [&old, &new]
        .into_iter()
        .any(|file| matches!(file, Some(None)))
    {
        return Summary::default();
    }
    let (old, new) = (old.flatten(), new.flatten());
    let all = Both {
        old: old.as_ref().and_then(|file| file.tree.root()),
        new: new.as_ref().and_then(|file| file.tree.root()),
    };
    let mut lines = Lines::default();
    let pins = |file: &Option<File<'_>>| file.as_ref().map(Pins::of).unwrap_or_default();
    let (old_pins, new_pins) = (pins(&old), pins(&new));
    match (all.old, all.new) {
        (None, None) => {}
        (None, Some(new)) if is_workflow => whole(new, "is new", "starts on", &mut lines),
        (Some(old), None) if is_workflow => whole(old, "is gone", "started on", &mut lines),
        (Some(_), Some(_)) if is_workflow => workflow(all, &mut lines),
        _ => {}
    }
    // Of a whole file the actions are no news.
    if all.old.is_some() && all.new.is_some() {
        actions::compare(&old_pins, &new_pins, &mut lines);
    }
    lines.finish()
}

/// A text with its tree.
struct File<'s> {
    text: &'s str,
    tree: Tree,
}

impl<'s> File<'s> {
    fn read(text: &'s str) -> Option<Self> {
        // The spans are only used with this text, so any id will do.
        let parsed = syntax::parse(SourceId(0), text);
        let tree = parsed.document.filter(|_| !parsed.diagnostics.has_errors());
        tree.map(|tree| File { text, tree })
    }
}

/// A workflow that is new or gone, on one line.
fn whole(root: Node<'_>, what: &str, starts: &str, lines: &mut Lines) {
    let name = root.get("name").and_then(Node::as_str);
    let name = name.map_or_else(String::new, |name| format!(" {}", code(name)));
    let events = triggers::events(root.get("on"));
    let events: Vec<_> = events.iter().map(|event| event.describe()).collect();
    let jobs = root.get("jobs").map(Node::entries);
    let jobs: Vec<_> = jobs.into_iter().flatten().collect();
    let ids = jobs.iter().filter_map(|job| job.key.as_str());
    let ids = list(ids.map(code), MAX_JOBS);
    let events = if events.is_empty() {
        "nothing".to_owned()
    } else {
        list(events, MAX_JOBS)
    };
    let word = if jobs.len() == 1 { "job" } else { "jobs" };
    lines.say(
        Rank::Whole,
        format!("workflow{name} {what}: {starts} {events}; {word} {ids}"),
    );
}

/// How many names one line holds.
const MAX_JOBS: usize = 12;

fn workflow(all: Both<'_>, lines: &mut Lines) {
    for (key, both) in all.entries() {
        match key {
            "on" => triggers::compare(both, lines),
            "permissions" => permissions::of_workflow(both, lines),
            "jobs" => jobs::compare(all, both, lines),
            "concurrency" => jobs::concurrency(both, None, lines),
            "env" => jobs::variables(both, None, lines),
            _ => jobs::other(key, both, None, lines),
        }
    }
    secrets::of_workflow(all, lines);
}
