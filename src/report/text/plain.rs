//! The usual block without the renderer: one mark on one line, nothing but ASCII.
//!
//! Nearly all findings are such, and thousands of them are told as soon as they are found. The
//! tests hold this equal to what the renderer writes; whatever is unusual is left to it.

use crate::diagnostics::Diagnostic;
use crate::source::{Source, Sources, Span};

use super::{LONGEST_EXCERPT, around, within};

/// The renderer shows shorter lines as they are.
const LONGEST_LINE: usize = 100;

/// As many blanks, and as many marks, as a line that is shown may have.
const BLANKS: &str = match str::from_utf8(&[b' '; LONGEST_LINE]) {
    Ok(blanks) => blanks,
    Err(_) => unreachable!(),
};
const MARKS: &str = match str::from_utf8(&[b'^'; LONGEST_LINE]) {
    Ok(marks) => marks,
    Err(_) => unreachable!(),
};

/// Adds the block with an empty line, if nothing about it is unusual; else nothing.
pub(super) fn block(diagnostic: &Diagnostic, sources: &Sources, text: &mut String) -> Option<()> {
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
    let line = source.line_span(start.line)?;
    let marked = within(place.span, line);
    let line = source.slice(line);
    if !fits(source, start.line, line) || marked.is_empty() {
        return None;
    }
    let before = BLANKS.get(..start.column as usize - 1)?;
    let under = MARKS.get(..marked.range().len())?;
    let (number, column) = (start.line.to_string(), start.column.to_string());
    let gutter = &BLANKS[..number.len()];
    let mut add = |parts: &[&str]| parts.iter().for_each(|part| text.push_str(part));
    let (severity, name) = (diagnostic.severity.as_str(), source.name());
    add(&[
        severity,
        "[",
        diagnostic.code,
        "]: ",
        &diagnostic.message,
        "\n",
    ]);
    add(&[gutter, "--> ", name, ":", &number, ":", &column, "\n"]);
    add(&[gutter, " |\n", &number, " | ", line, "\n"]);
    add(&[gutter, " | ", before, under, "\n"]);
    let notes = diagnostic.notes.iter().map(|note| ("note", note));
    let help = diagnostic.help.iter().map(|help| ("help", help));
    for (at, (word, said)) in notes.chain(help).enumerate() {
        if at == 0 {
            add(&[gutter, " |\n"]);
        }
        add(&[gutter, " = ", word, ": ", said, "\n"]);
    }
    add(&["\n"]);
    Some(())
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
        let mut plain = String::new();
        let plain = block(&found, &sources, &mut plain).map(|()| plain);
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
