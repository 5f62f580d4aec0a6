//! For people: one block per diagnostic with an excerpt, and a line of counts.

mod plain;

use std::borrow::Cow;
use std::io::{self, Write};

use annotate_snippets::{
    Annotation, AnnotationKind, Group, Level, Message, Origin, Renderer, Snippet,
};

use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::parallel;
use crate::report::Color;
use crate::source::{Location, Source, Sources, Span};

/// How many lines around a place the renderer may choose from.
const CONTEXT: u32 = 3;

/// How many blocks a thread makes at a time.
const AT_ONCE: usize = 64;

/// How many bytes a block has, as a rule.
const BLOCK: usize = 400;

/// A longer excerpt shows nobody anything, and minified lines have megabytes.
const LONGEST_EXCERPT: u32 = 4096;

pub(super) fn write(
    out: &mut dyn Write,
    color: Color,
    diagnostics: &Diagnostics,
    sources: &Sources,
) -> io::Result<()> {
    let all: Vec<_> = diagnostics.iter().collect();
    let parts: Vec<_> = all.chunks(AT_ONCE).collect();
    let blocks = parallel::map(&parts, |part| {
        let mut text = String::with_capacity(AT_ONCE * BLOCK);
        part.iter()
            .for_each(|one| block(color, one, sources, &mut text));
        text
    });
    for block in blocks {
        out.write_all(block.as_bytes())?;
    }
    match counts(diagnostics) {
        counts if counts.is_empty() => Ok(()),
        counts => writeln!(out, "{counts}"),
    }
}

/// Writes one block and an empty line.
pub(super) fn write_one(
    out: &mut dyn Write,
    color: Color,
    diagnostic: &Diagnostic,
    sources: &Sources,
) -> io::Result<()> {
    let mut text = String::new();
    block(color, diagnostic, sources, &mut text);
    out.write_all(text.as_bytes())
}

/// Adds one block and an empty line.
fn block(color: Color, diagnostic: &Diagnostic, sources: &Sources, text: &mut String) {
    let simple = match color {
        Color::Never => plain::block(diagnostic, sources, text),
        Color::Always => None,
    };
    if simple.is_none() {
        text.push_str(&rendered(color, diagnostic, sources));
    }
}

fn rendered(color: Color, diagnostic: &Diagnostic, sources: &Sources) -> String {
    let renderer = match color {
        Color::Never => Renderer::plain(),
        Color::Always => Renderer::styled(),
    };
    renderer.render(&[group(diagnostic, sources)]) + "\n\n"
}

/// Returns `2 errors, 1 warning`, or nothing for nothing.
fn counts(diagnostics: &Diagnostics) -> String {
    let counted = [Severity::Error, Severity::Warning, Severity::Note].map(|severity| {
        let word = severity.as_str();
        match diagnostics.count(severity) {
            0 => None,
            1 => Some(format!("1 {word}")),
            many => Some(format!("{many} {word}s")),
        }
    });
    counted.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn group<'d>(diagnostic: &'d Diagnostic, sources: &'d Sources) -> Group<'d> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level
        .primary_title(diagnostic.message.as_str())
        .id(diagnostic.code);
    let mut group = Group::with_title(title);
    for excerpt in excerpts(diagnostic, sources) {
        group = match excerpt.lines() {
            Some(snippet) => group.element(snippet),
            None => group.element(excerpt.origin()),
        };
    }
    group.elements(words(diagnostic))
}

/// Returns why it matters and what to do.
fn words(diagnostic: &Diagnostic) -> impl Iterator<Item = Message<'_>> {
    let notes = diagnostic.notes.iter();
    let notes = notes.map(|note| Level::NOTE.message(note.as_str()));
    let help = diagnostic.help.iter();
    notes.chain(help.map(|help| Level::HELP.message(help.as_str())))
}

/// A mark in an excerpt: its place and, for all but the primary, words.
type Mark<'d> = (Span, Option<&'d str>);

