//! PHP with Composer.

use serde_json::Value;

use super::model::{Component, Evidence, Found, Kind, Language};
use super::read::{json, text_at};
use super::repo::{Findings, Repo};
use super::tree::{folder_of, join};
use super::versions::plain_version;

const FRAMEWORKS: &[(&str, &str)] = &[
    ("laravel/framework", "laravel"),
    ("symfony/framework-bundle", "symfony"),
    ("symfony/http-kernel", "symfony"),
    ("slim/slim", "slim"),
    ("cakephp/cakephp", "cakephp"),
    ("codeigniter4/framework", "codeigniter"),
    ("yiisoft/yii2", "yii"),
    ("laminas/laminas-mvc", "laminas"),
    ("drupal/core-recommended", "drupal"),
    ("drupal/core", "drupal"),
    ("roots/wordpress", "wordpress"),
    ("johnpbloch/wordpress", "wordpress"),
    ("hyperf/framework", "hyperf"),
];

/// Frameworks without pages of their own, for services.
const MICRO: &[&str] = &["slim/slim", "silex/silex", "laravel/lumen-framework"];

/// Finds the components of PHP.
pub(super) fn detect(repo: &Repo<'_>, found: &mut Findings) {
    for path in repo.manifests("composer.json") {
        let Some(value) = repo.tree.text(path).and_then(json) else {
            found.note(path, "cannot be read as JSON");
            continue;
        };
        if repo.count(folder_of(path), &["php"]) == 0 {
            found.note(path, "a `composer.json` without sources");
            continue;
        }
        found.components.push(component(repo, path, &value));
    }
}

/// A `composer.json` with its place.
struct Package<'p> {
    folder: &'p str,
    path: &'p str,
    value: &'p Value,
}

impl Package<'_> {
    fn runs_with(&self, name: &str) -> bool {
        self.value
            .get("require")
            .is_some_and(|list| list.get(name).is_some())
    }

    fn has(&self, name: &str) -> bool {
        self.runs_with(name)
            || self
                .value
                .get("require-dev")
                .is_some_and(|list| list.get(name).is_some())
    }

    fn text(&self, keys: &[&str]) -> Option<String> {
        text_at(self.value, keys)
    }
}

fn component(repo: &Repo<'_>, path: &str, value: &Value) -> Component {
    let package = Package {
        folder: folder_of(path),
        path,
        value,
    };
    let own_name = package.text(&["name"]);
    let framework = FRAMEWORKS
        .iter()
        .find(|(name, _)| package.runs_with(name) && own_name.as_deref() != Some(name))
        .map(|(name, framework)| Found::new(*framework, path, format!("requires `{name}`")));
    let evidence = Evidence::new(path, "Composer package");
    let kind = kind(&package, framework.is_some());
    let mut component = Component::new(package.folder, Language::Php, kind, evidence);
    component.name = own_name;
    component.package_manager = Some(Found::new("composer", path, "manifest"));
    component.lockfile = repo
        .tree
        .file_in(package.folder, "composer.lock")
        .map(str::to_owned);
    component.framework = framework;
    component.test_command = tests(repo, path, value);
    component.migrations = migrations(repo, &package);
    versions(&package, &mut component);
    tools(repo, &package, &mut component);
    component
}

fn kind(package: &Package<'_>, has_framework: bool) -> Kind {
    match package.text(&["type"]).as_deref() {
        Some("library" | "symfony-bundle" | "wordpress-plugin" | "drupal-module") => Kind::Library,
        _ if MICRO.iter().any(|name| package.has(name)) => Kind::Service,
        _ if has_framework => Kind::App,
        _ if package.value.get("bin").is_some() => Kind::Cli,
        None => Kind::Library,
        Some(_) => Kind::App,
    }
}

