//! What nodes are, and what they are called by.

use super::{codes, complaints, place, tree};
use crate::source::SourceId;
use crate::syntax::{Kind, Node, Style, Tree, parse};

fn json(text: &str) -> String {
    tree(text)
        .root()
        .unwrap()
        .to_json(1000)
        .unwrap()
        .to_string()
}

fn get<'t>(tree: &'t Tree, key: &str) -> Node<'t> {
    tree.root().unwrap().get(key).unwrap()
}

#[test]
fn only_plain_scalars_of_the_core_schema_are_no_strings() {
    let text = "[on, yes, 1, '1', \"true\", true, 1.50, ~, null, '', 0o17]";
    assert_eq!(
        json(text),
        r#"["on","yes",1,"1","true",true,1.5,null,null,"",15]"#
    );
    assert_eq!(
        json("a: |\n  1\nb: >-\n  true\n"),
        r#"{"a":"1\n","b":"true"}"#
    );
}

#[test]
fn omitted_values_are_null_with_an_empty_text() {
    let tree = tree("a:\nb: ~\nc: ''\n");
    let [a, b, c] = ["a", "b", "c"].map(|key| get(&tree, key));
    assert!(a.is_null() && a.is_omitted());
    assert_eq!(a.as_str(), Some(""));
    assert!(b.is_null() && !b.is_omitted());
    assert_eq!(b.as_str(), Some("~"));
    assert!(!c.is_null() && !c.is_omitted());
}

#[test]
fn the_text_of_a_number_is_as_written() {
    let tree = tree("python: 3.10\nmode: 0644\n");
    assert_eq!(get(&tree, "python").as_str(), Some("3.10"));
    assert!(matches!(get(&tree, "python").kind(), Kind::Float(value) if value == 3.1));
    assert_eq!(get(&tree, "mode").as_str(), Some("0644"));
}

#[test]
fn an_empty_text_or_one_of_comments_has_no_root() {
    for text in ["", "\n", "# only\n", "\u{feff}", "  \n# a\n\n# b"] {
        assert!(tree(text).root().is_none(), "{text:?}");
    }
    assert!(tree("---\n").root().unwrap().is_null());
}

#[test]
fn entries_and_items_come_in_order() {
    let tree = tree("b: 1\na: [x, y]\n");
    let root = tree.root().unwrap();
    let keys: Vec<_> = root
        .entries()
        .map(|entry| entry.key.as_str().unwrap())
        .collect();
    assert_eq!(keys, ["b", "a"]);
    assert_eq!(root.entries().len(), 2);
    let items: Vec<_> = get(&tree, "a")
        .items()
        .map(|item| item.as_str().unwrap())
        .collect();
    assert_eq!(items, ["x", "y"]);
    assert_eq!(root.key_of("a").unwrap().span().start, 5);
    assert!(root.get("c").is_none());
    assert_eq!(root.items().len() + get(&tree, "b").entries().len(), 0);
}

#[test]
fn styles_are_told_apart() {
    let tree = tree("[a, 'b', \"c\", {}]");
    let root = tree.root().unwrap();
    let styles: Vec<_> = root.items().map(Node::style).collect();
    assert_eq!(
        styles,
        [
            Style::Plain,
            Style::SingleQuoted,
            Style::DoubleQuoted,
            Style::Flow
        ]
    );
    assert_eq!(root.style(), Style::Flow);
    let tree = super::tree("a: |\n  x\nb: >\n  y\n");
    assert_eq!(get(&tree, "a").style(), Style::Literal);
    assert_eq!(get(&tree, "b").style(), Style::Folded);
    assert_eq!(tree.root().unwrap().style(), Style::Block);
}

