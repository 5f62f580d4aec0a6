//! Suites of tests: their commands, their gates, how long they may take.

use crate::blocks::language::Language;
use crate::manifest::model::Suite;
use crate::manifest::raw::{self, Raw};
use crate::manifest::resolve::{Check, web};

/// The names of the suites, in the order in which they run.
pub(in crate::manifest::resolve) const SUITES: [&str; 5] =
    ["unit", "integration", "e2e", "performance", "regression"];

pub(super) fn suites(
    written: &raw::Component,
    language: Option<&'static Language>,
    raw: &Raw,
    at: &[&str; 2],
    check: &mut Check<'_>,
) -> Vec<Suite> {
    let tests = &written.test;
    let written = [
        &tests.unit,
        &tests.integration,
        &tests.e2e,
        &tests.performance,
        &tests.regression,
    ];
    let mut all = Vec::new();
    for (name, suite) in SUITES.into_iter().zip(written) {
        let Some(suite) = suite else { continue };
        let path = [at[0], at[1], "test", name];
        if suite.service.is_some() && suite.compose.is_empty() {
            check.error(
                &path,
                "compose-missing",
                "`service` names a service of no Compose file",
                "write `compose: FILE` beside it",
            );
        }
        let commands = suite.run.is_some() || suite.load.is_some() || suite.playwright.is_some();
        if !commands && name != "unit" {
            check.error(
                &path,
                "command-missing",
                format!("the suite `{name}` has no command"),
                "write `run: COMMAND`",
            );
        }
        // The gate is for all suites together; with a single one, that is the one.
        let only = tests.0
            == raw::Tests {
                unit: tests.unit.clone(),
                ..raw::Tests::default()
            };
        let coverage = suite.coverage.as_ref();
        let overall = coverage.and_then(|coverage| coverage.overall.as_ref());
        let changed = coverage.and_then(|coverage| coverage.changed.as_ref());
        let parts =
            changed.is_some() || coverage.is_some_and(|coverage| coverage.critical.is_some());
        if parts && !language.is_some_and(Language::knows_lines) {
            let message = format!("nothing says which lines of `{}` the tests cover", at[1]);
            let help = "write the least share of all lines only, as in `coverage: 80%`";
            check.error(
                &[at[0], at[1], "test", name, "coverage"],
                "no-lines",
                message,
                help,
            );
        }
        let gate = raw.gates.coverage.as_ref().filter(|_| {
            name == "unit"
                && (only
                    || tests
                        .integration
                        .as_ref()
                        .is_none_or(|suite| suite.coverage.is_none()))
        });
        all.push(Suite {
            name,
            run: suite
                .run
                .as_ref()
                .map(|command| command.as_str().to_owned()),
            coverage: overall.or(gate).map(|share| share.number()),
            critical: coverage.and_then(|coverage| coverage.critical.clone()),
            changed: changed.map(|share| share.number()),
            services: suite.services.unwrap_or(suite.compose.is_empty()),
            fixtures: suite
                .fixtures
                .as_ref()
                .map(|command| command.as_str().to_owned()),
            compose: suite.compose.to_vec(),
            service: suite
                .service
                .as_ref()
                .map(|service| service.as_str().to_owned()),
            timeout: suite
                .timeout
                .map_or(default_timeout(name), |minutes| minutes.0),
            benchmark: suite.benchmark.clone(),
            load: suite.load.clone(),
            playwright: web::playwright(suite, &path, check),
        });
    }
    all
}

fn default_timeout(suite: &str) -> u32 {
    match suite {
        "unit" => 15,
        "performance" => 25,
        _ => 20,
    }
}
