//! Both readers give the same trees, and what is unusual is left to the parser.

use std::path::Path;

use crate::source::SourceId;
use crate::syntax::difference;
use crate::syntax::usual::read;

/// Whether the text is read without the parser; panics if the parser reads something else.
fn is_usual(text: &str) -> bool {
    if let Some(difference) = difference(text) {
        panic!("{difference}\n{text}");
    }
    read(SourceId(0), text).is_some()
}

#[test]
fn what_people_write_is_read_alike() {
    for text in [
        "a: b\n",
        "a: b",
        "---\na: b\n",
        "# head\n---  # marked\na: b # end\n# last",
        "a:\nb:\n",
        "a:\n\n# c\nb: 1",
        "a: # c\n  b: c\n",
        "a:\n  b:\n    c: d\n  e: f\ng: h\n",
        "a:\n- b\n- c: d\n  e: f\ng:\n  - h\n",
        "- a\n-\n- - b\n  - c\n-\n  d: e\n",
        "a:\n-\n-   # c\n-   \n- b\nc: d\n",
        "- # c\n  # d\n  e\n-   \n- # f\n- g\n",
        "-   a: b\n    c:\n    - d\n",
        "a : b\n\"c\": d\n'e f': g\n",
        "a: b c  d   \nurl: https://x.y/z#part\n",
        "a: b\n  c\n\n\n  d # e\nf: g\n",
        "a:\n  b\n c\nd: - e\n",
        "a: 'it''s'\nb: \"x \\\"y\\\" \\\\ \\n\"\nc: ''\nd: \"\"\ne: '''a'''\n",
        "a: [b, 'c', \"d\", e f, -1, [g], {h: i}]\nb: []\nc: {}\n",
        "a: [\n  b, # c\n  d,\n]\ne: {f: g,\n h: [i]}\n",
        "a: [b: c]\nd: [e, 'f': [g, h: i], {j: k}, l : m n , ]\n",
        "a: ${{ b }}\nc: a${{ b }}:d\n",
        "é: ü\nb: 'ß' # ö\nc: |\n  日本\n",
        "{a: b}: c\n",
        "a: -b\n-c: :d\n",
    ] {
        let odd = ["{a: b}: c\n", "a:\n  b\n c\nd: - e\n", "a: -b\n-c: :d\n"];
        assert_eq!(is_usual(text), !odd.contains(&text), "{text}");
    }
}

#[test]
fn block_scalars_are_read_alike() {
    for text in [
        "a: |\n  b\n  c\nd: e\n",
        "a: |\n  b\n   c\n\n  d\n\n\ne: f\n",
        "a: |-\n  b\n\nc: >+\n  d\n  e\n\n   f\n  g\n\n\n",
        "a: >\n  b\n  c\n\n  d\n    e\n  f\n",
        "a: >\n    b\n\tc\n",
        "a: |\n\n\n  b\n",
        "a: >- # c\n  b\n  d\ne: |   # f\n  g\n",
        "a: |\n  b",
        "a: |\n  b\n   ",
        "a: >-\n  b\n  \n  \tc  \n    \n",
        "- |\n b\n- >\n  c\n",
        "- a: |\n    b\n  c: d\n",
        "a:\n  |\n  b\nc: d\n",
        "a:\n  - |\n    b\n  # c\n  - d\n",
        "a: |\n  \u{a0}\n",
        "a: |   \n  b # no comment\n# comment\nc: d",
    ] {
        let odd = ["a: >\n    b\n\tc\n"];
        assert_eq!(is_usual(text), !odd.contains(&text), "{text:?}");
    }
}

#[test]
fn the_unusual_is_left_to_the_parser() {
    for text in [
        "",
        "# only a comment\n",
        "a\n",
        "[a]\n",
        "a: b\rc: d\n",
        "a: b\r\nc: d\n",
        "a: b\r\na: c\r\n",
        "\u{feff}a: b\n",
        "a:\tb\n",
        "a: b\t\n",
        "a: &b c\n",
        "a: *b\n",
        "a: !!str b\n",
        "? a\n",
        "%YAML 1.2\n---\na: b\n",
        "a: b\n---\nc: d\n",
        "a: b\n...\n",
        "  ---\n  a: b\n",
        "a: b: c\n",
        "a: b\n  c: d\n",
        "a: b\n c\n  d: e\n",
        "a: - b\n",
        "a: \"b\n  c\"\n",
        "a: 'b\n  c'\n",
        "a: \"\\x41\"\n",
        "a: 'b' c\n",
        "a: 'b'# c\n",
        "a: |2\n   b\n",
        "a: |2 # c\n   b\n",
        "a: |# c\n  b\n",
        "a: |\nb: c\n",
        "a: |\n    \n  b\n",
        "a: |\n  b\n  ",
        "a: [b\n  c]\n",
        "a: [b\n: c]\n",
        "a: [b:c, 'd':e]\n",
        "a: [b",
        "a: [${{ b }}]\n",
        "a: {b}\n",
        "a: {b: }\n",
        "a: {\"b\":c}\n",
        "a: [b]: c\n",
        "a: [,b]\n",
        "a: [b]c\n",
        "a: [b#c]\nd: [e,#f\n]\n",
        "a: @b\n",
        "a: `b\n",
        "a: \u{7}\n",
        "a: \u{80}\n",
        "a: b\n c: d\n",
        "a:\n  b: c\n d: e\n",
        "a:\n  - b\n  c: d\n",
        "a: b # c\n  d\n",
    ] {
        assert!(!is_usual(text), "{text:?}");
    }
    assert!(!is_usual(&format!("{}: b\n", "a".repeat(1100))));
    assert!(!is_usual(&format!(
        "a: {}{}\n",
        "[".repeat(100),
        "]".repeat(100)
    )));
}

#[test]
fn line_ends_of_windows_are_read_alike() {
    for text in [
        "a: b\r\n",
        "a: b\r\n# c\r\n\r\nd: # e\r\n  - f g\r\n    h\r\n  -\r\ni:",
        "a: |\r\n  b\r\n\r\n   c\r\n\r\nd: >-\r\n  e\r\n  f\r\n",
        "a: [b,\r\n  c]\r\nd: \"é\"\r\ne:\r\n  'f': {g: h} # ö\r\n",
    ] {
        assert!(is_usual(text), "{text:?}");
    }
}

#[test]
fn keys_that_stand_twice_are_told_alike() {
    assert!(is_usual("a: b\nc: d\na: e\n"));
    assert!(is_usual("a: {b: c, b: d}\n"));
}

#[test]
fn our_own_workflows_are_read_alike() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut usual, mut all) = (0, 0);
    for folder in ["snapshots", "presets", "tests/fixtures"] {
        for entry in walkdir::WalkDir::new(root.join(folder)) {
            let entry = entry.unwrap();
            let name = entry.path().extension().and_then(|end| end.to_str());
            let Some("yml" | "yaml") = name else { continue };
            let Ok(text) = std::fs::read_to_string(entry.path()) else {
                continue;
            };
            all += 1;
            usual += usize::from(is_usual(&text));
        }
    }
    assert!(usual * 10 > all * 8, "{usual} of {all} are usual");
}