/// A few lines of one source with the marks in them.
struct Excerpt<'d> {
    source: &'d Source,
    first: u32,
    last: u32,
    marks: Vec<Mark<'d>>,
}

/// Returns an excerpt around the diagnostic's place, and others for labels far from it.
fn excerpts<'d>(diagnostic: &'d Diagnostic, sources: &'d Sources) -> Vec<Excerpt<'d>> {
    let primary = diagnostic.primary.iter().map(|place| (*place, None));
    let labels = diagnostic.labels.iter();
    let labels = labels.map(|label| (label.location, Some(label.text.as_str())));
    let mut excerpts: Vec<Excerpt<'_>> = Vec::new();
    for (Location { source: id, span }, words) in primary.chain(labels) {
        let Some(source) = sources.get(id) else {
            continue;
        };
        let line = source.position(span.start).line;
        let mark = (first_line(source, span), words);
        let near = excerpts.iter_mut().find(|excerpt| {
            std::ptr::eq(excerpt.source, source) && (excerpt.first..=excerpt.last).contains(&line)
        });
        match near {
            Some(excerpt) => excerpt.marks.push(mark),
            None => {
                let (first, last) = around(source, line);
                excerpts.push(Excerpt {
                    source,
                    first,
                    last,
                    marks: vec![mark],
                });
            }
        }
    }
    excerpts
}

/// Returns the first and the last of the lines around one.
fn around(source: &Source, line: u32) -> (u32, u32) {
    let first = line.saturating_sub(CONTEXT).max(1);
    let last = line.saturating_add(CONTEXT).min(source.line_count());
    (first, last)
}

/// Returns the part of a span on its first line: lines drawn along a whole mapping hide it.
fn first_line(source: &Source, span: Span) -> Span {
    let line = source.position(span.start).line;
    let line = source.line_span(line);
    line.map_or(span, |line| within(span, line))
}

/// Returns the part of a span on the line where it begins.
fn within(span: Span, line: Span) -> Span {
    Span::new(span.start, span.end.min(line.end).max(span.start))
}

impl<'d> Excerpt<'d> {
    /// Returns the lines with their marks, unless they are too long to be shown.
    fn lines(&self) -> Option<Snippet<'d, Annotation<'d>>> {
        let Span { mut start, .. } = self.source.line_span(self.first)?;
        let Span { end, .. } = self.source.line_span(self.last)?;
        if self.source.text()[start as usize..].starts_with('\u{feff}') {
            start += 3;
        }
        if end.saturating_sub(start) > LONGEST_EXCERPT {
            return None;
        }
        let text = self.source.slice(Span::new(start, end));
        let marks = self.marks.iter().map(|(span, words)| {
            let kind = match words {
                None => AnnotationKind::Primary,
                Some(_) => AnnotationKind::Context,
            };
            let from = span.start.saturating_sub(start) as usize;
            let to = span.end.saturating_sub(start) as usize;
            kind.span(from..to).label(*words)
        });
        Some(
            Snippet::source(last_line(line_feeds(text)))
                .path(self.source.name())
                .line_start(self.first as usize)
                .annotations(marks),
        )
    }

    /// Returns only the place of the first mark.
    fn origin(&self) -> Origin<'d> {
        let origin = Origin::path(self.source.name());
        let Some((span, _)) = self.marks.first() else {
            return origin;
        };
        let start = self.source.position(span.start);
        origin
            .line(start.line as usize)
            .char_column(start.column as usize)
    }
}

/// Makes lone carriage returns line feeds, which end lines for the renderer too.
fn line_feeds(text: &str) -> Cow<'_, str> {
    if !text.contains('\r') {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let ends = text.char_indices().map(|(at, c)| match c {
        '\r' if bytes.get(at + 1) != Some(&b'\n') => '\n',
        other => other,
    });
    Cow::Owned(ends.collect())
}

