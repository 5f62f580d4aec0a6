//! Folders that hold no component, and why.
//!
//! Two degrees: pruned folders are not looked into at all; in the others a
//! Dockerfile or a Compose file may still matter, a manifest does not.

/// Whether a folder with this name is never looked into: installed, built or version control.
pub fn is_pruned(name: &str) -> bool {
    matches!(
        name,
        ".git"
            | ".hg"
            | ".svn"
            | "node_modules"
            | "bower_components"
            | "jspm_packages"
            | "vendor"
            | "Pods"
            | "target"
            | "dist"
            | ".venv"
            | "venv"
            | ".tox"
            | ".nox"
            | "__pycache__"
            | "site-packages"
            | ".mypy_cache"
            | ".pytest_cache"
            | ".ruff_cache"
            | ".next"
            | ".nuxt"
            | ".output"
            | ".svelte-kit"
            | ".turbo"
            | ".gradle"
            | ".dart_tool"
            | ".terraform"
            | ".terragrunt-cache"
            | "_build"
            | "bazel-bin"
            | "bazel-out"
            | "DerivedData"
            | ".idea"
            | ".vs"
    )
}

/// Why a folder holds no component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reason {
    Built,
    Examples,
    Helpers,
    Hidden,
    Measurements,
    Template,
    TestData,
    Tests,
    Vendored,
}

impl Reason {
    /// The reason in words for a note.
    pub(super) fn describe(self) -> &'static str {
        match self {
            Self::Built => "built files",
            Self::Examples => "examples",
            Self::Helpers => "helpers of the repository itself",
            Self::Hidden => "a hidden folder",
            Self::Measurements => "measurements",
            Self::Template => "a template that is filled in elsewhere",
            Self::TestData => "test data",
            Self::Tests => "tests of another component",
            Self::Vendored => "code of others",
        }
    }
}

/// Why a manifest below a folder with this name makes no component.
pub(super) fn reason(name: &str) -> Option<Reason> {
    if name.contains("{{") || name.contains("{%") || name == "__template__" {
        return Some(Reason::Template);
    }
    if name.starts_with("__") && name.ends_with("__") {
        return Some(Reason::Tests);
    }
    if name.starts_with('.') {
        return Some(Reason::Hidden);
    }
    let lower = name.to_ascii_lowercase();
    Some(match lower.as_str() {
        "fixtures" | "fixture" | "testdata" | "test-data" | "test_data" | "test-fixtures"
        | "test_fixtures" | "mocks" | "snapshots" | "testcases" => Reason::TestData,
        "test" | "tests" | "spec" | "specs" | "testing" | "integration-tests"
        | "integration_tests" => Reason::Tests,
        "example" | "examples" | "sample" | "samples" | "demo" | "demos" | "playground"
        | "playgrounds" | "sandbox" | "quickstart" | "quickstarts" | "tutorial" | "tutorials"
        | "docs_src" | "_examples" => Reason::Examples,
        "template" | "templates" | "_templates" | "skeleton" | "skeletons" | "boilerplate"
        | "boilerplates" | "scaffold" | "scaffolds" | "scaffolding" | "stubs" | "blueprints"
        | "remix.init" | "generators" | "cookiecutters" => Reason::Template,
        "third_party" | "third-party" | "thirdparty" | "3rdparty" | "3rd-party" | "deps"
        | "external" | "externals" | "extern" | "vendored" | "submodules" | "subprojects" => {
            Reason::Vendored
        }
        "build" | "out" | "output" | "generated" | "gen" | "bin" | "obj" => Reason::Built,
        "benches" | "bench" | "benchmark" | "benchmarks" | "benchsuite" | "perf" | "fuzz"
        | "fuzzing" => Reason::Measurements,
        "build-logic" | "buildsrc" | "remix-init" => Reason::Helpers,
        _ if ["-tests", "_tests", "integration_test", "integration-test"]
            .iter()
            .any(|end| lower.ends_with(end)) =>
        {
            Reason::Tests
        }
        _ if ["-template", "-templates", "_templates"]
            .iter()
            .any(|end| lower.ends_with(end)) =>
        {
            Reason::Template
        }
        _ => return None,
    })
}

/// Why a manifest below this folder at the root makes no component.
///
/// Deeper, as in `packages/utils`, these names are those of packages.
pub(super) fn reason_at_top(folder: &str) -> Option<Reason> {
    const HELPERS: &[&str] = &[
        "build-tools",
        "build_tools",
        "buildtools",
        "ci",
        "contrib",
        "dev-tools",
        "devtools",
        "hack",
        "helper",
        "helpers",
        "hooks",
        "magefiles",
        "misc",
        "packaging",
        "script",
        "scripts",
        "tool",
        "tools",
        "util",
        "utils",
    ];
    HELPERS
        .contains(&folder.to_ascii_lowercase().as_str())
        .then_some(Reason::Helpers)
}
