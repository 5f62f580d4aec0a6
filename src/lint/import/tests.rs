use super::*;
use crate::source::Source;

const KNOWN: [&str; 4] = [
    "artifact-sensitive",
    "persist-credentials",
    "template-injection",
    "unpinned-uses",
];

type Read = fn(&mut Imported, &Sources, SourceId);

fn imported(text: &str, read: Read) -> (Imported, Vec<String>) {
    let mut sources = Sources::new();
    let id = sources.add(Source::new("file.yml", text).unwrap());
    let mut imported = Imported::for_rules(KNOWN);
    read(&mut imported, &sources, id);
    let told = imported.told.iter().map(|one| {
        let (_, start, _) = sources.resolve(one.primary.unwrap()).unwrap();
        let help = one.help.as_deref().unwrap_or_default();
        format!("{start} {}; {help}", one.message)
    });
    let told = told.collect();
    (imported, told)
}

#[test]
fn audits_become_the_rules_for_the_same() {
    let text = "rules:
  artipacked: {disable: true}
  template-injection:
    ignore: [ci.yml, 'release.yml:12:3']
  unpinned-uses:
    remap: {severity: medium}
    ignore: [ci.yml]
    config: {policies: {'*': ref-pin}}
  misfeature: {disable: true}
  nonsense: {disable: true}
";
    let (imported, told) = imported(text, Imported::zizmor);
    let expected = "{\"artifact-sensitive\": Off, \"persist-credentials\": Off, \
                    \"unpinned-uses\": Told(Warning)}";
    assert_eq!(format!("{:?}", imported.settings.rules), expected);
    let expected = "[(\"ci.yml\", {\"template-injection\": Off, \"unpinned-uses\": Off})]";
    assert_eq!(format!("{:?}", imported.settings.paths), expected);
    assert_eq!(
        told,
        [
            "4:22 `release.yml:12:3` is a place, which moves with every edit above it; \
             write `# cicd: ignore[template-injection] reason` behind line 12 of `release.yml`",
            "8:5 `config` of zizmor's `unpinned-uses` has no equivalent; ",
            "9:3 what zizmor's `misfeature` looks for is not looked for yet; ",
            "10:3 zizmor's `nonsense` is not known here; ",
        ]
    );
}

#[test]
fn labels_and_names_are_taken_over_and_filters_of_messages_are_told() {
    let text = "self-hosted-runner: {labels: [gpu-*, linux.2xlarge]}
config-variables: [REGION, 'not a name']
config-secrets: []
require-commit-hash: true
paths: {a.yml: {ignore: ['SC2086']}}
";
    let (all, told) = imported(text, Imported::actionlint);
    assert_eq!(all.settings.runners, ["gpu-*", "linux.2xlarge"]);
    assert_eq!(all.settings.variables.unwrap(), ["REGION"]);
    assert_eq!(all.settings.secrets, Some(Vec::new()));
    assert_eq!(told.len(), 3, "{told:#?}");
    assert!(
        told[0].starts_with("2:28 `not a name` is not a name"),
        "{told:#?}"
    );
    assert!(
        told[1].starts_with("4:1 `require-commit-hash`"),
        "{told:#?}"
    );
    assert!(
        told[2].contains("`paths: {a.yml: {RULE: off}}`"),
        "{told:#?}"
    );
    let (unchecked, _) = imported("config-variables: null\n", Imported::actionlint);
    assert_eq!(unchecked.settings.variables, None);
}

#[test]
fn comments_are_told_as_ours() {
    let text = "a: b # v4 # zizmor: ignore[artipacked,misfeature] needed by push
c: d # zizmor: ignore[nonsense]
# zizmor: ignore[template-injection]
";
    let (_, told) = imported(text, Imported::comments);
    assert_eq!(
        told,
        [
            "1:13 a comment for zizmor suppresses nothing here; \
             write `# cicd: ignore[artifact-sensitive, persist-credentials] needed by push` too",
            "3:3 a comment for zizmor suppresses nothing here; \
             write `# cicd: ignore[template-injection] reason` too",
        ]
    );
}

#[test]
fn a_broken_file_is_told() {
    let (_, told) = imported("rules: [\n", Imported::zizmor);
    assert!(!told.is_empty());
}
