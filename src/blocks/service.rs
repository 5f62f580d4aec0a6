//! Containers that tests need beside them.
//!
//! To add one: a row in [`ALL`].

use super::words::Versioned;
use crate::pipeline;

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
    /// The script that prepares it before the tests.
    prepare: Option<&'static str>,
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
        prepare: None,
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
        prepare: None,
    },
    Known {
        name: "mailpit",
        image: "axllent/mailpit",
        default_version: "v1",
        port: 1025,
        container: &[],
        health: "/mailpit readyz",
        variable: ("SMTP_URL", "smtp://localhost:1025"),
        prepare: None,
    },
    Known {
        name: "memcached",
        image: "memcached",
        default_version: "1",
        port: 11211,
        container: &[],
        health: "sh -c 'echo version | nc -w 1 localhost 11211'",
        variable: ("MEMCACHED_URL", "localhost:11211"),
        prepare: None,
    },
    Known {
        name: "meilisearch",
        image: "getmeili/meilisearch",
        default_version: "v1",
        port: 7700,
        container: &[("MEILI_NO_ANALYTICS", "true")],
        health: "curl --fail --silent http://localhost:7700/health",
        variable: ("MEILISEARCH_URL", "http://localhost:7700"),
        prepare: None,
    },
    Known {
        name: "mongodb",
        image: "mongo",
        default_version: "8",
        port: 27017,
        container: &[],
        health: "mongosh --quiet --eval db.runCommand({ping:1})",
        variable: ("MONGODB_URL", "mongodb://localhost:27017/test"),
        prepare: None,
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
        prepare: None,
    },
    Known {
        name: "ollama",
        image: "ollama/ollama",
        default_version: "latest",
        port: 11434,
        container: &[],
        health: "ollama list",
        variable: ("OLLAMA_HOST", "http://localhost:11434"),
        prepare: Some("ollama-pull"),
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
        prepare: None,
    },
    Known {
        name: "rabbitmq",
        image: "rabbitmq",
        default_version: "4",
        port: 5672,
        container: &[],
        health: "rabbitmq-diagnostics --quiet ping",
        variable: ("RABBITMQ_URL", "amqp://guest:guest@localhost:5672/"),
        prepare: None,
    },
    Known {
        name: "redis",
        image: "redis",
        default_version: "8",
        port: 6379,
        container: &[],
        health: "redis-cli ping",
        variable: ("REDIS_URL", "redis://localhost:6379/0"),
        prepare: None,
    },
    Known {
        name: "valkey",
        image: "valkey/valkey",
        default_version: "9",
        port: 6379,
        container: &[],
        health: "valkey-cli ping",
        variable: ("REDIS_URL", "redis://localhost:6379/0"),
        prepare: None,
    },
];

/// A service, ready to run beside a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ready {
    /// The container.
    pub service: pipeline::Service,
    /// The variable by which tests find it, with its value.
    pub variable: (String, String),
    /// The script that prepares it before the tests.
    pub prepare: Option<&'static str>,
}

/// The names of all services.
pub fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|known| known.name)
}

/// The service that is asked for; `None` if it is unknown.
pub fn ready(wanted: &Versioned) -> Option<Ready> {
    let known = ALL.iter().find(|known| known.name == wanted.tool())?;
    let version = wanted.version().unwrap_or(known.default_version);
    let text = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Some(Ready {
        service: pipeline::Service {
            name: known.name.to_owned(),
            image: format!("{}:{version}", known.image),
            env: known.container.iter().map(text).collect(),
            ports: vec![format!("{0}:{0}", known.port)],
            health: known.health.to_owned(),
        },
        variable: text(&known.variable),
        prepare: known.prepare,
    })
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
    }
}
