//! Whose the workflow files are: ours, in GitHub's own syntax, or given back to the user.

use super::Check;
use crate::diagnostics::Diagnostic;
use crate::knowledge::WORKFLOWS;
use crate::manifest::Document;
use crate::manifest::model::Workflow;
use crate::manifest::raw::{self, Raw};
use crate::manifest::value::Kind;
use crate::pipeline::OwnWorkflow;

/// The workflows that are planned from what the manifest says of them.
pub(super) fn planned(raw: &Raw) -> impl Iterator<Item = (&str, &raw::Workflow)> {
    let all = raw.workflows.iter();
    let all = all.map(|(file, written)| (file.as_str(), &**written));
    all.filter(|(_, written)| written.own.is_none() && !written.is_mark())
}

/// Whether no workflow of the user's own has the name of one that follows from the rest.
pub(super) fn is_free(file: &str, raw: &Raw) -> bool {
    raw.workflows
        .get(file)
        .is_none_or(|written| written.own.is_none())
}

/// The name that GitHub shows for a workflow in its own syntax.
pub(super) fn shown_name(file: &str, written: &raw::Workflow) -> Option<String> {
    let own = written.own.as_ref()?;
    let name = own.get("name").and_then(serde_json::Value::as_str);
    let of_file = || match &written.file {
        Some(file) => format!("{WORKFLOWS}{}", file.as_str()),
        None => format!("{WORKFLOWS}{file}.yml"),
    };
    Some(name.map_or_else(of_file, str::to_owned))
}

/// Marks the workflows that follow from the rest and are the user's. A mark that fits
/// none would silently do nothing, so it is an error.
pub(super) fn mark(all: &mut [Workflow], raw: &Raw, check: &mut Check<'_>) {
    for (file, written) in &raw.workflows {
        if written.own.is_some() || !written.is_mark() {
            continue;
        }
        match all
            .iter_mut()
            .find(|workflow| workflow.file == file.as_str())
        {
            Some(workflow) => workflow.ejected = true,
            None => {
                let message = format!("no workflow `{file}` follows from the rest of the manifest");
                let error = Diagnostic::error("nothing-ejected", message)
                    .at(check.key(&["workflows", file]))
                    .note("only what would be written can be left to you")
                    .help("remove the entry: the file is yours without it");
                check.diagnostics.push(error);
            }
        }
    }
}

/// The workflows in GitHub's own syntax, with what is wrong with their entries.
pub(super) fn own(
    document: &Document,
    planned: &[Workflow],
    check: &mut Check<'_>,
) -> Vec<OwnWorkflow> {
    for (name, written) in &document.raw.workflows {
        if written.own.is_some() {
            stands_alone(name, check);
        } else if written.file.is_some() {
            let message = "only a workflow under `own` says which file it is for";
            let help = "remove `file`; the name of the entry is that of the file";
            check.error(&["workflows", name, "file"], "file-unused", message, help);
        }
    }
    let mut paths: Vec<_> = planned
        .iter()
        .map(|one| format!("{}.yml", one.file))
        .collect();
    for own in &document.own {
        // Some file systems ignore case.
        if paths
            .iter()
            .any(|path| path.eq_ignore_ascii_case(&own.file))
        {
            let message = format!("two workflows are written to `{}`", own.file);
            let help = "give one of them another name, or remove it";
            check.error(&["workflows", &own.name], "file-twice", message, help);
        }
        paths.push(own.file.clone());
    }
    document.own.clone()
}

/// What we know to do with a workflow, we do not do with one in GitHub's own syntax.
fn stands_alone(name: &str, check: &mut Check<'_>) {
    let found = check.values.find(&["workflows", name]);
    let Some(Kind::Mapping(entries)) = found.map(|found| &found.value.kind) else {
        return;
    };
    let ours = entries
        .iter()
        .filter(|(key, _)| !matches!(key.as_str(), "own" | "file"));
    let wrong: Vec<_> = ours
        .map(|(key, entry)| {
            Diagnostic::error("own-alone", format!("`{key}` has no effect beside `own`"))
                .at(entry.key)
                .note("`own` is the whole workflow in GitHub's own syntax")
                .help("write it there in GitHub's syntax, or remove it")
        })
        .collect();
    check.diagnostics.extend(wrong);
}
