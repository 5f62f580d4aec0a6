//! `cicd init` and the commands that repositories have for themselves: they come before
//! the tools' names, and what the root of a workspace runs is not run for each member.

use crate::common::Repo;

/// The manifest that `init` writes, after a look at whether it is one.
fn manifest(repo: &Repo) -> String {
    let run = repo.cicd(&["init", "--yes"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let check = repo.cicd(&["generate", "--check"]);
    assert_eq!(check.code, 0, "{}", check.out);
    repo.read("cicd.yml")
}

#[track_caller]
fn has(manifest: &str, lines: &[&str]) {
    for line in lines {
        let found = manifest.lines().any(|other| other == *line);
        assert!(found, "no line `{line}` in\n{manifest}");
    }
}

fn package(repo: &Repo, folder: &str, text: &str) {
    repo.write(&format!("{folder}package.json"), text);
    repo.write(&format!("{folder}index.js"), "export const a = 1;\n");
}

#[test]
fn scripts_that_look_are_run_and_those_that_write_are_not() {
    let repo = Repo::new();
    package(
        &repo,
        "",
        r#"{"name": "x", "devDependencies": {"eslint": "9", "prettier": "3", "stylelint": "16"},
            "scripts": {"lint": "eslint src --max-warnings 0", "fix": "eslint . --fix",
                        "format": "prettier --write .", "lint:css": "stylelint **/*.css",
                        "check": "prettier --check src"}}"#,
    );
    repo.write("yarn.lock", "# yarn lockfile v1\n");
    let manifest = manifest(&repo);
    has(
        &manifest,
        &[r#"    lint: [yarn lint, "yarn lint:css", yarn run check]"#],
    );
    assert!(!manifest.contains("also set up for"), "{manifest}");
}

#[test]
fn a_script_that_says_no_more_than_the_name_of_the_tool_is_not_cited() {
    let repo = Repo::new();
    let text = r#"{"name": "x", "devDependencies": {"eslint": "9", "typescript": "5"},
                   "scripts": {"lint": "eslint .", "types": "tsc --noEmit", "build": "tsc"}}"#;
    package(&repo, "", text);
    repo.write("package-lock.json", "{}");
    let manifest = manifest(&repo);
    has(&manifest, &["    lint: [eslint, tsc]"]);
}

/// Two members, of which the root checks and tests both.
fn workspace(repo: &Repo) {
    package(
        repo,
        "",
        r#"{"private": true, "workspaces": ["packages/*"],
            "devDependencies": {"eslint": "9", "prettier": "3", "vitest": "4"},
            "scripts": {"test": "vitest run", "lint": "eslint packages",
                        "test:format": "prettier --list-different ."}}"#,
    );
    repo.write("package-lock.json", "{}");
    repo.write("eslint.config.js", "export default [];\n");
    for name in ["a", "b"] {
        let text =
            format!(r#"{{"name": "{name}", "main": "index.js", "scripts": {{"build": "true"}}}}"#);
        package(
            repo,
            &format!("packages/{name}/"),
            &text.replace("true", "vite build"),
        );
    }
}

#[test]
fn a_workspace_that_its_root_checks_is_one_entry() {
    let repo = Repo::new();
    workspace(&repo);
    let manifest = manifest(&repo);
    has(
        &manifest,
        &[
            r#"    lint: [npm run lint, "npm run test:format"]"#,
            "    test: npm test",
        ],
    );
    assert!(!manifest.contains("path: packages/"), "{manifest}");
}

#[test]
fn a_member_keeps_what_only_it_does() {
    let repo = Repo::new();
    workspace(&repo);
    package(
        &repo,
        "packages/b/",
        r#"{"name": "b", "main": "index.js",
            "scripts": {"build": "vite build", "lint": "eslint . --max-warnings 3"}}"#,
    );
    let manifest = manifest(&repo);
    has(
        &manifest,
        &["    path: packages/b", "    lint: [npm run lint]"],
    );
    assert!(!manifest.contains("path: packages/a"), "{manifest}");
}

#[test]
fn clippy_is_run_as_the_workflow_does_and_is_installed_for_it() {
    let repo = Repo::new();
    repo.write(
        "Cargo.toml",
        "[package]\nname = \"x\"\nversion = \"0.1.0\"\n",
    );
    repo.write("src/lib.rs", "");
    repo.write(
        ".github/workflows/build.yml",
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      \
         - run: cargo clippy --features sqlite\n",
    );
    has(
        &manifest(&repo),
        &["    lint: [cargo clippy --features sqlite]"],
    );
    let ci = repo.read(".github/workflows/ci.yml");
    assert!(ci.contains("--component clippy"), "{ci}");
}

#[test]
fn a_linter_of_one_crate_is_not_that_of_another() {
    let repo = Repo::new();
    for name in ["a", "b"] {
        repo.write(
            &format!("{name}/Cargo.toml"),
            format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\n"),
        );
        repo.write(&format!("{name}/src/lib.rs"), "");
    }
    repo.write(
        ".github/workflows/build.yml",
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      \
         - {run: cargo clippy --all-targets, working-directory: a}\n",
    );
    let manifest = manifest(&repo);
    assert_eq!(manifest.matches("clippy").count(), 1, "{manifest}");
}

