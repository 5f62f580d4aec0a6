//! What a bot keeps up to date: the actions, and what the components are made of.

use crate::manifest::model::{Component, Manifest};
use crate::pipeline::Updates;

/// Where the pins stand, from which the workflows are generated.
const PINS: &str = "/.github/cicd";

/// One entry for each kind of dependencies, the actions first.
///
/// Workflows of the user's own stand in `/`, which to Dependabot is the folder of
/// workflows, too. Ours are left out: they follow the pins.
pub(super) fn updates(manifest: &Manifest, generated: Vec<String>) -> Vec<Updates> {
    let Some(every) = manifest.updates else {
        return Vec::new();
    };
    let mut all = List {
        every,
        updates: Vec::new(),
    };
    all.add("github-actions", "/".to_owned());
    all.add("github-actions", PINS.to_owned());
    if let [actions] = all.updates.as_mut_slice() {
        actions.exclude = generated;
    }
    for component in &manifest.components {
        let ecosystem = ecosystem(component);
        for folder in folders(component) {
            all.add(ecosystem, folder);
        }
    }
    let images = manifest.components.iter().flat_map(Component::images);
    for (_, image) in images {
        all.add("docker", folder_of(&image.dockerfile));
    }
    all.updates
}

/// The entries so far.
struct List {
    every: &'static str,
    updates: Vec<Updates>,
}

impl List {
    fn add(&mut self, ecosystem: &'static str, folder: String) {
        let same = |updates: &&mut Updates| updates.ecosystem == ecosystem;
        match self.updates.iter_mut().find(same) {
            Some(updates) if updates.folders.contains(&folder) => {}
            Some(updates) => updates.folders.push(folder),
            None if ecosystem.is_empty() => {}
            None => self.updates.push(Updates {
                ecosystem,
                folders: vec![folder],
                exclude: Vec::new(),
                every: self.every,
            }),
        }
    }
}

fn ecosystem(component: &Component) -> &'static str {
    let managers = component.language.package_managers;
    let default = managers.first().copied().unwrap_or_default();
    let manager = component.package_manager.as_ref();
    (component.language.ecosystem)(manager.map_or(default, |(name, _)| name))
}

/// The folders that declare the dependencies: of a workspace, the one with its lock file.
fn folders(component: &Component) -> Vec<String> {
    match component.lockfile.as_deref() {
        Some(lock) if lock != "none" => vec![folder_of(lock)],
        _ => {
            let parts = component.parts.iter();
            parts.map(|part| rooted(&part.path)).collect()
        }
    }
}

fn folder_of(file: &str) -> String {
    rooted(file.rsplit_once('/').map_or(".", |(folder, _)| folder))
}

fn rooted(folder: &str) -> String {
    match folder {
        "." => "/".to_owned(),
        folder => format!("/{folder}"),
    }
}
