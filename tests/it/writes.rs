//! `apply` on real folders: nothing foreign is lost, nothing is half-written.

use std::fs;
use std::path::Path;

use cicd::commands::Failure;
use cicd::commands::apply::{Mode, Options, Outcome, apply};
use cicd::diagnostics::load;
use cicd::drift::{ChangeKind, Spoken, write_patch};
use cicd::knowledge::actions::pin;
use cicd::lock::{
    Hash, JOURNAL_PATH, Journal, LOCK_PATH, PINS_PATH, PinMode, Pins, temporary_beside,
};
use cicd::pipeline::SupportFile;
use cicd::render::{FileKind, RenderedFile};
use cicd::source::Sources;

use crate::common::{Repo, Run};

#[cfg(unix)]
mod children;
#[cfg(target_os = "linux")]
mod full;
mod support;

const CI: &str = ".github/workflows/ci.yml";
const SCRIPT: &str = ".github/cicd/health.sh";

static SPOKEN: Spoken = Spoken {
    flags: String::new(),
    folder: String::new(),
};

fn options(mode: Mode, force: &[String]) -> Options<'_> {
    Options {
        mode,
        force,
        templates: Hash::of_bytes(b"templates"),
        manifest: Hash::of_bytes(b"manifest"),
        spoken: &SPOKEN,
    }
}

fn workflow(path: &str, text: &str) -> RenderedFile {
    RenderedFile {
        path: path.to_owned(),
        text: text.to_owned(),
        kind: FileKind::Workflow,
    }
}

fn script(text: &str) -> RenderedFile {
    RenderedFile {
        kind: FileKind::Support(SupportFile::exclusive("", "").executable().care),
        ..workflow(SCRIPT, text)
    }
}

fn generate(root: &Path, rendered: &[RenderedFile]) -> Result<Outcome, Failure> {
    apply(root, rendered, &options(Mode::Write, &[]))
}

fn kinds(outcome: &Outcome) -> Vec<(&str, ChangeKind)> {
    let changes = outcome.changes.iter();
    changes.map(|change| (&*change.path, change.kind)).collect()
}

/// The messages of a failure, each with its notes.
fn said(failure: Failure) -> Vec<String> {
    let Failure::Reported(report) = failure else {
        panic!("{failure:?}");
    };
    let all = report.diagnostics.iter();
    all.map(|one| format!("{}: {}", one.message, one.notes.join("; ")))
        .collect()
}

/// The messages of a run that must fail and leave every file as it was.
fn refused(repo: &Repo, rendered: &[RenderedFile]) -> Vec<String> {
    let before = repo.snapshot();
    let messages = match generate(repo.root(), rendered) {
        Err(failure) => said(failure),
        Ok(outcome) => {
            assert!(!outcome.written);
            let refusals = outcome.refusals();
            refusals.iter().map(|one| one.message.clone()).collect()
        }
    };
    assert_eq!(repo.snapshot(), before);
    messages
}

#[test]
fn a_life_of_create_update_unchanged_and_orphan() {
    let repo = Repo::new();
    let first = [workflow(CI, "on: push\n"), script("#!/bin/sh\n")];
    let outcome = generate(repo.root(), &first).unwrap();
    assert!(outcome.written);
    assert_eq!(
        kinds(&outcome),
        [(SCRIPT, ChangeKind::Create), (CI, ChangeKind::Create)]
    );
    assert_eq!(repo.files(), [LOCK_PATH, SCRIPT, CI]);
    assert_eq!(repo.read(CI), "on: push\n");

    let outcome = generate(repo.root(), &first).unwrap();
    assert!(outcome.is_clean() && !outcome.written);

    let second = [workflow(CI, "on: [push]\n")];
    let check = apply(repo.root(), &second, &options(Mode::Check, &[])).unwrap();
    assert_eq!(
        kinds(&check),
        [(SCRIPT, ChangeKind::Remove), (CI, ChangeKind::Update)]
    );
    assert_eq!(repo.read(CI), "on: push\n", "a check writes nothing");
    assert!(generate(repo.root(), &second).unwrap().written);
    assert_eq!(repo.files(), [LOCK_PATH, CI]);
    assert_eq!(repo.read(CI), "on: [push]\n");
    assert!(!repo.read(LOCK_PATH).contains("health.sh"));
}

