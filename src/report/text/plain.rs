//! The usual block without the renderer: one mark on one line, nothing but ASCII.
//!
//! Nearly all findings are such, and thousands of them are told as soon as they are found. The
//! tests hold this equal to what the renderer writes; whatever is unusual is left to it.

use std::fmt::Write;

use crate::diagnostics::Diagnostic;
use crate::source::{Source, Sources, Span};

use super::{LONGEST_EXCERPT, around, first_line};

/// The renderer shows shorter lines as they are.
const LONGEST_LINE: usize = 100;

/// Returns the block with an empty line, if nothing about it is unusual.
pub(super) fn block(diagnostic: &Diagnostic, sources: &Sources) -> Option<String> {
    let place = diagnostic.primary?;
    let source = sources.get(place.source)?;
    let words = [source.name(), &diagnostic.message];
    let more = diagnostic.notes.iter().chain(&diagnostic.help);
    let is_usual = diagnostic.labels.is_empty()
        && words.into_iter().all(is_simple)
        && more.map(String::as_str).all(is_simple);
    if !is_usual {
        return None;
    }
    let start = source.position(place.span.start);
    let marked = first_line(source, place.span);
    let line = source.slice(source.line_span(start.line)?);
    if !fits(source, start.line, line) || marked.is_empty() {
        return None;
    }
    let number = start.line.to_string();
    let gutter = number.len();
    let mut text = String::with_capacity(400);
    let Diagnostic { code, message, .. } = diagnostic;
    let severity = diagnostic.severity.as_str();
    let before = start.column as usize - 1;
    let under = "^".repeat(marked.range().len());
    let (name, column) = (source.name(), start.column);
    write!(
        text,
        "{severity}[{code}]: {message}\n\
         {:gutter$}--> {name}:{number}:{column}\n\
         {:gutter$} |\n\
         {number} | {line}\n\
         {:gutter$} | {:before$}{under}\n",
        "", "", "", ""
    )
    .ok()?;
    let notes = diagnostic.notes.iter().map(|note| ("note", note));
    let help = diagnostic.help.iter().map(|help| ("help", help));
    for (at, (word, said)) in notes.chain(help).enumerate() {
        if at == 0 {
            writeln!(text, "{:gutter$} |", "").ok()?;
        }
        writeln!(text, "{:gutter$} = {word}: {said}", "").ok()?;
    }
    text.push('\n');
    Some(text)
}

fn is_simple(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// Whether the renderer would show the line as it is, and show it at all.
fn fits(source: &Source, number: u32, line: &str) -> bool {
    let (first, last) = around(source, number);
    let (Some(first), Some(last)) = (source.line_span(first), source.line_span(last)) else {
        return false;
    };
    let excerpt = Span::new(first.start, last.end);
    excerpt.range().len() <= LONGEST_EXCERPT as usize
        && line.len() <= LONGEST_LINE
        && is_simple(line)
        && !line.ends_with(' ')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::report::Color;
    use crate::report::canned::one;
    use crate::report::text::rendered;

    /// Returns both forms of a finding in a text.
    fn both(
        text: &str,
        span: Span,
        notes: &[&str],
        help: Option<&str>,
    ) -> (Option<String>, String) {
        let (sources, found) = one(text, span);
        let mut found = found.into_iter().next().unwrap();
        found.notes = notes.iter().map(|note| (*note).to_owned()).collect();
        found.help = help.map(str::to_owned);
        let plain = block(&found, &sources);
        (plain, rendered(Color::Never, &found, &sources))
    }

    #[test]
    fn usual_blocks_are_those_of_the_renderer() {
        let long = "x: y\n".repeat(120);
        for (text, span) in [
            ("a: b\n", Span::new(0, 1)),
            ("a: b", Span::new(3, 4)),
            ("  a: b\n\n\nc: d", Span::new(2, 5)),
            ("a:\n  b: c\n  d: e\n", Span::new(5, 15)),
            ("a: b\r\nc: d\r\n", Span::new(6, 10)),
            (long.as_str(), Span::new(55, 56)),
            (long.as_str(), Span::new(598, 599)),
        ] {
            for (notes, help) in [
                (&[][..], None),
                (&["why"], None),
                (&["why", "and how"], Some("do so")),
            ] {
                let (plain, rendered) = both(text, span, notes, help);
                assert_eq!(plain.as_deref(), Some(rendered.as_str()), "{text:?}");
            }
        }
    }

    #[test]
    fn the_unusual_is_left_to_the_renderer() {
        let wide = format!("a: {}\n", "b".repeat(120));
        for (text, span) in [
            ("é: b\n", Span::new(0, 2)),
            ("a: b\n", Span::at(1)),
            ("a:\tb\n", Span::new(0, 1)),
            ("a: b \n", Span::new(0, 1)),
            (wide.as_str(), Span::new(0, 1)),
        ] {
            assert_eq!(both(text, span, &[], None).0, None, "{text:?}");
        }
        assert_eq!(
            both("a: b\n", Span::new(0, 1), &["two\nlines"], None).0,
            None
        );
    }

    proptest! {
        #[test]
        fn what_is_written_is_what_the_renderer_writes(
            text in "([ -~]{0,30}(\n|\r\n|\r)){0,9}[ -~\té]{0,12}",
            at in 0..200_usize,
            length in 0..40_usize,
            note in "[ -~]{1,20}",
        ) {
            let start = text.floor_char_boundary(at.min(text.len()));
            let end = text.floor_char_boundary((start + length).min(text.len()));
            let (plain, rendered) = both(&text, Span::of(start..end), &[&note], None);
            if let Some(plain) = plain {
                prop_assert_eq!(plain, rendered);
            }
        }
    }
}
