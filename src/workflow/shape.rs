//! A file against the grammar: what GitHub refuses, and where expressions may stand.

use super::clash;
use super::events;
use super::patterns;
use super::refusal;
use super::site::{Site, sole};
use crate::diagnostics::{Applicability, Diagnostic, Diagnostics};
use crate::expression;
use crate::knowledge::grammar::{Form, Grammar, Grants, Map, Mark, Rules, Type, TypeId, grammar};
use crate::syntax::{Entry, Kind, Node, Style};

/// What a file holds.
#[derive(Debug)]
pub struct Shape<'t> {
    /// What GitHub refuses, in no order.
    pub diagnostics: Diagnostics,
    /// Every text that the grammar knows, in the order of the file.
    pub sites: Vec<Site<'t>>,
}

/// Holds a workflow file against the grammar, given the text that the tree was read from.
pub fn workflow<'t>(root: Node<'t>, text: &'t str) -> Shape<'t> {
    read(root, text, grammar().workflow, "the workflow")
}

/// Holds an `action.yml` against the grammar, given the text that the tree was read from.
pub fn action<'t>(root: Node<'t>, text: &'t str) -> Shape<'t> {
    read(root, text, grammar().action, "the action")
}

/// Holds a `dependabot.yml` against the grammar.
pub fn dependabot<'t>(root: Node<'t>, text: &'t str) -> Shape<'t> {
    read(root, text, grammar().dependabot, "the configuration")
}

/// How many bytes of a file there are for each text in it, as a rule.
const BYTES_PER_SITE: usize = 40;

fn read<'t>(root: Node<'t>, text: &'t str, type_: TypeId, name: &str) -> Shape<'t> {
    let mut reader = Reader {
        grammar: grammar(),
        text,
        shape: Shape {
            diagnostics: Diagnostics::new(),
            sites: Vec::with_capacity(text.len() / BYTES_PER_SITE),
        },
    };
    let place = Place {
        key: root,
        name,
        grants: Grants::default(),
        implicit: false,
        choice: None,
        job: None,
        step: None,
    };
    reader.value(root, type_, place);
    reader.shape
}

pub(super) struct Reader<'t> {
    pub(super) grammar: &'static Grammar,
    text: &'t str,
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
    /// What may stand there, of which the form that is read is one.
    choice: Option<&'static Form>,
    job: Option<Node<'t>>,
    step: Option<Node<'t>>,
}

impl<'p, 't> Place<'p, 't> {
    pub(super) fn of(self, key: Node<'t>, name: &'p str) -> Self {
        Self {
            key,
            name,
            choice: None,
            ..self
        }
    }

    fn within(self, node: Node<'t>, mark: Option<Mark>) -> Self {
        let [job, step] = match mark {
            Some(Mark::Job) => [Some(node), None],
            Some(Mark::Step) => [self.job, Some(node)],
            None => [self.job, self.step],
        };
        Self { job, step, ..self }
    }
}

impl<'t> Reader<'t> {
    pub(super) fn value(&mut self, node: Node<'t>, id: TypeId, place: Place<'_, 't>) {
        let type_ = &self.grammar[id];
        let place = Place {
            grants: place.grants.and(type_.grants),
            implicit: place.implicit || type_.implicit,
            ..place.within(node, type_.marks)
        };
        let text = node.as_str();
        if self.is_expression(node, text, &type_.form, place) {
            return;
        }
        match &type_.form {
            Form::Choice(_) => {
                let choice = place.choice.or(Some(&type_.form));
                self.choice(node, self.grammar.choices(id), Place { choice, ..place });
            }
            Form::Map(map) => self.mapping(node, map, &type_.rules, place),
            Form::List(item) => self.list(node, *item, place),
            Form::Text { .. } => self.text(node, text, type_, place),
            Form::Word(words) if text.is_some_and(|text| words.contains(&text)) => {}
            Form::Word(words) => {
                self.refuse(refusal::wrong_word(
                    node,
                    words,
                    type_.rules.word,
                    place.name,
                ));
            }
            Form::Bool if matches!(node.kind(), Kind::Bool(_)) => {}
            Form::Number if is_number(node) => {}
            Form::Null if node.is_null() => {}
            Form::AnyList if matches!(node.kind(), Kind::Sequence(_)) => self.any(node, place),
            Form::AnyMap if matches!(node.kind(), Kind::Mapping(_)) => self.any(node, place),
            Form::Any => self.any(node, place),
            Form::Events => events::read(self, node, place),
            form => self.refuse(refusal::wrong_type(self.grammar, &[form], node, place)),
        }
    }

    pub(super) fn refuse(&mut self, diagnostic: Diagnostic) {
        self.shape.diagnostics.push(diagnostic);
    }

    /// Takes a scalar that is nothing but an expression for any form, where there may be one.
    fn is_expression(
        &mut self,
        node: Node<'t>,
        text: Option<&'t str>,
        form: &'static Form,
        place: Place<'_, 't>,
    ) -> bool {
        let is_static = place.grants.is_static();
        let is_mixed = matches!(form, Form::Text { .. } | Form::Any) && !is_static;
        if is_mixed || matches!(form, Form::Choice(_)) {
            return false;
        }
        let Some(text) = text.filter(|text| expression::is_in(text)) else {
            return false;
        };
        if is_static {
            self.site(node, text, form, place);
            return true;
        }
        let whole = sole(text.trim()).is_some();
        if whole {
            self.site(node, text, form, place);
        }
        whole
    }

