//! Containers that tests need beside them.
//!
//! To add one: a row in [`ALL`].

use super::words::Versioned;
use crate::pipeline::{self, Step};

/// What is known of a service.
struct Known {
    name: &'static str,
    image: &'static str,
    default_version: &'static str,
    port: u16,
    /// Variables of the container.
    container: &'static [(&'static str, &'static str)],
    health: &'static str,
    /// The variable by which tests find it. The account exists within the job only.
    variable: (&'static str, &'static str),
    /// How something is fetched into it.
    fetch: Option<Fetch>,
}

/// How something is fetched into a running service.
struct Fetch {
    /// The name of the step.
    title: &'static str,
    /// The script, which reads the variable of the service, too.
    script: &'static str,
    /// The variable with what is fetched, one per line.
    variable: &'static str,
}

const ALL: &[Known] = &[
    Known {
        name: "elasticsearch",
        image: "elasticsearch",
        default_version: "9.1.0",
        port: 9200,
        container: &[
            ("discovery.type", "single-node"),
            ("xpack.security.enabled", "false"),
        ],
        health: "curl --fail --silent http://localhost:9200/_cluster/health",
        variable: ("ELASTICSEARCH_URL", "http://localhost:9200"),
        fetch: None,
    },
    Known {
        name: "mailpit",
        image: "axllent/mailpit",
        default_version: "v1",
        port: 1025,
        container: &[],
        health: "/mailpit readyz",
        variable: ("SMTP_URL", "smtp://localhost:1025"),
        fetch: None,
    },
    Known {
        name: "mariadb",
        image: "mariadb",
        default_version: "11",
        port: 3306,
        container: &[
            ("MARIADB_DATABASE", "test"),
            ("MARIADB_ALLOW_EMPTY_ROOT_PASSWORD", "1"),
        ],
        health: "healthcheck.sh --connect --innodb_initialized",
        variable: ("DATABASE_URL", "mysql://root@127.0.0.1:3306/test"),
        fetch: None,
    },
    Known {
        name: "meilisearch",
        image: "getmeili/meilisearch",
        default_version: "v1",
        port: 7700,
        container: &[("MEILI_NO_ANALYTICS", "true")],
        health: "curl --fail --silent http://localhost:7700/health",
        variable: ("MEILISEARCH_URL", "http://localhost:7700"),
        fetch: None,
    },
    Known {
        name: "memcached",
        image: "memcached",
        default_version: "1",
        port: 11211,
        container: &[],
        health: "sh -c 'echo version | nc -w 1 localhost 11211'",
        variable: ("MEMCACHED_URL", "localhost:11211"),
        fetch: None,
    },
    Known {
        name: "mongodb",
        image: "mongo",
        default_version: "8",
        port: 27017,
        container: &[],
        health: "mongosh --quiet --eval db.runCommand({ping:1})",
        variable: ("MONGODB_URL", "mongodb://localhost:27017/test"),
        fetch: None,
    },
    Known {
        name: "mysql",
        image: "mysql",
        default_version: "8",
        port: 3306,
        container: &[
            ("MYSQL_DATABASE", "test"),
            ("MYSQL_ALLOW_EMPTY_PASSWORD", "1"),
        ],
        health: "mysqladmin ping --host 127.0.0.1",
        variable: ("DATABASE_URL", "mysql://root@127.0.0.1:3306/test"),
        fetch: None,
    },
    Known {
        name: "ollama",
        image: "ollama/ollama",
        default_version: "0.35.1",
        port: 11434,
        container: &[],
        health: "ollama list",
        variable: ("OLLAMA_HOST", "http://localhost:11434"),
        fetch: Some(Fetch {
            title: "Pull the models",
            script: "ollama-pull",
            variable: "OLLAMA_MODELS",
        }),
    },
    Known {
        name: "postgres",
        image: "postgres",
        default_version: "17",
        port: 5432,
        container: &[("POSTGRES_DB", "test"), ("POSTGRES_PASSWORD", "postgres")],
        health: "pg_isready --username postgres",
        variable: (
            "DATABASE_URL",
            "postgresql://postgres:postgres@localhost:5432/test",
        ),
        fetch: None,
    },
    Known {
        name: "rabbitmq",
        image: "rabbitmq",
        default_version: "4",
        port: 5672,
        container: &[],
        health: "rabbitmq-diagnostics --quiet ping",
        variable: ("RABBITMQ_URL", "amqp://guest:guest@localhost:5672/"),
        fetch: None,
    },
    Known {
        name: "redis",
        image: "redis",
        default_version: "8",
        port: 6379,
        container: &[],
        health: "redis-cli ping",
        variable: ("REDIS_URL", "redis://localhost:6379/0"),
        fetch: None,
    },
    Known {
        name: "valkey",
        image: "valkey/valkey",
        default_version: "9",
        port: 6379,
        container: &[],
        health: "valkey-cli ping",
        variable: ("REDIS_URL", "redis://localhost:6379/0"),
        fetch: None,
    },
];

/// A service, ready to run beside a job.
#[derive(Debug, Clone, PartialEq)]
pub struct Ready {
    /// The container.
    pub service: pipeline::Service,
    /// The variable by which tests find it, with its value.
    pub variable: (String, String),
    /// What is done before the tests, once it runs.
    pub prepare: Option<Step>,
}

impl Ready {
    /// The service with something in it; nothing if it is none that something is fetched into.
    pub fn filled(mut self, fetched: Vec<String>) -> Option<Self> {
        let known = ALL.iter().find(|known| known.name == self.service.name)?;
        let fetch = known.fetch.as_ref()?;
        let (name, address) = &self.variable;
        let step = Step::script(fetch.title, fetch.script)
            .env(name, address.as_str())
            .env(fetch.variable, fetched.join("\n"));
        self.prepare = Some(step);
        Some(self)
    }
}

/// The service of this name in its usual version.
pub fn named(name: &str) -> Option<Ready> {
    let known = ALL.iter().find(|known| known.name == name)?;
    Some(in_version(known, known.default_version))
}

/// The names of all services.
pub fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|known| known.name)
}

/// The service that is asked for; `None` if it is unknown.
pub fn ready(wanted: &Versioned) -> Option<Ready> {
    let known = ALL.iter().find(|known| known.name == wanted.tool())?;
    Some(in_version(
        known,
        wanted.version().unwrap_or(known.default_version),
    ))
}

fn in_version(known: &Known, version: &str) -> Ready {
    let text = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Ready {
        service: pipeline::Service {
            name: known.name.to_owned(),
            image: format!("{}:{version}", known.image),
            env: known.container.iter().map(text).collect(),
            ports: vec![format!("{0}:{0}", known.port)],
            health: known.health.to_owned(),
        },
        variable: text(&known.variable),
        prepare: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_every_row_is_ready() {
        assert!(names().is_sorted());
        for name in names() {
            let ready = ready(&Versioned::new(name).unwrap()).unwrap();
            assert!(ready.service.image.contains(':') && !ready.service.health.is_empty());
        }
        let pinned = ready(&Versioned::new("postgres@15").unwrap()).unwrap();
        assert_eq!(pinned.service.image, "postgres:15");
        assert_eq!(ready(&Versioned::new("oracle@9").unwrap()), None);
        let models = vec!["llama3.2:1b".to_owned()];
        let ollama = named("ollama").unwrap().filled(models.clone()).unwrap();
        assert!(ollama.prepare.is_some());
        assert_eq!(named("redis").unwrap().filled(models), None);
    }
}
