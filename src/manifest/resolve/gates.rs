//! Gates: what blocks, what waits for a person, what is only shown.

use super::{Check, scanners};
use crate::blocks::scanner::Kind;
use crate::manifest::model::{BySeverity, Component, Gates};
use crate::manifest::raw::{Effect, Plan, Raw, Severities, Visibility};

pub(super) fn gates(raw: &Raw, components: &[Component], check: &mut Check<'_>) -> Gates {
    let written = &raw.gates;
    let scanners = scanners::of_gates(&written.scanners, components, check);
    if written.licenses.is_empty()
        && scanners
            .iter()
            .any(|choice| choice.scanner.kind == Kind::Licenses)
    {
        let help = "write `licenses: [MIT, BSD-3-Clause, Apache-2.0]` beside the scanners";
        check.error(
            &["gates", "scanners"],
            "licenses-missing",
            "a licence scanner needs the licences that are allowed",
            help,
        );
    }
    let repository = &raw.repository;
    let private = repository
        .visibility
        .is_some_and(|it| it != Visibility::Public);
    if written.provenance && private && repository.plan != Some(Plan::Enterprise) {
        check.error(
            &["gates", "provenance"],
            "plan-too-small",
            "GitHub signs for private repositories with the plan Enterprise only",
            "leave it out, or write `plan: enterprise` under `repository`",
        );
    }
    Gates {
        coverage: written.coverage.as_ref().map(|share| share.number()),
        codecov: written.codecov,
        vulnerabilities: effects(&written.vulnerabilities, GRADED),
        code: effects(&written.code, GRADED),
        secrets: effects(&written.secrets, [Effect::Block; 4]),
        policy: effects(&written.policy, [Effect::Block; 4]),
        licenses: written
            .licenses
            .iter()
            .map(|line| line.as_str().to_owned())
            .collect(),
        root_user: written.root_user,
        provenance: written.provenance,
        generated: written
            .generated
            .as_ref()
            .map(|action| action.as_str().to_owned()),
        scanners,
    }
}

/// What findings do that differ in how bad they are.
const GRADED: [Effect; 4] = [Effect::Block, Effect::Block, Effect::Warn, Effect::Log];

/// What a finding of each severity does: as written, or by default.
fn effects(written: &Severities, default: [Effect; 4]) -> BySeverity {
    let [critical, high, medium, low] = default;
    [
        ("critical", written.critical.unwrap_or(critical)),
        ("high", written.high.unwrap_or(high)),
        ("medium", written.medium.unwrap_or(medium)),
        ("low", written.low.unwrap_or(low)),
    ]
}