#[test]
fn an_alias_reads_as_its_target_at_its_own_place() {
    let text = "a: &one {b: [1]}\nc: *one\n";
    let tree = tree(text);
    let alias = get(&tree, "c");
    assert!(alias.is_alias() && !get(&tree, "a").is_alias());
    assert_eq!(&text[alias.span().range()], "*one");
    assert_eq!(&text[alias.definition().span().range()], "{b: [1]}");
    assert_eq!(alias.anchor(), Some("one"));
    assert_eq!(&text[alias.anchor_span().unwrap().range()], "&one");
    assert_eq!(json(text), r#"{"a":{"b":[1]},"c":{"b":[1]}}"#);
}

#[test]
fn an_anchor_may_be_put_twice() {
    assert_eq!(json("[&a 1, *a, &a 2, *a]"), "[1,1,2,2]");
}

#[test]
fn tags_decide_what_a_scalar_is() {
    let text = "[!!str 1, !!int '1', !own 1, ! 2]";
    assert_eq!(json(text), r#"["1",1,"1","2"]"#);
    let tree = tree(text);
    let tags: Vec<_> = tree
        .root()
        .unwrap()
        .items()
        .map(|item| item.tag().unwrap())
        .collect();
    assert_eq!(tags, ["!!str", "!!int", "!own", "!"]);
}

#[test]
fn merge_keys_are_keys_like_any_other() {
    assert_eq!(
        json("a: &a {x: 1}\nb: {<<: *a}\n"),
        r#"{"a":{"x":1},"b":{"<<":{"x":1}}}"#
    );
}

#[test]
fn aliases_may_be_keys() {
    assert_eq!(json("{&k a: 1, b: {*k : 2}}"), r#"{"a":1,"b":{"a":2}}"#);
}

#[test]
fn json_stops_at_its_budget_and_at_what_it_cannot_hold() {
    let tree = tree("a: &a [1, 2, 3]\nb: [*a, *a]\n");
    let root = tree.root().unwrap();
    // One mapping, two lists of three, and the list of both aliases.
    assert!(root.to_json(14).is_ok());
    let refused = root.to_json(13).unwrap_err();
    assert_eq!(refused.code, "too-many-nodes");
    for text in [".nan", "-.inf", "1e999"] {
        let tree = super::tree(text);
        assert_eq!(
            tree.root().unwrap().to_json(9).unwrap_err().code,
            "not-a-number"
        );
    }
}

#[test]
fn what_stands_before_an_error_can_be_used() {
    let text = "a: 1\nb:\n  - x\n  - y: 2\n    z: @";
    let parsed = parse(SourceId(0), text);
    assert_eq!(codes(text), ["yaml-syntax"]);
    let tree = parsed.document.unwrap();
    assert!(!tree.is_complete());
    let json = tree.root().unwrap().to_json(99).unwrap();
    assert_eq!(json.to_string(), r#"{"a":1,"b":["x",{"y":2}]}"#);
}

#[test]
fn only_the_first_document_is_read() {
    let parsed = parse(SourceId(0), "a: 1\n---\nb: 2\n---\nc: [");
    let tree = parsed.document.unwrap();
    assert!(tree.is_complete());
    assert_eq!(
        tree.root().unwrap().to_json(9).unwrap().to_string(),
        r#"{"a":1}"#
    );
    assert_eq!(json("---\na: 1\n...\n# end\n"), r#"{"a":1}"#);
}

#[test]
fn quoted_lines_indented_less_than_their_key_are_read_as_github_does() {
    let text = "a:\n  b: \"x\n y\\n\n\n  z\" # it's\n  # \"it\"\n  c: 'é\nü'\n  d: e\n";
    let parsed = parse(SourceId(0), text);
    let tree = parsed.document.unwrap();
    assert!(tree.is_complete());
    let inner = tree.root().unwrap().get("a").unwrap();
    assert_eq!(inner.get("b").unwrap().as_str(), Some("x y\n\nz"));
    assert_eq!(inner.get("c").unwrap().as_str(), Some("é ü"));
    assert_eq!(&text[inner.get("c").unwrap().span().range()], "'é\nü'");
    assert_eq!(place(text, inner.get("d").unwrap().span()), "9:6-9:7");
    insta::assert_snapshot!(complaints(text), @"
        2:6-5:5 yaml-syntax: lines of this value are indented less than its key
          help: indent them deeper than the key, or close the quote if that is what is missing
        7:6-8:3 yaml-syntax: lines of this value are indented less than its key
          help: indent them deeper than the key, or close the quote if that is what is missing
        ");
}
