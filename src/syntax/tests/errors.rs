//! What people mistype, and the words they get.

use super::complaints;
use crate::source::SourceId;
use crate::syntax::parse;

#[test]
fn tabs() {
    insta::assert_snapshot!(complaints("a:\n\tb: 1\n"), @"
        2:1-2:2 yaml-syntax: a tab is used for indentation
          help: replace the tab by spaces
        ");
    insta::assert_snapshot!(complaints("a: 1\n\tb: 2\n"), @"
        2:1-2:2 yaml-syntax: a tab is used for indentation
          help: replace the tab by spaces
        ");
    insta::assert_snapshot!(complaints("a:\n  - b\n \t- c\n"), @"
        3:2-3:3 yaml-syntax: a tab is used for indentation
          help: replace the tab by spaces
        ");
}

#[test]
fn missing_colons() {
    insta::assert_snapshot!(complaints("name CI\non: push\n"), @"
        1:1-1:8 yaml-syntax: `name CI` is no key: no `: ` follows it
          help: write `name CI:`, or indent the line if it continues a value
        ");
    insta::assert_snapshot!(complaints("on: push\njobs\n"), @"
        2:1-2:5 yaml-syntax: `jobs` is no key: no `: ` follows it
          help: write `jobs:`, or indent the line if it continues a value
        ");
    insta::assert_snapshot!(complaints("name:CI\non: push\n"), @"
        1:1-1:8 yaml-syntax: `name:CI` is no key: no `: ` follows it
          help: put a space behind the colon: `name: CI`
        ");
    insta::assert_snapshot!(complaints("a: 1\nb # c\nd: 2"), @"
        2:1-2:6 yaml-syntax: `b` is no key: no `: ` follows it
          help: write `b:`, or indent the line if it continues a value
        ");
}

#[test]
fn second_colons() {
    insta::assert_snapshot!(complaints("run: echo a: b\n"), @"
        1:12-1:13 yaml-syntax: a second `: ` stands on one line
          help: put quotes around the whole value, or begin a new line for the key
        ");
    insta::assert_snapshot!(complaints("run: echo \"a\": b\n"), @"
        1:14-1:15 yaml-syntax: a second `: ` stands on one line
          help: put quotes around the whole value, or begin a new line for the key
        ");
}

#[test]
fn expressions_between_brackets() {
    insta::assert_snapshot!(complaints("env: {A: ${{ x }}, B: 1}\n"), @r#"
        1:10-1:18 yaml-syntax: an expression stands between brackets without quotes
          help: put quotes around the whole value: `"${{ x }}"`
        "#);
    insta::assert_snapshot!(complaints("[é-${{ x }}]\n"), @r#"
        1:4-1:12 yaml-syntax: an expression stands between brackets without quotes
          help: put quotes around the whole value: `"${{ x }}"`
        "#);
}

#[test]
fn wrong_indentation() {
    insta::assert_snapshot!(complaints("a: 1\n  b: 2\n"), @"
        2:3-2:4 yaml-syntax: `b` is indented deeper than the key before it, which has a value
          help: put `b` in the same column as the key before it
        ");
    insta::assert_snapshot!(complaints("a:\n    b: 1\n  c: 2\n"), @"
        3:3-3:7 yaml-syntax: this line stands in the column of no key or list item before it
          help: change the indentation so that the line begins exactly below its neighbours
        ");
    insta::assert_snapshot!(complaints("a:\n    - b\n  - c\n"), @"
        3:3-3:6 yaml-syntax: this list item stands in the column of no list
          help: change the indentation so that the line begins exactly below its neighbours
        ");
    insta::assert_snapshot!(complaints("  a: 1\n b: 2\n"), @"
        2:2-2:6 yaml-syntax: this line stands in the column of no key or list item before it
          help: change the indentation so that the line begins exactly below its neighbours
        ");
    insta::assert_snapshot!(complaints("- a\nb: 1\n"), @"
        2:1-2:5 yaml-syntax: this line stands in the column of a list, but is no item of it
          help: begin the line with `- `, or indent it so that it belongs to the item before it
        ");
}

#[test]
fn unclosed_quotes() {
    insta::assert_snapshot!(complaints("a: 'b\nc: d\n"), @r#"
        1:4-1:5 yaml-syntax: this quote is not closed before the indentation ends
          help: close the quote; within `'…'` write `''` for one quote, within `"…"` write `\"`
        "#);
    insta::assert_snapshot!(complaints("a: \"b"), @r#"
        1:4-1:5 yaml-syntax: this quote is never closed
          help: close the quote; within `'…'` write `''` for one quote, within `"…"` write `\"`
        "#);
    insta::assert_snapshot!(complaints("a: b\nc: 'it\n---\nd: 1"), @r#"
        2:4-2:5 yaml-syntax: this quote is not closed before the indentation ends
          help: close the quote; within `'…'` write `''` for one quote, within `"…"` write `\"`
        "#);
}

#[test]
fn text_behind_quotes() {
    insta::assert_snapshot!(complaints("a: 'it's'\n"), @"
        1:8-1:9 yaml-syntax: text follows the closing quote
          help: put the quotes around the whole value, in the other kind of quotes if it holds some
        ");
    insta::assert_snapshot!(complaints("run: \"x\" y\n"), @"
        1:10-1:11 yaml-syntax: text follows the closing quote
          help: put the quotes around the whole value, in the other kind of quotes if it holds some
        ");
}

#[test]
fn unclosed_and_wrong_brackets() {
    insta::assert_snapshot!(complaints("a: [b, c\nd: 1\n"), @"
        2:2-2:3 yaml-syntax: a `:` stands between brackets where no key can end
          help: close the bracket that was opened before, or put quotes around the value
        ");
    insta::assert_snapshot!(complaints("a: {b: 1"), @"
        1:4-1:5 yaml-syntax: this `{` is never closed
          help: close it with `}`, or put the value in quotes if text is meant
        ");
    insta::assert_snapshot!(complaints("a: [b}"), @"
        1:4-1:5 yaml-syntax: this `[` is closed by `}`
          help: close it with `]`
        ");
    insta::assert_snapshot!(complaints("a: ]"), @"
        1:4-1:5 yaml-syntax: this bracket closes nothing
          help: remove it, or put the value in quotes if text is meant
        ");
    insta::assert_snapshot!(complaints("a: [b,\n- c]"), @"
        2:1-2:2 yaml-syntax: a list item with `-` stands between brackets
          help: separate values between brackets by commas, without `-`
        ");
    insta::assert_snapshot!(complaints("a: [b c: d, 'e' f]"), @"
        1:17-1:18 yaml-syntax: text follows the closing quote
          help: put the quotes around the whole value, in the other kind of quotes if it holds some
        ");
}

#[test]
fn values_that_need_quotes() {
    insta::assert_snapshot!(complaints("a: @b"), @"
        1:4-1:5 yaml-syntax: no unquoted value may begin with `@`
          help: put quotes around the value
        ");
    insta::assert_snapshot!(complaints("a: `b`"), @"
        1:4-1:5 yaml-syntax: no unquoted value may begin with a backtick
          help: put quotes around the value
        ");
    insta::assert_snapshot!(complaints("a: %b"), @"
        1:4-1:5 yaml-syntax: no unquoted value may begin with `%`
          help: put quotes around the value
        ");
    insta::assert_snapshot!(complaints("a: *"), @"
        1:4-1:5 yaml-syntax: no name follows this `&` or `*`
          help: put the value in quotes if text is meant
        ");
    insta::assert_snapshot!(complaints("a: & b"), @"
        1:4-1:5 yaml-syntax: no name follows this `&` or `*`
          help: put the value in quotes if text is meant
        ");
    insta::assert_snapshot!(complaints("a: *.md"), @"
        1:4-1:8 unknown-alias: no anchor `&.md` stands before the alias `*.md`
          help: put the value in quotes if text is meant
        ");
    insta::assert_snapshot!(complaints("a: !!"), @"
        1:4-1:5 yaml-syntax: an unquoted value that begins with `!` is a tag, and this is none
          help: put the value in quotes if text is meant
        ");
    insta::assert_snapshot!(complaints("a: !x!y z"), @"
        1:4-1:5 yaml-syntax: an unquoted value that begins with `!` is a tag, and this is none
          help: put the value in quotes if text is meant
        ");
    insta::assert_snapshot!(complaints("a: - b"), @"
        1:4-1:5 yaml-syntax: a list cannot begin on the line of its key
          help: begin the list on the next line, or put the value in quotes if text is meant
        ");
    insta::assert_snapshot!(complaints("a: \"\\d\""), @r"
        1:4-1:5 yaml-syntax: a `\` between these double quotes begins no known escape
          help: write `\\` for a backslash, or use single quotes, which know no escapes
        ");
    insta::assert_snapshot!(complaints("a: |  text\n"), @"
        1:4-1:5 yaml-syntax: text stands on the line of `|` or `>`
          help: begin the text on the next line, indented
        ");
    insta::assert_snapshot!(complaints("a: 'b'#c"), @"
        1:7-1:8 yaml-syntax: a `#` follows without a space
          help: put a space before `#` if a comment is meant, else quotes around the value
        ");
}

#[test]
fn control_characters() {
    insta::assert_snapshot!(complaints("a: \u{7}b"), @r"
        1:4-1:5 yaml-syntax: the control character U+0007 is not allowed in YAML
          help: remove it, or write `\u0007` between double quotes
        ");
    insta::assert_snapshot!(complaints("a\0b: 1"), @r"
        1:2-1:3 yaml-syntax: the control character U+0000 is not allowed in YAML
          help: remove it, or write `\u0000` between double quotes
        ");
}

#[test]
fn aliases_without_anchors() {
    insta::assert_snapshot!(complaints("a: &build 1\nb: *biuld\n"), @"
        2:4-2:10 unknown-alias: no anchor `&biuld` stands before the alias `*biuld`
          help: did you mean `*build`?
        ");
}

#[test]
fn an_alias_inside_its_own_anchor() {
    insta::assert_snapshot!(complaints("a: &x {b: [*x]}\n"), @"
        1:12-1:14 recursive-alias: the alias `*x` stands inside its own anchor
          1:4-1:6 the anchor is put here
          help: name another anchor, or write the value out
        ");
    insta::assert_snapshot!(complaints("&x [*x]"), @"
        1:5-1:7 recursive-alias: the alias `*x` stands inside its own anchor
          1:1-1:3 the anchor is put here
          help: name another anchor, or write the value out
        ");
}

#[test]
fn duplicate_keys() {
    insta::assert_snapshot!(complaints("a: 1\nb: 2\n'a': 3\na: 4\n"), @"
        3:1-3:4 duplicate-key: the key `a` stands here again
          1:1-1:2 it stands here first
          help: merge both values under one `a`, or rename one of them
        4:1-4:2 duplicate-key: the key `a` stands here again
          1:1-1:2 it stands here first
          help: merge both values under one `a`, or rename one of them
        ");
    insta::assert_snapshot!(complaints("{1: a, '1': b}"), @"
        1:8-1:11 duplicate-key: the key `1` stands here again
          1:2-1:3 it stands here first
          help: merge both values under one `1`, or rename one of them
        ");
    insta::assert_snapshot!(complaints("a: &k x\nb: {x: 1, *k : 2}"), @"
        2:11-2:13 duplicate-key: the key `x` stands here again
          2:5-2:6 it stands here first
          help: merge both values under one `x`, or rename one of them
        ");
}

#[test]
fn keys_in_another_case() {
    // As many as are compared with each other, and as many as are looked up in a table.
    for more in [0, 100] {
        let mut text = "Ab: 1\nc: {é: 1, É: 2}\naB: 3\nAb: 4\nac: 5\naB: 6\n".to_owned();
        text.extend((0..more).map(|number| format!("k{number}: 1\n")));
        let tree = parse(SourceId(0), &text).document.unwrap();
        let root = tree.root().unwrap();
        let alike = root.alike_keys().map(|[mapping, key, first]| {
            assert_eq!(mapping.id(), root.id());
            let lines = [key, first].map(|node| {
                let before = &text[..node.span().start as usize];
                before.matches('\n').count() + 1
            });
            (key.as_str().unwrap(), lines)
        });
        let wanted = [("aB", [3, 1]), ("aB", [6, 1])];
        assert_eq!(alike.collect::<Vec<_>>(), wanted, "{more}");
        let twice = complaints(&text);
        let places = twice.lines().filter(|line| !line.starts_with(' '));
        let lines: Vec<_> = places.map(|line| &line[..2]).collect();
        assert_eq!(lines, ["4:", "6:"], "{twice}");
    }
}

#[test]
fn complex_keys() {
    insta::assert_snapshot!(complaints("? [a, b]\n: c\n"), @"
        1:3-1:9 complex-key: a list is used as a key
          help: write the key as text, in quotes if it begins with `{` or `[`
        ");
    insta::assert_snapshot!(complaints("{{a: 1}: 2}"), @"
        1:2-1:8 complex-key: a mapping is used as a key
          help: write the key as text, in quotes if it begins with `{` or `[`
        ");
    insta::assert_snapshot!(complaints("a: &l [1]\n*l : 2"), @"
        2:1-2:3 complex-key: a list is used as a key
          help: write the key as text, in quotes if it begins with `{` or `[`
        ");
}

#[test]
fn further_documents() {
    insta::assert_snapshot!(complaints("a: 1\n---\na: 2\n"), @"
        2:1-2:4 several-documents: a second document begins here
          help: remove the `---`, or move what follows into a file of its own
        ");
    insta::assert_snapshot!(complaints("a: 1\n--- b"), @"
        2:1-2:4 several-documents: a second document begins here
          help: remove the `---`, or move what follows into a file of its own
        ");
    insta::assert_snapshot!(complaints("a: 1\n...\nb: 2"), @"
        3:1-3:5 several-documents: a second document begins here
          help: remove the `...` before it, or move what follows into a file of its own
        ");
}
