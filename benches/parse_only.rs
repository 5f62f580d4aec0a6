//! Reads YAML files into trees and says nothing: the measure for `benches/lint.sh`.
#![allow(clippy::print_stderr)]

use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};

use cicd::source::SourceId;
use cicd::syntax;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1) else {
        eprintln!("usage: parse FOLDER");
        return ExitCode::from(2);
    };
    let files: Vec<_> = walkdir::WalkDir::new(folder)
        .into_iter()
        .flatten()
        .filter(|entry| entry.file_type().is_file())
        .collect();
    let texts: Vec<_> = files
        .iter()
        .flat_map(|entry| std::fs::read_to_string(entry.path()))
        .collect();
    // On all cores, as the linter does.
    let next = AtomicUsize::new(0);
    let nodes = AtomicUsize::new(0);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                while let Some(text) = texts.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let parsed = syntax::parse(SourceId(0), text);
                    let has_root = parsed.document.is_some_and(|tree| tree.root().is_some());
                    nodes.fetch_add(usize::from(has_root), Ordering::Relaxed);
                }
            });
        }
    });
    ExitCode::from(u8::from(nodes.into_inner() == 0))
}
