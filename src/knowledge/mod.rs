//! Facts of GitHub Actions as lookups; the facts themselves are dated files under data/.

pub mod actions;
pub mod contexts;
pub mod grammar;
pub mod metadata;
pub mod needs;
pub mod payloads;
pub mod runtimes;
pub mod tools;