#[cfg(unix)]
#[test]
fn modes_are_kept_and_scripts_run() {
    use std::os::unix::fs::PermissionsExt;
    let repo = Repo::new();
    let mode = |path: &str| fs::metadata(repo.path(path)).unwrap().permissions().mode() & 0o777;
    generate(
        repo.root(),
        &[workflow(CI, "a: 1\n"), script("#!/bin/sh\n")],
    )
    .unwrap();
    assert_eq!(mode(SCRIPT) & 0o100, 0o100);
    assert_eq!(mode(CI) & 0o111, 0);
    fs::set_permissions(repo.path(CI), PermissionsExt::from_mode(0o640)).unwrap();
    fs::set_permissions(repo.path(SCRIPT), PermissionsExt::from_mode(0o640)).unwrap();
    generate(
        repo.root(),
        &[workflow(CI, "a: 2\n"), script("#!/bin/sh\ntrue\n")],
    )
    .unwrap();
    assert_eq!((mode(CI), mode(SCRIPT)), (0o640, 0o750));
}

#[test]
fn a_file_that_does_not_change_is_not_touched() {
    let repo = Repo::new();
    generate(repo.root(), &[workflow(CI, "a: 1\n"), script("x\n")]).unwrap();
    let long_ago = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    let file = fs::File::options()
        .write(true)
        .open(repo.path(SCRIPT))
        .unwrap();
    file.set_modified(long_ago).unwrap();
    drop(file);
    assert!(
        generate(repo.root(), &[workflow(CI, "a: 2\n"), script("x\n")])
            .unwrap()
            .written
    );
    let modified = fs::metadata(repo.path(SCRIPT)).unwrap().modified().unwrap();
    assert_eq!(modified, long_ago);
}

#[test]
fn hand_edited_files_stop_the_whole_run() {
    let repo = Repo::new();
    let other = ".github/workflows/b.yml";
    generate(
        repo.root(),
        &[workflow(CI, "a: 1\n"), workflow(other, "b: 1\n")],
    )
    .unwrap();
    repo.write(CI, "a: 1 # mine\nb: 2\n");
    let next = [workflow(CI, "a: 2\n"), workflow(other, "b: 2\n")];
    assert_eq!(
        refused(&repo, &next),
        ["`.github/workflows/ci.yml` was edited by hand"]
    );
    assert_eq!(
        refused(&repo, &[workflow(other, "b: 1\n")]),
        ["`.github/workflows/ci.yml` is no longer generated, but was edited by hand"]
    );
    let force = [CI.to_owned()];
    let outcome = apply(repo.root(), &next, &options(Mode::Write, &force)).unwrap();
    assert!(outcome.written);
    assert_eq!(
        (repo.read(CI), repo.read(other)),
        ("a: 2\n".into(), "b: 2\n".into())
    );
}

#[test]
fn foreign_files_are_refused_and_their_generator_named() {
    let repo = Repo::new();
    repo.write(CI, "on: push\n");
    let rendered = [workflow(CI, "on: [push]\n")];
    assert_eq!(
        refused(&repo, &rendered),
        ["`.github/workflows/ci.yml` exists and is not ours"]
    );
    repo.write(
        CI,
        "# ~~ Generated by projen. To modify, edit .projenrc.ts\non: push\n",
    );
    assert_eq!(
        refused(&repo, &rendered),
        ["`.github/workflows/ci.yml` is generated by projen"]
    );
    assert_eq!(repo.files(), [CI], "not even a lock");
    repo.write(CI, "on: [push]\n");
    assert!(
        generate(repo.root(), &rendered).unwrap().written,
        "the same text is adopted"
    );
    assert_eq!(repo.files(), [LOCK_PATH, CI]);
}

