//! The rules about files that cannot be read at all; whoever opens them finds that out.

use crate::diagnostics::{Diagnostic, Severity};
use crate::lint::rule::{Fixes, Group, Rule};

pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "not-utf8",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "a file in another encoding than UTF-8",
        why: "GitHub reads UTF-8; other encodings garble every letter beyond ASCII.",
        bad: &[],
        good: &[],
    },
    Rule {
        id: "unreadable-file",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "a file that cannot be opened",
        why: "Nobody knows what is in it. Make it readable, or name it under `ignore` in the \
              settings.",
        bad: &[],
        good: &[],
    },
];

/// The finding of a file that cannot be opened.
pub fn unreadable(shown: &str, reason: &str) -> Diagnostic {
    Diagnostic::error("unreadable-file", format!("`{shown}` cannot be read"))
        .note(reason)
        .help("make it readable, or name it under `ignore` in the settings")
}
