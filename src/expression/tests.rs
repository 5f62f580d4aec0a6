//! Values and refusals, in words of our own.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;

struct Files;

impl World for Files {
    fn hash_files(&self, patterns: &[&str]) -> Result<String, String> {
        Ok(format!("hash of {}", patterns.join(" and ")))
    }
}

fn contexts() -> Object {
    let json = json!({
        "github": {"ref": "refs/tags/v1", "event": {"commits": [{"id": "a", "tags": ["x", "y"]}, {"id": "b"}, 5]}},
        "env": {"EMPTY": "", "Count": "3"},
        "needs": {"build": {"result": "success"}, "test": {"result": "failure"}},
        "list": ["zero", "one"],
    });
    match Value::from(&json) {
        Value::Object(object) => Object::clone(&object),
        _ => unreachable!(),
    }
}

fn run(text: &str) -> Result<Json, String> {
    let said =
        |problem: Problem| format!("{} {}..{}", problem, problem.span.start, problem.span.end);
    let contexts = contexts();
    let node = parse(text).map_err(said)?;
    let is_context = |name: &str| contexts.get(name).is_some();
    if let Some(problem) = check(&node, &is_context).into_iter().next() {
        return Err(said(problem));
    }
    let value = evaluate(&node, &contexts, &Files).map_err(said)?;
    Ok(value.to_json())
}

#[track_caller]
fn gives(text: &str, wanted: Json) {
    assert_eq!(run(text), Ok(wanted), "{text}");
}

#[track_caller]
fn fails(text: &str, wanted: &str) {
    assert_eq!(run(text), Err(wanted.to_owned()), "{text}");
}

#[test]
fn operators_give_operands_and_compare_across_kinds() {
    gives("env.EMPTY || 'none'", json!("none"));
    gives("env.COUNT && env.count", json!("3"));
    gives("env.count == 3 && env.count > 2.5", json!(true));
    gives("'ABC' == 'abc' && 'b' > 'A'", json!(true));
    gives("null == '' && null == 0 && false == ''", json!(true));
    gives("github.event == github.event", json!(true));
    gives("fromJSON('[]') == fromJSON('[]')", json!(false));
    gives("'abc' < 5 || 'abc' >= 5", json!(false));
    gives("!github.nothing.at.all", json!(true));
    gives("1 < 2 == true", json!(true));
    // ς and σ have one capital; ı has none of its own outside of Turkey.
    gives("'ς' == 'σ'", json!(true));
    gives("'ı' == 'I'", json!(false));
}

#[test]
fn stars_go_through_items_and_values() {
    gives("github.event.commits.*.id", json!(["a", "b"]));
    gives("github.event.commits[*].tags[1]", json!(["y"]));
    gives("join(github.event.commits.*.tags.*, '+')", json!("x+y"));
    gives("needs.*.result", json!(["success", "failure"]));
    gives("contains(needs.*.result, 'FAILURE')", json!(true));
    gives("list[1.9]", json!("one"));
    gives("list[-1]", json!(null));
    gives("list['0']", json!("zero"));
    gives("env.EMPTY.*", json!([]));
}

#[test]
fn numbers_are_those_of_net() {
    gives(
        "format('{0} {1} {2}', 0.1, 1e15, 123456789012345678)",
        json!("0.1 1E+15 1.23456789012346E+17"),
    );
    gives("format('{0} {1}', 0.00001, 0.000001)", json!("1E-05 1E-06"));
    gives("format('{0} {1}', -0, 1.50)", json!("0 1.5"));
    gives("0xff", json!(255));
    gives("'0xFFFFFFFF' == -1", json!(true));
    gives("'1_000' == 1000", json!(false));
    gives("' 12 ' == 12", json!(true));
    fails("1e", "`1e` is no number 0..2");
    fails("1e309", "`1e309` is no number 0..5");
    fails("-0xff", "`-0xff` is no number 0..5");
}

