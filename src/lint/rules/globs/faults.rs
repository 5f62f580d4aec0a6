//! What is wrong with a pattern, whatever it stands for.

use crate::diagnostics::Severity;
use crate::source::Span;

/// What the patterns of a key name.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Names {
    /// Branches or tags.
    Refs,
    Paths,
    /// Images or their versions.
    Other,
}

/// What is wrong with a pattern.
pub(super) struct Fault {
    /// Its place in the pattern; empty for the whole.
    pub(super) at: Span,
    pub(super) weight: Severity,
    pub(super) message: String,
    pub(super) help: &'static str,
}

impl Fault {
    fn error(start: usize, end: usize, message: impl Into<String>, help: &'static str) -> Self {
        Self {
            at: Span::of(start..end),
            weight: Severity::Error,
            message: message.into(),
            help,
        }
    }

    fn whole(message: impl Into<String>, help: &'static str) -> Self {
        Self::error(0, 0, message, help)
    }
}

pub(super) fn faults(text: &str, names: Names) -> Vec<Fault> {
    let plain = text.strip_prefix('!').unwrap_or(text);
    let skipped = text.len() - plain.len();
    if plain.is_empty() {
        return vec![Fault::whole(
            "nothing stands behind `!`",
            "write the pattern that it takes away",
        )];
    }
    if plain.trim().len() < plain.len() {
        let message = format!("the pattern `{}` has blanks at its edge", shown(text));
        return vec![Fault::whole(
            message,
            "take them away; a block scalar ends in a line break",
        )];
    }
    let mut faults = marks(plain, names);
    match names {
        Names::Refs => refs(plain, &mut faults),
        Names::Paths => faults.extend(path(plain)),
        Names::Other => {}
    }
    let shift = u32::try_from(skipped).unwrap_or_default();
    for fault in faults.iter_mut().filter(|fault| !fault.at.is_empty()) {
        fault.at = Span::new(fault.at.start + shift, fault.at.end + shift);
    }
    faults.sort_by_key(|fault| fault.at.start);
    faults
}

fn shown(text: &str) -> String {
    text.replace('\n', "\\n")
}

/// The marks `?`, `+`, `[…]` and `\`.
fn marks(text: &str, names: Names) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut letters = text.char_indices().peekable();
    // What a `?` or `+` repeats.
    let mut before = None;
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some((_, next)) if is_mark(next) => {}
                Some((_, next)) if names == Names::Refs => faults.push(Fault::error(
                    at,
                    at + 1 + next.len_utf8(),
                    format!("`\\{next}` means nothing: `\\` stands before marks only"),
                    "write `[0-9]` for a digit; patterns are no regular expressions",
                )),
                Some(_) => {}
                None => faults.push(Fault::error(
                    at,
                    at + 1,
                    "nothing stands behind `\\`",
                    "take it away",
                )),
            },
            '?' | '+' if before.is_none_or(|before| matches!(before, '?' | '+' | '*')) => {
                faults.push(Fault::error(
                    at,
                    at + 1,
                    format!("`{letter}` repeats nothing"),
                    "write a letter or `[…]` before it, or `*` for any letters",
                ));
            }
            '[' => {
                let inside = &text[at + 1..];
                let Some(end) = inside.find(']') else {
                    faults.push(Fault::error(
                        at,
                        text.len(),
                        "this `[` has no `]`",
                        "close it, or write `\\[`",
                    ));
                    return faults;
                };
                faults.extend(range(&inside[..end], at + 1));
                let past = at + 1 + end;
                while letters.next_if(|(next, _)| *next <= past).is_some() {}
            }
            _ => {}
        }
        before = Some(letter);
    }
    faults
}

fn is_mark(letter: char) -> bool {
    matches!(letter, '*' | '?' | '+' | '[' | ']' | '!' | '\\')
}

