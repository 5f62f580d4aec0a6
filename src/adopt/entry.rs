//! Entries of workflows into a manifest's text, which else stays as it is.

use crate::adopt::block::{Added, Gap, at_the_end, below, blanks, column, keeps_lines};
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
        let Some(text) = with(manifest, root, entries, gap)? else {
            break;
        };
        let again = syntax::parse(SourceId(0), &text);
        let again = again.document.as_ref().and_then(Tree::root);
        let found = again.map(values).unwrap_or_default();
        if wanted.iter().all(|old| found.contains(old)) {
            return Ok(text);
        }
    }
    let place = root.key_of("workflows").unwrap_or(root).span();
    Err(Box::new(no_block("`workflows`", place)))
}

fn with(
    manifest: &str,
    root: Node<'_>,
    entries: &[Entry],
    gap: Gap,
) -> Result<Option<String>, Box<Diagnostic>> {
    let lines = |indent| shown(entries, indent);
    let Some(listed) = root.entry("workflows") else {
        let margin = column(manifest, root.span().start);
        let new = format!("{}workflows:\n{}", blanks(margin), lines(margin + 2));
        return Ok(Some(at_the_end(manifest, manifest.len(), &new, gap)));
    };
    match below(manifest, listed, gap, &lines) {
        Some(Added::Whole(text)) => Ok(Some(text)),
        Some(Added::Unfolded(text)) => insert(&text, entries).map(Some),
        None => Ok(None),
    }
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
