//! Manifests: what is accepted, what is refused and in which words, and that
//! the published schema says the same.
//!
//! A new case is a new file under `tests/fixtures/manifests`: in `good` it must
//! be accepted, in `bad` each line ends with `# error: message; help`.

use std::fs;
use std::path::{Path, PathBuf};

use cicd::diagnostics::{Diagnostics, Severity};
use cicd::manifest::{self, Reading};
use cicd::report::{self, Color, Format};
use cicd::source::{Source, Sources};
use cicd::syntax;
use jsonschema::{PatternOptions, Validator};
use serde_json::{Map, Value, json};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// The fixtures of a folder: name and text.
fn fixtures(folder: &str) -> Vec<(String, String)> {
    let folder = root().join("tests/fixtures/manifests").join(folder);
    let files = fs::read_dir(folder).unwrap();
    let mut found: Vec<_> = files
        .map(|file| file.unwrap().path())
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    found.sort();
    assert!(!found.is_empty());
    found
}

/// Reads a manifest that stands alone.
fn read(text: &str) -> (Sources, Reading) {
    let mut sources = Sources::new();
    let main = sources.add(Source::new("cicd.yml", text).unwrap());
    let mut fetch = |_: &str| Err("there are no other files".to_owned());
    let reading = manifest::read(&mut sources, main, &mut fetch);
    (sources, reading)
}

/// `LINE severity: message; help`, a line each.
fn summary(sources: &Sources, diagnostics: &Diagnostics) -> Vec<String> {
    let one = |diagnostic: &cicd::diagnostics::Diagnostic| {
        let (_, start, _) = sources.resolve(diagnostic.primary.unwrap()).unwrap();
        let help = diagnostic.help.as_deref().unwrap_or("no help");
        let severity = diagnostic.severity.as_str();
        format!("{} {severity}: {}; {help}", start.line, diagnostic.message)
    };
    diagnostics.iter().map(one).collect()
}

fn schema() -> Value {
    let text = fs::read_to_string(root().join("schemas/manifest.schema.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn validator() -> Validator {
    let options = jsonschema::options().with_pattern_options(PatternOptions::regex());
    options.build(&schema()).unwrap()
}

fn json_of(text: &str) -> Value {
    let mut sources = Sources::new();
    let main = sources.add(Source::new("cicd.yml", text).unwrap());
    let tree = syntax::parse(main, text).document.unwrap();
    let root = tree.root().unwrap();
    root.to_json(syntax::JSON_BUDGET).unwrap()
}

#[test]
fn good_manifests_are_accepted() {
    let validator = validator();
    for (name, text) in fixtures("good") {
        let (sources, reading) = read(&text);
        let found = summary(&sources, &reading.diagnostics);
        assert!(reading.document.is_some(), "{name}: {found:#?}");
        let warned = reading.diagnostics.count(Severity::Warning) > 0;
        assert_eq!(
            warned,
            name == "removed-and-empty.yml",
            "{name}: {found:#?}"
        );
        let errors: Vec<_> = validator
            .iter_errors(&json_of(&text))
            .map(|e| e.to_string())
            .collect();
        assert!(errors.is_empty(), "the schema on {name}: {errors:#?}");
    }
}

#[test]
fn bad_manifests_are_refused_in_these_words() {
    let mut wrong = String::new();
    for (name, text) in fixtures("bad") {
        let marks = text.lines().zip(1..).filter_map(|(line, number)| {
            let (_, mark) = line.split_once("# error: ")?;
            Some(format!("{number} error: {mark}"))
        });
        let wanted: Vec<_> = marks.collect();
        let (sources, reading) = read(&text);
        let found = summary(&sources, &reading.diagnostics);
        assert!(reading.document.is_none(), "{name} is accepted");
        if found != wanted {
            let (found, wanted) = (found.join("\n  "), wanted.join("\n  "));
            wrong += &format!("{name}\n wanted\n  {wanted}\n found\n  {found}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_message_shows_the_place_and_answers_three_questions() {
    let text = "version: 1\nenvironments:\n  production:\n    verify: {monitor: {every: 30s}}\n";
    let (sources, reading) = read(text);
    let mut shown = Vec::new();
    let diagnostics = &reading.diagnostics;
    report::write(
        &mut shown,
        Format::Text,
        Color::Never,
        diagnostics,
        &sources,
        &[],
    )
    .unwrap();
    let wanted = "\
error[missing-key]: `monitor` has no `for`
 --> cicd.yml:4:14
  |
4 |     verify: {monitor: {every: 30s}}
  |              ^^^^^^^
  |
  = note: `for`: how long
  = help: add `for: 30s`

1 error
";
    assert_eq!(String::from_utf8(shown).unwrap(), wanted);
}

/// Every key of the schema is used in a good manifest, so that the mutations reach it.
#[test]
fn the_good_manifests_use_every_key() {
    fn keys(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(entries) => entries.iter().for_each(|(key, value)| {
                found.push(key.clone());
                keys(value, found);
            }),
            Value::Array(items) => items.iter().for_each(|item| keys(item, found)),
            _ => {}
        }
    }
    let mut used = vec!["extends".to_owned()];
    fixtures("good")
        .iter()
        .for_each(|(_, text)| keys(&json_of(text), &mut used));
    let schema = schema();
    let definitions = schema["$defs"].as_object().unwrap().values();
    let properties = definitions
        .chain([&schema])
        .filter_map(|one| one["properties"].as_object());
    for key in properties
        .flat_map(Map::keys)
        .filter(|key| !key.ends_with('+'))
    {
        assert!(used.contains(key), "use `{key}` in every-key.yml");
    }
}

/// The paths to all values below the top.
fn paths(value: &Value, here: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(entries) => entries
            .iter()
            .map(|(key, value)| (key.clone(), value))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, item)| (index.to_string(), item))
            .collect(),
        _ => Vec::new(),
    };
    for (step, child) in children {
        here.push(step);
        found.push(here.clone());
        paths(child, here, found);
        here.pop();
    }
}

fn at<'v>(value: &'v mut Value, path: &[String]) -> &'v mut Value {
    path.iter().fold(value, |value, step| match value {
        Value::Array(items) => &mut items[step.parse::<usize>().unwrap()],
        other => &mut other[step.as_str()],
    })
}

