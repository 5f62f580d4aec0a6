//! What people write among the entries of the pins file: their reasons for a pin must not go
//! when another one changes.

use std::collections::BTreeMap;

use super::entry::Entry;

/// Returns a pins file with the comments that another text of it has among its entries,
/// each above the same action as there. Comments of actions that are gone go with them.
pub fn keep_remarks(rendered: &str, other: &str) -> String {
    let mut remarks = remarks(other);
    let mut kept = String::with_capacity(rendered.len());
    let mut put = |kept: &mut String, name: &str| {
        for line in remarks.remove(name).into_iter().flatten() {
            kept.push_str("    ");
            kept.push_str(line);
            kept.push('\n');
        }
    };
    for line in rendered.split_inclusive('\n') {
        if let Some(entry) = Entry::find(line) {
            put(&mut kept, &name(&entry));
        }
        kept.push_str(line);
    }
    put(&mut kept, "");
    kept
}

/// The comments among the entries by the action below them; under no name those at the end.
/// Those above the entries are ours.
fn remarks(text: &str) -> BTreeMap<String, Vec<&str>> {
    let mut all: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let mut above = Vec::new();
    let is_head = |line: &&str| !line.trim_start().starts_with("steps:");
    for line in text.lines().skip_while(is_head) {
        let bare = line.trim();
        if bare.starts_with('#') {
            above.push(bare);
        } else if let Some(entry) = Entry::find(line) {
            all.entry(name(&entry)).or_default().append(&mut above);
        }
    }
    all.insert(String::new(), above);
    all
}

fn name(entry: &Entry<'_>) -> String {
    let action = entry.uses.split('@').next().unwrap_or_default();
    action.to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::keep_remarks;

    #[test]
    fn each_comment_stays_above_its_action() {
        let disk = "# ours\nruns:\n  steps:\n    # Held back,\r\n      # see the issue.\n    \
                    - uses: A/Held@1 # v1\n    # with its action\n    - uses: a/gone@1\n    # the end";
        let rendered = "# new\nruns:\n  steps:\n    - uses: a/first@3\n    - uses: a/held@2\n";
        assert_eq!(
            keep_remarks(rendered, disk),
            "# new\nruns:\n  steps:\n    - uses: a/first@3\n    # Held back,\n    # see the issue.\n    \
             - uses: a/held@2\n    # the end\n"
        );
        assert_eq!(keep_remarks(rendered, rendered), rendered);
        assert_eq!(keep_remarks(rendered, ""), rendered);
    }
}