#[test]
fn a_checkout_with_crlf_is_no_drift() {
    let repo = Repo::new();
    let rendered = [workflow(CI, "on: push\njobs: {}\n"), script("a\nb\n")];
    generate(repo.root(), &rendered).unwrap();
    for path in repo.files() {
        repo.write(&path, repo.read(&path).replace('\n', "\r\n"));
    }
    let before = repo.snapshot();
    assert!(generate(repo.root(), &rendered).unwrap().is_clean());
    assert_eq!(repo.snapshot(), before);
    assert!(
        generate(repo.root(), &[workflow(CI, "on: pull_request\n")])
            .unwrap()
            .written
    );
    assert_eq!(repo.files(), [LOCK_PATH, CI]);
}

#[cfg(unix)]
#[test]
fn symbolic_links_are_never_followed() {
    use std::os::unix::fs::symlink;
    let rendered = [workflow(CI, "on: push\n")];
    for link in [
        ".github",
        ".github/workflows",
        ".github/cicd",
        CI,
        LOCK_PATH,
        JOURNAL_PATH,
    ] {
        let (repo, elsewhere) = (Repo::new(), Repo::new());
        elsewhere.write("victim", "precious");
        let path = repo.path(link);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let target = if [CI, LOCK_PATH, JOURNAL_PATH].contains(&link) {
            elsewhere.path("victim")
        } else {
            elsewhere.root().to_owned()
        };
        symlink(target, path).unwrap();
        let messages = said(generate(repo.root(), &rendered).unwrap_err());
        assert_eq!(
            messages,
            [format!(
                "`{link}` is a symbolic link: files written through it could end up outside the repository"
            )]
        );
        assert_eq!(
            elsewhere.snapshot(),
            [("victim".to_owned(), b"precious".to_vec())],
            "{link}"
        );
    }
}

#[test]
fn what_is_no_file_is_refused_without_hanging() {
    let repo = Repo::new();
    fs::create_dir_all(repo.path(CI)).unwrap();
    let rendered = [workflow(CI, "on: push\n")];
    assert!(refused(&repo, &rendered)[0].starts_with("`.github/workflows/ci.yml` is no file"));
    fs::remove_dir(repo.path(CI)).unwrap();
    #[cfg(unix)]
    {
        // A named pipe would block whoever opens it.
        let made = std::process::Command::new("mkfifo")
            .arg(repo.path(CI))
            .status()
            .unwrap();
        assert!(made.success());
        let messages = said(generate(repo.root(), &rendered).unwrap_err());
        assert!(messages[0].starts_with("`.github/workflows/ci.yml` is no file"));
    }
    let repo = Repo::new();
    repo.write(".github", "a file");
    assert!(refused(&repo, &rendered)[0].starts_with("`.github` is no folder"));
}

#[test]
fn a_place_outside_the_repository_is_refused() {
    let repo = Repo::new();
    for path in [
        "../x.yml",
        "/tmp/x.yml",
        "a\\x.yml",
        ".git/config",
        LOCK_PATH,
        JOURNAL_PATH,
    ] {
        let messages = refused(&repo, &[workflow(path, "a: 1\n")]);
        assert!(
            messages[0].contains("is no place for a generated file"),
            "{messages:?}"
        );
    }
    assert_eq!(repo.files(), Vec::<String>::new());
}

