//! Tools whose versions are looked for: where the version of each is written.

use super::super::model::{Component, Language, Runtime};

/// A tool with the places of its version.
pub(super) struct Tool {
    /// Files that hold nothing but the version.
    pub(super) files: &'static [&'static str],
    /// Its names in `.tool-versions` and `mise.toml`.
    pub(super) names: &'static [&'static str],
    /// The actions that install it.
    pub(super) actions: &'static [&'static str],
    /// The official images that carry it.
    pub(super) images: &'static [&'static str],
}

const NODE: Tool = Tool {
    files: &[".nvmrc", ".node-version"],
    names: &["node", "nodejs"],
    actions: &["actions/setup-node"],
    images: &["node"],
};

const BUN: Tool = Tool {
    files: &[".bun-version"],
    names: &["bun"],
    actions: &["oven-sh/setup-bun"],
    images: &["oven/bun"],
};

const DENO: Tool = Tool {
    files: &[".dvmrc", ".deno-version"],
    names: &["deno"],
    actions: &["denoland/setup-deno"],
    images: &["denoland/deno"],
};

const PYTHON: Tool = Tool {
    files: &[".python-version", "runtime.txt"],
    names: &["python"],
    actions: &["actions/setup-python", "astral-sh/setup-uv"],
    images: &["python"],
};

const GO: Tool = Tool {
    files: &[".go-version"],
    names: &["go", "golang"],
    actions: &["actions/setup-go"],
    images: &["golang"],
};

const RUST: Tool = Tool {
    files: &["rust-toolchain"],
    names: &["rust"],
    actions: &[
        "dtolnay/rust-toolchain",
        "actions-rust-lang/setup-rust-toolchain",
    ],
    images: &["rust"],
};

const JAVA: Tool = Tool {
    files: &[".java-version"],
    names: &["java"],
    actions: &["actions/setup-java", "graalvm/setup-graalvm"],
    images: &[
        "eclipse-temurin",
        "openjdk",
        "amazoncorretto",
        "maven",
        "gradle",
    ],
};

const DOTNET: Tool = Tool {
    files: &[],
    names: &["dotnet", "dotnet-core"],
    actions: &["actions/setup-dotnet"],
    images: &["dotnet/sdk"],
};

const RUBY: Tool = Tool {
    files: &[".ruby-version"],
    names: &["ruby"],
    actions: &["ruby/setup-ruby"],
    images: &["ruby"],
};

const PHP: Tool = Tool {
    files: &[".php-version"],
    names: &["php"],
    actions: &["shivammathur/setup-php"],
    images: &["php"],
};

const ELIXIR: Tool = Tool {
    files: &[],
    names: &["elixir"],
    actions: &["erlef/setup-beam"],
    images: &["elixir", "hexpm/elixir"],
};

const FLUTTER: Tool = Tool {
    files: &[".flutter-version"],
    names: &["flutter"],
    actions: &["subosito/flutter-action"],
    images: &[],
};

const DART: Tool = Tool {
    files: &[],
    names: &["dart"],
    actions: &["dart-lang/setup-dart"],
    images: &["dart"],
};

const TERRAFORM: Tool = Tool {
    files: &[".terraform-version"],
    names: &["terraform"],
    actions: &["hashicorp/setup-terraform"],
    images: &["hashicorp/terraform"],
};

/// The tool that a component needs.
pub(super) fn of(component: &Component) -> Option<&'static Tool> {
    Some(match component.language {
        Language::JavaScript | Language::TypeScript => match component.runtime {
            Some(Runtime::Bun) => &BUN,
            Some(Runtime::Deno) => &DENO,
            _ => &NODE,
        },
        Language::Python => &PYTHON,
        Language::Go => &GO,
        Language::Rust => &RUST,
        Language::Java | Language::Kotlin => &JAVA,
        Language::CSharp | Language::FSharp => &DOTNET,
        Language::Ruby => &RUBY,
        Language::Php => &PHP,
        Language::Elixir => &ELIXIR,
        Language::Dart if is_flutter(component) => &FLUTTER,
        Language::Dart => &DART,
        Language::Terraform => &TERRAFORM,
        Language::C | Language::Cpp | Language::Html => return None,
    })
}

fn is_flutter(component: &Component) -> bool {
    component
        .framework
        .as_ref()
        .is_some_and(|framework| framework.value == "flutter")
}
