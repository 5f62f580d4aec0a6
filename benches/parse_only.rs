//! Reads YAML files and says nothing: the measures for `benches/lint.sh`.
//!
//! `parse-only FOLDER` takes the events of the parser that everybody can use, and makes
//! nothing of them; `parse-only FOLDER tree` builds trees with our own reader. Both read the
//! files on all cores, as the linter does.
#![allow(clippy::print_stderr)]

use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};

use cicd::source::SourceId;
use cicd::syntax;
use granit_parser::Parser;

fn main() -> ExitCode {
    let words: Vec<_> = std::env::args().skip(1).collect();
    let (folder, read): (_, fn(&str) -> usize) = match &*words {
        [folder] => (folder, events),
        [folder, what] if what == "tree" => (folder, trees),
        _ => {
            eprintln!("usage: parse-only FOLDER [tree]");
            return ExitCode::from(2);
        }
    };
    let entries = walkdir::WalkDir::new(folder).into_iter().flatten();
    let files: Vec<_> = entries
        .filter(|entry| entry.file_type().is_file())
        .collect();
    let (next, parts) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let of_file = |path: &Path| std::fs::read_to_string(path).map_or(0, |text| read(&text));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    parts.fetch_add(of_file(file.path()), Ordering::Relaxed);
                }
            });
        }
    });
    ExitCode::from(u8::from(parts.into_inner() == 0))
}

/// How many events a text has.
fn events(text: &str) -> usize {
    Parser::new_from_str(text).count()
}

/// How many trees there are in a text.
fn trees(text: &str) -> usize {
    let parsed = syntax::parse(SourceId(0), text);
    usize::from(parsed.document.is_some_and(|tree| tree.root().is_some()))
}
