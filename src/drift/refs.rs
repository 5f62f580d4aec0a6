//! Two texts of a workflow that differ in nothing but the versions of its actions.

/// Says whether the texts differ, and only in what stands behind `@` in `uses:` lines of actions
/// that are `held` by the pins: any other version stands in the manifest.
pub(super) fn only_refs_differ(one: &str, other: &str, held: impl Fn(&str) -> bool) -> bool {
    let mut moved = false;
    let (mut left, mut right) = (one.lines(), other.lines());
    loop {
        match (left.next(), right.next()) {
            (None, None) => return moved,
            (Some(left), Some(right)) if left == right => {}
            (Some(left), Some(right)) => {
                let actions = (action(left), action(right));
                if actions.0 != actions.1 || !actions.0.is_some_and(|(_, name)| held(name)) {
                    return false;
                }
                moved = true;
            }
            _ => return false,
        }
    }
}

/// A `uses:` line up to its version: its indentation and the action.
fn action(line: &str) -> Option<(&str, &str)> {
    let (before, value) = line.split_once("uses:")?;
    if !matches!(before.trim(), "" | "-") {
        return None;
    }
    let (name, _) = value.trim().split_once('@')?;
    let name = name.trim_start_matches(['"', '\'']);
    Some((before, name))
}

#[cfg(test)]
mod tests {
    use super::only_refs_differ;

    const STEP: &str = "    steps:\n      - uses: actions/checkout@aa # v4\n        with: {a: b}\n";

    #[test]
    fn a_version_and_its_comment_may_move() {
        for new in [
            "actions/checkout@bb # v5",
            "actions/checkout@v5",
            "'actions/checkout@bb'",
        ] {
            let moved = STEP.replace("actions/checkout@aa # v4", new);
            assert!(only_refs_differ(STEP, &moved, |_| true), "{new}");
        }
    }

    #[test]
    fn a_version_that_the_pins_do_not_hold_may_not() {
        let moved = STEP.replace("@aa", "@bb");
        assert!(only_refs_differ(STEP, &moved, |name| name == "actions/checkout"));
        assert!(!only_refs_differ(STEP, &moved, |name| name == "actions/cache"));
    }

    #[test]
    fn nothing_else_may() {
        assert!(!only_refs_differ(STEP, STEP, |_| true));
        for (old, new) in [
            ("actions/checkout@", "evil/checkout@"),
            ("a: b", "a: c"),
            ("        with", "      with"),
            ("- uses", "  uses"),
            ("\n        with: {a: b}", ""),
            ("with: {a: b}", "env: {uses: x@y}"),
        ] {
            let other = STEP.replace(old, new);
            assert!(!only_refs_differ(STEP, &other, |_| true), "{new}");
            let both = other.replace("@aa", "@bb");
            assert!(!only_refs_differ(STEP, &both, |_| true), "{new}");
        }
    }
}
