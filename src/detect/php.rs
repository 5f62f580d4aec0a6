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

fn component(repo: &Repo<'_>, path: &str, value: &Value) -> Component {
    let folder = folder_of(path);
    let lists = |key: &str, name: &str| value.get(key).is_some_and(|list| list.get(name).is_some());
    let has = |name: &str| lists("require", name) || lists("require-dev", name);
    let framework = FRAMEWORKS
        .iter()
        .find(|(package, _)| {
            lists("require", package) && text_at(value, &["name"]).as_deref() != Some(package)
        })
        .map(|(package, name)| Found::new(*name, path, format!("requires `{package}`")));
    let kind = match (text_at(value, &["type"]).as_deref(), &framework) {
        (Some("library" | "symfony-bundle" | "wordpress-plugin" | "drupal-module"), _) => {
            Kind::Library
        }
        (_, Some(_)) => Kind::App,
        _ if value.get("bin").is_some() => Kind::Cli,
        (None, None) => Kind::Library,
        _ => Kind::App,
    };
    let mut component = Component::new(
        folder,
        Language::Php,
        kind,
        Evidence::new(path, "Composer package"),
    );
    component.name = text_at(value, &["name"]);
    component.package_manager = Some(Found::new("composer", path, "manifest"));
    component.lockfile = repo
        .tree
        .file_in(folder, "composer.lock")
        .map(str::to_owned);
    if let Some(version) = text_at(value, &["config", "platform", "php"])
        .as_deref()
        .and_then(plain_version)
    {
        component.version = Some(Found::new(version, path, "platform"));
    }
    if let Some(range) = text_at(value, &["require", "php"]) {
        if component.version.is_none() {
            component.version =
                one_minor(&range).map(|version| Found::new(version, path, "requires `php`"));
        }
        component.version_range = Some(Found::new(range, path, "requires `php`"));
    }
    component.test_command = tests(repo, path, value);
    let tools = |table: &[(&str, &str, &str)]| -> Vec<Found> {
        table
            .iter()
            .filter_map(|(package, tool, file)| {
                if has(package) {
                    return Some(Found::new(*tool, path, format!("requires `{package}`")));
                }
                let config = repo
                    .tree
                    .names_in(folder)
                    .find(|name| !file.is_empty() && name.starts_with(file))?;
                Some(Found::new(*tool, join(folder, config), "configuration"))
            })
            .collect()
    };
    component.lint = tools(&[
        ("laravel/pint", "pint", "pint.json"),
        ("squizlabs/php_codesniffer", "phpcs", "phpcs.xml"),
    ]);
    component.format = tools(&[
        ("laravel/pint", "pint", "pint.json"),
        ("friendsofphp/php-cs-fixer", "php-cs-fixer", ".php-cs-fixer"),
    ]);
    component.typecheck = tools(&[
        ("phpstan/phpstan", "phpstan", "phpstan.neon"),
        ("larastan/larastan", "larastan", ""),
        ("vimeo/psalm", "psalm", "psalm.xml"),
    ]);
    let is = |name: &str| framework.as_ref().is_some_and(|found| found.value == name);
    component.migrations =
        if is("laravel") && repo.tree.has_folder(&join(folder, "database/migrations")) {
            Some(Found::new(
                "laravel",
                join(folder, "database/migrations"),
                "migrations",
            ))
        } else if has("doctrine/doctrine-migrations-bundle") || has("doctrine/migrations") {
            Some(Found::new("doctrine", path, "requires Doctrine migrations"))
        } else {
            has("robmorgan/phinx").then(|| Found::new("phinx", path, "requires Phinx"))
        };
    component.framework = framework;
    component
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
        return Some(Found::new("php artisan test", artisan, "Laravel"));
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
