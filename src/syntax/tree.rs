//! The tree: nodes in one flat list.

use crate::source::{SourceId, Span};
use crate::syntax::node::{Entry, Node};

/// A range of bytes in `Tree::texts`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Text {
    pub(super) start: u32,
    pub(super) end: u32,
}

/// A range of indices in `Tree::items` or `Tree::pairs`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Children {
    pub(super) start: u32,
    pub(super) end: u32,
}

impl Children {
    pub(super) fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A key with its value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    pub(super) key: u32,
    pub(super) value: u32,
    /// That of the key's text; of a key that is no text, nothing's.
    pub(super) sign: Sign,
}

/// What a text looks like: those of texts that are the same in any case are equal, and those
/// of others mostly are not. Keys are looked up a million times, and hardly ever found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sign([u8; 4]);

impl Sign {
    /// Where the text is known to the compiler, so is its sign.
    #[inline]
    pub(super) const fn of(text: &str) -> Self {
        let text = text.as_bytes();
        let length = text.len();
        if length == 0 {
            return Self([0; 4]);
        }
        // Letters differ in this bit from themselves in the other case.
        let lower = 0x20;
        #[allow(clippy::cast_possible_truncation)]
        Self([
            length as u8,
            text[0] | lower,
            text[length / 2] | lower,
            text[length - 1] | lower,
        ])
    }
}

/// A key that differs from one before it in its mapping in case only.
#[derive(Clone, Copy, Debug)]
pub(super) struct Alike {
    pub(super) mapping: u32,
    pub(super) key: u32,
    pub(super) first: u32,
}

/// What a node holds. An alias names a node that stands before it and is no alias.
#[derive(Clone, Copy, Debug)]
pub(super) enum Data {
    Scalar { text: Text, indent: u32 },
    Sequence(Children),
    Mapping(Children),
    Alias(u32),
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Record {
    pub(super) span: Span,
    pub(super) style: Style,
    pub(super) data: Data,
}

/// What few nodes have, kept beside them and ordered by node.
#[derive(Clone, Copy, Debug)]
pub(super) struct Properties {
    pub(super) node: u32,
    pub(super) tag: Option<(Text, Span)>,
    pub(super) anchor: Option<(Text, Span)>,
}

/// One YAML document with the place of everything in it.
///
/// Aliases are resolved by the handles and never copied. With aliases followed,
/// the tree is at most [`MAX_DEPTH`](super::MAX_DEPTH) deep and a walk meets at
/// most [`MAX_NODES`](super::MAX_NODES) nodes, so walks may recurse.
#[derive(Clone, Debug)]
pub struct Tree {
    pub(super) source: SourceId,
    /// In the order of the text; the root is the first.
    pub(super) records: Vec<Record>,
    pub(super) items: Vec<u32>,
    pub(super) pairs: Vec<Pair>,
    pub(super) alike: Vec<Alike>,
    pub(super) properties: Vec<Properties>,
    pub(super) comments: Vec<Comment>,
    /// The texts of all scalars, tags and anchors, one after the other.
    pub(super) texts: String,
    pub(super) complete: bool,
}

impl Tree {
    /// Returns the top node; nothing when the document has no content but comments.
    pub fn root(&self) -> Option<Node<'_>> {
        (!self.records.is_empty()).then(|| self.node(0))
    }

    /// Returns the comments in the order of the text.
    pub fn comments(&self) -> &[Comment] {
        &self.comments
    }

    /// Says whether the tree holds the whole document; an error may have cut it off.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// Returns the text that the tree was read from.
    pub fn source(&self) -> SourceId {
        self.source
    }

    pub(super) fn text(&self, text: Text) -> &str {
        &self.texts[text.start as usize..text.end as usize]
    }

    /// Returns the text of a scalar, or of the one that an alias names.
    pub(super) fn text_of(&self, node: u32) -> Option<&str> {
        match self.records[node as usize].data {
            Data::Scalar { text, .. } => Some(self.text(text)),
            Data::Alias(target) => self.text_of(target),
            _ => None,
        }
    }

    pub(super) fn node(&self, written: u32) -> Node<'_> {
        let target = match self.records[written as usize].data {
            Data::Alias(target) => target,
            _ => written,
        };
        Node::new(self, written, target)
    }

    pub(super) fn entry(&self, pair: Pair) -> Entry<'_> {
        Entry {
            key: self.node(pair.key),
            value: self.node(pair.value),
        }
    }

    pub(super) fn properties(&self, node: u32) -> Option<&Properties> {
        let found = self.properties.binary_search_by_key(&node, |own| own.node);
        found.ok().map(|index| &self.properties[index])
    }
}

/// A comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    /// From the `#` to the end of the line.
    pub span: Span,
    /// Whether something stands before it on its line.
    pub trailing: bool,
}

/// How a node is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    /// A scalar without quotes.
    Plain,
    /// A scalar in `'…'`.
    SingleQuoted,
    /// A scalar in `"…"`.
    DoubleQuoted,
    /// A block scalar after `|`.
    Literal,
    /// A block scalar after `>`.
    Folded,
    /// A collection by indentation.
    Block,
    /// A collection in brackets.
    Flow,
}
