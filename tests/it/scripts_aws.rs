//! The scripts that deploy to AWS and that tell PagerDuty, Sentry and Datadog, run by bash against a
//! stand-in of `aws` that keeps a small account (`scripts_aws/aws/`), and against servers on the
//! loopback interface.

mod cloud;
mod ecs;
mod metrics;
mod notices;
mod site;
mod storage;

use crate::scripts_api::{sandbox, servers};

/// The scripts that these tests are about.
pub(crate) const SCRIPTS: &[&str] = &[
    "cloudfront-invalidate",
    "datadog-event",
    "ecs-find",
    "ecs-migrate",
    "ecs-record",
    "ecs-register",
    "ecs-update",
    "monitor-metrics",
    "pagerduty-notify",
    "rds-snapshot",
    "s3-find",
    "s3-retire",
    "s3-switch",
    "s3-upload",
    "sentry-release",
];
