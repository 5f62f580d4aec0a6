//! The settings of other linters as ours.
//!
//! Texts go in; settings, and what became of the rest, come out. What has no equivalent
//! is told at its place, so that nothing is lost without a word.

mod actionlint;
mod zizmor;

use crate::blocks::shape::{Word, WordKind};
use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::lint::settings::Settings;
use crate::source::{SourceId, Sources};
use crate::syntax::{self, Node};

/// Settings that others had, and what became of the rest.
#[derive(Debug)]
pub struct Imported {
    /// The rules that there are.
    known: Vec<&'static str>,
    /// What can be said in ours.
    pub settings: Settings,
    /// What cannot, at its place.
    pub told: Diagnostics,
}

impl Imported {
    /// Returns empty settings for a linter with these rules.
    pub fn for_rules(known: impl IntoIterator<Item = &'static str>) -> Self {
        Self {
            known: known.into_iter().collect(),
            settings: Settings::default(),
            told: Diagnostics::new(),
        }
    }

    /// Adds what a file of actionlint's says.
    pub fn actionlint(&mut self, sources: &Sources, id: SourceId) {
        self.read(sources, id, actionlint::read);
    }

    /// Adds what a file of zizmor's says.
    pub fn zizmor(&mut self, sources: &Sources, id: SourceId) {
        self.read(sources, id, zizmor::read);
    }

    /// Tells what comments for zizmor in a workflow or action would be.
    pub fn comments(&mut self, sources: &Sources, id: SourceId) {
        let text = sources.get(id).map_or("", |source| source.text());
        let Some(tree) = syntax::parse(id, text).document else {
            return;
        };
        for comment in tree.comments() {
            zizmor::comment(text, *comment, id, self);
        }
    }

    fn read(&mut self, sources: &Sources, id: SourceId, read: fn(Node<'_>, &mut Self)) {
        let text = sources.get(id).map_or("", |source| source.text());
        let parsed = syntax::parse(id, text);
        self.told.extend(parsed.diagnostics);
        let tree = parsed.document.filter(syntax::Tree::is_complete);
        if let Some(root) = tree.as_ref().and_then(syntax::Tree::root) {
            read(root, self);
        }
    }
}

/// Something that is not taken over.
fn lost(what: String, place: Node<'_>) -> Diagnostic {
    Diagnostic::warning("not-imported", what).at(place.location())
}

/// Something that needs not be taken over.
fn needless(what: String, place: Node<'_>) -> Diagnostic {
    Diagnostic::new(Severity::Note, "not-imported", what).at(place.location())
}

/// The words of a list; what is none of the kind that our settings take is told.
fn words<K: WordKind>(list: Node<'_>, told: &mut Diagnostics) -> Vec<String> {
    let mut words = Vec::new();
    for item in list.items() {
        let text = item.as_str().unwrap_or_default();
        match Word::<K>::new(text) {
            Some(word) => words.push(word.as_str().to_owned()),
            None => told.push(lost(format!("`{text}` is not {}", K::TITLE), item)),
        }
    }
    words
}

#[cfg(test)]
mod tests;
