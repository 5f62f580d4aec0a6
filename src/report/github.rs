//! Annotations: a workflow command for each, which the runner reads from the log.
//!
//! GitHub shows ten errors, ten warnings and ten notices of a step and drops the
//! rest without a word; all of them stand in the step's log.

use std::io::{self, Write};

use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::report::paragraphs;
use crate::source::Sources;

pub(super) fn write(
    out: &mut dyn Write,
    diagnostics: &Diagnostics,
    sources: &Sources,
) -> io::Result<()> {
    for one in diagnostics {
        let command = match one.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let properties = properties(one, sources);
        let message = data(&paragraphs(one));
        writeln!(out, "::{command} {properties}title={}::{message}", one.code)?;
    }
    Ok(())
}

fn properties(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let Some((source, start, end)) = diagnostic.primary.and_then(|place| sources.resolve(place))
    else {
        return String::new();
    };
    let file = property(source.name());
    let lines = format!("file={file},line={},endLine={}", start.line, end.line);
    // Columns mean nothing to GitHub when a place has several lines.
    if start.line != end.line {
        return format!("{lines},");
    }
    let (start, end) = (start.column, end.column);
    format!("{lines},col={start},endColumn={end},")
}

/// Escapes what ends a command.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Escapes what ends a property, too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::canned::canned;
    use crate::source::{Location, Source, Span};

    fn rendered(diagnostics: &Diagnostics, sources: &Sources) -> String {
        let mut out = Vec::new();
        write(&mut out, diagnostics, sources).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_canned_diagnostics() {
        let (sources, diagnostics) = canned();
        insta::assert_snapshot!(rendered(&diagnostics, &sources), @"
        ::error title=io::`missing.yml` cannot be read: no such file%0Ahelp: check the path
        ::warning file=.github/workflows/ci.yml,line=7,endLine=7,col=15,endColumn=34,title=unpinned-action::`actions/checkout@v4` can change under you%0Anote: whoever moves the tag `v4` runs code with this job's token%0Ahelp: pin the commit; `cicd lint --fix` writes it with the tag as a comment
        ::error file=.github/workflows/ci.yml,line=9,endLine=9,col=24,endColumn=39,title=template-injection::an expression runs as shell code
        ::error file=cicd.yml,line=2,endLine=2,col=1,endColumn=12,title=unknown-key::`enviroments` is no key of the manifest%0Ahelp: did you mean `environments`?
        ::notice file=cicd.yml,line=3,endLine=4,title=no-gates::nothing has to hold before a deploy
        ");
    }

    #[test]
    fn nothing_in_a_name_or_message_begins_another_command() {
        let mut sources = Sources::new();
        let name = "a,b::c\n::error::100%.yml";
        let id = sources.add(Source::new(name, "x").unwrap());
        let place = Location::new(id, Span::new(0, 1));
        let found = Diagnostic::warning("some-rule", "100%\r\n::error::x").at(place);
        assert_eq!(
            rendered(&found.into(), &sources),
            "::warning file=a%2Cb%3A%3Ac%0A%3A%3Aerror%3A%3A100%25.yml,line=1,endLine=1,col=1,\
             endColumn=2,title=some-rule::100%25%0D%0A::error::x\n"
        );
    }
}