/// What a manifest says around a path, and the path there. The other sections, the
/// other names of a section and the other items of a list say nothing about this one.
fn alone(original: &Value, path: &[String]) -> (Value, Vec<String>) {
    let mut part = original.clone();
    let mut path = path.to_vec();
    let has_names = ["environments", "stack", "workflows"].contains(&path[0].as_str());
    let mut here = &mut part;
    for (depth, step) in path.iter_mut().enumerate() {
        let is_named = depth == 0 || depth == 1 && has_names;
        match here {
            Value::Array(items) => {
                items.swap(0, step.parse().unwrap());
                items.truncate(1);
                "0".clone_into(step);
            }
            Value::Object(entries) if is_named => {
                entries.retain(|key, _| key == step || depth == 0 && key == "version");
            }
            _ => {}
        }
        here = at(here, std::slice::from_ref(step));
    }
    (part, path)
}

/// All that one slip at a path can make of a manifest.
fn mutations(original: &Value, path: &[String]) -> Vec<Value> {
    let (last, parent) = path.split_last().unwrap();
    let old = at(&mut original.clone(), path).clone();
    let mut replacements = vec![
        json!(null),
        json!([]),
        json!({}),
        json!(true),
        json!(7),
        json!(-1),
        json!(2.0),
        json!(0.5),
        json!(100_000),
        json!("x".repeat(5_000)),
        json!(""),
        json!(" "),
        json!("a b"),
        json!("a\nb"),
        json!("7"),
        json!("word"),
        json!([null]),
        json!([["a"]]),
        json!({"a": null}),
        json!({"block": null}),
        json!({"path": 5}),
    ];
    replacements.extend([
        json!([old]),
        json!([old, old]),
        json!({"a": old}),
        json!({"ssh-compose": old}),
    ]);
    let replace = |replacement| {
        let mut mutated = original.clone();
        *at(&mut mutated, path) = replacement;
        mutated
    };
    let mut all: Vec<_> = replacements.into_iter().map(replace).collect();
    let mut renamed = |name: Option<String>| {
        let mut mutated = original.clone();
        if let Value::Object(entries) = at(&mut mutated, parent) {
            let value = entries.shift_remove(last).unwrap();
            if let Some(name) = name {
                entries.insert(name, value);
            }
            all.push(mutated);
        }
    };
    renamed(None);
    for name in ["{}+", "{}x", "{} y", "{}.", "9{}", "+"] {
        renamed(Some(name.replace("{}", last)));
    }
    renamed(Some(last.trim_end_matches('+').to_owned()));
    renamed(Some(last.to_uppercase()));
    all
}

