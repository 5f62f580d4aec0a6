//! The files that others name: actions of the repository, and what those run.

use std::path::Path;

use super::input::Input;
use super::load::Loaded;
use crate::lint::Named;

/// Files that make a folder an action.
const ACTIONS: [&str; 2] = ["action.yml", "action.yaml"];
const IMAGES: [&str; 2] = ["Dockerfile", "dockerfile"];

impl Loaded {
    /// Reads the actions that the files name, and notes what is not there.
    pub(super) fn read_named(&mut self) {
        let mut at = 0;
        // What was read on the way is searched, too.
        while at < self.files.len() {
            let named = std::mem::take(&mut self.named[at]);
            self.read_all(at, named);
            at += 1;
        }
    }

    fn read_all(&mut self, at: usize, named: Vec<Named<'_>>) {
        if named.is_empty() {
            return;
        }
        let file = &self.files[at];
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

    /// Reads a file that others name; says whether it is there.
    fn neighbour(&mut self, repository: &str, path: &str) -> bool {
        let place = (repository.to_owned(), path.to_owned());
        if self.known.contains(&place) {
            return true;
        }
        let file = Path::new(repository).join(path);
        // One that cannot be read is as good as none.
        let read = std::fs::read(&file);
        let is_there = read.is_ok();
        if is_there {
            let shown = file.to_string_lossy().into_owned();
            let (repository, path) = place.clone();
            let input = Input::at(shown, repository, path);
            let content = input.content(read);
            self.add(input, false, content);
            // One that is no text is there, too.
            self.known.insert(place);
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
