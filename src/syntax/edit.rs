//! Edits of a text that leave the layout and the comments around them as they are.
//!
//! Nodes go in, and edits of the text that they were read from come out; nothing where
//! no edit is sound. An edit through an alias is one of the value that it names.

use crate::diagnostics::Edit;
use crate::source::Span;
use crate::syntax::build::to_u32;
use crate::syntax::node::{Entry, Node};
use crate::syntax::scalar::{Scalar, resolve};
use crate::syntax::tree::Style;
use crate::syntax::write::{Place, double_quoted, fits_plain, needs_escape};

impl Node<'_> {
    /// Returns the edit that gives a scalar another value, in its own quotes where they can stay.
    ///
    /// Values in blocks have none.
    pub fn rewritten(self, value: &str) -> Option<Edit> {
        let node = self.definition();
        let old = node.as_str().filter(|_| !node.is_omitted())?;
        let escapes = value.chars().any(needs_escape);
        let written = match node.style() {
            Style::Plain if stays_plain(old, value) => value.to_owned(),
            Style::Plain | Style::SingleQuoted if !escapes => single_quoted(value),
            Style::Plain | Style::SingleQuoted | Style::DoubleQuoted => double_quoted(value),
            Style::Literal | Style::Folded | Style::Block | Style::Flow => return None,
        };
        Some(Edit::new(node.span(), written))
    }

    /// Returns the edit that puts a text in place of a span of a scalar's value.
    pub fn rewritten_within(self, text: &str, span: Span, new: &str) -> Option<Edit> {
        let node = self.definition();
        let old = node.as_str().filter(|_| !node.is_omitted())?;
        old.get(span.range())?;
        let value = [&old[..span.start as usize], new, &old[span.end as usize..]].concat();
        let exact = node.offset_map(text).and_then(|map| map.span(span));
        if let Some(place) = exact
            && let Some(written) = within(node.style(), old, &value, new)
        {
            return Some(Edit::new(place, written));
        }
        let on_one_line = !node.slice(text).contains(['\n', '\r']);
        on_one_line.then(|| self.rewritten(&value)).flatten()
    }

    /// Returns the edit that takes a scalar's quotes away, by which it becomes a number or the like.
    pub fn unquoted(self) -> Option<Edit> {
        let node = self.definition();
        let quoted = matches!(node.style(), Style::SingleQuoted | Style::DoubleQuoted);
        let value = node.as_str().filter(|_| quoted)?;
        let means = resolve(value) != Scalar::String && fits_plain(value, Place::Flow);
        means.then(|| Edit::new(node.span(), value))
    }

    /// Returns the edit after which a block scalar no longer ends in a line break.
    pub fn stripped(self, text: &str) -> Option<Edit> {
        let node = self.definition();
        let mark = match node.style() {
            Style::Literal => '|',
            Style::Folded => '>',
            _ => return None,
        };
        let before = text.get(..node.span().start as usize)?.trim_end();
        let line = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let at = line + before[line..].rfind(mark)?;
        let header = &before[at + 1..];
        let plain = header.chars().all(|c| c.is_ascii_digit()) && !node.is_omitted();
        plain.then(|| Edit::new(Span::at(to_u32(before.len())), "-"))
    }

    /// Returns the edit that takes a node's tag away.
    pub fn untagged(self, text: &str) -> Option<Edit> {
        let span = self.tag_span()?;
        text.get(span.range())?;
        Some(without_property(self.definition(), text, span))
    }

    /// Returns the edit that takes a node's anchor away.
    pub fn unanchored(self, text: &str) -> Option<Edit> {
        let span = self.anchor_span()?;
        text.get(span.range())?;
        Some(without_property(self.definition(), text, span))
    }

    /// Returns the edit that takes an item, or the entry of a key, out of this collection,
    /// with the lines that it has for itself and the comment behind it.
    ///
    /// The last one that is left stays.
    pub fn without(self, text: &str, child: Node<'_>) -> Option<Edit> {
        // Of another text there is no edit.
        text.get(self.definition().span().range())?;
        let parts = Parts::of(self.definition(), text)?;
        let at = parts.position(child)?;
        if parts.all.len() < 2 {
            return None;
        }
        let span = match self.style() {
            Style::Flow => parts.span_in_flow(at)?,
            _ => parts.span_in_block(at)?,
        };
        Some(Edit::new(span, ""))
    }

    /// Returns the edit that adds an entry to this mapping, behind that of a key.
    ///
    /// `entry` is YAML on one line.
    pub fn with_entry_after(self, text: &str, key: Node<'_>, entry: &str) -> Option<Edit> {
        // Of another text there is no edit.
        text.get(self.definition().span().range())?;
        let parts = Parts::of(self.definition(), text)?;
        let part = parts.entry(key)?;
        if self.style() == Style::Flow {
            return Some(Edit::new(Span::at(part.end), format!(", {entry}")));
        }
        let indent = parts.indent(part)?;
        let Line { end, next, .. } = parts.last_line(part)?;
        // Blank lines at the end of such a block belong to its value.
        if part
            .value
            .as_str()
            .is_some_and(|value| value.ends_with("\n\n"))
        {
            return None;
        }
        Some(if end == next {
            Edit::new(
                Span::at(end),
                format!("{}{indent}{entry}", line_break(text)),
            )
        } else {
            let ending = &text[end as usize..next as usize];
            Edit::new(Span::at(next), format!("{indent}{entry}{ending}"))
        })
    }

    /// Returns the edit that adds an entry to this mapping, before that of a key.
    ///
    /// `entry` is YAML on one line.
    pub fn with_entry_before(self, text: &str, key: Node<'_>, entry: &str) -> Option<Edit> {
        // Of another text there is no edit.
        text.get(self.definition().span().range())?;
        let parts = Parts::of(self.definition(), text)?;
        let part = parts.entry(key).filter(|part| is_bare(part.node))?;
        let between = match self.style() {
            Style::Flow => ", ".to_owned(),
            _ => format!("{}{}", line_break(text), parts.indent(part)?),
        };
        Some(Edit::new(Span::at(part.start), format!("{entry}{between}")))
    }

    fn slice(self, text: &str) -> &str {
        text.get(self.span().range()).unwrap_or_default()
    }
}

