//! pip-licenses: licences of the installed Python packages.

use super::{Kind, Scanner, Scope, report, to_sarif};
use crate::knowledge::tools;
use crate::pipeline::Step;

pub(super) static SCANNER: Scanner = Scanner {
    name: "pip-licenses",
    kind: Kind::Licenses,
    languages: &["python"],
    history: false,
    installed: true,
    unrated: Some("high"),
    steps,
};

fn steps(scope: &Scope<'_>) -> Vec<Step> {
    let reports = SCANNER.kind.reports();
    let Some(component) = scope.components.first() else {
        return Vec::new();
    };
    let name = report("pip-licenses", component);
    let version = tools::version("pip-licenses");
    vec![
        Step::run(
            "List licences (pip-licenses)",
            format!(
                "python -m pip install pip-licenses=={version}\nmkdir -p {reports}\n\
                 pip-licenses --format json --output-file {reports}/{name}.json"
            ),
        ),
        to_sarif(&SCANNER, &name).env("ALLOWED_LICENSES", scope.licenses.join("\n")),
    ]
}
