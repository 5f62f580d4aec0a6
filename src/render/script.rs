//! Our scripts as they stand in a workflow.

use crate::assets;
use crate::pipeline::Script;

/// The text of a script without what only a file needs: the line that names its
/// interpreter, and its contract, which the step's `env` repeats.
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
        text.push_str(line);
        text.push('\n');
    }
    text
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
            let program = whole.split_once("\nset -").map(|(_, program)| program);
            assert!(
                program.is_some_and(|program| text.ends_with(program)),
                "{name}"
            );
        }
    }
}
