//! Texts of several lines and lists as YAML; a single value is written by [`scalar`].

use crate::syntax::{Place, needs_escape, scalar};

/// Writes a text of several lines as an indented literal block.
///
/// `indent` is the column of the block's key; the block stands two columns further.
pub(super) fn block(text: &str, indent: usize) -> Option<String> {
    let odd = text.chars().any(|c| needs_escape(c) && c != '\n');
    let starts_blank = text.trim_start_matches('\n').starts_with(' ') || text.starts_with('\n');
    if odd || starts_blank || text.is_empty() {
        return None;
    }
    let body = text.trim_end_matches('\n');
    let chomp = match text.len() - body.len() {
        0 => "-",
        1 => "",
        _ => return None,
    };
    let mut block = format!("|{chomp}");
    for line in body.split('\n') {
        block.push('\n');
        if !line.is_empty() {
            block.extend(std::iter::repeat_n(' ', indent + 2));
            block.push_str(line);
        }
    }
    Some(block)
}

/// The width within which a list stays on the line of its key.
const WIDTH: usize = 80;

/// Writes a list behind its key: on the same line where it fits, else an item a line.
///
/// `indent` is the column of the key, `key` its length with the colon.
pub(super) fn list(items: &[String], indent: usize, key: usize) -> String {
    let flow: Vec<_> = items.iter().map(|item| scalar(item, Place::Flow)).collect();
    let flow = format!(" [{}]", flow.join(", "));
    if indent + key + flow.len() <= WIDTH {
        return flow;
    }
    let pad = " ".repeat(indent + 2);
    let lines = items
        .iter()
        .map(|item| format!("\n{pad}- {}", scalar(item, Place::Block)));
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;
    use crate::syntax::{self, Kind};
    use proptest::prelude::*;

    fn read_back(yaml: &str) -> Option<String> {
        let parsed = syntax::parse(SourceId(0), yaml);
        assert!(
            !parsed.diagnostics.has_errors(),
            "{yaml:?}: {:?}",
            parsed.diagnostics
        );
        let document = parsed.document?;
        let value = document.root()?.get("a")?;
        match value.kind() {
            Kind::String(text) => Some(text.to_owned()),
            _ => None,
        }
    }

    #[test]
    fn words_that_mean_more_are_quoted() {
        for word in [
            "true",
            "No",
            "ON",
            "y",
            "null",
            "~",
            "1",
            "1.0",
            "3.12",
            "0x1f",
            "12:30",
            "2026-11-21",
            "1e3",
            "+5",
            ".5",
            ".inf",
            "---",
            "",
        ] {
            assert!(scalar(word, Place::Block).starts_with('"'), "{word}");
        }
        for word in [
            "main",
            "v1.2.3",
            "phase-*/**",
            "${{ github.sha }}",
            "ubuntu-24.04",
            "a: b",
        ] {
            let plain = scalar(word, Place::Block) == word;
            assert_eq!(plain, !word.contains(": "), "{word}");
        }
    }

    #[test]
    fn quotes_are_those_that_a_formatter_keeps() {
        assert_eq!(scalar("- a", Place::Block), "\"- a\"");
        assert_eq!(scalar("# \"a\"", Place::Block), "'# \"a\"'");
        assert_eq!(scalar("*\\b", Place::Block), "'*\\b'");
        assert_eq!(scalar("a\u{1b}", Place::Block), "\"a\\x1b\"");
        assert_eq!(scalar("a, b", Place::Flow), "\"a, b\"");
        assert_eq!(scalar("a, b", Place::Block), "a, b");
    }

    #[test]
    fn a_long_list_gets_lines() {
        let short = vec!["a".to_owned(), "b".to_owned()];
        assert_eq!(list(&short, 4, 6), " [a, b]");
        let long: Vec<_> = (0..12)
            .map(|number| format!("test-component-{number}"))
            .collect();
        assert!(list(&long, 4, 6).starts_with("\n      - test-component-0\n"));
    }

    proptest! {
        #[test]
        fn any_text_reads_back_as_itself(text in "\\PC*|[ -~]*|[\\x00-\\x7f]*|[-:#\"'\\\\${}\\[\\] \n\t]*") {
            let one_line = format!("a: {}\n", scalar(&text, Place::Block));
            prop_assert_eq!(read_back(&one_line), Some(text.clone()));
            let flow = format!("b: [{}]\na: x\n", scalar(&text, Place::Flow));
            prop_assert_eq!(read_back(&flow), Some("x".to_owned()));
            if let Some(block) = block(&text, 0) {
                let block = format!("a: {block}\nb: 1\n");
                prop_assert_eq!(read_back(&block), Some(text));
            }
        }
    }
}
