//! Edits of marked places, and of every place of real files.

use crate::diagnostics::{Applicability, Edit, Fix, apply_fixes};
use crate::source::{SourceId, Span};
use crate::syntax::{Kind, Node, Tree, parse};

fn tree(text: &str) -> Tree {
    let parsed = parse(SourceId(0), text);
    assert!(
        !parsed.diagnostics.has_errors(),
        "{text}\n{:#?}",
        parsed.diagnostics
    );
    parsed.document.unwrap()
}

fn applied(text: &str, edit: Edit) -> String {
    apply_fixes(text, &[&Fix::new(Applicability::Safe, [edit])]).text
}

/// The first node whose text is `name`, with the collection around it.
fn find<'t>(node: Node<'t>, name: &str) -> Option<(Node<'t>, Node<'t>)> {
    let keys = node.entries().map(|entry| entry.key);
    let mut own = keys.chain(node.items());
    if let Some(child) = own.find(|child| child.as_str() == Some(name)) {
        return Some((node, child));
    }
    let values = node.entries().map(|entry| entry.value);
    let values: Vec<_> = values.chain(node.items()).collect();
    values.into_iter().find_map(|value| find(value, name))
}

/// Takes the first `x` away.
fn without(text: &str) -> Option<String> {
    let tree = tree(text);
    let (parent, child) = find(tree.root()?, "x")?;
    let edit = parent.without(text, child)?;
    Some(applied(text, edit))
}

#[test]
fn an_entry_goes_with_its_lines() {
    let cases = [
        ("a: 1\nx: 2 # gone\nb: 3 # stays\n", "a: 1\nb: 3 # stays\n"),
        ("a: 1\nx:\n  - 1\n  - 2\nb: 3\n", "a: 1\nb: 3\n"),
        (
            "a: 1\n# stays\nx: |\n  one\n\n  two\n\nb: 3\n",
            "a: 1\n# stays\n\nb: 3\n",
        ),
        ("a: 1\r\nx: 2\r\nb: 3\r\n", "a: 1\r\nb: 3\r\n"),
        ("a: 1\nx: 2", "a: 1"),
        ("a: 1\nx:\n", "a: 1\n"),
        ("a: 1\n\"x\" :\nb: 2\n", "a: 1\nb: 2\n"),
        ("x: 1\na: 2\n", "a: 2\n"),
        ("a: 1\nx:\n  b:\n    : \n", "a: 1\n"),
        ("- x: 1\n  a: 2\n- b: 3\n", "- a: 2\n- b: 3\n"),
        ("- - x: 1 # gone\n    a: 2\n", "- - a: 2\n"),
        ("- a: 2\n  x: &n [1]\n- b: 3\n", "- a: 2\n- b: 3\n"),
    ];
    for (before, after) in cases {
        assert_eq!(without(before).as_deref(), Some(after), "{before}");
    }
}

#[test]
fn what_ends_nobody_knows_where_stays() {
    for text in [
        "a: 1\nx:\n\n  !t \n",
        "a: 1\nx:\n  &n\nb: 2\n",
        "a: 1\nx:\n\n  |+2\nb: 2\n",
        "a: 1\nx:\n  - b\n  -\n    !t\n",
        "{a: 1, x: !t , b: 2}\n",
        "a: 1\n?\n  x\n: 2\n",
        "a: 1\n? # c\n  x\n",
    ] {
        assert_eq!(without(text), None, "{text}");
    }
}

#[test]
fn an_item_goes_with_its_dash() {
    let cases = [
        ("- a\n- x # gone\n- b\n", "- a\n- b\n"),
        ("k:\n- x\n- b\n", "k:\n- b\n"),
        ("- - x\n  - a\n", "- - a\n"),
        ("-   &n x\n-   a\n", "-   a\n"),
        ("k:\n  - a\n  - x", "k:\n  - a"),
    ];
    for (before, after) in cases {
        assert_eq!(without(before).as_deref(), Some(after), "{before}");
    }
}

