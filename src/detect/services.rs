//! Databases, caches and queues that a component's tests or its normal run need.
//!
//! Read from what starts beside its image in a Compose file and from the
//! service containers of jobs that work in its folder. Tools for developers
//! (mail catchers, consoles) are none.

mod database;

use super::compose::{Compose, Service};
use super::model::{Component, Found, Kind};
use super::read::Image;
use super::repo::{Repo, is_hidden, skip_reason};
use super::skip::Reason;
use super::tree::{file_name, folder_of, is_within};

/// Last part of an image's name, and the service.
const KNOWN: &[(&str, &str)] = &[
    ("postgres", "postgres"),
    ("postgresql", "postgres"),
    ("postgis", "postgis"),
    ("pgvector", "pgvector"),
    ("timescaledb", "timescaledb"),
    ("mysql", "mysql"),
    ("mysql-server", "mysql"),
    ("mariadb", "mariadb"),
    ("mongo", "mongo"),
    ("mongodb", "mongo"),
    ("redis", "redis"),
    ("redis-stack", "redis"),
    ("redis-stack-server", "redis"),
    ("valkey", "valkey"),
    ("keydb", "keydb"),
    ("memcached", "memcached"),
    ("rabbitmq", "rabbitmq"),
    ("nats", "nats"),
    ("kafka", "kafka"),
    ("cp-kafka", "kafka"),
    ("redpanda", "redpanda"),
    ("elasticsearch", "elasticsearch"),
    ("opensearch", "opensearch"),
    ("meilisearch", "meilisearch"),
    ("typesense", "typesense"),
    ("clickhouse-server", "clickhouse"),
    ("cassandra", "cassandra"),
    ("cockroach", "cockroachdb"),
    ("dynamodb-local", "dynamodb-local"),
    ("localstack", "localstack"),
    ("minio", "minio"),
    ("neo4j", "neo4j"),
    ("influxdb", "influxdb"),
    ("couchdb", "couchdb"),
    ("qdrant", "qdrant"),
];

/// Gives each component the services that are written down for it.
pub(super) fn attach(repo: &Repo<'_>, components: &mut [Component]) {
    let folders: Vec<(String, Kind)> = components
        .iter()
        .map(|component| (component.path.clone(), component.kind))
        .collect();
    for (index, component) in components.iter_mut().enumerate() {
        // Of two components in a folder the front end needs nothing of its own.
        let shares_folder = |(folder, _): &&(String, Kind)| *folder == component.path;
        if component.runtime.is_some() && folders.iter().filter(shares_folder).count() > 1 {
            continue;
        }
        if matches!(component.kind, Kind::Assets | Kind::Tooling | Kind::Mobile)
            || starts_own(repo, component)
        {
            continue;
        }
        let others: Vec<&str> = folders
            .iter()
            .enumerate()
            .filter(|(other, (_, kind))| {
                *other != index
                    && !matches!(kind, Kind::Assets | Kind::Tooling | Kind::Site | Kind::E2e)
            })
            .map(|(_, (folder, _))| folder.as_str())
            .collect();
        for compose in &repo.composes {
            for service in of_compose(repo, compose, component, &others) {
                add(&mut component.services, service);
            }
        }
        if component.test_command.is_some() || component.e2e_command.is_some() {
            of_jobs(repo, component, &others);
        }
        if let Some(database) = database::declared(repo, component) {
            add_database(&mut component.services, database);
        }
    }
}

/// Tests that start their own containers need Docker, not services.
fn starts_own(repo: &Repo<'_>, component: &Component) -> bool {
    ["pom.xml", "build.gradle", "build.gradle.kts"]
        .iter()
        .any(|name| {
            repo.text_in(&component.path, name)
                .is_some_and(|text| text.contains("spring-boot-docker-compose"))
        })
}

