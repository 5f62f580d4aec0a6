//! Workflows in GitHub's own syntax, taken out of the manifest's text as they are written.
//!
//! Values with their places and the texts go in; what the files will say comes out.
//! It is cut out rather than written anew, so that comments, quotes, anchors and blank
//! lines stay; that it still says the same is checked each time.

use std::collections::BTreeMap;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::manifest::value::{BUDGET, Kind, Value};
use crate::pipeline::{OwnWorkflow, Unpinned};
use crate::source::{Location, SourceId, Sources};
use crate::syntax::{self, Node, Style, Tree};

/// Returns the workflows under `own`, in the order of the manifest.
pub(super) fn workflows(
    values: &Value,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> Vec<OwnWorkflow> {
    let Some(Kind::Mapping(entries)) = values.find(&["workflows"]).map(|found| &found.value.kind)
    else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for (name, entry) in entries {
        let Some(own) = entry.value.find(&["own"]) else {
            continue;
        };
        let file = entry.value.find(&["file"]).map(|file| &file.value.kind);
        let file = match file {
            Some(Kind::String(file)) => file.clone(),
            _ => format!("{name}.yml"),
        };
        match written(own.key, own.value, sources) {
            Some((text, unpinned)) => all.push(OwnWorkflow {
                name: name.clone(),
                file,
                text,
                unpinned,
            }),
            None => diagnostics.push(cannot_stand_alone(own.key)),
        }
    }
    all
}

/// The text of a workflow by itself, with the actions that it names without a version;
/// nothing if it says something else by itself.
fn written(key: Location, own: &Value, sources: &Sources) -> Option<(String, Vec<Unpinned>)> {
    let source = sources.get(own.origin.source)?.text();
    let text = cut(source, key, own.origin)?;
    let full = same(&text, own).then_some(text)?;
    // Blank lines at the end belong to the last value only if it keeps them.
    let short = format!("{}\n", full.trim_end_matches('\n'));
    let text = if short != full && same(&short, own) {
        short
    } else {
        full
    };
    let unpinned = unpinned(&text);
    Some((text, unpinned))
}

/// Cuts the lines of a value out, without the blanks that all of them begin with.
fn cut(source: &str, key: Location, own: Location) -> Option<String> {
    let begin = own.span.start as usize;
    let end = own.span.end as usize;
    let written = source.get(begin..end)?;
    let first = source[..begin].rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let column = begin - first;
    let is_alone = source[first..begin].bytes().all(|byte| byte == b' ');
    if !is_alone || first <= key.span.end as usize {
        let brackets = written.starts_with('{');
        return brackets.then(|| format!("{}\n", lines(written).join("\n")));
    }
    let above = source.get(key.span.end as usize..first)?;
    let comments = lines(above).into_iter().skip(1);
    let comments = comments.filter(|line| matches!(line.trim_start().as_bytes(), [] | [b'#', ..]));
    let mut all: Vec<_> = comments.map(|line| unindented(line, column)).collect();
    while all.first().is_some_and(|line| line.trim().is_empty()) {
        all.remove(0);
    }
    // The break behind the last comment is no line.
    if all.last().is_some_and(|line| line.is_empty()) {
        all.pop();
    }
    let inside = lines(&source[begin..end]).len();
    let mut below = lines(&source[first..]);
    if below.last().is_some_and(|line| line.is_empty()) {
        below.pop();
    }
    for (number, line) in below.into_iter().enumerate() {
        let indent = line.len() - line.trim_start_matches(' ').len();
        let ends = indent < column && !line.trim().is_empty();
        if ends && number >= inside {
            break;
        }
        all.push(unindented(line, column));
    }
    Some(format!("{}\n", all.join("\n")))
}

/// The lines of a text, whatever breaks them; behind the last break stands one more.
pub fn lines(text: &str) -> Vec<&str> {
    let mut all = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['\n', '\r']) {
        all.push(&rest[..at]);
        let width = if rest[at..].starts_with("\r\n") { 2 } else { 1 };
        rest = &rest[at + width..];
    }
    all.push(rest);
    all
}

/// A line without so many blanks; of blanks alone, what is more than that.
fn unindented(line: &str, column: usize) -> &str {
    let blanks = line.len() - line.trim_start_matches(' ').len();
    &line[blanks.min(column)..]
}

/// Whether a text by itself says what the value says.
fn same(text: &str, own: &Value) -> bool {
    // The places are not looked at, so any id will do.
    let (mut budget, mut found) = (BUDGET, Diagnostics::new());
    let read = Value::read(SourceId(0), text, &mut budget, &mut found);
    !found.has_errors() && read.is_some_and(|read| alike(&read, own))
}

fn alike(left: &Value, right: &Value) -> bool {
    match (&left.kind, &right.kind) {
        (Kind::List(left), Kind::List(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| alike(left, right))
        }
        (Kind::Mapping(left), Kind::Mapping(right)) => {
            let same = |((key, left), (other, right)): (
                (&String, &super::Entry),
                (&String, &super::Entry),
            )| { key == other && alike(&left.value, &right.value) };
            left.len() == right.len() && left.iter().zip(right).all(same)
        }
        (left, right) => left == right,
    }
}

