//! What counts only where nothing else was found: C and C++, Terraform,
//! documentation and static pages. All of these also accompany other code.

use super::model::{Component, Evidence, Found, Kind, Language};
use super::repo::{Findings, Repo, skip_reason};
use super::tree::{extension, folder_of};

/// Finds one component at the root, if no language has found any.
pub(super) fn detect(repo: &Repo<'_>, found: &mut Findings) {
    if found
        .components
        .iter()
        .any(|component| component.path == ".")
    {
        return;
    }
    let is_bare = found.components.is_empty();
    let component = native(repo)
        .or_else(|| terraform(repo, is_bare))
        .or_else(|| if is_bare { site(repo) } else { None });
    found.components.extend(component);
}

/// C and C++: sources with a build file at the root.
fn native(repo: &Repo<'_>) -> Option<Component> {
    const BUILDS: &[(&str, &str)] = &[
        ("CMakeLists.txt", "cmake"),
        ("meson.build", "meson"),
        ("configure.ac", "autotools"),
        ("Makefile", "make"),
        ("GNUmakefile", "make"),
    ];
    let own = |path: &&str| skip_reason(path).is_none();
    let count = |endings: &[&str]| {
        repo.tree
            .paths()
            .filter(own)
            .filter(|path| endings.contains(&extension(path)))
            .count()
    };
    let (c, cpp) = (count(&["c"]), count(&["cc", "cpp", "cxx"]));
    let others = count(&["go", "rs", "py", "java", "ts", "js", "php", "rb"]);
    if c + cpp == 0 || others > c + cpp {
        return None;
    }
    let (path, tool) = BUILDS
        .iter()
        .find_map(|(name, tool)| Some((repo.tree.file_in(".", name)?, *tool)))?;
    let language = if cpp > c { Language::Cpp } else { Language::C };
    let mut component = Component::new(".", language, Kind::App, Evidence::new(path, "build file"));
    component.package_manager = Some(Found::new(tool, path, "build file"));
    component.test_command = native_tests(repo, tool);
    Some(component)
}

fn native_tests(repo: &Repo<'_>, tool: &str) -> Option<Found> {
    let makefile = ["Makefile", "GNUmakefile", "src/Makefile"]
        .iter()
        .find_map(|name| {
            let text = repo.text_in(".", name)?;
            let target = ["test", "check"].iter().find(|target| {
                text.lines()
                    .any(|line| line.starts_with(&format!("{target}:")))
            })?;
            Some(Found::new(format!("make {target}"), *name, "target"))
        });
    let by_ctest = || {
        let text = repo.text_in(".", "CMakeLists.txt")?;
        let tests = text.contains("enable_testing")
            || text.contains("include(CTest)")
            || text.contains("add_test(");
        tests.then(|| Found::new("ctest --test-dir build", "CMakeLists.txt", "tests of CMake"))
    };
    match tool {
        "cmake" => by_ctest().or(makefile),
        "meson" => Some(Found::new(
            "meson test -C build",
            "meson.build",
            "build file",
        )),
        // A bare delegating Makefile passes every target on.
        "make" => makefile.or_else(|| {
            let text = repo.text_in(".", "Makefile")?;
            let delegates = text
                .lines()
                .any(|line| line.starts_with(".DEFAULT:") || line.starts_with("%:"));
            let runner = repo
                .tree
                .first_in(".", &["runtest", "run_tests.sh", "runtests.sh"])?;
            Some(if delegates {
                Found::new("make test", "Makefile", "passes targets on")
            } else {
                Found::new(format!("./{runner}"), runner, "script")
            })
        }),
        _ => makefile,
    }
}

/// Terraform: a module at the root, or a repository of nothing else.
fn terraform(repo: &Repo<'_>, is_bare: bool) -> Option<Component> {
    let at_root = repo.tree.names_in(".").find(|name| name.ends_with(".tf"));
    let anywhere = || {
        repo.tree
            .paths()
            .find(|path| path.ends_with(".tf") && skip_reason(path).is_none())
            .filter(|_| is_bare)
    };
    let terragrunt = || {
        let files = ["terragrunt.hcl", "root.hcl"];
        files
            .iter()
            .find_map(|name| repo.tree.named(name).next())
            .filter(|_| is_bare)
    };
    let path = at_root.or_else(anywhere).or_else(terragrunt)?;
    let is_module = at_root.is_some()
        && !repo
            .tree
            .named("backend.tf")
            .any(|path| folder_of(path) == ".");
    let kind = if is_module {
        Kind::Library
    } else {
        Kind::Infrastructure
    };
    let mut component = Component::new(
        ".",
        Language::Terraform,
        kind,
        Evidence::new(path, "Terraform configuration"),
    );
    component.lockfile = repo
        .tree
        .file_in(".", ".terraform.lock.hcl")
        .map(str::to_owned);
    component.version_range = ["versions.tf", "terraform.tf", "main.tf", "providers.tf"]
        .iter()
        .find_map(|name| {
            let range = super::read::assignment(repo.text_in(".", name)?, "required_version")?;
            Some(Found::new(range, *name, "required_version"))
        });
    let test = repo.tree.paths().find(|path| path.ends_with(".tftest.hcl"));
    component.test_command = test.map(|path| Found::new("terraform test", path, "test file"));
    let hooks = repo
        .text_in(".", ".pre-commit-config.yaml")
        .unwrap_or_default();
    let tflint = repo.tree.file_in(".", ".tflint.hcl").or_else(|| {
        hooks
            .contains("terraform_tflint")
            .then_some(".pre-commit-config.yaml")
    });
    component
        .lint
        .extend(tflint.map(|path| Found::new("tflint", path, "chosen here")));
    for (hook, tool) in [
        ("terraform_validate", "terraform validate"),
        ("terraform_docs", "terraform-docs"),
    ] {
        if hooks.contains(hook) {
            component.lint.push(Found::new(
                tool,
                ".pre-commit-config.yaml",
                "pre-commit hook",
            ));
        }
    }
    if hooks.contains("terraform_fmt") {
        component.format.push(Found::new(
            "terraform fmt",
            ".pre-commit-config.yaml",
            "pre-commit hook",
        ));
    }
    Some(component)
}

/// Documentation and static pages.
fn site(repo: &Repo<'_>) -> Option<Component> {
    const GENERATORS: &[(&str, &str, Language)] = &[
        ("mkdocs.yml", "mkdocs", Language::Python),
        ("hugo.toml", "hugo", Language::Html),
        ("hugo.yaml", "hugo", Language::Html),
        ("book.toml", "mdbook", Language::Html),
        ("_config.yml", "jekyll", Language::Html),
        ("index.html", "", Language::Html),
    ];
    let (path, name, language) = GENERATORS.iter().find_map(|(file, name, language)| {
        Some((repo.tree.file_in(".", file)?, *name, *language))
    })?;
    let mut component = Component::new(".", language, Kind::Site, Evidence::new(path, "site"));
    component.framework = (!name.is_empty()).then(|| Found::new(name, path, "configuration"));
    Some(component)
}
