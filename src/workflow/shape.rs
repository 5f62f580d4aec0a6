//! A file against the grammar: what GitHub refuses, and where expressions may stand.

use super::events;
use super::patterns;
use super::refusal;
use super::site::{OPENING, Part, Site, split};
use crate::diagnostics::Diagnostics;
use crate::knowledge::grammar::{Form, Grammar, Grants, TypeId, grammar};
use crate::syntax::{Kind, Node, Style};

/// What a file holds.
#[derive(Debug)]
pub struct Shape<'t> {
    /// What GitHub refuses, in no order.
    pub diagnostics: Diagnostics,
    /// Every text that the grammar knows, in the order of the file.
    pub sites: Vec<Site<'t>>,
}

/// Holds a workflow file against the grammar.
pub fn workflow(root: Node<'_>) -> Shape<'_> {
    read(root, grammar().workflow, "the workflow")
}

/// Holds an `action.yml` against the grammar.
pub fn action(root: Node<'_>) -> Shape<'_> {
    read(root, grammar().action, "the action")
}

fn read<'t>(root: Node<'t>, type_: TypeId, name: &str) -> Shape<'t> {
    let mut reader = Reader {
        grammar: grammar(),
        shape: Shape {
            diagnostics: Diagnostics::new(),
            sites: Vec::new(),
        },
    };
    let place = Place {
        key: root,
        name,
        grants: Grants::default(),
        implicit: false,
    };
    reader.value(root, type_, place);
    reader.shape
}

pub(super) struct Reader<'t> {
    pub(super) grammar: &'static Grammar,
    pub(super) shape: Shape<'t>,
}

/// Where a value stands.
#[derive(Clone, Copy)]
pub(super) struct Place<'p, 't> {
    /// The key above it; for an item of a list, the item.
    pub(super) key: Node<'t>,
    /// What to call it.
    pub(super) name: &'p str,
    /// What expressions may use here.
    pub(super) grants: Grants,
    implicit: bool,
}

impl<'p, 't> Place<'p, 't> {
    pub(super) fn of(self, key: Node<'t>, name: &'p str) -> Self {
        Self { key, name, ..self }
    }
}

impl<'t> Reader<'t> {
    pub(super) fn value(&mut self, node: Node<'t>, id: TypeId, place: Place<'_, 't>) {
        let type_ = &self.grammar[id];
        let place = Place {
            grants: place.grants.and(type_.grants),
            implicit: place.implicit || type_.implicit,
            ..place
        };
        if self.is_expression(node, &type_.form, place) {
            return;
        }
        match &type_.form {
            Form::Choice(forms) => self.choice(node, forms, place),
            Form::Map { .. } => self.mapping(node, id, place),
            Form::List(item) => self.list(node, *item, place),
            Form::Text { filled, pattern } => self.text(node, *filled, *pattern, place),
            Form::Word(words) => self.word(node, words, type_.name, place),
            Form::Bool if matches!(node.kind(), Kind::Bool(_)) => {}
            Form::Number if is_number(node) => {}
            Form::Null if node.is_null() => {}
            Form::AnyList if matches!(node.kind(), Kind::Sequence(_)) => self.any(node, place),
            Form::AnyMap if matches!(node.kind(), Kind::Mapping(_)) => self.any(node, place),
            Form::Any => self.any(node, place),
            Form::Events => events::read(self, node, place),
            form => self.refuse(refusal::wrong_type(self.grammar, &[form], node, place.name)),
        }
    }

    pub(super) fn refuse(&mut self, diagnostic: crate::diagnostics::Diagnostic) {
        self.shape.diagnostics.push(diagnostic);
    }

    /// Takes a scalar that is nothing but an expression for any form, where there may be one.
    fn is_expression(&mut self, node: Node<'t>, form: &Form, place: Place<'_, 't>) -> bool {
        let Some(text) = node.as_str().filter(|text| text.contains(OPENING)) else {
            return false;
        };
        if matches!(form, Form::Text { .. } | Form::Any | Form::Choice(_))
            && !place.grants.is_static()
        {
            return false;
        }
        let whole = matches!(split(text.trim()).as_slice(), [Part::Expression(..)]);
        if place.grants.is_static() {
            if matches!(form, Form::Choice(_)) {
                return false;
            }
            self.site(node, place);
            return true;
        }
        if whole {
            self.site(node, place);
        }
        whole
    }

    pub(super) fn site(&mut self, node: Node<'t>, place: Place<'_, 't>) {
        self.shape.sites.push(Site {
            node,
            grants: place.grants,
            implicit: place.implicit,
        });
    }

