//! What starts a workflow.

use crate::manifest::raw::{self, Raw, WorkflowKind};
use crate::manifest::resolve::Check;
use crate::manifest::trigger;
use crate::pipeline::{PushFilter, Trigger};

pub(super) fn triggers(
    at: &[&str; 2],
    written: &raw::Workflow,
    raw: &Raw,
    check: &mut Check<'_>,
) -> Vec<Trigger> {
    let path = [at[0], at[1], "on"];
    if matches!(written.kind, WorkflowKind::Deploy | WorkflowKind::Rollback) {
        if !written.on.is_empty() {
            let help = match written.kind {
                WorkflowKind::Deploy => "write it as `on` of the environment's `deploy`",
                _ => "remove it: a roll-back is started by hand",
            };
            check.error(
                &path,
                "trigger-elsewhere",
                "what starts this workflow is not said here",
                help,
            );
        }
        return vec![Trigger::Dispatch(Vec::new())];
    }
    let texts: Vec<_> = written.on.iter().map(|line| line.as_str()).collect();
    let mut triggers = read(&path, &texts, check);
    limit_to_paths(at, written, &mut triggers, check);
    if triggers
        .iter()
        .any(|trigger| matches!(trigger, Trigger::After { .. }))
    {
        let message = "only a deployment follows another workflow";
        let help = "write `branch …` or `pull-request …`, or `needs` between jobs";
        check.error(&path, "follows", message, help);
    }
    let checks = [
        WorkflowKind::Checks,
        WorkflowKind::Tests,
        WorkflowKind::Security,
    ];
    if triggers.contains(&Trigger::MergeGroup) && !checks.contains(&written.kind) {
        let message = "a merge queue waits for checks, and this workflow does more";
        let help = "remove `merge-group` here, and write it at a workflow of checks";
        check.error(&path, "merge-group", message, help);
    }
    if written.kind == WorkflowKind::Drift {
        return by_the_clock(&path, triggers, check);
    }
    if triggers.is_empty() && written.kind != WorkflowKind::Pipeline {
        let branch = raw
            .repository
            .default_branch
            .as_ref()
            .map_or("main", |branch| branch.as_str());
        triggers.push(Trigger::PullRequest {
            branches: Vec::new(),
            paths: Vec::new(),
        });
        triggers.push(Trigger::Push(PushFilter {
            branches: vec![branch.to_owned()],
            ..PushFilter::default()
        }));
    }
    triggers
}

/// Reads the triggers that stand at a path, and tells which texts are none.
pub(in crate::manifest::resolve) fn read(
    path: &[&str],
    texts: &[&str],
    check: &mut Check<'_>,
) -> Vec<Trigger> {
    let (triggers, problems) = trigger::triggers(texts.iter().copied());
    for (index, problem) in problems {
        let index = index.to_string();
        let mut place = path.to_vec();
        // A single trigger is written without a list.
        if texts.len() > 1 {
            place.push(&index);
        }
        let help = format!("write one of {}", trigger::FORMS.join(", "));
        check.error(&place, "unknown-trigger", problem, help);
    }
    triggers
}

/// What starts a look at what is live: no change of the repository does.
fn by_the_clock(path: &[&str], triggers: Vec<Trigger>, check: &mut Check<'_>) -> Vec<Trigger> {
    let fits = |trigger: &Trigger| matches!(trigger, Trigger::Schedule(_) | Trigger::Dispatch(_));
    if !triggers.iter().all(fits) {
        let message = "no change of the repository says that the infrastructure has drifted";
        let help = "write `schedule 0 3 * * *` or `dispatch`";
        check.error(path, "by-the-clock", message, help);
    }
    if triggers.is_empty() {
        let nightly = Trigger::Schedule(vec!["23 3 * * *".to_owned()]);
        return vec![nightly, Trigger::Dispatch(Vec::new())];
    }
    triggers
}

/// Lets pushes start it only if they change certain paths.
fn limit_to_paths(
    at: &[&str; 2],
    written: &raw::Workflow,
    triggers: &mut [Trigger],
    check: &mut Check<'_>,
) {
    if written.paths.is_empty() {
        return;
    }
    let path = [at[0], at[1], "paths"];
    if written.kind != WorkflowKind::Database {
        let message =
            "other workflows must run for every change, since something may wait for them";
        check.error(&path, "paths-unused", message, "remove `paths`");
    }
    let pushes = triggers.iter_mut().filter_map(|trigger| match trigger {
        Trigger::Push(filter) if !filter.branches.is_empty() => Some(filter),
        _ => None,
    });
    let mut some = false;
    for filter in pushes {
        filter.paths = written
            .paths
            .iter()
            .map(|path| path.as_str().to_owned())
            .collect();
        some = true;
    }
    if !some {
        check.error(
            &path,
            "paths-unused",
            "no push starts this workflow",
            "write `on: [branch main, dispatch]`",
        );
    }
}
