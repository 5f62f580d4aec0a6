//! What the pins file, the workflows and the locks say of each action, held against each other.
//!
//! Texts go in; findings, and the pins that should be, come out. Which pins a
//! project needs is told by the caller, and so is what a repository's tags are:
//! nothing here opens a file or asks the network.

mod absorb;
mod check;
mod native;
mod tags;
mod uses;

pub use absorb::{Absorbed, Moved, absorb};
pub use check::{Found, Output, Wanted, check};
pub use native::{NATIVE_PATH, check as check_native};
pub use tags::{Reach, Tags};
pub use uses::versions_in;
