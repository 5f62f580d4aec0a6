//! The lock, `.github/cicd/cicd.lock`: which files are ours, and what they were made from.
//!
//! It is TOML with one line per output, in the order of the paths, so that
//! two branches that change different workflows merge without a conflict.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::lock::{Hash, check_path, merge};
use crate::source::{Location, Source, SourceId, Span};

/// Where the lock stands in a repository.
pub const LOCK_PATH: &str = ".github/cicd/cicd.lock";

/// The form of the file, raised when an older tool would misread it.
const VERSION: u32 = 1;

/// Far above any real lock; a larger one is an attack or an accident.
const MAX_BYTES: usize = 1 << 20;

const HEADER: &str = "\
# Written by `cicd generate`: the files it owns, and what they were made from.
# Not to be edited. In a merge conflict take either side and run `cicd generate`.
";

/// What all outputs were made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inputs {
    /// The version of the tool.
    pub tool: String,
    /// All templates that shipped with it.
    pub templates: Hash,
    /// The manifest with everything it extends, resolved.
    pub manifest: Hash,
    /// The pins file.
    pub pins: Hash,
}

/// One file that is ours, as it was last written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Output {
    /// The text, line ends normalised.
    pub text: Hash,
    /// The YAML tree, comments and layout left out; of other files the text again.
    pub tree: Hash,
}

/// The lock: every path in it has passed [`check_path`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    /// What the outputs were made from.
    pub inputs: Inputs,
    /// The files that are ours.
    pub outputs: BTreeMap<String, Output>,
    /// Those of the other branch, in the middle of a merge.
    pub other: Option<BTreeMap<String, Output>>,
}

impl Lock {
    /// Reads a lock, or says all that is wrong with it.
    pub fn parse(source: &Source, id: SourceId) -> Result<Self, Diagnostics> {
        let text = source.text();
        if text.len() > MAX_BYTES {
            let message = format!(
                "the lock has {} bytes, and at most {MAX_BYTES} are read",
                text.len()
            );
            return Err(broken(id, 0..0, message).into());
        }
        if let Some(marker) = merge::conflict(text) {
            return Self::parse_both(text).ok_or_else(|| conflicted(id, marker).into());
        }
        Self::parse_one(text, id)
    }

    /// Reads a lock that git could not merge: whatever either branch wrote is ours.
    fn parse_both(text: &str) -> Option<Self> {
        let (ours, theirs) = merge::sides(text)?;
        // Nobody will see their messages, so any id will do.
        let mut lock = Self::parse_one(&ours, SourceId(0)).ok()?;
        lock.other = Some(Self::parse_one(&theirs, SourceId(0)).ok()?.outputs);
        Some(lock)
    }

    fn parse_one(text: &str, id: SourceId) -> Result<Self, Diagnostics> {
        let written: Written = toml::from_str(text).map_err(|error| {
            let span = error.span().unwrap_or_default();
            Diagnostics::from(broken(id, span, first_line(error.message())))
        })?;
        if *written.version.get_ref() != VERSION {
            return Err(other_version(id, &written).into());
        }
        Reader {
            id,
            problems: Diagnostics::new(),
        }
        .read(written)
    }

    /// Says whether a file with this text is one that was written.
    pub fn knows(&self, path: &str, text: Hash) -> bool {
        let sides = [Some(&self.outputs), self.other.as_ref()];
        let mut outputs = sides.into_iter().flatten().filter_map(|all| all.get(path));
        outputs.any(|output| output.text == text)
    }

    /// Iterates over all paths that were written, twice over those of both branches of a merge.
    pub fn paths(&self) -> impl Iterator<Item = &String> {
        let other = self.other.iter().flat_map(BTreeMap::keys);
        self.outputs.keys().chain(other)
    }

    /// Says whether only the tool is another one: not worth a change in the repository.
    pub fn is_same_work(&self, other: &Self) -> bool {
        self.outputs == other.outputs
            && self.other == other.other
            && self.inputs.manifest == other.inputs.manifest
            && self.inputs.pins == other.inputs.pins
    }
}

impl std::fmt::Display for Lock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let inputs = &self.inputs;
        write!(
            f,
            "{HEADER}version = {VERSION}\ntool = {}\n",
            quoted(&inputs.tool)
        )?;
        for (name, hash) in [
            ("templates", inputs.templates),
            ("manifest", inputs.manifest),
            ("pins", inputs.pins),
        ] {
            writeln!(f, "{name} = \"{hash}\"")?;
        }
        f.write_str("\n[outputs]\n")?;
        for (path, Output { text, tree }) in &self.outputs {
            writeln!(
                f,
                "{} = {{ text = \"{text}\", tree = \"{tree}\" }}",
                quoted(path)
            )?;
        }
        Ok(())
    }
}

/// The file as it is written, before its values are judged.
#[derive(Deserialize)]
struct Written {
    version: Spanned<u32>,
    tool: String,
    templates: Spanned<String>,
    manifest: Spanned<String>,
    pins: Spanned<String>,
    #[serde(default)]
    outputs: BTreeMap<Spanned<String>, WrittenOutput>,
}

#[derive(Deserialize)]
struct WrittenOutput {
    text: Spanned<String>,
    tree: Spanned<String>,
}

struct Reader {
    id: SourceId,
    problems: Diagnostics,
}

