//! Lines of scripts: which install, check, test or build.

use super::Phase;
use super::programs::{is_install, phase};

/// What a line of a script does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Deed {
    /// It installs these packages of the runner's system.
    System(Vec<String>),
    /// It installs the toolchain or its manager, as every planned job does by itself.
    Toolchain,
    /// It installs dependencies.
    Install,
    /// It is what the job is for.
    Command(Phase),
}

/// The lines of a script that only runs one command after another; nothing for programs.
pub(super) fn lines(script: &str) -> Option<Vec<String>> {
    let mut all: Vec<String> = Vec::new();
    let mut continued = false;
    for line in script.lines() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continued = false;
            continue;
        }
        match all.last_mut().filter(|_| continued) {
            Some(last) => {
                last.truncate(last.len() - 1);
                let joined = format!("{} {line}", last.trim_end());
                *last = joined;
            }
            None => all.push(line.to_owned()),
        }
        continued = line.ends_with('\\');
    }
    let is_plain = |line: &String| {
        const WORDS: [&str; 12] = [
            "if", "for", "while", "until", "case", "function", "set", "cd", "export", "source",
            "trap", "exit",
        ];
        let first = line.split_whitespace().next().unwrap_or_default();
        let odd = ["<<", "$(", "`", ";", "||", " | ", "${{", ">", "GITHUB_"];
        let assigns = first.contains('=');
        !WORDS.contains(&first) && !assigns && !odd.iter().any(|odd| line.contains(odd))
    };
    (!continued && all.iter().all(is_plain)).then_some(all)
}

/// What a line does; nothing if that is not known.
pub(super) fn deed(line: &str) -> Option<Deed> {
    if line.contains("&&") {
        // Together they are one command, and the last is what they are for.
        let mut deeds = line.split("&&").map(|part| deed(part.trim()));
        let mut last = deeds.next()??;
        for next in deeds {
            last = match (last, next?) {
                (Deed::Install | Deed::Toolchain, next @ (Deed::Install | Deed::Command(_))) => {
                    next
                }
                (Deed::Command(first), Deed::Command(next)) => Deed::Command(first.max(next)),
                _ => return None,
            };
        }
        return Some(last);
    }
    let words: Vec<&str> = line.split_whitespace().collect();
    if let Some(packages) = system(&words) {
        return Some(Deed::System(packages));
    }
    if is_toolchain(&words) {
        return Some(Deed::Toolchain);
    }
    if is_install(&words) {
        return Some(Deed::Install);
    }
    phase(&words).map(Deed::Command)
}

/// The packages that `apt-get` installs; none where it only reads its lists.
fn system(words: &[&str]) -> Option<Vec<String>> {
    let words = words.strip_prefix(&["sudo"]).unwrap_or(words);
    let (first, rest) = words.split_first()?;
    if !["apt", "apt-get"].contains(first) {
        return None;
    }
    let options = [
        "-y",
        "--yes",
        "-q",
        "-qq",
        "-yq",
        "-qy",
        "-yqq",
        "--no-install-recommends",
        "--assume-yes",
    ];
    let rest: Vec<_> = rest.iter().filter(|word| !options.contains(word)).collect();
    let (verb, names) = rest.split_first()?;
    match **verb {
        "update" if names.is_empty() => Some(Vec::new()),
        "install" if names.iter().all(|name| !name.starts_with('-')) => {
            Some(names.iter().map(|name| (**name).to_owned()).collect())
        }
        _ => None,
    }
}

fn is_toolchain(words: &[&str]) -> bool {
    let line = words.join(" ");
    const LINES: &[&str] = &[
        "corepack enable",
        "pipx install poetry",
        "pip install poetry",
        "python -m pip install poetry",
        "rustup component add clippy",
        "rustup component add rustfmt",
        "rustup component add rustfmt clippy",
        "rustup component add clippy rustfmt",
        "rustup default stable",
        "rustup update stable",
        "rustup update",
    ];
    LINES.contains(&line.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_known_by_what_they_run() {
        use Deed::{Command, Install, Toolchain};
        for (line, wanted) in [
            ("npm ci", Some(Install)),
            ("npm test", Some(Command(Phase::Test))),
            ("npm run lint", Some(Command(Phase::Lint))),
            ("npm run build --if-present", Some(Command(Phase::Build))),
            ("npm run deploy", None),
            ("npm run test:e2e", None),
            ("yarn", Some(Install)),
            ("yarn test --ci", Some(Command(Phase::Test))),
            ("pip install -e .[dev]", Some(Install)),
            ("python -m pytest tests", Some(Command(Phase::Test))),
            ("uv run ruff check .", Some(Command(Phase::Lint))),
            ("cargo fmt --all -- --check", Some(Command(Phase::Lint))),
            ("rustup component add clippy", Some(Toolchain)),
            ("go vet ./...", Some(Command(Phase::Lint))),
            ("./gradlew build", Some(Command(Phase::Test))),
            ("./gradlew deploy", None),
            ("mvn -B verify --file pom.xml", Some(Command(Phase::Test))),
            ("npm run build && npm test", Some(Command(Phase::Build))),
            ("npm ci && npm test", Some(Command(Phase::Test))),
            (
                "sudo apt-get install -y libpq-dev",
                Some(Deed::System(vec!["libpq-dev".to_owned()])),
            ),
            ("sudo apt-get update", Some(Deed::System(Vec::new()))),
            ("sudo apt-get remove x", None),
            ("echo done", None),
            ("docker compose up -d", None),
        ] {
            assert_eq!(deed(line), wanted, "{line}");
        }
    }

    #[test]
    fn programs_are_not_lines() {
        assert_eq!(lines("a b\n# why\n\nc \\\n  d\n").unwrap(), ["a b", "c d"]);
        for script in [
            "if x; then\n  y\nfi",
            "X=1 make",
            "a > b",
            "a || true",
            "cd web",
            "a \\",
            "x ${{ y }}",
        ] {
            assert_eq!(lines(script), None, "{script}");
        }
    }
}
