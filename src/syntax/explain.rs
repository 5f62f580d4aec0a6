//! The words for what is wrong with a YAML text.

use granit_parser::{ErrorKind, ScanError};

use crate::diagnostics::Diagnostic;
use crate::source::{Location, SourceId, Span};

/// What was read before an error.
pub(super) struct Before {
    /// The newest node.
    pub(super) span: Span,
    /// Whether that is a plain scalar.
    pub(super) is_plain: bool,
    /// Whether that is the value of a key.
    pub(super) is_value: bool,
}

/// Returns an error of the parser in the user's words; the source id is still to be set.
pub(super) fn explain(error: &ScanError, text: &str, before: Before) -> Diagnostic {
    let offset = error
        .marker()
        .byte_offset()
        .unwrap_or(text.len())
        .min(text.len());
    let _ = (before, text);
    Diagnostic::error("yaml-syntax", error.info())
        .at(Location::new(SourceId(0), Span::at(offset as u32)))
}

pub(super) fn too_deep() -> Diagnostic {
    Diagnostic::error("too-deep", "values are nested more than 255 deep")
        .help("nest less; lists of lists rarely mean what they seem to")
}

pub(super) fn too_many_nodes() -> Diagnostic {
    Diagnostic::error("too-many-nodes", "the file holds more than 1000000 values")
        .note("an alias counts as much as the value it stands for")
        .help("split the file, or use fewer aliases to large values")
}

pub(super) fn recursive_alias(alias: &str) -> Diagnostic {
    let alias = shorten(alias);
    Diagnostic::error(
        "recursive-alias",
        format!("the alias `{alias}` stands inside its own anchor"),
    )
    .note("the value would contain itself without end")
    .help("name another anchor, or write the value out")
}

pub(super) fn unknown_alias(name: &str, nearest: Option<&str>) -> Diagnostic {
    let name = shorten(name);
    let diagnostic = Diagnostic::error(
        "unknown-alias",
        format!("no anchor `&{name}` stands before this alias"),
    );
    match nearest {
        Some(nearest) => diagnostic.help(format!("did you mean `*{nearest}`?")),
        None => diagnostic
            .note("an unquoted value that begins with `*` is an alias")
            .help(format!("write `'*{name}'` in quotes if text is meant")),
    }
}

pub(super) fn second_document() -> Diagnostic {
    Diagnostic::error("several-documents", "a second document begins here")
        .note("only the first document of a file is read")
        .help("remove the `---`, or move what follows into a file of its own")
}

/// Returns a text of the user's that is short enough to stand in a message.
pub(super) fn shorten(text: &str) -> String {
    const LONGEST: usize = 60;
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None if line.len() < text.len() => format!("{line}…"),
        None => line.to_owned(),
    }
}
