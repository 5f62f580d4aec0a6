//! A disk that is full: at whichever write it happens, nothing is lost and the next run mends.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::process::Command;

use super::children::{version, version_of};
use super::{RenderedFile, generate};
use crate::common::{Repo, Run};
use cicd::lock::JOURNAL_PATH;

/// Small enough that the files of one version fill a good part of it.
const SIZE: &str = "size=256k";
/// What a file of a version takes, at least.
const BLOCK: u64 = 4096;
const FILLER: &str = "filler";
const MINE: &str = ".github/workflows/mine.yml";

/// What happens on the small disk; without its environment this test does nothing.
#[test]
fn child() {
    let Some(root) = std::env::var_os("CICD_TEST_DISK") else {
        return;
    };
    let root = Path::new(&root);
    let (mut stopped, mut done) = (0, 0);
    for blocks in 0..40 {
        empty(root);
        fs::create_dir_all(root.join(".github/workflows")).unwrap();
        fs::write(root.join(MINE), "on: push # mine\n").unwrap();
        generate(root, &version(2)).unwrap();
        fill(root, blocks * BLOCK);
        let all_old = match generate(root, &version(3)) {
            Ok(outcome) => {
                assert!(outcome.written);
                done += 1;
                false
            }
            Err(_) => {
                stopped += 1;
                true
            }
        };
        check(root, if all_old { 2 } else { 3 }, blocks);
        fs::remove_file(root.join(FILLER)).unwrap();
        generate(root, &version(5)).unwrap();
        check(root, 5, blocks);
        assert!(
            !root.join(JOURNAL_PATH).exists(),
            "{blocks} blocks left a journal"
        );
    }
    println!("said: {stopped} stopped, {done} done");
}

fn empty(root: &Path) {
    for entry in fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => fs::remove_dir_all(path).unwrap(),
            false => fs::remove_file(path).unwrap(),
        }
    }
}

/// Fills the disk but for so many bytes.
fn fill(root: &Path, free: u64) {
    let mut options = OpenOptions::new();
    let mut filler = options
        .create_new(true)
        .write(true)
        .open(root.join(FILLER))
        .unwrap();
    let block = [b'x'; BLOCK as usize];
    let mut written = 0;
    while filler.write_all(&block).is_ok() {
        written += BLOCK;
    }
    filler.set_len(written.saturating_sub(free)).unwrap();
}

/// Every file is there, whole, and of this version.
fn check(root: &Path, number: u64, blocks: u64) {
    assert_eq!(
        fs::read_to_string(root.join(MINE)).unwrap(),
        "on: push # mine\n"
    );
    for RenderedFile { path, .. } in version(number) {
        let text = fs::read_to_string(root.join(&path));
        let text = text.unwrap_or_else(|error| panic!("{blocks} blocks: {path}: {error}"));
        assert_eq!(version_of(&path, &text), number, "{blocks} blocks: {path}");
    }
}

/// The disk lives in a space of its own, where even who is not root may mount one.
#[test]
fn at_whichever_write_the_disk_is_full_nothing_is_lost() {
    let disk = Repo::new();
    let program = std::env::current_exe().unwrap();
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c"]);
    command.arg(format!(
        "mount -t tmpfs -o {SIZE} tmpfs \"$CICD_TEST_DISK\" && exec \"$@\""
    ));
    command.arg("sh").arg(program);
    command.args(["--exact", "writes::full::child", "--nocapture"]);
    let run = Run::of(command.env("CICD_TEST_DISK", disk.root()));
    let said = run.out.lines().find_map(|line| line.strip_prefix("said: "));
    let Some(said) = said else {
        // Some systems forbid such spaces; ours in CI does not.
        let refused = run.err.contains("unshare") || run.err.contains("mount:");
        assert!(refused && std::env::var_os("CI").is_none(), "{run:?}");
        return;
    };
    let (stopped, done) = said.split_once(" stopped, ").unwrap();
    let done = done.strip_suffix(" done").unwrap();
    // Else the disk was never full, or always.
    let counts = [stopped, done].map(|count| count.parse::<u32>().unwrap());
    assert!(counts[0] >= 5 && counts[1] >= 5, "{said}");
}
