//! The integration tests, one crate so that they link once.
#![allow(missing_docs, clippy::unwrap_used)]

mod bad_input;
mod cli;
mod common;
mod detect;
mod manifest;
mod scripts_api;
mod scripts_server;
mod seeds;
mod snapshots;
mod summary;
mod tidy;
mod writes;
