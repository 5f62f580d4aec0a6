//! The integration tests, one crate so that they link once.
#![allow(missing_docs, clippy::unwrap_used)]

#[cfg(unix)]
mod action;
mod adopt;
mod bad_input;
mod checks;
mod cli;
mod common;
mod coverage;
mod detect;
mod drift;
#[path = "../../fuzz/targets.rs"]
mod fuzz_targets;
mod init;
mod init_commands;
mod lint;
mod lint_baseline;
mod lint_files;
mod lint_formats;
mod lint_import;
mod lint_settings;
mod lint_suppress;
mod manifest;
mod pins;
mod platforms;
mod readme;
mod roll_back;
mod scanners;
mod scripts_api;
mod scripts_aws;
mod scripts_cloud;
mod scripts_database;
mod scripts_kube;
mod scripts_server;
mod seeds;
mod snapshots;
mod summary;
mod targets;
mod tidy;
mod writes;
