//! `if-always-true`, `if-constant`, `unsound-ternary`, `unsound-contains`,
//! `event-name-impossible`: conditions that do not ask what they seem to ask.

mod examples;

use crate::diagnostics::{Applicability, Diagnostic, Diagnostics, Severity};
use crate::expression::{self, Kind, Node, Operator};
use crate::lint::Cx;
use crate::lint::constant;
use crate::lint::expressions::{Expression, Role};
use crate::lint::rule::Family;
use crate::syntax::Style;

pub(in crate::lint) static FAMILY: Family = Family {
    rules: examples::RULES,
    check,
};

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    let triggers = cx.workflow.map(|workflow| -> Vec<_> {
        workflow
            .triggers
            .iter()
            .map(|trigger| trigger.name)
            .collect()
    });
    let mut last = None;
    for expression in cx.expressions {
        let Ok(node) = &expression.read else {
            continue;
        };
        let place = |node: &Node<'_>| expression.place(cx.text, node.span);
        if expression.site.implicit {
            let id = expression.site.node.id();
            if expression.role == Role::Text || is_padded(expression) {
                // One text may hold several expressions.
                if last != Some(id) {
                    found.push(always_true(cx, expression));
                }
                last = Some(id);
            } else if let Some(holds) = constant(node) {
                found.push(is_constant(node, holds).at(place(node)));
            }
        }
        node.walk(&mut |node| {
            let one = contains(node).or_else(|| impossible(node, triggers.as_deref()));
            let one = one.or_else(|| ternary(node).filter(|_| !expression.site.implicit));
            found.extend(one.map(|one| one.at(place(node))));
        });
    }
}

/// Whether blanks or the end of a line stand around `${{ }}`.
fn is_padded(expression: &Expression<'_>) -> bool {
    let text = expression.site.text;
    expression::is_in(text) && !(text.starts_with("${{") && text.ends_with("}}"))
}

fn always_true(cx: &Cx<'_>, expression: &Expression<'_>) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        "if-always-true",
        "this condition is text, so it is always true",
    )
    .at(expression.site.node.head(cx.text));
    let node = expression.site.node;
    // Only the end of the line stands outside.
    let is_block = matches!(node.style(), Style::Literal | Style::Folded);
    if is_block && expression.role == Role::Value {
        return diagnostic
            .note("the end of the last line stands outside of `${{ }}`, which makes it text")
            .help("write `|-` or `>-`, which leave it away, or take the braces away")
            .mend(Applicability::Unsafe, node.stripped(cx.text));
    }
    diagnostic
        .note("anything outside of `${{ }}` makes it text")
        .help("leave the braces away, or put the whole condition into one pair")
}

/// What a condition gives that asks nothing. One without any text is told elsewhere.
fn constant(node: &Node<'_>) -> Option<bool> {
    let is_empty = matches!(&node.kind, Kind::Text(text) if text.is_empty());
    let value = constant::value(node).filter(|_| !is_empty)?;
    Some(value.is_true())
}

fn is_constant(node: &Node<'_>, holds: bool) -> Diagnostic {
    let message = format!("this condition is always {holds}");
    let warning = Diagnostic::warning("if-constant", message);
    // Somebody has switched it off, and it looks as if it ran.
    match node.kind {
        Kind::Bool(false) => {
            warning.help("take away what is switched off, or ask a variable of the repository")
        }
        _ => warning.help("ask something of a context, or take it away"),
    }
}

/// `a && b || c` with a `b` that counts as false.
fn ternary(node: &Node<'_>) -> Option<Diagnostic> {
    let Kind::Or(nodes) = &node.kind else {
        return None;
    };
    let (_, before) = nodes.split_last()?;
    let middle = before.iter().find_map(|node| match &bare(node).kind {
        Kind::And(nodes) => nodes.last().filter(|middle| is_false(middle)),
        _ => None,
    })?;
    let shown = match &bare(middle).kind {
        Kind::Text(_) => "''".to_owned(),
        Kind::Number(number) => number.to_string(),
        Kind::Bool(_) => "false".to_owned(),
        _ => "null".to_owned(),
    };
    let message = format!("this never gives `{shown}`, which counts as false");
    Some(
        Diagnostic::warning("unsound-ternary", message)
            .note("`a && b || c` gives `c` whenever `b` counts as false")
            .help("write `case(a, b, c)`"),
    )
}