fn of_compose(
    repo: &Repo<'_>,
    compose: &Compose,
    component: &Component,
    others: &[&str],
) -> Vec<Found> {
    if is_hidden(&compose.path)
        || skip_reason(&compose.path).is_some_and(|(_, why)| {
            matches!(why, Reason::Examples | Reason::TestData | Reason::Template)
        })
    {
        return Vec::new();
    }
    let dockerfile = component
        .dockerfile
        .as_ref()
        .map(|found| found.value.as_str());
    let builds_it = |service: &&Service| {
        service.build.as_ref().is_some_and(|(context, file)| {
            dockerfile == Some(file) || dockerfile.is_none() && context == &component.path
        })
    };
    let built: Vec<&Service> = compose.services.iter().filter(builds_it).collect();
    let inner =
        |other: &&str| is_within(compose.folder(), other) && other.len() > component.path.len();
    let is_own = component.path != "."
        && is_within(compose.folder(), &component.path)
        && !others.iter().any(inner);
    let is_of_other = others.iter().any(|other| {
        *other != "." && is_within(compose.folder(), other) && !is_within(&component.path, other)
    });
    let builds_others = compose.services.iter().any(|service| {
        service.build.is_some() && !builds_it(&service) && known(repo, service).is_none()
    });
    // A file that names no dependencies and builds nothing else is there for this component.
    let says_nothing = !builds_others && built.iter().all(|service| service.needs.is_empty());
    let is_for_it = if component.path == "." {
        others.is_empty() && is_customary(compose.folder())
    } else {
        !built.is_empty()
    };
    let needed: Vec<&Service> = if is_own || !is_of_other && says_nothing && is_for_it {
        compose.services.iter().collect()
    } else if is_of_other {
        Vec::new()
    } else {
        closure(compose, &built)
    };
    needed
        .into_iter()
        .filter_map(|service| {
            known(repo, service)
                .map(|name| Found::new(name, &compose.path, format!("service `{}`", service.name)))
        })
        .collect()
}

/// Whether Compose files of a whole repository usually lie there.
fn is_customary(folder: &str) -> bool {
    const FOLDERS: &[&str] = &[
        ".",
        "docker",
        "deploy",
        "deployment",
        "dev",
        "compose",
        "infra",
        "ops",
        "local",
    ];
    FOLDERS.contains(&file_name(folder))
}

/// The services that these wait for, and what those wait for.
fn closure<'c>(compose: &'c Compose, from: &[&'c Service]) -> Vec<&'c Service> {
    let mut reached: Vec<&Service> = Vec::new();
    let mut open: Vec<&Service> = from.to_vec();
    while let Some(service) = open.pop() {
        for next in service
            .needs
            .iter()
            .filter_map(|name| compose.service(name))
        {
            // What is built here is a component of its own, with needs of its own.
            if !reached.iter().any(|seen| seen.name == next.name) {
                reached.push(next);
                let is_own_image =
                    next.build.is_some() && from.iter().any(|service| service.build != next.build);
                if !is_own_image {
                    open.push(next);
                }
            }
        }
    }
    reached
}

/// The service as `name@version`, from its image or the image it is built on.
fn known(repo: &Repo<'_>, service: &Service) -> Option<String> {
    if let Some((_, file)) = &service.build {
        return repo.dockerfiles.get(file)?.images.last().and_then(named);
    }
    service.image.as_ref().and_then(named)
}

fn named(image: &Image) -> Option<String> {
    if image.name.contains("mssql/server") || image.name.ends_with("azure-sql-edge") {
        return Some("mssql".to_owned());
    }
    let (_, name) = KNOWN.iter().find(|(last, _)| *last == image.short_name())?;
    Some(match image.version() {
        Some(version) => format!("{name}@{version}"),
        None => (*name).to_owned(),
    })
}

fn of_jobs(repo: &Repo<'_>, component: &mut Component, others: &[&str]) {
    for job in &repo.jobs {
        let is_here = job
            .folders
            .iter()
            .any(|folder| is_within(folder, &component.path) && component.path != ".")
            || others.is_empty()
            || component.path == "." && job.folders.is_empty() && component.kind != Kind::E2e;
        for image in job.services.iter().filter(|_| is_here) {
            if let Some(name) = named(image) {
                add(
                    &mut component.services,
                    Found::new(name, &job.path, "service container"),
                );
            }
        }
    }
}

const RELATIONAL: &[&str] = &[
    "postgres",
    "postgis",
    "pgvector",
    "timescaledb",
    "mysql",
    "mariadb",
    "mssql",
    "cockroachdb",
];

/// Adds the database that the code names, unless a server for it is known with its version.
fn add_database(services: &mut Vec<Found>, database: Found) {
    let is_known = services
        .iter()
        .any(|known| RELATIONAL.contains(&name(known)) || name(known) == database.value);
    if !is_known {
        services.push(database);
    }
}

/// Of one service the first version counts, and of databases in workflows only the first:
/// a matrix of them are alternatives.
fn add(services: &mut Vec<Found>, service: Found) {
    let is_alternative = |known: &Found| {
        RELATIONAL.contains(&name(known))
            && RELATIONAL.contains(&name(&service))
            && [known, &service]
                .iter()
                .all(|found| folder_of(&found.from.path) == ".github/workflows")
    };
    if !services
        .iter()
        .any(|known| name(known) == name(&service) || is_alternative(known))
    {
        services.push(service);
    }
}

/// The service without its version.
fn name(service: &Found) -> &str {
    service.value.split('@').next().unwrap_or_default()
}