#[test]
fn in_brackets_the_comma_goes_too() {
    let cases = [
        ("[x, a, b]\n", "[a, b]\n"),
        ("[a, x, b]\n", "[a, b]\n"),
        ("[a, 'x']\n", "[a]\n"),
        ("[a, x,]\n", "[a,]\n"),
        ("{x: 1, a: 2}\n", "{a: 2}\n"),
        ("{a: 2, x: [1, 2]}\n", "{a: 2}\n"),
        ("{a: 2, x: }\n", "{a: 2 }\n"),
        ("{a, x}\n", "{a}\n"),
        ("[\n  x, # gone\n  b, # stays\n]\n", "[\n  b, # stays\n]\n"),
    ];
    for (before, after) in cases {
        assert_eq!(without(before).as_deref(), Some(after), "{before}");
    }
}

#[test]
fn what_cannot_go_soundly_stays() {
    for text in [
        "x: 1\n",
        "- x\n",
        "[x]\n",
        "{x: 1}\n",
        "[\n  a, # of a\n  x # of x\n]\n",
        "[a, &n x, b]\n",
        "- x: 1\n  # of a\n  a: 2\n",
        "{u: n,\nx, po\n pq: 2}\n",
        "? x\n: 1\na: 2\n",
    ] {
        assert_eq!(without(text), None, "{text}");
    }
}

#[test]
fn a_value_keeps_its_quotes() {
    let rewritten = |text: &str, value: &str| {
        let tree = tree(text);
        let edit = tree.root()?.get("a")?.rewritten(value)?;
        Some(applied(text, edit))
    };
    let cases = [
        ("a: x # c\n", "it's", "a: it's # c\n"),
        ("a: x\n", "b: c", "a: 'b: c'\n"),
        ("a: x\n", "true", "a: 'true'\n"),
        ("a: 'x'\n", "it's", "a: 'it''s'\n"),
        ("a: \"x\"\n", "a \"b\" \\", "a: \"a \\\"b\\\" \\\\\"\n"),
        ("{a: x}\n", "b,c", "{a: 'b,c'}\n"),
        ("a: b:c\n", "d:e", "a: d:e\n"),
        ("b: &n x\na: *n\n", "y", "b: &n y\na: *n\n"),
        ("a: !!str x\n", "y", "a: !!str y\n"),
        ("a: x\n", "y\n", "a: \"y\\n\"\n"),
    ];
    for (before, value, after) in cases {
        assert_eq!(rewritten(before, value).as_deref(), Some(after), "{before}");
    }
    assert_eq!(rewritten("a: |\n  x\n", "y"), None);
    assert_eq!(rewritten("a:\n", "y"), None);
    assert_eq!(rewritten("a: [x]\n", "y"), None);
}

#[test]
fn a_piece_of_a_value_is_rewritten_where_it_stands() {
    let within = |text: &str, old: &str, new: &str| {
        let tree = tree(text);
        let node = tree.root()?.get("a")?;
        let start = node.as_str()?.find(old)?;
        let span = Span::new(
            start.try_into().unwrap(),
            (start + old.len()).try_into().unwrap(),
        );
        Some(applied(text, node.rewritten_within(text, span, new)?))
    };
    let cases = [
        ("a: one two\n", "two", "2", "a: one 2\n"),
        ("a: one two\n", "two", "# 2", "a: 'one # 2'\n"),
        ("a: 'one two'\n", "two", "'2'", "a: 'one ''2'''\n"),
        ("a: \"one two\"\n", "two", "\"\\", "a: \"one \\\"\\\\\"\n"),
        ("a: \"\\u00e9 two\"\n", "two", "2", "a: \"é 2\"\n"),
        ("a: |\n  one\n    two\n", "two", "2", "a: |\n  one\n    2\n"),
    ];
    for (before, old, new, after) in cases {
        assert_eq!(within(before, old, new).as_deref(), Some(after), "{before}");
    }
    assert_eq!(within("a:\n", "", "x"), None, "nothing stands there");
    assert_eq!(within("a: >\n  one\n  two\n", "two", "2"), None);
    assert_eq!(within("a: |\n  one\n", "one", " 1"), None);
    assert_eq!(within("a: 'one\n  two'\n", "two", "2"), None);
}

