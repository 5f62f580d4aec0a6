//! Texts that follow a pattern, by the pattern's name in the grammar.

use crate::knowledge::WORKFLOWS;

/// What is wrong with a text, and what to do.
pub(super) type Misfit = (String, &'static str);

/// Returns how a text does not follow a pattern, if it does not.
pub(super) fn misfit(pattern: &str, text: &str) -> Option<Misfit> {
    match pattern {
        "id" => id(text),
        "step-uses" => step_uses(text),
        "job-uses" => job_uses(text),
        _ => None,
    }
}

/// GitHub's limit.
const MAX_ID: usize = 99;

fn id(text: &str) -> Option<Misfit> {
    let mut letters = text.chars();
    let first = letters.next()?;
    let help = "use letters, digits, `-` and `_`, and begin with a letter or `_`";
    if !(first.is_ascii_alphabetic() || first == '_') {
        return Some((format!("the id `{text}` begins with `{first}`"), help));
    }
    if let Some(other) = letters.find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))) {
        return Some((format!("the id `{text}` has `{other}` in it"), help));
    }
    if text.starts_with("__") {
        let message = format!("the id `{text}` begins with `__`, which GitHub keeps for itself");
        return Some((message, "begin with a letter"));
    }
    (text.len() > MAX_ID).then(|| {
        let message = format!(
            "the id has {} characters, and GitHub takes {MAX_ID}",
            text.len()
        );
        (message, "choose a shorter one")
    })
}

fn step_uses(text: &str) -> Option<Misfit> {
    let help = "write `owner/name@version`, `./path/in/this/repository` or `docker://image:tag`";
    let wrong = || Some((format!("`{text}` names no action"), help));
    if let Some(image) = text.strip_prefix("docker://") {
        let is_whole = !image.is_empty() && !image.ends_with([':', '@', '/']);
        return if is_whole { None } else { wrong() };
    }
    if is_local(text) {
        return None;
    }
    let Some((action, version)) = text.split_once('@') else {
        let message = format!("`{text}` has no version");
        return Some((
            message,
            "write it behind an `@`: a commit, a tag or a branch",
        ));
    };
    let mut path = action.split(['/', '\\']);
    let named = path.next().is_some_and(|owner| !owner.is_empty())
        && path.next().is_some_and(|name| !name.is_empty());
    if named && !version.is_empty() {
        None
    } else {
        wrong()
    }
}

fn job_uses(text: &str) -> Option<Misfit> {
    let help = "write `owner/name/.github/workflows/file.yml@version`, or \
                `./.github/workflows/file.yml` for one of this repository";
    let wrong = || Some((format!("`{text}` names no reusable workflow"), help));
    let local = text.strip_prefix("./").or_else(|| text.strip_prefix("$/"));
    let file = match local {
        Some(path) if path.contains('@') => {
            let message = format!("`{text}` is in this repository and has a version");
            return Some((message, "leave `@` and what follows away"));
        }
        Some(path) => path.strip_prefix(WORKFLOWS),
        None => {
            let Some((path, version)) = text.split_once('@') else {
                return wrong();
            };
            if version.is_empty() {
                return wrong();
            }
            let mut parts = path.splitn(3, '/');
            let named = parts.next().is_some_and(|owner| !owner.is_empty())
                && parts.next().is_some_and(|name| !name.is_empty());
            let rest = parts.next().filter(|_| named);
            rest.and_then(|rest| rest.strip_prefix(WORKFLOWS))
        }
    };
    let fits = file.is_some_and(|file| {
        !file.contains('/') && (file.ends_with(".yml") || file.ends_with(".yaml"))
    });
    if fits { None } else { wrong() }
}

/// Whether an action is one of this repository.
fn is_local(text: &str) -> bool {
    text.starts_with("./") || text.starts_with(".\\") || text.starts_with("$/")
}
