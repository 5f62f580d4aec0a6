//! `expr-unbalanced`: something that was meant to be `${{ }}` and is plain text.

use crate::diagnostics::{Applicability, Diagnostic, Diagnostics, Severity};
use crate::knowledge::contexts;
use crate::lint::Cx;
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::source::Span;

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[Rule {
    id: "expr-unbalanced",
    group: Group::Correctness,
    severity: Severity::Warning,
    fixes: Fixes::Sometimes,
    finds: "an expression whose opening is torn apart, such as `$ {{ github.ref }}`",
    why: "GitHub takes it for text and leaves it as it is.",
    bad: &[JOB, "    steps: [{run: 'make $ {{ github.ref_name }}'}]\n"],
    good: &[JOB, "    steps: [{run: 'make ${{ github.ref_name }}'}]\n"],
}];

const JOB: &str = "\
on: push
jobs:
  build:
    runs-on: ubuntu-24.04
";

/// What people write for `${{`.
const TORN: [&str; 4] = ["$ {{", "${ {", "$ { {", "{ {"];

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    for site in cx.sites {
        let text = site.text;
        if !site.has_brace || site.grants.is_static() || !may_be_torn(text) {
            continue;
        }
        let Some((at, torn)) = torn(text) else {
            continue;
        };
        let span = Span::of(at..at + torn.len());
        found.push(
            Diagnostic::warning("expr-unbalanced", format!("`{torn}` begins no expression"))
                .at(site.node.place_within(cx.text, span))
                .help("write `${{`")
                .mend(
                    Applicability::Unsafe,
                    site.node.rewritten_within(cx.text, span, "${{"),
                ),
        );
    }
}

/// Whether a blank is before a brace, and one of what an opening is made of before that: all of
/// them have that, and hardly a text has it.
fn may_be_torn(text: &str) -> bool {
    let text = text.as_bytes();
    let is_behind = |at: usize| matches!(text[..at], [.., b'$' | b'{', b' ']);
    memchr::memchr_iter(b'{', text).any(is_behind)
}

/// The first torn opening in front of a context.
fn torn(text: &str) -> Option<(usize, &'static str)> {
    let places = TORN
        .iter()
        .filter_map(|torn| Some((text.find(torn)?, *torn)));
    places
        .filter(|(at, torn)| names_context(&text[at + torn.len()..]))
        .min()
}

fn names_context(rest: &str) -> bool {
    let rest = rest.trim_start();
    let name = rest.split(|it: char| !it.is_ascii_alphabetic()).next();
    let name = name.unwrap_or_default();
    rest[name.len()..].starts_with('.') && contexts::is_known(name) && rest.contains('}')
}
