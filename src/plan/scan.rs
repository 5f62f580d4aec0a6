//! Jobs that scan, and the steps that hold what they found against the gates.

use super::component::{Work, commit, seen_part};
use super::messages;
use super::shared::{Plan, checkout, checkout_history};
use crate::blocks::language::Purpose;
use crate::blocks::scanner::{Kind, REPORTS, Scanner, Scope, may_upload};
use crate::manifest::model::{Component, REVIEW_ENVIRONMENT};
use crate::manifest::raw::Effect;
use crate::pipeline::{self, Access, Expression, Job, Phase, Step, Text};

/// The quick scan of the checks.
pub(super) fn quick_job(plan: &Plan<'_>) -> Option<Job> {
    let (tools, effect) = plan.workflow.scan.as_ref()?;
    let preview = *effect != Effect::Block;
    let (id, name) = if preview { ("security-preview", "Security preview") } else { ("security-scan", "Security scan") };
    let id = plan.id(Phase::Scan, id);
    let mut job = scan_job(plan, &id, name, 10, tools, Work::Event, preview);
    if preview {
        job = job.about("Shows what a deployment would be stopped by; stops nothing itself.");
        job.may_fail = true;
    }
    Some(job)
}

/// The job that runs scanners one after the other and judges all of them at the end.
pub(super) fn scan_job(
    plan: &Plan<'_>,
    id: &str,
    name: &str,
    timeout: u32,
    scanners: &[&'static Scanner],
    work: Work,
    preview: bool,
) -> Job {
    let history = scanners.iter().any(|scanner| scanner.history);
    let commit = commit(work);
    let checkout = if history { checkout_history(commit) } else { checkout(commit) };
    let mut job = Job::new(Phase::Scan, id, name, timeout).step(checkout);
    let relevant = |scanner: &&&'static Scanner| !components(plan, scanner).is_empty() || scanner.languages.is_empty();
    let scanners: Vec<_> = scanners.iter().filter(relevant).copied().collect();
    if scanners.iter().any(|scanner| scanner.installed) {
        job = job.steps(installed(plan));
    }
    for scanner in &scanners {
        job = job.steps((scanner.steps)(&scope(plan, scanner)));
    }
    let mut kinds: Vec<_> = scanners.iter().map(|scanner| scanner.kind).collect();
    kinds.sort();
    kinds.dedup();
    job = job.steps(judge_with(plan, &kinds, &scanners, Text::literal(id), preview));
    if !preview && reviewed(plan, &kinds) {
        job = job.output("review", Expression::output("vulnerabilities", "review"));
    }
    if !preview {
        job = job.steps(messages::vulnerability(plan));
    }
    job
}

/// The components that a scanner understands.
fn components<'p>(plan: &Plan<'p>, scanner: &Scanner) -> Vec<&'p Component> {
    let all = plan.manifest.components.iter();
    let understood = |component: &&Component| {
        component.language.names.iter().any(|name| scanner.languages.contains(name))
    };
    all.filter(understood).collect()
}

fn scope<'p>(plan: &Plan<'p>, scanner: &Scanner) -> Scope<'p> {
    let mut all = Vec::new();
    for component in components(plan, scanner) {
        for part in &component.parts {
            all.push(seen_part(plan, component, &part.path));
        }
    }
    Scope { components: all, licenses: plan.manifest.gates.licenses.clone() }
}

/// Installs the dependencies of every component beside each other.
fn installed(plan: &Plan<'_>) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for component in &plan.manifest.components {
        for part in &component.parts {
            let view = seen_part(plan, component, &part.path);
            for step in (component.language.setup)(&view, Purpose::Test) {
                let step = match (&step.work, view.folder()) {
                    (pipeline::Work::Run(_), Some(folder)) => step.folder(folder),
                    _ => step,
                };
                // A toolchain is set up once, however many components use it.
                if !steps.contains(&step) && !steps.iter().any(|known| same_tool(known, &step)) {
                    steps.push(step);
                }
            }
        }
    }
    steps
}

fn same_tool(known: &Step, step: &Step) -> bool {
    match (&known.work, &step.work) {
        (pipeline::Work::Use(known, _), pipeline::Work::Use(action, _)) => known == action,
        _ => false,
    }
}

/// The steps that judge reports of these kinds, and show them.
pub(super) fn judge(plan: &Plan<'_>, kinds: &[Kind], category: Text) -> Vec<Step> {
    judge_with(plan, kinds, &plan.manifest.gates.scanners, category, false)
}

