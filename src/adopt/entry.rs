//! Entries of workflows into a manifest's text, which else stays as it is.

use std::ops::Range;

use crate::diagnostics::{Diagnostic, Severity};
use crate::manifest::lines;
use crate::source::{Location, SourceId, Span};
use crate::syntax::{self, Node, Place, Style, Tree};

/// A workflow as an entry of a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its key.
    pub name: String,
    /// The file's name, where it does not follow from the key.
    pub file: Option<String>,
    /// The workflow, from the margin on.
    pub text: String,
}

/// Returns the manifest with these entries behind those that `workflows` has.
pub fn insert(manifest: &str, entries: &[Entry]) -> Result<String, Box<Diagnostic>> {
    let parsed = syntax::parse(SourceId(0), manifest);
    let errors = &parsed.diagnostics;
    if let Some(error) = errors.iter().find(|one| one.severity == Severity::Error) {
        return Err(Box::new(error.clone()));
    }
    let root = parsed.document.as_ref().and_then(Tree::root);
    let root = root.filter(|root| root.style() == Style::Block);
    let Some(root) = root else {
        return Err(Box::new(no_block("the manifest", Span::at(0))));
    };
    let wanted = values(root);
    // Blank lines before the new entries read better, unless they belong to a value.
    for gap in [Gap::Before, Gap::After] {
        let text = with(manifest, root, entries, gap)?;
        let again = syntax::parse(SourceId(0), &text);
        let again = again.document.as_ref().and_then(Tree::root);
        if again.is_some_and(|again| wanted.iter().all(|old| values(again).contains(old))) {
            return Ok(text);
        }
    }
    Err(Box::new(no_block("`workflows`", root.span())))
}

/// Where blank lines at the end of what is there come to stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    /// Behind the new entries.
    Before,
    /// Before them, as part of the last value.
    After,
}

/// What stands under each key of the top and of `workflows`, by its own words.
fn values(root: Node<'_>) -> Vec<(String, Option<String>)> {
    let workflows = root.get("workflows").into_iter().flat_map(Node::entries);
    let others = root
        .entries()
        .filter(|entry| entry.key.as_str() != Some("workflows"));
    let value = |entry: syntax::Entry<'_>| {
        let value = entry.value.to_json(syntax::JSON_BUDGET).ok();
        let value = value.map(|value| value.to_string());
        (entry.key.as_str().unwrap_or_default().to_owned(), value)
    };
    others.chain(workflows).map(value).collect()
}

fn with(
    manifest: &str,
    root: Node<'_>,
    entries: &[Entry],
    gap: Gap,
) -> Result<String, Box<Diagnostic>> {
    let margin = column(manifest, root.span().start);
    let Some(listed) = root.entry("workflows") else {
        let below = format!(
            "{}workflows:\n{}",
            blanks(margin),
            shown(entries, margin + 2)
        );
        return Ok(at_the_end(manifest, manifest.len(), &below, gap));
    };
    let key = column(manifest, listed.key.span().start);
    let value = listed.value;
    let plain = !value.is_alias() && value.anchor().is_none() && value.tag().is_none();
    if value.is_omitted() || (plain && value.entries().len() == 0 && value.as_str().is_none()) {
        // `workflows:` or `workflows: {}`, with a comment perhaps.
        let colon = behind_colon(manifest, listed.key);
        let end = if value.is_omitted() {
            colon
        } else {
            value.span().end as usize
        };
        let line = end_of_line(manifest, end);
        let head = format!("{}{}", &manifest[..colon], manifest[end..line].trim_end());
        return Ok(join(
            manifest,
            &head,
            &shown(entries, key + 2),
            &manifest[line..],
        ));
    }
    if !plain || value.entries().len() == 0 {
        return Err(Box::new(no_block("`workflows`", listed.key.span())));
    }
    if value.style() == Style::Flow {
        let text = unfolded(manifest, value, key + 2)
            .ok_or_else(|| Box::new(no_block("`workflows`", listed.key.span())))?;
        return insert(&text, entries);
    }
    let first = value.entries().next();
    let indent = first.map_or(key + 2, |first| column(manifest, first.key.span().start));
    let end = end_of_block(manifest, value.span().end as usize, key);
    Ok(at_the_end(manifest, end, &shown(entries, indent), gap))
}

