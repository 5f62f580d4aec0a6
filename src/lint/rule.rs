//! What a rule is.

use crate::diagnostics::{Diagnostics, Severity};
use crate::lint::Cx;

/// Rules that one look at a file finds.
pub(super) struct Family {
    /// The rules.
    pub(super) rules: &'static [Rule],
    /// Looks at a file.
    pub(super) check: fn(&Cx<'_>, &mut Diagnostics),
}

/// One thing that the linter looks for.
#[derive(Debug)]
pub struct Rule {
    /// Its name in findings, settings and suppressions.
    pub id: &'static str,
    /// What it belongs to.
    pub group: Group,
    /// How much its findings weigh.
    pub severity: Severity,
    /// Whether its findings come with a fix.
    pub fixes: Fixes,
    /// What it finds, in one sentence.
    pub finds: &'static str,
    /// Why that matters, and what to do.
    pub why: &'static str,
    /// A file in which it finds something, in pieces that follow each other. `# file: PATH`
    /// begins another one; without it, it is a workflow. Of files that are neither a workflow
    /// nor an action only the name counts.
    pub bad: &'static [&'static str],
    /// The same, mended; nothing where it goes without saying.
    pub good: &'static [&'static str],
}

/// Whether the findings of a rule come with a fix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fixes {
    /// Each of them.
    Always,
    /// Where it can be said what was meant, and an edit leaves all else as it is.
    Sometimes,
    /// None.
    Never,
}

/// What a rule belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// GitHub refuses it, or it does not do what it says.
    Correctness,
    /// It can be used against its owner.
    Security,
    /// It makes work or costs trust.
    Hygiene,
    /// Some like it so, and say it in their settings.
    Policy,
}

impl Group {
    /// All groups.
    pub const ALL: [Self; 4] = [
        Self::Correctness,
        Self::Security,
        Self::Hygiene,
        Self::Policy,
    ];

    /// Says whether its rules apply where nobody asks for them.
    pub fn is_default(self) -> bool {
        self != Self::Policy
    }

    /// Returns its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Correctness => "correctness",
            Self::Security => "security",
            Self::Hygiene => "hygiene",
            Self::Policy => "policy",
        }
    }
}
