//! The scripts that deploy to AWS and that tell PagerDuty, Sentry and Datadog, run by bash against a
//! stand-in of `aws` that keeps a small account (`scripts_aws/aws/`), and against servers on the
//! loopback interface.

mod cloud;
#[path = "scripts_api/contract.rs"]
#[allow(clippy::duplicate_mod)]
mod contract;
mod ecs;
mod metrics;
mod notices;
#[path = "scripts_api/sandbox.rs"]
#[allow(dead_code, clippy::duplicate_mod)]
mod sandbox;
#[path = "scripts_api/servers.rs"]
#[allow(dead_code, clippy::duplicate_mod)]
mod servers;
mod site;
mod storage;

/// The scripts that these tests are about.
const SCRIPTS: &[&str] = &[
    "cloudfront-invalidate",
    "datadog-event",
    "ecr-images",
    "ecr-promote",
    "ecs-migrate",
    "ecs-record",
    "ecs-register",
    "ecs-update",
    "monitor-metrics",
    "pagerduty-notify",
    "rds-snapshot",
    "s3-retire",
    "s3-switch",
    "s3-upload",
    "sentry-release",
];
