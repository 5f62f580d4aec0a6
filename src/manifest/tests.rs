//! Layers, places, the resolved text, and hostile manifests.

use super::*;
use crate::source::Source;
use crate::syntax;

const PRESETS: &[(&str, &str)] = &[
    (
        "base",
        "version: 1\ngates:\n  coverage: 70\n  scanners: [trivy]\n",
    ),
    (
        "shop",
        "extends: base\nname: shop\ngates: {coverage: 75, secrets: block}\n",
    ),
    ("tabbed", "version: 1\ngates:\n\tcoverage: 1\n"),
];

/// Reads `main` with other files of the repository.
fn read(main: &str, files: &[(&str, &str)]) -> (Sources, Reading) {
    let mut sources = Sources::new();
    let id = sources.add(Source::new("cicd.yml", main).unwrap());
    let mut fetch = |path: &str| {
        let file = files.iter().find(|(name, _)| *name == path);
        let text = file.map(|(_, text)| text.as_bytes().to_vec());
        text.ok_or_else(|| "there is no such file".to_owned())
    };
    let reading = read_with(&mut sources, id, &mut fetch, PRESETS);
    (sources, reading)
}

/// The merged values of a manifest without errors.
fn merged(main: &str, files: &[(&str, &str)]) -> serde_json::Value {
    let (sources, reading) = read(main, files);
    let found = messages(&sources, &reading);
    reading
        .document
        .unwrap_or_else(|| panic!("{found:#?}"))
        .to_json()
}

/// `path:line:column message`, a line each.
fn messages(sources: &Sources, reading: &Reading) -> Vec<String> {
    let one = |diagnostic: &Diagnostic| {
        let place = diagnostic.primary.map(|place| sources.describe(place));
        format!("{} {}", place.unwrap_or_default(), diagnostic.message)
    };
    reading.diagnostics.iter().map(one).collect()
}

fn refused(main: &str, files: &[(&str, &str)]) -> Vec<String> {
    let (sources, reading) = read(main, files);
    assert!(reading.document.is_none());
    messages(&sources, &reading)
}

#[test]
fn later_layers_win_and_lists_replace_or_grow() {
    let base =
        "gates: {scanners: [a, b], licenses: [MIT], coverage: 60}\nlinks: {Board: 'https://a.b'}\n";
    let over = "gates: {scanners: [c], coverage: 61}\n";
    let main = "version: 1\nextends: [./ci/base.yml, over.yaml, base]\n\
                gates: {licenses+: [BSD-3-Clause], scanners+: [d]}\nlinks: {Board: ~}\n";
    let files = [("ci/base.yml", base), ("over.yaml", over)];
    let wanted = serde_json::json!({
        "gates": {"scanners": ["trivy", "d"], "licenses": ["MIT", "BSD-3-Clause"], "coverage": 70},
        "links": {},
        "version": 1,
        "extends": ["./ci/base.yml", "over.yaml", "base"],
    });
    assert_eq!(merged(main, &files), wanted);
}

#[test]
fn scalars_grow_to_lists_and_additions_stack() {
    let base = "environments: {p: {deploy: {on: branch a, target: {ssh-compose: {compose: a, path: /b}}}}}\n";
    let main = "version: 1\nextends: a.yml\nenvironments: {p: {deploy: {on+: tag v*}}}\n";
    let deploy = &merged(main, &[("a.yml", base)])["environments"]["p"]["deploy"];
    assert_eq!(deploy["on"], serde_json::json!(["branch a", "tag v*"]));
    let main = "version: 1\nextends: a.yml\ngates: {scanners+: [b]}\n";
    let gates = &merged(main, &[("a.yml", "gates: {scanners+: [a]}\n")])["gates"];
    assert_eq!(gates["scanners"], serde_json::json!(["a", "b"]));
}

