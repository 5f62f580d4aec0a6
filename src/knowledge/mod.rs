//! Facts of GitHub Actions as lookups; the facts themselves are dated files under data/.

pub mod actions;
pub mod contexts;
pub mod equivalents;
pub mod grammar;
pub mod metadata;
pub mod needs;
pub mod payloads;
pub mod platforms;
pub mod releases;
pub mod retired;
pub mod runners;
pub mod runtimes;
pub mod shells;
pub mod timezones;
pub mod tools;

use std::cmp::Ordering;

/// The folder in which GitHub looks for workflows, from the root of a repository.
pub const WORKFLOWS: &str = ".github/workflows/";

/// Orders names that are the same in any case.
fn any_case(one: &str, other: &str) -> Ordering {
    let lower = |byte: u8| byte.to_ascii_lowercase();
    one.bytes().map(lower).cmp(other.bytes().map(lower))
}
