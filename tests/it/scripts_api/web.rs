//! What is built for browsers: bundle-budget, lighthouse-collect and lighthouse-gate.

use super::sandbox::{HOSTILE, Outcome, Sandbox};

fn built() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("dist/index.html", &"h".repeat(100));
    sandbox.write("dist/assets/index-4f2a.js", &"j".repeat(500));
    sandbox.write("dist/assets/index-4f2a.js.map", &"m".repeat(9_000));
    sandbox.write("dist/assets/vendor 1|2.js", &"v".repeat(300));
    sandbox
}

fn budget(sandbox: &Sandbox, budget: &str) -> Outcome {
    sandbox.run("bundle-budget", &[("FOLDER", "dist"), ("BUDGET", budget)])
}

#[test]
fn a_build_must_stay_below_its_budget() {
    let sandbox = built();
    let outcome = budget(
        &sandbox,
        "901 total\n501 assets/index-*.js\n301 assets/*.js\n",
    );
    outcome.fails("over budget: assets/index-4f2a.js has 500 bytes and must have less than 301; ");
    let outcome = budget(
        &sandbox,
        "901 total\n501 assets/index-*.js\n301 */vendor*\n",
    );
    outcome.passes(
        "| everything | 900 | 901 |"
            .replace("everything", "`everything`")
            .as_str(),
    );
    assert_eq!(outcome.output("total"), "900");
    assert!(
        outcome
            .summary
            .contains("| `assets/vendor 1\\|2.js` | 300 | 301 |\n")
    );
    // As much as the limit is not less than the limit.
    budget(&sandbox, "900 total").fails("everything has 900 bytes and must have less than 900");
    budget(&sandbox, "500 assets/index-*.js").fails("assets/index-4f2a.js has 500 bytes");
}

#[test]
fn a_budget_for_nothing_is_none() {
    let sandbox = built();
    budget(&sandbox, "500 assets/main-*.js").fails("no file of `dist` matches `assets/main-*.js`");
    budget(&sandbox, "\n").fails("BUDGET is empty");
    budget(&sandbox, "2MB total").fails("BUDGET has the line `2MB total`");
    budget(&sandbox, &format!("5 {HOSTILE}")).fails("no file of `dist` matches");
    let run = |folder| {
        sandbox.run(
            "bundle-budget",
            &[("FOLDER", folder), ("BUDGET", "5 total")],
        )
    };
    run("out").fails("there is no folder `out`");
    sandbox.write("empty/only.map", "x");
    run("empty").fails("the folder `empty` is empty");
}

/// A report as Lighthouse 12 writes it, cut down to what is there in any case.
fn report(page: &str, score: &str, paint: &str, shift: &str) -> String {
    format!(
        r#"{{"lighthouseVersion": "12.6.1", "requestedUrl": "http://localhost:4173{page}", "finalDisplayedUrl": "http://localhost:4173{page}",
        "fetchTime": "2026-11-02T10:00:00.000Z", "runWarnings": [], "configSettings": {{"formFactor": "mobile", "throttlingMethod": "simulate"}},
        "categories": {{"performance": {{"id": "performance", "title": "Performance", "supportedModes": ["navigation"], "auditRefs": [], "score": {score}}}}},
        "audits": {{
          "first-contentful-paint": {{"id": "first-contentful-paint", "title": "First Contentful Paint", "score": 0.9, "scoreDisplayMode": "numeric",
            "numericValue": {paint}, "numericUnit": "millisecond", "displayValue": "1.2 s"}},
          "cumulative-layout-shift": {{"id": "cumulative-layout-shift", "title": "Cumulative Layout Shift", "score": 1, "scoreDisplayMode": "numeric",
            "numericValue": {shift}, "numericUnit": "unitless", "displayValue": "0.03"}}}}}}"#
    )
}

fn judge(reports: &[String], limits: &str, more: &[(&str, &str)]) -> Outcome {
    let sandbox = Sandbox::new();
    for (at, report) in reports.iter().enumerate() {
        sandbox.write(&format!(".lighthouseci/lhr-{at}.json"), report);
    }
    sandbox.write(".lighthouseci/links.json", "{}");
    sandbox.run("lighthouse-gate", &[&[("LIMITS", limits)], more].concat())
}

const LIMITS: &str =
    "performance >= 0.7\nfirst-contentful-paint <= 2000\ncumulative-layout-shift <= 0.1\n";

