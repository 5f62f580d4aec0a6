//! Texts that are odd but right: they come out of the YAML as they went in, and
//! no shell sees them.

use cicd::commands::project;
use cicd::source::SourceId;
use cicd::syntax::{self, Kind, Node};
use proptest::prelude::*;
use serde_json::json;

/// Stands at the front of every hostile text, so that each can be found again.
const MARK: &str = "zqj";

/// Plain text on one line as hostile as the manifest allows: all of YAML's and the
/// shell's own characters, and what many readers take for a line break or nothing.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("'".to_owned()),
        Just("\"".to_owned()),
        Just("\\".to_owned()),
        Just(": ".to_owned()),
        Just(" #".to_owned()),
        Just("$(touch x)".to_owned()),
        Just("`id`".to_owned()),
        Just("${HOME}".to_owned()),
        Just("'; exit 1; '".to_owned()),
        Just("}}".to_owned()),
        Just("{{ x }}".to_owned()),
        Just("<{ x }>".to_owned()),
        Just("<% x %>".to_owned()),
        Just("&a *a !b".to_owned()),
        Just("[,]{,}".to_owned()),
        Just("\u{2028}".to_owned()),
        Just("\u{85}".to_owned()),
        Just("\u{feff}".to_owned()),
        Just("\u{202e}".to_owned()),
        Just("ßé漢🚀".to_owned()),
        Just("::error::".to_owned()),
        Just("%0A".to_owned()),
        Just("EOF".to_owned()),
        "[ -~]{1,6}",
    ];
    prop::collection::vec(piece, 1..6)
        .prop_map(|pieces| format!("{MARK}{}", pieces.concat().trim_end()))
        .prop_filter("expressions are refused", |text| !text.contains("${{"))
}

/// Every scalar of a tree under the key that it stands at.
fn scalars<'t>(node: Node<'t>, key: &'t str, found: &mut Vec<(&'t str, &'t str)>) {
    match node.kind() {
        Kind::Mapping(entries) => {
            entries.for_each(|entry| {
                scalars(entry.value, entry.key.as_str().unwrap_or_default(), found)
            });
        }
        Kind::Sequence(items) => items.for_each(|item| scalars(item, key, found)),
        _ => found.push((key, node.as_str().unwrap_or_default())),
    }
}

/// A manifest with one text in every field that is free text and no command.
fn manifest_with(text: &str) -> serde_json::Value {
    json!({
        "version": 1,
        "name": "shop",
        "repository": {"visibility": "public", "runner": [text, "self-hosted"]},
        "stack": {"backend": {
            "path": ".", "language": "python@3.12", "test": "pytest", "lint": ["flake8"], "env": {"LABEL": text},
        }},
        "gates": {"scanners": ["pip-licenses"], "licenses": [text]},
        "environments": {"production": {
            "url": "https://shop.example",
            "deploy": {"on": "tag v*", "target": {"ssh-compose": {"compose": "compose.yml", "path": "/opt/shop"}}},
            "verify": {"health": "/health/", "version": text, "monitor": {
                "for": "5m",
                "every": "30s",
                "prometheus": {"url": "https://prometheus.example", "query": text, "limit": 1},
            }},
        }},
        "approvals": {"production": {"reviewers": ["octocat"], "via": "issue", "checklist": [text]}},
        "notify": {"slack": {"channel": text}, "email": {"to": "a@shop.example", "server": text}},
        "links": {text: "https://grafana.example"},
        "workflows": {
            "ci": {"name": text, "on": ["branch main"]},
            "ship": {"kind": "deploy", "environment": "production"},
            "security": {"kind": "security", "on": ["dispatch"]},
        },
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn free_text_comes_out_as_it_went_in(text in hostile()) {
        let root = tempfile::tempdir().unwrap();
        let manifest = manifest_with(&text).to_string();
        let project = project::build(root.path(), "cicd.yml", manifest.into_bytes());
        let project = project.unwrap_or_else(|failure| panic!("{text:?}: {failure:?}"));
        let mut found: Vec<(String, String)> = Vec::new();
        for file in &project.rendered {
            if !file.path.ends_with(".yml") {
                prop_assert!(!file.text.contains(MARK), "{} holds {text:?}", file.path);
                continue;
            }
                        let parsed = syntax::parse(SourceId(0), &file.text);
            prop_assert!(parsed.diagnostics.is_empty(), "{}: {:?}", file.path, parsed.diagnostics);
            let tree = parsed.document.unwrap();
            let mut own = Vec::new();
            scalars(tree.root().unwrap(), "", &mut own);
            // Another reader of YAML understands the same.
            let other: serde_json::Value = serde_yaml::from_str(&file.text).unwrap();
            prop_assert_eq!(&other, &tree.root().unwrap().to_json(syntax::JSON_BUDGET).unwrap());
            found.extend(own.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())));
        }
        let marked: Vec<_> = found.iter().filter(|(_, value)| value.contains(MARK)).collect();
        for (key, value) in &marked {
            prop_assert!(key != "run", "a shell sees {text:?}: {value}");
            prop_assert!(key != "if", "an expression sees {text:?}: {value}");
            prop_assert!(value.contains(&text), "{text:?} has become {value:?} at {key}");
        }
        let link = format!("{text}|https://grafana.example");
        let server = format!("smtp://{text}");
        let item = format!("- [ ] {text}\n");
        for (key, wanted) in [
            ("name", text.as_str()), ("runs-on", &text), ("LABEL", &text), ("ALLOWED_LICENSES", &text),
            ("PROMETHEUS_QUERY", &text), ("CHANNEL", &text), ("SMTP_URL", &server), ("LINKS", &link), ("issue-body", &item),
        ] {
            let there = |(found, value): &&&(String, String)| found == key && value.contains(wanted);
            let value = marked.iter().find(there);
            prop_assert!(value.is_some(), "{text:?} is lost at {key}: {marked:?}");
            let whole = matches!(key, "LINKS" | "issue-body");
            prop_assert!(whole || value.unwrap().1 == wanted, "{text:?} at {key}: {value:?}");
        }
    }
}