#[test]
fn an_entry_is_added_with_the_same_indentation() {
    let added = |text: &str, after: bool| {
        let tree = tree(text);
        let (parent, child) = find(tree.root()?, "x")?;
        let edit = match after {
            true => parent.with_entry_after(text, child, "n: 1")?,
            false => parent.with_entry_before(text, child, "n: 1")?,
        };
        Some(applied(text, edit))
    };
    let cases = [
        (
            "- x: 1 # c\n  a: 2\n",
            "- x: 1 # c\n  n: 1\n  a: 2\n",
            "- n: 1\n  x: 1 # c\n  a: 2\n",
        ),
        (
            "k:\r\n  x: |\r\n    one\r\n",
            "k:\r\n  x: |\r\n    one\r\n  n: 1\r\n",
            "k:\r\n  n: 1\r\n  x: |\r\n    one\r\n",
        ),
        ("x: [1,\n  2]", "x: [1,\n  2]\nn: 1", "n: 1\nx: [1,\n  2]"),
        (
            "{a: 1, x: 2}\n",
            "{a: 1, x: 2, n: 1}\n",
            "{a: 1, n: 1, x: 2}\n",
        ),
        ("{x: }\n", "{x:, n: 1 }\n", "{n: 1, x: }\n"),
    ];
    for (before, behind, ahead) in cases {
        assert_eq!(added(before, true).as_deref(), Some(behind), "{before}");
        assert_eq!(added(before, false).as_deref(), Some(ahead), "{before}");
    }
    assert_eq!(added("x: |+\n  a\n\n", true), None);
    assert_eq!(added("[x]\n", true), None, "a list has no entries");
    for text in ["[x: 1]\n", "[a, ? x, b]\n"] {
        assert_eq!(added(text, true), None, "no brackets of its own: {text}");
        assert_eq!(added(text, false), None, "no brackets of its own: {text}");
    }
    let other = tree("x: &n 1\ny: 2\n");
    let root = other.root().unwrap();
    let key = root.key_of("x").unwrap();
    assert_eq!(
        root.with_entry_before("", key, "n: 1"),
        None,
        "another text"
    );
    assert_eq!(root.without("", key), None, "another text");
    assert_eq!(root.get("x").unwrap().unanchored(""), None, "another text");
}

#[test]
fn tags_and_anchors_go_with_a_blank() {
    let text = "a: !!str x\nb: &n\n  c: 1\n";
    let tree = tree(text);
    let root = tree.root().unwrap();
    let untagged = root.get("a").unwrap().untagged(text).unwrap();
    assert_eq!(applied(text, untagged), "a: x\nb: &n\n  c: 1\n");
    let unanchored = root.get("b").unwrap().unanchored(text).unwrap();
    assert_eq!(applied(text, unanchored), "a: !!str x\nb:\n  c: 1\n");
    let text = "- &n\n  c: 1\n  d: 2\n";
    let below = super::tests::tree(text);
    let unanchored = below
        .root()
        .unwrap()
        .items()
        .next()
        .unwrap()
        .unanchored(text);
    assert_eq!(applied(text, unanchored.unwrap()), "- c: 1\n  d: 2\n");
    let quoted = |text: &str| {
        let tree = super::tests::tree(text);
        let edit = tree.root()?.get("a")?.unquoted()?;
        Some(applied(text, edit))
    };
    assert_eq!(quoted("a: '5'\n").as_deref(), Some("a: 5\n"));
    assert_eq!(quoted("a: 'x'\n"), None);
    assert_eq!(quoted("a: x\n"), None);
}

