//! For programs: one JSON document with a version, `{"version":1,"findings":[…]}`.
//!
//! Lines and columns count from 1, columns in characters; ends are exclusive. A
//! diagnostic without a place has `null` for them. Edits name the bytes too.

use std::io::{self, Write};

use serde::Serialize;

use crate::diagnostics::{Diagnostic, Diagnostics, Edit, Fix, Label};
use crate::source::{Location, Source, Sources, Span};

/// Grows when a field changes its meaning or goes away.
const VERSION: u32 = 1;

pub(super) fn write(
    out: &mut dyn Write,
    diagnostics: &Diagnostics,
    sources: &Sources,
) -> io::Result<()> {
    let findings = diagnostics.iter();
    let document = Document {
        version: VERSION,
        findings: findings.map(|one| Finding::new(one, sources)).collect(),
    };
    serde_json::to_writer(&mut *out, &document)?;
    writeln!(out)
}

#[derive(Serialize)]
struct Document<'d> {
    version: u32,
    findings: Vec<Finding<'d>>,
}

#[derive(Serialize)]
struct Finding<'d> {
    rule: &'static str,
    severity: &'static str,
    confidence: &'static str,
    path: Option<&'d str>,
    #[serde(flatten)]
    place: Place,
    message: &'d str,
    help: Option<&'d str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    notes: &'d [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<Related<'d>>,
    fix: Option<FixView<'d>>,
}

#[derive(Default, Serialize)]
struct Place {
    line: Option<u32>,
    column: Option<u32>,
    end_line: Option<u32>,
    end_column: Option<u32>,
}

#[derive(Serialize)]
struct Related<'d> {
    path: Option<&'d str>,
    #[serde(flatten)]
    place: Place,
    message: &'d str,
}

#[derive(Serialize)]
struct FixView<'d> {
    applicability: &'static str,
    edits: Vec<EditView<'d>>,
}

#[derive(Serialize)]
struct EditView<'d> {
    #[serde(flatten)]
    place: Place,
    start: u32,
    end: u32,
    replacement: &'d str,
}

impl<'d> Finding<'d> {
    fn new(diagnostic: &'d Diagnostic, sources: &'d Sources) -> Self {
        let source = diagnostic
            .primary
            .and_then(|place| sources.get(place.source));
        let (path, place) = placed(diagnostic.primary, sources);
        let labels = diagnostic.labels.iter();
        Self {
            rule: diagnostic.code,
            severity: diagnostic.severity.as_str(),
            confidence: "high",
            path,
            place,
            message: &diagnostic.message,
            help: diagnostic.help.as_deref(),
            notes: &diagnostic.notes,
            related: labels.map(|label| Related::new(label, sources)).collect(),
            fix: diagnostic.fix.as_ref().map(|fix| FixView::new(fix, source)),
        }
    }
}

impl<'d> Related<'d> {
    fn new(label: &'d Label, sources: &'d Sources) -> Self {
        let (path, place) = placed(Some(label.location), sources);
        let message = &label.text;
        Self {
            path,
            place,
            message,
        }
    }
}

impl<'d> FixView<'d> {
    fn new(fix: &'d Fix, source: Option<&Source>) -> Self {
        let edits = fix.edits.iter();
        Self {
            applicability: fix.applicability.as_str(),
            edits: edits.map(|edit| EditView::new(edit, source)).collect(),
        }
    }
}

impl<'d> EditView<'d> {
    fn new(edit: &'d Edit, source: Option<&Source>) -> Self {
        Self {
            place: source.map_or_else(Place::default, |source| Place::new(source, edit.span)),
            start: edit.span.start,
            end: edit.span.end,
            replacement: &edit.replacement,
        }
    }
}

impl Place {
    fn new(source: &Source, span: Span) -> Self {
        let (start, end) = (source.position(span.start), source.position(span.end));
        Self {
            line: Some(start.line),
            column: Some(start.column),
            end_line: Some(end.line),
            end_column: Some(end.column),
        }
    }
}

fn placed(location: Option<Location>, sources: &Sources) -> (Option<&str>, Place) {
    let found = location.and_then(|place| Some((sources.get(place.source)?, place.span)));
    match found {
        Some((source, span)) => (Some(source.name()), Place::new(source, span)),
        None => (None, Place::default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::canned::canned;

    fn rendered(diagnostics: &Diagnostics, sources: &Sources) -> String {
        let mut out = Vec::new();
        write(&mut out, diagnostics, sources).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_canned_diagnostics() {
        let (sources, diagnostics) = canned();
        let text = rendered(&diagnostics, &sources).replace("},{\"rule\"", "},\n{\"rule\"");
        insta::assert_snapshot!(text, @r#"
        {"version":1,"findings":[{"rule":"io","severity":"error","confidence":"high","path":null,"line":null,"column":null,"end_line":null,"end_column":null,"message":"`missing.yml` cannot be read: no such file","help":"check the path","fix":null},
        {"rule":"unpinned-action","severity":"warning","confidence":"high","path":".github/workflows/ci.yml","line":7,"column":15,"end_line":7,"end_column":34,"message":"`actions/checkout@v4` can change under you","help":"pin the commit; `cicd lint --fix` writes it with the tag as a comment","notes":["whoever moves the tag `v4` runs code with this job's token"],"fix":null},
        {"rule":"template-injection","severity":"error","confidence":"high","path":".github/workflows/ci.yml","line":9,"column":24,"end_line":9,"end_column":39,"message":"an expression runs as shell code","help":null,"related":[{"path":".github/workflows/ci.yml","line":8,"column":15,"end_line":8,"end_column":21,"message":"in this step"},{"path":".github/workflows/ci.yml","line":2,"column":5,"end_line":2,"end_column":9,"message":"anybody can trigger it"}],"fix":null},
        {"rule":"unknown-key","severity":"error","confidence":"high","path":"cicd.yml","line":2,"column":1,"end_line":2,"end_column":12,"message":"`enviroments` is no key of the manifest","help":"did you mean `environments`?","fix":{"applicability":"safe","edits":[{"line":2,"column":1,"end_line":2,"end_column":12,"start":11,"end":22,"replacement":"environments"}]}},
        {"rule":"no-gates","severity":"note","confidence":"high","path":"cicd.yml","line":3,"column":3,"end_line":4,"end_column":1,"message":"nothing has to hold before a deploy","help":null,"related":[{"path":".github/workflows/ci.yml","line":3,"column":1,"end_line":3,"end_column":5,"message":"only these jobs run"}],"fix":null}]}
        "#);
    }

    #[test]
    fn no_findings_are_an_empty_list() {
        let text = rendered(&Diagnostics::new(), &Sources::new());
        assert_eq!(text, "{\"version\":1,\"findings\":[]}\n");
    }
}
