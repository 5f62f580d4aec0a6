//! Handles that walk the tree.

use crate::source::{Location, Span};
use crate::syntax::scalar::{self, Scalar};
use crate::syntax::tree::{Comment, Data, Pair, Record, Sign, Style, Tree};

/// What a node is.
#[derive(Clone, Debug)]
pub enum Kind<'t> {
    /// Nothing, `null` or `~`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number that fits.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    String(&'t str),
    /// A list.
    Sequence(Items<'t>),
    /// Keys with values.
    Mapping(Entries<'t>),
}

impl Kind<'_> {
    /// Returns words for it that fit into "expected …, found …".
    pub fn describe(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "a boolean",
            Self::Integer(_) | Self::Float(_) => "a number",
            Self::String(_) => "a string",
            Self::Sequence(_) => "a list",
            Self::Mapping(_) => "a mapping",
        }
    }
}

/// A handle to a node. An alias reads as the node that it names, at its own place.
#[derive(Clone, Copy, Debug)]
pub struct Node<'t> {
    tree: &'t Tree,
    /// Where it stands.
    written: u32,
    /// What it means: the same node, unless it is an alias.
    target: u32,
}

impl<'t> Node<'t> {
    pub(super) fn new(tree: &'t Tree, written: u32, target: u32) -> Self {
        Self {
            tree,
            written,
            target,
        }
    }

    /// Returns what the node is; only plain scalars can be other than strings.
    pub fn kind(self) -> Kind<'t> {
        match self.record().data {
            Data::Sequence(_) => Kind::Sequence(self.items()),
            Data::Mapping(_) => Kind::Mapping(self.entries()),
            Data::Scalar { text, .. } => self.scalar(self.tree.text(text)),
            Data::Alias(_) => Kind::Null,
        }
    }

    /// Returns what a scalar would be if it had no tag; for a collection, what it is.
    pub fn kind_without_tag(self) -> Kind<'t> {
        match self.record().data {
            Data::Scalar { text, .. } => {
                resolved(self.tree.text(text), self.style() == Style::Plain)
            }
            _ => self.kind(),
        }
    }

    fn scalar(self, text: &'t str) -> Kind<'t> {
        let plain = match self.tag() {
            None => self.style() == Style::Plain,
            Some(tag) => matches!(tag, "!!null" | "!!bool" | "!!int" | "!!float"),
        };
        resolved(text, plain)
    }

    /// Returns a scalar's text after unquoting, whatever it is: `1.10` for `1.10`.
    ///
    /// It is empty for an omitted value and absent for collections.
    pub fn as_str(self) -> Option<&'t str> {
        self.tree.text_of(self.target)
    }

    /// Returns where the node stands; for an alias that is the alias.
    ///
    /// Quotes and brackets belong to it, but no anchor, tag, comment, block
    /// scalar header or blank end. An omitted value has an empty span.
    pub fn span(self) -> Span {
        self.tree.records[self.written as usize].span
    }

    /// Returns the same with the text it is in.
    pub fn location(self) -> Location {
        Location::new(self.tree.source, self.span())
    }

    /// Returns how the node is written; for an alias, how its target is.
    pub fn style(self) -> Style {
        self.record().style
    }

    /// Says whether nothing is written where the node stands, as in `key:`.
    pub fn is_omitted(self) -> bool {
        self.span().is_empty()
    }

    /// Says whether the node is null, written or omitted.
    pub fn is_null(self) -> bool {
        matches!(self.kind(), Kind::Null)
    }

    /// Returns a number that this node has alone in its tree; an alias has that of its target.
    pub fn id(self) -> u32 {
        self.target
    }

    /// Says whether an alias stands here.
    pub fn is_alias(self) -> bool {
        self.written != self.target
    }

    /// Returns the node itself, or the one that an alias names, at that one's place.
    pub fn definition(self) -> Node<'t> {
        self.tree.node(self.target)
    }

    /// Returns the tag as written, such as `!!str`.
    pub fn tag(self) -> Option<&'t str> {
        let (text, _) = self.tree.properties(self.target)?.tag?;
        Some(self.tree.text(text))
    }

    /// Returns where the tag is written.
    pub fn tag_span(self) -> Option<Span> {
        Some(self.tree.properties(self.target)?.tag?.1)
    }

    /// Returns the anchor's name without `&`; an alias has that of its target.
    pub fn anchor(self) -> Option<&'t str> {
        let (text, _) = self.tree.properties(self.target)?.anchor?;
        Some(self.tree.text(text))
    }

    /// Returns where the anchor is written, from its `&`.
    pub fn anchor_span(self) -> Option<Span> {
        Some(self.tree.properties(self.target)?.anchor?.1)
    }

    /// Returns by how many blanks a block scalar's lines are indented; 0 for all else.
    pub fn block_indent(self) -> u32 {
        match self.record().data {
            Data::Scalar { indent, .. } => indent,
            _ => 0,
        }
    }

    /// Iterates over a mapping's entries; over none for all else.
    pub fn entries(self) -> Entries<'t> {
        Entries {
            tree: self.tree,
            pairs: self.pairs().iter(),
        }
    }

    /// Iterates over a sequence's items; over none for all else.
    pub fn items(self) -> Items<'t> {
        let items = match self.record().data {
            Data::Sequence(items) => &self.tree.items[items.range()],
            _ => &[],
        };
        Items {
            tree: self.tree,
            nodes: items.iter(),
        }
    }

    /// Returns the value under a key of a mapping.
    #[inline]
    pub fn get(self, key: &str) -> Option<Node<'t>> {
        self.entry(key).map(|entry| entry.value)
    }

    /// Returns the key itself of a mapping.
    #[inline]
    pub fn key_of(self, key: &str) -> Option<Node<'t>> {
        self.entry(key).map(|entry| entry.key)
    }

    /// Returns the entry of a mapping under a key; the first of duplicates.
    #[inline]
    pub fn entry(self, key: &str) -> Option<Entry<'t>> {
        self.find(key, Sign::of(key))
    }

    fn find(self, key: &str, sign: Sign) -> Option<Entry<'t>> {
        let is_it = |pair: &&Pair| pair.sign == sign && self.tree.text_of(pair.key) == Some(key);
        let pair = self.pairs().iter().find(is_it)?;
        Some(self.tree.entry(*pair))
    }

    /// Iterates over the keys of the whole tree that differ from another key of their mapping in
    /// case only: the mapping, the key, and the first such before it.
    pub fn alike_keys(self) -> impl Iterator<Item = [Node<'t>; 3]> {
        let tree = self.tree;
        let alike = tree.alike.iter();
        alike.map(|one| [one.mapping, one.key, one.first].map(|node| tree.node(node)))
    }

    /// Says whether any node of the whole tree has an anchor or a tag.
    pub fn tree_has_properties(self) -> bool {
        !self.tree.properties.is_empty()
    }

    /// Returns the comments of the whole text.
    pub(super) fn comments(self) -> &'t [Comment] {
        self.tree.comments()
    }

    fn record(self) -> &'t Record {
        &self.tree.records[self.target as usize]
    }

    /// Returns another node of the tree.
    pub(super) fn sibling(self, written: u32) -> Node<'t> {
        self.tree.node(written)
    }

    pub(super) fn pairs(self) -> &'t [Pair] {
        match self.record().data {
            Data::Mapping(pairs) => &self.tree.pairs[pairs.range()],
            _ => &[],
        }
    }
}