/// Puts new lines behind those before `end`, which is the end of a line or of the text.
fn at_the_end(manifest: &str, end: usize, new: &str, gap: Gap) -> String {
    let (head, rest) = manifest.split_at(end);
    let bare = head.trim_end_matches(['\n', '\r', ' ', '\t']);
    match gap {
        Gap::Before => {
            let blank = &head[bare.len()..];
            let behind = blank.find('\n').map(|at| &blank[at + 1..]);
            // Behind a block that keeps its last lines, one more would be its, too.
            let behind = behind.filter(|_| !keeps_lines(new)).unwrap_or_default();
            let rest = if rest.is_empty() {
                String::new()
            } else {
                format!("\n{behind}{rest}")
            };
            join(manifest, bare, &format!("\n{new}"), &rest)
        }
        Gap::After => {
            let head = head.strip_suffix('\n').unwrap_or(head);
            let head = head.strip_suffix('\r').unwrap_or(head);
            let rest = if rest.is_empty() {
                String::new()
            } else {
                format!("\n{rest}")
            };
            join(manifest, head, new, &rest)
        }
    }
}

/// A head without its last line break, new lines that end in one, and what begins with one.
fn join(manifest: &str, head: &str, new: &str, rest: &str) -> String {
    let broken = if manifest.contains("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    let new = new.strip_suffix('\n').unwrap_or(new).replace('\n', broken);
    let head = head.strip_suffix('\r').unwrap_or(head);
    let rest = if rest.is_empty() { broken } else { rest };
    let rest = match rest.strip_prefix('\n') {
        Some(behind) => format!("{broken}{behind}"),
        None => rest.to_owned(),
    };
    format!("{head}{broken}{new}{rest}")
}

/// The entries as lines, with a blank one between them.
fn shown(entries: &[Entry], indent: usize) -> String {
    let mut all = String::new();
    for (number, entry) in entries.iter().enumerate() {
        if number > 0 && !keeps_lines(&all) {
            all.push('\n');
        }
        all.push_str(&one(entry, indent));
    }
    all
}

/// Whether lines end in blank ones, which only a block that keeps them has there.
fn keeps_lines(lines: &str) -> bool {
    lines.ends_with("\n\n")
}

fn one(entry: &Entry, indent: usize) -> String {
    let (outer, inner) = (blanks(indent), blanks(indent + 2));
    let mut text = format!("{outer}{}:\n", entry.name);
    if let Some(file) = &entry.file {
        text.push_str(&format!(
            "{inner}file: {}\n",
            syntax::scalar(file, Place::Block)
        ));
    }
    text.push_str(&format!("{inner}own:\n"));
    let mut rest = lines(&entry.text);
    // Behind the last line break there is nothing.
    rest.pop();
    for line in rest {
        if !line.is_empty() {
            text.push_str(&blanks(indent + 4));
            text.push_str(line);
        }
        text.push('\n');
    }
    text
}

/// The manifest with a mapping in brackets as a block; nothing if that takes more than moving its entries.
fn unfolded(manifest: &str, mapping: Node<'_>, indent: usize) -> Option<String> {
    let written = manifest.get(mapping.span().range())?;
    if written.contains(['\n', '#']) {
        return None;
    }
    let before = manifest[..mapping.span().start as usize].trim_end_matches(' ');
    let mut text = before.to_owned();
    for entry in mapping.entries() {
        let (key, value) = (entry.key.span(), entry.value.span());
        let entry = manifest.get(key.start as usize..value.end.max(key.end) as usize)?;
        text.push_str(&format!("\n{}{entry}", blanks(indent)));
    }
    text.push_str(&manifest[mapping.span().end as usize..]);
    Some(text)
}

/// The lines that an entry of a block has for itself, with what stands further in behind it.
pub(super) fn own_lines(text: &str, entry: syntax::Entry<'_>) -> Option<Range<usize>> {
    let start = entry.key.span().start as usize;
    let key = column(text, entry.key.span().start);
    let before = &text[start - key..start];
    let end = entry.value.span().end.max(entry.key.span().end);
    let end = end_of_block(text, end as usize, key);
    before.trim().is_empty().then_some(start - key..end)
}

/// Where the lines of a block end whose key stands at a column: behind what is further in.
fn end_of_block(text: &str, end: usize, key: usize) -> usize {
    let mut at = end_of_line(text, end);
    let mut last = next_line(text, at);
    at = last;
    while at < text.len() {
        let line = &text[at..end_of_line(text, at)];
        let blank = line.trim().is_empty();
        if !blank && line.len() - line.trim_start_matches(' ').len() <= key {
            break;
        }
        at = next_line(text, end_of_line(text, at));
        last = at;
    }
    last
}

/// Where the value of a key may begin.
pub(super) fn behind_colon(text: &str, key: Node<'_>) -> usize {
    let end = key.span().end as usize;
    text[end..].find(':').map_or(end, |colon| end + colon + 1)
}

fn end_of_line(text: &str, at: usize) -> usize {
    text[at..]
        .find('\n')
        .map_or(text.len(), |length| at + length)
}

fn next_line(text: &str, end: usize) -> usize {
    (end + 1).min(text.len())
}

fn column(text: &str, at: u32) -> usize {
    let before = &text[..at as usize];
    let line = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    before[line..].trim_start_matches('\u{feff}').len()
}

fn blanks(count: usize) -> String {
    " ".repeat(count)
}

fn no_block(what: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        "no-block",
        format!("nothing can be added to {what} as it is written"),
    )
    .at(Location::new(SourceId(0), span))
    .note("a workflow is added with its comments and lines, which brackets and aliases cannot hold")
    .help("write `workflows:` with each entry on a line of its own below it")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str) -> Entry {
        Entry {
            name: name.to_owned(),
            file: (name == "b").then(|| "B one.yaml".to_owned()),
            text: "on: push\n\njobs: {} # why\n".to_owned(),
        }
    }

    fn inserted(manifest: &str) -> String {
        insert(manifest, &[entry("a"), entry("b")]).unwrap()
    }

    const NEW: &str = "  a:
    own:
      on: push

      jobs: {} # why

  b:
    file: B one.yaml
    own:
      on: push

      jobs: {} # why
