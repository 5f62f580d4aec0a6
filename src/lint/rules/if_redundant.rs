//! `if-redundant`: conditions that hold anyway, by what starts the workflow, by the condition
//! of the job, or by what GitHub asks of its own accord.

use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::expression::{Function, Kind, Node as Part, Operator};
use crate::lint::Cx;
use crate::lint::expressions::{Expression, Role};
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::workflow::{Trigger, Workflow};

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[Rule {
    id: "if-redundant",
    group: Group::Hygiene,
    severity: Severity::Note,
    fixes: Fixes::Never,
    finds: "a condition that holds wherever it is asked",
    why: "What starts the workflow, or the condition of the job, has said it already. Whoever reads it looks for the case in which it does not hold, and there is none.",
    bad: &["\
on: {push: {branches: [main]}}
permissions: {contents: read}
jobs:
  a:
    runs-on: ubuntu-24.04
    steps: [{if: github.ref == 'refs/heads/main', run: make}]
"],
    good: &["\
on: {push: {branches: [main]}, workflow_dispatch: }
permissions: {contents: read}
jobs:
  a:
    runs-on: ubuntu-24.04
    steps: [{if: github.ref == 'refs/heads/main', run: make}]
"],
}];

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    let Some(workflow) = cx.workflow else {
        return;
    };
    let only = only_trigger(workflow);
    let mut of_job: Option<(u32, Vec<String>)> = None;
    let conditions = cx.expressions.iter();
    for expression in conditions.filter(|one| one.site.implicit && one.role == Role::Value) {
        let Ok(node) = &expression.read else {
            continue;
        };
        let mut parts = Vec::new();
        conjuncts(node, &mut parts);
        let job = expression.site.job.map(|job| job.id());
        let is_step = expression.site.step.is_some();
        for part in &parts {
            let known = only.as_ref().and_then(|trigger| by_trigger(trigger, part));
            let known = known.or_else(|| by_itself(part, &parts));
            let known = known.or_else(|| {
                let (of, conditions) = of_job.as_ref().filter(|_| is_step)?;
                let is_same = conditions.contains(&plain(expression, part));
                (job == Some(*of) && is_same).then(|| "the condition of the job asks it".to_owned())
            });
            found.extend(known.map(|why| {
                Diagnostic::new(Severity::Note, "if-redundant", "this holds anyway")
                    .at(expression.place(cx.text, part.span))
                    .note(why)
                    .help("take it away")
            }));
        }
        if let (Some(job), false) = (job, is_step) {
            let lasting = parts.iter().filter(|part| !asks_status(part));
            let lasting = lasting.map(|part| plain(expression, part)).collect();
            of_job = Some((job, lasting));
        }
    }
}

/// The conditions that must all hold.
fn conjuncts<'n, 't>(node: &'n Part<'t>, found: &mut Vec<&'n Part<'t>>) {
    match &node.kind {
        Kind::And(all) => all.iter().for_each(|it| conjuncts(it, found)),
        Kind::Group(inner) => conjuncts(inner, found),
        _ => found.push(node),
    }
}

/// A condition as text: the same for the same question.
fn plain(expression: &Expression<'_>, part: &Part<'_>) -> String {
    let text = expression.text.get(part.span.range()).unwrap_or_default();
    let letters = text.chars().filter(|letter| !letter.is_whitespace());
    letters.collect::<String>().to_lowercase()
}

fn asks_status(node: &Part<'_>) -> bool {
    let mut asks = false;
    node.walk(&mut |node| {
        if let Kind::Call(name, ..) = &node.kind {
            asks |= Function::find(name).is_some_and(Function::is_status);
        }
    });
    asks
}

/// `success()`, which GitHub asks wherever nothing else asks what became of what was before.
fn by_itself(part: &Part<'_>, all: &[&Part<'_>]) -> Option<String> {
    let is_success = match &part.kind {
        Kind::Call(name, _, arguments) => {
            name.eq_ignore_ascii_case("success") && arguments.is_empty()
        }
        _ => false,
    };
    let others = all.iter().filter(|other| !std::ptr::eq(**other, part));
    (is_success && !others.into_iter().any(|other| asks_status(other)))
        .then(|| "GitHub adds `success()` to every condition without such a function".to_owned())
}

/// The only event that starts a workflow; a called one sees the event of its caller.
fn only_trigger<'w, 't>(workflow: &'w Workflow<'t>) -> Option<&'w Trigger<'t>> {
    match workflow.triggers.as_slice() {
        [only] if only.name != "workflow_call" => Some(only),
        _ => None,
    }
}

/// Why a condition holds whenever the event comes.
fn by_trigger(trigger: &Trigger<'_>, part: &Part<'_>) -> Option<String> {
    let Kind::Compare(Operator::Equal, both) = &part.kind else {
        return None;
    };
    let (asked, wanted) = match [&both[0].kind, &both[1].kind] {
        [Kind::Text(text), _] => (path(&both[1])?, text),
        [_, Kind::Text(text)] => (path(&both[0])?, text),
        _ => return None,
    };
    let is = |text: &str| text.eq_ignore_ascii_case(wanted);
    let name = trigger.name;
    let is_push = name == "push" && trigger.get("tags").is_none();
    let branch = |kind: &str| sole(trigger, "branches").filter(|_| name.starts_with(kind));
    let holds = match asked.as_str() {
        "github.event_name" => is(name),
        "github.event.action" => sole(trigger, "types").is_some_and(is),
        "github.ref_name" => is_push && branch("push").is_some_and(is),
        "github.ref" => {
            is_push && branch("push").is_some_and(|branch| is(&format!("refs/heads/{branch}")))
        }
        "github.base_ref" => branch("pull_request").is_some_and(is),
        _ => false,
    };
    holds.then(|| format!("`on` has nothing but `{name}` of this kind"))
}

/// A property of a context by its path, in lower case.
fn path(node: &Part<'_>) -> Option<String> {
    match &node.kind {
        Kind::Context(name) => Some(name.to_ascii_lowercase()),
        Kind::Property(base, name, _) => {
            Some(format!("{}.{}", path(base)?, name.to_ascii_lowercase()))
        }
        _ => None,
    }
}

/// The only name that a filter of a trigger lets through.
fn sole<'t>(trigger: &Trigger<'t>, filter: &str) -> Option<&'t str> {
    let node = trigger.get(filter)?;
    let mut items = node.items();
    let only = match (items.next(), items.next()) {
        (None, _) => node.as_str()?,
        (Some(only), None) => only.as_str()?,
        _ => return None,
    };
    let is_pattern = only.contains(['*', '?', '[', '+', '!', '\\']);
    (!is_pattern && !only.is_empty()).then_some(only)
}
