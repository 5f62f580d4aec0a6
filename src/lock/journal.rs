//! The journal: what a run is about to write, so that the next one can tell
//! half a job from a file edited by hand.
//!
//! Text in, values out, and back. A kill may cut the text at any byte, and
//! runs that follow each other append, so reading is tolerant: a line that is
//! not whole and exact counts for nothing.

use std::collections::BTreeSet;

use crate::lock::{Hash, check_path};

/// Where the journal stands while files are being written.
pub const JOURNAL_PATH: &str = ".github/cicd/journal";

const HEADER: &str = "# `cicd` is writing files, or was stopped while it did. The next `cicd generate` clears this up.\n";

/// How the name of every temporary file starts and ends.
const PREFIX: &str = ".cicd-";
const SUFFIX: &str = ".tmp";

/// What interrupted runs were about to write.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Journal {
    /// The texts; a file with one of them is ours.
    pub texts: BTreeSet<(String, Hash)>,
    /// The temporary files, which may be left behind.
    pub temporaries: BTreeSet<String>,
}

impl Journal {
    /// Reads a journal, cut or not.
    pub fn parse(text: &[u8]) -> Self {
        let mut journal = Self::default();
        for line in text.split_inclusive(|byte| *byte == b'\n') {
            let line = std::str::from_utf8(line).unwrap_or_default();
            // Without its newline the last line may have lost its tail.
            let Some(line) = line.strip_suffix('\n') else {
                continue;
            };
            if let Some(path) = line.strip_prefix("temporary ") {
                if is_temporary(path) {
                    journal.temporaries.insert(path.to_owned());
                }
            } else if let Some((hash, path)) = line
                .strip_prefix("text ")
                .and_then(|line| line.split_once(' '))
                && let Some(hash) = Hash::parse(hash)
                && check_path(path).is_ok()
            {
                journal.texts.insert((path.to_owned(), hash));
            }
        }
        journal
    }

    /// Returns the lines that record this journal, to be appended to `existing`.
    pub fn append_to(&self, existing: &[u8]) -> String {
        let mut lines = String::new();
        match existing.last() {
            None => lines.push_str(HEADER),
            Some(b'\n') => {}
            // No path has a backslash, so the line that was cut stays void.
            Some(_) => lines.push_str("\\\n"),
        }
        for path in &self.temporaries {
            lines.push_str(&format!("temporary {path}\n"));
        }
        for (path, hash) in &self.texts {
            lines.push_str(&format!("text {hash} {path}\n"));
        }
        lines
    }

    /// Says whether an interrupted run meant to give `path` this text.
    pub fn knows(&self, path: &str, hash: Hash) -> bool {
        self.texts.contains(&(path.to_owned(), hash))
    }
}

/// Returns the temporary name beside `path` that carries `nonce`.
pub fn temporary_beside(path: &str, nonce: u64) -> String {
    let folder = path.rfind('/').map_or("", |slash| &path[..=slash]);
    format!("{folder}{PREFIX}{nonce:016x}{SUFFIX}")
}

/// Says whether a path is one that [`temporary_beside`] makes: nobody else's file is ever cleaned up.
fn is_temporary(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let nonce = name
        .strip_prefix(PREFIX)
        .and_then(|rest| rest.strip_suffix(SUFFIX));
    check_path(path).is_ok()
        && nonce.is_some_and(|nonce| {
            nonce.len() == 16 && nonce.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Journal {
        let path = ".github/workflows/ci.yml";
        Journal {
            texts: [(path.to_owned(), Hash::of_bytes(b"x"))].into(),
            temporaries: [temporary_beside(path, 7)].into(),
        }
    }

    #[test]
    fn reads_what_it_writes() {
        let text = sample().append_to(b"");
        assert_eq!(Journal::parse(text.as_bytes()), sample());
    }

    #[test]
    fn any_cut_reads_as_a_part_and_can_be_appended_to() {
        let text = sample().append_to(b"");
        for end in 0..text.len() {
            let cut = &text.as_bytes()[..end];
            let part = Journal::parse(cut);
            assert!(part.texts.is_subset(&sample().texts), "cut at {end}");
            assert!(part.temporaries.is_subset(&sample().temporaries));
            let whole = [cut, sample().append_to(cut).as_bytes()].concat();
            assert_eq!(Journal::parse(&whole), sample(), "cut at {end}");
        }
    }

    #[test]
    fn hostile_lines_count_for_nothing() {
        let hash = Hash::of_bytes(b"");
        let text = format!(
            "text {hash} ../x\ntext {hash} /etc/passwd\ntext 12 a\ntemporary src/main.rs\n\
             temporary .cicd-é\ntemporary ../.cicd-0000000000000007.tmp\n\
             temporary .cicd-000000000000000g.tmp\n\u{feff}\n"
        );
        assert_eq!(Journal::parse(text.as_bytes()), Journal::default());
        assert_eq!(Journal::parse(b"\xff\xfe\n"), Journal::default());
    }

    #[test]
    fn temporaries_stand_beside_their_file() {
        assert_eq!(temporary_beside("a", 1), ".cicd-0000000000000001.tmp");
        assert_eq!(
            temporary_beside("x/a.yml", 255),
            "x/.cicd-00000000000000ff.tmp"
        );
    }
}