#[test]
fn environments_are_layers_on_their_defaults() {
    let main = "version: 1\n\
                environment-defaults: {rollback: automatic, deploy: {requires: [ci], migrate: alembic, target: {ssh-compose: {service: api}}}}\n\
                environments:\n  \
                  a: {deploy: {on: branch b, requires+: test, target: {ssh-compose: {compose: a.yml}}}}\n  \
                  b: {deploy: ~}\n";
    let environments = &merged(main, &[])["environments"];
    let wanted = serde_json::json!({
        "a": {
            "rollback": "automatic",
            "deploy": {
                "requires": ["ci", "test"], "migrate": "alembic", "on": "branch b",
                "target": {"ssh-compose": {"service": "api", "compose": "a.yml"}},
            },
        },
        "b": {"rollback": "automatic"},
    });
    assert_eq!(environments, &wanted);
}

#[test]
fn a_mistake_in_the_defaults_is_reported_once_where_it_is() {
    let main =
        "version: 1\nenvironment-defaults: {rollback: maybe}\nenvironments: {a: {}, b: {}}\n";
    let found = refused(main, &[]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("cicd.yml:2:34 "), "{found:?}");
}

#[test]
fn defaults_are_not_copied_without_end() {
    let labels: String = (0..400).map(|number| format!("/{number}, ")).collect();
    let names: String = (0..400)
        .map(|number| format!("  e{number}: {{url: 'https://a.b'}}\n"))
        .collect();
    let main = format!(
        "version: 1\nenvironment-defaults: {{verify: {{health: [{labels}]}}}}\nenvironments:\n{names}"
    );
    let found = refused(&main, &[]);
    assert_eq!(
        found,
        ["cicd.yml:2:1 the defaults are too large to be copied into every environment"]
    );
}

#[test]
fn a_layer_counts_once_where_it_is_first() {
    let files = [
        ("a.yml", "extends: base\ngates: {coverage: 80}\n"),
        ("b.yml", "extends: base\n"),
    ];
    let main = "version: 1\nextends: [a.yml, b.yml]\n";
    assert_eq!(merged(main, &files)["gates"]["coverage"], 80);
}

#[test]
fn an_addition_to_a_mapping_is_refused() {
    let found = refused("version: 1\nextends: base\ngates+: {coverage: 1}\n", &[]);
    assert_eq!(
        found,
        ["cicd.yml:3:1 `gates+` adds to a list, and `gates` is a mapping"]
    );
}

#[test]
fn a_cycle_is_shown_as_a_chain() {
    let files = [
        ("a.yml", "extends: b.yml\n"),
        ("b.yml", "extends: [base, ./a.yml]\n"),
    ];
    let (sources, reading) = read("version: 1\nextends: ./a.yml\n", &files);
    assert_eq!(
        messages(&sources, &reading),
        ["b.yml:1:17 `a.yml` builds on itself"]
    );
    let cycle = reading.diagnostics.iter().next().unwrap();
    assert_eq!(cycle.notes, ["the chain is `a.yml` → `b.yml` → `a.yml`"]);
    let itself = refused("version: 1\nextends: ./cicd.yml\n", &[]);
    assert_eq!(itself, ["cicd.yml:2:10 `cicd.yml` builds on itself"]);
}

#[test]
fn what_cannot_be_read_is_refused_where_it_is_named() {
    let main = "version: 1\nextends: [shpo, ./gone.yml, ../x.yml, /etc/x, 'a b/c', 5]\n";
    let (sources, reading) = read(main, &[]);
    assert_eq!(
        messages(&sources, &reading),
        [
            "cicd.yml:2:11 there is no preset `shpo`",
            "cicd.yml:2:17 `gone.yml` cannot be read: there is no such file",
            "cicd.yml:2:29 `../x.yml` leaves the repository",
            "cicd.yml:2:39 `/etc/x` leaves the repository",
            "cicd.yml:2:47 `a b/c` is not a path within the repository",
        ]
    );
    let first = reading.diagnostics.iter().next().unwrap();
    assert_eq!(first.help.as_deref(), Some("write `shop`"));
}

