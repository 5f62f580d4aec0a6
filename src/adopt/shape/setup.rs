//! Actions that install a language, a package manager, or keep what they fetched.

use serde_json::{Map, Value};

use super::text;

/// What an action sets up.
pub(super) enum Sets {
    /// A language at the version that an input names.
    Language(&'static str, &'static str),
    /// A package manager of a language at the version that an input names.
    Manager(&'static str, &'static str, &'static str),
    /// Nothing: it keeps files from run to run, which a planned job does in its own way.
    Cache,
}

/// An action that installs tools.
pub(super) struct Setup {
    action: &'static str,
    /// What it sets up.
    pub(super) sets: Sets,
    /// The inputs that change nothing which a planned job would not do by itself.
    inputs: &'static [&'static str],
}

use Sets::{Cache, Language, Manager};

const fn sets(action: &'static str, sets: Sets, inputs: &'static [&'static str]) -> Setup {
    Setup {
        action,
        sets,
        inputs,
    }
}

const CACHES: &[&str] = &["cache", "cache-dependency-path"];

/// Read from the actions' own `action.yml`, November 2026.
static SETUPS: &[Setup] = &[
    sets(
        "actions-rs/toolchain",
        Language("rust", "toolchain"),
        &["components", "override", "profile", "default"],
    ),
    sets(
        "actions-rust-lang/setup-rust-toolchain",
        Language("rust", "toolchain"),
        &["components", "cache", "rustflags"],
    ),
    sets(
        "actions/cache",
        Cache,
        &[
            "path",
            "key",
            "restore-keys",
            "save-always",
            "enableCrossOsArchive",
        ],
    ),
    sets(
        "actions/setup-dotnet",
        Language("dotnet", "dotnet-version"),
        CACHES,
    ),
    sets(
        "actions/setup-go",
        Language("go", "go-version"),
        &["cache", "cache-dependency-path", "check-latest"],
    ),
    sets(
        "actions/setup-java",
        Language("java", "java-version"),
        &["distribution", "cache", "cache-dependency-path"],
    ),
    sets(
        "actions/setup-node",
        Language("node", "node-version"),
        &["cache", "cache-dependency-path", "check-latest"],
    ),
    sets(
        "actions/setup-python",
        Language("python", "python-version"),
        &["cache", "cache-dependency-path", "check-latest"],
    ),
    sets(
        "astral-sh/setup-uv",
        Manager("python", "uv", "version"),
        &["enable-cache", "cache-dependency-glob", "python-version"],
    ),
    sets(
        "denoland/setup-deno",
        Language("deno", "deno-version"),
        &["cache", "cache-hash"],
    ),
    sets(
        "dtolnay/rust-toolchain",
        Language("rust", "toolchain"),
        &["components"],
    ),
    sets(
        "gradle/actions/setup-gradle",
        Manager("java", "gradle", "gradle-version"),
        &[],
    ),
    sets(
        "gradle/gradle-build-action",
        Manager("java", "gradle", "gradle-version"),
        &[],
    ),
    sets("oven-sh/setup-bun", Language("bun", "bun-version"), &[]),
    sets(
        "pnpm/action-setup",
        Manager("node", "pnpm", "version"),
        &["run_install"],
    ),
    sets(
        "ruby/setup-ruby",
        Language("ruby", "ruby-version"),
        &["bundler-cache"],
    ),
    sets(
        "shivammathur/setup-php",
        Language("php", "php-version"),
        &["coverage"],
    ),
    sets(
        "snok/install-poetry",
        Manager("python", "poetry", "version"),
        &[
            "virtualenvs-create",
            "virtualenvs-in-project",
            "virtualenvs-path",
            "installer-parallel",
        ],
    ),
    sets(
        "Swatinem/rust-cache",
        Cache,
        &[
            "workspaces",
            "shared-key",
            "key",
            "cache-on-failure",
            "save-if",
        ],
    ),
];

/// The set-up that an action does, or the input that stands in the way; nothing for other actions.
pub(super) fn find(
    action: &str,
    with: &Map<String, Value>,
) -> Option<Result<&'static Setup, String>> {
    let known = SETUPS
        .iter()
        .find(|known| known.action.eq_ignore_ascii_case(action))?;
    let version = match known.sets {
        Language(_, input) | Manager(_, _, input) => input,
        Cache => "",
    };
    let file = format!("{version}-file");
    let stranger = with.iter().find(|(input, value)| {
        let usual = match (input.as_str(), text(value).unwrap_or_default().as_str()) {
            // Temurin is what AdoptOpenJDK became.
            ("distribution", name) => ["temurin", "adopt"].contains(&name),
            ("run_install", flag) => flag == "false",
            ("coverage", driver) => ["none", "pcov", "xdebug"].contains(&driver),
            _ => true,
        };
        let is_known =
            known.inputs.contains(&input.as_str()) || **input == version || **input == file;
        !usual || !is_known
    });
    Some(match stranger {
        Some((input, _)) => Err(format!("`{input}` of `{}`", known.action)),
        None => Ok(known),
    })
}

/// The version that a file of the repository names, as the actions read it.
pub(super) fn version_in(path: &str, text: &str) -> Option<String> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let first = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with('#'))?;
    let version = match name {
        "go.mod" | "go.work" => {
            let line = |word: &str| {
                let mut lines = text.lines().map(str::trim);
                lines.find_map(|line| line.strip_prefix(word))
            };
            let toolchain = line("toolchain go");
            toolchain.or_else(|| line("go "))?.trim().to_owned()
        }
        ".nvmrc" | ".node-version" | ".python-version" | ".go-version" | ".ruby-version"
        | ".java-version" => {
            let bare = first
                .strip_prefix('v')
                .filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
            bare.unwrap_or(first).to_owned()
        }
        _ => return None,
    };
    (!version.is_empty() && !version.contains(char::is_whitespace)).then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn found(action: &str, with: Value) -> Option<Result<(), String>> {
        find(action, with.as_object().unwrap()).map(|found| found.map(|_| ()))
    }

    #[test]
    fn inputs_that_a_planned_job_has_no_word_for_stand_in_the_way() {
        assert_eq!(
            found(
                "actions/setup-node",
                json!({"node-version": 22, "cache": "npm"})
            ),
            Some(Ok(()))
        );
        assert_eq!(
            found(
                "actions/setup-node",
                json!({"registry-url": "https://npm.example"})
            ),
            Some(Err("`registry-url` of `actions/setup-node`".to_owned()))
        );
        assert!(
            found("actions/setup-java", json!({"distribution": "zulu"}))
                .unwrap()
                .is_err()
        );
        assert!(
            found("actions/setup-java", json!({"distribution": "temurin"}))
                .unwrap()
                .is_ok()
        );
        assert!(found("octo-org/else", json!({})).is_none());
    }

    #[test]
    fn versions_are_read_from_their_files() {
        for (path, text, version) in [
            (".nvmrc", "v22.1.0\n", Some("22.1.0")),
            ("web/.node-version", "# ours\n20\n", Some("20")),
            ("go.mod", "module x\n\ngo 1.24.1\n", Some("1.24.1")),
            ("go.mod", "go 1.24\ntoolchain go1.25.2\n", Some("1.25.2")),
            (".nvmrc", "lts/jod\n", Some("lts/jod")),
            ("package.json", "{}", None),
            (".python-version", "\n", None),
        ] {
            assert_eq!(version_in(path, text).as_deref(), version, "{path}");
        }
    }
}
