//! Every preset with the files it becomes, as real files that people can browse
//! and other tools can be run on. `UPDATE_SNAPSHOTS=1 cargo test` writes them anew.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use cicd::assets::PRESETS;
use cicd::commands::project;

fn folder(preset: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("snapshots")
        .join(preset)
}

/// The files that a preset becomes in an empty repository.
fn generated(preset: &str, text: &str) -> BTreeMap<String, String> {
    let root = tempfile::tempdir().unwrap();
    let project = project::build(root.path(), "cicd.yml", text.as_bytes().to_vec());
    let project = project.unwrap_or_else(|failure| panic!("{preset}: {failure:?}"));
    project
        .rendered
        .into_iter()
        .map(|file| (file.path, file.text))
        .collect()
}

fn found(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found(root, &path, files);
        } else {
            let name = path
                .strip_prefix(root)
                .unwrap()
                .to_string_lossy()
                .replace('\\', "/");
            files.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn snapshots_are_what_the_presets_become() {
    let update = std::env::var_os("UPDATE_SNAPSHOTS").is_some();
    for (preset, text) in PRESETS {
        let wanted = generated(preset, text);
        let root = folder(preset);
        if update {
            let _ = fs::remove_dir_all(&root);
            for (name, text) in &wanted {
                let path = root.join(name);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            }
            continue;
        }
        let mut files = BTreeMap::new();
        found(&root, &root, &mut files);
        for (name, text) in &wanted {
            let there = files.remove(name);
            assert!(
                there.as_ref() == Some(text),
                "snapshots/{preset}/{name} is stale: run `UPDATE_SNAPSHOTS=1 cargo test snapshots` and read the difference"
            );
        }
        assert!(
            files.is_empty(),
            "snapshots/{preset} has files that nothing writes: {:?}",
            files.keys()
        );
    }
}

#[test]
fn the_same_manifest_gives_the_same_bytes() {
    for (preset, text) in PRESETS {
        assert_eq!(generated(preset, text), generated(preset, text), "{preset}");
    }
}

/// People choose by the first comment, and those in a hurry by its beginning.
#[test]
fn every_preset_says_what_it_is_for_and_bears_its_name() {
    for (preset, text) in PRESETS {
        let about: Vec<_> = text
            .lines()
            .take_while(|line| line.starts_with("# "))
            .collect();
        assert!((1..=3).contains(&about.len()), "{preset}");
        assert!(about.last().unwrap().ends_with('.'), "{preset}");
        assert!(text.contains(&format!("\nname: {preset}\n")), "{preset}");
    }
}
