//! What holds for every text.

use proptest::prelude::*;

use crate::source::{SourceId, Span};
use crate::syntax::{Kind, Node, Style, Tree, parse};

/// Says that a span is one of the text's.
fn sound(text: &str, span: Span) {
    assert!(
        text.get(span.range()).is_some(),
        "{span:?} is not of {text:?}"
    );
}

fn check(node: Node<'_>, text: &str) {
    sound(text, node.span());
    if node.is_alias() {
        assert_eq!(&text[node.span().range()][..1], "*");
        return;
    }
    if let Some(span) = node.anchor_span() {
        assert_eq!(text[span.range()].strip_prefix('&'), node.anchor());
    }
    match node.kind() {
        Kind::Sequence(items) => items.for_each(|item| check_inside(item, node, text)),
        Kind::Mapping(entries) => entries.for_each(|entry| {
            check_inside(entry.key, node, text);
            check_inside(entry.value, node, text);
        }),
        _ => scalar(node, text),
    }
}

fn check_inside(child: Node<'_>, parent: Node<'_>, text: &str) {
    let (inner, outer) = (child.span(), parent.span());
    assert!(
        outer.start <= inner.start && inner.end <= outer.end,
        "{inner:?} is not in {outer:?} of {text:?}"
    );
    check(child, text);
}

fn scalar(node: Node<'_>, text: &str) {
    let (slice, value) = (&text[node.span().range()], node.as_str().unwrap());
    let on_one_line = !slice.contains(['\n', '\r']);
    if node.style() == Style::Plain && on_one_line && !slice.starts_with('*') {
        assert_eq!(slice, value, "in {text:?}");
    }
    let Some(map) = node.offset_map(text) else {
        return;
    };
    for (at, c) in value.char_indices().filter(|(_, c)| *c != '\n') {
        let source = map.to_source(at.try_into().unwrap()).unwrap() as usize;
        assert!(
            text[source..].starts_with(c),
            "{at} of {value:?} in {text:?}"
        );
    }
}

fn check_all(text: &str) {
    let parsed = parse(SourceId(0), text);
    for diagnostic in &parsed.diagnostics {
        sound(text, diagnostic.primary.unwrap().span);
        diagnostic
            .labels
            .iter()
            .for_each(|label| sound(text, label.location.span));
    }
    let tree: Tree = parsed.document.unwrap();
    assert!(
        tree.is_complete() || parsed.diagnostics.has_errors(),
        "{text:?}"
    );
    for comment in tree.comments() {
        sound(text, comment.span);
        assert!(text[comment.span.range()].starts_with('#'));
    }
    if let Some(root) = tree.root() {
        check(root, text);
        let _ = root.to_json(1000);
    }
}

/// The pieces that YAML is made of, so that most texts get past the first character.
fn yamlish() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a",
        "b",
        "é",
        "1",
        "- ",
        ": ",
        ":",
        "? ",
        "\n",
        "\n",
        "\n  ",
        "\n    ",
        "\r\n",
        "\r",
        "\t",
        " ",
        "[",
        "]",
        "{",
        "}",
        ", ",
        "'",
        "\"",
        "|\n",
        ">-\n",
        "|2\n",
        "&x ",
        "*x",
        "*x ",
        "!!str ",
        "# c",
        " #",
        "---\n",
        "...\n",
        "%",
        "\\",
        "~",
        "<<: ",
        "\u{feff}",
        "\0",
        "\u{85}",
        "\u{2028}",
        "a: ",
        "b:\n",
        "  - ",
        "\u{1f600}",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_text_is_read_without_panic_and_in_its_places(text in any::<String>()) {
        check_all(&text);
    }

    #[test]
    fn so_is_any_text_of_yaml_pieces(text in yamlish()) {
        check_all(&text);
    }
}
