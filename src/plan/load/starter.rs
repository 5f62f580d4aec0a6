//! The k6 script of a load test, where the repository has none yet.
//!
//! It asks for the health of the system with the limits of the manifest, and is the
//! user's from then on: what people really do there, nobody else knows.

use serde_json::Value;

use crate::manifest::raw::Load;

/// Scenarios that the field knows, with how the number of visitors changes: how long,
/// and how many times the usual number. The first one is for all others.
const SHAPES: [(&str, &[(&str, u32)]); 6] = [
    ("load", &[("30s", 1), ("3m", 1), ("30s", 0)]),
    ("smoke", &[("1m", 1)]),
    ("soak", &[("1m", 1), ("10m", 1), ("1m", 0)]),
    (
        "spike",
        &[("30s", 1), ("10s", 5), ("1m", 5), ("10s", 1), ("30s", 0)],
    ),
    (
        "stress",
        &[("1m", 1), ("1m", 2), ("1m", 3), ("1m", 4), ("30s", 0)],
    ),
    ("volume", &[("30s", 3), ("3m", 3), ("30s", 0)]),
];

/// The usual number of visitors, if no limit asks for more.
const VISITORS: u32 = 20;

/// The text of a script for a load test.
pub(super) fn text(load: &Load, health: &str) -> String {
    let thresholds = thresholds(load);
    let (shapes, stages) = stages(load);
    let health = quoted(health);
    format!(
        r#"// A load test to begin with: each visitor asks for the health of the system once a second.
// Let `visit` do what people really do there; this file is yours and not written again.
import {{ check, sleep }} from "k6";
import http from "k6/http";

const address = __ENV.BASE_URL.replace(/\/+$/, "") + {health};
{shapes}
export const options = {{
  stages: {stages},
  thresholds: {{
{thresholds}  }},
}};

export default function visit() {{
  const answer = http.get(address);
  check(answer, {{ "is well": ({{ status }}) => status >= 200 && status < 300 }});
  sleep(1);
}}
"#
    )
}

/// The limits of the manifest that k6 measures itself.
fn thresholds(load: &Load) -> String {
    let response = load.response.as_ref();
    let errors = load.errors.as_ref();
    let limits = [
        response.map(|limit| {
            (
                "http_req_duration",
                format!("p(95)<={}", limit.milliseconds()),
            )
        }),
        errors.map(|limit| {
            (
                "http_req_failed",
                format!("rate<={}", share(limit.number())),
            )
        }),
        load.throughput
            .map(|least| ("http_reqs", format!("rate>={least}"))),
    ];
    let line = |(metric, limit): (&str, String)| format!("    {metric}: [\"{limit}\"],\n");
    limits.into_iter().flatten().map(line).collect()
}

/// A percentage as a share of one: `5` as `0.05`.
fn share(percent: u32) -> String {
    (f64::from(percent) / 100.0).to_string()
}

/// What stands above the options, and the stages in them.
fn stages(load: &Load) -> (String, String) {
    // Each visitor asks once a second, and there are fewer while their number rises and falls.
    let visitors = VISITORS.max(load.throughput.unwrap_or(0).saturating_mul(2));
    if load.scenarios.is_empty() {
        return (String::new(), shape("", visitors, "  "));
    }
    let rows = load.scenarios.iter().map(|name| {
        let shape = shape(name, visitors, "  ");
        format!("  {}: {shape},\n", key(name))
    });
    let rows: String = rows.collect();
    let shapes = format!(
        "
// How many visitors there are, by scenario.
const scenarios = {{
{rows}}};
if (!(__ENV.SCENARIO in scenarios)) {{
  throw new Error(`there is no scenario ${{__ENV.SCENARIO}}`);
}}
"
    );
    (shapes, "scenarios[__ENV.SCENARIO]".to_owned())
}

/// The stages of a scenario.
fn shape(name: &str, visitors: u32, indentation: &str) -> String {
    let known = SHAPES.iter().find(|(known, _)| *known == name);
    let (_, stages) = known.unwrap_or(&SHAPES[0]);
    let lines = stages.iter().map(|(duration, times)| {
        let target = visitors.saturating_mul(*times);
        format!("{indentation}  {{ duration: \"{duration}\", target: {target} }},\n")
    });
    let lines: String = lines.collect();
    format!("[\n{lines}{indentation}]")
}

/// A name as a key of JavaScript.
fn key(name: &str) -> String {
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphabetic());
    if is_plain {
        name.to_owned()
    } else {
        quoted(name)
    }
}

/// A text as JavaScript writes it.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(keys: &str) -> Load {
        let text = format!("{{script: load.js, url: 'http://localhost:8080/', {keys}}}");
        serde_yaml::from_str(&text).expect("a load test")
    }

    #[test]
    fn limits_are_those_of_the_manifest() {
        let text = text(&load("response: 1500ms, errors: 1%"), "/health");
        assert!(
            text.contains("\n    http_req_duration: [\"p(95)<=1500\"],\n"),
            "{text}"
        );
        assert!(
            text.contains("\n    http_req_failed: [\"rate<=0.01\"],\n"),
            "{text}"
        );
        assert!(
            !text.contains("http_reqs") && text.contains(r#" + "/health";"#),
            "{text}"
        );
    }

    #[test]
    fn enough_visitors_come_to_reach_the_throughput() {
        let text = text(&load("throughput: 50"), "/");
        assert!(text.contains("    http_reqs: [\"rate>=50\"],\n"), "{text}");
        assert!(text.contains("{ duration: \"3m\", target: 100 }"), "{text}");
    }

    #[test]
    fn each_scenario_has_its_shape() {
        let text = text(&load("scenarios: [load, spike, rush-hour]"), "/");
        for words in ["  load: [\n", "  spike: [\n", "  \"rush-hour\": [\n"] {
            assert!(text.contains(words), "{text}");
        }
        assert!(
            text.contains("{ duration: \"10s\", target: 100 }"),
            "{text}"
        );
        assert!(
            text.contains("stages: scenarios[__ENV.SCENARIO],"),
            "{text}"
        );
    }
}
