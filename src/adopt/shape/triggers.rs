//! What starts a workflow, in the words of a manifest.

use serde_json::Value;

/// The triggers as a manifest has them, or which one it cannot say.
pub(super) fn words(on: &Value) -> Result<Vec<String>, String> {
    let mut all = Vec::new();
    match on {
        Value::String(event) => all.push(word(event, &Value::Null)?),
        Value::Array(events) => {
            for event in events {
                let event = event.as_str().ok_or("`on` of the workflow")?;
                all.push(word(event, &Value::Null)?);
            }
        }
        Value::Object(events) => {
            for (event, filter) in events {
                match (event.as_str(), filter) {
                    ("schedule", Value::Array(times)) => {
                        for time in times {
                            all.push(time_of(time).ok_or("`on.schedule`")?);
                        }
                    }
                    ("push", Value::Object(filter)) => all.extend(pushes(filter)?),
                    _ => all.push(word(event, filter)?),
                }
            }
        }
        _ => return Err("`on` of the workflow".to_owned()),
    }
    Ok(all)
}

fn word(event: &str, filter: &Value) -> Result<String, String> {
    match (event, filter) {
        ("push", Value::Null) => Ok("branch **".to_owned()),
        ("pull_request", Value::Null) => Ok("pull-request".to_owned()),
        ("pull_request", Value::Object(filter)) => {
            let mut word = "pull-request".to_owned();
            for (key, value) in filter {
                match key.as_str() {
                    // It will start for more changes, which is told.
                    "paths" | "paths-ignore" => {}
                    "branches" => word.push_str(&patterns("pull_request.branches", value)?),
                    "types" if are_default(value) => {}
                    key => return Err(format!("`on.pull_request.{key}`")),
                }
            }
            Ok(word)
        }
        ("workflow_dispatch", Value::Null) => Ok("dispatch".to_owned()),
        ("workflow_dispatch", Value::Object(filter)) if filter.is_empty() => {
            Ok("dispatch".to_owned())
        }
        ("merge_group", Value::Null) => Ok("merge-group".to_owned()),
        ("workflow_call", Value::Null) => Ok("call".to_owned()),
        (event, _) => Err(format!("`on.{event}`")),
    }
}

/// Whether these are the activities that start it anyhow.
fn are_default(types: &Value) -> bool {
    const DEFAULT: [&str; 3] = ["opened", "reopened", "synchronize"];
    let mut types: Vec<_> = match types {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        _ => return false,
    };
    types.sort_unstable();
    types == DEFAULT
}

fn pushes(filter: &serde_json::Map<String, Value>) -> Result<Vec<String>, String> {
    let mut all = Vec::new();
    for (key, value) in filter {
        match key.as_str() {
            "branches" => all.push(format!("branch{}", patterns("push.branches", value)?)),
            "branches-ignore" => {
                let ignored = patterns("push.branches-ignore", value)?;
                all.push(format!("branch **{}", ignored.replace(' ', " !")));
            }
            "tags" => all.push(format!("tag{}", patterns("push.tags", value)?)),
            // It will start for more changes, which is told.
            "paths" | "paths-ignore" => {}
            key => return Err(format!("`on.push.{key}`")),
        }
    }
    if all.is_empty() {
        all.push("branch **".to_owned());
    }
    Ok(all)
}

/// Patterns, each behind a blank.
fn patterns(place: &str, value: &Value) -> Result<String, String> {
    let wrong = || format!("`on.{place}`");
    let one = std::slice::from_ref(value);
    let items = value.as_array().map_or(one, Vec::as_slice);
    let mut all = String::new();
    for item in items {
        let pattern = item.as_str().ok_or_else(wrong)?;
        // An exclusion stands for itself, but nothing may fall apart into several words.
        if pattern.is_empty() || pattern.contains(char::is_whitespace) {
            return Err(wrong());
        }
        all.push(' ');
        all.push_str(pattern);
    }
    if all.is_empty() {
        Err(wrong())
    } else {
        Ok(all)
    }
}

fn time_of(time: &Value) -> Option<String> {
    let time = time.as_object()?;
    let cron = time.get("cron").and_then(Value::as_str)?;
    (time.len() == 1).then(|| format!("schedule {cron}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_form_of_on_is_read() {
        for (on, wanted) in [
            (json!("push"), vec!["branch **"]),
            (
                json!(["push", "pull_request"]),
                vec!["branch **", "pull-request"],
            ),
            (
                json!({
                    "push": {"branches": ["main", "release/*"], "tags": "v*"},
                    "pull_request": {"branches": ["main"], "types": ["opened", "synchronize", "reopened"]},
                    "schedule": [{"cron": "0 3 * * *"}],
                    "workflow_dispatch": null,
                }),
                vec![
                    "branch main release/*",
                    "tag v*",
                    "pull-request main",
                    "schedule 0 3 * * *",
                    "dispatch",
                ],
            ),
            (
                json!({"push": {"branches-ignore": ["gh-pages", "wip/*"], "paths": ["src/**"]}}),
                vec!["branch ** !gh-pages !wip/*"],
            ),
        ] {
            assert_eq!(words(&on).unwrap(), wanted, "{on}");
        }
    }

    #[test]
    fn what_no_word_stands_for_is_named() {
        for (on, named) in [
            (
                json!({"push": {"tags-ignore": ["v*"]}}),
                "`on.push.tags-ignore`",
            ),
            (
                json!({"pull_request": {"types": ["labeled"]}}),
                "`on.pull_request.types`",
            ),
            (json!({"push": {"branches": ["a b"]}}), "`on.push.branches`"),
            (
                json!({"workflow_dispatch": {"inputs": {}}}),
                "`on.workflow_dispatch`",
            ),
            (json!("pull_request_target"), "`on.pull_request_target`"),
            (json!(null), "`on` of the workflow"),
        ] {
            assert_eq!(words(&on).unwrap_err(), named, "{on}");
        }
    }
}