#[test]
fn faults_of_layers_stand_in_their_own_files() {
    let files = [
        ("a.yml", "gates: {coverage: 200}\nnmae: x\n"),
        ("b.yml", "# nothing\n"),
        ("c.yml", "extends: {}\n"),
    ];
    let found = refused("version: 1\nextends: a.yml\n", &files);
    assert_eq!(
        found,
        [
            "a.yml:1:19 `200` is not a share",
            "a.yml:2:1 unknown key `nmae`"
        ]
    );
    assert_eq!(
        refused("version: 1\nextends: b.yml\n", &files),
        ["b.yml:1:1 the manifest is empty"]
    );
    let found = refused("version: 1\nextends: c.yml\n", &files);
    assert_eq!(
        found,
        ["c.yml:1:10 `extends` is a mapping, and a name or a list of names is wanted"]
    );
    let found = refused("version: 1\nextends: tabbed\n", &[]);
    let wanted = "preset tabbed:3:1 internal error: a shipped preset is broken: a tab is used for indentation";
    assert_eq!(found, [wanted]);
}

#[test]
fn values_are_found_with_their_places() {
    let main = "version: 1\nextends: shop\ngates:\n  scanners: [trivy, semgrep]\n";
    let (sources, reading) = read(main, &[]);
    let document = reading.document.unwrap();
    let place = |path: &[&str]| {
        let found = document.values.find(path)?;
        let (key, value) = (
            sources.describe(found.key),
            sources.describe(found.value.origin),
        );
        Some(format!("{key} {value}"))
    };
    assert_eq!(
        place(&["gates", "scanners", "1"]).unwrap(),
        "cicd.yml:4:21 cicd.yml:4:21"
    );
    assert_eq!(
        place(&["gates", "scanners"]).unwrap(),
        "cicd.yml:4:3 cicd.yml:4:13"
    );
    assert_eq!(
        place(&["gates", "coverage"]).unwrap(),
        "preset shop:3:9 preset shop:3:19"
    );
    assert_eq!(place(&["gates", "policy"]), None);
    assert_eq!(place(&["gates", "scanners", "2"]), None);
    assert_eq!(document.raw.gates.scanners.len(), 2);
}

#[test]
fn the_resolved_manifest_says_where_each_value_is_from() {
    let main = "version: 1\nextends: [shop]\ngates:\n  scanners+: [semgrep]\n  licenses: []\n";
    let (sources, reading) = read(main, &[]);
    let shown = reading.document.unwrap().show_resolved(&sources);
    let wanted = "\
version: 1       # cicd.yml:1
gates:           # cicd.yml:3
  coverage: 75   # preset shop:3
  scanners:      # cicd.yml:4
    - trivy      # preset base:4
    - semgrep    # cicd.yml:4
  secrets: block # preset shop:3
  licenses: []   # cicd.yml:5
name: shop       # preset shop:2
extends: [shop]  # cicd.yml:2
";
    assert_eq!(shown, wanted);
}

#[test]
fn the_resolved_manifest_reads_as_the_same_values() {
    let words = [
        "'",
        "\"",
        "# x",
        "a: b",
        "- a",
        "~",
        "true",
        "1.0",
        "0x1",
        "on",
        " a ",
        "{",
        "&a",
        "*a",
        "!t",
        "é\u{1}\n",
        "%",
        "@",
        "`",
        "",
    ];
    let steps: Vec<_> = words
        .iter()
        .map(|word| serde_json::json!({"run": word, *word: [[word, 1.5], {}, [], null]}))
        .collect();
    let main =
        serde_json::json!({"version": 1, "workflows": {"ci": {"steps": {"before-tests": steps}}}});
    let (sources, reading) = read(&main.to_string(), &[]);
    let shown = reading.document.unwrap().show_resolved(&sources);
    let mut others = Sources::new();
    let id = others.add(Source::new("shown.yml", shown.as_str()).unwrap());
    let parsed = syntax::parse(id, &shown);
    assert!(
        parsed.diagnostics.is_empty(),
        "{:#?}\n{shown}",
        parsed.diagnostics
    );
    let tree = parsed.document.unwrap();
    assert_eq!(
        tree.root().unwrap().to_json(BUDGET).unwrap(),
        main,
        "{shown}"
    );
}

