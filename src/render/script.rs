//! Our scripts as they stand in a workflow.

use crate::assets;
use crate::pipeline::Script;

/// The text of a script without what only a file needs: the line that names its
/// interpreter, and its contract, which the step's `env` repeats. The parts that
/// it shares with others stand in the place where it reads them.
pub(super) fn inlined(script: Script) -> String {
    let mut text = String::new();
    let mut header = true;
    for line in assets::script(script.0).lines() {
        let contract = ["# in ", "# out "]
            .iter()
            .any(|start| line.starts_with(start));
        if header && (line.starts_with("#!") || line == "#" || contract) {
            continue;
        }
        header = header && line.starts_with('#');
        if line.starts_with("# shellcheck source=parts/") {
            continue;
        }
        match part(line) {
            Some(part) => text.push_str(part),
            None => {
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    text
}

/// The part that a line reads, without the line that tells shellcheck its language.
fn part(line: &str) -> Option<&'static str> {
    let name = line
        .strip_prefix("source \"${BASH_SOURCE%/*}/parts/")?
        .strip_suffix(".sh\"")?;
    let text = assets::script_part(name);
    Some(text.split_once('\n').map_or(text, |(_, rest)| rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_stays_and_the_contract_goes() {
        for (name, whole) in assets::SCRIPTS {
            let text = inlined(Script(name));
            assert!(
                !text.starts_with("#!") && !text.contains("\n# in "),
                "{name}"
            );
            let (_, program) = whole.split_once("\nset -").expect(name);
            let mut own = program.split("# shellcheck source=parts/");
            let first = own.next().expect(name);
            let mut at = text.find(first).expect(name) + first.len();
            // Behind each part that it reads in two lines, it goes on.
            for rest in own {
                let rest = rest.splitn(3, '\n').nth(2).expect(name);
                at += text[at..].find(rest).expect(name) + rest.len();
            }
            assert_eq!(at, text.len(), "{name}");
        }
    }

    #[test]
    fn parts_stand_where_they_are_read() {
        let text = inlined(Script("coverage-lcov"));
        let [find, use_it] =
            ["\nfind_reports() {\n", "< <(find_reports)\n"].map(|it| text.find(it));
        assert!(find.is_some() && find < use_it, "{text}");
        assert!(!text.contains("# shellcheck"), "{text}");
        for (name, _) in assets::SCRIPTS {
            let text = inlined(Script(name));
            assert!(!text.contains("/parts/"), "{name}");
        }
    }
}