";

    #[test]
    fn a_manifest_without_workflows_gets_them_at_its_end() {
        for manifest in ["version: 1\n", "version: 1", "version: 1\n\n\n"] {
            assert_eq!(
                inserted(manifest),
                format!("version: 1\n\nworkflows:\n{NEW}")
            );
        }
        for manifest in ["workflows:\n", "workflows: {}\n", "workflows:"] {
            assert_eq!(inserted(manifest), format!("workflows:\n{NEW}"));
        }
        assert_eq!(
            inserted("workflows: {} # none\nversion: 1\n"),
            format!("workflows: # none\n{NEW}version: 1\n")
        );
    }

    #[test]
    fn what_is_there_stays_with_its_comments() {
        let before = "# head\nworkflows: # all\n  ci: {name: CI} # ours\n  # tail\n";
        let after = "\n# next\nversion: 1\n";
        assert_eq!(
            inserted(&format!("{before}{after}")),
            format!("{before}\n{NEW}{after}")
        );
        let wide = inserted("workflows:\n    ci:\n        name: CI\n");
        assert!(
            wide.contains("\n\n    a:\n      own:\n        on: push\n"),
            "{wide}"
        );
        assert_eq!(
            inserted("workflows: {ci: {name: CI}, x: {}}\nversion: 1\n"),
            format!("workflows:\n  ci: {{name: CI}}\n  x: {{}}\n\n{NEW}version: 1\n")
        );
    }

    #[test]
    fn the_line_breaks_are_those_of_the_manifest() {
        let manifest = "version: 1\r\nworkflows:\r\n  ci: {}\r\n\r\nname: x\r\n";
        let text = inserted(manifest);
        assert_eq!(text.replace("\r\n", "").matches(['\r', '\n']).count(), 0);
        let unix = inserted(&manifest.replace("\r\n", "\n"));
        assert_eq!(text.replace("\r\n", "\n"), unix);
    }

    #[test]
    fn a_block_that_keeps_its_last_lines_keeps_them() {
        let text = "workflows:\n  x:\n    own:\n      on: |+\n        push\n\n\nversion: 1\n";
        let all = inserted(text);
        assert!(
            all.starts_with("workflows:\n  x:\n    own:\n      on: |+\n        push\n\n\n  a:"),
            "{all}"
        );
    }

    #[test]
    fn entries_that_end_in_blank_lines_get_no_more_of_them() {
        let keeps = Entry {
            text: "on: |+\n  push\n\n".to_owned(),
            ..entry("a")
        };
        let all = insert(
            "workflows:\n  x: {}\n\nversion: 1\n",
            &[keeps.clone(), keeps],
        )
        .unwrap();
        let one = "  a:\n    own:\n      on: |+\n        push\n\n";
        assert_eq!(
            all,
            format!("workflows:\n  x: {{}}\n\n{one}{one}version: 1\n")
        );
    }

    #[test]
    fn what_cannot_hold_lines_is_told() {
        for manifest in [
            "{version: 1}",
            "x: &x {a: {}}\nworkflows: *x\n",
            "workflows: {a: {},\n  c: {}}\n",
        ] {
            assert_eq!(
                insert(manifest, &[entry("a")]).unwrap_err().code,
                "no-block"
            );
        }
    }
}
