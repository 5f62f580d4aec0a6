//! The short form of triggers: `branch main develop`, `tag v*.*.*`, `schedule 0 2 * * *`.

use crate::pipeline::{PushFilter, Trigger};

/// What may start a workflow, with an example each, for messages.
pub(super) const FORMS: [&str; 8] = [
    "branch main",
    "tag v*.*.*",
    "pull-request main",
    "merge-group",
    "schedule 0 2 * * *",
    "dispatch",
    "call",
    "after ci on main",
];

/// The triggers of a workflow; each text that is none comes back with the reason.
pub(super) fn triggers<'t>(
    texts: impl IntoIterator<Item = &'t str>,
) -> (Vec<Trigger>, Vec<(usize, String)>) {
    let mut push = PushFilter::default();
    let mut pull_requests: Option<Vec<String>> = None;
    let mut times = Vec::new();
    let mut others = Vec::new();
    let mut problems = Vec::new();
    for (index, text) in texts.into_iter().enumerate() {
        let mut words = text.split_whitespace();
        let kind = words.next().unwrap_or_default();
        let patterns: Vec<String> = words.map(str::to_owned).collect();
        let outcome = match kind {
            "branch" => named(&patterns).map(|()| push.branches.extend(patterns)),
            "tag" => named(&patterns).map(|()| push.tags.extend(patterns)),
            "pull-request" => {
                pull_requests.get_or_insert_default().extend(patterns);
                Ok(())
            }
            "schedule" => cron(&patterns).map(|()| times.push(patterns.join(" "))),
            "after" => follows(&patterns).map(|trigger| others.push(trigger)),
            "dispatch" if patterns.is_empty() => {
                others.push(Trigger::Dispatch(Vec::new()));
                Ok(())
            }
            "merge-group" if patterns.is_empty() => {
                others.push(Trigger::MergeGroup);
                Ok(())
            }
            "call" if patterns.is_empty() => {
                others.push(Trigger::Call);
                Ok(())
            }
            "dispatch" | "merge-group" | "call" => Err(format!("`{kind}` stands alone")),
            _ => Err(format!("`{kind}` starts nothing")),
        };
        if let Err(problem) = outcome {
            problems.push((index, problem));
        }
    }
    let mut triggers = Vec::new();
    if let Some(branches) = pull_requests {
        triggers.push(Trigger::PullRequest {
            branches,
            paths: Vec::new(),
        });
    }
    if push != PushFilter::default() {
        triggers.push(Trigger::Push(push));
    }
    if !times.is_empty() {
        triggers.push(Trigger::Schedule(times));
    }
    triggers.extend(others);
    (triggers, problems)
}

fn named(patterns: &[String]) -> Result<(), String> {
    if patterns.is_empty() {
        Err("no pattern follows".to_owned())
    } else {
        Ok(())
    }
}

/// A workflow by its file, and the branches that it ran on.
fn follows(words: &[String]) -> Result<Trigger, String> {
    match words {
        [workflow, on, branches @ ..] if on == "on" && !branches.is_empty() => Ok(Trigger::After {
            workflows: vec![workflow.clone()],
            branches: branches.to_vec(),
        }),
        _ => Err("`after` names a workflow and the branches that it ran on".to_owned()),
    }
}

/// Checks the five fields of a time.
fn cron(fields: &[String]) -> Result<(), String> {
    const FIELDS: [(&str, u32, u32); 5] = [
        ("minute", 0, 59),
        ("hour", 0, 23),
        ("day of month", 1, 31),
        ("month", 1, 12),
        ("day of week", 0, 6),
    ];
    if fields.len() != FIELDS.len() {
        return Err(format!("a schedule has five fields, not {}", fields.len()));
    }
    for (field, (name, low, high)) in fields.iter().zip(FIELDS) {
        let within = |number: &str| {
            let plain = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
            plain
                && number
                    .parse()
                    .is_ok_and(|number: u32| (low..=high).contains(&number))
        };
        let part = |part: &str| {
            let (range, step) = part
                .split_once('/')
                .map_or((part, None), |(range, step)| (range, Some(step)));
            let range_ok =
                range == "*" || range.split('-').count() <= 2 && range.split('-').all(within);
            range_ok && step.is_none_or(|step| step.parse::<u32>().is_ok_and(|step| step > 0))
        };
        if !field.split(',').all(part) {
            return Err(format!("`{field}` is no {name} ({low} to {high})"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_come_together_by_kind() {
        let (triggers, problems) = triggers([
            "branch main",
            "branch phase-*/**",
            "pull-request",
            "dispatch",
            "schedule 0 2 * * *",
        ]);
        assert_eq!(problems, []);
        let push = PushFilter {
            branches: vec!["main".into(), "phase-*/**".into()],
            ..PushFilter::default()
        };
        assert_eq!(
            triggers,
            [
                Trigger::PullRequest {
                    branches: Vec::new(),
                    paths: Vec::new()
                },
                Trigger::Push(push),
                Trigger::Schedule(vec!["0 2 * * *".into()]),
                Trigger::Dispatch(Vec::new()),
            ]
        );
    }

    #[test]
    fn every_form_in_messages_is_one() {
        assert_eq!(triggers(FORMS).1, []);
    }

    #[test]
    fn what_starts_nothing_is_said() {
        let (_, problems) = triggers([
            "pusj main",
            "branch",
            "schedule 0 2 * *",
            "schedule 60 2 * * *",
            "dispatch now",
            "merge-group main",
            "after ci",
        ]);
        let said: Vec<_> = problems
            .iter()
            .map(|(index, problem)| (*index, problem.as_str()))
            .collect();
        assert_eq!(
            said,
            [
                (0, "`pusj` starts nothing"),
                (1, "no pattern follows"),
                (2, "a schedule has five fields, not 4"),
                (3, "`60` is no minute (0 to 59)"),
                (4, "`dispatch` stands alone"),
                (5, "`merge-group` stands alone"),
                (
                    6,
                    "`after` names a workflow and the branches that it ran on"
                ),
            ]
        );
    }
}
