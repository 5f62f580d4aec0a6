//! The files to lint, and those that they name.

use std::collections::HashSet;
use std::io::Read;
use std::path::Path;

use crate::commands::Failure;
use crate::diagnostics::{self, Diagnostics};
use crate::lint::{self, File, FileKind, Named};
use crate::source::Sources;

/// The files that were read so far.
#[derive(Default)]
pub(super) struct Load {
    pub(super) sources: Sources,
    pub(super) files: Vec<File>,
    /// What is wrong with files that are no text.
    pub(super) refused: Diagnostics,
    /// Repositories and paths of the files.
    known: HashSet<(String, String)>,
}

/// Where GitHub looks for workflows.
const WORKFLOWS: &str = ".github/workflows/";

/// Files that make a folder an action.
const ACTIONS: [&str; 2] = ["action.yml", "action.yaml"];
const IMAGES: [&str; 2] = ["Dockerfile", "dockerfile"];

impl Load {
    pub(super) fn stdin(&mut self, name: &str) -> Result<(), Failure> {
        let mut bytes = Vec::new();
        let read = std::io::stdin().lock().read_to_end(&mut bytes);
        read.map_err(|error| Failure::disk("read", "standard input", &error))?;
        self.add(name, bytes, true);
        Ok(())
    }

    pub(super) fn file(&mut self, path: &Path, wanted: bool) -> Result<(), Failure> {
        let shown = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|error| Failure::disk("read", &shown, &error))?;
        self.add(&shown, bytes, wanted);
        Ok(())
    }

    fn add(&mut self, name: &str, bytes: Vec<u8>, wanted: bool) {
        let slashed = name.replace('\\', "/");
        let at = slashed.find(WORKFLOWS).or_else(|| slashed.find(".github/"));
        let (repository, path) = slashed.split_at(at.unwrap_or_default());
        let place = [repository, path].map(|part| part.trim_start_matches("./").to_owned());
        self.place(name, bytes, place, wanted);
    }

    /// Adds a file with its repository and its path there.
    fn place(&mut self, name: &str, bytes: Vec<u8>, place: [String; 2], wanted: bool) {
        let [repository, path] = place;
        match diagnostics::load(&mut self.sources, name, bytes) {
            Ok(id) => {
                self.known.insert((repository.clone(), path.clone()));
                self.files.push(File {
                    id,
                    kind: FileKind::of(&path).unwrap_or(FileKind::Workflow),
                    repository,
                    path,
                    wanted,
                    absent: Vec::new(),
                });
            }
            Err(refused) => self.refused.push(*refused),
        }
    }

    /// Reads what the files to lint may name: the other workflows of their repositories, and
    /// the actions there.
    pub(super) fn rest(&mut self) {
        let folders = self.repositories();
        self.settle(&folders);
        for repository in &folders {
            let folder = Path::new(repository).join(WORKFLOWS);
            let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
            let mut paths: Vec<_> = entries.map(|entry| entry.path()).collect();
            paths.sort();
            for path in paths {
                let slashed = path.to_string_lossy().replace('\\', "/");
                let within = slashed.strip_prefix(repository).unwrap_or(&slashed);
                if FileKind::of(&slashed) == Some(FileKind::Workflow) {
                    self.neighbour(repository, within);
                }
            }
        }
        let mut at = 0;
        while at < self.files.len() {
            self.named(at);
            at += 1;
        }
    }

    /// The repositories of which a workflow was read.
    fn repositories(&self) -> Vec<String> {
        let workflows = self.files.iter();
        let workflows = workflows.filter(|file| file.path.starts_with(WORKFLOWS));
        let mut folders: Vec<_> = workflows.map(|file| file.repository.clone()).collect();
        folders.sort();
        folders.dedup();
        folders
    }

    /// Finds for each action elsewhere than below `.github` the repository that it lies in.
    fn settle(&mut self, repositories: &[String]) {
        for file in &mut self.files {
            if file.path.starts_with(".github/") {
                continue;
            }
            let ends = file.path.match_indices('/').map(|(at, _)| at + 1).rev();
            let root = ends.map(|end| &file.path[..end]).find(|folder| {
                repositories
                    .binary_search_by(|one| (**one).cmp(folder))
                    .is_ok()
            });
            if let Some(end) = root.map(str::len) {
                let path = file.path.split_off(end);
                file.repository = std::mem::replace(&mut file.path, path);
                let known = (file.repository.clone(), file.path.clone());
                self.known.insert(known);
            }
        }
    }

    /// Reads what a file names by a path; notes what is not there.
    fn named(&mut self, at: usize) {
        let file = &self.files[at];
        let Some(source) = self.sources.get(file.id) else {
            return;
        };
        let is_placed = file.path.starts_with(".github/") || file.kind == FileKind::Action;
        if !is_placed {
            return;
        }
        let named = lint::named(source.text(), file.kind);
        let named: Vec<_> = named.into_iter().map(Named::into_owned).collect();
        let repository = file.repository.clone();
        let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let folder = Path::new(&repository).join(folder);
        for one in named {
            let is_there = match &one {
                Named::Action(path) => self.action(&repository, path),
                Named::File(path) => is_module(&folder.join(path.as_ref())),
            };
            if !is_there {
                self.files[at].absent.push(one.into_path());
            }
        }
    }

    /// Reads the action in a folder; says whether there is one.
    fn action(&mut self, repository: &str, folder: &str) -> bool {
        let join = |name: &&str| match folder {
            "" => (*name).to_owned(),
            _ => format!("{folder}/{name}"),
        };
        let mut candidates = ACTIONS.iter().map(join);
        let is_action = candidates.any(|path| self.neighbour(repository, &path));
        let mut images = IMAGES.iter().map(join);
        is_action || images.any(|path| Path::new(repository).join(path).exists())
    }

    /// Reads a file that others may name; says whether it is there.
    fn neighbour(&mut self, repository: &str, path: &str) -> bool {
        let place = [repository, path].map(str::to_owned);
        if self.known.contains(&(place[0].clone(), place[1].clone())) {
            return true;
        }
        let file = Path::new(repository).join(path);
        // One that cannot be read is as good as none.
        let read = std::fs::read(&file);
        let is_there = read.is_ok();
        if let Ok(bytes) = read {
            self.place(&file.display().to_string(), bytes, place, false);
        }
        is_there
    }
}

/// Whether there is a file, which Node.js finds without its ending, too.
fn is_module(path: &Path) -> bool {
    let mut with_ending = path.as_os_str().to_owned();
    with_ending.push(".js");
    path.exists() || Path::new(&with_ending).exists()
}
