//! The text of a workflow as it can stand within a manifest.

use crate::diagnostics::{Diagnostic, Severity};
use crate::lock::tree_hash;
use crate::manifest::{self, lines};
use crate::source::{Location, Source, SourceId, Sources, Span};
use crate::syntax::{self, Kind, Node, Tree};

/// Any name that ends so is hashed as YAML.
const YAML: &str = "x.yml";

/// Returns a workflow's text as it can stand under `own`, or why it cannot.
///
/// It begins at the margin and ends in one line break, LF only, and is without
/// marks of a document's begin and end. Its tree is that of the original.
pub fn own_text(source: &Source, id: SourceId) -> Result<String, Box<Diagnostic>> {
    let original = source.text();
    let parsed = syntax::parse(id, original);
    let wrong = |one: &Diagnostic| one.severity == Severity::Error;
    if let Some(error) = parsed.diagnostics.iter().find(|one| wrong(one)) {
        return Err(Box::new(error.clone()));
    }
    let root = parsed.document.as_ref().and_then(Tree::root);
    let Some(root) = root.filter(|root| matches!(root.kind(), Kind::Mapping(_))) else {
        return Err(Box::new(no_workflow(id)));
    };
    let wanted = tree_hash(YAML, original);
    let text = at_the_margin(original, root);
    let candidates = [Some(text.clone()), ended(&text)];
    let same = candidates
        .into_iter()
        .flatten()
        .find(|text| tree_hash(YAML, text) == wanted);
    let text = same.ok_or_else(|| Box::new(unequal(id)))?;
    check_as_value(&text, id)?;
    Ok(text)
}

/// The text from the margin on, without what begins and ends a document.
fn at_the_margin(original: &str, root: Node<'_>) -> String {
    let begin = root.span().start as usize;
    let first = original[..begin].rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let prefix = original[first..begin].trim_start_matches('\u{feff}');
    let column = if prefix.trim().is_empty() {
        prefix.len()
    } else {
        0
    };
    let above = original[..first].trim_start_matches('\u{feff}');
    let mut all: Vec<&str> = lines(above).into_iter().filter_map(kept_above).collect();
    // Behind the last break of what stands above, the workflow begins.
    all.pop();
    let inside = lines(&original[begin..root.span().end as usize]).len();
    let below = lines(&original[begin..]).into_iter().enumerate();
    for (number, line) in below {
        if number >= inside && line.starts_with("...") {
            break;
        }
        let blanks = line.len() - line.trim_start_matches(' ').len();
        let margin = if number == 0 { 0 } else { blanks.min(column) };
        all.push(&line[margin..]);
    }
    let blank = |line: &&str| line.trim().is_empty();
    let skipped = all.iter().take_while(|line| blank(line)).count();
    let text = all[skipped..].join("\n");
    let short = format!("{}\n", text.trim_end_matches([' ', '\t', '\n']));
    // Blank lines at the end belong to the last value if it keeps them.
    let full = format!("{}\n", text.trim_end_matches('\n'));
    let kept = [short.as_str(), full.as_str(), text.as_str()];
    let wanted = tree_hash(YAML, original);
    let same = kept.iter().find(|text| tree_hash(YAML, text) == wanted);
    same.map_or(short.clone(), |text| (*text).to_owned())
}

/// What stays of a line above the workflow: comments and blank lines.
fn kept_above(line: &str) -> Option<&str> {
    let content = line.trim_start();
    if let Some(behind) = content.strip_prefix("---") {
        let comment = behind.trim_start();
        return comment.starts_with('#').then_some(comment);
    }
    // An anchor of the whole can have no alias; of all else the proof tells if it matters.
    (content.is_empty() || content.starts_with('#')).then_some(line)
}

/// The text whose last block of lines ends without a line break, as in a file that does.
fn ended(text: &str) -> Option<String> {
    let parsed = syntax::parse(SourceId(0), text);
    let root = parsed.document.as_ref().and_then(Tree::root)?;
    let edit = last(root).stripped(text)?;
    let mut text = text.to_owned();
    text.replace_range(edit.span.range(), &edit.replacement);
    Some(text)
}

/// The value that ends last.
fn last(node: Node<'_>) -> Node<'_> {
    let below = node.entries().last().map(|entry| entry.value);
    match below.or_else(|| node.items().last()) {
        Some(below) if !below.is_alias() => last(below),
        _ => node,
    }
}

/// Reads the text as a manifest would: there are values that YAML knows and it does not.
fn check_as_value(text: &str, id: SourceId) -> Result<(), Box<Diagnostic>> {
    let entry = super::Entry {
        name: "own".to_owned(),
        file: None,
        text: text.to_owned(),
    };
    let manifest = super::insert("version: 1\n", &[entry])?;
    let mut sources = Sources::new();
    let source = Source::new("cicd.yml", manifest).map_err(|_| Box::new(unequal(id)))?;
    let main = sources.add(source);
    let mut fetch = |_: &str| Err("nothing is fetched".to_owned());
    let reading = manifest::read(&mut sources, main, &mut fetch);
    let error = reading
        .diagnostics
        .into_iter()
        .find(|one| one.severity == Severity::Error);
    let own = reading
        .document
        .as_ref()
        .and_then(|document| document.own.first());
    match (error, own) {
        (Some(mut error), _) => {
            error.primary = Some(start(id));
            error.labels.clear();
            Err(Box::new(error))
        }
        (None, Some(own)) if tree_hash(YAML, &own.text) == tree_hash(YAML, text) => Ok(()),
        (None, _) => Err(Box::new(unequal(id))),
    }
}

fn start(id: SourceId) -> Location {
    Location::new(id, Span::at(0))
}

fn no_workflow(id: SourceId) -> Diagnostic {
    Diagnostic::error("no-workflow", "the file holds no workflow")
        .at(start(id))
        .note("a workflow is a mapping with `on` and `jobs`")
        .help("write one, or remove the file")
}

fn unequal(id: SourceId) -> Diagnostic {
    Diagnostic::error(
        "not-equal",
        "the workflow would not mean the same within a manifest",
    )
    .at(start(id))
    .note("tags and other marks of its top cannot be kept there")
    .help("write its top as a plain mapping")
}
