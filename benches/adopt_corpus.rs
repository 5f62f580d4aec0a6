//! Adopts the workflows of every repository below a folder, in copies, and counts what
//! becomes of them: `cargo run --release --example adopt-corpus -- DIR`.
//!
//! After each adoption `generate` must have nothing to do, and every file the tree that it
//! had; the program fails if one has not. `--why` tells each refusal.
#![allow(clippy::print_stdout, missing_docs)]

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use cicd::commands::adopt::{self, Fate, Known, Options, What};
use cicd::commands::apply::Mode;
use cicd::commands::{Failure, Terminal, project};
use cicd::lock::tree_hash;
use cicd::report::{Color, Format};
use tempfile::TempDir;

/// What became of how many files.
#[derive(Default)]
struct Counts {
    repositories: usize,
    files: usize,
    planned: usize,
    pinned: usize,
    verbatim: usize,
    /// Those among the last two that a manifest could say in its own words.
    known: usize,
    unknown: BTreeMap<String, usize>,
    foreign: BTreeMap<&'static str, usize>,
    refused: BTreeMap<&'static str, usize>,
    wrong: Vec<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let (why, folders): (Vec<_>, Vec<_>) =
        std::env::args().skip(1).partition(|word| word == "--why");
    let folder = folders.first().ok_or("name a folder with repositories")?;
    let mut counts = Counts::default();
    for root in repositories(Path::new(folder)) {
        one(&root, !why.is_empty(), &mut counts)?;
        accepted(&root, &mut counts)?;
    }
    let Counts {
        repositories,
        files,
        planned,
        pinned,
        verbatim,
        ..
    } = counts;
    println!("{files} workflow files of {repositories} repositories");
    println!(
        "structured: {} (planned {planned}, pins {pinned})",
        planned + pinned
    );
    println!("verbatim:   {verbatim}");
    println!(
        "of these in the words of a manifest, if accepted: {}",
        counts.known
    );
    if !why.is_empty() {
        let mut reasons: Vec<_> = counts.unknown.iter().collect();
        reasons.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        reasons
            .iter()
            .for_each(|(reason, count)| println!("  {count:5} {reason}"));
    }
    println!(
        "foreign:    {} {:?}",
        counts.foreign.values().sum::<usize>(),
        counts.foreign
    );
    println!(
        "refused:    {} {:?}",
        counts.refused.values().sum::<usize>(),
        counts.refused
    );
    println!(
        "trees that differ, or drift afterwards: {}",
        counts.wrong.len()
    );
    counts.wrong.iter().for_each(|wrong| println!("  {wrong}"));
    if counts.wrong.is_empty() {
        Ok(())
    } else {
        Err("not all stayed what they were".into())
    }
}

/// The folders that have workflows.
fn repositories(folder: &Path) -> Vec<PathBuf> {
    let found = walkdir::WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .flatten();
    let workflows = found.filter(|entry| entry.path().ends_with(".github/workflows"));
    let roots =
        workflows.filter_map(|entry| entry.path().parent()?.parent().map(Path::to_path_buf));
    roots.collect()
}

/// The workflows of a repository in a folder of their own, and how they are adopted there.
fn copied(root: &Path, accept_differences: bool) -> Result<(TempDir, Options), Box<dyn Error>> {
    let copy = tempfile::tempdir()?;
    let workflows = copy.path().join(".github/workflows");
    fs::create_dir_all(&workflows)?;
    for entry in fs::read_dir(root.join(".github/workflows"))?.flatten() {
        if entry.file_type()?.is_file() {
            fs::copy(entry.path(), workflows.join(entry.file_name()))?;
        }
    }
    let options = Options {
        files: Vec::new(),
        manifest: copy.path().join("cicd.yml"),
        dry_run: false,
        yes: true,
        accept_differences,
    };
    Ok((copy, options))
}

