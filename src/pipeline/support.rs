//! Files beside the workflows that they use, and whose they are.

/// A file beside the workflows that they use, such as a script for the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupportFile {
    /// Path within the repository.
    pub path: String,
    /// Its whole text.
    pub text: String,
    /// What it is to the repository.
    pub care: Care,
}

/// What a support file is to the repository it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Care {
    /// Whether it is meant to be run.
    pub executable: bool,
    /// Whose it is once it is there.
    pub upkeep: Upkeep,
    /// Files that make it needless: the same under another name, or of another tool.
    pub instead: &'static [&'static str],
    /// What to tell somebody who has one of their own.
    pub advice: &'static [Advice],
}

/// Whose a support file is once it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Upkeep {
    /// Ours alone: the workflows rely on its very text, so somebody else's file in its
    /// place is refused as it is for a workflow.
    Exclusive,
    /// Ours, unless the repository has one already: that one is used as it is.
    Ours,
    /// Written where there is none, and the user's from then on.
    Starter,
}

/// What to tell somebody whose own file is used.
#[derive(Debug, PartialEq, Eq)]
pub struct Advice {
    /// The files that it is about: the file's own path, or names of it in `instead`.
    pub files: &'static [&'static str],
    /// Texts of which one shows that it is heeded already.
    pub heeded: &'static [&'static str],
    /// Why the file should be changed.
    pub why: &'static str,
    /// How.
    pub how: &'static str,
}

impl SupportFile {
    /// A file that must be ours, since the workflows rely on its text.
    pub fn exclusive(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self::new(path, text, Upkeep::Exclusive)
    }

    /// A file that is ours, unless the repository has its own.
    pub fn ours(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self::new(path, text, Upkeep::Ours)
    }

    /// A file to begin with, the user's as soon as it is written.
    pub fn starter(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self::new(path, text, Upkeep::Starter)
    }

    fn new(path: impl Into<String>, text: impl Into<String>, upkeep: Upkeep) -> Self {
        Self {
            path: path.into(),
            text: text.into(),
            care: Care {
                executable: false,
                upkeep,
                instead: &[],
                advice: &[],
            },
        }
    }

    /// The same as a program.
    #[must_use]
    pub fn executable(mut self) -> Self {
        self.care.executable = true;
        self
    }

    /// The same, not written where one of these files is.
    #[must_use]
    pub fn instead(mut self, paths: &'static [&'static str]) -> Self {
        self.care.instead = paths;
        self
    }

    /// The same with something to tell where somebody has their own.
    #[must_use]
    pub fn advice(mut self, advice: &'static [Advice]) -> Self {
        self.care.advice = advice;
        self
    }
}