fn judge_with(plan: &Plan<'_>, kinds: &[Kind], scanners: &[&'static Scanner], category: Text, preview: bool) -> Vec<Step> {
    let mut steps = Vec::new();
    if plan.manifest.code_scanning {
        let upload = Step::uses("Show the reports in the Security tab", "github/codeql-action/upload-sarif")
            .when(Expression::new("!cancelled()").and(may_upload()))
            .with("sarif_file", REPORTS)
            .with("category", category.clone())
            .allow(pipeline::Scope::SecurityEvents, Access::Write, "upload the reports")
            .allow(pipeline::Scope::Actions, Access::Read, "let the upload see its run");
        steps.push(upload);
    }
    let keep = Step::uses("Keep the reports", "actions/upload-artifact")
        .when(Expression::new("!cancelled()"))
        .with("name", Text::literal("reports-").then(category))
        .with("path", REPORTS)
        .with("retention-days", "30");
    steps.push(keep);
    let mut judged = Vec::new();
    for kind in kinds {
        if !judged.contains(&kind.reports()) {
            judged.push(kind.reports());
            steps.push(policy(plan, *kind, scanners, preview));
        }
    }
    steps
}

/// The step that applies the policy of one gate.
fn policy(plan: &Plan<'_>, kind: Kind, scanners: &[&'static Scanner], preview: bool) -> Step {
    let gates = &plan.manifest.gates;
    let of = |effect: Effect| {
        let all = gates.vulnerabilities.iter().filter(|(_, own)| *own == effect);
        all.map(|(severity, _)| *severity).collect::<Vec<_>>().join(",")
    };
    const ANY: &str = "critical,high,medium,low";
    let (id, name, block, review, warn) = match kind {
        Kind::Dependencies | Kind::Container => {
            ("vulnerabilities", "Judge vulnerabilities", of(Effect::Block), of(Effect::Review), of(Effect::Warn))
        }
        Kind::Code | Kind::Sast => ("code", "Judge the code", "critical,high".to_owned(), String::new(), "medium".to_owned()),
        Kind::Secrets => by_effect("secrets", "Judge secrets", gates.secrets, ANY),
        Kind::Licenses => by_effect("licenses", "Judge licences", Effect::Block, ANY),
        Kind::Policy => by_effect("policy", "Judge policies", gates.policy, ANY),
    };
    let (block, review, warn) = if preview { (String::new(), String::new(), ANY.to_owned()) } else { (block, review, warn) };
    let unrated: Vec<_> = scanners
        .iter()
        .filter(|scanner| scanner.kind.reports() == kind.reports())
        .filter_map(|scanner| scanner.unrated.map(|severity| format!("{} {severity}", scanner.name)))
        .collect();
    let mut step = Step::script(name, "severity-policy")
        .id(id)
        // One gate should not hide what another would say.
        .when(Expression::new("!cancelled()"))
        .env("REPORTS_DIR", kind.reports())
        .env("BLOCK", block)
        .env("REVIEW", review)
        .env("WARN", warn);
    if !unrated.is_empty() {
        step = step.env("UNRATED", unrated.join("\n"));
    }
    step
}

fn by_effect(
    id: &'static str,
    name: &'static str,
    effect: Effect,
    any: &str,
) -> (&'static str, &'static str, String, String, String) {
    let of = |wanted| if effect == wanted { any.to_owned() } else { String::new() };
    (id, name, of(Effect::Block), of(Effect::Review), of(Effect::Warn))
}

/// Whether a finding of these kinds may wait for a person.
fn reviewed(plan: &Plan<'_>, kinds: &[Kind]) -> bool {
    let vulnerabilities = kinds.iter().any(|kind| matches!(kind, Kind::Dependencies | Kind::Container));
    let review = plan.manifest.gates.vulnerabilities.iter().any(|(_, effect)| *effect == Effect::Review);
    vulnerabilities && review
}

/// Lets a job that judges an image in each run of its matrix ask for a person.
///
/// GitHub puts the outputs of all runs together and leaves empty ones out, so
/// "no" must be empty: one run's `false` could replace another's `true`.
pub(super) fn asking_of_images(plan: &Plan<'_>, job: Job) -> Job {
    if !reviewed(plan, &[Kind::Container]) || !job.steps.iter().any(|step| step.id.as_deref() == Some("vulnerabilities")) {
        return job;
    }
    job.output("review", Expression::new("steps.vulnerabilities.outputs.review == 'true' && 'true' || ''"))
}

/// Whether findings of this job may have to wait for a person.
pub(super) fn asks_for_review(job: &Job) -> bool {
    job.outputs.iter().any(|(name, _)| name == "review")
}

/// The job that waits for a person if a scan asks for one.
pub(super) fn review_job(plan: &Plan<'_>, scans: &[String]) -> Job {
    let asked = scans.iter().map(|id| Expression::new(format!("needs.{id}.outputs.review == 'true'")));
    let asked = Expression::any(asked).unwrap_or_else(|| Expression::new("false"));
    let mut job = Job::new(Phase::Approval, plan.id(Phase::Own, "security-review"), "Review of findings", 5)
        .about("Entered only if a scan found something that a person must decide on:")
        .about("the environment has reviewers, and the job starts when one of them agrees.")
        .needs(scans.iter().cloned())
        .when(Expression::new("!cancelled()").and(asked))
        .step(Step::run(
            "Note the decision",
            "echo \"The findings of this run were reviewed and accepted.\" >> \"$GITHUB_STEP_SUMMARY\"",
        ));
    job.environment = Some(pipeline::Environment { name: REVIEW_ENVIRONMENT.into(), url: None, deployment: false });
    job
}
