//! JUnit's XML: a suite for each file, a failed case for each finding.
//!
//! Notes fail nothing; they are cases that passed with words to them.

use std::io::{self, Write};

use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::report::paragraphs;
use crate::source::Sources;

/// The suite of what has no place in a file.
const NOWHERE: &str = "cicd";

pub(super) fn write(
    out: &mut dyn Write,
    diagnostics: &Diagnostics,
    sources: &Sources,
) -> io::Result<()> {
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    let all: Vec<_> = diagnostics.iter().collect();
    writeln!(out, "<testsuites name=\"cicd\" {}>", counts(&all))?;
    for suite in all.chunk_by(|one, next| file(one, sources) == file(next, sources)) {
        let name = escape(file(suite[0], sources));
        writeln!(out, "  <testsuite name=\"{name}\" {}>", counts(suite))?;
        suite.iter().try_for_each(|one| case(out, one, sources))?;
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

fn case(out: &mut dyn Write, one: &Diagnostic, sources: &Sources) -> io::Result<()> {
    let file = escape(file(one, sources));
    let place = one.primary.and_then(|place| sources.resolve(place));
    let (name, line) = match place {
        Some((_, start, _)) => (
            format!("{} at {start}", one.code),
            format!(" file=\"{file}\" line=\"{}\"", start.line),
        ),
        None => (one.code.to_owned(), String::new()),
    };
    writeln!(
        out,
        "    <testcase name=\"{name}\" classname=\"{file}\"{line}>"
    )?;
    let (severity, words) = (one.severity.as_str(), escape(&paragraphs(one)));
    if one.severity == Severity::Note {
        writeln!(out, "      <system-out>{words}</system-out>")?;
    } else {
        let message = escape(&one.message);
        writeln!(
            out,
            "      <failure type=\"{severity}\" message=\"{message}\">{words}</failure>"
        )?;
    }
    writeln!(out, "    </testcase>")
}

fn file<'s>(one: &Diagnostic, sources: &'s Sources) -> &'s str {
    let source = one.primary.and_then(|place| sources.get(place.source));
    source.map_or(NOWHERE, |source| source.name())
}

fn counts(all: &[&Diagnostic]) -> String {
    let failed = all.iter().filter(|one| one.severity != Severity::Note);
    let (tests, failures) = (all.len(), failed.count());
    format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"0\"")
}

/// Escapes a text for content and attributes; XML has no way to write most control characters.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            '\t' => escaped.push_str("&#9;"),
            '\r' => escaped.push_str("&#13;"),
            c if c < ' ' || matches!(c, '\u{fffe}' | '\u{ffff}') => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
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
        insta::assert_snapshot!(rendered(&diagnostics, &sources), @r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="cicd" tests="5" failures="4" errors="0">
          <testsuite name="cicd" tests="1" failures="1" errors="0">
            <testcase name="io" classname="cicd">
              <failure type="error" message="`missing.yml` cannot be read: no such file">`missing.yml` cannot be read: no such file&#10;help: check the path</failure>
            </testcase>
          </testsuite>
          <testsuite name=".github/workflows/ci.yml" tests="2" failures="2" errors="0">
            <testcase name="unpinned-action at 7:15" classname=".github/workflows/ci.yml" file=".github/workflows/ci.yml" line="7">
              <failure type="warning" message="`actions/checkout@v4` can change under you">`actions/checkout@v4` can change under you&#10;note: whoever moves the tag `v4` runs code with this job's token&#10;help: pin the commit; `cicd lint --fix` writes it with the tag as a comment</failure>
            </testcase>
            <testcase name="template-injection at 9:24" classname=".github/workflows/ci.yml" file=".github/workflows/ci.yml" line="9">
              <failure type="error" message="an expression runs as shell code">an expression runs as shell code</failure>
            </testcase>
          </testsuite>
          <testsuite name="cicd.yml" tests="2" failures="1" errors="0">
            <testcase name="unknown-key at 2:1" classname="cicd.yml" file="cicd.yml" line="2">
              <failure type="error" message="`enviroments` is no key of the manifest">`enviroments` is no key of the manifest&#10;help: did you mean `environments`?</failure>
            </testcase>
            <testcase name="no-gates at 3:3" classname="cicd.yml" file="cicd.yml" line="3">
              <system-out>nothing has to hold before a deploy</system-out>
            </testcase>
          </testsuite>
        </testsuites>
        "#);
    }

    #[test]
    fn no_findings_are_no_suites() {
        assert_eq!(
            rendered(&Diagnostics::new(), &Sources::new()),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <testsuites name=\"cicd\" tests=\"0\" failures=\"0\" errors=\"0\">\n</testsuites>\n"
        );
    }

    #[test]
    fn nothing_ends_an_attribute_or_an_element() {
        let message = "\"</failure><x a='\u{1}'>&\n";
        let text = rendered(&Diagnostic::error("a", message).into(), &Sources::new());
        assert!(
            text.contains("&quot;&lt;/failure&gt;&lt;x a='\u{fffd}'&gt;&amp;&#10;"),
            "{text}"
        );
    }
}
