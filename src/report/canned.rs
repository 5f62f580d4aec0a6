//! One diagnostic of each shape, for the formats' snapshots.

use crate::diagnostics::{Applicability, Diagnostic, Diagnostics, Edit, Fix, Severity};
use crate::source::{Location, Source, Sources, Span};

const WORKFLOW: &str = "\
name: CI
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - name: Prüfen
        run: echo \"${{ github.head_ref }}\"
  tset:
    needs: [tests]
";

const MANIFEST: &str = "version: 1\nenviroments:\n  staging: {}\n";

/// Returns the place of a piece of text that stands in it once.
fn place(sources: &Sources, name: &str, piece: &str) -> Location {
    let (id, source) = sources
        .iter()
        .find(|(_, source)| source.name() == name)
        .unwrap();
    let start = source.text().find(piece).unwrap();
    assert_eq!(
        source.text().rfind(piece),
        Some(start),
        "{piece} is not unique"
    );
    let end = start + piece.len();
    Location::new(
        id,
        Span::new(start.try_into().unwrap(), end.try_into().unwrap()),
    )
}

pub(super) fn canned() -> (Sources, Diagnostics) {
    let (ci, manifest) = (".github/workflows/ci.yml", "cicd.yml");
    let mut sources = Sources::new();
    sources.add(Source::new(ci, WORKFLOW).unwrap());
    sources.add(Source::new(manifest, MANIFEST).unwrap());
    let at = |name, piece| place(&sources, name, piece);
    let key = at(manifest, "enviroments");
    let diagnostics = [
        Diagnostic::error("io", "`missing.yml` cannot be read: no such file")
            .help("check the path"),
        Diagnostic::warning(
            "unpinned-action",
            "`actions/checkout@v4` can change under you",
        )
        .at(at(ci, "actions/checkout@v4"))
        .note("whoever moves the tag `v4` runs code with this job's token")
        .help("pin the commit; `cicd lint --fix` writes it with the tag as a comment"),
        Diagnostic::error("template-injection", "an expression runs as shell code")
            .at(at(ci, "github.head_ref"))
            .label(at(ci, "Prüfen"), "in this step")
            .label(at(ci, "push"), "anybody can trigger it"),
        Diagnostic::error("unknown-key", "`enviroments` is no key of the manifest")
            .at(key)
            .help("did you mean `environments`?")
            .fix(Fix {
                applicability: Applicability::Safe,
                edits: vec![Edit::new(key.span, "environments")],
            }),
        Diagnostic::new(
            Severity::Note,
            "no-gates",
            "nothing has to hold before a deploy",
        )
        .at(at(manifest, "staging: {}\n"))
        .label(at(ci, "jobs"), "only these jobs run"),
    ];
    (sources.clone(), diagnostics.into_iter().collect())
}

/// Returns one error at a span of a text called `x.yml`.
pub(super) fn one(text: &str, span: Span) -> (Sources, Diagnostics) {
    let mut sources = Sources::new();
    let id = sources.add(Source::new("x.yml", text).unwrap());
    let error = Diagnostic::error("some-rule", "something is wrong");
    (sources, error.at(Location::new(id, span)).into())
}
