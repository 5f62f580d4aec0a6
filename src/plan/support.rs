//! Files beside the workflows that they use.

use super::load;
use crate::assets;
use crate::manifest::model::Manifest;
use crate::pipeline::SupportFile;

/// The roll-back scripts, and what tests begin with.
pub(super) fn files(manifest: &Manifest) -> Vec<SupportFile> {
    let mut files = rollback_scripts(manifest);
    for starter in load::starters(manifest) {
        if files.iter().all(|file| file.path != starter.path) {
            files.push(starter);
        }
    }
    files
}

/// The roll-back script of each target, where a person can run it by hand.
fn rollback_scripts(manifest: &Manifest) -> Vec<SupportFile> {
    let mut files: Vec<SupportFile> = Vec::new();
    for environment in &manifest.environments {
        if files
            .iter()
            .any(|file| file.path == environment.rollback.script)
        {
            continue;
        }
        let mut places = environment.places().iter();
        let script = places.find_map(|place| place.target.rollback_script());
        let Some(script) = script else { continue };
        // Deployments run it by its contract, so that another one in its place would not do.
        let file = SupportFile::exclusive(&environment.rollback.script, assets::script(script));
        files.push(file.executable());
    }
    files
}
