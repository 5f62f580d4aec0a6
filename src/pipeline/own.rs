//! Workflows in GitHub's own syntax.

use crate::knowledge::WORKFLOWS;

/// A workflow that the user writes in GitHub's own syntax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnWorkflow {
    /// Its key in the manifest.
    pub name: String,
    /// The file's name, with its extension.
    pub file: String,
    /// The text as it is written, comments included: LF only, with a final newline, and
    /// YAML whose top is a mapping.
    pub text: String,
    /// The actions that it names without a version, in the order of the text.
    pub unpinned: Vec<Unpinned>,
}

impl OwnWorkflow {
    /// The path of the file within the repository.
    pub fn path(&self) -> String {
        format!("{WORKFLOWS}{}", self.file)
    }
}

/// An action that is named without a version, for the pins to complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unpinned {
    /// The action.
    pub action: String,
    /// Where its name ends in the text.
    pub at: usize,
    /// Where a comment with the version may stand; nothing where more follows on the line.
    pub comment: Option<usize>,
}
