//! Fields of the form that starts a run by hand: more of them, and other names for ours.

use crate::diagnostics::{Diagnostic, Diagnostics, nearest};
use crate::manifest::model::OwnName;
use crate::pipeline::{DispatchInput, Trigger, Workflow};
use crate::source::Location;

/// Adds the user's own fields to the form.
pub(super) fn add(
    fields: &[(DispatchInput, Location)],
    workflow: &mut Workflow,
    diagnostics: &mut Diagnostics,
) {
    for (field, place) in fields {
        let known = inputs(workflow).any(|input| input.name == field.name);
        let mut triggers = workflow.triggers.iter_mut();
        let form = triggers.find_map(|trigger| match trigger {
            Trigger::Dispatch(inputs) => Some(inputs),
            _ => None,
        });
        let file = &workflow.file;
        let (code, message, help) = match form {
            Some(form) if !known => {
                form.push(field.clone());
                continue;
            }
            Some(_) => (
                "duplicate-input",
                format!("`{file}` asks for `{}` already", field.name),
                "give it another name",
            ),
            None => (
                "nobody-to-ask",
                format!("`{file}` is not started by hand, so nobody can be asked"),
                "add `dispatch` to what starts it, or remove `ask`",
            ),
        };
        diagnostics.push(Diagnostic::error(code, message).at(*place).help(help));
    }
}

/// Renames inputs and whatever reads them; a name that the workflow has not is an error.
pub(super) fn rename(names: &[OwnName], workflow: &mut Workflow, diagnostics: &mut Diagnostics) {
    let known: Vec<_> = inputs(workflow).map(|input| input.name.clone()).collect();
    for own in names {
        if !known.contains(&own.name) {
            diagnostics.push(unknown(own, &known, workflow));
        }
    }
    let new_name = |name: &str| {
        let own = names.iter().find(|own| own.name == name);
        own.map(|own| own.own.as_str())
    };
    workflow.rename_inputs(&new_name);
    for own in names {
        if inputs(workflow)
            .filter(|input| input.name == own.own)
            .count()
            > 1
        {
            let message = format!("`{}` has two inputs called `{}`", workflow.file, own.own);
            let error = Diagnostic::error("duplicate-input", message).at(own.place);
            diagnostics.push(error.help("give each a name of its own"));
        }
    }
}

fn inputs(workflow: &Workflow) -> impl Iterator<Item = &DispatchInput> {
    let inputs = workflow.triggers.iter().map(|trigger| match trigger {
        Trigger::Dispatch(inputs) => inputs.as_slice(),
        _ => &[],
    });
    inputs.flatten()
}

fn unknown(own: &OwnName, known: &[String], workflow: &Workflow) -> Diagnostic {
    let message = format!("`{}` has no input `{}`", workflow.file, own.name);
    let help = match nearest(&own.name, known.iter().map(String::as_str)) {
        Some(near) => format!("write `{near}`"),
        None if known.is_empty() => "remove it: nothing is asked of a run by hand".to_owned(),
        None => format!("write one of {}", known.join(", ")),
    };
    Diagnostic::error("unknown-name", message)
        .at(own.key)
        .help(help)
}
