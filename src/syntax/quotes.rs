//! Quoted values whose further lines are indented less than their key.
//!
//! YAML 1.2 refuses them, and GitHub's reader takes them. So does ours, with a warning, if
//! the text is right in everything else: the value is read by itself, and the rest with
//! blanks in its place, so that every offset stays.

use granit_parser::{Event, Parser};

use crate::diagnostics::Diagnostic;
use crate::source::{Location, SourceId, Span};
use crate::syntax::build::to_u32;
use crate::syntax::parse::{Parsed, read};

/// A value that was read by itself.
pub(super) struct Quoted {
    /// Where its opening quote stands.
    pub(super) start: u32,
    pub(super) value: String,
}

/// More such values in a file are rather a quote that is never closed.
const MAX_QUOTED: usize = 8;

/// Reads a text once more of which the parser refused the value behind this quote.
///
/// Returns nothing if that does not help.
pub(super) fn mend(source: SourceId, text: &str, quote: u32) -> Option<Parsed> {
    let mut blanked = text.to_owned();
    let mut quoted: Vec<Quoted> = Vec::new();
    let mut found: Vec<Span> = Vec::new();
    let mut quote = quote;
    while found.len() < MAX_QUOTED {
        let (span, value) = alone(text, quote)?;
        found.push(span);
        let start = span.start;
        quoted.push(Quoted { start, value });
        let inside = span.start as usize + 1..span.end as usize - 1;
        let blanks = " ".repeat(inside.len());
        blanked.replace_range(inside, &blanks);
        let (mut parsed, refused) = read(source, &blanked, &quoted);
        match refused {
            Some(next) if next > quote => quote = next,
            Some(_) => return None,
            None if parsed.diagnostics.has_errors() => return None,
            None => {
                let places = found.into_iter().map(|span| Location::new(source, span));
                places.for_each(|place| parsed.diagnostics.push(outdented(place)));
                parsed.diagnostics.sort();
                return Some(parsed);
            }
        }
    }
    None
}

/// The value behind a quote, with its place; nothing if it is never closed, or if it is a key.
fn alone(text: &str, quote: u32) -> Option<(Span, String)> {
    let rest = text.get(quote as usize..)?;
    let events = Parser::new_from_str(rest).take(MAX_EVENTS);
    let mut events = events.map_while(Result::ok);
    let scalar = events.find_map(|(event, place)| match event {
        Event::Scalar(value, ..) => Some((value.into_owned(), place.end.byte_offset()?)),
        _ => None,
    });
    let (value, length) = scalar?;
    let end = quote as usize + length;
    let behind = text.get(end..)?.trim_start_matches(' ');
    let is_key = behind.starts_with(':');
    (length > 1 && !is_key).then(|| (Span::new(quote, to_u32(end)), value))
}

/// A stream, a document and perhaps comments begin before the value.
const MAX_EVENTS: usize = 4;

fn outdented(place: Location) -> Diagnostic {
    Diagnostic::warning(
        "yaml-syntax",
        "lines of this value are indented less than its key",
    )
    .at(place)
    .note("GitHub reads them, and other readers of YAML refuse the file")
    .help("indent them deeper than the key, or close the quote if that is what is missing")
}