#[test]
fn a_bump_by_a_bot_reaches_the_workflows() {
    let repo = Repo::new();
    // As `generate` does it: the pins on disk, then the workflows that use them.
    let rendered = |actions: &[&str]| {
        let mut sources = Sources::new();
        let on_disk = fs::read(repo.path(PINS_PATH)).unwrap_or_default();
        let id = load(&mut sources, PINS_PATH, on_disk).unwrap();
        let (pins, problems) = Pins::parse(sources.get(id).unwrap(), id, PinMode::Sha);
        assert!(problems.is_empty());
        let pins = pins.for_actions(actions.iter().copied()).unwrap();
        let uses = pins
            .iter()
            .map(|pin| format!("- uses: {}@{}\n", pin.action, pin.sha));
        let file = RenderedFile {
            kind: FileKind::Pins,
            ..workflow(PINS_PATH, &pins.to_string())
        };
        [workflow(CI, &uses.collect::<String>()), file]
    };
    let shipped = pin("actions/checkout").unwrap();
    let bumped = "a".repeat(40);
    generate(repo.root(), &rendered(&["actions/checkout"])).unwrap();
    let pins = repo.read(PINS_PATH).replace(&shipped.sha, &bumped);
    repo.write(PINS_PATH, pins.replace(&shipped.tag, "v99.0.0"));

    let outcome = generate(repo.root(), &rendered(&["actions/checkout"])).unwrap();
    let (unchanged, update) = (ChangeKind::Unchanged, ChangeKind::Update);
    assert_eq!(kinds(&outcome), [(PINS_PATH, unchanged), (CI, update)]);
    assert_eq!(
        repo.read(CI),
        format!("- uses: actions/checkout@{bumped}\n")
    );

    // A bump and a new action at once: the file of pins is not "edited by hand".
    repo.write(
        PINS_PATH,
        repo.read(PINS_PATH).replace("v99.0.0", "v99.0.1"),
    );
    let outcome = generate(
        repo.root(),
        &rendered(&["actions/checkout", "actions/cache"]),
    )
    .unwrap();
    assert_eq!(kinds(&outcome), [(PINS_PATH, update), (CI, update)]);
    assert!(repo.read(PINS_PATH).contains("# v99.0.1\n"));
    assert!(repo.read(PINS_PATH).contains("- uses: actions/cache@"));
}

#[test]
fn forcing_a_slip_of_the_pen_is_an_error() {
    let repo = Repo::new();
    let rendered = [workflow(CI, "on: push\n")];
    let force = [".github/workflows/cii.yml".to_owned()];
    let failure = apply(repo.root(), &rendered, &options(Mode::Write, &force)).unwrap_err();
    let messages = said(failure);
    assert!(messages[0].starts_with("`.github/workflows/cii.yml` is no file that is generated"));
    assert_eq!(repo.files(), Vec::<String>::new());
}

#[test]
fn a_hostile_lock_removes_nothing() {
    let repo = Repo::new();
    generate(repo.root(), &[workflow(CI, "on: push\n")]).unwrap();
    repo.write("src/main.rs", "fn main() {}\n");
    let lock = repo.read(LOCK_PATH);
    for path in [
        "../victim",
        "/etc/hostname",
        ".git/config",
        "a/../../b",
        "C:/x",
        "a\\\\b",
    ] {
        repo.write(LOCK_PATH, lock.replace(CI, path));
        let messages = refused(&repo, &[]);
        assert!(
            messages[0].contains("which is no path of an output"),
            "{messages:?}"
        );
    }
    // A file of the repository can be named, but its hash is not that of the lock.
    repo.write(LOCK_PATH, lock.replace(CI, "src/main.rs"));
    assert_eq!(
        refused(&repo, &[]),
        ["`src/main.rs` is no longer generated, but was edited by hand"]
    );
}

