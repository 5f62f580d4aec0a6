//! Tries odd texts for a while: `cargo run --release --example fuzz -- TARGET [SECONDS [SEED]]`.
//!
//! A text that fails, panics or takes longer than a minute is written beside the
//! build as `fuzz-TARGET-SEED.txt`, and the exit code is 1.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::unwrap_used)]

mod targets;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use targets::{Random, TARGETS, mutate};

/// The text that is tried, for who looks into a panic.
static CURRENT: Mutex<String> = Mutex::new(String::new());

const SLOW: Duration = Duration::from_secs(60);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let name = arguments.first().map_or("", String::as_str);
    let Some((name, check)) = TARGETS.iter().find(|(known, _)| *known == name) else {
        let known: Vec<_> = TARGETS.iter().map(|(name, _)| *name).collect();
        eprintln!(
            "usage: fuzz TARGET [SECONDS [SEED]], a target being {}",
            known.join(", ")
        );
        return ExitCode::from(2);
    };
    let number = |at: usize, other| {
        arguments
            .get(at)
            .map_or(other, |text| text.parse().unwrap())
    };
    let (seconds, seed) = (number(1, 60), number(2, 1));
    let out = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("target")
        .join(format!("fuzz-{name}-{seed}.txt"));
    let kept = out.clone();
    std::panic::set_hook(Box::new(move |info| {
        let text = CURRENT.lock().map(|text| text.clone()).unwrap_or_default();
        let _ = std::fs::write(&kept, text);
        eprintln!("{info}\nthe text is in {}", kept.display());
    }));
    let seeds = corpus();
    let mut random = Random(seed);
    let (start, mut count, mut bytes) = (Instant::now(), 0_u64, 0);
    while start.elapsed() < Duration::from_secs(seconds) {
        let text = mutate(
            &mut random,
            &seeds[random_of(&mut count, seeds.len())],
            &seeds,
        );
        bytes += text.len();
        CURRENT.lock().unwrap().clone_from(&text);
        let began = Instant::now();
        let mut done = check(&text);
        if began.elapsed() > SLOW {
            done = Err(format!("it took {:?}", began.elapsed()));
        }
        if let Err(wrong) = done {
            std::fs::write(&out, &text).unwrap();
            eprintln!("{wrong}\nthe text is in {}", out.display());
            return ExitCode::FAILURE;
        }
    }
    println!(
        "{name}: {count} texts, {} MB, nothing found",
        bytes / 1_000_000
    );
    ExitCode::SUCCESS
}

/// Takes the seeds in turn.
fn random_of(count: &mut u64, all: usize) -> usize {
    *count += 1;
    usize::try_from(*count).unwrap() % all
}

/// The workflows of `FUZZ_CORPUS`, or those that we generate, and the rules' examples.
fn corpus() -> Vec<String> {
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("snapshots");
    let folder = std::env::var_os("FUZZ_CORPUS").map_or(own, PathBuf::from);
    let files = walkdir::WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .flatten();
    let is_yaml = |path: &PathBuf| {
        path.extension()
            .is_some_and(|end| end == "yml" || end == "yaml")
    };
    let files = files.map(walkdir::DirEntry::into_path).filter(is_yaml);
    let texts = files.flat_map(std::fs::read_to_string);
    // Short texts are tried more often in the same time, and find as much.
    let mut all: Vec<String> = texts.filter(|text| text.len() < 6_000).collect();
    for rule in cicd::lint::all() {
        all.extend([rule.bad, rule.good].map(<[&str]>::concat));
    }
    all.retain(|text| !text.is_empty());
    all
}
