//! The words for what is wrong with a YAML text.
//!
//! The parser's errors name what its grammar expected; people want to know what
//! they mistyped. Places given here are of the text that is being read.

use granit_parser::{ErrorKind, ScanError};

use crate::diagnostics::Diagnostic;
use crate::source::Span;
use crate::syntax::refuse;

const SYNTAX: &str = "yaml-syntax";

/// What was read before an error.
#[derive(Clone, Copy)]
pub(super) struct Before {
    /// The newest node.
    pub(super) span: Span,
    /// Whether that is a plain scalar.
    pub(super) is_plain: bool,
    /// Whether that is the value of a key.
    pub(super) is_value: bool,
    /// Where the last comment ends.
    pub(super) comment_end: u32,
}

/// Returns an error of the parser in the user's words, and its place.
pub(super) fn explain(error: &ScanError, text: &str, before: Before) -> (Diagnostic, Span) {
    let offset = error.marker().byte_offset().unwrap_or(text.len());
    let offset = text.floor_char_boundary(offset);
    let here = character(text, offset);
    match error.kind() {
        kind if is_tab(kind) => tab(text, offset),
        ErrorKind::ExpectedFlowSequenceSeparator | ErrorKind::ExpectedFlowMappingSeparator
            if begins_expression(text, offset) =>
        {
            bare_expression(text, offset - 1)
        }
        ErrorKind::MappingValueNotAllowed => colon(text, offset, before),
        ErrorKind::SimpleKeyExpected => no_colon(text, offset),
        ErrorKind::ExpectedBlockSequenceEntry => (no_item(), line(text, offset)),
        ErrorKind::ExpectedBlockMappingKey | ErrorKind::ExpectedDocumentStart => {
            (misfit(&text[offset..]), line(text, offset))
        }
        ErrorKind::UnexpectedCharacter { character } => (unexpected(*character), here),
        ErrorKind::RecursionLimitExceeded => (refuse::too_deep(), here),
        ErrorKind::UnclosedQuotedScalar => (unclosed_quote(), here),
        ErrorKind::InvalidQuotedScalarIndent => {
            (outdented_quote(), opening_quote(text, offset, before))
        }
        ErrorKind::DocumentIndicatorInQuotedScalar => {
            (unclosed_quote(), opening_quote(text, offset, before))
        }
        kind => brackets(kind)
            .or_else(|| values(kind))
            .map_or_else(|| (other(kind), here), |diagnostic| (diagnostic, here)),
    }
}

fn is_tab(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabInPlainScalar
            | ErrorKind::TabAtBlockScalarStart
    )
}

/// The parser may point at what begins before the tab, or just behind it.
fn tab(text: &str, offset: usize) -> (Diagnostic, Span) {
    let line = text[..offset].rfind(['\n', '\r']).map_or(0, |end| end + 1);
    let indentation = text[line..].find(|c| c != ' ' && c != '\t');
    let indentation = &text[line..indentation.map_or(text.len(), |length| line + length)];
    let at = match indentation.find('\t') {
        Some(tab) => Some(line + tab),
        None => text[offset..].find('\t').map(|tab| offset + tab),
    };
    let diagnostic = Diagnostic::error(SYNTAX, "a tab is used for indentation")
        .note("YAML indents with spaces only, since a tab is of no certain width")
        .help("replace the tab by spaces");
    (diagnostic, character(text, at.unwrap_or(offset)))
}

/// Whether an opening brace is the first one of `${{`.
fn begins_expression(text: &str, brace: usize) -> bool {
    text[..brace].ends_with('$') && text[brace..].starts_with("{{")
}

/// An expression between brackets without quotes.
fn bare_expression(text: &str, start: usize) -> (Diagnostic, Span) {
    let place = line(text, start);
    let rest = &text[place.range()];
    let end = rest.find("}}").map_or(rest.len(), |end| end + 2);
    let message = "an expression stands between brackets without quotes";
    let diagnostic = Diagnostic::error(SYNTAX, message)
        .note("between brackets, each `{` of an unquoted value begins a mapping")
        .help(format!(
            "put quotes around the whole value: `\"{}\"`",
            shorten(&rest[..end])
        ));
    (diagnostic, span(start, start + end))
}

