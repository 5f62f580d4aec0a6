//! Database migrations: the commands of each tool.
//!
//! To add one: a row in [`ALL`].

/// The commands of a migration tool, run in a container of the new image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migration {
    /// Its name in manifests.
    pub name: &'static str,
    /// Migrates to the newest state.
    pub forward: &'static str,
    /// Prints the present state.
    pub state: &'static str,
    /// Goes back to the state in `$MIGRATION_STATE`; empty where the tool cannot.
    pub back: &'static str,
    /// The script that migrates from the runner instead of the new image.
    pub from_runner: Option<&'static str>,
}

const ALL: &[Migration] = &[
    Migration {
        name: "alembic",
        forward: "python -m alembic upgrade head",
        state: "python -m alembic current",
        back: "python -m alembic downgrade \"${MIGRATION_STATE%% *}\"",
        from_runner: None,
    },
    Migration {
        name: "django",
        forward: "python manage.py migrate --noinput",
        // The newest applied migration of each app, as `app name`.
        state: "python manage.py showmigrations --list | awk '/^[^ ]/ {app = $1} /\\[X\\]/ {last[app] = $2} END {for (app in last) print app, last[app]}'",
        back: "printf '%s\\n' \"$MIGRATION_STATE\" | while read -r app name; do python manage.py migrate --noinput \"$app\" \"$name\"; done",
        from_runner: None,
    },
    Migration {
        name: "drizzle",
        forward: "npx drizzle-kit migrate",
        state: "",
        back: "",
        from_runner: Some("drizzle-migrate"),
    },
    Migration {
        name: "prisma",
        forward: "npx prisma migrate deploy",
        state: "",
        back: "",
        from_runner: Some("prisma-migrate"),
    },
];

/// The names of all tools.
pub fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|migration| migration.name)
}

/// The tool of this name.
pub fn find(name: &str) -> Option<&'static Migration> {
    ALL.iter().find(|migration| migration.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    #[test]
    fn the_table_is_sorted() {
        assert!(names().is_sorted());
    }

    #[test]
    fn the_state_of_django_is_the_newest_migration_of_each_app() {
        let listing =
            "auth\n [X] 0001_initial\n [X] 0002_more\n [ ] 0003_new\nshop\n (no migrations)\n";
        let awk = find("django").unwrap().state.split_once("| ").unwrap().1;
        let command = format!("printf '%s' \"$LISTING\" | {awk}");
        let out = Command::new("sh")
            .args(["-c", &command])
            .env("LISTING", listing)
            .output()
            .unwrap();
        assert_eq!(String::from_utf8(out.stdout).unwrap(), "auth 0002_more\n");
    }

    #[test]
    fn alembic_goes_back_to_the_revision_without_its_mark() {
        let back = find("alembic")
            .unwrap()
            .back
            .replace("python -m alembic", "echo");
        let out = Command::new("sh")
            .args(["-c", &back])
            .env("MIGRATION_STATE", "ae10 (head)")
            .output()
            .unwrap();
        assert_eq!(String::from_utf8(out.stdout).unwrap(), "downgrade ae10\n");
    }
}
