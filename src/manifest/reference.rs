//! Makes the reference page from the schema, for the test that keeps it fresh.
//!
//! In: the schema, whose descriptions are the doc comments of the types, and good
//! manifests for the examples. Out: Markdown, a section for each key of the top,
//! and in it a table for each mapping that can stand below it.

mod blocks;
mod examples;
mod shape;

use serde_json::Value as Json;

use examples::Examples;
use shape::{Form, Schema, properties};

const INTRODUCTION: &str = include_str!("reference/introduction.md");

/// Makes the page: once to learn the headings, and again with links to them.
pub(super) fn page(schema: &Json) -> String {
    let examples = Examples::read(&Schema { root: schema });
    let first = Page::write(schema, &examples, Vec::new());
    let second = Page::write(schema, &examples, first.told);
    second.text + &blocks::tables()
}

struct Page<'s, 'e> {
    text: String,
    schema: Schema<'s>,
    examples: &'e Examples,
    /// The definitions that will have a table, with their headings.
    headings: Vec<(&'s str, String)>,
    /// Those that have one already.
    told: Vec<(&'s str, String)>,
    /// The words that this section has explained.
    explained: Vec<String>,
}

impl<'s, 'e> Page<'s, 'e> {
    fn write(root: &'s Json, examples: &'e Examples, headings: Vec<(&'s str, String)>) -> Self {
        let mut page = Self {
            text: INTRODUCTION.to_owned(),
            schema: Schema { root },
            examples,
            headings,
            told: Vec::new(),
            explained: Vec::new(),
        };
        let mut sections: Vec<_> = properties(root).collect();
        // What all environments have in common is understood behind them.
        sections.sort_by_key(|(key, _)| key.starts_with("environment-defaults"));
        let behind = sections.iter().position(|(key, _)| *key == "environments");
        if let (Some(behind), Some(defaults)) = (behind, sections.pop()) {
            sections.insert(behind + 1, defaults);
        }
        page.contents(sections.iter().map(|(key, _)| *key));
        for (key, value) in sections {
            page.section(key, value);
        }
        page
    }

    fn contents<'k>(&mut self, keys: impl Iterator<Item = &'k str>) {
        let keys = keys.map(|key| link(key, key));
        let parts = blocks::HEADINGS.iter().map(|name| link(name, name));
        let (keys, parts): (Vec<_>, Vec<_>) = (keys.collect(), parts.collect());
        let line = format!(
            "\nKeys: {}\n\nWhat they can name: {}",
            keys.join(" · "),
            parts.join(" · ")
        );
        self.line(&line);
    }

    /// A key of the top: what it is for, its short form, and the tables of its mappings.
    fn section(&mut self, key: &str, value: &'s Json) {
        self.explained.clear();
        let about = self.about(value);
        self.line(&format!("\n## {key}\n\n{about}"));
        if let Some(block) = self.examples.block(key) {
            self.line(&format!("\n```yaml\n{block}\n```"));
        }
        self.tables(key, value);
    }

    /// The tables of the mappings that can stand at a key, and of those below them.
    fn tables(&mut self, path: &str, value: &'s Json) {
        for Form { name, form, own } in self.schema.mappings(value) {
            let path = format!("{path}{own}");
            let known = self.told.iter().any(|(told, _)| *told == name);
            if known || properties(form).next().is_none() {
                continue;
            }
            let is_top = !path.contains('.');
            self.told.push((name, path.clone()));
            if !is_top {
                let about = self.about(form);
                self.line(format!("\n### {path}\n\n{about}").trim_end());
            }
            self.line("\n| Key | Value | Meaning |\n|---|---|---|");
            for (key, value) in properties(form) {
                let row = self.row(name, form, &path, key, value);
                self.line(&row);
            }
            for (key, value) in properties(form) {
                self.tables(&format!("{path}.{key}"), value);
            }
        }
    }

    fn row(&mut self, name: &str, form: &Json, path: &str, key: &str, value: &Json) -> String {
        let required = form.get("required").and_then(Json::as_array);
        let must = required.is_some_and(|all| all.iter().any(|one| one == key));
        let mut meaning = cell(&self.meaning(value));
        if let Some((before, default)) = meaning.split_once("Default: ") {
            meaning = format!("{}<br>*Default:* {default}", before.trim_end());
        }
        if must {
            meaning = format!("**Required.** {meaning}");
        }
        let shapes = self.shapes(&format!("{path}.{key}"), value);
        // Where there are only so many words, they are told already.
        let free = self.schema.words(value).is_empty();
        let example = self.examples.of(name, key).filter(|_| free);
        let example = example.map_or_else(String::new, |text| format!("<br>`{}`", cell(&text)));
        format!("| `{key}` | {shapes}{example} | {meaning} |")
    }

    /// What a value is for.
    fn about(&self, value: &Json) -> String {
        let described = |value: &Json| {
            value
                .get("description")
                .and_then(Json::as_str)
                .map(str::to_owned)
        };
        let about = described(value).or_else(|| described(self.schema.resolve(value)));
        about.unwrap_or_default()
    }

    /// What a value means: what it is for, and each word it may be, once in a section.
    fn meaning(&mut self, value: &Json) -> String {
        let mut lines = vec![self.about(value)];
        let words = self.schema.words(value).into_iter();
        for (word, about) in words.filter(|(_, about)| !about.is_empty()) {
            let line = format!("`{word}`: {about}");
            if !self.explained.contains(&line) {
                self.explained.push(line.clone());
                lines.push(line);
            }
        }
        lines.retain(|line| !line.is_empty());
        lines.join("<br>")
    }

    /// What may stand there, the short forms first.
    fn shapes(&self, path: &str, value: &Json) -> String {
        let mut shapes: Vec<String> = Vec::new();
        let words = self.schema.words(value).into_iter();
        let words: Vec<_> = words.map(|(word, _)| format!("`{word}`")).collect();
        if !words.is_empty() {
            shapes.push(words.join(" "));
        }
        for form in self.schema.forms(value) {
            let shape = match self.schema.mapping_in(&form) {
                Some(Form { name, own, .. }) => {
                    let told = self.headings.iter().find(|(told, _)| *told == name);
                    let heading =
                        told.map_or_else(|| format!("{path}{own}"), |(_, path)| path.clone());
                    link(
                        if own.is_empty() {
                            "a mapping"
                        } else {
                            "names with mappings"
                        },
                        &heading,
                    )
                }
                None => self.schema.shape(&form),
            };
            match shape.strip_prefix("a list: ") {
                // One of them may stand alone.
                Some(item) if shapes.iter().any(|one| one == item) => {
                    shapes.push("a list".to_owned());
                }
                _ if shape.is_empty() || shapes.contains(&shape) => {}
                _ => shapes.push(shape),
            }
        }
        shapes.join(", or ")
    }

    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }
}

/// A link to a heading of the page, as GitHub names it.
fn link(text: &str, heading: &str) -> String {
    let plain = |c: &char| c.is_alphanumeric() || matches!(c, '-' | '_' | ' ');
    let anchor: String = heading.chars().filter(plain).collect();
    format!("[{text}](#{})", anchor.to_lowercase().replace(' ', "-"))
}

/// A text within a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