#[test]
fn plug_ins_that_the_build_runs_are_not_run_by_their_goal() {
    let plugin = |executions: &str| {
        format!(
            "<project><artifactId>x</artifactId><build><plugins><plugin>\
             <artifactId>maven-checkstyle-plugin</artifactId>{executions}</plugin></plugins>\
             </build></project>"
        )
    };
    let bound = Repo::new();
    bound.write(
        "pom.xml",
        plugin("<executions><execution><goals><goal>check</goal></goals></execution></executions>"),
    );
    bound.write("mvnw", "#!/bin/sh\n");
    has(
        &manifest(&bound),
        &[
            "    # the tests run checkstyle, too",
            "    test: ./mvnw -B verify",
        ],
    );
    let alone = Repo::new();
    alone.write("pom.xml", plugin(""));
    alone.write("mvnw", "#!/bin/sh\n");
    let wrapped = r#"    lint: ["./mvnw -B checkstyle:check"]"#;
    has(&manifest(&alone), &[wrapped]);
}

#[test]
fn of_several_solutions_the_one_is_tested_that_a_workflow_names() {
    let repo = Repo::new();
    repo.write("Shop.slnx", "<Solution/>\n");
    for name in ["Api", "Web"] {
        repo.write(
            &format!("src/{name}/{name}.csproj"),
            "<Project Sdk=\"Microsoft.NET.Sdk.Web\"></Project>\n",
        );
    }
    repo.write(
        "tests/Api.Tests/Api.Tests.csproj",
        "<Project Sdk=\"Microsoft.NET.Sdk\"></Project>\n",
    );
    repo.write(
        ".github/workflows/build.yml",
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      \
         - run: dotnet test --solution Shop.Web.slnf --no-build\n",
    );
    let manifest = manifest(&repo);
    has(
        &manifest,
        &["    test: dotnet test --solution Shop.Web.slnf"],
    );
    assert!(!manifest.contains("dotnet build"), "{manifest}");
}

#[test]
fn what_runs_on_bun_is_set_up_with_bun() {
    let repo = Repo::new();
    package(
        &repo,
        "",
        r#"{"name": "x", "scripts": {"test": "bun test"}}"#,
    );
    repo.write("bun.lock", "{}\n");
    has(
        &manifest(&repo),
        &["    language: bun", "    test: bun run test"],
    );
}

#[test]
fn formatters_leave_the_manifest_as_it_is_written() {
    let repo = Repo::new();
    repo.write("go.mod", "module example.com/shop/v3\n\ngo 1.24\n");
    repo.write("x_test.go", "package x\n");
    repo.write("web/requirements.txt", "flask\n");
    for list in ["base", "dev", "production", "test", "local"] {
        repo.write(&format!("web/requirements/{list}.txt"), "flask\n");
    }
    repo.write("web/app.py", "from flask import Flask\n");
    repo.write("docker/web/Dockerfile", "FROM python:3.13\nCOPY web /web\n");
    let manifest = manifest(&repo);
    has(
        &manifest,
        &[
            "name: shop",
            "    dependencies:",
            "      - requirements.txt",
        ],
    );
    for line in manifest
        .lines()
        .filter(|line| !line.trim().starts_with('#'))
    {
        let fits = !line.contains('{') && line.len() <= 80;
        assert!(fits, "{line}");
    }
}

#[test]
fn what_a_workflow_installs_before_it_tests_is_installed() {
    let repo = Repo::new();
    repo.write(
        "Gemfile",
        "source \"https://rubygems.org\"\ngem \"rails\"\n",
    );
    repo.write("Gemfile.lock", "GEM\n");
    repo.write("config/application.rb", "module Shop\nend\n");
    repo.write("bin/rails", "#!/usr/bin/env ruby\n");
    repo.write("test/shop_test.rb", "");
    repo.write(
        ".github/workflows/tests.yml",
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      \
         - run: sudo apt-get update && sudo apt-get install -y libvips ffmpeg\n      \
         - run: bin/rails test\n",
    );
    has(
        &manifest(&repo),
        &["    system-packages: [libvips, ffmpeg]"],
    );
    let ci = repo.read(".github/workflows/ci.yml");
    assert!(ci.contains("PACKAGES: libvips ffmpeg\n"), "{ci}");
}

#[test]
fn the_first_yarn_is_told_from_later_ones() {
    let line = "    package-manager: yarn@1".to_owned();
    let written = |files: &[(&str, &str)]| {
        let repo = Repo::new();
        package(
            &repo,
            "",
            r#"{"name": "x", "scripts": {"test": "vitest run"}}"#,
        );
        repo.write("yarn.lock", "");
        for (path, text) in files {
            repo.write(path, text);
        }
        manifest(&repo).lines().any(|other| *other == line)
    };
    assert!(written(&[]));
    assert!(!written(&[(".yarnrc.yml", "nodeLinker: node-modules\n")]));
    let later =
        r#"{"name": "x", "packageManager": "yarn@4.9.1", "scripts": {"test": "vitest run"}}"#;
    assert!(!written(&[("package.json", later)]));
}
