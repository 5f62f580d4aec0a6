//! load-thresholds and sample-stats, against a `docker` that answers from files.

use std::fs;
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

use super::sandbox::{HOSTILE, Outcome, Sandbox};

/// As `k6 run --summary-export` writes it.
const K6: &str = r#"{"metrics":{"http_req_duration":{"avg":310.5,"min":12,"med":290,"max":2500.1,"p(90)":700,"p(95)":812.25},
    "http_req_failed":{"passes":1,"fails":99,"value":0.01},"http_reqs":{"count":3000,"rate":50.25}}}"#;
const STATS: &str = "web-1\t12.50%\t100MiB / 2GiB\nweb-1\t37.50%\t0.25GiB / 2GiB\n--\t--\t-- / --\ndb-1\t90.00%\t2048KiB / 2GiB\n";

fn thresholds(more: &[(&str, &str)]) -> Outcome {
    let sandbox = Sandbox::new();
    sandbox.fake("docker").answers("compose exec -T pg psql --username=app --dbname=shop -qAtX -c SELECT max(mean_exec_time) FROM pg_stat_statements*", &["41.7\n"]);
    let (k6, stats) = (
        sandbox.write("k6.json", K6),
        sandbox.write("stats.tsv", STATS),
    );
    let env = [
        ("K6_SUMMARY", k6.as_str()),
        ("STATS_FILE", stats.as_str()),
        ("DB_SERVICE", "pg"),
        ("DB_USER", "app"),
        ("DB_NAME", "shop"),
    ];
    sandbox.run("load-thresholds", &[&env[..], more].concat())
}

#[test]
fn every_limit_has_its_line() {
    let outcome = thresholds(&[
        ("MAX_P95_MS", "2000"),
        ("MAX_ERROR_PERCENT", "1"),
        ("MIN_REQUESTS", "50"),
        ("MAX_QUERY_MS", "500"),
        ("MAX_MEMORY_MB", "512"),
        ("MAX_CPU_PERCENT", "95"),
    ]);
    outcome.passes("P95 of requests (ms): 812.25, at most 2000");
    let rows: Vec<_> = outcome.summary.lines().skip(2).collect();
    assert_eq!(
        rows,
        [
            "| P95 of requests (ms) | 812.25 | 2000 | ok |",
            "| failed requests (%) | 1 | 1 | ok |",
            "| requests in a second | 50.25 | 50 | ok |",
            "| slowest query, mean (ms) | 41.7 | 500 | ok |",
            "| memory of db-1, peak (MB) | 2.0 | 512 | ok |",
            "| CPU of db-1, mean (%) | 90.0 | 95 | ok |",
            "| memory of web-1, peak (MB) | 256.0 | 512 | ok |",
            "| CPU of web-1, mean (%) | 25.0 | 95 | ok |",
        ]
    );
}

#[test]
fn each_limit_can_fail_alone() {
    thresholds(&[("MAX_P95_MS", "812.2")])
        .fails("P95 of requests (ms): over the limit (812.25, at most 812.2)");
    thresholds(&[("MAX_ERROR_PERCENT", "0.9")]).fails("failed requests (%25): over the limit");
    thresholds(&[("MIN_REQUESTS", "50.5")])
        .fails("requests in a second: under the limit (50.25, at least 50.5)");
    thresholds(&[("MAX_QUERY_MS", "41")]).fails("slowest query, mean (ms): over the limit");
    thresholds(&[("MAX_MEMORY_MB", "255")])
        .fails("memory of web-1, peak (MB): over the limit")
        .fails("1 of 2 limits");
    thresholds(&[("MAX_CPU_PERCENT", "80")])
        .fails("CPU of db-1, mean (%25): over the limit")
        .fails("1 of 2 limits");
}

#[test]
fn what_was_not_measured_fails() {
    for (file, text) in [
        ("K6_SUMMARY", ""),
        ("K6_SUMMARY", "{}"),
        ("K6_SUMMARY", HOSTILE),
        ("STATS_FILE", ""),
        ("STATS_FILE", HOSTILE),
    ] {
        let sandbox = Sandbox::new();
        let path = sandbox.write("file", text);
        for limit in if file == "K6_SUMMARY" {
            ["MAX_P95_MS", "MAX_ERROR_PERCENT"]
        } else {
            ["MAX_MEMORY_MB", "MAX_CPU_PERCENT"]
        } {
            sandbox
                .run("load-thresholds", &[(file, &path), (limit, "1000")])
                .fails("not measured (none, at most 1000)");
            sandbox
                .run(
                    "load-thresholds",
                    &[(file, "/does/not/exist"), (limit, "1000")],
                )
                .fails("::error::");
            sandbox
                .run("load-thresholds", &[(limit, "1000")])
                .fails("not measured");
        }
    }
    for answer in ["", "\n", "NaN"] {
        let sandbox = Sandbox::new();
        sandbox.fake("docker").answers("*", &[answer]);
        sandbox
            .run("load-thresholds", &[("MAX_QUERY_MS", "500")])
            .fails("slowest query, mean (ms): not measured");
    }
    let sandbox = Sandbox::new();
    sandbox
        .fake("docker")
        .refuses("*", "service db is not running");
    sandbox
        .run("load-thresholds", &[("MAX_QUERY_MS", "500")])
        .fails("service db is not running")
        .fails("not measured");
    sandbox.run("load-thresholds", &[]).fails("no limit is set");
    thresholds(&[("MAX_P95_MS", HOSTILE)]).fails("must be a number");
    thresholds(&[
        ("MAX_QUERY_MS", "1"),
        ("DB_SERVICE", HOSTILE),
        ("DB_USER", HOSTILE),
        ("DB_NAME", HOSTILE),
    ])
    .fails("not measured");
}

#[test]
fn stats_are_sampled_until_the_process_is_ended() {
    let sandbox = Sandbox::new();
    sandbox.fake("docker").answers(
        "stats --no-stream --format {{.Name}}\\\\t{{.CPUPerc}}\\\\t{{.MemUsage}}",
        &["web-1\t1.00%\t5MiB / 1GiB\n"],
    );
    let file = sandbox.path("stats.tsv");
    let file = file.to_str().unwrap();
    let outcome = sandbox.run(
        "sample-stats",
        &[
            ("STATS_FILE", file),
            ("INTERVAL", "0.02"),
            ("MAX_MINUTES", "1"),
        ],
    );
    let lines = || fs::read_to_string(file).unwrap().lines().count();
    for _ in 0..200 {
        if lines() >= 3 {
            break;
        }
        sleep(Duration::from_millis(20));
    }
    let stopped = Command::new("kill")
        .arg(outcome.passes("pid=").output("pid"))
        .status()
        .unwrap();
    assert!(stopped.success() && lines() >= 3);
    sleep(Duration::from_millis(150));
    let after = lines();
    sleep(Duration::from_millis(150));
    assert_eq!(lines(), after, "it goes on after it was ended");
    sandbox
        .run(
            "load-thresholds",
            &[("STATS_FILE", file), ("MAX_MEMORY_MB", "5")],
        )
        .passes("memory of web-1, peak (MB): 5.0");

    for name in ["INTERVAL", "MAX_MINUTES"] {
        sandbox
            .run("sample-stats", &[("STATS_FILE", file), (name, HOSTILE)])
            .fails("must be numbers");
    }
}