const BUDGET: usize = value::BUDGET;

/// The first has a hundred million values when it is written out: no memory would hold them.
#[test]
fn hostile_manifests_are_refused() {
    let mut bomb = "version: 1\nlinks:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..8 {
        let below = format!("*a{}, ", level - 1).repeat(10);
        bomb += &format!("  a{level}: &a{level} [{below}]\n");
    }
    let keys: String = (0..10_000)
        .map(|key| format!("key{key}: {key}\n"))
        .collect();
    let names: String = (0..10_000)
        .map(|name| format!("  n{name}: {{pth: x}}\n"))
        .collect();
    let deep = format!("version: 1\nstack: {}{}", "[".repeat(250), "]".repeat(250));
    let nested = format!(
        "version: 1\nstack: {}1{}",
        "{a: ".repeat(250),
        "}".repeat(250)
    );
    let hostile = [
        bomb,
        format!("version: 1\n{keys}"),
        format!("version: 1\nstack:\n{names}"),
        deep,
        nested,
        format!("version: 1\nname: {}", "x".repeat(1_000_000)),
        "version: 1\nname: \"\\u0007\\e[31m\\n\\0\"\n? [a]\n: b\n".to_owned(),
        "version: .inf\nname: .nan\n".to_owned(),
        "\u{feff}%YAML 1.1\n---\n".to_owned(),
    ];
    for text in hostile {
        let start: String = text.chars().take(60).collect();
        let (_, reading) = read(&text, &[]);
        assert!(reading.document.is_none(), "{start}");
        assert!(reading.diagnostics.has_errors(), "{start}");
        assert!(reading.diagnostics.len() <= MAX_SHOWN + 1, "{start}");
        let shown = |diagnostic: &Diagnostic| !diagnostic.message.contains(char::is_control);
        assert!(reading.diagnostics.iter().all(shown), "{start}");
    }
}

#[test]
fn many_layers_are_bounded() {
    let names: Vec<_> = (0..100).map(|number| format!("l{number}.yml")).collect();
    let texts: Vec<_> = (1..=100)
        .map(|next| format!("extends: l{next}.yml\n"))
        .collect();
    let files: Vec<_> = names
        .iter()
        .map(String::as_str)
        .zip(texts.iter().map(String::as_str))
        .collect();
    let found = refused("version: 1\nextends: l0.yml\n", &files);
    assert_eq!(
        found,
        ["l49.yml:1:10 the manifest builds on more than 50 others"]
    );
    let long = format!("links: {{a: [{}]}}\n", "x, ".repeat(60_000));
    let files = [("a.yml", long.as_str()), ("b.yml", long.as_str())];
    let found = refused("version: 1\nextends: [a.yml, b.yml]\n", &files);
    assert!(found[0].contains("more than 100000 values"), "{found:#?}");
}

#[test]
fn many_diagnostics_end_with_a_note_and_keep_the_errors() {
    let empty: String = (0..60).map(|key| format!("  n{key}:\n")).collect();
    let found = refused(&format!("version: 1\nstack:\n{empty}nmae: x\n"), &[]);
    assert_eq!(found.len(), 51);
    assert_eq!(found[49], "cicd.yml:63:1 unknown key `nmae`");
    assert_eq!(found[50], " only 50 are shown, and there are more");
}

#[test]
fn a_value_that_aliases_copy_is_wrong_once() {
    let main = "version: 1\nstack:\n  a: &a {lnt: [x]}\n  b: *a\n";
    assert_eq!(refused(main, &[]), ["cicd.yml:3:10 unknown key `lnt`"]);
}

#[test]
fn numbers_with_a_zero_fraction_are_whole() {
    let main =
        "version: 1.0\nnotify: {incident: true}\napprovals: {p: {required: 2.0, reviewers: a}}\n";
    assert_eq!(merged(main, &[])["approvals"]["p"]["required"], 2);
}