    fn text(
        &mut self,
        node: Node<'t>,
        filled: bool,
        pattern: Option<&'static str>,
        place: Place<'_, 't>,
    ) {
        let Some(text) = node.as_str() else {
            let form = Form::Text { filled, pattern };
            return self.refuse(refusal::wrong_type(
                self.grammar,
                &[&form],
                node,
                place.name,
            ));
        };
        if filled && text.is_empty() {
            return self.refuse(refusal::empty(node, place));
        }
        if let Some((message, help)) = pattern.and_then(|pattern| patterns::misfit(pattern, text)) {
            self.refuse(refusal::pattern(
                pattern.unwrap_or_default(),
                message,
                help,
                node,
            ));
        }
        self.site(node, place);
    }

    fn word(&mut self, node: Node<'t>, words: &[&'static str], name: &str, place: Place<'_, 't>) {
        match node.as_str() {
            Some(text) if words.contains(&text) => {}
            _ => self.refuse(refusal::wrong_word(node, words, name, place.name)),
        }
    }

    fn list(&mut self, node: Node<'t>, item: TypeId, place: Place<'_, 't>) {
        if !matches!(node.kind(), Kind::Sequence(_)) {
            let form = Form::List(item);
            return self.refuse(refusal::wrong_type(
                self.grammar,
                &[&form],
                node,
                place.name,
            ));
        }
        for inner in node.items() {
            self.value(inner, item, place.of(inner, place.name));
        }
    }

    /// Whatever may stand here; only its expressions count.
    pub(super) fn any(&mut self, node: Node<'t>, place: Place<'_, 't>) {
        match node.kind() {
            Kind::Mapping(entries) => {
                for entry in entries {
                    if !entry.key.as_str().is_some_and(is_insert) {
                        self.site(entry.key, place);
                    }
                    self.any(entry.value, place);
                }
            }
            Kind::Sequence(items) => items.for_each(|item| self.any(item, place)),
            _ => self.site(node, place),
        }
    }

    fn mapping(&mut self, node: Node<'t>, id: TypeId, place: Place<'_, 't>) {
        let type_ = &self.grammar[id];
        let Form::Map { keys, open } = &type_.form else {
            return;
        };
        if node.is_null() && type_.name == "workflow-dispatch-input" {
            // GitHub takes it for a text.
            return;
        }
        if !matches!(node.kind(), Kind::Mapping(_)) {
            let wrong = refusal::wrong_type(self.grammar, &[&type_.form], node, place.name);
            return self.refuse(if node.is_null() {
                refusal::empty(node, place)
            } else {
                wrong
            });
        }
        for entry in node.entries() {
            let Some(key) = entry.key.as_str() else {
                // The syntax has said so.
                continue;
            };
            let inside = place.of(entry.key, key);
            if let Some((inner, _)) = keys.get(key) {
                self.value(entry.value, *inner, inside);
            } else if key.contains(OPENING) && !place.grants.is_static() {
                if !is_insert(key) {
                    self.site(entry.key, place);
                }
                self.any(entry.value, inside);
            } else if let Some([of_key, of_value]) = open {
                self.value(
                    entry.key,
                    *of_key,
                    Place {
                        grants: Grants::default(),
                        ..inside
                    },
                );
                self.value(entry.value, *of_value, inside);
            } else {
                self.refuse(refusal::unknown_key(type_.name, keys, key, entry.key, node));
            }
        }
        let is_missing = |key: &str| node.get(key).is_none();
        let required = keys.iter().filter(|(_, (_, required))| *required);
        let missing: Vec<_> = required
            .map(|(key, _)| *key)
            .filter(|key| is_missing(key))
            .collect();
        if !missing.is_empty() {
            self.refuse(refusal::missing(type_.name, &missing, place));
        }
        if type_.name == "jobs" && node.entries().len() == 0 {
            self.refuse(refusal::empty(node, place));
        }
    }

    fn choice(&mut self, node: Node<'t>, ids: &[TypeId], place: Place<'_, 't>) {
        let mut forms = Vec::new();
        self.flatten(ids, &mut forms);
        let grammar = self.grammar;
        let of_kind = |wanted: fn(&Form) -> bool| {
            forms
                .iter()
                .copied()
                .filter(move |id| wanted(&grammar[*id].form))
        };
        match node.kind() {
            Kind::Mapping(_) => {
                let maps: Vec<_> = of_kind(|form| matches!(form, Form::Map { .. })).collect();
                match self.meant(node, &maps) {
                    Some(id) => return self.value(node, id, place),
                    None if !maps.is_empty() => return self.no_kind(node, &maps, place),
                    None => {}
                }
            }
            Kind::Sequence(_) => {
                let list = of_kind(|form| matches!(form, Form::List(_))).next();
                if let Some(id) = list {
                    return self.value(node, id, place);
                }
            }
            _ => {
                let fitting = forms.iter().find(|id| self.takes(**id, node, place));
                if let Some(id) = fitting {
                    return self.value(node, *id, place);
                }
            }
        }
        let forms: Vec<_> = forms.iter().map(|id| &grammar[*id].form).collect();
        self.refuse(refusal::none_fits(grammar, &forms, node, place));
    }

    /// A mapping that could be several things: a misspelt key says most.
    fn no_kind(&mut self, node: Node<'t>, maps: &[TypeId], place: Place<'_, 't>) {
        let grammar = self.grammar;
        let known = |key: &str| {
            maps.iter().any(|id| match &grammar[*id].form {
                Form::Map { keys, .. } => keys.contains_key(key),
                _ => false,
            })
        };
        let mut unknown = node.entries().filter(|entry| {
            let key = entry.key.as_str().unwrap_or_default();
            !known(key) && !key.contains(OPENING)
        });
        match unknown.next() {
            Some(entry) => self.refuse(refusal::none_known(grammar, maps, entry.key, node)),
            None => self.refuse(refusal::no_kind(grammar, maps, place)),
        }
    }

    fn flatten(&self, ids: &[TypeId], forms: &mut Vec<TypeId>) {
        for id in ids {
            match &self.grammar[*id].form {
                Form::Choice(inner) => self.flatten(inner, forms),
                _ => forms.push(*id),
            }
        }
    }

    /// The mapping that is meant: the first one whose required keys are there.
    fn meant(&self, node: Node<'_>, maps: &[TypeId]) -> Option<TypeId> {
        if let [only] = maps {
            return Some(*only);
        }
        let is_meant = |id: &&TypeId| match &self.grammar[**id].form {
            Form::Map { keys, .. } => {
                let mut own = keys.iter().filter(|(key, (_, required))| {
                    // What several of them want tells nothing apart.
                    *required && !self.is_common(key, maps)
                });
                own.any(|(key, _)| node.get(key).is_some())
            }
            _ => false,
        };
        let by_value = || maps.iter().find(|id| self.runs_as(**id, node));
        maps.iter().find(is_meant).or_else(by_value).copied()
    }

    /// Whether `using` of an action says that this is how it runs.
    fn runs_as(&self, id: TypeId, node: Node<'_>) -> bool {
        let using = node.get("using").and_then(Node::as_str).unwrap_or_default();
        match self.grammar[id].name {
            "action:composite-runs-strict" => using == "composite",
            "action:container-runs-strict" => using == "docker",
            "action:node-runs-strict" => using.starts_with("node"),
            _ => false,
        }
    }

    fn is_common(&self, key: &str, maps: &[TypeId]) -> bool {
        maps.iter().all(|id| match &self.grammar[*id].form {
            Form::Map { keys, .. } => keys.contains_key(key),
            _ => false,
        })
    }

    /// Whether a scalar is of this form.
    fn takes(&self, id: TypeId, node: Node<'_>, place: Place<'_, '_>) -> bool {
        let type_ = &self.grammar[id];
        let grants = place.grants.and(type_.grants);
        let text = node.as_str().unwrap_or_default();
        if text.contains(OPENING) {
            let whole = matches!(split(text.trim()).as_slice(), [Part::Expression(..)]);
            return !grants.is_static() && whole || matches!(type_.form, Form::Text { .. });
        }
        match &type_.form {
            Form::Text { filled, .. } => !(*filled && text.is_empty()),
            Form::Word(words) => words.contains(&text),
            Form::Bool => matches!(node.kind(), Kind::Bool(_)),
            Form::Number => is_number(node),
            Form::Null => node.is_null(),
            Form::Any => true,
            _ => false,
        }
    }
}

/// `${{ insert }}: …` puts the keys of a mapping in its place.
fn is_insert(key: &str) -> bool {
    match split(key.trim()).as_slice() {
        [Part::Expression(text, _)] => text.trim() == "insert",
        _ => false,
    }
}

/// A number, which quotes would make text.
fn is_number(node: Node<'_>) -> bool {
    node.style() == Style::Plain && matches!(node.kind(), Kind::Integer(_) | Kind::Float(_))
}
