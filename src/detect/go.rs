//! Go: modules, and programs without a module that an image builds.

use super::model::{Component, Evidence, Found, Kind, Language};
use super::repo::{Findings, Repo, skip_reason};
use super::tree::{extension, file_name, folder_of, join};
use super::versions::plain_version;

/// Modules that answer requests.
const FRAMEWORKS: &[(&str, &str)] = &[
    ("github.com/gin-gonic/gin", "gin"),
    ("github.com/labstack/echo", "echo"),
    ("github.com/gofiber/fiber", "fiber"),
    ("github.com/go-chi/chi", "chi"),
    ("github.com/gorilla/mux", "gorilla-mux"),
    ("github.com/beego/beego", "beego"),
    ("github.com/go-kratos/kratos", "kratos"),
    ("github.com/zeromicro/go-zero", "go-zero"),
    ("github.com/gobuffalo/buffalo", "buffalo"),
    ("connectrpc.com/connect", "connect"),
    ("google.golang.org/grpc", "grpc"),
];
const MIGRATIONS: &[(&str, &str)] = &[
    ("github.com/pressly/goose", "goose"),
    ("github.com/golang-migrate/migrate", "golang-migrate"),
    ("ariga.io/atlas", "atlas"),
    ("github.com/rubenv/sql-migrate", "sql-migrate"),
    ("github.com/amacneil/dbmate", "dbmate"),
];

/// In a repository with more modules than this only those in folders at the root are components.
const MAX_MODULES: usize = 10;

/// Finds the components of Go.
pub(super) fn detect(repo: &Repo<'_>, found: &mut Findings) {
    let modules: Vec<&str> = repo.manifests("go.mod").collect();
    for path in &modules {
        let folder = folder_of(path);
        let is_deep = folder.contains('/') && repo.tree.file_in(folder, "Dockerfile").is_none();
        if repo.count(folder, &["go"]) == 0 {
            found.note(*path, "a module without Go sources");
            continue;
        }
        let is_inner = folder.split('/').any(|part| part == "internal");
        if is_inner || is_deep && modules.len() > MAX_MODULES {
            found.note(*path, "an inner module of the repository");
        } else {
            found.components.push(module(repo, path));
        }
    }
    for (path, dockerfile) in &repo.dockerfiles {
        let folder = folder_of(path);
        let builds_go = dockerfile.images.iter().any(|image| image.name == "golang");
        let covered = found
            .components
            .iter()
            .any(|component| super::tree::is_within(folder, &component.path));
        let main = repo
            .tree
            .names_in(folder)
            .find(|name| extension(name) == "go");
        if let (true, false, Some(name), None) = (builds_go, covered, main, skip_reason(path)) {
            let evidence = Evidence::new(
                join(folder, name),
                "sources of Go without a module, built by an image",
            );
            let mut component = Component::new(folder, Language::Go, Kind::Service, evidence);
            component.name = Some(file_name(folder).to_owned());
            component.package_manager = Some(Found::new("go", path, "image"));
            found.components.push(component);
        }
    }
}

/// `example.com/x/v2` is called `example.com/x`: the last part is its major version.
fn without_major(module: &str) -> &str {
    module
        .rsplit_once("/v")
        .filter(|(_, major)| major.bytes().all(|byte| byte.is_ascii_digit()))
        .map_or(module, |(name, _)| name)
}

fn module(repo: &Repo<'_>, path: &str) -> Component {
    let folder = folder_of(path);
    let text = repo.tree.text(path).unwrap_or_default();
    let directs: Vec<&str> = text
        .lines()
        .filter(|line| !line.contains("// indirect"))
        .collect();
    let uses = |table: &[(&'static str, &'static str)]| {
        table
            .iter()
            .find(|(module, _)| directs.iter().any(|line| line.contains(module)))
            .map(|(module, name)| Found::new(*name, path, format!("requires `{module}`")))
    };
    let framework = uses(FRAMEWORKS);
    let program = [
        "main.go",
        "Dockerfile",
        ".goreleaser.yml",
        ".goreleaser.yaml",
    ];
    let has_main = repo.tree.first_in(folder, &program).is_some()
        || repo.tree.has_folder(&join(folder, "cmd"));
    let kind = match (&framework, has_main) {
        (Some(_), true) => Kind::Service,
        (_, true)
            if text.contains("github.com/spf13/cobra")
                || text.contains("github.com/urfave/cli") =>
        {
            Kind::Cli
        }
        (_, true) => Kind::Service,
        _ => Kind::Library,
    };
    let mut component = Component::new(folder, Language::Go, kind, Evidence::new(path, "module"));
    component.name = text
        .lines()
        .find_map(|line| line.strip_prefix("module "))
        .map(|name| without_major(name.trim()).to_owned());
    component.framework = framework.filter(|_| has_main);
    component.package_manager = Some(Found::new("go", path, "module"));
    component.lockfile = repo.tree.file_in(folder, "go.sum").map(str::to_owned);
    component.migrations = uses(MIGRATIONS);
    component.version = text
        .lines()
        .find_map(|line| line.strip_prefix("go "))
        .and_then(plain_version)
        .map(|version| Found::new(version, path, "go directive"));
    component.test_command = tests(repo, folder);
    tools(repo, folder, &mut component);
    component
}

/// `go test ./...` where a test of this very module lies.
fn tests(repo: &Repo<'_>, folder: &str) -> Option<Found> {
    let nested: Vec<&str> = repo
        .tree
        .named("go.mod")
        .map(folder_of)
        .filter(|other| *other != folder && super::tree::is_within(other, folder))
        .collect();
    let test = repo
        .tree
        .below(folder)
        .filter(|path| path.ends_with("_test.go"))
        .find(|path| {
            !nested
                .iter()
                .any(|other| super::tree::is_within(path, other))
        })?;
    Some(Found::new("go test ./...", test, "test file"))
}

fn tools(repo: &Repo<'_>, folder: &str, component: &mut Component) {
    const FILES: &[&str] = &[
        ".golangci.yml",
        ".golangci.yaml",
        ".golangci.toml",
        ".golangci.json",
        "golangci.yml",
        "golangci.yaml",
    ];
    let config = repo
        .tree
        .first_in(folder, FILES)
        .or_else(|| repo.tree.first_in(".", FILES));
    if let Some(path) = config {
        component
            .lint
            .push(Found::new("golangci-lint", path, "configuration"));
    }
    let makefile = join(folder, "Makefile");
    let says = |words: &[&str]| {
        let in_make = repo
            .tree
            .text(&makefile)
            .filter(|text| words.iter().any(|word| text.contains(word)));
        let in_job = || {
            let has = |line: &String| words.iter().any(|word| line.contains(word));
            repo.jobs
                .iter()
                .find(|job| job.commands.iter().any(has))
                .map(|job| job.path.clone())
        };
        in_make.map(|_| makefile.clone()).or_else(in_job)
    };
    if let Some(path) = says(&["go vet"]) {
        component.lint.push(Found::new("go vet", path, "command"));
    }
    let formats = config.and_then(|path| {
        repo.tree
            .text(path)
            .filter(|text| text.contains("gofmt"))
            .map(|_| path.to_owned())
    });
    if let Some(path) = formats.or_else(|| says(&["gofmt", "go fmt"])) {
        component.format.push(Found::new("gofmt", path, "command"));
    }
    let item = |line: &str| line.trim() == "- goimports";
    let imports = |path: &&str| {
        repo.tree
            .text(path)
            .is_some_and(|text| text.lines().any(item))
    };
    if let Some(path) = config.filter(imports) {
        component
            .format
            .push(Found::new("goimports", path, "configuration"));
    }
}