#[test]
fn a_block_loses_its_last_line_break() {
    let stripped = |text: &str| {
        let tree = tree(text);
        let edit = tree.root()?.get("a")?.stripped(text)?;
        Some(applied(text, edit))
    };
    let cases = [
        ("a: |\n  x\n", "a: |-\n  x\n"),
        ("a: >\n\n  x > y\n", "a: >-\n\n  x > y\n"),
        ("a: &n |2\n    x\n", "a: &n |2-\n    x\n"),
    ];
    for (before, after) in cases {
        assert_eq!(stripped(before).as_deref(), Some(after), "{before}");
    }
    for text in [
        "a: |-\n  x\n",
        "a: |+\n  x\n",
        "a: | # c\n  x\n",
        "a: x\n",
        "a: |\n",
    ] {
        assert_eq!(stripped(text), None, "{text}");
    }
}

/// What a tree means, written out, without one of its nodes.
fn meaning(node: Node<'_>, skipped: Option<Span>, out: &mut String) {
    match node.kind() {
        Kind::Mapping(entries) => {
            out.push('{');
            for entry in entries.filter(|entry| Some(entry.key.span()) != skipped) {
                meaning(entry.key, None, out);
                out.push(':');
                meaning(entry.value, skipped, out);
            }
            out.push('}');
        }
        Kind::Sequence(items) => {
            out.push('[');
            for item in items.filter(|item| Some(item.span()) != skipped) {
                meaning(item, skipped, out);
                out.push(',');
            }
            out.push(']');
        }
        kind => out.push_str(&format!("{kind:?},")),
    }
}

fn collections<'t>(node: Node<'t>, all: &mut Vec<Node<'t>>) {
    if node.is_alias() {
        return;
    }
    if matches!(node.kind(), Kind::Mapping(_) | Kind::Sequence(_)) {
        all.push(node);
    }
    for child in node.entries().map(|entry| entry.value).chain(node.items()) {
        collections(child, all);
    }
}

/// Takes every so many children of a text away, one by one, and compares what is left.
fn check_removals(text: &str, stride: usize) -> usize {
    let whole = tree(text);
    let root = whole.root().unwrap();
    let mut all = Vec::new();
    collections(root, &mut all);
    let children = all.iter().flat_map(|parent| {
        let keys = parent.entries().map(|entry| entry.key);
        keys.chain(parent.items()).map(|child| (*parent, child))
    });
    let mut removed = 0;
    for (parent, child) in children.step_by(stride) {
        let Some(edit) = parent.without(text, child) else {
            continue;
        };
        removed += 1;
        let after = applied(text, edit.clone());
        let after_tree = tree(&after);
        let mut wanted = String::new();
        meaning(root, Some(child.span()), &mut wanted);
        let mut is = String::new();
        meaning(after_tree.root().unwrap(), None, &mut is);
        assert_eq!(is, wanted, "{edit:?} of\n{text}\ngives\n{after}");
        let gone = text[edit.span.range()].matches('#').count();
        assert!(whole.comments().len() - after_tree.comments().len() <= gone);
    }
    removed
}

#[test]
fn whatever_is_taken_from_a_real_file_nothing_else_changes() {
    let snapshots = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots");
    let files = walkdir::WalkDir::new(snapshots)
        .into_iter()
        .map(|entry| entry.unwrap().into_path());
    let mut removed = 0;
    let is_yaml = |path: &std::path::PathBuf| path.extension().is_some_and(|end| end == "yml");
    for path in files.filter(is_yaml).step_by(7) {
        let text = std::fs::read_to_string(path).unwrap();
        removed += check_removals(&text, 23);
        removed += check_removals(&text.replace('\n', "\r\n"), 57);
    }
    assert!(removed > 50, "{removed}");
}
