//! The template engine, set up so that nothing slips through: unknown names are
//! errors, every value is written as a YAML scalar, lists and mappings are refused.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Value, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior};
use serde::Serialize;

use super::scalar::{block, list};
use crate::assets;
use crate::syntax::{Place, scalar};

/// Why a template could not be rendered; a fault of ours, or of a user's template.
#[derive(Debug, thiserror::Error)]
#[error("the template `{template}` cannot be rendered: {reason}")]
pub struct RenderError {
    /// The template's name.
    pub template: String,
    /// What the engine says.
    pub reason: String,
}

/// The engine with all templates at hand, each read when it is first used.
pub(super) struct Engine {
    environment: Environment<'static>,
}

impl Engine {
    pub(super) fn new() -> Self {
        let mut environment = Environment::new();
        let syntax = SyntaxConfig::builder()
            .block_delimiters("<%", "%>")
            .variable_delimiters("<{", "}>")
            .comment_delimiters("<#", "#>")
            .trim_blocks(true)
            .lstrip_blocks(true)
            .keep_trailing_newline(true)
            .build();
        if let Ok(syntax) = syntax {
            environment.set_syntax(syntax);
        }
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        environment.set_formatter(|out, _, value| {
            let text = written(value)?;
            out.write_str(&text).map_err(Error::from)
        });
        environment.add_filter("bare", bare_filter);
        environment.add_filter("comment", comment_filter);
        environment.add_filter("value", value_filter);
        environment.add_filter("list", list_filter);
        environment.set_loader(|name| {
            let found = name.strip_suffix(".yml.j2").and_then(assets::template);
            Ok(found.map(str::to_owned))
        });
        Self { environment }
    }

    /// Renders a workflow.
    pub(super) fn workflow(&self, view: &impl Serialize) -> Result<String, RenderError> {
        self.file("workflow.yml.j2", view)
    }

    /// Renders the file that tells Dependabot what to do.
    pub(super) fn dependabot(&self, view: &impl Serialize) -> Result<String, RenderError> {
        self.file("dependabot.yml.j2", view)
    }

    fn file(&self, name: &str, view: &impl Serialize) -> Result<String, RenderError> {
        let template = self.environment.get_template(name);
        let rendered = template.and_then(|template| template.render(minijinja::value::Serde(view)));
        rendered.map_err(|error| RenderError {
            template: error.name().unwrap_or(name).to_owned(),
            reason: format!("{error:#}"),
        })
    }
}

/// A value as a YAML scalar. Text that a filter has written stands as it is.
fn written(value: &Value) -> Result<String, Error> {
    match value.kind() {
        ValueKind::String if value.is_safe() => Ok(value.as_str().unwrap_or_default().to_owned()),
        ValueKind::String => Ok(scalar(value.as_str().unwrap_or_default(), Place::Block)),
        ValueKind::Number => Ok(value.to_string()),
        ValueKind::Bool => Ok(value.is_true().to_string()),
        other => Err(Error::new(
            ErrorKind::InvalidOperation,
            format!("a {other} cannot be written as a value"),
        )),
    }
}

/// A name that stands for a key: letters, digits, `-` and `_`, or an error.
fn bare_filter(name: &str) -> Result<Value, Error> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    if name.is_empty() || !name.chars().all(plain) {
        return Err(Error::new(
            ErrorKind::InvalidOperation,
            format!("`{name}` is no name"),
        ));
    }
    Ok(Value::from_safe_string(name.to_owned()))
}

/// A text that stays within its comment, whatever is in it.
fn comment_filter(text: &str) -> Value {
    let one_line: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    Value::from_safe_string(one_line.trim().to_owned())
}

/// A text behind a key at column `indent`: on its line, or as a block of lines.
fn value_filter(value: &Value, indent: usize) -> Result<Value, Error> {
    let Some(text) = value.as_str() else {
        return written(value).map(Value::from_safe_string);
    };
    // GitHub hands every value of `env` and `with` over as text, so what looks like a
    // flag or a count may be written as one.
    let number = text.len() <= 9 && text.bytes().all(|b| b.is_ascii_digit()) && !text.is_empty();
    if matches!(text, "true" | "false") || text == "0" || (number && !text.starts_with('0')) {
        return Ok(Value::from_safe_string(text.to_owned()));
    }
    // Quotes around a command make it hard to read; a block shows it as it is.
    let blocked = text.contains('\n').then(|| block(text, indent)).flatten();
    Ok(Value::from_safe_string(
        blocked.unwrap_or_else(|| scalar(text, Place::Block)),
    ))
}

/// A list behind a key at column `indent` of the length `key`.
fn list_filter(value: &Value, indent: usize, key: usize) -> Result<Value, Error> {
    let items: Result<Vec<String>, Error> = value
        .try_iter()?
        .map(|item| {
            item.as_str()
                .map(str::to_owned)
                .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "a list of texts is wanted"))
        })
        .collect();
    Ok(Value::from_safe_string(list(&items?, indent, key)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use minijinja::context;

    fn render(template: &str, context: Value) -> Result<String, Error> {
        Engine::new().environment.render_str(template, context)
    }

    #[test]
    fn every_value_is_written_as_yaml() {
        let text = render(
            "a: <{ a }>, <{ b }>, <{ c }>",
            context! {a => "x: y", b => true, c => 5},
        )
        .unwrap();
        assert_eq!(text, "a: \"x: y\", true, 5");
    }

    #[test]
    fn what_is_no_scalar_is_refused() {
        assert!(render("<{ a }>", context! {a => vec![1]}).is_err());
        assert!(render("<{ a }>", context! {a => ()}).is_err());
        assert!(render("<{ b }>", context! {a => 1}).is_err());
    }

    #[test]
    fn the_braces_of_others_pass_untouched() {
        let text = "${{ github.sha }} {{ .Values }} ${x[0]} <<EOF {%";
        assert_eq!(render(text, context! {}).unwrap(), text);
    }

    #[test]
    fn all_templates_parse() {
        for (name, _) in assets::TEMPLATES {
            let file = format!("{name}.yml.j2");
            Engine::new().environment.get_template(&file).unwrap();
        }
    }
}