impl Reader {
    fn read(mut self, written: Written) -> Result<Lock, Diagnostics> {
        let inputs = Inputs {
            templates: self.hash(&written.templates),
            manifest: self.hash(&written.manifest),
            pins: self.hash(&written.pins),
            tool: written.tool,
        };
        let mut outputs = BTreeMap::new();
        for (path, output) in written.outputs {
            if let Err(problem) = check_path(path.get_ref()) {
                let message = format!(
                    "the lock names `{}`, which is no path of an output",
                    path.get_ref().escape_debug()
                );
                let diagnostic = broken(self.id, path.span(), message).note(problem.to_string());
                self.problems.push(diagnostic);
            }
            let output = Output {
                text: self.hash(&output.text),
                tree: self.hash(&output.tree),
            };
            outputs.insert(path.into_inner(), output);
        }
        if self.problems.is_empty() {
            return Ok(Lock {
                inputs,
                outputs,
                other: None,
            });
        }
        self.problems.sort();
        Err(self.problems)
    }

    fn hash(&mut self, text: &Spanned<String>) -> Hash {
        Hash::parse(text.get_ref()).unwrap_or_else(|| {
            let message = "the lock has a hash that is not 64 hexadecimal digits";
            self.problems.push(broken(self.id, text.span(), message));
            Hash::of_bytes(b"")
        })
    }
}

fn conflicted(id: SourceId, marker: Range<usize>) -> Diagnostic {
    Diagnostic::error("lock-conflict", "the lock is in the middle of a merge")
        .at(location(id, marker))
        .note("either side will do, since the next run writes the lock anew, but neither can be read here")
        .help(format!(
            "run `git checkout --ours {LOCK_PATH}`, then `cicd generate`"
        ))
}

fn other_version(id: SourceId, written: &Written) -> Diagnostic {
    let message = format!(
        "the lock is of version {}, and this `cicd` reads version {VERSION}",
        written.version.get_ref()
    );
    Diagnostic::error("lock-version", message)
        .at(location(id, written.version.span()))
        .note(format!(
            "it was written by `cicd` {}",
            written.tool.escape_debug()
        ))
        .help("run the version that wrote it, or a later one")
}

fn broken(id: SourceId, span: Range<usize>, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error("lock-broken", message)
        .at(location(id, span))
        .help(format!("restore it with `git checkout -- {LOCK_PATH}`"))
}

fn location(id: SourceId, span: Range<usize>) -> Location {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Location::new(id, Span::new(offset(span.start), offset(span.end)))
}

fn first_line(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default();
    format!("the lock cannot be read: {line}")
}

/// A TOML string; checked paths and versions need no more than this.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            control if control.is_control() => {
                // Writing to a string cannot fail.
                let _ = write!(quoted, "\\u{:04X}", u32::from(control));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Lock {
        let hash = |text: &str| Hash::of_bytes(text.as_bytes());
        let output = Output {
            text: hash("text"),
            tree: hash("tree"),
        };
        Lock {
            inputs: Inputs {
                tool: "0.1.0".to_owned(),
                templates: hash("templates"),
                manifest: hash("manifest"),
                pins: hash("pins"),
            },
            outputs: [".github/workflows/ci.yml", "a \"b\"/ü.sh", "z.yml"]
                .map(|path| (path.to_owned(), output))
                .into(),
            other: None,
        }
    }

    /// What is wrong with a lock, each as `line:column code`.
    fn problems(text: &str) -> Vec<String> {
        let source = Source::new(LOCK_PATH, text).unwrap();
        let problems = Lock::parse(&source, SourceId(0)).unwrap_err();
        problems
            .iter()
            .map(|problem| {
                let at = source.position(problem.primary.unwrap().span.start);
                format!("{at} {}", problem.code)
            })
            .collect()
    }

    #[test]
    fn reads_what_it_writes_with_one_line_per_output() {
        let text = sample().to_string();
        for text in [text.clone(), text.replace('\n', "\r\n")] {
            let source = Source::new(LOCK_PATH, text).unwrap();
            assert_eq!(Lock::parse(&source, SourceId(0)), Ok(sample()));
        }
        let outputs = text.lines().skip_while(|line| *line != "[outputs]").skip(1);
        assert_eq!(outputs.count(), 3);
    }

    #[test]
    fn a_path_that_leaves_the_repository_is_refused_where_it_stands() {
        for path in ["../x", "/etc/passwd", "C:/x", "a\\\\b", ".git/config", ""] {
            let text = sample().to_string().replace("z.yml", path);
            assert_eq!(problems(&text), ["12:1 lock-broken"], "{path}");
        }
    }

    #[test]
    fn a_merge_conflict_is_called_one() {
        let text = sample().to_string();
        let manifest = text.find("manifest").unwrap();
        let text = format!(
            "{}<<<<<<< HEAD\nx\n=======\ny\n>>>>>>> other\n{}",
            &text[..manifest],
            &text[manifest..]
        );
        assert_eq!(problems(&text), ["6:1 lock-conflict"]);
    }

    #[test]
    fn broken_locks_say_where() {
        let good = sample().to_string();
        let hash = sample().inputs.templates.to_string();
        assert_eq!(problems(&good.replace(&hash, "12")), ["5:13 lock-broken"]);
        assert_eq!(
            problems(&good.replace("version = 1", "version = 9")),
            ["3:11 lock-version"]
        );
        assert_eq!(problems(""), ["1:1 lock-broken"]);
        assert_eq!(problems("\u{0}").len(), 1);
        assert_eq!(problems(&"[".repeat(100_000)).len(), 1);
        assert_eq!(problems(&"x".repeat(MAX_BYTES + 1)), ["1:1 lock-broken"]);
        let twice = good.replace("\"z.yml\"", "\".github/workflows/ci.yml\"");
        assert_eq!(problems(&twice), ["12:1 lock-broken"]);
    }

    #[test]
    fn another_tool_alone_is_the_same_work() {
        let mut other = sample();
        other.inputs.tool = "9".to_owned();
        other.inputs.templates = Hash::of_bytes(b"");
        assert!(sample().is_same_work(&other));
        other.outputs.clear();
        assert!(!sample().is_same_work(&other));
    }
}