/// With the differences of known shapes accepted, `generate` must have nothing to do either.
fn accepted(root: &Path, counts: &mut Counts) -> Result<(), Box<dyn Error>> {
    let (_copy, options) = copied(root, true)?;
    let name = root.display().to_string();
    let proposal = match adopt::propose(&options) {
        Ok(proposal) => proposal,
        Err(failure) => {
            counts
                .wrong
                .push(format!("{name}, accepted: {}", said(failure)));
            return Ok(());
        }
    };
    let mut planned = proposal.fates.iter().map(|fate| &fate.what);
    if !planned.any(|what| matches!(what, What::Planned(_))) {
        return Ok(());
    }
    if let Err(failure) = run(&options) {
        counts
            .wrong
            .push(format!("{name}, accepted: {}", said(failure)));
    } else if !is_clean(&options.manifest) {
        counts
            .wrong
            .push(format!("{name}, accepted: `generate` has something to do"));
    }
    Ok(())
}

fn one(root: &Path, why: bool, counts: &mut Counts) -> Result<(), Box<dyn Error>> {
    let (copy, options) = copied(root, false)?;
    let name = root.display().to_string();
    let fates = match adopt::propose(&options) {
        Ok(proposal) => proposal.fates,
        Err(failure) => {
            counts.wrong.push(format!("{name}: {}", said(failure)));
            return Ok(());
        }
    };
    counts.repositories += 1;
    for fate in &fates {
        count(&name, fate, why, counts);
    }
    if let Err(failure) = run(&options) {
        counts.wrong.push(format!("{name}: {}", said(failure)));
        return Ok(());
    }
    let adopted: Vec<_> = fates.iter().filter(|fate| fate.what.is_adopted()).collect();
    for fate in &adopted {
        let text = fs::read_to_string(copy.path().join(&fate.path))?;
        let before = String::from_utf8_lossy(&fate.bytes);
        if tree_hash(&fate.path, &text) != tree_hash(&fate.path, &before) || text == before {
            counts
                .wrong
                .push(format!("{name}: {} is not what it was", fate.path));
        }
    }
    if !adopted.is_empty() && !is_clean(&options.manifest) {
        counts
            .wrong
            .push(format!("{name}: `generate` has something to do"));
    }
    Ok(())
}

/// Adopts, and hears what is said.
fn run(options: &Options) -> Result<(), Failure> {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut terminal = Terminal {
        out: &mut out,
        err: &mut err,
        format: Format::Text,
        color: Color::Never,
    };
    adopt::run(options, &mut terminal).map(|_| ())
}

fn is_clean(manifest: &Path) -> bool {
    let Ok(project) = project::load(manifest) else {
        return false;
    };
    let outcome = project.apply(Mode::Check, &[]);
    outcome.is_ok_and(|outcome| outcome.is_clean())
}

fn count(root: &str, fate: &Fate, why: bool, counts: &mut Counts) {
    counts.files += 1;
    if let What::Own(own) = &fate.what {
        match &own.known {
            Known::Yes(_) => counts.known += 1,
            Known::No(reason) => *counts.unknown.entry(class(reason)).or_default() += 1,
            Known::Unasked => {}
        }
    }
    match &fate.what {
        What::Planned(_) => counts.planned += 1,
        What::Own(own) if own.pinned.is_empty() => counts.verbatim += 1,
        What::Own(_) => counts.pinned += 1,
        What::Foreign(generator) => *counts.foreign.entry(generator).or_default() += 1,
        What::Differs(_) => *counts.refused.entry("differs").or_default() += 1,
        What::Refused(refused) => {
            *counts.refused.entry(refused.code).or_default() += 1;
            if why {
                println!("{root}/{}: {}", fate.path, refused.message);
            }
        }
    }
}

/// A reason without what is the file's own.
fn class(reason: &str) -> String {
    let reason = reason.split(" in job ").next().unwrap_or(reason);
    let reason = reason.split(" than in ").next().unwrap_or(reason);
    reason.to_owned()
}

fn said(failure: Failure) -> String {
    match failure {
        Failure::Reported(report) => {
            let first = report.diagnostics.iter().next();
            first.map_or_else(String::new, |first| first.message.clone())
        }
        Failure::Output(error) => error.to_string(),
    }
}