/// Gives an empty last line the line break without which the renderer does not see it.
fn last_line(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.ends_with('\n') {
        return Cow::Owned(text.into_owned() + "\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::canned::{canned, one};

    fn written(diagnostics: &Diagnostics, sources: &Sources, color: Color) -> String {
        let mut out = Vec::new();
        write(&mut out, color, diagnostics, sources).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_canned_diagnostics() {
        let (sources, diagnostics) = canned();
        insta::assert_snapshot!(written(&diagnostics, &sources, Color::Never), @r#"
        error[io]: `missing.yml` cannot be read: no such file
         |
         = help: check the path

        warning[unpinned-action]: `actions/checkout@v4` can change under you
         --> .github/workflows/ci.yml:7:15
          |
        7 |       - uses: actions/checkout@v4
          |               ^^^^^^^^^^^^^^^^^^^
          |
          = note: whoever moves the tag `v4` runs code with this job's token
          = help: pin the commit; `cicd lint --fix` writes it with the tag as a comment

        error[template-injection]: an expression runs as shell code
         --> .github/workflows/ci.yml:9:24
          |
        8 |       - name: Prüfen
          |               ------ in this step
        9 |         run: echo "${{ github.head_ref }}"
          |                        ^^^^^^^^^^^^^^^
          |
         ::: .github/workflows/ci.yml:2:5
          |
        2 | on: push
          |     ---- anybody can trigger it

        error[unknown-key]: `enviroments` is no key of the manifest
         --> cicd.yml:2:1
          |
        2 | enviroments:
          | ^^^^^^^^^^^
          |
          = help: did you mean `environments`?

        note[no-gates]: nothing has to hold before a deploy
         --> cicd.yml:3:3
          |
        3 |   staging: {}
          |   ^^^^^^^^^^^
          |
         ::: .github/workflows/ci.yml:3:1
          |
        3 | jobs:
          | ---- only these jobs run

        3 errors, 1 warning, 1 note
        "#);
    }

    #[test]
    fn colours_only_on_request() {
        let (sources, diagnostics) = canned();
        assert!(!written(&diagnostics, &sources, Color::Never).contains('\u{1b}'));
        assert!(written(&diagnostics, &sources, Color::Always).contains('\u{1b}'));
    }

    #[test]
    fn nothing_to_say_is_nothing() {
        let nothing = Diagnostics::new();
        assert_eq!(written(&nothing, &Sources::new(), Color::Never), "");
    }

    #[test]
    fn a_line_of_megabytes_is_only_named() {
        let text = format!("é: [{}x]", "a, ".repeat(1_000_000));
        let (sources, diagnostics) = one(&text, Span::new(5, 6));
        insta::assert_snapshot!(written(&diagnostics, &sources, Color::Never), @"
        error[some-rule]: something is wrong
        --> x.yml:1:5

        1 error
        ");
    }

    #[test]
    fn odd_line_breaks_marks_and_controls() {
        let (sources, diagnostics) = one("\u{feff}a: 1\rb: \u{7}2\r\n", Span::new(12, 13));
        insta::assert_snapshot!(written(&diagnostics, &sources, Color::Never), @"
        error[some-rule]: something is wrong
         --> x.yml:2:5
          |
        2 | b: ␇2
          |     ^

        1 error
        ");
    }

    #[test]
    fn the_end_of_the_text_can_be_shown() {
        let (sources, diagnostics) = one("a: [1\n", Span::at(6));
        insta::assert_snapshot!(written(&diagnostics, &sources, Color::Never), @"
        error[some-rule]: something is wrong
         --> x.yml:2:1
          |
        2 |
          | ^

        1 error
        ");
        let (sources, diagnostics) = one("", Span::at(0));
        insta::assert_snapshot!(written(&diagnostics, &sources, Color::Never), @"
        error[some-rule]: something is wrong
         --> x.yml:1:1
          |
        1 |
          | ^

        1 error
        ");
    }
}