/// A `:` where no key can end.
fn colon(text: &str, offset: usize, before: Before) -> (Diagnostic, Span) {
    let here = character(text, offset);
    let scalar = text.get(before.span.range()).unwrap_or_default();
    let Some((first, rest)) = scalar.split_once(['\n', '\r']) else {
        let diagnostic = Diagnostic::error(SYNTAX, "a second `: ` stands on one line")
            .note("unquoted, `: ` ends a key, and a line has only one")
            .help("put quotes around the whole value, or begin a new line for the key");
        return (diagnostic, here);
    };
    if !before.is_plain {
        return (other(&ErrorKind::MappingValueNotAllowed), here);
    }
    if before.is_value {
        let key = shorten(rest.trim_start());
        let message =
            format!("`{key}` is indented deeper than the key before it, which has a value");
        let diagnostic = Diagnostic::error(SYNTAX, message).help(format!(
            "put `{key}` in the same column as the key before it"
        ));
        let start = before.span.end as usize - rest.trim_start().len();
        return (diagnostic, span(start, offset));
    }
    let start = before.span.start as usize;
    (
        missing_colon(first),
        span(start, start + first.trim_end().len()),
    )
}

fn no_colon(text: &str, offset: usize) -> (Diagnostic, Span) {
    let place = line(text, offset);
    (missing_colon(&text[place.range()]), place)
}

fn missing_colon(line: &str) -> Diagnostic {
    let line = line.split(" #").next().unwrap_or_default();
    let line = shorten(line.trim_end());
    let diagnostic = Diagnostic::error(SYNTAX, format!("`{line}` is no key: no `: ` follows it"));
    match line.split_once(':') {
        Some((key, value)) if value.starts_with(char::is_alphanumeric) => {
            diagnostic.help(format!("put a space behind the colon: `{key}: {value}`"))
        }
        _ => diagnostic.help(format!(
            "write `{line}:`, or indent the line if it continues a value"
        )),
    }
}

/// A line whose indentation fits to none of the collections that are open.
fn misfit(rest: &str) -> Diagnostic {
    let rest = rest.lines().next().unwrap_or_default();
    let is_item = rest == "-" || rest.starts_with("- ");
    let message = if is_item {
        "this list item stands in the column of no list"
    } else {
        "this line stands in the column of no key or list item before it"
    };
    Diagnostic::error(SYNTAX, message)
        .note("keys of one mapping, and the `-` of one list, stand in the same column")
        .help("change the indentation so that the line begins exactly below its neighbours")
}

/// A line in the column of a list that is no item of it.
fn no_item() -> Diagnostic {
    let message = "this line stands in the column of a list, but is no item of it";
    Diagnostic::error(SYNTAX, message)
        .note("a list ends where a line is indented less than its `-`")
        .help("begin the line with `- `, or indent it so that it belongs to the item before it")
}

fn unexpected(character: char) -> Diagnostic {
    let code = u32::from(character);
    if character.is_control() {
        let message = format!("the control character U+{code:04X} is not allowed in YAML");
        return Diagnostic::error(SYNTAX, message).help(format!(
            "remove it, or write `\\u{code:04X}` between double quotes"
        ));
    }
    let message = match character {
        '`' => String::from("no unquoted value may begin with a backtick"),
        other => format!("no unquoted value may begin with `{other}`"),
    };
    Diagnostic::error(SYNTAX, message).help("put quotes around the value")
}

const CLOSE_QUOTE: &str =
    "close the quote; within `'…'` write `''` for one quote, within `\"…\"` write `\\\"`";

fn unclosed_quote() -> Diagnostic {
    Diagnostic::error(SYNTAX, "this quote is never closed").help(CLOSE_QUOTE)
}

/// Either the closing quote is missing, or the lines before it need blanks.
fn outdented_quote() -> Diagnostic {
    Diagnostic::error(
        SYNTAX,
        "this quote is not closed before the indentation ends",
    )
    .note("lines that continue a quoted value are indented deeper than its key")
    .help(CLOSE_QUOTE)
}

/// Returns the quote after what was read last, in which the parser was caught.
fn opening_quote(text: &str, offset: usize, before: Before) -> Span {
    let read = before.span.end.max(before.comment_end);
    let start = (read as usize).min(offset);
    match text[start..offset].find(['"', '\'']) {
        Some(quote) => character(text, start + quote),
        None => character(text, offset),
    }
}

