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
        "    language: python@3.13",
        "    package-manager: uv",
        "    services: [postgres@16]",
        "    lint: [ruff, ",
        "    test: uv run pytest",
        "    image: true",
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
