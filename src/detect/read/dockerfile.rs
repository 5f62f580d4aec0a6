//! Dockerfiles: the images they build on.

/// An image as `FROM` or `image:` names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::detect) struct Image {
    /// The name without registry and tag, as `postgres` or `bitnami/redis`.
    pub(in crate::detect) name: String,
    /// The tag, if one is written out.
    pub(in crate::detect) tag: Option<String>,
}

impl Image {
    /// Reads `registry/name:tag@digest`; a tag with a variable is no tag.
    pub(in crate::detect) fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_matches(['"', '\'']);
        let text = text.split('@').next().unwrap_or(text);
        let (path, tag) = match text.rsplit_once(':') {
            Some((path, tag)) if !tag.contains('/') && !path.ends_with('$') => (path, Some(tag)),
            _ => (text, None),
        };
        let mut parts: Vec<&str> = path.split('/').collect();
        if parts.len() > 1 && (parts[0].contains(['.', ':', '$']) || parts[0] == "localhost") {
            parts.remove(0);
        }
        if parts.len() > 1 && parts[0] == "library" {
            parts.remove(0);
        }
        let name = parts.join("/");
        let usable = |text: &&str| !text.contains('$') && !text.is_empty();
        (!name.is_empty() && !name.contains('$')).then(|| Self {
            name,
            tag: tag.filter(usable).map(str::to_owned),
        })
    }

    /// The last part of the name.
    pub(in crate::detect) fn short_name(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or(&self.name)
    }

    /// The leading number of the tag: `11.5` of `11.5-alpine`, nothing of `latest`.
    pub(in crate::detect) fn version(&self) -> Option<String> {
        let tag = self.tag.as_deref()?;
        let tag = tag.strip_prefix('v').unwrap_or(tag);
        let end = tag
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(tag.len());
        let version = tag[..end].trim_end_matches('.');
        (!version.is_empty()).then(|| version.to_owned())
    }
}

/// What a Dockerfile says about what it builds.
#[derive(Debug, Clone, Default)]
pub(in crate::detect) struct Dockerfile {
    /// The images of its `FROM` lines, with `ARG` defaults filled in.
    pub(in crate::detect) images: Vec<Image>,
    /// What it copies out of the folder it is built in.
    pub(in crate::detect) copies: Vec<String>,
}

/// Lines of one kind that are looked at; no image has as many stages.
const MAX_LINES: usize = 200;
/// No name of an image is longer.
const MAX_NAME: usize = 1024;

/// Reads the `FROM` and `COPY` lines of a Dockerfile.
pub(in crate::detect) fn parse(text: &str) -> Dockerfile {
    let mut arguments: Vec<(String, String)> = Vec::new();
    let mut stages: Vec<String> = Vec::new();
    let mut images = Vec::new();
    let mut copies = Vec::new();
    for line in text.lines() {
        let mut words = line.split_whitespace();
        match words.next().map(str::to_ascii_uppercase).as_deref() {
            Some("ARG") => {
                let argument = words.next().and_then(|word| word.split_once('='));
                let usable = |(name, value): &(&str, &str)| {
                    arguments.len() < MAX_LINES && name.len() + value.len() < MAX_NAME
                };
                if let Some((name, value)) = argument.filter(usable) {
                    arguments.push((name.to_owned(), value.trim_matches('"').to_owned()));
                }
            }
            Some("FROM") => {
                let image = words.by_ref().find(|word| !word.starts_with("--"));
                let Some(image) = image.filter(|_| images.len() < MAX_LINES) else {
                    continue;
                };
                if !stages.iter().any(|stage| stage == image) {
                    images.extend(Image::parse(&fill(image, &arguments)));
                }
                if words
                    .next()
                    .is_some_and(|word| word.eq_ignore_ascii_case("as"))
                {
                    stages.extend(words.next().map(str::to_owned));
                }
            }
            Some("COPY" | "ADD") => {
                let words: Vec<&str> = words.collect();
                if !words.iter().any(|word| word.starts_with("--from")) {
                    let plain = words.iter().filter(|word| !word.starts_with("--"));
                    // The last one says where to.
                    let count = plain.clone().count().saturating_sub(1);
                    copies.extend(
                        plain
                            .take(count)
                            .map(|word| word.trim_matches(['"', '[', ']', ',']).to_owned()),
                    );
                }
            }
            _ => {}
        }
    }
    Dockerfile { images, copies }
}

/// Replaces `$NAME`, `${NAME}` and `${NAME:-default}` by the defaults of `ARG` lines.
fn fill(text: &str, arguments: &[(String, String)]) -> String {
    let mut filled = text.to_owned();
    for (name, value) in arguments {
        // Arguments made of arguments can double at each step.
        if filled.len() > MAX_NAME {
            break;
        }
        filled = filled
            .replace(&format!("${{{name}}}"), value)
            .replace(&format!("${name}"), value);
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::{Image, parse};

    #[test]
    fn images_lose_registry_digest_and_variant() {
        let image = Image::parse("docker.io/library/python:3.12-slim@sha256:00").unwrap();
        assert_eq!(image.name, "python");
        assert_eq!(image.version().as_deref(), Some("3.12"));
        assert_eq!(Image::parse("postgres").unwrap().version(), None);
        assert_eq!(Image::parse("redis:latest").unwrap().version(), None);
        assert_eq!(Image::parse("localhost:5000/app:1").unwrap().name, "app");
        assert_eq!(Image::parse("$BASE"), None);
    }

    #[test]
    fn arguments_that_double_do_not_grow_without_bound() {
        let mut text: String = (0..100)
            .rev()
            .map(|n| format!("ARG A{n}x=$A{}x$A{}x\n", n + 1, n + 1))
            .collect();
        text = text.lines().rev().map(|line| format!("{line}\n")).collect();
        text.push_str("FROM $A0x\n");
        assert!(parse(&text).images.is_empty());
    }

    #[test]
    fn arguments_are_filled_in_and_stages_are_no_images() {
        let file = parse(
            "ARG V=22\nFROM node:${V} AS base\nFROM base AS next\nFROM --platform=linux/amd64 nginx:1.27\n",
        );
        let names: Vec<_> = file
            .images
            .iter()
            .map(|i| (i.name.as_str(), i.version()))
            .collect();
        assert_eq!(
            names,
            [("node", Some("22".into())), ("nginx", Some("1.27".into()))]
        );
    }
}
