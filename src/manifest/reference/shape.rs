//! What the page asks of a schema.

use serde_json::Value as Json;

/// A schema with its definitions.
pub(super) struct Schema<'s> {
    pub(super) root: &'s Json,
}

/// One form of a value.
#[derive(Clone, Copy)]
pub(super) struct Form<'s> {
    /// The definition it comes from; empty if it stands where it is used.
    pub(super) name: &'s str,
    pub(super) form: &'s Json,
    /// `.NAME` where the form is that of the values of names.
    pub(super) own: &'static str,
}

/// The keys of a mapping, without those that add to lists.
pub(super) fn properties(form: &Json) -> impl Iterator<Item = (&str, &Json)> {
    let all = form.get("properties").and_then(Json::as_object);
    let all = all.into_iter().flatten();
    all.map(|(key, value)| (key.as_str(), value))
        .filter(|(key, _)| !key.ends_with('+'))
}

impl<'s> Schema<'s> {
    /// Follows references to what they name.
    pub(super) fn resolve<'v>(&self, value: &'v Json) -> &'v Json
    where
        's: 'v,
    {
        self.named(value).1
    }

    fn named<'v>(&self, mut value: &'v Json) -> (&'v str, &'v Json)
    where
        's: 'v,
    {
        let mut name = "";
        while let Some(reference) = value.get("$ref").and_then(Json::as_str) {
            name = reference.trim_start_matches("#/$defs/");
            value = self.root.pointer(&reference[1..]).unwrap();
        }
        (name, value)
    }

    /// The forms that a value may have.
    pub(super) fn forms<'v>(&self, value: &'v Json) -> Vec<Form<'v>>
    where
        's: 'v,
    {
        let (name, form) = self.named(value);
        match form.get("anyOf").and_then(Json::as_array) {
            Some(branches) => branches
                .iter()
                .flat_map(|branch| self.forms(branch))
                .collect(),
            None => vec![Form {
                name,
                form,
                own: "",
            }],
        }
    }

    /// The mappings with keys of ours that can stand at a value, or behind names there.
    pub(super) fn mappings<'v>(&self, value: &'v Json) -> Vec<Form<'v>>
    where
        's: 'v,
    {
        let forms = self.forms(value);
        forms
            .iter()
            .filter_map(|form| self.mapping_in(form))
            .collect()
    }

    /// The mapping with keys of ours that a form is, or has behind names or in a list.
    pub(super) fn mapping_in<'v>(&self, form: &Form<'v>) -> Option<Form<'v>>
    where
        's: 'v,
    {
        if properties(form.form).next().is_some() {
            return Some(*form);
        }
        let below = self.mappings(of_names(form.form)?).into_iter().next()?;
        Some(Form {
            own: ".NAME",
            ..below
        })
    }

    /// What stands behind names of the user's.
    pub(super) fn behind_names<'v>(&self, value: &'v Json) -> Option<&'v Json>
    where
        's: 'v,
    {
        let forms = self.forms(value);
        forms.iter().find_map(|form| of_names(form.form))
    }

    /// What a form that is no mapping of ours is called.
    pub(super) fn shape(&self, form: &Form<'_>) -> String {
        if let Some(title) = form.form.get("title").and_then(Json::as_str) {
            return title.to_owned();
        }
        if !constants(form.form).is_empty() {
            return String::new();
        }
        let kind = match form.form.get("type") {
            Some(Json::String(name)) => Some(name.as_str()),
            Some(Json::Array(names)) => names.first().and_then(Json::as_str),
            _ => None,
        };
        match kind {
            Some("null") => String::new(),
            Some("object") => self.names(form.form),
            Some("array") => {
                let items = form.form.get("items").map(|items| self.forms(items));
                let item = items.into_iter().flatten().next();
                match item.map(|item| self.shape(&item)) {
                    Some(item) if !item.is_empty() => format!("a list: {item}"),
                    _ => "a list".to_owned(),
                }
            }
            Some("boolean") => "`true`/`false`".to_owned(),
            Some("integer") => "a whole number".to_owned(),
            Some("number") => "a number".to_owned(),
            Some("string") => "text".to_owned(),
            _ => "GitHub's syntax".to_owned(),
        }
    }

    /// A mapping from names of the user's to values.
    fn names(&self, form: &Json) -> String {
        let first = of_names(form).and_then(|value| self.forms(value).into_iter().next());
        let shape = first.map(|first| self.shape(&first)).unwrap_or_default();
        match shape.as_str() {
            "" => "a mapping".to_owned(),
            shape => format!(
                "a mapping of names to {}",
                shape.trim_start_matches("a list: ")
            ),
        }
    }

    /// The words that a value, or an item of it, may be, each with its meaning; none
    /// where there is no choice.
    pub(super) fn words(&self, value: &Json) -> Vec<(String, String)> {
        let forms = self.forms(value);
        let items = forms.iter().filter_map(|form| form.form.get("items"));
        let items: Vec<_> = items.flat_map(|items| self.forms(items)).collect();
        let mut words = Vec::new();
        for form in forms.iter().chain(&items) {
            for (word, about) in constants(form.form) {
                if !words.iter().any(|(known, _)| *known == word) {
                    words.push((word, lower(about)));
                }
            }
        }
        if words.len() > 1 { words } else { Vec::new() }
    }
}

fn of_names(form: &Json) -> Option<&Json> {
    let patterns = form.get("patternProperties").and_then(Json::as_object);
    patterns?.values().next()
}

/// The words of a form, with their meanings where they have some.
fn constants(form: &Json) -> Vec<(String, &str)> {
    let written = |value: &Json| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    if let Some(words) = form.get("enum").and_then(Json::as_array) {
        return words.iter().map(|word| (written(word), "")).collect();
    }
    let all = form.get("oneOf").and_then(Json::as_array);
    let all = all.into_iter().flatten();
    all.filter_map(|one| {
        let about = one.get("description").and_then(Json::as_str);
        Some((written(one.get("const")?), about.unwrap_or_default()))
    })
    .collect()
}

/// A sentence as the continuation of a line.
fn lower(text: &str) -> String {
    let text = text.trim_end_matches('.');
    let mut letters = text.chars();
    match letters.next() {
        Some(first) if !letters.as_str().starts_with(char::is_uppercase) => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => text.to_owned(),
    }
}