#[test]
fn the_published_schema_and_the_tool_agree() {
    let validator = validator();
    let mut judged = [0, 0];
    let mut judge = |name: &str, value: &Value| {
        let text = value.to_string();
        let (sources, reading) = read(&text);
        let accepted = reading.document.is_some();
        let published = validator.is_valid(value);
        judged[usize::from(accepted)] += 1;
        assert_eq!(
            accepted,
            published,
            "tool, schema on {name}: {text}\n{:#?}",
            summary(&sources, &reading.diagnostics)
        );
        assert!(
            accepted || reading.diagnostics.has_errors(),
            "{name}: refused without a word"
        );
    };
    for (name, text) in fixtures("good") {
        let original = json_of(&text);
        let mut all = Vec::new();
        paths(&original, &mut Vec::new(), &mut all);
        for path in all {
            let name = format!("{name} at {}", path.join("."));
            let (part, path) = alone(&original, &path);
            mutations(&part, &path)
                .iter()
                .for_each(|mutated| judge(&name, mutated));
        }
    }
    for name in ["keys.yml", "types.yml", "values.yml", "missing.yml"] {
        let path = root().join("tests/fixtures/manifests/bad").join(name);
        judge(name, &json_of(&fs::read_to_string(path).unwrap()));
    }
    for top in [json!([]), json!("x"), json!(1), json!({})] {
        judge("the top", &top);
    }
    assert!(
        judged.iter().all(|count| *count > 500),
        "refused and accepted: {judged:?}"
    );
}

/// One wrong part in a manifest where all else is right, in many ways.
#[test]
fn what_a_wrong_part_hides_is_not_told_as_wrong() {
    let mut looked_at = 0;
    let mut look = |name: &str, value: &str| {
        let (sources, reading) = read(value);
        let Some(rest) = reading.rest else { return };
        looked_at += 1;
        let found = summary(&sources, &rest.problems(&|_| true));
        let shape = summary(&sources, &reading.diagnostics);
        assert!(
            found.is_empty(),
            "{name}: {shape:#?} hides {found:#?}\n{value}"
        );
    };
    for name in ["ecommerce", "personal-assistant"] {
        let original = json_of(cicd::assets::preset(name).unwrap());
        let mut all = Vec::new();
        paths(&original, &mut Vec::new(), &mut all);
        let mutated = all
            .iter()
            .filter(|path| !path.is_empty())
            .flat_map(|path| mutations(&original, path));
        // Every 29th: there are some ten thousand, and each reads a whole manifest.
        mutated
            .step_by(29)
            .for_each(|value| look(name, &value.to_string()));
    }
    assert!(looked_at > 150, "{looked_at}");
}

#[test]
fn shape_and_meaning_are_told_at_once() {
    let text = "version: 1\nname: shop\nstak:\n  api:\n    language: pyhton@3.12\n    services: [reddis]\n    \
                test: {unit: {run: pytest, covrage: 80}}\nenvironments:\n  production:\n    \
                verify: {health: 5}\n    deploy: {on: dispatch, after: stagng, target: ssh-compose}\n  \
                staging: {}\napprovals:\n  prod: {required: 0, reviewers: alice}\n";
    let (sources, reading) = read(text);
    let mut all = reading.diagnostics;
    all.extend(reading.rest.unwrap().problems(&|_| true));
    all.sort();
    assert_eq!(
        summary(&sources, &all),
        [
            "3 error: unknown key `stak`; write `stack`",
            "5 error: `pyhton` is no language; write `python`",
            "6 error: `reddis` is no service; write `redis`",
            "7 error: unknown key `covrage`; write `coverage`",
            "10 error: `health` is a number, and a path of an address or a list is wanted; write it like `/health/`",
            "11 error: `stagng` is no environment; write `staging`",
            "11 error: `target` is text, and a deploy target is wanted; \
             write it like `{ssh-compose: {compose: services/backend}}`",
            "14 error: there is no environment `prod` to approve; write `production`",
            "14 error: `0` is not a number from 1 to 255; write a number from 1 to 255",
        ]
    );
}
