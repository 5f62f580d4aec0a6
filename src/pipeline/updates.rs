//! What a bot keeps up to date, by pull requests.

/// One kind of dependencies that a bot keeps up to date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Updates {
    /// Dependabot's name for them.
    pub ecosystem: &'static str,
    /// Where they are declared, from the root of the repository, which is `/`.
    pub folders: Vec<String>,
    /// Files that it leaves alone although they stand there.
    pub exclude: Vec<String>,
    /// How often it looks.
    pub every: &'static str,
}
