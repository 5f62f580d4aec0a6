//! Entries out of a manifest's text: a file goes back to its user.

use crate::adopt::block::{behind_colon, own_lines};
use crate::diagnostics::Edit;
use crate::source::{SourceId, Span};
use crate::syntax::{self, Node, Style, Tree};

/// Returns the manifest without the entry of a workflow; nothing if it is not written there by itself.
pub fn give_back(manifest: &str, name: &str) -> Option<String> {
    let parsed = syntax::parse(SourceId(0), manifest);
    let root = parsed.document.as_ref().and_then(Tree::root)?;
    let workflows = root.entry("workflows")?;
    let entry = workflows.value.entry(name)?;
    // The last one takes the whole list along.
    let last = workflows.value.entries().len() == 1;
    let (list, gone) = if last {
        (root, workflows)
    } else {
        (workflows.value, entry)
    };
    let text = match (list.style(), own_lines(manifest, gone)) {
        (Style::Block, Some(lines)) => {
            let (head, rest) = (&manifest[..lines.start], &manifest[lines.end..]);
            let blank = rest.is_empty() && head.ends_with("\n\n");
            format!(
                "{}{rest}",
                if blank { &head[..head.len() - 1] } else { head }
            )
        }
        _ => edited(manifest, &list.without(manifest, gone.key)?),
    };
    keeps_the_rest(root, &text, name).then_some(text)
}

/// Returns the manifest that leaves a workflow to the user; nothing if it cannot be written there.
pub fn mark_ejected(manifest: &str, name: &str) -> Option<String> {
    let parsed = syntax::parse(SourceId(0), manifest);
    let root = parsed.document.as_ref().and_then(Tree::root)?;
    let mark = format!("{name}: ejected");
    let text = match root.entry("workflows") {
        None => {
            let key = root.entries().last()?.key;
            let edit = root.with_entry_after(manifest, key, &format!("workflows: {{{mark}}}"))?;
            edited(manifest, &edit)
        }
        Some(workflows) => match workflows.value.entry(name) {
            Some(entry) => edited(manifest, &within(manifest, entry)?),
            None => {
                let edit = match workflows.value.entries().last() {
                    Some(last) => workflows
                        .value
                        .with_entry_after(manifest, last.key, &mark)?,
                    None => instead(manifest, workflows, &format!("{{{mark}}}")),
                };
                edited(manifest, &edit)
            }
        },
    };
    keeps_the_rest(root, &text, name).then_some(text)
}

/// The edit that says it within an entry that says more.
fn within(manifest: &str, entry: syntax::Entry<'_>) -> Option<Edit> {
    let value = entry.value;
    if let Some(known) = value.get("ejected") {
        return known
            .rewritten("true")
            .map(|edit| Edit::new(edit.span, "true"));
    }
    match value.entries().last() {
        Some(last) => value.with_entry_after(manifest, last.key, "ejected: true"),
        None => Some(instead(manifest, entry, "ejected")),
    }
}

/// The edit that gives a key another value than none.
fn instead(manifest: &str, entry: syntax::Entry<'_>, value: &str) -> Edit {
    if entry.value.is_omitted() {
        let colon = u32::try_from(behind_colon(manifest, entry.key)).unwrap_or(u32::MAX);
        return Edit::new(Span::at(colon), format!(" {value}"));
    }
    Edit::new(entry.value.span(), value)
}

fn edited(text: &str, edit: &Edit) -> String {
    let mut text = text.to_owned();
    text.replace_range(edit.span.range(), &edit.replacement);
    text
}

/// Whether all else in a manifest says what it said before.
fn keeps_the_rest(before: Node<'_>, after: &str, name: &str) -> bool {
    let parsed = syntax::parse(SourceId(0), after);
    let after = parsed.document.as_ref().and_then(Tree::root);
    let rest = |root: Node<'_>| {
        let mut json = root.to_json(syntax::JSON_BUDGET).ok()?;
        let all = json.as_object_mut()?;
        let workflows = all.get_mut("workflows").and_then(|all| all.as_object_mut());
        if let Some(workflows) = workflows {
            workflows.shift_remove(name);
        }
        let left = all.get("workflows").and_then(|all| all.as_object());
        if left.is_none_or(serde_json::Map::is_empty) {
            all.shift_remove("workflows");
        }
        Some(json)
    };
    !parsed.diagnostics.has_errors() && after.is_some_and(|after| rest(after) == rest(before))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_goes_with_its_lines() {
        let text = "version: 1 # one\nworkflows:\n  a:\n    own:\n      on: push # why\n  b: {}\n";
        assert_eq!(
            give_back(text, "a").unwrap(),
            "version: 1 # one\nworkflows:\n  b: {}\n"
        );
        assert_eq!(
            give_back("version: 1\nworkflows:\n  a:\n    own: {on: push}\n", "a").unwrap(),
            "version: 1\n"
        );
        let text =
            "workflows:\n  b: {}\n\n  a:\n    own:\n      on: push\n      # tail\n\nname: x\n";
        assert_eq!(
            give_back(text, "a").unwrap(),
            "workflows:\n  b: {}\n\nname: x\n"
        );
        assert_eq!(
            give_back("workflows: {a: {own: {}}, b: {}}\n", "a").unwrap(),
            "workflows: {b: {}}\n"
        );
        assert_eq!(give_back("version: 1\n", "a"), None);
    }

    #[test]
    fn a_mark_stands_where_the_entry_stands() {
        for (before, after) in [
            ("version: 1\n", "version: 1\nworkflows: {ci: ejected}\n"),
            (
                "workflows:\n  a: {}\n",
                "workflows:\n  a: {}\n  ci: ejected\n",
            ),
            ("workflows: {}\n", "workflows: {ci: ejected}\n"),
            (
                "workflows:\n  ci: {name: CI} # why\n",
                "workflows:\n  ci: {name: CI, ejected: true} # why\n",
            ),
            (
                "workflows:\n  ci:\n    name: CI\n    ejected: false\n",
                "workflows:\n  ci:\n    name: CI\n    ejected: true\n",
            ),
            (
                "workflows:\n  ci:\n  b: {}\n",
                "workflows:\n  ci: ejected\n  b: {}\n",
            ),
        ] {
            assert_eq!(mark_ejected(before, "ci").as_deref(), Some(after));
        }
    }
}
