//! How many runs a matrix makes of a job.

use std::collections::BTreeMap;

use super::both::Both;
use super::lines::{Lines, Rank};
use crate::syntax::{Kind, Node};

/// GitHub starts at most 256; a text may ask for any number.
const MAX_RUNS: usize = 4_096;

pub(super) fn compare(id: &str, both: Both<'_>, lines: &mut Lines) {
    if !both.differ() {
        return;
    }
    let size = |node: Option<Node<'_>>| node.map_or(Some(1), size);
    let after = match (size(both.old), size(both.new)) {
        (Some(old), Some(new)) if old != new => {
            let runs = if new == 1 { "run" } else { "runs" };
            format!(" set to {new} {runs}, was {old}")
        }
        _ => " changed".to_owned(),
    };
    lines.of(Rank::Detail, "matrix of ", Some(id), after);
}

type Run<'t> = BTreeMap<&'t str, Node<'t>>;

/// Counts the runs; nothing for what only GitHub can work out.
fn size(matrix: Node<'_>) -> Option<usize> {
    if !matches!(matrix.kind(), Kind::Mapping(_)) {
        return None;
    }
    let mut runs = product(matrix)?;
    for row in rows(matrix, "exclude")? {
        runs.retain(|run| {
            !row.iter()
                .all(|(key, value)| run.get(key).is_some_and(|own| equal(*own, *value)))
        });
    }
    // A row that fits into no run, since it would change what makes the run, is one more.
    let alone = rows(matrix, "include")?
        .iter()
        .filter(|row| !runs.iter().any(|run| fits(row, run)))
        .count();
    Some(runs.len() + alone)
}

fn fits(row: &Run<'_>, run: &Run<'_>) -> bool {
    row.iter()
        .all(|(key, value)| run.get(key).is_none_or(|own| equal(*own, *value)))
}

fn equal(old: Node<'_>, new: Node<'_>) -> bool {
    let (old, new) = (Some(old), Some(new));
    !(Both { old, new }).differ()
}

/// Every combination of the lists.
fn product(matrix: Node<'_>) -> Option<Vec<Run<'_>>> {
    let mut runs: Vec<Run<'_>> = Vec::new();
    for entry in matrix.entries() {
        let key = entry.key.as_str()?;
        if matches!(key, "include" | "exclude") {
            continue;
        }
        let Kind::Sequence(items) = entry.value.kind() else {
            return None;
        };
        if runs.is_empty() {
            runs.push(Run::new());
        }
        if runs.len().checked_mul(items.len())? > MAX_RUNS {
            return None;
        }
        let mut more = Vec::with_capacity(runs.len() * items.len());
        for run in &runs {
            for item in items.clone() {
                let mut run = run.clone();
                run.insert(key, item);
                more.push(run);
            }
        }
        runs = more;
    }
    Some(runs)
}

/// The rows under `include` or `exclude`.
fn rows<'t>(matrix: Node<'t>, key: &str) -> Option<Vec<Run<'t>>> {
    let Some(list) = matrix.get(key) else {
        return Some(Vec::new());
    };
    let Kind::Sequence(items) = list.kind() else {
        return None;
    };
    let row = |item: Node<'t>| {
        item.entries()
            .filter_map(|entry| Some((entry.key.as_str()?, entry.value)))
            .collect()
    };
    (items.len() <= MAX_RUNS).then(|| items.map(row).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;
    use crate::syntax::parse;

    fn count(text: &str) -> Option<usize> {
        let tree = parse(SourceId(0), text).document.unwrap();
        size(tree.root().unwrap())
    }

    #[test]
    fn runs_are_counted_as_github_counts_them() {
        assert_eq!(count("{os: [a, b], node: [1, 2, 3]}"), Some(6));
        assert_eq!(
            count("{os: [a, b], node: [1, 2], exclude: [{os: a, node: 1}]}"),
            Some(3)
        );
        assert_eq!(
            count("{os: [a, b], include: [{os: a, extra: 1}, {os: c}]}"),
            Some(3)
        );
        assert_eq!(count("{include: [{a: 1}, {a: 2}]}"), Some(2));
    }

    #[test]
    fn what_is_computed_is_not_counted() {
        assert_eq!(count("{os: '${{ fromJSON(inputs.os) }}'}"), None);
        assert_eq!(count("'${{ fromJSON(inputs.matrix) }}'"), None);
        let many = format!("[{}]", "a,".repeat(100));
        assert_eq!(count(&format!("{{a: {many}, b: {many}, c: {many}}}")), None);
    }
}
