//! Texts whose lines end in CR LF, read as if they ended in LF alone.

use crate::source::{SourceId, Span};
use crate::syntax::build::to_u32;
use crate::syntax::parse::Parsed;
use crate::syntax::usual::{Usual, read_lines};

/// Reads a text all of whose lines end so.
pub(super) fn read(source: SourceId, text: &str) -> Usual<Parsed> {
    let mut short = String::with_capacity(text.len());
    let mut starts = Vec::new();
    for line in text.split("\r\n") {
        if line.contains(['\r', '\n']) {
            return None;
        }
        if !starts.is_empty() {
            short.push('\n');
        }
        starts.push(to_u32(short.len()));
        short.push_str(line);
    }
    let mut parsed = read_lines(source, &short)?;
    // Their places are those of the shorter text.
    if !parsed.diagnostics.is_empty() {
        return None;
    }
    let tree = parsed.document.as_mut()?;
    // Each line before took a CR away.
    let place = |offset| offset + to_u32(starts.partition_point(|start| *start <= offset)) - 1;
    let moved = |span: Span| Span::new(place(span.start), place(span.end));
    for record in &mut tree.records {
        record.span = moved(record.span);
    }
    for comment in &mut tree.comments {
        comment.span = moved(comment.span);
    }
    Some(parsed)
}
