//! `expr-undefined-property`, `expr-deref-type`, `expr-operator-types`,
//! `expr-object-in-template`, `expr-result-type`, `expr-format-string`,
//! `expr-fromjson-literal`, and arguments of `expr-call-args`: what an expression is by the
//! types of its parts.

mod examples;

use crate::diagnostics::{Applicability, Diagnostic, Diagnostics, Severity, guess};
use crate::expression::{self, Kind, Node, Problem, Reason, Type};
use crate::knowledge::grammar::{Form, grammar};
use crate::lint::Cx;
use crate::lint::expressions::{Expression, Role};
use crate::lint::rule::Family;
use crate::lint::scope::Scope;

pub(in crate::lint) static FAMILY: Family = Family {
    rules: examples::RULES,
    check,
};

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    for expression in cx.expressions {
        let Ok(node) = &expression.read else {
            continue;
        };
        let scope = cx.scopes.of(expression.site);
        let is_condition = expression.site.implicit;
        let (type_, problems) = expression::infer(expression.text, node, is_condition, &scope);
        let place = |span| expression.place(cx.text, span);
        for problem in &problems {
            found.push(tell(cx, expression, problem).at(place(problem.span)));
        }
        node.walk(&mut |node| {
            found.extend(not_yet(expression, node, &scope).map(|it| it.at(place(node.span))));
        });
        if let Some(one) = misfit(expression, &type_) {
            let one = one.at(place(node.span));
            let shown = expression.text.get(node.span.range()).unwrap_or_default();
            let as_text = one.code == "expr-object-in-template" && type_ != Type::Null;
            let edit = as_text
                .then(|| format!("toJSON({shown})"))
                .and_then(|new| expression.rewritten(cx.text, node.span, &new));
            found.push(one.mend(Applicability::Unsafe, edit));
        }
    }
}

fn tell(cx: &Cx<'_>, expression: &Expression<'_>, problem: &Problem) -> Diagnostic {
    let rule = match &problem.reason {
        Reason::NoField { of, .. } if is_payload(of) => "event-payload-property",
        Reason::NoField { .. } => "expr-undefined-property",
        Reason::NeverEqual { .. } | Reason::NoOrder(_) => "expr-operator-types",
        Reason::Format(_) | Reason::Unused(_) => "expr-format-string",
        Reason::Json(_) => "expr-fromjson-literal",
        Reason::WrongArgument { .. } => "expr-call-args",
        _ => "expr-deref-type",
    };
    let weight = match &problem.reason {
        // Where only asked, it may be filled one day: `matrix.os || 'ubuntu-24.04'`.
        Reason::NoField { asked: true, .. } => Severity::Note,
        // GitHub does not look at values that no text names, may add to its payloads, and
        // callers may pass all of their secrets.
        Reason::Unused(_) => Severity::Warning,
        Reason::NoField { of, .. } if is_payload(of) || is_secrets(of) => Severity::Warning,
        _ => Severity::Error,
    };
    let mut diagnostic = Diagnostic::new(weight, rule, problem.to_string());
    if let Reason::NoField { of, .. } = &problem.reason {
        if is_payload(of) {
            diagnostic = diagnostic.note("none of the events in `on` carries it");
        } else if is_secrets(of) {
            diagnostic = diagnostic.note("the secrets of `workflow_call` do not name it");
        } else {
            diagnostic = diagnostic.note("GitHub takes it for null, and writes nothing for it");
        }
    }
    if let Reason::NoField {
        of, name, known, ..
    } = &problem.reason
    {
        // What is read by its index stands in quotes, where any name can.
        let plain = expression.text.get(problem.span.range()) == Some(name.as_str());
        let known = known.iter().map(String::as_str);
        let known = known.filter(|known| !plain || expression::is_name(known));
        if let Some(near) = guess(name, known) {
            let edit = expression.rewritten(cx.text, problem.span, near.name);
            let edit = edit.filter(|_| plain);
            return match of.to_ascii_lowercase().as_str() {
                "github" | "job" | "runner" | "strategy" => diagnostic.write(near, edit),
                _ => diagnostic.write_own(near, edit),
            };
        }
    }
    if let Some(help) = problem.help() {
        return diagnostic.help(help);
    }
    match &problem.reason {
        Reason::NoField { of, name, .. } => elsewhere(cx, expression, of, name, diagnostic),
        _ => diagnostic,
    }
}

/// Whether a text names the payload of the event, or a part of it.
fn is_payload(text: &str) -> bool {
    const EVENT: &str = "github.event";
    let Some((first, rest)) = text.split_at_checked(EVENT.len()) else {
        return false;
    };
    first.eq_ignore_ascii_case(EVENT) && (rest.is_empty() || rest.starts_with(['.', '[']))
}

