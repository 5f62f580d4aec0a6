//! Texts made to break a reader: each must end soon, with a tree or a diagnostic.

use super::{codes, tree};
use crate::source::{MAX_BYTES, SourceId};
use crate::syntax::{Kind, MAX_DEPTH, MAX_NODES, Node, parse};

fn depth(node: Node<'_>) -> usize {
    match node.kind() {
        Kind::Sequence(items) => 1 + items.map(depth).max().unwrap_or_default(),
        Kind::Mapping(entries) => {
            1 + entries
                .map(|entry| depth(entry.value))
                .max()
                .unwrap_or_default()
        }
        _ => 0,
    }
}

/// Counts the nodes that a walk meets.
fn size(node: Node<'_>) -> usize {
    let below: usize = match node.kind() {
        Kind::Sequence(items) => items.map(size).sum(),
        Kind::Mapping(entries) => entries
            .map(|entry| size(entry.key) + size(entry.value))
            .sum(),
        _ => 0,
    };
    1 + below
}

#[test]
fn nesting_stops_at_the_limit() {
    let fits = format!("{}{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH));
    assert_eq!(depth(tree(&fits).root().unwrap()), MAX_DEPTH);
    for text in [
        "[".repeat(100_000),
        "{a: ".repeat(100_000),
        "- ".repeat(50_000),
        "? ".repeat(50_000),
        format!("[{fits}]"),
        format!("- {fits}"),
        (0..5_000)
            .map(|level| format!("{}a:\n", " ".repeat(level)))
            .collect(),
    ] {
        let parsed = parse(SourceId(0), &text);
        assert_eq!(codes(&text), ["too-deep"], "{:.20}", text);
        let document = parsed.document.unwrap();
        assert!(!document.is_complete());
        assert!(document.root().is_none_or(|root| depth(root) <= MAX_DEPTH));
    }
}

#[test]
fn aliases_cannot_nest_deeper_than_the_limit() {
    let mut text = String::from("- &a0 []\n");
    for level in 1..10_000 {
        text += &format!("- &a{level} [*a{}]\n", level - 1);
    }
    assert_eq!(codes(&text), ["too-deep"]);
    let document = parse(SourceId(0), &text).document.unwrap();
    assert_eq!(depth(document.root().unwrap()), MAX_DEPTH);
}

#[test]
fn alias_bombs_do_not_go_off() {
    let mut laughs = String::from("- &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for level in 1..30 {
        let alias = format!("*a{}, ", level - 1);
        laughs += &format!("- &a{level} [{}]\n", alias.repeat(9));
    }
    let list = format!("a: &a [{}]\n", "x, ".repeat(10_000));
    let square = format!("{list}b: [{}]\n", "*a, ".repeat(10_000));
    for text in [laughs, square] {
        assert_eq!(codes(&text), ["too-many-nodes"]);
        let document = parse(SourceId(0), &text).document.unwrap();
        let root = document.root().unwrap();
        assert!(size(root) <= MAX_NODES);
        assert_eq!(root.to_json(100_000).unwrap_err().code, "too-many-nodes");
    }
}

#[test]
fn many_nodes_and_comments_are_cut_off() {
    assert_eq!(codes(&"-\n".repeat(MAX_NODES)), ["too-many-nodes"]);
    assert_eq!(codes(&"#\n".repeat(MAX_NODES + 1)), ["too-many-nodes"]);
    assert_eq!(
        tree(&"-\n".repeat(MAX_NODES - 1))
            .root()
            .unwrap()
            .items()
            .len(),
        MAX_NODES - 1
    );
}

#[test]
fn a_hundred_thousand_keys_are_fine_and_as_many_duplicates_are_summed_up() {
    let keys: String = (0..100_000).map(|key| format!("k{key}: 1\n")).collect();
    assert_eq!(tree(&keys).root().unwrap().entries().len(), 100_000);
    let codes = codes(&"k: 1\n".repeat(100_000));
    assert_eq!(codes.len(), 101);
    assert!(codes[..100].iter().all(|code| *code == "duplicate-key"));
    assert_eq!(codes[100], "more-problems");
}

#[test]
fn unknown_aliases_are_not_each_compared_with_every_anchor() {
    let anchors: String = (0..100_000).map(|name| format!("- &a{name}\n")).collect();
    let text = anchors + &"- *unknown\n".repeat(100_000);
    assert_eq!(codes(&text).len(), 101);
}

#[test]
fn long_comments_between_key_and_value_are_fine() {
    let text = format!("a:\n{}  b: 1\n", "# c\n".repeat(100_000));
    assert_eq!(tree(&text).comments().len(), 100_000);
}

#[test]
fn huge_values_and_lines_are_fine_and_huge_texts_are_refused() {
    let text = format!("a: \"{}\"", "\\L".repeat(1_000_000));
    let tree = tree(&text);
    let value = tree.root().unwrap().get("a").unwrap().as_str().unwrap();
    assert_eq!(value.len(), 3_000_000);
    let text = " ".repeat(MAX_BYTES + 1);
    assert_eq!(codes(&text), ["file-too-large"]);
    assert!(parse(SourceId(0), &text).document.is_none());
}

#[test]
fn legal_oddities_are_read() {
    for (text, json) in [
        ("a:\tb", r#"{"a":"b"}"#),
        ("a: 1\n\t\nb: 2\n", r#"{"a":1,"b":2}"#),
        ("\u{feff}a: 1", r#"{"a":1}"#),
        ("a: 1\r\nb: |\r\n  x\r\n  y\r\n", r#"{"a":1,"b":"x\ny\n"}"#),
        ("a: 1\rb: 2\r", r#"{"a":1,"b":2}"#),
        // The parser adds the line break that the last line of the file lacks.
        ("a: |\n  x", r#"{"a":"x\n"}"#),
        (": a", r#"{"":"a"}"#),
        ("%YAML 1.2\n---\na: 1", r#"{"a":1}"#),
    ] {
        let tree = tree(text);
        let found = tree.root().unwrap().to_json(99).unwrap().to_string();
        assert_eq!(found, json, "{text:?}");
    }
}
