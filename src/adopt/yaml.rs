//! GitHub's syntax as a person would write it into a manifest.

use serde_json::Value;

use crate::syntax::{Place, scalar};

/// The widest line on which a value stands beside its key.
const WIDTH: usize = 70;

/// The lines of a mapping's entries, from the margin on.
pub(super) fn entries(mapping: &serde_json::Map<String, Value>) -> Vec<String> {
    let mut all = Vec::new();
    for (key, value) in mapping {
        let key = scalar(key, Place::Block);
        match below(value) {
            Ok(beside) => all.push(format!("{key}: {beside}")),
            Err((mark, lines)) => {
                all.push(format!("{key}:{mark}"));
                all.extend(indented(&lines));
            }
        }
    }
    all
}

/// What stands beside a key, or else below it, with what marks it at the key.
fn below(value: &Value) -> Result<String, (&'static str, Vec<String>)> {
    match value {
        Value::String(text) if text.trim_end_matches('\n').contains('\n') => block(text),
        Value::Array(items) if items.iter().any(Value::is_object) => {
            Err(("", items.iter().flat_map(item).collect()))
        }
        Value::Object(mapping) if flow(value).len() > WIDTH || holds_lists(value) => {
            Err(("", entries(mapping)))
        }
        Value::Array(items) if flow(value).len() > WIDTH => {
            let items = items.iter().map(|item| format!("- {}", flow(item)));
            Err(("", items.collect()))
        }
        other => Ok(beside(other)),
    }
}

/// A text of several lines as it is, if a block can hold it.
fn block(text: &str) -> Result<String, (&'static str, Vec<String>)> {
    let bare = text.strip_suffix('\n');
    let lines: Vec<String> = bare.unwrap_or(text).lines().map(str::to_owned).collect();
    let odd = lines
        .iter()
        .any(|line| line.trim_end() != line || line.contains('\r'))
        || lines
            .first()
            .is_none_or(|line| line.is_empty() || line.starts_with([' ', '\t']))
        || lines.last().is_none_or(String::is_empty)
        || text.chars().any(|c| c.is_control() && c != '\n');
    match (odd, bare) {
        (true, _) => Ok(scalar(text, Place::Block)),
        (false, Some(_)) => Err((" |", lines)),
        (false, None) => Err((" |-", lines)),
    }
}

/// An item of a list that begins with its first key.
fn item(value: &Value) -> Vec<String> {
    let Value::Object(mapping) = value else {
        return vec![format!("- {}", flow(value))];
    };
    let lines = entries(mapping).into_iter().enumerate();
    let line = |(index, line): (usize, String)| match (index, line.is_empty()) {
        (0, _) => format!("- {line}"),
        (_, true) => line,
        _ => format!("  {line}"),
    };
    lines.map(line).collect()
}

fn indented(lines: &[String]) -> impl Iterator<Item = String> {
    lines.iter().map(|line| match line.is_empty() {
        true => String::new(),
        false => format!("  {line}"),
    })
}

/// Whether something in it needs lines of its own.
fn holds_lists(value: &Value) -> bool {
    let entries = value
        .as_object()
        .into_iter()
        .flat_map(|entries| entries.values());
    let mut entries = entries.chain(value.as_array().into_iter().flatten());
    entries.any(|value| {
        let lines = value.as_str().is_some_and(|text| text.contains('\n'));
        lines
            || value.is_object()
                && value
                    .as_object()
                    .is_some_and(|inner| inner.values().any(Value::is_object))
            || holds_lists(value)
    })
}

fn beside(value: &Value) -> String {
    match value {
        Value::String(text) => scalar(text, Place::Block),
        other => flow(other),
    }
}

/// A value on one line.
pub(super) fn flow(value: &Value) -> String {
    match value {
        Value::String(text) => scalar(text, Place::Flow),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(flow).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| format!("{}: {}", scalar(key, Place::Flow), flow(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;
    use crate::syntax::{self, JSON_BUDGET, Tree};
    use serde_json::json;

    fn written(value: &Value) -> String {
        entries(value.as_object().unwrap()).join("\n") + "\n"
    }

    #[test]
    fn it_reads_like_written_by_hand() {
        let value = json!({
            "test": {"name": "Unit tests", "timeout-minutes": 10},
            "after-test": [
                {"name": "Upload", "if": "always()", "uses": "a/b@v1", "with": {"path": "x", "days": 3}},
                {"run": "a\nb\n"},
            ],
            "needs": ["a", "b"],
        });
        assert_eq!(
            written(&value),
            "test: {name: Unit tests, timeout-minutes: 10}
after-test:
  - name: Upload
    if: always()
    uses: a/b@v1
    with: {path: x, days: 3}
  - run: |
      a
      b
needs: [a, b]
"
        );
    }

    #[test]
    fn every_value_comes_back() {
        for value in [
            json!({"a": "x\ny", "b": " x\ny\n", "c": "x\n\n", "d": "x \ny\n", "e": "\n\nx\n", "f": "a\n\nb\n"}),
            json!({"a": {"b": {"c": "long ".repeat(30), "d": [1, true, null, "1", "true", "~"]}}}),
            json!({"a: b": "#c", "x": "- y", "z": "{", "e": "", "t": "\ttab\nx"}),
            json!({"a": [{"b": [{"c": "x\ny\n"}]}, "plain"], "l": ["long ".repeat(30), "b"]}),
            json!({"empty": {}, "none": []}),
        ] {
            let text = written(&value);
            let parsed = syntax::parse(SourceId(0), &text);
            let root = parsed.document.as_ref().and_then(Tree::root).unwrap();
            assert_eq!(root.to_json(JSON_BUDGET).unwrap(), value, "{text}");
        }
    }
}