fn brackets(kind: &ErrorKind) -> Option<Diagnostic> {
    let (message, help) = match kind {
        ErrorKind::UnclosedFlowCollection { open } => (
            format!("this `{open}` is never closed"),
            format!(
                "close it with `{}`, or put the value in quotes if text is meant",
                closing(*open)
            ),
        ),
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => (
            format!("this `{open}` is closed by `{close}`"),
            format!("close it with `{}`", closing(*open)),
        ),
        ErrorKind::MisplacedFlowCollectionEnd => (
            String::from("this bracket closes nothing"),
            String::from("remove it, or put the value in quotes if text is meant"),
        ),
        ErrorKind::ExpectedFlowSequenceSeparator | ErrorKind::ExpectedFlowMappingSeparator => (
            String::from("something stands here between brackets without a comma before it"),
            String::from("put a comma between the values, or close the bracket before this"),
        ),
        ErrorKind::InvalidColonPlacement => (
            String::from("a `:` stands between brackets where no key can end"),
            String::from(
                "close the bracket that was opened before, or put quotes around the value",
            ),
        ),
        ErrorKind::BlockEntryInFlowCollection => (
            String::from("a list item with `-` stands between brackets"),
            String::from("separate values between brackets by commas, without `-`"),
        ),
        _ => return None,
    };
    Some(Diagnostic::error(SYNTAX, message).help(help))
}

fn closing(open: char) -> char {
    if open == '[' { ']' } else { '}' }
}

fn values(kind: &ErrorKind) -> Option<Diagnostic> {
    let (message, help) = match kind {
        ErrorKind::BlockSequenceEntryNotAllowed => (
            "a list cannot begin on the line of its key",
            "begin the list on the next line, or put the value in quotes if text is meant",
        ),
        ErrorKind::InvalidTrailingSingleQuotedScalar
        | ErrorKind::InvalidTrailingDoubleQuotedScalar => (
            "text follows the closing quote",
            "put the quotes around the whole value, in the other kind of quotes if it holds some",
        ),
        ErrorKind::UnknownQuotedScalarEscape => (
            "a `\\` between these double quotes begins no known escape",
            "write `\\\\` for a backslash, or use single quotes, which know no escapes",
        ),
        ErrorKind::MissingAnchorOrAliasName => (
            "no name follows this `&` or `*`",
            "put the value in quotes if text is meant",
        ),
        ErrorKind::UndeclaredTagHandle
        | ErrorKind::InvalidTagTerminator
        | ErrorKind::MissingTagUri => (
            "an unquoted value that begins with `!` is a tag, and this is none",
            "put the value in quotes if text is meant",
        ),
        ErrorKind::InvalidBlockScalarHeader => (
            "text stands on the line of `|` or `>`",
            "begin the text on the next line, indented",
        ),
        ErrorKind::CommentNotSeparated => (
            "a `#` follows without a space",
            "put a space before `#` if a comment is meant, else quotes around the value",
        ),
        _ => return None,
    };
    Some(Diagnostic::error(SYNTAX, message).help(help))
}

/// Returns the parser's own words for what people rarely do.
fn other(kind: &ErrorKind) -> Diagnostic {
    Diagnostic::error(SYNTAX, format!("no valid YAML: {kind}"))
        .help("check quotes and indentation here and on the line before")
}

/// Returns a text of the user's that is short enough to stand in a message.
pub(super) fn shorten(text: &str) -> String {
    const LONGEST: usize = 60;
    let line = text.split(['\n', '\r']).next().unwrap_or_default();
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None if line.len() < text.len() => format!("{line}…"),
        None => line.to_owned(),
    }
}

/// Returns the span of the character at an offset; empty at the end of the text.
pub(super) fn character(text: &str, offset: usize) -> Span {
    let width = text[offset..].chars().next().map_or(0, char::len_utf8);
    span(offset, offset + width)
}

/// Returns the rest of the line at an offset, without blanks at its end.
pub(super) fn line(text: &str, offset: usize) -> Span {
    let rest = text[offset..]
        .split(['\n', '\r'])
        .next()
        .unwrap_or_default();
    span(offset, offset + rest.trim_end().len())
}

pub(super) fn span(start: usize, end: usize) -> Span {
    let to_u32 = |offset| u32::try_from(offset).unwrap_or(u32::MAX);
    Span::new(to_u32(start), to_u32(end))
}