#[test]
fn after_a_merge_conflict_in_the_lock_what_either_branch_wrote_is_ours() {
    let repo = Repo::new();
    let (theirs, ours) = ("on: push\n", "on: [push]\njobs: {}\n");
    let line = |text: &str| {
        generate(repo.root(), &[workflow(CI, text)]).unwrap();
        let lock = repo.read(LOCK_PATH);
        lock.lines().last().unwrap().to_owned()
    };
    let (left, right) = (line(theirs), line(ours));
    let lock = repo.read(LOCK_PATH);
    let conflict = format!("<<<<<<< HEAD\n{right}\n=======\n{left}\n>>>>>>> topic");
    repo.write(LOCK_PATH, lock.replace(&right, &conflict));
    repo.write(CI, theirs);
    let rendered = [workflow(CI, "on: pull_request\n")];
    let outcome = generate(repo.root(), &rendered).unwrap();
    assert_eq!(kinds(&outcome), [(CI, ChangeKind::Update)]);
    assert_eq!(repo.read(CI), rendered[0].text);
    assert!(!repo.read(LOCK_PATH).contains("<<<<<<<"));
}

#[test]
fn a_merge_conflict_in_the_lock_that_cannot_be_read_is_called_one() {
    let repo = Repo::new();
    let rendered = [workflow(CI, "on: push\n")];
    generate(repo.root(), &rendered).unwrap();
    let lock = repo.read(LOCK_PATH);
    repo.write(
        LOCK_PATH,
        lock.replace("[outputs]\n", "[outputs]\n<<<<<<< HEAD\n"),
    );
    let messages = refused(&repo, &rendered);
    assert!(
        messages[0].starts_with("the lock is in the middle of a merge"),
        "{messages:?}"
    );
}

#[test]
fn a_patch_makes_the_same_files_with_git() {
    let repo = Repo::new();
    let (odd, gone) = (".github/workflows/a b ü.yml", ".github/workflows/gone.yml");
    generate(
        repo.root(),
        &[workflow(CI, "a: 1\nb: 2"), workflow(gone, "x: 1\n")],
    )
    .unwrap();
    let next = [
        workflow(CI, "a: 1\nb: 3\n"),
        workflow(odd, "new: 1\n"),
        script("#!/bin/sh\n"),
    ];
    let check = apply(repo.root(), &next, &options(Mode::Check, &[])).unwrap();
    let mut patch = Vec::new();
    for change in &check.changes {
        write_patch(change, "", &mut patch).unwrap();
    }
    repo.write("patch", &patch);
    let git = |arguments: &[&str]| {
        let mut command = std::process::Command::new("git");
        let run = Run::of(command.args(arguments).current_dir(repo.root()));
        assert_eq!(run.code, 0, "{run:?}\n{}", repo.read("patch"));
    };
    git(&["init", "-q"]);
    git(&["apply", "patch"]);
    assert_eq!(repo.read(CI), "a: 1\nb: 3\n");
    assert_eq!(repo.read(odd), "new: 1\n");
    assert_eq!(repo.read(SCRIPT), "#!/bin/sh\n");
    assert!(!repo.path(gone).exists());
}

#[test]
fn only_the_named_temporaries_of_a_dead_run_are_swept() {
    let repo = Repo::new();
    let rendered = [workflow(CI, "on: push\n")];
    let journal = Journal {
        texts: [(CI.to_owned(), Hash::of_bytes(b"half\n"))].into(),
        temporaries: [temporary_beside(CI, 1)].into(),
    };
    repo.write(JOURNAL_PATH, journal.append_to(b""));
    repo.write(CI, "half\n");
    repo.write(&temporary_beside(CI, 1), "ha");
    repo.write(&temporary_beside(CI, 2), "not named");
    let check = apply(repo.root(), &rendered, &options(Mode::Check, &[])).unwrap();
    assert!(check.interrupted);
    assert!(generate(repo.root(), &rendered).unwrap().written);
    assert_eq!(repo.files(), [LOCK_PATH, &temporary_beside(CI, 2), CI]);
    assert_eq!(repo.read(CI), "on: push\n");
    // A journal alone, left just before its removal, goes as well.
    repo.write(JOURNAL_PATH, "");
    let outcome = generate(repo.root(), &rendered).unwrap();
    assert!(outcome.interrupted && outcome.is_clean());
    assert!(!repo.path(JOURNAL_PATH).exists());
}
