//! The database server that the code itself is configured for.
//!
//! Read where the data layer names its server outright; the version is not
//! written there. SQLite needs no server and is passed over.

use super::super::model::{Component, Found, Language};
use super::super::read::between;
use super::super::repo::{Repo, skip_reason};
use super::super::tree::{file_name, join};

/// The server that a component's data layer names.
pub(super) fn declared(repo: &Repo<'_>, component: &Component) -> Option<Found> {
    let folder = component.path.as_str();
    match component.language {
        Language::JavaScript | Language::TypeScript => {
            drizzle(repo, folder).or_else(|| prisma(repo, folder))
        }
        Language::Ruby => {
            let text = repo.text_in(folder, "config/database.yml")?;
            server(
                between(text, "adapter:", "\n")?,
                join(folder, "config/database.yml"),
            )
        }
        Language::Elixir => {
            let text = repo.text_in(folder, "mix.exs")?;
            let driver = ["{:postgrex,", "{:myxql,"]
                .into_iter()
                .find(|driver| text.contains(driver))?;
            server(
                driver.trim_matches(['{', ':', ',']),
                join(folder, "mix.exs"),
            )
        }
        _ => None,
    }
}

/// `dialect: "postgresql"` in `drizzle.config.ts`.
fn drizzle(repo: &Repo<'_>, folder: &str) -> Option<Found> {
    ["drizzle.config.ts", "drizzle.config.js"]
        .iter()
        .find_map(|name| {
            let text = repo.text_in(folder, name)?;
            server(between(text, "dialect:", "\n")?, join(folder, name))
        })
}

/// `provider = "postgresql"` of the data source in a Prisma schema.
fn prisma(repo: &Repo<'_>, folder: &str) -> Option<Found> {
    let schemas = repo
        .tree
        .below(folder)
        .filter(|path| file_name(path) == "schema.prisma" && skip_reason(path).is_none());
    schemas.into_iter().find_map(|path| {
        let source = between(repo.tree.text(path)?, "datasource ", "}")?;
        server(
            source.split_once("provider")?.1.lines().next()?,
            path.to_owned(),
        )
    })
}

/// The server that a name of a dialect, adapter or driver belongs to.
fn server(text: &str, path: String) -> Option<Found> {
    const NAMES: &[(&str, &str)] = &[
        ("postgres", "postgres"),
        ("postgis", "postgis"),
        ("postgrex", "postgres"),
        ("mysql", "mysql"),
        ("trilogy", "mysql"),
        ("myxql", "mysql"),
        ("mongodb", "mongo"),
        ("sqlserver", "mssql"),
        ("cockroachdb", "cockroachdb"),
    ];
    let word = text.trim_matches(|c: char| !c.is_alphanumeric());
    let (_, name) = NAMES.iter().find(|(start, _)| word.starts_with(start))?;
    Some(Found::new(*name, path, format!("`{word}`")))
}
