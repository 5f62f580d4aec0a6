//! Workspaces: what a root runs over all of its members is an entry of its own.

use crate::detect::{Component, Detection, Found, Kind, Workspace};

/// Programs that only start the scripts of the members, which have entries themselves.
const RUNNERS: &[&str] = &["lerna", "nx", "turbo"];

/// A component for each workspace that is checked or tested as a whole. Its members keep
/// what they do themselves.
pub(super) fn wholes(detection: &Detection) -> Vec<Component> {
    detection
        .workspaces
        .iter()
        .filter_map(|workspace| whole(detection, workspace))
        .collect()
}

fn whole(detection: &Detection, workspace: &Workspace) -> Option<Component> {
    let mut members = detection
        .components
        .iter()
        .filter(|component| component.workspace.as_ref() == Some(&workspace.path));
    let first = members.find(|one| one.kind != Kind::E2e)?;
    let is_one_itself = |component: &Component| {
        component.path == workspace.path && component.language == first.language
    };
    if detection.components.iter().any(is_one_itself) {
        return None;
    }
    // Those of other languages count, too: the root may start their tests as well.
    let untested = detection
        .components
        .iter()
        .filter(|one| is_within(&one.path, &workspace.path))
        .all(|one| one.test_command.is_none() && one.e2e_command.is_none());
    let mut whole = Component::new(
        &workspace.path,
        first.language,
        Kind::Library,
        workspace.evidence.clone(),
    );
    whole.runtime = first.runtime;
    whole.version.clone_from(&first.version);
    whole.version_range.clone_from(&first.version_range);
    whole.package_manager.clone_from(&first.package_manager);
    whole.lockfile.clone_from(&workspace.lockfile);
    whole.test_command = workspace.test_command.clone().filter(|_| untested);
    for check in &workspace.checks {
        let delegates = |tool: &String| RUNNERS.contains(&tool.as_str());
        if !check.tools.iter().any(delegates)
            && let Some(tool) = check.tools.first()
        {
            let from = check.command.from.clone();
            whole.lint.push(Found {
                value: tool.clone(),
                from,
            });
            whole.checks.push(check.clone());
        }
    }
    (whole.test_command.is_some() || !whole.lint.is_empty()).then_some(whole)
}

/// Whether a folder is another one or lies below it.
fn is_within(folder: &str, outer: &str) -> bool {
    let below = folder.strip_prefix(outer);
    outer == "." || below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether the command that tests a whole workspace is worth a word: nothing runs it, and
/// some member has no tests of its own.
pub(super) fn is_untested(detection: &Detection, workspace: &Workspace) -> bool {
    let is_run = |component: &Component| {
        component.path == workspace.path && component.test_command.is_some()
    };
    let is_whole = whole(detection, workspace).is_some_and(|whole| whole.test_command.is_some());
    let mut members = detection
        .components
        .iter()
        .filter(|component| component.workspace.as_ref() == Some(&workspace.path));
    !is_whole
        && !detection.components.iter().any(is_run)
        && members.any(|one| one.test_command.is_none())
}
