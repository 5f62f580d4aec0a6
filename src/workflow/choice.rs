//! What is meant where one of several forms may stand.

use super::refusal;
use super::shape::{Place, Reader, is_number};
use super::site::sole;
use super::unclear;
use crate::expression;
use crate::knowledge::grammar::{Form, Grammar, Map, TypeId};
use crate::syntax::{Kind, Node};

impl<'t> Reader<'t> {
    pub(super) fn choice(
        &mut self,
        node: Node<'t>,
        forms: &'static [TypeId],
        place: Place<'_, 't>,
    ) {
        let grammar = self.grammar;
        match node.kind() {
            Kind::Mapping(_) => {
                let maps = || forms.iter().filter_map(|id| map(grammar, *id));
                if let Some(id) = meant(node, maps()) {
                    return self.value(node, id, place);
                }
                let maps: Vec<_> = maps().collect();
                if !maps.is_empty() {
                    return unclear::read(self, node, &maps, place);
                }
            }
            Kind::Sequence(_) => {
                let is_list = |id: &&TypeId| matches!(grammar[**id].form, Form::List(_));
                if let Some(id) = forms.iter().find(is_list) {
                    return self.value(node, *id, place);
                }
            }
            _ => {
                let fitting = forms.iter().find(|id| self.takes(**id, node, place));
                if let Some(id) = fitting {
                    return self.value(node, *id, place);
                }
            }
        }
        let types: Vec<_> = forms.iter().map(|id| &grammar[*id]).collect();
        self.refuse(refusal::none_fits(grammar, &types, node, place));
    }

    /// Whether a scalar is of this form.
    fn takes(&self, id: TypeId, node: Node<'_>, place: Place<'_, '_>) -> bool {
        let type_ = &self.grammar[id];
        let grants = place.grants.and(type_.grants);
        let text = node.as_str().unwrap_or_default();
        if expression::is_in(text) {
            let whole = sole(text.trim()).is_some();
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

/// A mapping that may be meant.
pub(super) type Meaning = (TypeId, &'static Map);

/// The mapping that is meant: the only one, or the first whose mark is there.
fn meant(node: Node<'_>, maps: impl Iterator<Item = Meaning> + Clone) -> Option<TypeId> {
    let has_mark = |(_, map): &Meaning| {
        let by = map.by.as_ref();
        by.is_some_and(|by| match (node.get(by.key), by.begins) {
            (Some(value), Some(begins)) => {
                value.as_str().is_some_and(|text| text.starts_with(begins))
            }
            (value, _) => value.is_some(),
        })
    };
    let mut rest = maps.clone();
    let found = match (rest.next(), rest.next()) {
        (Some(only), None) => Some(only),
        _ => maps.clone().find(has_mark),
    };
    found.map(|(id, _)| id)
}

fn map(grammar: &'static Grammar, id: TypeId) -> Option<Meaning> {
    match &grammar[id].form {
        Form::Map(map) => Some((id, map)),
        _ => None,
    }
}
