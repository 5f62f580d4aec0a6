//! The file that tells Dependabot what to keep up to date.

use serde::Serialize;

use super::{FileKind, RenderedFile};
use crate::pipeline::{Advice, SupportFile, Updates};

const PATH: &str = ".github/dependabot.yml";
const OTHER_PATH: &str = ".github/dependabot.yaml";

/// Where a repository may configure such a bot itself.
const INSTEAD: &[&str] = &[
    OTHER_PATH,
    "renovate.json",
    "renovate.json5",
    ".github/renovate.json",
    ".github/renovate.json5",
    ".renovaterc",
    ".renovaterc.json",
    ".renovaterc.json5",
];

const RENOVATE: &[&str] = INSTEAD.split_at(1).1;

static ADVICE: &[Advice] = &[
    Advice {
        files: &[PATH, OTHER_PATH],
        heeded: &["/.github/cicd", "/.github/*"],
        why: "without an entry for `/.github/cicd`, Dependabot raises the actions in the workflows but not their pins, and the two drift apart",
        how: "under `package-ecosystem: github-actions` write `directories: [/, /.github/cicd]` in place of `directory`, and under `exclude-paths` the generated workflows",
    },
    // It finds the pins by itself: they stand in an `action.yml`.
    Advice {
        files: RENOVATE,
        heeded: &[".github/workflows"],
        why: "Renovate raises the pins in `.github/cicd/action.yml`, but it would edit the generated workflows, too, which follow the pins",
        how: "name the generated workflows under `ignorePaths`, such as `\"ignorePaths\": [\".github/workflows/ci.yml\"]`",
    },
];

/// What the template sees.
#[derive(Serialize)]
pub(super) struct View<'a> {
    source: &'a str,
    updates: Vec<UpdateView<'a>>,
}

#[derive(Serialize)]
struct UpdateView<'a> {
    ecosystem: &'a str,
    actions: bool,
    folder: Option<&'a str>,
    folders: &'a [String],
    exclude: &'a [String],
    every: &'a str,
}

pub(super) fn view<'a>(updates: &'a [Updates], source: &'a str) -> View<'a> {
    let one = |update: &'a Updates| UpdateView {
        ecosystem: update.ecosystem,
        actions: update.ecosystem == "github-actions",
        folder: match update.folders.as_slice() {
            [only] => Some(only),
            _ => None,
        },
        folders: &update.folders,
        exclude: &update.exclude,
        every: update.every,
    };
    View {
        source,
        updates: updates.iter().map(one).collect(),
    }
}

/// The file with this text, unless the repository has a bot already.
pub(super) fn file(text: String) -> RenderedFile {
    let file = SupportFile::ours(PATH, text)
        .instead(INSTEAD)
        .advice(ADVICE);
    RenderedFile {
        path: file.path,
        text: file.text,
        kind: FileKind::Support(file.care),
    }
}