#[test]
fn the_median_of_the_runs_counts_for_each_page() {
    let run = |paint: &str| report("/", "0.7", paint, "0.0312345");
    let good = [run("1200.5"), run("9000"), run("1900.25")];
    let outcome = judge(&good, LIMITS, &[]);
    outcome.passes("| `/` | first-contentful-paint | 1900.25 | <= 2000 |");
    assert_eq!(outcome.output("verdict"), "pass");
    assert!(
        outcome
            .summary
            .contains("| `/` | performance | 0.7 | >= 0.7 |")
    );
    assert!(
        outcome
            .summary
            .contains("| `/` | cumulative-layout-shift | 0.031 | <= 0.1 |")
    );

    let mut two_pages = good.to_vec();
    two_pages.push(report("/login", "0.69", "1000", "0.2"));
    let outcome = judge(&two_pages, LIMITS, &[]);
    outcome.fails("/login performance is 0.69, wanted >= 0.7; /login cumulative-layout-shift is 0.2, wanted <= 0.1");
    assert_eq!(outcome.output("verdict"), "fail");
    let warned = judge(&two_pages, LIMITS, &[("ON_FAILURE", "warn")]);
    warned.passes("::warning::/login performance is 0.69");
    assert_eq!(warned.output("verdict"), "fail");
}

#[test]
fn no_number_is_no_success() {
    judge(&[report("/", "null", "1", "0")], LIMITS, &[])
        .fails("/ performance is not measured, wanted >= 0.7");
    let broken = report("/", "1", "1", "0").replacen(
        '{',
        r#"{"runtimeError": {"code": "NO_FCP", "message": "The page did not paint any content."}, "#,
        1,
    );
    judge(&[broken, report("/", "1", "1", "0")], LIMITS, &[])
        .fails("/ performance is not measured (The page did not paint any content.)");
    let other = judge(&[report("/", "1", "1", "0")], "interactive <= 5000", &[]);
    other.fails("/ interactive is not measured");
    judge(&[], LIMITS, &[]).fails("there are no reports of Lighthouse");
    judge(&["[".to_owned()], LIMITS, &[]).fails("the reports cannot be judged");
    for limits in ["", "performance > 0.7", "performance >= good", HOSTILE] {
        judge(&[report("/", "1", "1", "0")], limits, &[]).fails("LIMITS");
    }
    let hostile = report("/|a\\r\\n::stop-commands::pwned", "0.1", "1", "0");
    judge(&[hostile], LIMITS, &[]).fails("wanted >= 0.7");
}

/// Measures with a Lighthouse CI that leaves as many reports as it is told.
fn collect(reports: usize, env: &[(&str, &str)]) -> (Outcome, Vec<String>) {
    let sandbox = Sandbox::new();
    let npx = sandbox.fake("lhci");
    npx.answers("*", &["measured"]);
    sandbox.write("dist/index.html", "<html></html>");
    sandbox.write(".lighthouseci/lhr-0.json", "{}");
    // The fake cannot write files, so a second word of the command does.
    let write = sandbox.write(
        "bin/leave",
        &format!("#!/bin/sh\nmkdir -p .lighthouseci\nfor i in $(seq {reports}); do echo {{}} > .lighthouseci/lhr-$i.json; done\nexec lhci \"$@\"\n"),
    );
    let command = format!("sh {write}");
    let outcome = sandbox.run(
        "lighthouse-collect",
        &[&[("LHCI", command.as_str())], env].concat(),
    );
    (outcome, npx.calls().concat())
}

#[test]
fn pages_are_measured_where_they_are() {
    let (outcome, words) = collect(
        2,
        &[
            ("FOLDER", "dist"),
            ("RUNS", "2"),
            ("PAGES", "/\n/log?in=1\n"),
        ],
    );
    outcome.passes("measured");
    assert_eq!(
        words,
        [
            "collect",
            "--numberOfRuns=2",
            "--staticDistDir=dist",
            "--isSinglePageApplication",
            "--url=http://localhost/",
            "--url=http://localhost/log?in=1"
        ]
    );
    let (outcome, words) = collect(1, &[("BASE_URL", "https://shop.example/")]);
    outcome.passes("measured");
    assert_eq!(
        words[1..],
        ["--numberOfRuns=3", "--url=https://shop.example/"]
    );

    collect(0, &[("FOLDER", "dist")])
        .0
        .fails("Lighthouse CI left no report");
    collect(1, &[("FOLDER", "out")])
        .0
        .fails("there is no built site in `out`");
    collect(1, &[]).0.fails("there is no built site in ``");
    collect(1, &[("BASE_URL", HOSTILE)])
        .0
        .fails("BASE_URL is not an address");
    collect(1, &[("FOLDER", "dist"), ("PAGES", "login")])
        .0
        .fails("`login` is not a path");
    collect(1, &[("FOLDER", "dist"), ("RUNS", "0")])
        .0
        .fails("RUNS must be");
}
