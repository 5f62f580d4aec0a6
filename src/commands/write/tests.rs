//! Errors in the middle of the renames, which no test from outside can time.

use super::*;

fn change<'a>(path: &'a str, before: Option<&'a str>, after: Option<&'a str>) -> Write<'a> {
    Write {
        path,
        before: before.map(str::as_bytes),
        after: after.map(str::as_bytes),
        executable: false,
        ours: true,
    }
}

/// Stages the writes, lets `meddle` happen, and renames.
fn commit(root: &Path, writes: &[Write<'_>], meddle: impl FnOnce()) -> Result<(), Stopped> {
    let repository = Repository::open(root).unwrap();
    let mut run = Run {
        repository: &repository,
        writes,
        nonce: 1,
        folders: Vec::new(),
    };
    let staged = (0..writes.len()).map(|index| run.stage(index));
    let staged = staged.collect::<Result<_, _>>().unwrap();
    meddle();
    run.commit(staged)
}

fn files(root: &Path) -> Vec<(String, String)> {
    let entries = walkdir::WalkDir::new(root).min_depth(1).sort_by_file_name();
    let entries = entries.into_iter().map(|entry| entry.unwrap());
    let text = |path: &Path| fs::read_to_string(path).unwrap_or_else(|_| "(folder)".to_owned());
    entries
        .map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, text(entry.path()))
        })
        .collect()
}

fn pairs<const N: usize>(files: [(&str, &str); N]) -> Vec<(String, String)> {
    files
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .into()
}

#[test]
fn a_file_that_changes_meanwhile_stops_and_undoes_all() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::write(root.join("a"), "old a").unwrap();
    fs::write(root.join("b"), "old b").unwrap();
    fs::write(root.join("d"), "old d").unwrap();
    let writes = [
        change("a", Some("old a"), Some("new a")),
        change("b", Some("old b"), None),
        change("new/c", None, Some("new c")),
        change("d", Some("old d"), Some("new d")),
    ];
    let stopped = commit(root, &writes, || {
        fs::write(root.join("d"), "by hand").unwrap()
    });
    let Err(Stopped::Clean(Failure::Reported(failed))) = stopped else {
        panic!("not undone");
    };
    let message = &failed.diagnostics.iter().next().unwrap().message;
    assert_eq!(message, "`d` changed while `cicd` was running");
    let expected = pairs([("a", "old a"), ("b", "old b"), ("d", "by hand")]);
    assert_eq!(files(root), expected);
}

#[test]
fn a_file_that_appears_meanwhile_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let writes = [
        change("a", None, Some("new a")),
        change("b", None, Some("new b")),
    ];
    let stopped = commit(root, &writes, || {
        fs::write(root.join("b"), "theirs").unwrap()
    });
    assert!(matches!(stopped, Err(Stopped::Clean(_))));
    assert_eq!(files(root), pairs([("b", "theirs")]));
}

#[cfg(unix)]
#[test]
fn a_link_that_appears_meanwhile_is_not_followed() {
    let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let root = folder.path();
    let writes = [
        change("a", None, Some("new a")),
        change("x/b", None, Some("new b")),
    ];
    let stopped = commit(root, &writes, || {
        fs::rename(root.join("x"), root.join("y")).unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), root.join("x")).unwrap();
    });
    assert!(matches!(stopped, Err(Stopped::Clean(_))));
    assert_eq!(files(elsewhere.path()), pairs([]));
    assert!(!root.join("a").exists());
}

#[test]
fn all_is_written_when_nothing_interferes() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::write(root.join("b"), "old b").unwrap();
    let writes = [
        change("a", None, Some("new a")),
        change("b", Some("old b"), None),
    ];
    assert!(commit(root, &writes, || {}).is_ok());
    assert_eq!(files(root), pairs([("a", "new a")]));
}
