//! GitHub's own hash of a line, by which code scanning knows a finding in moved text.
//!
//! Its upload action computes the hash where it is missing and complains about any other.
//! It is taken over the next hundred characters that are no blanks, as in
//! `github/codeql-action`, `src/fingerprints.ts`.

use std::collections::HashMap;

/// How many characters a hash is taken over.
const WINDOW: usize = 100;

/// Returns the hash of each line, `HASH:N` for the `N`th line with it.
pub(super) fn line_hashes(text: &str) -> Vec<String> {
    let (characters, starts) = characters(text);
    let mut seen: HashMap<u64, usize> = HashMap::new();
    let hash = |start: usize| {
        let window = &characters[start..start + WINDOW];
        let hash = window.iter().fold(0_u64, |hash, character| {
            hash.wrapping_mul(37).wrapping_add(u64::from(*character))
        });
        let count = seen.entry(hash).or_default();
        *count += 1;
        format!("{hash:x}:{count}")
    };
    starts.into_iter().map(hash).collect()
}

/// Returns what is hashed (without blanks, with one kind of line break, with an end), and
/// where in it lines begin.
fn characters(text: &str) -> (Vec<u16>, Vec<usize>) {
    let mut characters = Vec::with_capacity(text.len() + WINDOW);
    let mut starts = Vec::new();
    let mut begins_line = true;
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let end_of_file = u16::MAX;
    for unit in text.encode_utf16().chain([end_of_file]) {
        if [u16::from(b' '), u16::from(b'\t')].contains(&unit) {
            continue;
        }
        if begins_line {
            starts.push(characters.len());
        }
        begins_line = unit == u16::from(b'\n');
        characters.push(unit);
    }
    characters.resize(characters.len() + WINDOW, 0);
    (characters, starts)
}

#[cfg(test)]
mod tests {
    use super::line_hashes;

    /// The values of the tests of `github/codeql-action`.
    #[test]
    fn they_are_those_of_github() {
        assert_eq!(line_hashes(""), ["c129715d7a2bc9a3:1"]);
        assert_eq!(
            line_hashes(" a\nb\n  \t\tc\n d"),
            [
                "271789c17abda88f:1",
                "54703d4cd895b18:1",
                "180aee12dab6264:1",
                "a23a3dc5e078b07b:1",
            ]
        );
        let ended = [
            "e9496ae3ebfced30:1",
            "fb7c023a8b9ccb3f:1",
            "ce8ba1a563dcdaca:1",
            "e20e36e16fcb0cc8:1",
            "b3edc88f2938467e:1",
            "c8e28b0b4002a3a0:1",
            "c129715d7a2bc9a3:1",
        ];
        let text = " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n";
        assert_eq!(line_hashes(text), ended);
        assert_eq!(line_hashes(&text.replace('\n', "\r\n")), ended);
        assert_eq!(line_hashes(&text.replace('\n', "\r")), ended);
    }

    #[test]
    fn equal_lines_are_counted() {
        let hashes = line_hashes(&"x\n".repeat(300));
        assert!(hashes[1].ends_with(":2"), "{hashes:?}");
    }
}
