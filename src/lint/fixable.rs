//! Which rules can fix what they find.

use FixAvailability::{Always, Sometimes};

/// Whether the findings of a rule come with a fix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FixAvailability {
    /// Each of them.
    Always,
    /// Where it can be said what was meant, and an edit leaves all else as it is.
    Sometimes,
    /// None.
    None,
}

/// The rules with fixes, sorted.
static FIXABLE: &[(&str, FixAvailability)] = &[
    ("action-meta-branding", Sometimes),
    ("action-meta-keys", Sometimes),
    ("action-meta-runtime", Sometimes),
    ("action-unknown-input", Sometimes),
    ("block-scalar-newline", Sometimes),
    ("call-input-default-required", Sometimes),
    ("call-job-keys", Sometimes),
    ("call-unknown-input", Sometimes),
    ("call-unknown-secret", Sometimes),
    ("composite-steps", Sometimes),
    ("dependabot-config", Sometimes),
    ("deprecated-commands", Sometimes),
    ("dispatch-input-def", Sometimes),
    ("enum-value", Sometimes),
    ("event-payload-property", Sometimes),
    ("event-types", Sometimes),
    ("event-unknown", Sometimes),
    ("expr-object-in-template", Sometimes),
    ("expr-syntax", Sometimes),
    ("expr-unbalanced", Sometimes),
    ("expr-undefined-context", Sometimes),
    ("expr-undefined-function", Sometimes),
    ("expr-undefined-property", Sometimes),
    ("if-always-true", Sometimes),
    ("invalid-suppression", Sometimes),
    ("matrix-duplicate", Sometimes),
    ("matrix-exclude", Sometimes),
    ("needs-duplicate", Sometimes),
    ("needs-unknown", Sometimes),
    ("parallel-refs", Sometimes),
    ("permission-level", Sometimes),
    ("permission-unknown", Sometimes),
    ("runner-label-retired", Sometimes),
    ("runner-label-unknown", Sometimes),
    ("runner-latest", Sometimes),
    ("schedule-timezone", Sometimes),
    ("shell-name", Sometimes),
    ("shell-required", Sometimes),
    ("unknown-key", Sometimes),
    ("unused-suppression", Sometimes),
    ("workflow-run-unknown-name", Sometimes),
    ("yaml-anchor-unused", Sometimes),
    ("yaml-scalar-style", Sometimes),
    ("yaml-tag", Always),
];

pub(super) fn availability(rule: &str) -> FixAvailability {
    let found = FIXABLE.binary_search_by_key(&rule, |(id, _)| id);
    found.map_or(FixAvailability::None, |at| FIXABLE[at].1)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_table_is_sorted_and_names_rules() {
        assert!(super::FIXABLE.is_sorted_by(|(one, _), (next, _)| one < next));
        let rules: Vec<_> = crate::lint::all().iter().map(|rule| rule.id).collect();
        for (id, _) in super::FIXABLE {
            assert!(rules.contains(id), "there is no rule `{id}`");
        }
    }
}
