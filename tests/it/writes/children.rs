//! Runs in processes of their own: killed, at the same time, without room or rights.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::{CI, Outcome, RenderedFile, SCRIPT, generate, refused, said, script, workflow};
use crate::common::{Repo, Run};
use cicd::lock::{JOURNAL_PATH, LOCK_PATH};

const HAND_WRITTEN: &str = ".github/workflows/mine.yml";

/// The files of one version: some always change, one comes and goes, one grows.
pub(super) fn version(number: u64) -> Vec<RenderedFile> {
    let text = |name: &str| {
        format!(
            "name: {name}\nversion: {number}\n{}",
            "# padding\n".repeat(200)
        )
    };
    let mut files: Vec<_> = (0..6)
        .map(|index| workflow(&format!(".github/workflows/w{index}.yml"), &text("w")))
        .collect();
    files.push(script(&text("script")));
    if number % 2 == 1 {
        files.push(workflow(".github/workflows/odd.yml", &text("odd")));
    }
    files
}

/// The number of the version that a text is from; panics unless the text is whole.
pub(super) fn version_of(path: &str, text: &str) -> u64 {
    let line = text
        .lines()
        .nth(1)
        .unwrap_or_else(|| panic!("{path} is cut: {text:?}"));
    let number = line.strip_prefix("version: ").unwrap().parse().unwrap();
    let whole = version(number)
        .into_iter()
        .find(|file| file.path == path)
        .unwrap();
    assert_eq!(text, whole.text, "{path} is half-written");
    number
}

/// What the children do; without its environment this test does nothing.
#[test]
fn child() {
    let Ok(task) = std::env::var("CICD_TEST_TASK") else {
        return;
    };
    let root = std::env::var_os("CICD_TEST_ROOT").unwrap();
    let root = std::path::Path::new(&root);
    let (word, number) = task.split_once(' ').unwrap();
    let number: u64 = number.parse().unwrap();
    println!("\nready");
    match word {
        "forever" => {
            for number in number..u64::MAX {
                assert!(generate(root, &version(number)).unwrap().written);
            }
        }
        "once" => match generate(root, &version(number)) {
            Ok(Outcome { written, .. }) => println!("said: {written}"),
            Err(failure) => println!("said: {}", said(failure).join(" | ")),
        },
        "large" => {
            let large = workflow(CI, &"# large\n".repeat(100_000));
            let failure = generate(root, &[version(1), vec![large]].concat()).unwrap_err();
            println!("said: {}", said(failure).join(" | "));
        }
        _ => panic!("{task}"),
    }
}

fn command(repo: &Repo, task: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "writes::children::child", "--nocapture"])
        .env("CICD_TEST_TASK", task)
        .env("CICD_TEST_ROOT", repo.root());
    command
}

fn start(repo: &Repo, task: &str) -> Child {
    let mut child = command(repo, task).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
    while lines.next().unwrap().unwrap() != "ready" {}
    child
}

fn answer(run: &Run) -> &str {
    let mut lines = run.out.lines();
    let said = lines.find_map(|line| line.strip_prefix("said: "));
    said.unwrap_or_else(|| panic!("{run:?}"))
}

/// No temporaries, no journal, and every file of this version as rendered.
fn assert_is_exactly(repo: &Repo, number: u64) {
    let mut expected: Vec<_> = version(number).into_iter().map(|file| file.path).collect();
    expected.extend([HAND_WRITTEN.to_owned(), LOCK_PATH.to_owned()]);
    expected.sort();
    assert_eq!(repo.files(), expected);
    for file in version(number) {
        assert_eq!(repo.read(&file.path), file.text);
    }
    assert_eq!(repo.read(HAND_WRITTEN), "on: push # mine\n");
}

/// How often a run is killed; CI asks for more than anybody wants to wait for at each change.
fn kills() -> u64 {
    let asked = std::env::var("CICD_TEST_KILLS").ok();
    asked.map_or(120, |asked| asked.parse().unwrap())
}

