//! The contexts of expressions.

use std::sync::LazyLock;

use crate::expression::types::{Fields, Type};

const TABLE: &str = include_str!("data/contexts.tsv");

const TYPES: &str = include_str!("data/context-types.tsv");

/// The names, sorted.
static NAMES: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let names = TABLE.lines().filter(|line| !line.starts_with('#'));
    names.collect()
});

/// By the place of the name: its type, if that is the same in every workflow.
static STATIC: LazyLock<Vec<Option<Type>>> = LazyLock::new(|| {
    let rows = TYPES.lines().filter(|line| !line.starts_with('#'));
    let rows: Vec<_> = rows.filter_map(|row| row.split_once('\t')).collect();
    let is_typed = |name: &str| rows.iter().any(|(path, _)| first(path).0 == name);
    all()
        .map(|name| is_typed(name).then(|| type_below(name, &rows)))
        .collect()
});

/// Returns the type of a context whose fields are the same in every workflow.
pub fn type_of(name: &str) -> Option<&'static Type> {
    STATIC[position(name)?].as_ref()
}

/// The type of what stands below a name, from rows of paths that may begin with it.
fn type_below(name: &str, rows: &[(&'static str, &'static str)]) -> Type {
    let below: Vec<_> = rows
        .iter()
        .filter(|(path, _)| first(path).0 == name)
        .map(|(path, type_)| (first(path).1, *type_))
        .collect();
    if let [("", type_)] = below[..] {
        return match type_ {
            "text" => Type::Text,
            "number" => Type::Number,
            "boolean" => Type::Bool,
            _ => Type::Any,
        };
    }
    let mut fields = Fields::default();
    let mut names: Vec<_> = below.iter().map(|(path, _)| first(path).0).collect();
    names.dedup();
    for name in names {
        let type_ = type_below(name, &below);
        match name {
            "*" => fields.open_up(type_),
            _ => fields.add(name, type_),
        }
    }
    Type::object(fields)
}

/// The first name of a path, and the rest.
fn first(path: &'static str) -> (&'static str, &'static str) {
    path.split_once('.').unwrap_or((path, ""))
}

/// Returns the names of all contexts, sorted.
pub fn all() -> impl Iterator<Item = &'static str> {
    NAMES.iter().copied()
}

/// Returns the place of a context, in any case, among all.
pub fn position(name: &str) -> Option<usize> {
    NAMES
        .iter()
        .position(|known| known.eq_ignore_ascii_case(name))
}

/// Says whether GitHub knows a context of this name somewhere; case does not count.
pub fn is_known(name: &str) -> bool {
    position(name).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(all().is_sorted());
        assert!(is_known("GitHub") && !is_known("git"));
    }

    #[test]
    fn types_stand_where_their_paths_say() {
        let Some(Type::Object(job)) = type_of("Job") else {
            panic!("the job is an object");
        };
        assert_eq!(job.get("check_run_id"), Some(&Type::Number));
        let Some(Type::Object(services)) = job.get("services") else {
            panic!("services are an object");
        };
        assert!(matches!(services.get("db"), Some(Type::Object(db)) if db.get("ports").is_some()));
        assert!(type_of("steps").is_none());
        assert!(
            TYPES
                .lines()
                .filter(|line| !line.starts_with('#'))
                .is_sorted()
        );
    }
}
