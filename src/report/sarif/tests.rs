use serde_json::{Value as Json, json};

use super::*;
use crate::report::canned::canned;

const RULE: Described<'static> = Described {
    id: "unpinned-action",
    severity: Severity::Warning,
    group: "security",
    security: true,
    finds: "an action by a tag",
    why: "Tags move.",
    examples: Vec::new(),
};

fn rendered(diagnostics: &Diagnostics, sources: &Sources) -> Json {
    let mut out = Vec::new();
    let mut rule = RULE;
    rule.examples.push(("Found", "uses: a@v1\n".to_owned()));
    write(&mut out, diagnostics, sources, &[rule]).unwrap();
    serde_json::from_slice(&out).unwrap()
}

#[test]
fn the_official_schema_accepts_it() {
    let schema = include_str!("../../../tests/fixtures/schemas/sarif-2.1.0.schema.json");
    let mut schema: Json = serde_json::from_str(schema).unwrap();
    // The one pattern that only lenient readers take for a regular expression; later
    // editions of the schema have this one.
    for part in ["run", "toolComponent"] {
        let language = format!("/definitions/{part}/properties/language/pattern");
        *schema.pointer_mut(&language).unwrap() = json!("^[a-zA-Z]{2}(-[a-zA-Z]{2})?$");
    }
    let judge = jsonschema::validator_for(&schema).unwrap();
    let (sources, diagnostics) = canned();
    for document in [
        rendered(&diagnostics, &sources),
        rendered(&Diagnostics::new(), &Sources::new()),
    ] {
        let wrong: Vec<_> = judge
            .iter_errors(&document)
            .map(|one| one.to_string())
            .collect();
        assert!(wrong.is_empty(), "{wrong:#?}\n{document:#}");
    }
    // The judge judges: lines count from 1, and a region has no other keys.
    let mut broken = rendered(&diagnostics, &sources);
    let region = "/runs/0/results/1/locations/0/physicalLocation/region";
    broken.pointer_mut(region).unwrap()["startLine"] = json!(0);
    broken.pointer_mut(region).unwrap()["line"] = json!(1);
    assert_eq!(judge.iter_errors(&broken).count(), 2);
}

#[test]
fn a_result_has_its_rule_place_and_words() {
    let (sources, diagnostics) = canned();
    let document = rendered(&diagnostics, &sources);
    let run = &document["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 5);
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(
            run["tool"]["driver"]["rules"][index]["id"],
            result["ruleId"]
        );
    }
    let expected_place = json!({
        "artifactLocation": {"uri": ".github/workflows/ci.yml"},
        "region": {"startLine": 9, "startColumn": 24, "endLine": 9, "endColumn": 39},
    });
    let injection = &results[2];
    assert_eq!(
        injection["locations"][0]["physicalLocation"],
        expected_place
    );
    assert_eq!(injection["relatedLocations"][0]["id"], 1);
    assert_eq!(
        injection["relatedLocations"][1]["message"]["text"],
        "anybody can trigger it"
    );
    let fix = &results[3]["fixes"][0]["artifactChanges"][0];
    assert_eq!(
        fix["replacements"][0]["insertedContent"]["text"],
        "environments"
    );
    assert_eq!(results[0]["locations"], json!([]));
    assert_eq!(results[4]["level"], "note");
}

#[test]
fn a_rule_brings_its_help() {
    let (sources, diagnostics) = canned();
    let document = rendered(&diagnostics, &sources);
    let rules = document["runs"][0]["tool"]["driver"]["rules"]
        .as_array()
        .unwrap();
    let rule = rules.iter().find(|rule| rule["id"] == RULE.id).unwrap();
    assert_eq!(
        rule["shortDescription"]["text"],
        "Finds an action by a tag."
    );
    assert_eq!(
        rule["help"]["markdown"],
        "Finds an action by a tag. Tags move.\n\nFound:\n\n```yaml\nuses: a@v1\n```\n"
    );
    assert_eq!(
        rule["properties"],
        json!({
            "tags": ["security"], "precision": "high",
            "problem.severity": "warning", "security-severity": "5.5",
        })
    );
}

#[test]
fn addresses_hold_no_blanks_and_absolute_ones_a_scheme() {
    let uri = |path| serde_json::to_value(ArtifactLocation::new(path)).unwrap()["uri"].clone();
    assert_eq!(uri("a b/ü.yml"), "a%20b/%C3%BC.yml");
    assert_eq!(uri("/a/b.yml"), "file:///a/b.yml");
    assert_eq!(uri("a\\b.yml"), "a/b.yml");
}
