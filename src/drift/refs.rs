//! Two texts of a workflow that differ in nothing but the versions of its actions.

/// Says whether the texts differ, and only in what stands behind `@` in `uses:` lines.
pub(super) fn only_refs_differ(one: &str, other: &str) -> bool {
    let mut moved = false;
    let (mut left, mut right) = (one.lines(), other.lines());
    loop {
        match (left.next(), right.next()) {
            (None, None) => return moved,
            (Some(left), Some(right)) if left == right => {}
            (Some(left), Some(right)) => {
                let actions = (action(left), action(right));
                if actions.0.is_none() || actions.0 != actions.1 {
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
            assert!(only_refs_differ(STEP, &moved), "{new}");
        }
    }

    #[test]
    fn nothing_else_may() {
        assert!(!only_refs_differ(STEP, STEP));
        for (old, new) in [
            ("actions/checkout@", "evil/checkout@"),
            ("a: b", "a: c"),
            ("        with", "      with"),
            ("- uses", "  uses"),
            ("\n        with: {a: b}", ""),
            ("with: {a: b}", "env: {uses: x@y}"),
        ] {
            let other = STEP.replace(old, new);
            assert!(!only_refs_differ(STEP, &other), "{new}");
            let both = other.replace("@aa", "@bb");
            assert!(!only_refs_differ(STEP, &both), "{new}");
        }
    }
}
