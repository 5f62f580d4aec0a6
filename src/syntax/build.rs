//! A tree in the making: what is stored, counted and closed.

use std::borrow::Cow;

use granit_parser::Tag;

use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::source::{Location, SourceId, Span};
use crate::syntax::parse::Parsed;
use crate::syntax::quotes::Quoted;
use crate::syntax::tree::{Children, Data, Pair, Properties, Record, Sign, Style, Text, Tree};
use crate::syntax::{keys, refuse};

/// How deep collections may stand in each other, aliases followed.
pub const MAX_DEPTH: usize = 255;

/// How many nodes and comments a document may have, aliases followed.
pub const MAX_NODES: usize = 1_000_000;

/// More diagnostics help nobody, and a hostile file could ask for a million.
pub(super) const MAX_DIAGNOSTICS: usize = 100;

/// A collection whose end has not come yet.
pub(super) struct Open {
    pub(super) node: u32,
    /// Where its children begin in `Builder::waiting`.
    pub(super) first: usize,
    pub(super) anchor: usize,
    /// `Builder::count` before its children.
    pub(super) before: usize,
    /// How many collections stand in each other below it.
    pub(super) height: usize,
}

/// A node with an anchor.
#[derive(Clone, Copy)]
pub(super) struct Anchored {
    pub(super) node: u32,
    /// Its height and how many nodes it stands for; unknown while it is open.
    pub(super) closed: Option<(usize, usize)>,
}

/// The tree so far and what is still open; `parse.rs` feeds it the events.
pub(super) struct Builder<'s> {
    pub(super) text: &'s str,
    pub(super) tree: Tree,
    pub(super) diagnostics: Diagnostics,
    pub(super) open: Vec<Open>,
    /// The children of all open collections.
    pub(super) waiting: Vec<u32>,
    /// By the parser's number of the anchor.
    pub(super) anchors: Vec<Option<Anchored>>,
    /// Nodes and comments so far, aliases followed.
    pub(super) count: usize,
    pub(super) documents: usize,
    /// Values that are known already, in the order of the text.
    pub(super) quoted: &'s [Quoted],
    /// The quote of a value whose lines are indented too little.
    pub(super) refused: Option<u32>,
}

/// How many bytes of a workflow there are for each node, as a rule.
const BYTES_PER_NODE: usize = 20;

/// And for each key.
const BYTES_PER_PAIR: usize = 30;

/// The reading goes on, or it ends here.
pub(super) type Step = Result<(), Box<Diagnostic>>;

impl<'s> Builder<'s> {
    pub(super) fn new(source: SourceId, text: &'s str, quoted: &'s [Quoted]) -> Self {
        let tree = Tree {
            source,
            records: Vec::with_capacity(text.len() / BYTES_PER_NODE),
            items: Vec::new(),
            pairs: Vec::with_capacity(text.len() / BYTES_PER_PAIR),
            alike: Vec::new(),
            properties: Vec::new(),
            comments: Vec::new(),
            texts: String::with_capacity(text.len() / 2),
            complete: false,
        };
        Self {
            text,
            tree,
            diagnostics: Diagnostics::new(),
            open: Vec::new(),
            waiting: Vec::new(),
            anchors: Vec::new(),
            count: 0,
            documents: 0,
            quoted,
            refused: None,
        }
    }

    /// Ends the innermost open collection.
    pub(super) fn end(&mut self, end: u32) {
        let Some(open) = self.open.pop() else {
            return;
        };
        let (children, last) = self.adopt(open.node, open.first);
        let record = &mut self.tree.records[open.node as usize];
        match &mut record.data {
            Data::Mapping(own) | Data::Sequence(own) => *own = children,
            Data::Scalar { .. } | Data::Alias(_) => {}
        }
        // The parser ends a block only where the next thing begins.
        let end = if record.style == Style::Flow { end } else { 0 };
        record.span.end = record.span.end.max(last).max(end);

        self.anchor(
            open.anchor,
            open.node,
            Some((open.height, self.count - open.before)),
        );
        if let Some(parent) = self.open.last_mut() {
            parent.height = parent.height.max(open.height + 1);
        }
        self.check_keys(open.node);
    }

    /// Moves the children that wait for a collection into the tree, and returns where the last ends.
    fn adopt(&mut self, node: u32, first: usize) -> (Children, u32) {
        let Self { tree, waiting, .. } = self;
        // An error may have cut off the value of the last key.
        let is_mapping = matches!(tree.records[node as usize].data, Data::Mapping(_));
        let cut = if is_mapping {
            (waiting.len() - first) % 2
        } else {
            0
        };
        let children = &waiting[first..waiting.len() - cut];
        let last = children.last();
        let last = last.map_or(0, |child| tree.records[*child as usize].span.end);
        let (start, end) = if is_mapping {
            let start = tree.pairs.len();
            for [key, value] in children.as_chunks().0 {
                let sign = tree.text_of(*key).map_or(Sign::of(""), Sign::of);
                let (key, value) = (*key, *value);
                tree.pairs.push(Pair { key, value, sign });
            }
            (start, tree.pairs.len())
        } else {
            let start = tree.items.len();
            tree.items.extend_from_slice(children);
            (start, tree.items.len())
        };
        waiting.truncate(first);
        let (start, end) = (to_u32(start), to_u32(end));
        (Children { start, end }, last)
    }

