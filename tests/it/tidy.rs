//! The floors: a module imports only what stands below it in `src/lib.rs`.

use std::fs;
use std::path::{Path, PathBuf};

/// Top to bottom, as in `src/lib.rs`.
const FLOORS: &[&str] = &[
    "cli",
    "commands",
    "report",
    "scaffold",
    "detect",
    "adopt",
    "drift",
    "pins",
    "lint",
    "workflow",
    "render",
    "plan",
    "manifest",
    "blocks",
    "pipeline",
    "glob",
    "parallel",
    "lock",
    "knowledge",
    "assets",
    "expression",
    "syntax",
    "diagnostics",
    "source",
];

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The modules of ours that a file names by `crate::…`, tests within the file left out.
fn imports(text: &str) -> Vec<String> {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let mut modules = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let group = group.split('}').next().unwrap_or_default();
            modules.extend(group.split(',').map(|item| {
                item.trim()
                    .split("::")
                    .next()
                    .unwrap_or_default()
                    .to_owned()
            }));
        } else {
            modules.push(
                rest.chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '_')
                    .collect(),
            );
        }
    }
    modules
}

#[test]
fn no_module_imports_upwards() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    let floor = |name: &str| FLOORS.iter().position(|floor| *floor == name);
    let mut wrong = Vec::new();
    for file in files {
        let relative = file.strip_prefix(&src).unwrap();
        let first = relative
            .components()
            .next()
            .unwrap()
            .as_os_str()
            .to_string_lossy()
            .into_owned();
        let own = first.trim_end_matches(".rs").to_owned();
        if own == "lib" || own == "main" {
            continue;
        }
        let here = floor(&own).unwrap_or_else(|| {
            panic!("src/{own} is on no floor: add it to FLOORS and to src/lib.rs")
        });
        for import in imports(&fs::read_to_string(&file).unwrap()) {
            match floor(&import) {
                Some(there) if there < here => wrong.push(format!(
                    "{} imports crate::{import}, which stands above {own}",
                    relative.display()
                )),
                _ => {}
            }
        }
    }
    assert!(wrong.is_empty(), "imports upwards:\n{}", wrong.join("\n"));
}

#[test]
fn the_floors_are_those_of_lib_rs() {
    let lib = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    let listed: Vec<_> = lib
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod "))
        .map(|name| name.trim_end_matches(';'))
        .collect();
    assert_eq!(listed, FLOORS);
}
