//! The folders of a component, each with its image.

use crate::blocks::words::Name;
use crate::diagnostics::Diagnostic;
use crate::manifest::model::{Image, Part};
use crate::manifest::raw::{self, BuildMoment, Raw};
use crate::manifest::resolve::Check;

pub(super) fn parts(
    name: &Name,
    written: &raw::Component,
    raw: &Raw,
    check: &mut Check<'_>,
) -> Vec<Part> {
    let at = ["stack", name.as_str()];
    if written.members.is_empty() {
        let path = written.path.as_ref().map_or(".", |path| path.as_str());
        folder(path, &[at[0], at[1], "path"], check);
        let image = image(
            name,
            path,
            &written.image,
            raw,
            &[at[0], at[1], "image"],
            check,
        );
        return vec![Part {
            name: name.as_str().to_owned(),
            path: tidy(path),
            image,
        }];
    }
    if written.path.is_some() {
        check.error(
            &[at[0], at[1], "path"],
            "path-and-members",
            "a component with members has no folder of its own",
            "give each member its `path`",
        );
    }
    let mut parts = Vec::new();
    for (member, keys) in &written.members {
        let path = [at[0], at[1], "members", member.as_str()];
        let Some(folder_path) = &keys.path else {
            check.error(
                &path,
                "path-missing",
                format!("the member `{member}` has no folder"),
                "write `path: FOLDER`",
            );
            continue;
        };
        folder(
            folder_path,
            &[path[0], path[1], path[2], path[3], "path"],
            check,
        );
        let own = keys.image.as_ref().unwrap_or(&written.image);
        let image = image(
            member,
            folder_path,
            own,
            raw,
            &[path[0], path[1], path[2], path[3], "image"],
            check,
        );
        parts.push(Part {
            name: member.as_str().to_owned(),
            path: tidy(folder_path),
            image,
        });
    }
    parts
}

pub(super) fn tidy(path: &str) -> String {
    let path = path
        .strip_prefix("./")
        .unwrap_or(path)
        .trim_end_matches('/');
    if path.is_empty() {
        ".".to_owned()
    } else {
        path.to_owned()
    }
}

/// A folder that is not there yet is no error: a manifest may come before the code.
fn folder(path: &str, at: &[&str], check: &mut Check<'_>) {
    if path != "." && !(check.exists)(path) {
        let place = check.value(at);
        let warning = Diagnostic::warning(
            "no-such-folder",
            format!("the folder `{path}` does not exist"),
        )
        .at(place)
        .note("the workflows are written all the same, and fail until it is there")
        .help("create it, or correct the path");
        check.diagnostics.push(warning);
    }
}

fn image(
    name: &Name,
    path: &str,
    written: &raw::Image,
    raw: &Raw,
    at: &[&str],
    check: &mut Check<'_>,
) -> Option<Image> {
    if !written.enabled {
        return None;
    }
    let path = tidy(path);
    let within = |file: &str| {
        if path == "." {
            file.to_owned()
        } else {
            format!("{path}/{file}")
        }
    };
    let moments = |moment| written.build.is_empty() || written.build.contains(&moment);
    for stage in written.stages.keys() {
        if !raw.environments.contains_key(stage) {
            let mut path = at.to_vec();
            path.extend(["stages", stage.as_str()]);
            check.unknown(
                &path,
                "environment",
                stage,
                raw.environments.keys().map(|name| name.as_str()),
            );
        }
    }
    let image = written
        .name
        .as_ref()
        .unwrap_or(name)
        .as_str()
        .to_ascii_lowercase();
    let variable = format!("{}_IMAGE", image.to_ascii_uppercase().replace('-', "_"));
    Some(Image {
        dockerfile: written
            .dockerfile
            .as_ref()
            .map_or_else(|| within("Dockerfile"), |path| tidy(path)),
        context: written
            .context
            .as_ref()
            .map_or_else(|| path.clone(), |path| tidy(path)),
        stages: written
            .stages
            .iter()
            .map(|(environment, stage)| {
                (environment.as_str().to_owned(), stage.as_str().to_owned())
            })
            .collect(),
        with_checks: moments(BuildMoment::Checks),
        for_deploy: moments(BuildMoment::Deploy),
        max_megabytes: written.max_size.as_ref().map(|most| most.size.megabytes()),
        size_warns: written
            .max_size
            .as_ref()
            .is_some_and(|most| most.effect == Some(raw::Effect::Warn)),
        platforms: written.platforms.to_vec(),
        variable: written
            .variable
            .as_ref()
            .map_or(variable, |name| name.as_str().to_owned()),
        name: image,
    })
}
