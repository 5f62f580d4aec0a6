//! What a job needs its token for, where its workflow leaves that to the repository's settings.

use serde_json::{Map, Value};

use crate::knowledge::needs::{Need, need};

/// Returns the scopes that the steps of a job write to, as far as their actions and commands are
/// known. What a planned job gives anyhow, reading the repository, is not among them.
pub(super) fn needed(steps: Option<&Value>) -> Map<String, Value> {
    let steps = steps.and_then(Value::as_array).into_iter().flatten();
    let scopes = steps.flat_map(scopes);
    scopes
        .map(|scope| (scope.to_owned(), Value::from("write")))
        .collect()
}

fn scopes(step: &Value) -> Vec<&'static str> {
    let inputs = step.get("with").and_then(Value::as_object);
    let is_given = |input: &str| {
        let mut given = inputs.into_iter().flatten();
        given.any(|(name, value)| name.eq_ignore_ascii_case(input) && value != "")
    };
    let action = step.get("uses").and_then(Value::as_str);
    let action = action.and_then(|uses| need(uses.split('@').next().unwrap_or(uses)));
    let script = step.get("run").and_then(Value::as_str).unwrap_or_default();
    let words: Vec<&str> = script.split_whitespace().collect();
    let commands = words.windows(3).filter(|words| words[0] == "gh");
    let commands = commands.filter_map(|words| need(&words.join(" ")));
    let all = action.into_iter().chain(commands);
    // Where one of several is enough, the first is the usual one.
    let first = |need: Need| need.scopes().filter_map(|mut either| either.next());
    all.filter(|need| need.applies(is_given))
        .flat_map(first)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn actions_and_commands_are_known_by_what_they_write_to() {
        let steps = json!([
            {"uses": "actions/checkout@v4"},
            {"uses": "actions/attest@v3", "with": {"subject-path": "x"}},
            {"run": "set -e\ngh release create v1 --draft"},
            {"uses": "benc-uk/workflow-dispatch@v1", "with": {"repo": "a/b"}},
        ]);
        let scopes: Vec<_> = needed(Some(&steps))
            .into_iter()
            .map(|(scope, _)| scope)
            .collect();
        assert_eq!(scopes, ["attestations", "id-token", "contents"]);
        assert!(needed(None).is_empty());
    }
}
