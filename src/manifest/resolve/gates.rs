//! Gates: what blocks, what waits for a person, what is only shown.

use super::{Check, scanners};
use crate::blocks::scanner::Kind;
use crate::manifest::model::{Component, Gates};
use crate::manifest::raw::{Effect, Plan, Raw, Visibility};

pub(super) fn gates(raw: &Raw, components: &[Component], check: &mut Check<'_>) -> Gates {
    let written = &raw.gates;
    let severities = &written.vulnerabilities;
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
        vulnerabilities: [
            ("critical", severities.critical.unwrap_or(Effect::Block)),
            ("high", severities.high.unwrap_or(Effect::Block)),
            ("medium", severities.medium.unwrap_or(Effect::Warn)),
            ("low", severities.low.unwrap_or(Effect::Log)),
        ],
        secrets: written.secrets.unwrap_or(Effect::Block),
        policy: written.policy.unwrap_or(Effect::Block),
        licenses: written
            .licenses
            .iter()
            .map(|line| line.as_str().to_owned())
            .collect(),
        root_user: written.root_user,
        provenance: written.provenance,
        scanners,
    }
}
