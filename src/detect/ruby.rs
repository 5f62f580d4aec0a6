//! Ruby with Bundler. A `Gemfile` for release tools of an app alone is none.

use super::model::{Component, Evidence, Found, Kind, Language};
use super::read::between;
use super::repo::{Findings, Repo, skip_reason};
use super::skip::Reason;
use super::tree::{extension, file_name, folder_of, join};
use super::versions::plain_version;

/// Gems that make an app, and the framework.
const FRAMEWORKS: &[(&str, &str)] = &[
    ("rails", "rails"),
    ("hanami", "hanami"),
    ("sinatra", "sinatra"),
    ("roda", "roda"),
    ("grape", "grape"),
    ("jekyll", "jekyll"),
    ("github-pages", "jekyll"),
    ("middleman", "middleman"),
];

/// Finds the components of Ruby.
pub(super) fn detect(repo: &Repo<'_>, found: &mut Findings) {
    for path in repo.manifests("Gemfile") {
        let text = repo.tree.text(path).unwrap_or_default();
        if let Some(reason) = exclusion(repo, path, text) {
            found.note(path, reason);
            continue;
        }
        found.components.push(component(repo, path, text));
    }
}

/// The gems that a `Gemfile` names.
fn gems(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let rest = line
            .trim()
            .strip_prefix("gem ")
            .or_else(|| line.trim().strip_prefix("gem("))?;
        let rest = rest.trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        rest[1..].split(quote).next()
    })
}

fn exclusion(repo: &Repo<'_>, path: &str, text: &str) -> Option<&'static str> {
    const HELPERS: &[&str] = &[
        "fastlane",
        "cocoapods",
        "danger",
        "xcpretty",
        "xcodeproj",
        "activesupport",
        "concurrent-ruby",
        "html-proofer",
    ];
    let folder = folder_of(path);
    let is_library = repo
        .tree
        .names_in(folder)
        .any(|name| name.ends_with(".gemspec"));
    let mut all = gems(text).peekable();
    if all.peek().is_some()
        && all.all(|gem| {
            HELPERS.contains(&gem)
                || gem.starts_with("fastlane-")
                || gem.starts_with("cocoapods-")
                || gem.starts_with("danger-")
        })
    {
        return Some("gems for releases and checks only");
    }
    let has_sources = repo
        .tree
        .below(folder)
        .any(|path| extension(path) == "rb" && file_name(path) != "Fastfile");
    let is_site = repo.tree.file_in(folder, "_config.yml").is_some();
    (!is_library && !has_sources && !is_site).then_some("a `Gemfile` without sources")
}

fn component(repo: &Repo<'_>, path: &str, text: &str) -> Component {
    let folder = folder_of(path);
    let has = |gem: &str| gems(text).any(|name| name == gem);
    let in_folder = |name: &str| repo.tree.has_folder(&join(folder, name));
    let gemspec = repo
        .tree
        .names_in(folder)
        .find(|name| name.ends_with(".gemspec"));
    let is_rails_app = has("rails") && repo.tree.file_in(folder, "config/application.rb").is_some();
    let framework = FRAMEWORKS
        .iter()
        .find(|(gem, _)| has(gem) && (gemspec.is_none() || is_rails_app))
        .map(|(gem, name)| Found::new(*name, path, format!("gem `{gem}`")));
    let kind = match (
        framework.as_ref().map(|found| found.value.as_str()),
        gemspec,
    ) {
        (Some("jekyll" | "middleman"), _) => Kind::Site,
        (Some("rails" | "hanami"), _) => Kind::App,
        (Some(_), _) => Kind::Service,
        (None, Some(_)) => Kind::Library,
        (None, None) => Kind::App,
    };
    let mut component =
        Component::new(folder, Language::Ruby, kind, Evidence::new(path, "Gemfile"));
    component.name = gemspec
        .and_then(|name| name.strip_suffix(".gemspec"))
        .map(str::to_owned)
        .or_else(|| rails_name(repo, folder));
    component.package_manager = Some(Found::new("bundler", path, "Gemfile"));
    component.lockfile = repo.tree.file_in(folder, "Gemfile.lock").map(str::to_owned);
    component.version = text
        .lines()
        .find_map(|line| line.strip_prefix("ruby "))
        .and_then(plain_version)
        .map(|version| Found::new(version, path, "ruby"));
    component.test_command = tests(repo, path, is_rails_app);
    if is_rails_app && in_folder("test/system") {
        component.e2e_command = Some(Found::new(
            "bin/rails test:system",
            join(folder, "test/system"),
            "system tests",
        ));
    }
    component.lint = linters(repo, path, text);
    component.migrations = in_folder("db/migrate")
        .then(|| Found::new("rails", join(folder, "db/migrate"), "migrations"));
    component.framework = framework;
    component
}

fn linters(repo: &Repo<'_>, path: &str, text: &str) -> Vec<Found> {
    const LINTERS: &[&str] = &[
        "rubocop",
        "standard",
        "brakeman",
        "bundler-audit",
        "erb_lint",
    ];
    // `rubocop-rails-omakase` brings RuboCop along.
    let names = |linter: &str, gem: &str| {
        gem == linter || linter == "rubocop" && gem.starts_with("rubocop-")
    };
    let mut linters: Vec<Found> = LINTERS
        .iter()
        .filter(|linter| gems(text).any(|gem| names(linter, gem)))
        .map(|linter| Found::new(*linter, path, "gem"))
        .collect();
    let config = repo.tree.file_in(folder_of(path), ".rubocop.yml");
    if !linters.iter().any(|linter| linter.value == "rubocop") {
        linters.extend(config.map(|config| Found::new("rubocop", config, "configuration")));
    }
    linters
}

/// `module Shop` in `config/application.rb`.
fn rails_name(repo: &Repo<'_>, folder: &str) -> Option<String> {
    let text = repo.text_in(folder, "config/application.rb")?;
    between(text, "\nmodule ", "\n").map(|name| name.trim().to_ascii_lowercase())
}

fn tests(repo: &Repo<'_>, path: &str, is_rails_app: bool) -> Option<Found> {
    let folder = folder_of(path);
    let first = |start: &str, end: &str| {
        repo.tree.below(&join(folder, start)).find(|path| {
            path.ends_with(end) && skip_reason(path).is_none_or(|(_, why)| why != Reason::TestData)
        })
    };
    if let Some(test) = first("spec", "_spec.rb") {
        return Some(Found::new("bundle exec rspec", test, "test file"));
    }
    let test = first("test", "_test.rb").or_else(|| first("test", ".rb"))?;
    let command = if is_rails_app {
        "bin/rails test"
    } else {
        "bundle exec rake test"
    };
    (is_rails_app || repo.tree.file_in(folder, "Rakefile").is_some())
        .then(|| Found::new(command, test, "test file"))
}