#[test]
fn functions_do_what_github_says() {
    gives("case(false, 1, 'a' == 'A', 'two', 'three')", json!("two"));
    fails(
        "case('yes', 1, 2)",
        "a condition of `case` is neither true nor false 0..17",
    );
    gives("format('{{{0}}} {1:N2}', 'a', 2)", json!("{a} 2"));
    fails(
        "format('{1}', 'a')",
        "`{1}` in the text of `format` has no value: `{1}` 0..18",
    );
    fails(
        "format('{x}')",
        "the text of `format` is not valid: `{x}` 0..13",
    );
    fails(
        "format('}')",
        "the text of `format` is not valid: `}` 0..11",
    );
    gives("join(list, null)", json!("zeroone"));
    gives("STARTSWITH(github.ref, 'REFS/tags/')", json!(true));
    gives("endsWith(1234, 34)", json!(true));
    gives("fromJSON('{\"a\": [1, 2]} and more').a[1]", json!(2));
    gives(
        "toJSON(fromJSON('{\"a\":{},\"b\":[true]}'))",
        json!("{\n  \"a\": {},\n  \"b\": [\n    true\n  ]\n}"),
    );
    gives(
        "hashFiles('**/a.lock', 'b')",
        json!("hash of **/a.lock and b"),
    );
    fails(
        "fromJSON('')",
        "`fromJSON` has nothing to read: the text is empty 0..12",
    );
}

#[test]
fn states_come_from_the_job_or_the_needed_jobs() {
    gives("success() || !failure()", json!(false));
    gives(
        "success('build') && failure('test') && always()",
        json!(true),
    );
    gives("cancelled()", json!(false));
}

#[test]
fn what_github_refuses_is_refused_where_it_stands() {
    fails("", "the expression is empty 0..0");
    fails("env.", "the expression ends too early 4..4");
    fails("\"text\"", "text in double quotes is no expression 0..6");
    fails("'open", "the text has no closing quote 0..5");
    fails("env.A = 1", "`=` is no name and no operator 6..7");
    fails("env.A + 1", "`+` cannot stand here 6..7");
    fails("1 2", "`2` cannot stand here 2..3");
    fails("contains('a',)", "`)` cannot stand here 13..14");
    fails("contains('a')", "`contains` needs 2 arguments 0..8");
    fails("always(1)", "`always` takes no arguments 0..6");
    fails(
        "case(true, 1, false, 2)",
        "`case` has no value for when nothing holds 0..4",
    );
    fails("evn.A || nope()", "there is no context `evn` 0..3");
    fails("'a'.b", "`.` cannot stand here 3..4");
    fails(
        "github/workflows",
        "`github/workflows` is no name and no operator 0..16",
    );
    fails(
        &format!("{}1", "!".repeat(50)),
        "the expression is nested deeper than 50 levels 50..51",
    );
    fails(
        &format!("'{}'", "x".repeat(21_000)),
        "the expression is longer than 21000 characters 0..21002",
    );
}

#[test]
fn a_value_cannot_fill_the_memory() {
    let doubled =
        |inner: &str| format!("format('{{0}}{{0}}{{0}}{{0}}{{0}}{{0}}{{0}}{{0}}', {inner})");
    let text = (0..20).fold("'12345678'".to_owned(), |text, _| doubled(&text));
    let problem = run(&text).unwrap_err();
    assert!(
        problem.starts_with("the value grows beyond GitHub's limit"),
        "{problem}"
    );
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "[ -~é\n]{0,60}") {
        if let Err(problem) = parse(&text) {
            prop_assert!(problem.span.range().end <= text.len());
        }
    }

    #[test]
    fn spans_hold_what_was_read(text in "(env\\.A|1|'x'|\\(2\\)|a\\(b, 'c'\\)|!d\\[1\\])( (&&|==|<|\\|\\|) (env\\.B|3|'y'|e\\.\\*\\.f)){0,4}") {
        let node = parse(&text).map_err(|problem| TestCaseError::fail(format!("{text}: {problem}")))?;
        prop_assert_eq!(node.span.range(), 0..text.len());
        let mut nodes = Vec::new();
        node.walk(&mut |node| nodes.push(node));
        for inner in nodes {
            let own = &text[inner.span.range()];
            let again = parse(own).map(|node| format!("{:?}", std::mem::discriminant(&node.kind)));
            prop_assert_eq!(again, Ok(format!("{:?}", std::mem::discriminant(&inner.kind))));
        }
    }
}
