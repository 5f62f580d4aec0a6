//! Database migrations: what each tool does in a container of the new image, and
//! what it does on the runner, where the repository is checked out.
//!
//! To add a tool: a row in [`ALL`].

mod on_runner;

pub use on_runner::OnRunner;

/// What is known of a migration tool.
#[derive(Debug, PartialEq, Eq)]
pub struct Migration {
    /// Its name in manifests.
    pub name: &'static str,
    /// In the new image: migrates to the newest state.
    pub forward: &'static str,
    /// In the new image: prints the present state; empty where nothing can go back to it.
    pub state: &'static str,
    /// In the new image: goes back to the state in `$MIGRATION_STATE`; empty where the tool cannot.
    pub back: &'static str,
    runner: Runner,
}

/// What a tool does on the runner.
#[derive(Debug, PartialEq, Eq)]
struct Runner {
    /// Migrates to the newest state.
    forward: Call,
    /// Says what is to be applied: the outputs `has_migrations` and `pending`.
    pending: Call,
    /// Takes the newest migrations back, as many as `$STEPS` says.
    back: Back,
    /// The usual folder of the migrations.
    folder: &'static str,
    /// The variable of its scripts that has the words which run the tool, with these words.
    words: Option<(&'static str, &'static str)>,
    /// The program that a step must install.
    program: Option<&'static str>,
}

/// How a tool is called.
#[derive(Debug, PartialEq, Eq)]
enum Call {
    /// A command line.
    Command(&'static str),
    /// A script that finds the migrations by itself.
    Script(&'static str),
    /// A script that is told their folder, with its fixed variables.
    InFolder(&'static str, &'static [(&'static str, &'static str)]),
}

/// How a tool goes back.
#[derive(Debug, PartialEq, Eq)]
enum Back {
    /// By steps.
    Steps(Call, Count),
    /// By steps, with SQL files of the project in a folder of their own.
    Files(&'static str, Count),
    /// It does not; why.
    No(&'static str),
}

/// How the migrations are counted that an earlier commit, `$SHA`, did not have: the outputs `steps`
/// and `needed`. The whole history is checked out.
#[derive(Debug, PartialEq, Eq)]
enum Count {
    /// By their names in the repository, less those that are still to be applied.
    ByName,
    /// By a script that finds them by itself.
    Call(Call),
}

const ALL: &[Migration] = &[
    Migration {
        name: "alembic",
        forward: "python -m alembic upgrade head",
        state: "python -m alembic current",
        back: "python -m alembic downgrade \"${MIGRATION_STATE%% *}\"",
        runner: Runner {
            forward: Call::Command("python -m alembic upgrade head"),
            pending: Call::Script("alembic-status"),
            back: Back::Steps(
                Call::Command("python -m alembic downgrade \"-$STEPS\""),
                Count::Call(Call::Script("alembic-steps")),
            ),
            folder: "",
            words: Some(("ALEMBIC", "python -m alembic")),
            program: None,
        },
    },
    Migration {
        name: "django",
        forward: "python manage.py migrate --noinput",
        // The newest applied migration of each app, as `app name`.
        state: "python manage.py showmigrations --list | awk '/^[^ ]/ {app = $1} /\\[X\\]/ {last[app] = $2} END {for (app in last) print app, last[app]}'",
        back: "printf '%s\\n' \"$MIGRATION_STATE\" | while read -r app name; do python manage.py migrate --noinput \"$app\" \"$name\"; done",
        runner: Runner {
            forward: Call::Command("python manage.py migrate --noinput"),
            pending: Call::Script("django-status"),
            back: Back::No("Django goes back to a migration of one app, not by steps"),
            folder: "",
            words: Some(("DJANGO", "python manage.py")),
            program: None,
        },
    },
    Migration {
        name: "drizzle",
        forward: "npx drizzle-kit migrate",
        state: "",
        back: "",
        runner: Runner {
            forward: Call::Script("drizzle-migrate"),
            pending: Call::InFolder("drizzle-status", &[]),
            back: Back::Files(
                "drizzle-rollback",
                Count::Call(Call::InFolder("drizzle-steps", &[])),
            ),
            folder: "drizzle",
            words: None,
            program: None,
        },
    },
    Migration {
        name: "golang-migrate",
        forward: "migrate -source \"file://${MIGRATIONS:-migrations}\" -database \"$DATABASE_URL\" up",
        state: "",
        back: "",
        runner: Runner {
            forward: Call::InFolder("golang-migrate", &[("DIRECTION", "up")]),
            pending: Call::InFolder("golang-migrate", &[("DIRECTION", "check")]),
            back: Back::Steps(
                Call::InFolder("golang-migrate", &[("DIRECTION", "down")]),
                Count::ByName,
            ),
            folder: "migrations",
            words: None,
            program: Some(
                "go install -tags postgres github.com/golang-migrate/migrate/v4/cmd/migrate",
            ),
        },
    },
    Migration {
        name: "prisma",
        forward: "npx prisma migrate deploy",
        state: "",
        back: "",
        runner: Runner {
            forward: Call::Script("prisma-migrate"),
            pending: Call::InFolder("prisma-status", &[]),
            back: Back::Steps(Call::InFolder("prisma-rollback", &[]), Count::ByName),
            folder: "prisma/migrations",
            words: None,
            program: None,
        },
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

/// Whether the migrations of a command line, on the runner, can be taken back; the error says why
/// not. `down` is whether there is a folder of SQL files for it.
pub fn goes_back(command: &str, down: bool) -> Result<(), String> {
    let Some(tool) = find(command) else {
        return Err(format!("nothing is known of going back with `{command}`"));
    };
    match &tool.runner.back {
        Back::No(why) => Err((*why).to_owned()),
        Back::Files(..) if !down => Err(format!(
            "{} only goes forward: name the folder of the SQL files that take migrations back",
            tool.name
        )),
        Back::Steps(..) | Back::Files(..) => Ok(()),
    }
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
