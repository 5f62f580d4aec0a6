//! The fingerprint of what a YAML text means, its layout and comments left out.

use crate::lock::Hash;
use crate::source::SourceId;
use crate::syntax::{self, Kind, Node, Tree};

/// Hashes the tree of a YAML file; of any other file, and of broken YAML, the text.
pub fn tree_hash(path: &str, text: &str) -> Hash {
    match yaml(path, text).as_ref().and_then(Tree::root) {
        Some(root) => {
            let mut bytes = Vec::with_capacity(text.len());
            encode(root, &mut bytes);
            Hash::of_bytes(&bytes)
        }
        None => Hash::of_text(text.as_bytes()),
    }
}

/// Returns the comments of a YAML file; nothing for any other file.
pub fn comments(path: &str, text: &str) -> Option<Vec<String>> {
    let tree = yaml(path, text)?;
    let words = |comment: &syntax::Comment| text.get(comment.span.range());
    let texts = tree.comments().iter().filter_map(words);
    Some(texts.map(|comment| comment.trim_end().to_owned()).collect())
}

fn yaml(path: &str, text: &str) -> Option<Tree> {
    if !path.ends_with(".yml") && !path.ends_with(".yaml") {
        return None;
    }
    // The spans are only used with this text, so any id will do.
    let parsed = syntax::parse(SourceId(0), text);
    parsed.document.filter(|_| !parsed.diagnostics.has_errors())
}

/// Writes a node so that two different trees never give the same bytes:
/// each part says what it is and how long it is.
fn encode(node: Node<'_>, bytes: &mut Vec<u8>) {
    if let Some(tag) = node.tag() {
        part(b'!', tag, bytes);
    }
    match node.kind() {
        Kind::Null => bytes.push(b'0'),
        Kind::Bool(value) => bytes.push(if value { b't' } else { b'f' }),
        Kind::Integer(_) | Kind::Float(_) => part(b'n', node.as_str().unwrap_or_default(), bytes),
        Kind::String(text) => part(b's', text, bytes),
        Kind::Sequence(items) => {
            bytes.push(b'[');
            items.for_each(|item| encode(item, bytes));
            bytes.push(b']');
        }
        Kind::Mapping(entries) => {
            bytes.push(b'{');
            for entry in entries {
                encode(entry.key, bytes);
                encode(entry.value, bytes);
            }
            bytes.push(b'}');
        }
    }
}

fn part(kind: u8, text: &str, bytes: &mut Vec<u8>) {
    bytes.push(kind);
    bytes.extend((text.len() as u64).to_le_bytes());
    bytes.extend(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(left: &str, right: &str) -> bool {
        tree_hash("x.yml", left) == tree_hash("x.yml", right)
    }

    #[test]
    fn layout_and_comments_do_not_count() {
        assert!(same("a: [1, x]\n", "# why\na:\n  - 1 # one\n  - 'x'\n"));
        assert!(same("a: |\n  x\n  y\n", "a: |\r\n    x\r\n    y\r\n"));
        assert!(same("on: push\n", "\"on\": \"push\"\n"));
    }

    #[test]
    fn meaning_does() {
        for (left, right) in [
            ("a: 1", "a: '1'"),
            ("a: true", "a: 'true'"),
            ("a:", "a: ''"),
            ("a: 1.1", "a: 1.10"),
            ("a: [b, c]", "a: [[b], c]"),
            ("a: b\nc: d", "c: d\na: b"),
            ("a: |\n  x\n", "a: |-\n  x\n"),
            ("- !x a", "- a"),
        ] {
            assert!(!same(left, right), "{left} / {right}");
        }
    }

    #[test]
    fn what_is_no_yaml_counts_as_text() {
        let text = "#!/bin/sh\nset -eu # strict\n";
        assert_eq!(tree_hash("x.sh", text), Hash::of_text(text.as_bytes()));
        assert_eq!(tree_hash("x.yml", "a: ["), Hash::of_text(b"a: ["));
        assert_eq!(tree_hash("x.yml", "# only\n"), Hash::of_text(b"# only\n"));
        assert_eq!(comments("x.sh", text), None);
        assert_eq!(
            comments("x.yml", "# a \nb: '#' # c\r\n").unwrap(),
            ["# a", "# c"]
        );
    }
}