fn versions(package: &Package<'_>, component: &mut Component) {
    let platform = package.text(&["config", "platform", "php"]);
    component.version = platform
        .as_deref()
        .and_then(plain_version)
        .map(|version| Found::new(version, package.path, "platform"));
    if let Some(range) = package.text(&["require", "php"]) {
        let what = "requires `php`";
        let pinned = || Some(Found::new(one_minor(&range)?, package.path, what));
        component.version = component.version.take().or_else(pinned);
        component.version_range = Some(Found::new(range, package.path, what));
    }
}

fn tools(repo: &Repo<'_>, package: &Package<'_>, component: &mut Component) {
    let chosen = |table: &[(&str, &str, &str)]| -> Vec<Found> {
        table
            .iter()
            .filter_map(|(name, tool, file)| {
                if package.has(name) {
                    return Some(Found::new(
                        *tool,
                        package.path,
                        format!("requires `{name}`"),
                    ));
                }
                let is_config = |name: &&str| !file.is_empty() && name.starts_with(file);
                let config = repo.tree.names_in(package.folder).find(is_config)?;
                Some(Found::new(
                    *tool,
                    join(package.folder, config),
                    "configuration",
                ))
            })
            .collect()
    };
    let pint = ("laravel/pint", "pint", "pint.json");
    component.lint = chosen(&[pint, ("squizlabs/php_codesniffer", "phpcs", "phpcs.xml")]);
    component.format = chosen(&[
        pint,
        ("friendsofphp/php-cs-fixer", "php-cs-fixer", ".php-cs-fixer"),
    ]);
    component.typecheck = chosen(&[
        ("phpstan/phpstan", "phpstan", "phpstan.neon"),
        ("larastan/larastan", "larastan", ""),
        ("vimeo/psalm", "psalm", "psalm.xml"),
    ]);
}

fn migrations(repo: &Repo<'_>, package: &Package<'_>) -> Option<Found> {
    let folder = join(package.folder, "database/migrations");
    if package.runs_with("laravel/framework") && repo.tree.has_folder(&folder) {
        return Some(Found::new("laravel", folder, "migrations"));
    }
    [
        ("doctrine/doctrine-migrations-bundle", "doctrine"),
        ("doctrine/migrations", "doctrine"),
        ("robmorgan/phinx", "phinx"),
    ]
    .iter()
    .find(|(name, _)| package.has(name))
    .map(|(name, tool)| Found::new(*tool, package.path, format!("requires `{name}`")))
}

/// `~8.2.0` and `8.2.*` allow one minor version only.
fn one_minor(range: &str) -> Option<String> {
    let range = range.trim();
    if let Some(rest) = range.strip_prefix('~') {
        let version = plain_version(rest)?;
        let parts: Vec<&str> = version.split('.').collect();
        return (parts.len() == 3).then(|| parts[..2].join("."));
    }
    plain_version(range)
}

fn tests(repo: &Repo<'_>, path: &str, value: &Value) -> Option<Found> {
    let folder = folder_of(path);
    let file = |names: &[&str]| repo.tree.first_in(folder, names);
    let config = file(&["phpunit.xml", "phpunit.xml.dist", "phpunit.dist.xml"]);
    if let (Some(_), Some(artisan)) = (config, file(&["artisan"])) {
        // Laravel serves no page without a key, which lies in a file that is not committed.
        let command = match file(&[".env.testing", ".env.example"]) {
            Some(example) if example.ends_with(".env.example") => {
                "cp .env.example .env && php artisan key:generate && php artisan test"
            }
            _ => "php artisan test",
        };
        return Some(Found::new(command, artisan, "Laravel"));
    }
    let script = value.get("scripts").and_then(|scripts| scripts.get("test"));
    if script.is_some_and(|script| !script.to_string().contains("no test")) {
        return Some(Found::new("composer test", path, "script `test`"));
    }
    if value.to_string().contains("\"pestphp/pest\"") {
        return Some(Found::new("vendor/bin/pest", path, "requires Pest"));
    }
    let config = config?;
    let command = if file(&["bin/phpunit"]).is_some() {
        "bin/phpunit"
    } else {
        "vendor/bin/phpunit"
    };
    Some(Found::new(command, config, "configuration of PHPUnit"))
}
