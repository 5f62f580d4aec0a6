//! Values as YAML, each line with the place it comes from.

use indexmap::IndexMap;

use crate::manifest::value::{Entry, Kind, Value};
use crate::source::{Location, Sources};

/// Returns a mapping as YAML that reads as the same values.
pub(super) fn show(values: &Value, sources: &Sources) -> String {
    let mut writer = Writer {
        sources,
        lines: Vec::new(),
    };
    match &values.kind {
        Kind::Mapping(entries) if !entries.is_empty() => writer.mapping(entries, 0),
        _ => writer.line(0, "", &scalar(&values.kind), values.origin),
    }
    writer.text()
}

/// The column beyond which a long line moves no other line's place.
const FAR: usize = 64;

struct Writer<'s> {
    sources: &'s Sources,
    /// The lines, each with the place it comes from.
    lines: Vec<(String, String)>,
}

impl Writer<'_> {
    fn mapping(&mut self, entries: &IndexMap<String, Entry>, depth: usize) {
        for (key, entry) in entries {
            let start = format!("{}:", plain_or_quoted(key));
            self.value(&start, &entry.value, entry.key, depth);
        }
    }

    /// Writes a value after the start of its line; collections begin below it.
    fn value(&mut self, start: &str, value: &Value, start_place: Location, depth: usize) {
        match &value.kind {
            Kind::Mapping(entries) if !entries.is_empty() => {
                self.line(depth, start, "", start_place);
                self.mapping(entries, depth + 1);
            }
            Kind::List(items) if !items.is_empty() => {
                if let Some(flow) = self.on_one_line(items) {
                    return self.line(depth, start, &flow, items[0].origin);
                }
                self.line(depth, start, "", start_place);
                for item in items {
                    self.value("-", item, item.origin, depth + 1);
                }
            }
            other => self.line(depth, start, &scalar(other), value.origin),
        }
    }

    fn line(&mut self, depth: usize, start: &str, value: &str, place: Location) {
        let indent = "  ".repeat(depth);
        let space = if start.is_empty() || value.is_empty() {
            ""
        } else {
            " "
        };
        let origin = self.origin(place);
        let line = format!("{indent}{start}{space}{value}");
        self.lines.push((line, origin));
    }

    /// A list of plain words that all come from one line, which is most of them.
    fn on_one_line(&self, items: &[Value]) -> Option<String> {
        let plain = |c: char| c.is_ascii_alphanumeric() || " ._/@+*-".contains(c);
        let words: Option<Vec<_>> = items
            .iter()
            .map(|item| match &item.kind {
                Kind::String(text) if text.chars().all(plain) => Some(plain_or_quoted(text)),
                _ => None,
            })
            .collect();
        let flow = format!("[{}]", words?.join(", "));
        let place = self.origin(items[0].origin);
        let same = items.iter().all(|item| self.origin(item.origin) == place);
        (same && flow.len() < FAR).then_some(flow)
    }

    /// All lines, with their places in a column of their own.
    fn text(&self) -> String {
        let lengths = self.lines.iter().map(|(line, _)| line.chars().count());
        let column = lengths.filter(|length| *length < FAR).max().unwrap_or(0);
        let lines = self.lines.iter();
        lines
            .map(|(line, origin)| format!("{line:column$} # {origin}\n"))
            .collect()
    }

    fn origin(&self, place: Location) -> String {
        let Some((source, start, _)) = self.sources.resolve(place) else {
            return "(unknown place)".to_owned();
        };
        let name = source.name().replace(char::is_control, "?");
        format!("{name}:{}", start.line)
    }
}

/// Returns a scalar or an empty collection on one line.
fn scalar(kind: &Kind) -> String {
    match kind {
        Kind::Null => "null".to_owned(),
        Kind::Bool(value) => value.to_string(),
        Kind::Integer(value) => value.to_string(),
        Kind::Float(value) => format!("{value:?}"),
        Kind::String(text) => plain_or_quoted(text),
        Kind::List(_) => "[]".to_owned(),
        Kind::Mapping(_) => "{}".to_owned(),
    }
}

/// Returns a text without quotes where it reads as itself, else in quotes on one line.
fn plain_or_quoted(text: &str) -> String {
    let quoted = || serde_json::Value::from(text).to_string();
    if text.contains(char::is_control) || text.len() > 100 {
        return quoted();
    }
    let written = serde_yaml::to_string(text).map(|written| written.trim_end().to_owned());
    written
        .ok()
        .filter(|written| !written.contains('\n'))
        .unwrap_or_else(quoted)
}
