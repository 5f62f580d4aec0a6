//! The labels that a job asks for, as far as they are written out.

use crate::expression;
use crate::knowledge::runners::{self, Label};
use crate::syntax::{Kind, Node};
use crate::workflow::{Job, Part, split};

/// The labels of `runs-on` itself, expressions among them.
pub(super) fn labels<'t>(job: &Job<'t>) -> Vec<Node<'t>> {
    let Some(runs_on) = job.node.get("runs-on") else {
        return Vec::new();
    };
    let labels = match runs_on.kind() {
        Kind::Mapping(_) => match runs_on.get("labels") {
            Some(labels) => labels,
            None => return Vec::new(),
        },
        _ => runs_on,
    };
    texts(labels)
}

/// The sets of labels that a job asks for in turn: those that are written out, together with
/// those that the matrix gives it, each at its place. What only a run can tell is left out.
pub(super) fn sets<'t>(job: &Job<'t>) -> Vec<Vec<Node<'t>>> {
    let labels = labels(job);
    let is_open = |node: &Node<'_>| node.as_str().is_some_and(expression::is_in);
    let (open, written): (Vec<_>, Vec<_>) = labels.into_iter().partition(is_open);
    if open.is_empty() {
        return vec![written];
    }
    let paths = open
        .into_iter()
        .filter_map(|node| matrix_path(node.as_str()?));
    let values = paths.flat_map(|path| from_matrix(job, &path));
    let joined = values.map(|value| written.iter().copied().chain(texts(value)).collect());
    joined.collect()
}

/// The system that a job runs on, if its labels say so.
pub(super) fn system(job: &Job<'_>) -> Option<&'static str> {
    let labels = labels(job);
    let known = labels.iter().filter_map(|node| known(*node));
    let mut systems: Vec<_> = known.map(|label| label.system).collect();
    systems.dedup();
    match systems.as_slice() {
        [only] => Some(only),
        _ => None,
    }
}

/// Writes a system as people do.
pub(super) fn spell(system: &str) -> &str {
    match system {
        "linux" => "Linux",
        "macos" => "macOS",
        "windows" => "Windows",
        other => other,
    }
}

/// What GitHub knows of a label.
pub(super) fn known(node: Node<'_>) -> Option<Label> {
    runners::find(node.as_str()?)
}

fn texts(node: Node<'_>) -> Vec<Node<'_>> {
    match node.kind() {
        Kind::Sequence(items) => items.filter(|item| item.as_str().is_some()).collect(),
        Kind::Mapping(_) => Vec::new(),
        _ => vec![node],
    }
}

/// The keys of `${{ matrix.a.b }}`, if that is all.
fn matrix_path(text: &str) -> Option<Vec<&str>> {
    let [Part::Expression(inside, _)] = split(text.trim())[..] else {
        return None;
    };
    let path = inside.trim().strip_prefix("matrix.")?;
    let plain = |part: &str| {
        let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        !part.is_empty() && part.chars().all(letters)
    };
    let parts: Vec<_> = path.split('.').collect();
    parts.iter().copied().all(plain).then_some(parts)
}

/// The values that a matrix has under a path.
fn from_matrix<'t>(job: &Job<'t>, path: &[&str]) -> Vec<Node<'t>> {
    let matrix = job.node.get("strategy").and_then(|node| node.get("matrix"));
    let Some((matrix, (axis, rest))) = matrix.zip(path.split_first()) else {
        return Vec::new();
    };
    let values = matrix.get(axis).into_iter().flat_map(Node::items);
    let included = matrix.get("include").into_iter().flat_map(Node::items);
    let values = values.chain(included.filter_map(|item| item.get(axis)));
    let inside = |node| {
        rest.iter()
            .try_fold(node, |node: Node<'t>, key| node.get(key))
    };
    values.filter_map(inside).collect()
}
