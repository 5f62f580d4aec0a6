//! Gates: what blocks, what waits for a person, what is only shown.

use super::Check;
use crate::blocks::scanner::{self, Kind};
use crate::manifest::model::Gates;
use crate::manifest::raw::{Effect, Raw};

pub(super) fn gates(raw: &Raw, check: &mut Check<'_>) -> Gates {
    let written = &raw.gates;
    let severities = &written.vulnerabilities;
    let mut scanners = Vec::new();
    for (index, name) in written.scanners.iter().enumerate() {
        match scanner::find(name) {
            Some(found) => scanners.push(found),
            None => unknown_scanner(&["gates", "scanners", &index.to_string()], name, check),
        }
    }
    if written.licenses.is_empty()
        && scanners
            .iter()
            .any(|scanner| scanner.kind == Kind::Licenses)
    {
        let help = "write `licenses: [MIT, BSD-3-Clause, Apache-2.0]` beside the scanners";
        check.error(
            &["gates", "scanners"],
            "licenses-missing",
            "a licence scanner needs the licences that are allowed",
            help,
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
        scanners,
    }
}

/// Says that there is no scanner of this name.
pub(super) fn unknown_scanner(path: &[&str], name: &str, check: &mut Check<'_>) {
    check.unknown(
        path,
        "scanner",
        name,
        scanner::ALL.iter().map(|scanner| scanner.name),
    );
}