/// Whether a value can stand without quotes where another one did.
fn stays_plain(old: &str, new: &str) -> bool {
    // What brackets or a mapping would take for their own may stay where it stood before.
    let special = |c: &char| ",[]{}:".contains(*c);
    let place = if new.chars().filter(special).all(|c| old.contains(c)) {
        Place::Block
    } else {
        Place::Flow
    };
    fits_plain(new, place) && resolve(new) == Scalar::String && new != "..."
}

/// A text as it is written within a scalar of a style; nothing if the scalar must be written anew.
fn within(style: Style, old: &str, value: &str, new: &str) -> Option<String> {
    if new.chars().any(needs_escape) {
        return None;
    }
    match style {
        Style::Plain => stays_plain(old, value).then(|| new.to_owned()),
        Style::SingleQuoted => Some(new.replace('\'', "''")),
        Style::DoubleQuoted => Some(new.replace('\\', "\\\\").replace('"', "\\\"")),
        // A blank at the beginning would be indentation.
        Style::Literal => {
            let begins = !value.starts_with([' ', '\n', '\t']) || old.starts_with([' ', '\n']);
            (begins && !value.trim().is_empty()).then(|| new.to_owned())
        }
        Style::Folded | Style::Block | Style::Flow => None,
    }
}

fn single_quoted(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

/// A tag or an anchor goes with the blanks behind it; at the end of a line, with those before it.
fn without_property(node: Node<'_>, text: &str, span: Span) -> Edit {
    let after = &text[span.end as usize..];
    let rest = after.trim_start_matches([' ', '\t']);
    let between = text.get(span.end as usize..node.span().start as usize);
    let column = |offset: u32| line_before(text, offset).chars().count();
    let mut span = span;
    if between.is_some_and(|between| between.trim().is_empty())
        && column(span.start) == column(node.span().start)
    {
        // The block below a dash comes up to it.
        span.end = node.span().start;
    } else if rest.is_empty() || rest.starts_with(['\n', '\r']) {
        let before = &text[..span.start as usize];
        span.start = to_u32(before.trim_end_matches([' ', '\t']).len());
    } else {
        span.end += to_u32(after.len() - rest.len());
    }
    Edit::new(span, "")
}

fn line_before(text: &str, offset: u32) -> &str {
    let before = &text[..offset as usize];
    let line = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    before[line..].trim_start_matches('\u{feff}')
}

/// The line break of a text: that of its first line.
fn line_break(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

/// An item of a list, or an entry of a mapping.
#[derive(Clone, Copy)]
struct Part<'t> {
    /// The item, or the key.
    node: Node<'t>,
    /// The item, or the value.
    value: Node<'t>,
    start: u32,
    /// Behind the value, or the colon where it is omitted.
    end: u32,
}

/// What a collection holds, and where.
struct Parts<'t, 's> {
    all: Vec<Part<'t>>,
    collection: Node<'t>,
    text: &'s str,
}

impl<'t, 's> Parts<'t, 's> {
    /// Nothing if it cannot be said where each of them ends.
    fn of(collection: Node<'t>, text: &'s str) -> Option<Self> {
        // An item of a list that is a mapping without brackets, `[a: b]`, has no room for more.
        let begins = text.as_bytes().get(collection.span().start as usize);
        if collection.style() == Style::Flow && !matches!(begins, Some(b'[' | b'{')) {
            return None;
        }
        let part = |node: Node<'t>, value: Node<'t>, end: Option<u32>| {
            let start = node.span().start;
            end.map(|end| Part {
                node,
                value,
                start,
                end,
            })
        };
        let items = collection
            .items()
            .map(|item| part(item, item, end_of(text, item)));
        let entries = collection.entries().map(|Entry { key, value }| {
            let end = end(text, collection.style(), key, value);
            part(key, value, end)
        });
        Some(Self {
            all: items.chain(entries).collect::<Option<_>>()?,
            collection,
            text,
        })
    }

    fn entry(&self, key: Node<'_>) -> Option<Part<'t>> {
        let is_mapping = self.collection.entries().len() > 0;
        let at = self.position(key).filter(|_| is_mapping)?;
        Some(self.all[at])
    }

    fn position(&self, child: Node<'_>) -> Option<usize> {
        let span = child.span();
        self.all.iter().position(|part| part.node.span() == span)
    }

    /// What goes from a bracket: up to the next one, or from the end of the one before.
    fn span_in_flow(&self, at: usize) -> Option<Span> {
        let part = self.all[at];
        let span = match self.all.get(at + 1) {
            // A key over lines is taken for one behind a comma only.
            Some(next) if is_bare(next.node) && !self.has_break(next) => {
                Span::new(part.start, next.start)
            }
            Some(_) => return None,
            None => Span::new(self.all[at - 1].end, part.end),
        };
        let last = at + 1 == self.all.len();
        let free = self.comments(span).all(|trailing| trailing && !last);
        (is_bare(part.node) && free).then_some(span)
    }

    /// Whether there is a line break within an item or a key.
    fn has_break(&self, part: &Part<'_>) -> bool {
        part.node.slice(self.text).contains(['\n', '\r'])
    }

    /// What goes from a block: whole lines, or up to the next one where it follows a dash.
    fn span_in_block(&self, at: usize) -> Option<Span> {
        let start = self.begin(self.all[at])?;
        let before = line_before(self.text, start);
        let last = self.last_line(self.all[at])?;
        if before.trim().is_empty() {
            let line = start - to_u32(before.len());
            if last.end == last.next {
                // The last line of the file goes with the line break before it.
                let kept = self.text[..line as usize].trim_end_matches(['\n', '\r']);
                return Some(Span::new(to_u32(kept.len()), last.end));
            }
            return Some(Span::new(line, last.next));
        }
        let next = self.begin(*self.all.get(at + 1)?)?;
        let span = Span::new(start, next);
        let is_first = at == 0 && before.trim_matches([' ', '-']).is_empty();
        let free = self.comments(span).all(|trailing| trailing);
        (is_first && free).then_some(span)
    }

    /// Where a part of a block begins: at the key, or at the dash of the item.
    fn begin(&self, part: Part<'_>) -> Option<u32> {
        let before = line_before(self.text, part.start);
        if self.collection.entries().len() > 0 {
            return before
                .trim_matches([' ', '-'])
                .is_empty()
                .then_some(part.start);
        }
        let dash = before.rfind("- ")?;
        let between = before[dash + 2..].trim_start();
        let is_item = before[..dash].trim_matches([' ', '-']).is_empty();
        let properties = between.is_empty() || between.starts_with(['&', '!']);
        (is_item && properties).then(|| part.start - to_u32(before.len() - dash))
    }

    /// The blanks below which the keys of this block stand.
    fn indent(&self, part: Part<'_>) -> Option<String> {
        let before = line_before(self.text, part.start);
        before
            .trim_matches([' ', '-'])
            .is_empty()
            .then(|| " ".repeat(before.len()))
    }

    /// The line that a part ends in; nothing if another thing than a comment follows there.
    fn last_line(&self, part: Part<'_>) -> Option<Line> {
        let rest = &self.text[part.end as usize..];
        let length = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let (tail, after) = rest.split_at(length);
        let ending = match after.as_bytes() {
            [b'\r', b'\n', ..] => 2,
            [] => 0,
            _ => 1,
        };
        let end = part.end + to_u32(length);
        let free = tail.trim().is_empty() || tail.trim_start().starts_with('#');
        free.then_some(Line {
            end,
            next: end + ending,
        })
    }

    /// The comments within a span: whether each stands behind something.
    fn comments(&self, span: Span) -> impl Iterator<Item = bool> {
        let all = self.collection.comments();
        let first = all.partition_point(|comment| comment.span.start < span.start);
        let inside = all[first..]
            .iter()
            .take_while(move |comment| comment.span.start < span.end);
        inside.map(|comment| comment.trailing)
    }
}

/// Where a line ends, and where the next one begins.
struct Line {
    end: u32,
    next: u32,
}

/// Whether neither a tag nor an anchor stands before what is taken for a node's beginning.
fn is_bare(node: Node<'_>) -> bool {
    node.is_alias() || node.tag().is_none() && node.anchor().is_none()
}

/// Where an entry of a mapping of this style ends; where the value is omitted, behind the colon. Nothing where that cannot
/// be said.
fn end(text: &str, style: Style, key: Node<'_>, value: Node<'_>) -> Option<u32> {
    end_of(text, key)?;
    let behind = key.span().end;
    let ends = end_of(text, value)?;
    // A key behind a `?` has its colon further down, if at all.
    let rest = text.get(behind as usize..)?;
    let is_scalar = value.as_str().is_some() || value.is_alias();
    let Some(after) = rest.trim_start_matches([' ', '\t']).strip_prefix(':') else {
        let is_alone = style == Style::Flow && is_scalar && value.is_omitted();
        return is_alone.then_some(behind);
    };
    Some(match is_scalar && value.is_omitted() {
        true => behind + to_u32(rest.len() - after.len()),
        false => behind.max(ends),
    })
}

/// Where a value ends; a block may end in an entry without a value. Nothing if a tag, an anchor
/// or the mark of a block is all that there is of one: it may stand anywhere below.
fn end_of(text: &str, value: Node<'_>) -> Option<u32> {
    let own = value.span().end;
    if value.is_alias() {
        return Some(own);
    }
    let is_plain = is_bare(value) && value.style() == Style::Plain;
    if value.as_str().is_some() && value.is_omitted() && !is_plain {
        return None;
    }
    if value.style() == Style::Flow {
        return Some(own);
    }
    let end_of_last = match value.entries().last() {
        Some(entry) => Some(end(text, value.style(), entry.key, entry.value)?),
        None => match value.items().last() {
            Some(item) => Some(end_of(text, item)?),
            None => None,
        },
    };
    Some(own.max(end_of_last.unwrap_or_default()))
}

#[cfg(test)]
mod tests;
