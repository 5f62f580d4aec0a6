//! The shells that GitHub knows by name.

use std::sync::LazyLock;

const TABLE: &str = include_str!("data/shells.tsv");

/// The rows, read once.
static SHELLS: LazyLock<Vec<Shell>> = LazyLock::new(|| {
    let rows = TABLE.lines().filter(|line| !line.starts_with('#'));
    let shells = rows.filter_map(|row| {
        let (name, systems) = row.split_once('\t')?;
        Some(Shell { name, systems })
    });
    shells.collect()
});

/// A shell.
#[derive(Debug, Clone, Copy)]
pub struct Shell {
    /// Its name.
    pub name: &'static str,
    systems: &'static str,
}

impl Shell {
    /// Says whether the runners of a system have it.
    pub fn has(&self, system: &str) -> bool {
        self.systems.split(' ').any(|known| known == system)
    }
}

/// Returns all shells, sorted.
pub fn all() -> impl Iterator<Item = Shell> {
    SHELLS.iter().copied()
}

/// Returns the shell of this name, in any case.
pub fn find(name: &str) -> Option<Shell> {
    all().find(|shell| shell.name.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_its_systems_are_known() {
        let names: Vec<_> = all().map(|shell| shell.name).collect();
        assert!(names.is_sorted() && names.len() > 5);
        let mut systems = all().flat_map(|shell| shell.systems.split(' '));
        assert!(systems.all(|system| matches!(system, "linux" | "macos" | "windows")));
    }
}
