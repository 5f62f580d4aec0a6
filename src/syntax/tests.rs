//! Text in, tree or diagnostics out.

mod errors;
mod hostile;
mod places;
mod properties;
mod values;

use crate::source::{Source, SourceId, Span};
use crate::syntax::{Parsed, Tree, parse};

/// Returns the tree of a text that has nothing wrong with it.
fn tree(text: &str) -> Tree {
    let Parsed {
        document,
        diagnostics,
    } = parse(SourceId(0), text);
    assert!(diagnostics.is_empty(), "{text:?}: {diagnostics:#?}");
    let tree = document.unwrap();
    assert!(tree.is_complete());
    tree
}

/// Returns a span as `line:column-line:column`.
fn place(text: &str, span: Span) -> String {
    let source = Source::new("x", text).unwrap();
    format!(
        "{}-{}",
        source.position(span.start),
        source.position(span.end)
    )
}

/// Returns each diagnostic as its place, code and words.
fn complaints(text: &str) -> String {
    let mut lines = Vec::new();
    for diagnostic in parse(SourceId(0), text).diagnostics {
        let at = place(text, diagnostic.primary.unwrap().span);
        lines.push(format!("{at} {}: {}", diagnostic.code, diagnostic.message));
        for label in diagnostic.labels {
            lines.push(format!(
                "  {} {}",
                place(text, label.location.span),
                label.text
            ));
        }
        lines.extend(diagnostic.help.map(|help| format!("  help: {help}")));
    }
    lines.join("\n")
}

/// Returns the codes of a text's diagnostics.
fn codes(text: &str) -> Vec<&'static str> {
    let diagnostics = parse(SourceId(0), text).diagnostics;
    diagnostics
        .iter()
        .map(|diagnostic| diagnostic.code)
        .collect()
}
