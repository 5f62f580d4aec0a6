//! Compose files: which services run beside which image.

use serde_json::Value;

use super::ci::is_yaml;
use super::read::{Image, strings, text_at, yaml};
use super::tree::{FileTree, file_name, folder_of, join, resolve};

/// A service of a Compose file.
#[derive(Debug, Clone)]
pub(super) struct Service {
    /// Its name in the file.
    pub(super) name: String,
    /// The image it runs, if that is not built here.
    pub(super) image: Option<Image>,
    /// The folder and the Dockerfile it is built from, relative to the root.
    pub(super) build: Option<(String, String)>,
    /// The services it waits for.
    pub(super) needs: Vec<String>,
}

/// A Compose file.
#[derive(Debug, Clone)]
pub(super) struct Compose {
    /// Its path.
    pub(super) path: String,
    /// Its services, in the order of the file.
    pub(super) services: Vec<Service>,
}

impl Compose {
    /// The folder it lies in.
    pub(super) fn folder(&self) -> &str {
        folder_of(&self.path)
    }

    /// The service with that name.
    pub(super) fn service(&self, name: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.name == name)
    }
}

/// Whether a file is a Compose file by its name; workflows are none.
pub(super) fn is_compose(path: &str) -> bool {
    let name = file_name(path).to_ascii_lowercase();
    let stem = name
        .strip_suffix(".yml")
        .or_else(|| name.strip_suffix(".yaml"));
    let Some(stem) = stem else { return false };
    let base = stem.strip_prefix("docker-").unwrap_or(stem);
    let named = base == "compose"
        || base.starts_with("compose.")
        || base.starts_with("compose-")
        || base.starts_with("compose_")
        || stem.ends_with(".docker-compose")
        || stem.ends_with("-docker-compose")
        || stem.starts_with("docker-compose");
    named && !path.starts_with(".github/")
}

/// The paths of all Compose files.
pub(super) fn paths(tree: &FileTree) -> Vec<String> {
    tree.paths()
        .filter(|path| is_yaml(path) && is_compose(path))
        .map(str::to_owned)
        .collect()
}

/// Reads all Compose files; one that is a template before rendering is left out.
///
/// The outermost come first: they describe the whole.
pub(super) fn read_all(tree: &FileTree) -> Vec<Compose> {
    let mut paths = paths(tree);
    paths.sort_by_key(|path| path.matches('/').count());
    paths
        .into_iter()
        .filter_map(|path| {
            let value = yaml(tree.text(&path)?)?;
            let Some(Value::Object(entries)) = value.get("services") else {
                return None;
            };
            let folder = folder_of(&path).to_owned();
            let services = entries
                .iter()
                .map(|(name, service)| read_service(&folder, name, service))
                .collect();
            Some(Compose { path, services })
        })
        .collect()
}

fn read_service(folder: &str, name: &str, service: &Value) -> Service {
    let needs = match service.get("depends_on") {
        Some(Value::Object(entries)) => entries.keys().cloned().collect(),
        Some(list) => strings(list),
        None => Vec::new(),
    };
    let links = service.get("links").map(strings).unwrap_or_default();
    let links = links
        .iter()
        .map(|link| link.split(':').next().unwrap_or_default().to_owned());
    Service {
        name: name.to_owned(),
        image: text_at(service, &["image"])
            .map(|image| with_defaults(&image))
            .and_then(|image| Image::parse(&image)),
        build: service
            .get("build")
            .and_then(|build| read_build(folder, build)),
        needs: needs.into_iter().chain(links).collect(),
    }
}

fn read_build(folder: &str, build: &Value) -> Option<(String, String)> {
    let context = build
        .as_str()
        .map(str::to_owned)
        .or_else(|| text_at(build, &["context"]))
        .unwrap_or_else(|| ".".to_owned());
    let context = resolve(folder, &context)?;
    let file = text_at(build, &["dockerfile"]).unwrap_or_else(|| "Dockerfile".to_owned());
    let file = resolve(&context, &file).unwrap_or_else(|| join(&context, "Dockerfile"));
    Some((context, file))
}

/// `${TAG:-15}` as `15`.
fn with_defaults(image: &str) -> String {
    let mut filled = String::new();
    let mut rest = image;
    while let Some(start) = rest.find("${") {
        let Some(length) = rest[start..].find('}') else {
            break;
        };
        let inner = &rest[start + 2..start + length];
        match inner.split_once(":-").or_else(|| inner.split_once('-')) {
            Some((_, default)) => {
                filled.push_str(&rest[..start]);
                filled.push_str(default);
            }
            None => filled.push_str(&rest[..=start + length]),
        }
        rest = &rest[start + length + 1..];
    }
    filled + rest
}