/// The actions that steps name without a version. GitHub refuses such a step, so it can mean nothing else.
pub fn unpinned(text: &str) -> Vec<Unpinned> {
    let parsed = syntax::parse(SourceId(0), text);
    let root = parsed.document.as_ref().and_then(Tree::root);
    let mut all = BTreeMap::new();
    for uses in root.into_iter().flat_map(uses_of_steps) {
        let (Some(action), span) = (uses.as_str(), uses.span()) else {
            continue;
        };
        let quote = usize::from(matches!(
            uses.style(),
            Style::SingleQuoted | Style::DoubleQuoted
        ));
        let (start, end) = (span.start as usize + quote, span.end as usize - quote);
        if is_published(action) && text.get(start..end) == Some(action) {
            let behind = &text[span.end as usize..];
            let line = behind.split('\n').next().unwrap_or_default();
            let unpinned = Unpinned {
                action: action.to_owned(),
                at: end,
                comment: line.trim().is_empty().then_some(span.end as usize),
            };
            all.insert(end, unpinned);
        }
    }
    all.into_values().collect()
}

/// What the steps of all jobs use, each where it is written.
pub fn uses_of_steps(root: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let jobs = root.get("jobs").into_iter().flat_map(Node::entries);
    let steps = jobs.filter_map(|job| job.value.get("steps"));
    let steps = steps.flat_map(Node::items);
    let uses = steps.filter_map(|step| step.get("uses"));
    uses.map(Node::definition)
}

/// Whether an action is named by owner and name, for the pins to complete.
fn is_published(action: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    action.contains('/') && !action.starts_with('.') && action.chars().all(plain)
}

fn cannot_stand_alone(place: Location) -> Diagnostic {
    Diagnostic::error("own-text", "what stands under `own` says something else by itself")
        .at(place)
        .note("it is written into its file as it stands here, and an alias there has no anchor of this file")
        .help("write it as a block below `own:`, with the anchors that its aliases name")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    /// What a manifest has under `own`, or that it cannot stand alone.
    fn own(manifest: &str) -> Result<String, &'static str> {
        let mut sources = Sources::new();
        let id = sources.add(Source::new("cicd.yml", manifest).unwrap());
        let (mut budget, mut found) = (BUDGET, Diagnostics::new());
        let values = Value::read(id, manifest, &mut budget, &mut found).unwrap();
        let all = workflows(&values, &sources, &mut found);
        match found.iter().next() {
            Some(problem) => Err(problem.code),
            None => Ok(all.into_iter().map(|one| one.text).collect()),
        }
    }

    #[test]
    fn comments_blank_lines_and_quotes_stay() {
        let manifest = "\
workflows:
  a:
    own: # of the manifest
      # head

      on: \"push\" # why

      jobs:
        b:
          # inside
          run: 'x'
      # tail

  # of the next one
  c: {}
";
        let text = "\
# head

on: \"push\" # why

jobs:
  b:
    # inside
    run: 'x'
# tail
";
        assert_eq!(own(manifest).unwrap(), text);
        assert_eq!(own(&manifest.replace('\n', "\r\n")).unwrap(), text);
    }

    #[test]
    fn blocks_of_lines_keep_their_blanks_and_ends() {
        let manifest = "workflows:\n  a:\n    own:\n        on: |2\n            x\n          y\n         \n        b: |+\n          z\n\n\n  c: {}\n";
        assert_eq!(
            own(manifest).unwrap(),
            "on: |2\n    x\n  y\n \nb: |+\n  z\n\n\n"
        );
        let manifest = "workflows:\n  a:\n    own:\n        b: |\n          z\n\n\n  c: {}\n";
        assert_eq!(own(manifest).unwrap(), "b: |\n  z\n");
    }

    #[test]
    fn lines_that_go_on_at_the_margin_belong_to_it() {
        let manifest =
            "workflows:\n  a:\n    own:\n      on: [push,\n        x]\n      b: \"c\n        d\"";
        assert_eq!(own(manifest).unwrap(), "on: [push,\n  x]\nb: \"c\n  d\"\n");
        assert_eq!(
            own("workflows: {a: {own: {on: push,\n  x: y}}}").unwrap(),
            "{on: push,\n  x: y}\n"
        );
    }

    #[test]
    fn anchors_stay_within_one_workflow() {
        let manifest = "workflows:\n  a:\n    own:\n      on: &x push\n      b: *x\n";
        assert_eq!(own(manifest).unwrap(), "on: &x push\nb: *x\n");
        let manifest = "name: &x push\nworkflows:\n  a:\n    own:\n      on: *x\n";
        assert_eq!(own(manifest), Err("own-text"));
        let manifest = "x: &x {on: push}\nworkflows:\n  a:\n    own: *x\n";
        assert_eq!(own(manifest), Err("own-text"));
    }

    #[test]
    fn actions_without_a_version_are_found_where_they_stand() {
        let text = "jobs:\n  a:\n    steps:\n      - uses: a/b\n      - uses: 'c/d/e' # why\n      - {uses: \"f/g\"}\n      \
                    - uses: h/i@v1\n      - uses: ./j\n      - uses: docker://k\n      - uses: ${{ l }}/m\n";
        let found = unpinned(text);
        let shown: Vec<_> = found
            .iter()
            .map(|one| {
                (
                    one.action.as_str(),
                    one.comment.is_some(),
                    &text[one.at..=one.at],
                )
            })
            .collect();
        assert_eq!(
            shown,
            [
                ("a/b", true, "\n"),
                ("c/d/e", false, "'"),
                ("f/g", false, "\"")
            ]
        );
    }
}
