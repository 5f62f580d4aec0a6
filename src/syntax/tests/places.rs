//! Where nodes and comments stand.

use super::{place, tree};
use crate::source::Span;
use crate::syntax::{Kind, Node, Tree};

/// Writes a node per line: depth, place and source text, the lines of it joined by `⏎`.
fn outline(text: &str) -> String {
    fn walk(node: Node<'_>, depth: usize, text: &str, lines: &mut Vec<String>) {
        let slice = text[node.span().range()]
            .replace("\r\n", "⏎")
            .replace(['\n', '\r'], "⏎");
        let at = place(text, node.span());
        lines.push(format!("{}{at} {slice}", "  ".repeat(depth)));
        if node.is_alias() {
            return;
        }
        match node.kind() {
            Kind::Sequence(items) => items.for_each(|item| walk(item, depth + 1, text, lines)),
            Kind::Mapping(entries) => entries.for_each(|entry| {
                walk(entry.key, depth + 1, text, lines);
                walk(entry.value, depth + 1, text, lines);
            }),
            _ => {}
        }
    }
    let mut lines = Vec::new();
    walk(tree(text).root().unwrap(), 0, text, &mut lines);
    lines.join("\n")
}

#[test]
fn collections_end_with_their_last_value() {
    insta::assert_snapshot!(outline("a:\n  - x # why\n  - {y: 'z'}\n\n# end\nb: [1,\n  2 ]\nc:\n"), @"
        1:1-8:2 a:⏎  - x # why⏎  - {y: 'z'}⏎⏎# end⏎b: [1,⏎  2 ]⏎c
          1:1-1:2 a
          2:3-3:13 - x # why⏎  - {y: 'z'}
            2:5-2:6 x
            3:5-3:13 {y: 'z'}
              3:6-3:7 y
              3:9-3:12 'z'
          6:1-6:2 b
          6:4-7:6 [1,⏎  2 ]
            6:5-6:6 1
            7:3-7:4 2
          8:1-8:2 c
          8:2-8:2
        ");
}

#[test]
fn block_scalars_begin_behind_their_header_and_end_with_their_text() {
    insta::assert_snapshot!(outline("a: |2-\n\n    x\n   y\n\nb: >\n  z\n\n\nc: |\n"), @"
        1:1-10:5 a: |2-⏎⏎    x⏎   y⏎⏎b: >⏎  z⏎⏎⏎c: |
          1:1-1:2 a
          3:3-4:5   x⏎   y
          6:1-6:2 b
          7:3-7:4 z
          10:1-10:2 c
          10:4-10:5 |
        ");
}

#[test]
fn properties_do_not_belong_to_the_place() {
    insta::assert_snapshot!(outline("a: &x !!str b\nc: &y\n  - *x\n"), @"
        1:1-3:7 a: &x !!str b⏎c: &y⏎  - *x
          1:1-1:2 a
          1:13-1:14 b
          2:1-2:2 c
          3:3-3:7 - *x
            3:5-3:7 *x
        ");
}

#[test]
fn marks_and_line_breaks_of_other_systems() {
    insta::assert_snapshot!(outline("\u{feff}a: é\r\nb: ü\rc: \"d\"  "), @r#"
        1:1-3:7 a: é⏎b: ü⏎c: "d"
          1:1-1:2 a
          1:4-1:5 é
          2:1-2:2 b
          2:4-2:5 ü
          3:1-3:2 c
          3:4-3:7 "d"
        "#);
}

#[test]
fn comments_are_kept() {
    let text = "# top\na: 1 # right\n# [\nb: 'x # no' #é\n";
    let tree = tree(text);
    let found: Vec<_> = tree
        .comments()
        .iter()
        .map(|comment| (&text[comment.span.range()], comment.trailing))
        .collect();
    assert_eq!(
        found,
        [
            ("# top", false),
            ("# right", true),
            ("# [", false),
            ("#é", true)
        ]
    );
}

/// Maps each character of the value under `a` back, and returns what stands there.
fn mapped(text: &str) -> Option<String> {
    let tree: Tree = tree(text);
    let node = tree.root()?.get("a")?;
    let value = node.as_str()?;
    let map = node.offset_map(text)?;
    let character = |(at, c): (usize, char)| {
        let end = at + c.len_utf8();
        let span = map.span(Span::new(at.try_into().unwrap(), end.try_into().unwrap()));
        text[span.unwrap().range()].to_owned()
    };
    Some(value.char_indices().map(character).collect())
}

#[test]
fn offsets_in_a_value_lead_back_to_the_source() {
    for text in ["a: xyz # c", "a: 'x y'", "a: \"é\"", "a: ''", "a:"] {
        let tree = tree(text);
        let value = tree.root().unwrap().get("a").unwrap().as_str().unwrap();
        assert_eq!(mapped(text).as_deref(), Some(value), "{text:?}");
    }
}

#[test]
fn offsets_in_a_literal_skip_its_indentation() {
    // A line break of the value spans the indentation that follows it.
    let text = "a: |\n    if é; then\n      ${{ x }}\n\n    fi\nb: 1\n";
    let tree = tree(text);
    let node = tree.root().unwrap().get("a").unwrap();
    let value = node.as_str().unwrap();
    assert_eq!(value, "if é; then\n  ${{ x }}\n\nfi\n");
    assert_eq!(node.block_indent(), 4);
    let map = node.offset_map(text).unwrap();
    for piece in ["if", "é;", "then", "${{ x }}", "fi"] {
        let at = u32::try_from(value.find(piece).unwrap()).unwrap();
        let end = at + u32::try_from(piece.len()).unwrap();
        let span = map.span(Span::new(at, end)).unwrap();
        assert_eq!(&text[span.range()], piece);
    }
    assert_eq!(map.to_source(u32::try_from(value.len()).unwrap() + 1), None);
}

#[test]
fn offsets_in_literals_with_odd_lines() {
    for (text, piece) in [
        ("a: |\r\n  one\r\n  two\r\n", "two"),
        ("a: |\n\n \n  one\n", "one"),
        ("a: |2\n     one\n   two\n", "two"),
        ("a: |-\n  one\n  two", "two"),
    ] {
        let tree = tree(text);
        let node = tree.root().unwrap().get("a").unwrap();
        let at = node.as_str().unwrap().find(piece).unwrap();
        let map = node.offset_map(text).unwrap();
        let source = map.to_source(at.try_into().unwrap()).unwrap();
        assert_eq!(source as usize, text.find(piece).unwrap(), "{text:?}");
    }
}

#[test]
fn values_that_are_not_written_as_they_read_have_no_map() {
    for text in [
        "a: \"\\n\"",
        "a: 'it''s'",
        "a: x\n  y",
        "a: >\n  x\n  y\n",
        "a: [x]",
    ] {
        let tree = tree(text);
        assert_eq!(
            tree.root().unwrap().get("a").unwrap().offset_map(text),
            None,
            "{text:?}"
        );
    }
}
