//! Jobs that scan, and the steps that hold what they found against the gates.

use super::component::{Work, commit, seen_part};
use super::messages;
use super::shared::{Plan, checkout, checkout_history};
use crate::blocks::language::{INSTALL, Purpose};
use crate::blocks::scanner::{self, Kind, REPORTS, Scan, Scanner, Scope, may_upload};
use crate::manifest::model::{CodeScanning, Component, REVIEW_ENVIRONMENT};
use crate::manifest::raw::Effect;
use crate::pipeline::{self, Access, Expression, Job, Phase, Step, Text, Trigger};

/// The quick scan of the checks.
pub(super) fn quick_job(plan: &Plan<'_>) -> Option<Job> {
    let (tools, effect) = plan.workflow.scan.as_ref()?;
    let preview = *effect != Effect::Block;
    let (id, name) = if preview {
        ("security-preview", "Security preview")
    } else {
        ("security-scan", "Security scan")
    };
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
    let checkout = if history {
        checkout_history(commit)
    } else {
        checkout(commit)
    };
    let mut job = Job::new(Phase::Scan, id, name, timeout).step(checkout);
    let relevant = |scanner: &&&'static Scanner| {
        !components(plan, scanner).is_empty() || scanner.languages.is_empty()
    };
    let scanners: Vec<_> = scanners.iter().filter(relevant).copied().collect();
    job = job.steps(installed(plan, &scanners));
    let force = if preview { Force::Preview } else { Force::Gate };
    let gates = gates(plan, &scanners, force);
    let scans = scanners
        .iter()
        .map(|scanner| (scanner.scan)(&scope(plan, scanner)))
        .collect();
    job = job.steps(judged(plan, scans, &gates, Text::literal(id)));
    if gates.iter().any(|gate| !gate.review.is_empty()) {
        job = job.output("review", Expression::output(POLICY, "review"));
    }
    if !preview {
        job = job.steps(messages::vulnerability(plan));
    }
    job
}

/// Scans an image that was built in this job, one of a matrix; [`asking_of_images`]
/// hands over what needs a person's decision.
pub(super) fn image_steps(plan: &Plan<'_>, image: Text, category: Text) -> Vec<Step> {
    let scan = scanner::image(image);
    let gates = gates(plan, &[scan.scanner], Force::Gate);
    judged(plan, vec![scan], &gates, category)
}

/// The components that a scanner understands.
fn components<'p>(plan: &Plan<'p>, scanner: &Scanner) -> Vec<&'p Component> {
    let all = plan.manifest.components.iter();
    let understood = |component: &&Component| {
        let names = component.language.names;
        scanner.languages.is_empty() || names.iter().any(|name| scanner.languages.contains(name))
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
    Scope {
        components: all,
        licenses: plan.manifest.gates.licenses.clone(),
    }
}

/// Installs the dependencies that scanners must see, of all components beside each other.
fn installed(plan: &Plan<'_>, scanners: &[&'static Scanner]) -> Vec<Step> {
    let wants = |component: &Component, scanner: &Scanner| {
        let understands = component
            .language
            .names
            .iter()
            .any(|name| scanner.languages.contains(name));
        scanner.installed && (scanner.languages.is_empty() || understands)
    };
    let mut steps: Vec<Step> = Vec::new();
    for component in &plan.manifest.components {
        if !scanners.iter().any(|scanner| wants(component, scanner)) {
            continue;
        }
        for part in &component.parts {
            let view = seen_part(plan, component, &part.path);
            for mut step in (component.language.setup)(&view, Purpose::Scan) {
                if let (true, Some(folder)) = (step.name == Text::literal(INSTALL), view.folder()) {
                    step.name = step.name.then(" of ").then(folder.clone());
                    step.folder = Some(folder);
                }
                // A toolchain is set up once, however many components use it.
                if !steps
                    .iter()
                    .any(|known| *known == step || is_same_action(known, &step))
                {
                    steps.push(step);
                }
            }
        }
    }
    steps
}

