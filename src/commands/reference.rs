//! `reference`: the page about the manifest, whole or the part that somebody asks for.

use crate::assets;
use crate::commands::{Failure, Status, Terminal};
use crate::diagnostics::{Diagnostic, nearest};

/// What `reference` is asked to do.
#[derive(Debug)]
pub struct Options {
    /// A key, its path or the name of a table; nothing for the whole page.
    pub topic: Option<String>,
}

/// Prints the page as Markdown, or what it says about a topic as text.
pub fn run(options: &Options, terminal: &mut Terminal<'_>) -> Result<Status, Failure> {
    let page = assets::MANIFEST_REFERENCE;
    let Some(topic) = &options.topic else {
        terminal.out.write_all(page.as_bytes())?;
        return Ok(Status::Clean);
    };
    let parts = parts(page);
    let found = about(&parts, topic);
    if found.is_empty() {
        return Err(unknown(topic, &parts));
    }
    terminal.out.write_all(found.join("\n").as_bytes())?;
    Ok(Status::Clean)
}

/// A heading with the lines below it, up to the next one.
struct Part<'p> {
    heading: &'p str,
    lines: Vec<&'p str>,
}

fn parts(page: &str) -> Vec<Part<'_>> {
    let mut parts: Vec<Part<'_>> = Vec::new();
    for line in page.lines() {
        match line
            .strip_prefix("### ")
            .or_else(|| line.strip_prefix("## "))
        {
            Some(heading) => parts.push(Part {
                heading,
                lines: Vec::new(),
            }),
            None => parts
                .iter_mut()
                .last()
                .into_iter()
                .for_each(|part| part.lines.push(line)),
        }
    }
    parts
}

/// What the page says: the parts below a heading, else the keys of that name.
fn about(parts: &[Part<'_>], topic: &str) -> Vec<String> {
    let topic = plain(topic);
    let is = |part: &&Part<'_>| plain(part.heading) == topic;
    let named: Vec<_> = parts
        .iter()
        .filter(is)
        .map(|part| shown(part.heading, &part.lines))
        .collect();
    if !named.is_empty() {
        let below = |part: &&Part<'_>| plain(part.heading).starts_with(&format!("{topic}."));
        let below: Vec<_> = parts
            .iter()
            .filter(below)
            .map(|part| part.heading)
            .collect();
        let more = (!below.is_empty()).then(|| format!("More: {}\n", below.join(", ")));
        return named.into_iter().chain(more).collect();
    }
    let key = |line: &&str| line.starts_with(&format!("| `{topic}` |"));
    let with = |part: &Part<'_>| {
        let rows: Vec<_> = part
            .lines
            .iter()
            .copied()
            .filter(|line| key(line))
            .collect();
        (!rows.is_empty()).then(|| shown(part.heading, &rows))
    };
    let ends = |part: &&Part<'_>| plain(part.heading).ends_with(&format!(".{topic}"));
    let long = parts.iter().filter(ends);
    let long = long.map(|part| shown(part.heading, &part.lines));
    parts.iter().filter_map(with).chain(long).collect()
}

/// A path as people type it: without case, and without the names of their own.
fn plain(path: &str) -> String {
    let parts = path
        .split('.')
        .filter(|part| *part != "NAME" && *part != "*");
    parts.collect::<Vec<_>>().join(".").to_ascii_lowercase()
}

/// Markdown for the eyes: the keys of a mapping become entries, other tables columns.
fn shown(heading: &str, lines: &[&str]) -> String {
    let mut text = format!("{heading}\n");
    let mut rows: Vec<Vec<String>> = Vec::new();
    for line in lines.iter().filter(|line| !line.starts_with("```")) {
        if line.starts_with("|---") || line.starts_with("| Key |") {
            continue;
        }
        if line.starts_with('|') {
            let cells = line.trim_matches('|').split(" | ");
            rows.push(cells.map(eyes).collect());
        } else if !(line.is_empty() && text.ends_with("\n\n")) {
            text.push_str(&format!("{line}\n"));
        }
    }
    let is_keys = lines.iter().any(|line| line.starts_with("| Key |")) || lines.len() == 1;
    text.push_str(&if is_keys {
        entries(&rows)
    } else {
        columns(&rows)
    });
    text.trim_end().to_owned() + "\n"
}