    fn check_keys(&mut self, node: u32) {
        let (mut found, mut alike) = (Vec::new(), Vec::new());
        let report = |diagnostic| {
            // One more than are listed, so that `report` says there are more.
            if found.len() <= MAX_DIAGNOSTICS {
                found.push(diagnostic);
            }
        };
        keys::check(self.tree.node(node), report, |one| alike.push(one));
        for diagnostic in found {
            self.report(diagnostic);
        }
        self.tree.alike.extend(alike);
    }

    /// Ends what is still open and hands out the result.
    pub(super) fn finish(mut self) -> Parsed {
        while !self.open.is_empty() {
            self.end(0);
        }
        self.diagnostics.sort();
        Parsed {
            document: Some(self.tree),
            diagnostics: self.diagnostics,
        }
    }

    /// Adds a node as a child of the innermost open collection.
    pub(super) fn node(
        &mut self,
        span: Span,
        style: Style,
        data: Data,
    ) -> Result<u32, Box<Diagnostic>> {
        self.take(1, span)?;
        let node = to_u32(self.tree.records.len());
        self.tree.records.push(Record { span, style, data });
        if !self.open.is_empty() {
            self.waiting.push(node);
        }
        Ok(node)
    }

    /// Counts nodes and comments; an alias counts as much as what it stands for.
    pub(super) fn take(&mut self, nodes: usize, span: Span) -> Step {
        self.count = self.count.saturating_add(nodes);
        if self.count > MAX_NODES {
            return Err(Box::new(refuse::too_many_nodes().at(self.location(span))));
        }
        Ok(())
    }

    /// Keeps a tag as written; the parser's own form resolves its handle.
    pub(super) fn tag(
        &mut self,
        node: u32,
        tag: Option<Cow<'s, Tag>>,
        place: &granit_parser::Span,
    ) {
        if tag.is_none() {
            return;
        }
        let Some(span) = place.tag_span().map(|place| self.span(&place)) else {
            return;
        };
        let text = self.keep(&self.text[span.range()]);
        self.properties(node).tag = Some((text, span));
    }

    /// Notes which node an anchor names, and its height and size once it is closed.
    pub(super) fn anchor(&mut self, anchor: usize, node: u32, closed: Option<(usize, usize)>) {
        // The parser numbers anchors from 1 in the order of the text.
        if anchor == 0 {
            return;
        }
        if self.anchors.len() <= anchor {
            self.anchors.resize(anchor + 1, None);
        }
        self.anchors[anchor] = Some(Anchored { node, closed });
    }

    /// Returns the properties of the newest node.
    pub(super) fn properties(&mut self, node: u32) -> &mut Properties {
        if self
            .tree
            .properties
            .last()
            .is_none_or(|own| own.node != node)
        {
            self.tree.properties.push(Properties {
                node,
                tag: None,
                anchor: None,
            });
        }
        let last = self.tree.properties.len() - 1;
        &mut self.tree.properties[last]
    }

    pub(super) fn last_node(&self) -> Option<u32> {
        self.tree.records.len().checked_sub(1).map(to_u32)
    }

    pub(super) fn keep(&mut self, text: &str) -> Text {
        let start = to_u32(self.tree.texts.len());
        self.tree.texts.push_str(text);
        Text {
            start,
            end: to_u32(self.tree.texts.len()),
        }
    }

    /// Adds a diagnostic, or says once that there are more than are listed.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() < MAX_DIAGNOSTICS {
            self.diagnostics.push(diagnostic);
        } else if self.diagnostics.len() == MAX_DIAGNOSTICS {
            let message = "further problems of this file are not listed";
            let mut more = Diagnostic::new(Severity::Note, "more-problems", message);
            more.primary = diagnostic.primary;
            self.diagnostics.push(more);
        }
    }

    pub(super) fn location(&self, span: Span) -> Location {
        Location::new(self.tree.source, span)
    }

    /// Returns a place of the parser's in bytes; its texts always know theirs.
    pub(super) fn span(&self, place: &granit_parser::Span) -> Span {
        let range = place.byte_range().unwrap_or_default();
        Span::new(to_u32(range.start), to_u32(range.end))
    }
}

/// Texts have at most `MAX_BYTES` bytes, and nothing else is counted beyond that.
pub(super) fn to_u32(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
