//! OWASP Dependency-Check: vulnerable libraries, by the National Vulnerability Database.

use super::{Scan, Scanner, Scope, together};
use crate::knowledge::tools;
use crate::pipeline::{Expression, Step, Text};

pub(super) static SCANNER: Scanner = Scanner {
    name: "dependency-check",
    // The whole database comes over a slow line, slower still without a key.
    minutes: 60,
    repository: Some(scan),
    ..Scanner::USUAL
};

fn scan(scope: &Scope<'_>) -> Scan {
    let part = scope.json(".".to_owned());
    let version = tools::version("dependency-check");
    let command = format!(
        "mkdir -p \"$RUNNER_TEMP/dependency-check\"\n\
         options=()\n\
         if [[ -n $NVD_API_KEY ]]; then options=(--nvdApiKey \"$NVD_API_KEY\"); fi\n\
         docker run --rm --user \"$(id -u):$(id -g)\" --env HOME=/tmp --volume \"$PWD:$PWD:ro\" \\\n  \
         --volume \"$RUNNER_TEMP/dependency-check:/database\" owasp/dependency-check:{version} \\\n  \
         --scan \"$PWD\" --data /database --format SARIF --out /database/report.sarif \"${{options[@]}}\"\n\
         mv \"$RUNNER_TEMP/dependency-check/report.sarif\" {}",
        part.path
    );
    let scan = Step::run("Scan dependencies (Dependency-Check)", command)
        .about("Without the secret NVD_API_KEY the database comes slowly, but it comes.")
        .env("NVD_API_KEY", Text::secret("NVD_API_KEY"));
    let mut steps = vec![scan, together(scope, &[part])];
    if scope.cached {
        let [restore, save] = database(version);
        steps.insert(0, restore);
        steps.push(save);
    }
    Scan::new(scope.sarif(), steps)
}

/// Brings the database of vulnerabilities back, and keeps what was added to it. A pull
/// request keeps nothing: its cache would be of no use to others.
fn database(version: &str) -> [Step; 2] {
    let path = Text::code("runner.temp").then("/dependency-check");
    let start = Text::literal(format!("dependency-check-{version}-"));
    let key = start.clone().then(Expression::new("github.run_id"));
    let restore = Step::uses(
        "Bring back the database of vulnerabilities",
        "actions/cache/restore",
    )
    .with("path", path.clone())
    .with("key", key.clone())
    .with("restore-keys", start);
    let save = Step::uses("Keep it for the next run", "actions/cache/save")
        .when(Expression::new("github.event_name != 'pull_request'"))
        .with("path", path)
        .with("key", key);
    [restore, save]
}