fn is_secrets(text: &str) -> bool {
    text.eq_ignore_ascii_case("secrets")
}

/// What to say of a name that is there, but not for this job.
fn elsewhere(
    cx: &Cx<'_>,
    expression: &Expression<'_>,
    of: &str,
    name: &str,
    diagnostic: Diagnostic,
) -> Diagnostic {
    let is = |context: &str| of.eq_ignore_ascii_case(context);
    if is("needs")
        && cx
            .workflow
            .is_some_and(|workflow| workflow.job(name).is_some())
    {
        return diagnostic.help(format!("add `{name}` to the `needs` of the job"));
    }
    if is("matrix")
        && expression
            .site
            .job
            .is_some_and(|job| job.get("strategy").is_none())
    {
        return diagnostic.note("the job has no `strategy`; each job has a matrix of its own");
    }
    if is("steps") {
        return diagnostic.note("steps are known by their `id`, in their own job only");
    }
    if is("inputs") {
        return diagnostic.note("`on` declares no such input");
    }
    diagnostic
}

/// A step whose values are read before it has run.
fn not_yet(
    expression: &Expression<'_>,
    node: &Node<'_>,
    scope: &Scope<'_, '_>,
) -> Option<Diagnostic> {
    let (base, name) = match &node.kind {
        Kind::Property(base, name, _) => (base, *name),
        Kind::Index(base, index) => match &index.kind {
            Kind::Text(name) => (base, name.as_str()),
            _ => return None,
        },
        _ => return None,
    };
    let of_steps = matches!(&base.kind, Kind::Context(of) if of.eq_ignore_ascii_case("steps"));
    if !of_steps {
        return None;
    }
    let there = scope.when(name)?;
    let here = scope.place(expression.site.step?)?;
    (there >= here).then(|| {
        let what = if there == here {
            "runs only now"
        } else {
            "has not run yet"
        };
        let message = format!("the step `{name}` {what}, so there is nothing to read");
        Diagnostic::error("expr-undefined-property", message)
            .help("read it in a step behind that one")
    })
}

/// An expression whose value cannot stand where it does.
fn misfit(expression: &Expression<'_>, type_: &Type) -> Option<Diagnostic> {
    let form = expression.site.form;
    if expression.site.implicit || *type_ == Type::Any {
        return None;
    }
    if expression.role == Role::Text || matches!(form, Form::Text { .. }) {
        let shown = match type_ {
            Type::Array(_) => "Array",
            Type::Object(_) => "Object",
            Type::Null => "",
            _ => return None,
        };
        let message = format!("{} is put into text", type_.describe());
        let diagnostic = Diagnostic::error("expr-object-in-template", message);
        return Some(match shown {
            "" => diagnostic.note("GitHub writes nothing for it"),
            _ => diagnostic
                .note(format!("GitHub writes the word `{shown}` for it"))
                .help("name a part of it, or write it out with `toJSON`"),
        });
    }
    let fits = fits(form, type_);
    (!fits).then(|| {
        let message = format!(
            "this is {}, and {} is wanted",
            type_.describe(),
            wanted(form)
        );
        let diagnostic = Diagnostic::error("expr-result-type", message);
        match type_ {
            Type::Text => diagnostic.help("turn the text into a value with `fromJSON`"),
            _ => diagnostic,
        }
    })
}

fn fits(form: &Form, type_: &Type) -> bool {
    match form {
        Form::Choice(ids) => ids.iter().any(|id| fits(&grammar()[*id].form, type_)),
        Form::Map(_) | Form::AnyMap => matches!(type_, Type::Object(_) | Type::Null),
        Form::List(_) | Form::AnyList => matches!(type_, Type::Array(_) | Type::Null),
        Form::Bool => matches!(type_, Type::Bool),
        Form::Number => matches!(type_, Type::Number),
        Form::Text { .. } | Form::Word(_) => !type_.is_collection(),
        Form::Null => matches!(type_, Type::Null),
        Form::Any | Form::Events => true,
    }
}

fn wanted(form: &Form) -> String {
    match form {
        Form::Choice(ids) => {
            let mut all: Vec<_> = ids.iter().map(|id| wanted(&grammar()[*id].form)).collect();
            all.dedup();
            all.join(" or ")
        }
        Form::Map(_) | Form::AnyMap => "an object".to_owned(),
        Form::List(_) | Form::AnyList => "an array".to_owned(),
        Form::Bool => "a boolean".to_owned(),
        Form::Number => "a number".to_owned(),
        _ => "text".to_owned(),
    }
}