fn entries(rows: &[Vec<String>]) -> String {
    let entry = |row: &Vec<String>| {
        let [key, value, meaning] = row.as_slice() else {
            return String::new();
        };
        let value = value.replace('\n', ", such as ");
        let lines = meaning.lines().filter(|line| !line.is_empty());
        let lines: String = lines.map(|line| format!("      {line}\n")).collect();
        format!("  {}: {value}\n{lines}", key.replace('`', ""))
    };
    rows.iter().map(entry).collect()
}

fn columns(rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells
            .map(|cell| cell.replace('`', "").chars().count())
            .max()
            .unwrap_or_default()
    };
    let line = |row: &Vec<String>| {
        let cells = row.iter().enumerate();
        let cells =
            cells.map(|(column, cell)| format!("{:1$}", cell.replace('`', ""), width(column)));
        format!("  {}\n", cells.collect::<Vec<_>>().join("   ").trim_end())
    };
    rows.iter().map(line).collect()
}

/// A cell without what only Markdown needs.
fn eyes(cell: &str) -> String {
    let mut text = cell
        .trim()
        .replace("<br>", "\n")
        .replace("\\|", "|")
        .replace("**", "")
        .replace('*', "");
    while let (Some(start), Some(middle)) = (text.find('['), text.find("](#")) {
        let Some(end) = text[middle..].find(')').map(|end| middle + end) else {
            break;
        };
        if start > middle {
            break;
        }
        let words = text[start + 1..middle].to_owned();
        text.replace_range(start..=end, &words);
    }
    text
}

fn unknown(topic: &str, parts: &[Part<'_>]) -> Failure {
    let message = format!("the manifest has nothing called `{topic}`");
    let headings: Vec<_> = parts.iter().map(|part| plain(part.heading)).collect();
    let help = match nearest(&plain(topic), headings.iter().map(String::as_str)) {
        Some(near) => format!("ask for `cicd reference {near}`"),
        None => "ask for a key such as `gates`, a path such as `stack.test`, or a table such as `scanners`".to_owned(),
    };
    Diagnostic::error("unknown-topic", message)
        .help(help)
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# Page\n\n## gates\n\nWhat holds.\n\n```yaml\ngates: {}\n```\n\n\
        | Key | Value | Meaning |\n|---|---|---|\n\
        | `coverage` | a share<br>`80%` | Least share.<br>*Default:* none. |\n\n\
        ### gates.NAME.deep\n\n| Key | Value | Meaning |\n|---|---|---|\n\
        | `coverage` | [a mapping](#gates) | **Required.** More. |\n\n\
        ## Tools\n\n| Language | Tools |\n|---|---|\n| `c` | `x`, `y` |\n| `cobol` | `z` |\n";

    fn told(topic: &str) -> String {
        about(&parts(PAGE), topic).join("\n")
    }

    #[test]
    fn a_key_of_the_top_comes_with_what_lies_below() {
        assert_eq!(
            told("GATES"),
            "gates\n\nWhat holds.\n\ngates: {}\n\n  coverage: a share, such as `80%`\n      \
             Least share.\n      Default: none.\n\nMore: gates.NAME.deep\n"
        );
    }

    #[test]
    fn a_path_needs_no_names_and_links_are_words() {
        assert_eq!(
            told("gates.deep"),
            "gates.NAME.deep\n\n  coverage: a mapping\n      Required. More.\n"
        );
    }

    #[test]
    fn a_key_alone_is_told_wherever_it_stands() {
        let told = told("coverage");
        assert!(told.starts_with("gates\n  coverage: a share"), "{told}");
        assert!(
            told.contains("\ngates.NAME.deep\n  coverage: a mapping"),
            "{told}"
        );
    }

    #[test]
    fn other_tables_stand_in_columns() {
        assert_eq!(
            told("tools"),
            "Tools\n\n  Language   Tools\n  c          x, y\n  cobol      z\n"
        );
    }

    #[test]
    fn what_is_not_there_is_not_guessed() {
        assert_eq!(told("gate"), "");
    }
}
