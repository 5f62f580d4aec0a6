//! The npm packages of `deno.lock` against the open database of advisories.
//!
//! `deno audit` exists since Deno 2.6 and writes nothing that a program could read.
//! OSV-Scanner reads no `deno.lock`, but a list of packages in a form of its own.

use super::{Scan, Scanner, Scope, released, reports, together};
use crate::pipeline::Step;

pub(super) static SCANNER: Scanner = Scanner {
    name: "deno-audit",
    languages: &["deno"],
    usual: true,
    repository: Some(scan),
    ..Scanner::USUAL
};

fn scan(scope: &Scope<'_>) -> Scan {
    let parts = scope.json_of_each("deno.lock");
    let audit = Step::script("Scan dependencies (Deno)", "deno-audit")
        .about("No database knows of modules from JSR or from other places on the web.")
        .env("REPORTS", reports(&parts));
    let steps = vec![
        released("osv-scanner"),
        audit,
        together(scope, &parts).env("ALL_AT_FILE", "true"),
    ];
    Scan::new(scope.sarif(), steps)
}
