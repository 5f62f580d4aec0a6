//! Writes a table of names and texts for each folder that the program carries
//! with it; `src/assets.rs` says what they are.

use std::path::Path;
use std::{env, fs};

/// The folders, and what the files that count end with.
const FOLDERS: [(&str, &str); 4] = [
    ("presets", ".yml"),
    ("templates", ".yml.j2"),
    ("templates/scripts", ".sh"),
    ("templates/scripts/parts", ".sh"),
];

fn main() {
    let out = env::var_os("OUT_DIR").expect("cargo sets it");
    for (folder, ending) in FOLDERS {
        println!("cargo::rerun-if-changed={folder}");
        let file = format!("{}.rs", folder.replace('/', "-"));
        fs::write(Path::new(&out).join(file), table(folder, ending))
            .expect("cargo's folder can be written");
    }
}

/// The rows in the order of the names, which are the files' without their ending.
fn table(folder: &str, ending: &str) -> String {
    let files = fs::read_dir(folder).expect("the folder is part of the package");
    let mut names: Vec<String> = files
        .map(|file| file.expect("the folder can be read").file_name())
        .filter_map(|file| Some(file.to_str()?.strip_suffix(ending)?.to_owned()))
        .collect();
    names.sort_unstable();
    let rows: String = names
        .iter()
        .map(|name| {
            let path = format!("/{folder}/{name}{ending}");
            format!("({name:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {path:?}))),\n")
        })
        .collect();
    format!("&[\n{rows}]\n")
}
