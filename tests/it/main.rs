//! The integration tests, one crate so that they link once.
#![allow(missing_docs, clippy::unwrap_used)]

mod cli;
mod common;
mod coverage;
mod detect;
mod init;
mod manifest;
mod readme;
mod scripts_api;
mod scripts_kube;
mod scripts_server;
mod seeds;
mod snapshots;
mod tidy;
mod writes;
