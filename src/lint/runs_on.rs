//! The labels that a job asks for, as far as they are written out.

use crate::expression;
use crate::knowledge::runners::{self, Label};
use crate::syntax::{Kind, Node};
use crate::workflow::{Job, sole, texts};

/// The labels of `runs-on` itself, expressions among them.
pub(super) fn labels<'t>(job: &Job<'t>) -> impl Iterator<Item = Node<'t>> + Clone + use<'t> {
    let runs_on = job.node.get("runs-on");
    let labels = runs_on.and_then(|node| match node.kind() {
        Kind::Mapping(_) => node.get("labels"),
        _ => Some(node),
    });
    labels.into_iter().flat_map(texts)
}

/// The sets of labels that a job asks for in turn: those that are written out, together with
/// those that the matrix gives it, each at its place. What only a run can tell is left out.
pub(super) fn sets<'t>(job: &Job<'t>) -> Vec<Vec<Node<'t>>> {
    let labels = labels(job);
    let is_open = |node: &Node<'_>| node.as_str().is_some_and(expression::is_in);
    let written: Vec<_> = labels.clone().filter(|node| !is_open(node)).collect();
    let mut open = labels.filter(is_open).peekable();
    if open.peek().is_none() {
        return vec![written];
    }
    let paths = open.filter_map(|node| matrix_path(node.as_str()?));
    let values = paths.flat_map(|path| from_matrix(job, &path));
    let joined = values.map(|value| written.iter().copied().chain(texts(value)).collect());
    joined.collect()
}

/// The system that a job runs on, if its labels say so.
pub(super) fn system(job: &Job<'_>) -> Option<&'static str> {
    let mut systems = labels(job).filter_map(|node| Some(known(node)?.system));
    let first = systems.next()?;
    systems.all(|other| other == first).then_some(first)
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

/// The keys of `${{ matrix.a.b }}`, if that is all.
fn matrix_path(text: &str) -> Option<Vec<&str>> {
    let path = sole(text.trim())?.trim().strip_prefix("matrix.")?;
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
