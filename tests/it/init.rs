//! `cicd init` on small repositories, as a user meets it.

use crate::common::Repo;

fn python_service(repo: &Repo) {
    repo.write(
        "pyproject.toml",
        "[project]\nname = \"orders\"\nrequires-python = \">=3.12\"\ndependencies = [\"fastapi\"]\n\
         [dependency-groups]\ndev = [\"pytest\", \"ruff\", \"mypy\"]\n[tool.ruff]\n[tool.mypy]\n",
    );
    repo.write("uv.lock", "version = 1\n");
    repo.write(".python-version", "3.13\n");
    repo.write("src/orders/__init__.py", "");
    repo.write("tests/test_orders.py", "def test_it():\n    assert True\n");
    repo.write("Dockerfile", "FROM python:3.13-slim\nCOPY . .\n");
    repo.write(
        "compose.yml",
        "services:\n  app: {build: .}\n  db: {image: \"postgres:16\"}\n",
    );
}

#[test]
fn a_service_gets_a_manifest_that_a_person_would_have_written() {
    let repo = Repo::new();
    python_service(&repo);
    let run = repo.cicd(&["init", "--yes"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let manifest = repo.read("cicd.yml");
    for line in [
        "name: orders",
        "extends: python-service",
        "    language: python@3.13",
        "    services: [postgres@16]",
        "    lint: [ruff, ",
        "    test: uv run pytest",
    ] {
        assert!(manifest.contains(line), "{line} is not in\n{manifest}");
    }
    let ci = repo.read(".github/workflows/ci.yml");
    for text in [
        "run: uv run ruff check .",
        "run: uv run pytest",
        "image: postgres:16",
        "docker/build-push-action@",
    ] {
        assert!(ci.contains(text), "{text} is not in\n{ci}");
    }
    let check = repo.cicd(&["generate", "--check"]);
    assert_eq!(check.code, 0, "{}", check.out);
}

#[test]
fn a_dry_run_writes_nothing_and_shows_the_manifest() {
    let repo = Repo::new();
    python_service(&repo);
    let before = repo.snapshot();
    let run = repo.cicd(&["init", "--dry-run"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("language: python@3.13") && run.out.contains("Nothing was written"));
    assert_eq!(repo.snapshot(), before);
}

#[test]
fn programs_get_everything_in_json() {
    let repo = Repo::new();
    python_service(&repo);
    let run = repo.cicd(&["init", "--yes", "--json"]);
    let answer: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(answer["version"], 1);
    assert_eq!(answer["written"], true);
    assert_eq!(answer["detection"]["components"][0]["language"], "python");
    assert_eq!(answer["manifest"], repo.read("cicd.yml"));
    assert!(
        answer["files"]
            .as_array()
            .unwrap()
            .iter()
            .any(|file| file["path"] == ".github/workflows/ci.yml")
    );
}

#[test]
fn a_manifest_is_not_overwritten() {
    let repo = Repo::new();
    repo.write("cicd.yml", "# mine\n");
    let run = repo.cicd(&["init", "--yes"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("exists already"), "{}", run.err);
    assert_eq!(repo.read("cicd.yml"), "# mine\n");
}

#[test]
fn workflows_of_others_stay_and_ours_get_another_name() {
    let repo = Repo::new();
    python_service(&repo);
    let mine = "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps: [{run: make}]\n";
    repo.write(".github/workflows/ci.yml", mine);
    let run = repo.cicd(&["init", "--yes"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(repo.read(".github/workflows/ci.yml"), mine);
    assert!(
        repo.files()
            .contains(&".github/workflows/checks.yml".to_owned())
    );
}

/// A library for npm as one finds it, with the lines of its package.json that vary.
fn node_library(repo: &Repo, scripts: &str) {
    repo.write(
        "package.json",
        format!(
            "{{\"name\": \"left-pad\", \"main\": \"dist/index.js\", \"files\": [\"dist\"], \"scripts\": {scripts}, \
             \"devDependencies\": {{\"eslint\": \"9\", \"prettier\": \"3\", \"typescript\": \"5\"}}}}"
        ),
    );
    repo.write("pnpm-lock.yaml", "lockfileVersion: '9.0'\n");
    repo.write("tsconfig.json", "{}\n");
    repo.write("eslint.config.js", "export default [];\n");
    repo.write(".prettierrc", "{}\n");
    repo.write("src/index.ts", "export const x = 1;\n");
}

#[test]
fn a_preset_that_fits_is_built_on_and_only_the_rest_is_said() {
    let repo = Repo::new();
    node_library(&repo, r#"{"build": "tsc", "test": "vitest run"}"#);
    let run = repo.cicd(&["init", "--yes"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let manifest = repo.read("cicd.yml");
    let said = manifest
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    assert_eq!(
        said.collect::<Vec<_>>(),
        [
            "version: 1",
            "name: left-pad",
            "extends: node-library",
            "stack:",
            "  library:",
            "    package-manager: pnpm",
            "    test: pnpm test",
            "environments: # none; without this line, tags such as v1.2.3 are published (npm)",
        ],
        "{manifest}"
    );
    assert!(
        run.out.contains("on the preset node-library"),
        "{}",
        run.out
    );
    assert!(
        repo.read(".github/workflows/ci.yml")
            .contains("run: pnpm test\n")
    );
    assert_eq!(repo.cicd(&["generate", "--check"]).code, 0);
}

#[test]
fn nothing_is_published_until_somebody_says_so() {
    let repo = Repo::new();
    node_library(&repo, r#"{"build": "tsc", "test": "vitest run"}"#);
    assert_eq!(repo.cicd(&["init", "--yes"]).code, 0);
    let deploys = ".github/workflows/deploy-npm.yml";
    assert!(!repo.path(deploys).exists());
    let manifest = repo.read("cicd.yml");
    assert!(!manifest.contains("To deploy"), "{manifest}");
    let lines = manifest.lines();
    let lines: Vec<_> = lines
        .filter(|line| !line.starts_with("environments:"))
        .collect();
    repo.write("cicd.yml", lines.join("\n"));
    let run = repo.cicd(&["generate"]);
    assert!(run.out.contains(deploys), "{}", run.out);
    assert!(repo.read(deploys).contains("name: Publish on npm\n"));
}

#[test]
fn what_a_preset_would_demand_beyond_the_repository_is_taken_back() {
    let repo = Repo::new();
    node_library(&repo, r#"{"types": "tsc --noEmit", "test": "vitest run"}"#);
    assert_eq!(repo.cicd(&["init", "--yes"]).code, 0);
    let manifest = repo.read("cicd.yml");
    assert!(manifest.contains("extends: node-library"), "{manifest}");
    assert!(
        manifest.contains("\n    build: # none here\n"),
        "{manifest}"
    );
    let ci = repo.read(".github/workflows/ci.yml");
    assert!(!ci.contains("npm run build"), "{ci}");
}

#[test]
fn no_coverage_is_demanded_that_nobody_asked_for() {
    let repo = Repo::new();
    repo.write(
        "Cargo.toml",
        "[package]\nname = \"x\"\nversion = \"0.1.0\"\nedition = \"2024\"\n",
    );
    repo.write("Cargo.lock", "version = 4\n");
    repo.write("rustfmt.toml", "");
    repo.write("clippy.toml", "");
    repo.write("src/lib.rs", "#[test]\nfn it() {}\n");
    assert_eq!(repo.cicd(&["init", "--yes"]).code, 0);
    let manifest = repo.read("cicd.yml");
    let ci = repo.read(".github/workflows/ci.yml");
    assert!(manifest.contains("extends: rust-crate"), "{manifest}");
    assert!(
        ci.contains("run: cargo test\n") && !ci.contains("llvm-cov"),
        "{ci}"
    );
}

#[test]
fn no_preset_is_built_on_where_its_workflows_are_in_the_way() {
    let repo = Repo::new();
    node_library(&repo, r#"{"build": "tsc", "test": "vitest run"}"#);
    repo.write(".github/workflows/ci.yml", "on: push\n");
    let run = repo.cicd(&["init", "--yes"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let manifest = repo.read("cicd.yml");
    assert!(!manifest.contains("extends"), "{manifest}");
    assert_eq!(repo.read(".github/workflows/ci.yml"), "on: push\n");
}

#[test]
fn a_bot_of_the_users_is_kept_and_told_about_the_pins() {
    let repo = Repo::new();
    node_library(&repo, r#"{"test": "vitest run"}"#);
    let own = "version: 2\nupdates: []\n";
    repo.write(".github/dependabot.yml", own);
    let run = repo.cicd(&["init", "--yes"]);
    assert_eq!(repo.read(".github/dependabot.yml"), own);
    let kept = "Kept .github/dependabot.yml, which is yours\n";
    assert!(run.out.contains(kept), "{}", run.out);
    assert!(
        run.err.contains("directories: [/, /.github/cicd]"),
        "{}",
        run.err
    );
}

#[test]
fn a_place_that_releases_can_go_to_is_told_with_where_to_read_on() {
    let repo = Repo::new();
    node_library(&repo, r#"{"test": "vitest run"}"#);
    repo.write(
        "charts/x/Chart.yaml",
        "apiVersion: v2\nname: x\nversion: 0.1.0\n",
    );
    repo.write("fly.toml", "app = \"x\"\n");
    assert_eq!(repo.cicd(&["init", "--yes"]).code, 0);
    let manifest = repo.read("cicd.yml");
    let helm = "# Seen: helm (charts/x/Chart.yaml); `cicd reference kubernetes` tells how";
    assert!(manifest.contains(helm), "{manifest}");
    assert!(
        manifest.contains("# Seen, but not managed here yet: fly (fly.toml)"),
        "{manifest}"
    );
    assert_eq!(repo.cicd(&["reference", "kubernetes"]).code, 0);
}

#[test]
fn tools_of_two_words_are_known_too() {
    let repo = Repo::new();
    repo.write("go.mod", "module example.com/x\n\ngo 1.24\n");
    repo.write("Makefile", "lint:\n\tgo vet ./...\n\tgofmt -l .\n");
    repo.write("x_test.go", "package x\n");
    assert_eq!(repo.cicd(&["init", "--yes"]).code, 0);
    let ci = repo.read(".github/workflows/ci.yml");
    assert!(ci.contains("run: go vet ./...\n"), "{ci}");
}

#[test]
fn a_preset_in_the_way_of_a_file_writes_nothing_at_all() {
    let repo = Repo::new();
    repo.write(".github/workflows/pr-checks.yml", "on: push\njobs: {}\n");
    let before = repo.snapshot();
    let run = repo.cicd(&["init", "--preset", "ecommerce", "--yes"]);
    assert_eq!(run.code, 2, "{}", run.out);
    assert!(run.err.contains("pr-checks.yml"), "{}", run.err);
    assert_eq!(repo.snapshot(), before);
}

#[test]
fn a_preset_goes_into_a_folder_that_does_not_exist_yet() {
    let repo = Repo::new();
    let run = repo.cicd(&["init", "--preset", "ecommerce", "--yes", "demo"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let files = repo.files();
    for file in [
        "demo/cicd.yml",
        "demo/.github/cicd/cicd.lock",
        "demo/.github/workflows/production-deploy.yml",
    ] {
        assert!(files.contains(&file.to_owned()), "{files:?}");
    }
    for line in [
        "secret PRODUCTION_SSH_KEY of production",
        "variable STAGING_KNOWN_HOSTS of staging",
        "secret SNYK_TOKEN of the repository",
    ] {
        assert!(run.out.contains(line), "{line} is not in\n{}", run.out);
    }
}

#[test]
fn an_unknown_preset_is_answered_with_the_nearest() {
    let repo = Repo::new();
    let run = repo.cicd(&["init", "--preset", "ecomerce", "--yes"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("`--preset ecommerce`"), "{}", run.err);
    assert!(repo.files().is_empty());
}

#[test]
fn an_empty_repository_is_no_failure() {
    let repo = Repo::new();
    repo.write("README.md", "# Words\n");
    let run = repo.cicd(&["init", "--yes"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(
        repo.read("cicd.yml")
            .contains("# Nothing to build or test was found")
    );
}

#[test]
fn members_of_a_workspace_install_where_the_lock_file_lies() {
    let repo = Repo::new();
    repo.write(
        "package.json",
        "{\"private\": true, \"workspaces\": [\"apps/*\"], \"engines\": {\"node\": \"22\"}}",
    );
    repo.write("package-lock.json", "{\"lockfileVersion\": 3}");
    repo.write(
        "apps/web/package.json",
        "{\"name\": \"web\", \"scripts\": {\"test\": \"vitest run\", \"build\": \"vite build\"}, \
         \"dependencies\": {\"vite\": \"^7\"}, \"devDependencies\": {\"vitest\": \"^4\"}}",
    );
    repo.write("apps/web/src/index.js", "export const a = 1;\n");
    let run = repo.cicd(&["init", "--yes"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let manifest = repo.read("cicd.yml");
    assert!(
        manifest.contains("lockfile: package-lock.json"),
        "{manifest}"
    );
    let ci = repo.read(".github/workflows/ci.yml");
    assert!(
        ci.contains("cache-dependency-path: package-lock.json"),
        "{ci}"
    );
    assert!(
        ci.contains("working-directory: .\n        run: npm ci"),
        "{ci}"
    );
}
