//! A text in which git left two branches beside each other.

use std::ops::Range;

/// The line of a text that git left in the middle of a merge.
pub(super) fn conflict(text: &str) -> Option<Range<usize>> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with("<<<<<<< ")
            || line.starts_with(">>>>>>> ")
            || line.trim_end() == "======="
        {
            return Some(start..start + line.trim_end().len());
        }
        start += line.len();
    }
    None
}

/// Returns the text as each of the two branches has it; nothing if the marks do not match.
pub(super) fn sides(text: &str) -> Option<(String, String)> {
    let (mut ours, mut theirs) = (String::new(), String::new());
    let mut part = Part::Both;
    for line in text.split_inclusive('\n') {
        let next = match (part, line.trim_end()) {
            (Part::Both, mark) if mark.starts_with("<<<<<<<") => Part::Ours,
            // What both began with, which some settings of git show.
            (Part::Ours, mark) if mark.starts_with("|||||||") => Part::Before,
            (Part::Ours | Part::Before, "=======") => Part::Theirs,
            (Part::Theirs, mark) if mark.starts_with(">>>>>>>") => Part::Both,
            (_, mark) if is_mark(mark) => return None,
            _ => {
                if matches!(part, Part::Both | Part::Ours) {
                    ours.push_str(line);
                }
                if matches!(part, Part::Both | Part::Theirs) {
                    theirs.push_str(line);
                }
                continue;
            }
        };
        part = next;
    }
    (part == Part::Both).then_some((ours, theirs))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Both,
    Ours,
    Before,
    Theirs,
}

fn is_mark(line: &str) -> bool {
    line == "======="
        || ["<<<<<<<", "|||||||", ">>>>>>>"]
            .iter()
            .any(|mark| line.starts_with(mark))
}

#[cfg(test)]
mod tests {
    use super::sides;

    #[test]
    fn each_side_is_read_with_what_both_share() {
        let text = "a\n<<<<<<< HEAD\nb\n||||||| 12ab\nold\n=======\nc\n>>>>>>> other\nd\n";
        assert_eq!(sides(text), Some(("a\nb\nd\n".into(), "a\nc\nd\n".into())));
        let two = "<<<<<<< x\n=======\na\n>>>>>>> y\n<<<<<<< x\nb\n=======\n>>>>>>> y\n";
        assert_eq!(sides(two), Some(("b\n".into(), "a\n".into())));
    }

    #[test]
    fn marks_that_do_not_match_give_nothing() {
        for text in [
            "<<<<<<< x\na\n",
            "a\n=======\nb\n",
            "<<<<<<< x\n<<<<<<< y\n=======\n>>>>>>> z\n",
            "<<<<<<< x\n>>>>>>> z\n",
        ] {
            assert_eq!(sides(text), None, "{text}");
        }
    }
}