fn is_same_action(known: &Step, step: &Step) -> bool {
    match (&known.work, &step.work) {
        (pipeline::Work::Use(known, _), pipeline::Work::Use(action, _)) => known == action,
        _ => false,
    }
}

/// How much the gates may do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Force {
    /// What the manifest says.
    Gate,
    /// Nothing blocks.
    Preview,
}

/// A gate: what happens on findings in the reports of one folder, by severity.
#[derive(Default)]
struct Gate {
    folder: &'static str,
    block: Vec<&'static str>,
    review: Vec<&'static str>,
    warn: Vec<&'static str>,
}

impl Gate {
    fn new(
        folder: &'static str,
        effects: impl IntoIterator<Item = (&'static str, Effect)>,
        force: Force,
    ) -> Self {
        let mut gate = Self {
            folder,
            ..Self::default()
        };
        for (severity, effect) in effects {
            match (effect, force) {
                (Effect::Log, _) => {}
                (_, Force::Preview) | (Effect::Warn, _) => gate.warn.push(severity),
                (Effect::Block, _) => gate.block.push(severity),
                (Effect::Review, Force::Gate) => gate.review.push(severity),
            }
        }
        gate
    }

    /// The gate as `severity-policy` reads it.
    fn line(&self) -> String {
        let lists = [
            ("block", &self.block),
            ("review", &self.review),
            ("warn", &self.warn),
        ];
        let lists = lists.iter().filter(|(_, list)| !list.is_empty());
        let lists = lists.map(|(name, list)| format!(" {name}={}", list.join(",")));
        format!("{}{}", self.folder, lists.collect::<String>())
    }
}

/// The gates of what these scanners look for, each once.
fn gates(plan: &Plan<'_>, scanners: &[&'static Scanner], force: Force) -> Vec<Gate> {
    let written = &plan.manifest.gates;
    let each = |effect| ["critical", "high", "medium", "low"].map(|severity| (severity, effect));
    let mut kinds: Vec<_> = scanners.iter().map(|scanner| scanner.kind).collect();
    kinds.sort();
    let mut gates: Vec<Gate> = Vec::new();
    for kind in kinds {
        let effects = match kind {
            Kind::Dependencies | Kind::Container => written.vulnerabilities,
            Kind::Code | Kind::Sast => CODE,
            Kind::Secrets => each(written.secrets),
            Kind::Licenses => each(Effect::Block),
            Kind::Policy => each(written.policy),
        };
        if gates.iter().all(|known| known.folder != kind.reports()) {
            gates.push(Gate::new(kind.reports(), effects, force));
        }
    }
    gates
}

/// What dangerous code does, for which manifests have no key.
const CODE: [(&str, Effect); 4] = [
    ("critical", Effect::Block),
    ("high", Effect::Block),
    ("medium", Effect::Warn),
    ("low", Effect::Log),
];

/// The id of the step that judges.
const POLICY: &str = "policy";

/// Runs the scanners one after the other, shows their reports, and judges all of them at the end.
fn judged(plan: &Plan<'_>, scans: Vec<Scan>, gates: &[Gate], category: Text) -> Vec<Step> {
    let unrated = |scan: &Scan| Some(format!("{} {}", scan.scanner.name, scan.scanner.unrated?));
    let unrated: Vec<_> = scans.iter().filter_map(unrated).collect();
    let mut policy = Step::script("Judge the findings", "severity-policy")
        .id(POLICY)
        .env(
            "POLICY",
            gates.iter().map(Gate::line).collect::<Vec<_>>().join("\n"),
        )
        .env(
            "REPORTS",
            scans
                .iter()
                .map(|scan| scan.report.as_str())
                .collect::<Vec<_>>()
                .join("\n"),
        );
    if !unrated.is_empty() {
        policy = policy.env("UNRATED", unrated.join("\n"));
    }
    let mut folders: Vec<_> = scans
        .iter()
        .map(|scan| scan.scanner.kind.reports())
        .collect();
    folders.sort_unstable();
    folders.dedup();
    // No scanner makes the folder of its report.
    let mut steps = vec![Step::run(
        "Make room for the reports",
        format!("mkdir -p {}", folders.join(" ")),
    )];
    steps.extend(scans.into_iter().flat_map(|scan| scan.steps));
    if plan.manifest.code_scanning != CodeScanning::Off {
        steps.push(upload(plan, category.clone()));
    }
    let keep = Step::uses("Keep the reports", "actions/upload-artifact")
        .when(Expression::new("!cancelled()"))
        .with("name", Text::literal("reports-").then(category))
        .with("path", REPORTS)
        .with("retention-days", "30");
    steps.extend([keep, policy]);
    steps
}

