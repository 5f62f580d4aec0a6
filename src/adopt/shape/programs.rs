//! Programs by what they are for: the names that the ecosystems gave them.

use super::Phase;

/// Says whether a command installs dependencies.
pub(super) fn is_install(words: &[&str]) -> bool {
    const STARTS: &[&str] = &[
        "bun install",
        "bundle install",
        "cargo fetch",
        "cargo install",
        "composer install",
        "composer update",
        "composer validate",
        "deno install",
        "dotnet restore",
        "dotnet tool restore",
        "go get",
        "go install",
        "go mod download",
        "go mod tidy",
        "mix deps.get",
        "npm ci",
        "npm i",
        "npm install",
        "pdm install",
        "pdm sync",
        "pip install",
        "pip3 install",
        "pipenv install",
        "pipenv sync",
        "pnpm i",
        "pnpm install",
        "poetry install",
        "python -m pip install",
        "python3 -m pip install",
        "uv pip install",
        "uv sync",
        "yarn install",
        "chmod +x gradlew",
        "chmod +x ./gradlew",
        "chmod +x mvnw",
    ];
    words == ["yarn"] || starts_with_any(words, STARTS)
}

fn starts_with_any(words: &[&str], starts: &[&str]) -> bool {
    starts.iter().any(|start| {
        let mut words = words.iter();
        start.split(' ').all(|word| words.next() == Some(&word))
    })
}

/// Programs of one phase, by how their lines begin.
const BEGINNINGS: &[(Phase, &[&str])] = &[
    (
        Phase::Test,
        &[
            "bun test",
            "bundle exec rspec",
            "bundle exec rake",
            "cargo nextest",
            "cargo test",
            "coverage run",
            "ctest",
            "deno test",
            "dotnet test",
            "go test",
            "gotestsum",
            "jest",
            "make check",
            "mix test",
            "mvn test",
            "mvn verify",
            "nox",
            "npm t",
            "npx jest",
            "npx mocha",
            "npx playwright test",
            "npx vitest",
            "pytest",
            "py.test",
            "rake",
            "tox",
            "vendor/bin/phpunit",
            "vendor/bin/pest",
        ],
    ),
    (
        Phase::Build,
        &[
            "bun run build",
            "cargo build",
            "deno compile",
            "dotnet build",
            "dotnet pack",
            "dotnet publish",
            "flutter build",
            "go build",
            "make build",
            "mix compile",
            "mvn compile",
            "mvn install",
            "mvn package",
            "npx vite build",
            "uv build",
            "poetry build",
            "hatch build",
            "python -m build",
            "python setup.py",
        ],
    ),
    (
        Phase::Lint,
        &[
            "actionlint",
            "bandit",
            "black",
            "cargo audit",
            "cargo check",
            "cargo clippy",
            "cargo deny",
            "cargo doc",
            "cargo fmt",
            "cargo machete",
            "deno check",
            "deno fmt",
            "deno lint",
            "dotnet format",
            "flake8",
            "go vet",
            "gofmt",
            "golangci-lint",
            "golint",
            "isort",
            "mix credo",
            "mix dialyzer",
            "mix format",
            "mypy",
            "npx biome",
            "npx eslint",
            "npx prettier",
            "npx tsc",
            "npm audit",
            "pre-commit run",
            "pylint",
            "pyright",
            "ruff",
            "rubocop",
            "bundle exec rubocop",
            "staticcheck",
            "vendor/bin/phpstan",
            "vendor/bin/pint",
            "vendor/bin/php-cs-fixer",
            "tsc",
        ],
    ),
];

/// Runners of the scripts that a project names itself.
const RUNNERS: &[&str] = &[
    "bun run",
    "composer run",
    "composer",
    "make",
    "npm run",
    "npm",
    "pnpm run",
    "pnpm",
    "yarn run",
    "yarn",
    "deno task",
    "just",
    "hatch run",
    "poe",
    "invoke",
    "task",
];

