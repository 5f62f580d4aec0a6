//! A line for each: `path:line:column: severity[code] message`.

use std::io::{self, Write};

use crate::diagnostics::Diagnostics;
use crate::source::Sources;

pub(super) fn write(
    out: &mut dyn Write,
    diagnostics: &Diagnostics,
    sources: &Sources,
) -> io::Result<()> {
    for one in diagnostics {
        if let Some(place) = one.primary {
            write!(out, "{}: ", line(&sources.describe(place)))?;
        }
        let (severity, code) = (one.severity.as_str(), one.code);
        writeln!(out, "{severity}[{code}] {}", line(&one.message))?;
    }
    Ok(())
}

/// Keeps a text on its line: it may quote names that hold line breaks.
fn line(text: &str) -> String {
    let escaped = |c: char| match c.is_control() {
        true => c.escape_default().to_string(),
        false => c.to_string(),
    };
    text.chars().map(escaped).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Diagnostic;
    use crate::report::canned::canned;

    fn rendered(diagnostics: &Diagnostics, sources: &Sources) -> String {
        let mut out = Vec::new();
        write(&mut out, diagnostics, sources).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_canned_diagnostics() {
        let (sources, diagnostics) = canned();
        insta::assert_snapshot!(rendered(&diagnostics, &sources), @"
        error[io] `missing.yml` cannot be read: no such file
        .github/workflows/ci.yml:7:15: warning[unpinned-action] `actions/checkout@v4` can change under you
        .github/workflows/ci.yml:9:24: error[template-injection] an expression runs as shell code
        cicd.yml:2:1: error[unknown-key] `enviroments` is no key of the manifest
        cicd.yml:3:3: note[no-gates] nothing has to hold before a deploy
        ");
    }

    #[test]
    fn a_message_stays_on_its_line() {
        let found = Diagnostics::from(Diagnostic::error("a", "`x\ny` and\u{1b}[31m"));
        assert_eq!(
            rendered(&found, &Sources::new()),
            "error[a] `x\\ny` and\\u{1b}[31m\n"
        );
    }
}