/// Sends the reports to code scanning, also when a later scanner could not do its work.
fn upload(plan: &Plan<'_>, category: Text) -> Step {
    let pull_requests = plan
        .workflow
        .triggers
        .iter()
        .any(|trigger| matches!(trigger, Trigger::PullRequest { .. }));
    let mut condition = Expression::new("!cancelled()");
    if plan.manifest.code_scanning == CodeScanning::IfPublic {
        condition = condition.and(Expression::new("!github.event.repository.private"));
    }
    Step::uses(
        "Show the reports in the Security tab",
        "github/codeql-action/upload-sarif",
    )
    .when(if pull_requests {
        condition.and(may_upload())
    } else {
        condition
    })
    .with("sarif_file", REPORTS)
    .with("category", category)
    .allow(
        pipeline::Scope::SecurityEvents,
        Access::Write,
        "upload the reports",
    )
    .allow(
        pipeline::Scope::Actions,
        Access::Read,
        "let the upload see its run",
    )
}

/// Lets a job that judges an image in each run of its matrix ask for a person.
///
/// GitHub puts the outputs of all runs together and leaves empty ones out, so
/// "no" must be empty: one run's `false` could replace another's `true`.
pub(super) fn asking_of_images(plan: &Plan<'_>, job: Job) -> Job {
    let review = plan
        .manifest
        .gates
        .vulnerabilities
        .iter()
        .any(|(_, effect)| *effect == Effect::Review);
    if !review
        || !job
            .steps
            .iter()
            .any(|step| step.id.as_deref() == Some(POLICY))
    {
        return job;
    }
    job.output(
        "review",
        Expression::new("steps.policy.outputs.review == 'true' && 'true' || ''"),
    )
}

/// Whether findings of this job may have to wait for a person.
pub(super) fn asks_for_review(job: &Job) -> bool {
    job.outputs.iter().any(|(name, _)| name == "review")
}

/// The job that waits for a person if a scan asks for one.
pub(super) fn review_job(plan: &Plan<'_>, scans: &[String]) -> Job {
    let asked = scans
        .iter()
        .map(|id| Expression::new(format!("needs.{id}.outputs.review == 'true'")));
    let asked = Expression::any(asked).unwrap_or_else(|| Expression::new("false"));
    let mut job = Job::new(
        Phase::Approval,
        plan.id(Phase::Own, "security-review"),
        "Review of findings",
        5,
    )
    .about("Entered only if a scan found something that a person must decide on:")
    .about("the environment has reviewers, and the job starts when one of them agrees.")
    .needs(scans.iter().cloned())
    .when(Expression::new("!cancelled()").and(asked))
    .step(Step::run(
        "Note the decision",
        "echo \"The findings of this run were reviewed and accepted.\" >> \"$GITHUB_STEP_SUMMARY\"",
    ));
    job.environment = Some(pipeline::Environment {
        name: REVIEW_ENVIRONMENT.into(),
        url: None,
        deployment: false,
    });
    job
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gate_says_what_its_force_allows() {
        let effects = [
            ("critical", Effect::Block),
            ("high", Effect::Review),
            ("medium", Effect::Warn),
            ("low", Effect::Log),
        ];
        let line = |force| Gate::new("reports/code", effects, force).line();
        assert_eq!(
            line(Force::Gate),
            "reports/code block=critical review=high warn=medium"
        );
        assert_eq!(
            line(Force::Preview),
            "reports/code warn=critical,high,medium"
        );
        let open = Gate::new("reports/code", [("critical", Effect::Log)], Force::Gate);
        assert_eq!(open.line(), "reports/code");
    }
}
