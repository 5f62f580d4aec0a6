//! No expressions in our own keys and values.

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::expression::{self, OPENING};
use crate::manifest::merge::is_github_syntax;
use crate::manifest::value::{Kind, Value};
use crate::source::Location;

/// Reports every key and text with an expression that is not in GitHub's syntax.
pub(super) fn refuse_expressions(values: &Value, diagnostics: &mut Diagnostics) {
    walk(values, &mut Vec::new(), diagnostics);
}

fn walk(value: &Value, path: &mut Vec<String>, diagnostics: &mut Diagnostics) {
    if is_github_syntax(path) {
        return;
    }
    match &value.kind {
        Kind::String(text) if expression::is_in(text) => {
            diagnostics.push(refuse("value", value.origin));
        }
        Kind::List(items) => {
            for item in items {
                path.push(String::new());
                walk(item, path, diagnostics);
                path.pop();
            }
        }
        Kind::Mapping(entries) => {
            for (key, entry) in entries {
                if expression::is_in(key) {
                    diagnostics.push(refuse("key", entry.key));
                }
                path.push(key.clone());
                walk(&entry.value, path, diagnostics);
                path.pop();
            }
        }
        _ => {}
    }
}

fn refuse(what: &str, place: Location) -> Diagnostic {
    let message = format!("the {what} has an expression in it, `{OPENING}`");
    Diagnostic::error("expression-in-value", message)
        .at(place)
        .note("GitHub would evaluate it in a job that may hold secrets; a manifest says plain words only")
        .help("write expressions under `steps`, `jobs`, `overlays` or `own` of a workflow, which are in GitHub's syntax")
}
