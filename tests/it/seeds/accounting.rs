//! The lists of requirements in `tests/seeds`, held against what the presets become.
//!
//! A list is complete, and what it names exists. Whether a named step does what is asked
//! of it is shown by the tests of each system.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::read::{Generated, Job};

/// A system, the start of its numbers, how many there are, and how many of them need a workflow.
const SYSTEMS: [(&str, &str, usize, usize); 5] = [
    ("alchemorsel", "ALC", 131, 112),
    ("ecommerce", "ECO", 127, 89),
    ("personal-assistant", "PAT", 122, 98),
    ("pitchey", "PIT", 197, 164),
    ("vqmethod", "VQM", 139, 109),
];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// Letters W, S, D, L, joined by `+`.
    kind: String,
    #[serde(default, rename = "in")]
    places: OneOrMany,
    /// What no workflow does yet.
    missing: Option<String>,
    docs: Option<String>,
    settings: Option<String>,
    project: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl Default for OneOrMany {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl OneOrMany {
    fn all(&self) -> &[String] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }
}

fn entries(system: &str, prefix: &str) -> BTreeMap<String, Entry> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/seeds/{system}.yml"));
    let text = std::fs::read_to_string(&path).unwrap();
    let entries: BTreeMap<_, _> =
        serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    // The reader keeps the last of two entries with one number.
    let written = text.lines().filter(|line| line.starts_with(prefix));
    assert_eq!(
        written.count(),
        entries.len(),
        "{system}: a number stands twice"
    );
    entries
}

/// What is wrong with a place; nothing if it is there.
fn missing(generated: &Generated, place: &str) -> Option<String> {
    let parts: Vec<_> = place.splitn(3, " / ").collect();
    let said = |what: &str| Some(format!("{what} in `{place}`"));
    if parts[0].contains('.') {
        let [path, words] = parts[..] else {
            return said("no words");
        };
        let there = generated
            .find(path)
            .is_some_and(|text| text.contains(words));
        return if there {
            None
        } else {
            said("no such file or words")
        };
    }
    let path = format!(".github/workflows/{}.yml", parts[0]);
    if generated.find(&path).is_none() {
        return said("no such workflow");
    }
    let workflow = generated.workflow(parts[0]);
    let (there, what) = match parts[1..] {
        ["on", event] => (workflow.on.contains_key(event), "no such event"),
        [job] => (workflow.jobs.contains_key(job), "no such job"),
        [job, step] => {
            let has = |job: &Job| job.steps.iter().any(|known| known.name == step);
            (
                workflow.jobs.get(job).is_some_and(has),
                "no such job or step",
            )
        }
        _ => (false, "no job"),
    };
    if there { None } else { said(what) }
}

#[test]
fn every_requirement_is_fulfilled_or_belongs_elsewhere() {
    for (system, prefix, count, in_workflows) in SYSTEMS {
        let entries = entries(system, prefix);
        let generated = Generated::preset(system);
        let mut wrong = Vec::new();
        for number in 1..=count {
            if !entries.contains_key(&format!("{prefix}-{number}")) {
                wrong.push(format!("{prefix}-{number} is missing"));
            }
        }
        assert!(
            wrong.is_empty() && entries.len() == count,
            "{system}: {} entries, {wrong:#?}",
            entries.len()
        );
        for (number, entry) in &entries {
            let places = entry.places.all();
            wrong.extend(places.iter().filter_map(|place| missing(generated, place)));
            for kind in entry.kind.split('+') {
                let said = match kind {
                    _ if entry.missing.is_some() => places.is_empty(),
                    "W" => places
                        .iter()
                        .any(|place| !place.split(" / ").next().unwrap().contains('.')),
                    "D" => entry.docs.is_some(),
                    "S" => entry.settings.is_some(),
                    "L" => entry.project.is_some() || !places.is_empty(),
                    _ => false,
                };
                if !said {
                    wrong.push(format!("{number} does not say what becomes of {kind}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{system}: {wrong:#?}");
        let workflows = entries
            .values()
            .filter(|entry| entry.kind.contains('W'))
            .count();
        assert_eq!(workflows, in_workflows, "{system}");
    }
}

#[test]
fn no_requirement_waits_for_its_workflow() {
    for (system, prefix, ..) in SYSTEMS {
        let entries = entries(system, prefix);
        let missing = entries.iter().find(|(_, entry)| entry.missing.is_some());
        assert!(missing.is_none(), "{system}: {missing:?}");
    }
}

#[test]
fn what_is_not_there_is_found_missing() {
    let generated = Generated::preset("ecommerce");
    for place in [
        "pr-check / lint-backend",
        "pr-checks / lint-backen",
        "pr-checks / lint-backend / Style",
        "pr-checks / on / push",
        "pr-checks",
        "deploy/docker/scripts/rollback.sh / no such words",
        "deploy/docker/scripts/roll.sh / echo",
    ] {
        assert!(missing(generated, place).is_some(), "{place}");
    }
}