fn bare<'n, 't>(node: &'n Node<'t>) -> &'n Node<'t> {
    match &node.kind {
        Kind::Group(inner) => bare(inner),
        _ => node,
    }
}

fn is_false(node: &Node<'_>) -> bool {
    match &bare(node).kind {
        Kind::Null | Kind::Bool(false) => true,
        Kind::Number(number) => *number == 0.0,
        Kind::Text(text) => text.is_empty(),
        _ => false,
    }
}

/// `contains('a b', x)`, which finds parts of words.
fn contains(node: &Node<'_>) -> Option<Diagnostic> {
    let Kind::Call(name, _, arguments) = &node.kind else {
        return None;
    };
    let [list, part] = arguments.as_slice() else {
        return None;
    };
    let (Kind::Text(list), true) = (&list.kind, name.eq_ignore_ascii_case("contains")) else {
        return None;
    };
    if matches!(part.kind, Kind::Text(_)) {
        return None;
    }
    const MESSAGE: &str = "`contains` finds any part of a text, not only whole words";
    let diagnostic = if is_free(part) {
        Diagnostic::error("unsound-contains", MESSAGE)
            .note("whoever names a branch can choose a part of these words")
    } else {
        Diagnostic::new(Severity::Note, "unsound-contains", MESSAGE)
    };
    let words: Vec<_> = list
        .split([' ', ',', '|'])
        .filter(|word| !word.is_empty())
        .map(|word| format!("\"{word}\""))
        .collect();
    Some(diagnostic.help(format!("ask a list: `fromJSON('[{}]')`", words.join(", "))))
}

/// Whether people outside can choose this value.
fn is_free(node: &Node<'_>) -> bool {
    const FREE: [&str; 6] = [
        "actor",
        "base_ref",
        "head_ref",
        "ref",
        "ref_name",
        "triggering_actor",
    ];
    match &node.kind {
        Kind::Property(base, name, _) => match &base.kind {
            Kind::Context(context) => {
                context.eq_ignore_ascii_case("github")
                    && FREE.iter().any(|free| free.eq_ignore_ascii_case(name))
            }
            _ => base.is_payload() && !is_filled_in(base),
        },
        _ => false,
    }
}

/// Whether it is what somebody has filled in who starts a run by hand, and may write anyway.
fn is_filled_in(node: &Node<'_>) -> bool {
    let mut found = false;
    node.walk(&mut |node| {
        let name = match &node.kind {
            Kind::Property(_, name, _) => name,
            _ => return,
        };
        found |= name.eq_ignore_ascii_case("inputs");
    });
    found
}

/// A comparison with the name of an event that does not start the workflow.
fn impossible(node: &Node<'_>, triggers: Option<&[&str]>) -> Option<Diagnostic> {
    let Kind::Compare(operator @ (Operator::Equal | Operator::NotEqual), both) = &node.kind else {
        return None;
    };
    let name = match [&both[0].kind, &both[1].kind] {
        [Kind::Text(name), other] | [other, Kind::Text(name)] if is_event_name(other) => name,
        _ => return None,
    };
    let triggers = triggers?;
    let same = |trigger: &&str| trigger.eq_ignore_ascii_case(name);
    // A called workflow sees the event of its caller.
    if triggers.is_empty() || triggers.contains(&"workflow_call") || triggers.iter().any(same) {
        return None;
    }
    let always = *operator == Operator::NotEqual;
    let message = format!("`on` has no `{name}`, so this is always {always}");
    let known: Vec<_> = triggers.iter().map(|it| format!("`{it}`")).collect();
    // To leave an event out that never comes does no harm.
    let weight = if always {
        Severity::Note
    } else {
        Severity::Warning
    };
    let diagnostic = Diagnostic::new(weight, "event-name-impossible", message);
    Some(diagnostic.help(format!("the workflow starts at {}", known.join(", "))))
}

fn is_event_name(kind: &Kind<'_>) -> bool {
    match kind {
        Kind::Property(base, name, _) => {
            matches!(&base.kind, Kind::Context(it) if it.eq_ignore_ascii_case("github"))
                && name.eq_ignore_ascii_case("event_name")
        }
        _ => false,
    }
}
