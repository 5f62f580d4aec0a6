//! Lines into blocks of a YAML text, and where the lines of a block are.

use std::ops::Range;

use crate::syntax::{Entry, Node, Style};

/// Where blank lines at the end of what is there come to stand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    /// Behind the new entries.
    Before,
    /// Before them, as part of the last value.
    After,
}

/// Returns the text with lines added to the block below a key, made for the column that they get;
/// nothing where the value cannot hold them.
pub(super) fn below(
    text: &str,
    entry: Entry<'_>,
    gap: Gap,
    lines: &dyn Fn(usize) -> String,
) -> Option<Added> {
    let key = column(text, entry.key.span().start);
    let value = entry.value;
    let plain = !value.is_alias() && value.anchor().is_none() && value.tag().is_none();
    let is_empty = value.is_null() || (value.as_str().is_none() && value.entries().len() == 0);
    if value.is_omitted() || (plain && is_empty) {
        // `workflows:` or `workflows: {}`, with a comment perhaps.
        let colon = behind_colon(text, entry.key);
        let end = if value.is_omitted() {
            colon
        } else {
            value.span().end as usize
        };
        let line = end_of_line(text, end);
        let head = format!("{}{}", &text[..colon], text[end..line].trim_end());
        return Some(Added::Whole(join(
            text,
            &head,
            &lines(key + 2),
            &text[line..],
        )));
    }
    if !plain || value.entries().len() == 0 {
        return None;
    }
    if value.style() == Style::Flow {
        return unfolded(text, value, key + 2).map(Added::Unfolded);
    }
    let first = value.entries().next()?;
    let indent = column(text, first.key.span().start);
    let end = end_of_block(text, value.span().end as usize, key);
    Some(Added::Whole(at_the_end(text, end, &lines(indent), gap)))
}

/// A text to which lines were to be added.
pub(super) enum Added {
    /// They were.
    Whole(String),
    /// Brackets became a block first, to which they can be added now.
    Unfolded(String),
}

/// Puts new lines behind those before `end`, which is the end of a line or of the text.
pub(super) fn at_the_end(text: &str, end: usize, new: &str, gap: Gap) -> String {
    let (head, rest) = text.split_at(end);
    let bare = head.trim_end_matches(['\n', '\r', ' ', '\t']);
    match gap {
        Gap::Before => {
            let blank = &head[bare.len()..];
            let behind = blank.find('\n').map(|at| &blank[at + 1..]);
            // Behind a block that keeps its last lines, one more would be its, too.
            let behind = behind.filter(|_| !keeps_lines(new)).unwrap_or_default();
            let rest = if rest.is_empty() {
                String::new()
            } else {
                format!("\n{behind}{rest}")
            };
            join(text, bare, &format!("\n{new}"), &rest)
        }
        Gap::After => {
            let head = head.strip_suffix('\n').unwrap_or(head);
            let head = head.strip_suffix('\r').unwrap_or(head);
            let rest = if rest.is_empty() {
                String::new()
            } else {
                format!("\n{rest}")
            };
            join(text, head, new, &rest)
        }
    }
}

/// A head without its last line break, new lines that end in one, and what begins with one.
fn join(text: &str, head: &str, new: &str, rest: &str) -> String {
    let broken = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let new = new.strip_suffix('\n').unwrap_or(new).replace('\n', broken);
    let head = head.strip_suffix('\r').unwrap_or(head);
    let rest = if rest.is_empty() { broken } else { rest };
    let rest = match rest.strip_prefix('\n') {
        Some(behind) => format!("{broken}{behind}"),
        None => rest.to_owned(),
    };
    format!("{head}{broken}{new}{rest}")
}

/// Whether lines end in blank ones, which only a block that keeps them has there.
pub(super) fn keeps_lines(lines: &str) -> bool {
    lines.ends_with("\n\n")
}

/// A text with a mapping in brackets as a block; nothing if that takes more than moving its entries.
fn unfolded(text: &str, mapping: Node<'_>, indent: usize) -> Option<String> {
    let span = mapping.span();
    if text.get(span.range())?.contains(['\n', '#']) {
        return None;
    }
    let mut block = text[..span.start as usize].trim_end_matches(' ').to_owned();
    for entry in mapping.entries() {
        let (key, value) = (entry.key.span(), entry.value.span());
        let entry = text.get(key.start as usize..value.end.max(key.end) as usize)?;
        block.push_str(&format!("\n{}{entry}", blanks(indent)));
    }
    block.push_str(&text[span.end as usize..]);
    Some(block)
}

/// The lines that an entry of a block has for itself, with what stands further in behind it.
pub(super) fn own_lines(text: &str, entry: Entry<'_>) -> Option<Range<usize>> {
    let start = entry.key.span().start as usize;
    let key = column(text, entry.key.span().start);
    let before = &text[start - key..start];
    let end = entry.value.span().end.max(entry.key.span().end);
    let end = end_of_block(text, end as usize, key);
    before.trim().is_empty().then_some(start - key..end)
}

/// Where the lines of a block end whose key stands at a column: behind what is further in.
fn end_of_block(text: &str, end: usize, key: usize) -> usize {
    let mut at = end_of_line(text, end);
    let mut last = next_line(text, at);
    at = last;
    while at < text.len() {
        let line = &text[at..end_of_line(text, at)];
        let blank = line.trim().is_empty();
        if !blank && line.len() - line.trim_start_matches(' ').len() <= key {
            break;
        }
        at = next_line(text, end_of_line(text, at));
        last = at;
    }
    last
}

/// Where the value of a key may begin.
pub(super) fn behind_colon(text: &str, key: Node<'_>) -> usize {
    let end = key.span().end as usize;
    text[end..].find(':').map_or(end, |colon| end + colon + 1)
}

fn end_of_line(text: &str, at: usize) -> usize {
    text[at..]
        .find('\n')
        .map_or(text.len(), |length| at + length)
}

fn next_line(text: &str, end: usize) -> usize {
    (end + 1).min(text.len())
}

pub(super) fn column(text: &str, at: u32) -> usize {
    let before = &text[..at as usize];
    let line = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    before[line..].trim_start_matches('\u{feff}').len()
}

pub(super) fn blanks(count: usize) -> String {
    " ".repeat(count)
}
