//! The words for what is YAML, but more than is read.

use crate::diagnostics::Diagnostic;
use crate::source::Span;
use crate::syntax::build::{MAX_DEPTH, MAX_NODES};
use crate::syntax::explain::{line, shorten, span};

pub(super) fn too_deep() -> Diagnostic {
    let message = format!("values are nested more than {MAX_DEPTH} deep");
    Diagnostic::error("too-deep", message)
        .note("an alias is as deep as the value it stands for")
        .help("close brackets that were left open, or nest less")
}

pub(super) fn too_many_nodes() -> Diagnostic {
    let message = format!("the file holds more than {MAX_NODES} values and comments");
    Diagnostic::error("too-many-nodes", message)
        .note("an alias counts as much as the value it stands for")
        .help("split the file, or use fewer aliases to large values")
}

pub(super) fn recursive_alias(alias: &str) -> Diagnostic {
    let message = format!(
        "the alias `{}` stands inside its own anchor",
        shorten(alias)
    );
    Diagnostic::error("recursive-alias", message)
        .note("the value would contain itself without end")
        .help("name another anchor, or write the value out")
}

pub(super) fn unknown_alias(name: &str, nearest: Option<&str>) -> Diagnostic {
    let name = shorten(name);
    let message = format!("no anchor `&{name}` stands before the alias `*{name}`");
    let diagnostic = Diagnostic::error("unknown-alias", message)
        .note("an unquoted value that begins with `*` is an alias");
    match nearest {
        Some(nearest) => diagnostic.help(format!("did you mean `*{nearest}`?")),
        None => diagnostic.help("put the value in quotes if text is meant"),
    }
}

/// Returns the error about a document that begins at an offset, after another one.
pub(super) fn second_document(text: &str, offset: u32) -> (Diagnostic, Span) {
    let offset = text.floor_char_boundary(offset as usize);
    let (place, help) = if text[offset..].starts_with("---") {
        let help = "remove the `---`, or move what follows into a file of its own";
        (span(offset, offset + 3), help)
    } else {
        let help = "remove the `...` before it, or move what follows into a file of its own";
        (line(text, offset), help)
    };
    let diagnostic = Diagnostic::error("several-documents", "a second document begins here")
        .note("only the first document of a file is read")
        .help(help);
    (diagnostic, place)
}
