//! CodeQL: data flow through the code, in many languages.

use super::{Kind, Scan, Scanner, Scope};
use crate::pipeline::{Access, Scope as Permission, Step};

pub(super) static SCANNER: Scanner = Scanner {
    name: "codeql",
    kind: Kind::Sast,
    languages: &[
        "python",
        "node",
        "javascript",
        "typescript",
        "go",
        "java",
        "ruby",
        "rust",
        "dotnet",
    ],
    minutes: 20,
    repository: Some(scan),
    ..Scanner::USUAL
};

fn scan(scope: &Scope<'_>) -> Scan {
    // A file for each language that it finds.
    let report = format!("{}/codeql", scope.reports);
    let compiled = scope.languages.contains(&"go");
    let set_up = Step::uses("Set up CodeQL", "github/codeql-action/init")
        .about("Finds the languages of the repository by itself.")
        .allow(Permission::Actions, Access::Read, "let CodeQL see its run");
    let mut steps = if compiled {
        // Go is read while it is built; what need not be built is left alone.
        vec![
            set_up,
            Step::uses(
                "Build what must be built (CodeQL)",
                "github/codeql-action/autobuild",
            ),
        ]
    } else {
        vec![set_up.with("build-mode", "none")]
    };
    steps.extend([
        Step::uses("Analyse (CodeQL)", "github/codeql-action/analyze")
            .with("upload", "never")
            .with("output", report.clone()),
        // GitHub refuses two runs of a tool unless their ids differ.
        Step::run(
            "Tell the languages apart (CodeQL)",
            format!(
                "for report in {report}/*.sarif; do\n  \
                 jq --arg id \"codeql-$(basename \"$report\" .sarif)/\" '.runs[].automationDetails.id = $id' \\\n    \
                 \"$report\" > \"$RUNNER_TEMP/codeql.sarif\"\n  \
                 mv \"$RUNNER_TEMP/codeql.sarif\" \"$report\"\n\
                 done"
            ),
        ),
    ]);
    Scan::new(report, steps)
}
