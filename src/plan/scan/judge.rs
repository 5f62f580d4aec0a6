//! Steps that run scanners one after the other, show their reports and judge all of them at the end.

use super::gate::Gate;
use crate::blocks::scanner::{Kind, REPORTS, Scan};
use crate::manifest::model::{Choice, CodeScanning};
use crate::pipeline::{self, Access, Expression, Step, Text, Work};
use crate::plan::shared::Plan;

/// The id of the step that judges.
pub(in crate::plan) const POLICY: &str = "policy";

/// The run of a scanner, and where its reports lie.
pub(super) struct Run {
    pub(super) choice: Choice,
    pub(super) folder: String,
    pub(super) scan: Scan,
}

impl Run {
    /// The id of the step that says whether the scanner can log in; nothing for those
    /// that need not.
    fn login(&self) -> Option<&'static str> {
        let scanner = self.choice.scanner;
        (!scanner.secrets.is_empty()).then_some(scanner.name)
    }

    /// The line of its report for the policy.
    fn report(&self) -> Option<Text> {
        let report = self.scan.report.as_deref()?;
        Some(match self.login() {
            Some(id) => Expression::output(id, "report").into(),
            None => report.into(),
        })
    }

    /// The steps of the scanner, skipped if it cannot log in.
    fn steps(self) -> Vec<Step> {
        let Some(id) = self.login() else {
            return self.scan.steps;
        };
        let secrets = self.choice.scanner.secrets.iter();
        // Whether there is one is all that this step must know of a secret.
        let secrets = secrets.map(|name| {
            let given = Expression::new(format!("secrets.{name} != ''"));
            Text::literal(format!("{name}=")).then(given)
        });
        let login = Step::script(format!("Look for the login of {id}"), "scanner-login")
            .id(id)
            .env("SCANNER", id)
            .env("SECRETS", Text::lines(secrets))
            .env("REPORT", self.scan.report.unwrap_or_default())
            .env("GATE", self.folder);
        let ready = Expression::new(format!("steps.{id}.outputs.ready == 'true'"));
        let when_ready = |mut step: Step| {
            step.condition = Some(match step.condition.take() {
                Some(own) => own.and(ready.clone()),
                None => ready.clone(),
            });
            step
        };
        let steps = self.scan.steps.into_iter().map(when_ready);
        std::iter::once(login).chain(steps).collect()
    }
}

/// Runs the scanners, shows their reports and judges them.
pub(super) fn judged(plan: &Plan<'_>, runs: Vec<Run>, gates: &[Gate], category: Text) -> Vec<Step> {
    let policy = (!gates.is_empty()).then(|| policy(&runs, gates));
    let mut folders: Vec<_> = runs.iter().map(|run| run.folder.as_str()).collect();
    folders.sort_unstable();
    folders.dedup();
    // No scanner makes the folder of its report.
    let mut steps = vec![Step::run(
        "Make room for the reports",
        format!("mkdir -p {}", folders.join(" ")),
    )];
    // Code scanning shows findings in files, and a running site has none.
    let in_files = runs.iter().any(|run| run.choice.scanner.kind != Kind::Site);
    let shown = plan.manifest.code_scanning != CodeScanning::Off && in_files;
    let may_be_empty = runs
        .iter()
        .all(|run| run.scan.report.is_none() || run.login().is_some());
    for step in runs.into_iter().flat_map(Run::steps) {
        // What two scanners need is installed once.
        let again = matches!(step.work, Work::Use(..)) && steps.contains(&step);
        if !again {
            steps.push(step);
        }
    }
    if policy.is_some() && shown {
        let mut when = Expression::new("!cancelled()");
        if may_be_empty {
            when = when.and(Expression::new("hashFiles('reports/**/*.sarif') != ''"));
        }
        let name = "Show the reports in the Security tab";
        steps.push(upload(plan, name, REPORTS.into(), category.clone(), when));
    }
    steps.push(
        Step::uses("Keep the reports", "actions/upload-artifact")
            .when(Expression::new("!cancelled()"))
            .with("name", Text::literal("reports-").then(category))
            .with("path", REPORTS)
            .with("retention-days", plan.days(30)),
    );
    steps.extend(policy);
    steps
}

fn policy(runs: &[Run], gates: &[Gate]) -> Step {
    let lines: Vec<_> = gates.iter().map(Gate::line).collect();
    let unrated = |run: &Run| {
        let scanner = run.choice.scanner;
        Some(format!("{} {}", scanner.name, scanner.unrated?))
    };
    let unrated: Vec<_> = runs.iter().filter_map(unrated).collect();
    let skipped = runs.iter().filter_map(Run::login);
    let skipped: Vec<_> = skipped
        .map(|id| Text::expression(Expression::output(id, "skipped")))
        .collect();
    let mut policy = Step::script("Judge the findings", "severity-policy")
        .id(POLICY)
        .env("POLICY", lines.join("\n"))
        .env("REPORTS", Text::lines(runs.iter().filter_map(Run::report)));
    if !unrated.is_empty() {
        policy = policy.env("UNRATED", unrated.join("\n"));
    }
    if !skipped.is_empty() {
        policy = policy.env("SKIPPED", Text::lines(skipped));
    }
    policy
}

/// Sends reports to code scanning `when` there are some, and where the token may do so.
pub(in crate::plan) fn upload(
    plan: &Plan<'_>,
    name: &str,
    reports: Text,
    category: Text,
    when: Expression,
) -> Step {
    let mut condition = when;
    if plan.manifest.code_scanning == CodeScanning::IfPublic {
        condition = condition.and(Expression::new("!github.event.repository.private"));
    }
    if plan.has_pull_requests() {
        condition = condition.and(may_upload());
    }
    Step::uses(name, "github/codeql-action/upload-sarif")
        .when(condition)
        .with("sarif_file", reports)
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

/// Not where the token of a fork or of Dependabot may not upload.
fn may_upload() -> Expression {
    Expression::new(
        "github.event_name != 'pull_request' || \
         (github.event.pull_request.head.repo.full_name == github.repository && \
         github.event.pull_request.user.login != 'dependabot[bot]')",
    )
}