/// The inside of `[…]`, which begins at an offset of the pattern.
fn range(inside: &str, offset: usize) -> Option<Fault> {
    let end = offset + inside.len();
    let letters: Vec<_> = inside.chars().collect();
    let help = "write a range from low to high, as in `[0-9]`";
    if letters.is_empty() {
        let help = "write the letters that may stand there";
        return Some(Fault::error(
            offset - 1,
            end + 1,
            "`[]` matches nothing",
            help,
        ));
    }
    let reversed = letters
        .windows(3)
        .find(|three| three[1] == '-' && three[0] > three[2]);
    if let Some(three) = reversed {
        let message = format!("`{}-{}` runs backwards", three[0], three[2]);
        return Some(Fault::error(offset, end, message, help));
    }
    if let [only] = letters.as_slice() {
        return Some(Fault {
            weight: Severity::Warning,
            ..Fault::error(
                offset - 1,
                end + 1,
                format!("`[{only}]` matches `{only}` alone"),
                "write more letters, or the letter without brackets",
            )
        });
    }
    None
}

/// What no branch and no tag can be called.
fn refs(text: &str, faults: &mut Vec<Fault>) {
    for (prefix, help) in [
        ("refs/heads/", "leave `refs/heads/` away"),
        ("refs/tags/", "leave `refs/tags/` away"),
    ] {
        if text.starts_with(prefix) {
            faults.push(Fault {
                weight: Severity::Warning,
                ..Fault::error(
                    0,
                    prefix.len(),
                    "filters look at the short name, so this probably matches nothing",
                    help,
                )
            });
        }
    }
    let no_name = "git has no such names";
    for (at, letter) in text.char_indices() {
        if letter.is_ascii_control() || matches!(letter, ' ' | '~' | '^' | ':') {
            let end = at + letter.len_utf8();
            let message = format!("a name cannot have `{}` in it", letter.escape_default());
            faults.push(Fault::error(at, end, message, no_name));
        }
    }
    if text.starts_with('/') {
        faults.push(Fault::error(0, 1, "a name cannot begin with `/`", no_name));
    }
    for end in ["/", ".", ".lock"] {
        if text.len() > 1 && text.ends_with(end) {
            let start = text.len() - end.len();
            let message = format!("a name cannot end in `{end}`");
            faults.push(Fault::error(start, text.len(), message, no_name));
        }
    }
    for pair in ["//", "..", "@{"] {
        if let Some(at) = text.find(pair) {
            let message = format!("a name cannot have `{pair}` in it");
            faults.push(Fault::error(at, at + pair.len(), message, no_name));
        }
    }
}

/// What no path of a repository looks like.
fn path(text: &str) -> Option<Fault> {
    let mut parts = text.split('/');
    parts.find(|part| matches!(*part, "." | ".."))?;
    Some(Fault::whole(
        format!("`{text}` matches nothing: no path has `.` or `..` as a part"),
        "write the path from the root of the repository",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(text: &str, names: Names, wanted: &[&str]) {
        let faults = faults(text, names);
        let places = faults.iter().map(|fault| &text[fault.at.range()]);
        assert_eq!(places.collect::<Vec<_>>(), wanted, "{text}");
    }

    #[test]
    fn each_fault_has_its_place() {
        refused("**", Names::Refs, &[]);
        refused("v[0-9]+.[0-9]+.[0-9]+*", Names::Refs, &[]);
        refused(r"a\+b\[c", Names::Refs, &[]);
        refused("+", Names::Refs, &["+"]);
        refused("a*?", Names::Refs, &["?"]);
        refused(r"v\d+", Names::Refs, &[r"\d"]);
        refused("!v[z-a]", Names::Refs, &["z-a"]);
        refused("a[bc", Names::Paths, &["[bc"]);
        refused("/a b/", Names::Refs, &["/", " ", "/"]);
        refused("../a", Names::Paths, &[""]);
        refused("a b/.github/..x", Names::Paths, &[]);
        refused("!", Names::Paths, &[""]);
    }
}
