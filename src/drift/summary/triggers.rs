//! What starts a workflow: events with their filters, times, inputs.

use std::collections::{HashMap, HashSet};

use super::both::{Both, without, words};
use super::lines::{Lines, Rank, became, code, codes};
use crate::syntax::{Entry, Kind, Node};

/// An event under `on`, with its filters if it has any.
#[derive(Clone, Copy, Debug)]
pub(super) struct Event<'t> {
    name: &'t str,
    filters: Option<Node<'t>>,
}

impl Event<'_> {
    /// The event with its filters: "`push` (`branches` `main`)".
    pub(super) fn describe(self) -> String {
        let mut parts = Vec::new();
        for filter in self.filters.into_iter().flat_map(Node::entries) {
            let key = filter.key.as_str().unwrap_or_default();
            let values = words(Some(filter.value));
            if !values.is_empty() {
                parts.push(format!("{key} {}", codes(values)));
            }
        }
        if self.name == "schedule" {
            parts.extend(times(self.filters).iter().map(|time| code(time)));
        }
        let name = code(self.name);
        if parts.is_empty() {
            return name;
        }
        format!("{name} ({})", parts.join("; "))
    }
}

/// The events of a workflow, written in any of the three ways.
pub(super) fn events<'t>(on: Option<Node<'t>>) -> Vec<Event<'t>> {
    let Some(on) = on else { return Vec::new() };
    if !matches!(on.kind(), Kind::Mapping(_)) {
        let names = words(Some(on)).into_iter();
        let event = |name| Event {
            name,
            filters: None,
        };
        return names.map(event).collect();
    }
    let event = |entry: Entry<'t>| {
        Some(Event {
            name: entry.key.as_str()?,
            filters: Some(entry.value),
        })
    };
    on.entries().filter_map(event).collect()
}

pub(super) fn compare(on: Both<'_>, lines: &mut Lines) {
    let (old, new) = (events(on.old), events(on.new));
    let known: HashSet<_> = old.iter().map(|event| event.name).collect();
    for event in new.iter().filter(|event| !known.contains(event.name)) {
        lines.say(Rank::Trigger, format!("now starts on {}", event.describe()));
    }
    let new: HashMap<_, _> = new.iter().map(|event| (event.name, event)).collect();
    for event in &old {
        let Some(other) = new.get(event.name) else {
            lines.say(
                Rank::Trigger,
                format!("no longer starts on {}", event.describe()),
            );
            continue;
        };
        let both = Both {
            old: event.filters,
            new: other.filters,
        };
        filters(event.name, both, lines);
    }
}

fn filters(event: &str, both: Both<'_>, lines: &mut Lines) {
    if event == "schedule" {
        return schedule(both, lines);
    }
    for (key, filter) in both.entries() {
        match key {
            "inputs" => inputs(event, filter, lines),
            _ if !filter.differ() => {}
            "branches" | "branches-ignore" | "tags" | "tags-ignore" | "paths" | "paths-ignore"
            | "types" | "workflows" => patterns(event, key, filter, lines),
            _ => lines.say(
                Rank::Trigger,
                format!("{} of trigger {} has changed", code(key), code(event)),
            ),
        }
    }
}

fn patterns(event: &str, key: &str, filter: Both<'_>, lines: &mut Lines) {
    let (old, new) = (words(filter.old), words(filter.new));
    let (gone, added) = (without(&old, &new), without(&new, &old));
    let event = code(event);
    let text = match (filter.old, filter.new) {
        (None, _) => format!("{event} is now limited by {key} {}", codes(new)),
        (_, None) => format!("{event} is no longer limited by {key} {}", codes(old)),
        _ if gone.is_empty() && added.is_empty() => {
            format!("{key} of {event} stand in another order")
        }
        _ => {
            let mut parts = Vec::new();
            if !added.is_empty() {
                parts.push(format!("now with {}", codes(added)));
            }
            if !gone.is_empty() {
                parts.push(format!("without {}", codes(gone)));
            }
            format!("{key} of {event}: {}", parts.join(", "))
        }
    };
    lines.say(Rank::Trigger, text);
}

/// The times of a schedule, each with its time zone.
fn times(schedule: Option<Node<'_>>) -> Vec<String> {
    let time = |item: Node<'_>| {
        let cron = item.get("cron")?.as_str()?;
        let zone = item.get("timezone").and_then(Node::as_str);
        Some(zone.map_or_else(|| cron.to_owned(), |zone| format!("{cron} {zone}")))
    };
    let items = schedule.into_iter().flat_map(Node::items);
    items.filter_map(time).collect()
}

fn schedule(both: Both<'_>, lines: &mut Lines) {
    let (old, new) = (times(both.old), times(both.new));
    let old: Vec<_> = old.iter().map(String::as_str).collect();
    let new: Vec<_> = new.iter().map(String::as_str).collect();
    let (gone, added) = (without(&old, &new), without(&new, &old));
    if !added.is_empty() {
        lines.say(Rank::Trigger, format!("now starts at {}", codes(added)));
    }
    if !gone.is_empty() {
        lines.say(
            Rank::Trigger,
            format!("no longer starts at {}", codes(gone)),
        );
    }
}

fn inputs(event: &str, both: Both<'_>, lines: &mut Lines) {
    for (name, input) in both.entries() {
        let name = code(name);
        if input.is_added() {
            let about = input.new.map(describe).unwrap_or_default();
            lines.say(
                Rank::Trigger,
                format!("input {name} of {} is new{about}", code(event)),
            );
        } else if input.new.is_none() {
            lines.say(
                Rank::Trigger,
                format!("input {name} of {} is gone", code(event)),
            );
        } else {
            for (key, value) in input
                .entries()
                .into_iter()
                .filter(|(_, value)| value.differ())
            {
                let text = match became(value.texts()) {
                    Some(became) => format!("{} of input {name} is {became}", code(key)),
                    None => format!("{} of input {name} has changed", code(key)),
                };
                lines.say(Rank::Trigger, text);
            }
        }
    }
}

/// What one must know of a new input.
fn describe(input: Node<'_>) -> String {
    let text = |key: &str| input.get(key).and_then(Node::as_str);
    let mut parts = Vec::new();
    parts.extend(text("type").map(str::to_owned));
    if text("required") == Some("true") {
        parts.push("required".to_owned());
    }
    parts.extend(text("default").map(|default| format!("default {}", code(default))));
    if parts.is_empty() {
        return String::new();
    }
    format!(" ({})", parts.join(", "))
}
