//! `.github/actionlint.yaml`.

use crate::blocks::words::{LineKind, NameKind};
use crate::lint::import::{Imported, lost, words};
use crate::syntax::Node;

pub(super) fn read(root: Node<'_>, imported: &mut Imported) {
    for entry in root.entries() {
        let settings = &mut imported.settings;
        let told = &mut imported.told;
        // `null` leaves the names unchecked, an empty list allows none.
        let list = Some(entry.value).filter(|value| !value.is_null());
        match entry.key.as_str().unwrap_or_default() {
            "self-hosted-runner" => {
                let labels = entry.value.get("labels");
                let labels = labels.map(|list| words::<LineKind>(list, told));
                settings.runners.extend(labels.unwrap_or_default());
            }
            "config-variables" => {
                settings.variables = list.map(|list| words::<NameKind>(list, told));
            }
            "config-secrets" => {
                settings.secrets = list.map(|list| words::<NameKind>(list, told));
            }
            "paths" => paths(entry.value, imported),
            other => {
                let what = format!("`{other}` of actionlint has no equivalent");
                told.push(lost(what, entry.key));
            }
        }
    }
}

fn paths(paths: Node<'_>, imported: &mut Imported) {
    for entry in paths.entries() {
        let path = entry.key.as_str().unwrap_or_default();
        let filters = entry.value.get("ignore");
        for filter in filters.iter().flat_map(|list| list.items()) {
            let words = filter.as_str().unwrap_or_default();
            let what = format!("`{words}` filters messages of actionlint by their words");
            let help = format!(
                "run `cicd lint`, and write what should be silent there into the settings: \
                 `paths: {{{path}: {{RULE: off}}}}`"
            );
            let filter = lost(what, filter)
                .note("our messages have other words, and each rule has a name")
                .help(help);
            imported.told.push(filter);
        }
    }
}