    pub(super) fn site(
        &mut self,
        node: Node<'t>,
        text: &'t str,
        form: &'static Form,
        place: Place<'_, 't>,
    ) {
        let has_brace = memchr::memchr(b'{', text.as_bytes()).is_some();
        self.shape.sites.push(Site {
            node,
            text,
            has_brace,
            opens: has_brace && expression::is_in(text),
            form: place.choice.unwrap_or(form),
            grants: place.grants,
            implicit: place.implicit,
            job: place.job,
            step: place.step,
        });
    }

    fn text(
        &mut self,
        node: Node<'t>,
        text: Option<&'t str>,
        type_: &'static Type,
        place: Place<'_, 't>,
    ) {
        let Form::Text { filled, pattern } = &type_.form else {
            return;
        };
        let Some(text) = text else {
            let forms = [&type_.form];
            return self.refuse(refusal::wrong_type(self.grammar, &forms, node, place));
        };
        if *filled && text.is_empty() {
            return self.refuse(refusal::empty(node, place));
        }
        if let Some(misfit) = pattern.and_then(|pattern| patterns::misfit(pattern, text)) {
            self.refuse(refusal::pattern(type_.rules.pattern, misfit, node));
        }
        self.site(node, text, &type_.form, place);
    }

    fn list(&mut self, node: Node<'t>, item: TypeId, place: Place<'_, 't>) {
        if !matches!(node.kind(), Kind::Sequence(_)) {
            let form = Form::List(item);
            return self.refuse(refusal::wrong_type(self.grammar, &[&form], node, place));
        }
        for inner in node.items() {
            self.value(inner, item, place.of(inner, place.name));
        }
    }

    /// Whatever may stand here; only its expressions count.
    pub(super) fn any(&mut self, node: Node<'t>, place: Place<'_, 't>) {
        let place = Place {
            choice: None,
            ..place
        };
        match node.kind() {
            Kind::Mapping(entries) => {
                for entry in entries {
                    let key = entry.key.as_str().unwrap_or_default();
                    if !is_insert(key) {
                        self.site(entry.key, key, &Form::Any, place);
                    }
                    self.any(entry.value, place);
                }
            }
            Kind::Sequence(items) => items.for_each(|item| self.any(item, place)),
            _ => {
                let text = node.as_str().unwrap_or_default();
                self.site(node, text, &Form::Any, place);
            }
        }
    }

    fn mapping(&mut self, node: Node<'t>, map: &'static Map, rules: &Rules, place: Place<'_, 't>) {
        let entries = match node.kind() {
            Kind::Mapping(entries) if entries.len() > 0 || !map.filled => entries,
            Kind::Mapping(_) => return self.refuse(refusal::empty(node, place)),
            Kind::Null if map.or_null => return,
            Kind::Null => return self.refuse(refusal::empty(node, place)),
            _ => {
                let forms = [&Form::AnyMap];
                return self.refuse(refusal::wrong_type(self.grammar, &forms, node, place));
            }
        };
        for entry in entries {
            // The syntax has spoken of other keys.
            if let Some(key) = entry.key.as_str() {
                self.entry(entry, key, node, map, rules, place);
            }
        }
        let required = map.required.iter().copied();
        let missing: Vec<_> = required.filter(|key| node.get(key).is_none()).collect();
        if missing.is_empty() || node.entries().any(is_merge) {
            // Where keys that are merged are to come from has been told.
            return;
        }
        let refused = refusal::missing(rules.missing, &missing, node, place);
        let entry = refusal::shell(&missing, node, self.text);
        self.refuse(refused.mend(Applicability::Unsafe, entry));
    }

    fn entry(
        &mut self,
        entry: Entry<'t>,
        key: &'t str,
        mapping: Node<'t>,
        map: &'static Map,
        rules: &Rules,
        place: Place<'_, 't>,
    ) {
        let inside = place.of(entry.key, key);
        if let Some(inner) = map.keys.get(key) {
            self.value(entry.value, *inner, inside);
        } else if is_merge(entry) {
            self.refuse(refusal::merge(entry.key));
        } else if expression::is_in(key) && !place.grants.is_static() {
            if !is_insert(key) {
                self.site(entry.key, key, &Form::Any, place);
            }
            self.any(entry.value, inside);
        } else if let Some([of_key, of_value]) = map.open {
            let bare = Place {
                grants: Grants::default(),
                ..inside
            };
            self.value(entry.key, of_key, bare);
            self.value(entry.value, of_value, inside);
        } else if let Some(rival) = clash::rival(self.grammar, place.choice, map, key, mapping) {
            if rival == key {
                let both = clash::told(rules, map, entry.key, mapping);
                self.shape.diagnostics.extend(both);
            }
        } else {
            let refused = refusal::unknown_key(rules, map, key, entry.key, mapping);
            self.refuse(refused);
        }
    }
}

/// `<<: *anchor`, which other readers of YAML merge.
pub(super) fn is_merge(entry: Entry<'_>) -> bool {
    entry.key.as_str() == Some("<<")
        && matches!(entry.value.kind(), Kind::Mapping(_) | Kind::Sequence(_))
}

/// `${{ insert }}: …` puts the keys of a mapping in its place.
fn is_insert(key: &str) -> bool {
    sole(key.trim()).is_some_and(|text| text.trim() == "insert")
}

/// A number, which quotes would make text.
pub(super) fn is_number(node: Node<'_>) -> bool {
    node.style() == Style::Plain && matches!(node.kind(), Kind::Integer(_) | Kind::Float(_))
}