/// What goes before a command and changes nothing of what it is.
const PREFIXES: &[&str] = &[
    "uv run",
    "poetry run",
    "pdm run",
    "pipenv run",
    "python -m",
    "python3 -m",
    "npx",
    "pnpm exec",
    "yarn exec",
    "bunx",
];

/// What a command is for; nothing if that is not known.
pub(super) fn phase(words: &[&str]) -> Option<Phase> {
    if let Some(phase) = begins(words) {
        return Some(phase);
    }
    for prefix in PREFIXES {
        if let Some(rest) = behind(words, prefix)
            && let Some(phase) =
                begins(rest).or_else(|| (rest.first() == Some(&"unittest")).then_some(Phase::Test))
        {
            return Some(phase);
        }
    }
    if let Some(task) = wrapper_task(words) {
        return task;
    }
    RUNNERS.iter().find_map(|runner| {
        let rest = behind(words, runner)?;
        // Options of the runner, such as `--if-present` or `--workspaces`, stand before or behind.
        let script = rest.iter().find(|word| !word.starts_with('-'))?;
        by_name(script)
    })
}

fn begins(words: &[&str]) -> Option<Phase> {
    let mut all = BEGINNINGS.iter();
    all.find_map(|(phase, starts)| starts_with_any(words, starts).then_some(*phase))
}

fn behind<'w, 'l>(words: &'w [&'l str], start: &str) -> Option<&'w [&'l str]> {
    let mut rest = words;
    for word in start.split(' ') {
        let (first, next) = rest.split_first()?;
        if *first != word {
            return None;
        }
        rest = next;
    }
    Some(rest)
}

/// What Maven or Gradle are asked for: the last of their tasks counts.
fn wrapper_task(words: &[&str]) -> Option<Option<Phase>> {
    let (first, rest) = words.split_first()?;
    let is_wrapper = ["mvn", "./mvnw", "mvnw", "./gradlew", "gradle", "gradlew"].contains(first);
    is_wrapper.then(|| {
        let tasks = rest.iter().filter(|word| !word.starts_with('-'));
        let phases = tasks.filter_map(|task| match task.rsplit(':').next().unwrap_or(task) {
            "test" | "verify" | "check" | "install" => Some(Phase::Test),
            "build" if first.contains("gradle") => Some(Phase::Test),
            "compile" | "package" | "assemble" => Some(Phase::Build),
            "spotlessCheck" | "ktlintCheck" | "detekt" | "checkstyleMain" | "lint" => {
                Some(Phase::Lint)
            }
            _ => None,
        });
        phases.max()
    })
}

/// What a script or target is for, by the name that its project gave it.
fn by_name(name: &str) -> Option<Phase> {
    let name = name.to_ascii_lowercase();
    let parts: Vec<&str> = name.split([':', '-', '_', '.', '/']).collect();
    let is = |words: &[&str]| parts.iter().any(|part| words.contains(part));
    // A deployment must not come in by its name.
    if is(&[
        "deploy", "publish", "release", "fix", "write", "watch", "dev", "start", "serve", "e2e",
        "push",
    ]) {
        return None;
    }
    if is(&[
        "lint",
        "lints",
        "fmt",
        "format",
        "formatting",
        "typecheck",
        "types",
        "eslint",
        "prettier",
        "clippy",
        "tsc",
        "type",
        "vet",
        "style",
        "mypy",
        "ruff",
        "flake8",
        "standard",
        "audit",
        "stan",
        "phpstan",
        "cs",
    ]) {
        return Some(Phase::Lint);
    }
    if is(&[
        "test",
        "tests",
        "unit",
        "coverage",
        "check",
        "spec",
        "jest",
        "vitest",
        "pytest",
        "ci",
        "phpunit",
        "testcoverage",
    ]) {
        return Some(Phase::Test);
    }
    is(&["build", "compile", "dist", "package"]).then_some(Phase::Build)
}