#[test]
fn killed_at_any_instant_the_next_run_mends() {
    let repo = Repo::new();
    repo.write(HAND_WRITTEN, "on: push # mine\n");
    let (mut interrupted, mut mixed) = (0, 0);
    let mut random = 88_172_645_463_325_252_u64;
    for round in 1..=kills() {
        let mut child = start(&repo, &format!("forever {}", round * 1_000_000));
        if round % 2 == 0 {
            // The moment between two renames is short, so half of the kills aim at it.
            let first = || fs::metadata(repo.path(SCRIPT)).ok().map(|file| file.ino());
            let (before, give_up) = (first(), Instant::now() + Duration::from_secs(60));
            while first() == before && Instant::now() < give_up {
                std::thread::sleep(Duration::from_micros(10));
            }
        } else {
            // Xorshift: any spread over the first milliseconds of writing will do.
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            std::thread::sleep(Duration::from_micros(random % 20_000));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        interrupted += u32::from(repo.path(JOURNAL_PATH).exists());
        let found: Vec<_> = version(1)
            .iter()
            .filter(|file| repo.path(&file.path).exists())
            .map(|file| version_of(&file.path, &repo.read(&file.path)))
            .collect();
        let distinct: std::collections::BTreeSet<_> = found.into_iter().collect();
        assert!(distinct.len() <= 2, "{distinct:?}");
        mixed += u32::from(distinct.len() == 2);
        // Both a next version and the one before that must find their way out.
        let next = round * 1_000_000 + 999_998 + round % 2;
        let outcome = generate(repo.root(), &version(next)).unwrap();
        assert!(outcome.written, "round {round}: {:?}", outcome.refusals());
        assert_is_exactly(&repo, next);
    }
    // Else the kills came too early or too late to show anything.
    let enough = u32::try_from(kills()).unwrap() / 6;
    assert!(interrupted >= enough, "{interrupted} kills hit a run");
    assert!(
        mixed >= enough / 4,
        "{mixed} kills fell between two renames"
    );
}

#[test]
fn a_hand_edit_after_a_kill_is_still_refused() {
    let repo = Repo::new();
    let edited = ".github/workflows/w0.yml";
    let mut tries = 0;
    while !repo.path(JOURNAL_PATH).exists() || !repo.path(edited).exists() {
        let mut child = start(&repo, &format!("forever {}", (tries + 1) * 1_000_000));
        std::thread::sleep(Duration::from_millis(5 + tries));
        child.kill().unwrap();
        child.wait().unwrap();
        tries += 1;
        assert!(tries < 200, "no run was hit");
    }
    repo.write(edited, "on: push # by hand\n");
    let messages = refused(&repo, &version(3));
    assert_eq!(messages.len(), 1, "{messages:?}");
    assert_eq!(repo.read(edited), "on: push # by hand\n");
}

#[test]
fn runs_at_the_same_time_wait_for_each_other() {
    let repo = Repo::new();
    repo.write(HAND_WRITTEN, "on: push # mine\n");
    for round in 0..5 {
        let children: Vec<_> = (0..6)
            .map(|index| {
                let mut command = command(&repo, &format!("once {}", round * 10 + index));
                command.stdout(Stdio::piped()).spawn().unwrap()
            })
            .collect();
        for child in children {
            let output = child.wait_with_output().unwrap();
            let out = String::from_utf8(output.stdout).unwrap();
            assert!(out.contains("said: true"), "{out}");
        }
        let path = ".github/workflows/w0.yml";
        let last = version_of(path, &repo.read(path));
        assert_is_exactly(&repo, last);
    }
}

#[test]
fn without_room_nothing_is_half_written() {
    let repo = Repo::new();
    repo.write(HAND_WRITTEN, "on: push # mine\n");
    for before in [false, true] {
        if before {
            generate(repo.root(), &version(2)).unwrap();
        }
        let snapshot = repo.snapshot();
        // A file may have no more than 16 to 32 kB, depending on the shell's units.
        let child = command(&repo, "large 1");
        let mut shell = Command::new("sh");
        shell.args(["-c", "trap '' XFSZ; ulimit -f 32; exec \"$@\"", "sh"]);
        shell.arg(child.get_program()).args(child.get_args());
        shell.envs(
            child
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        );
        let run = Run::of(&mut shell);
        assert_eq!(answer(&run), format!("cannot write `{CI}`: file too large"));
        assert_eq!(repo.snapshot(), snapshot);
        let folder = repo.path(".github/cicd");
        assert_eq!(
            folder.exists(),
            before,
            "folders made on the way go as well"
        );
    }
}

#[test]
fn without_rights_nothing_is_half_written() {
    use std::os::unix::fs::{PermissionsExt, chown};
    let repo = Repo::new();
    repo.write(HAND_WRITTEN, "on: push # mine\n");
    generate(repo.root(), &version(2)).unwrap();
    let mut child = command(&repo, "once 3");
    if fs::metadata(repo.root()).unwrap().uid() == 0 {
        // Root may write anywhere, so somebody else has to try.
        let nobody = 65534;
        for entry in walkdir::WalkDir::new(repo.root()) {
            chown(entry.unwrap().path(), Some(nobody), Some(nobody)).unwrap();
        }
        child.uid(nobody).gid(nobody);
    }
    let folder = repo.path(".github/workflows");
    fs::set_permissions(&folder, PermissionsExt::from_mode(0o555)).unwrap();
    let snapshot = repo.snapshot();
    let run = Run::of(&mut child);
    fs::set_permissions(&folder, PermissionsExt::from_mode(0o755)).unwrap();
    let first = "cannot write `.github/workflows/odd.yml`: permission denied";
    assert_eq!(answer(&run), first);
    assert_eq!(repo.snapshot(), snapshot);
}

/// Taking turns means a journal that is made, made safe on the disk and removed.
#[test]
fn what_is_clean_needs_no_turn() {
    let repo = Repo::new();
    repo.write(HAND_WRITTEN, "on: push # mine\n");
    generate(repo.root(), &version(1)).unwrap();
    let folder = repo.path(JOURNAL_PATH).parent().unwrap().to_owned();
    let long_ago = std::time::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    let open = fs::File::open(&folder).unwrap();
    open.set_modified(long_ago).unwrap();
    assert!(generate(repo.root(), &version(1)).unwrap().is_clean());
    assert_eq!(fs::metadata(&folder).unwrap().modified().unwrap(), long_ago);
    assert!(generate(repo.root(), &version(2)).unwrap().written);
    assert_ne!(fs::metadata(&folder).unwrap().modified().unwrap(), long_ago);
}
