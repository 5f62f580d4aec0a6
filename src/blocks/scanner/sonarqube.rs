//! SonarQube: an analysis on a server of its own, whose quality gate is judged like any finding.

use super::{Kind, Scan, Scanner, Scope};
use crate::pipeline::{Expression, Step, Text};

pub(super) static SCANNER: Scanner = Scanner {
    name: "sonarqube",
    kind: Kind::Sast,
    // It tells old findings from new ones by their authors.
    history: true,
    secrets: &["SONAR_TOKEN"],
    minutes: 20,
    repository: Some(scan),
    ..Scanner::USUAL
};

fn scan(scope: &Scope<'_>) -> Scan {
    let report = scope.sarif();
    let steps = vec![
        Step::uses("Analyse (SonarQube)", "SonarSource/sonarqube-scan-action")
            .about("The project's key is in sonar-project.properties.")
            .env("SONAR_TOKEN", Text::secret("SONAR_TOKEN"))
            .env(
                "SONAR_HOST_URL",
                Expression::new("vars.SONAR_HOST_URL || 'https://sonarcloud.io'"),
            ),
        Step::script("Wait for the quality gate (SonarQube)", "sonar-gate")
            .env("SONAR_TOKEN", Text::secret("SONAR_TOKEN"))
            .env("FILE", "sonar-project.properties")
            .env("SARIF", report.as_str()),
    ];
    Scan::new(report, steps)
}