fn resolved(text: &str, plain: bool) -> Kind<'_> {
    if !plain {
        return Kind::String(text);
    }
    match scalar::resolve(text) {
        Scalar::Null => Kind::Null,
        Scalar::Bool(value) => Kind::Bool(value),
        Scalar::Integer(value) => Kind::Integer(value),
        Scalar::Float(value) => Kind::Float(value),
        Scalar::String => Kind::String(text),
    }
}

/// A key with its value.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'t> {
    /// The key.
    pub key: Node<'t>,
    /// The value.
    pub value: Node<'t>,
}

/// The entries of a mapping in the order of the text.
#[derive(Clone, Debug)]
pub struct Entries<'t> {
    tree: &'t Tree,
    pairs: std::slice::Iter<'t, Pair>,
}

impl<'t> Iterator for Entries<'t> {
    type Item = Entry<'t>;

    fn next(&mut self) -> Option<Entry<'t>> {
        let pair = self.pairs.next()?;
        Some(self.tree.entry(*pair))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.pairs.size_hint()
    }
}

impl ExactSizeIterator for Entries<'_> {}

/// The items of a sequence in the order of the text.
#[derive(Clone, Debug)]
pub struct Items<'t> {
    tree: &'t Tree,
    nodes: std::slice::Iter<'t, u32>,
}

impl<'t> Iterator for Items<'t> {
    type Item = Node<'t>;

    fn next(&mut self) -> Option<Node<'t>> {
        Some(self.tree.node(*self.nodes.next()?))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.nodes.size_hint()
    }
}

impl ExactSizeIterator for Items<'_> {}
