//! What is true of every language.

use super::*;
use crate::pipeline::Text;

#[test]
fn every_name_is_used_once() {
    let mut names: Vec<_> = ALL.iter().flat_map(|language| language.names).collect();
    let count = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[test]
fn every_tool_has_a_command_of_its_own() {
    for language in ALL {
        for tool in language.tools {
            assert!(
                !tool.command.is_empty() && !tool.title.is_empty(),
                "{}",
                tool.name
            );
            assert!(std::ptr::eq(
                super::tool(language, tool.name).unwrap(),
                tool
            ));
        }
    }
}

#[test]
fn packages_of_the_system_come_first_and_only_with_dependencies() {
    let component = Component {
        system_packages: &["ffmpeg".to_owned(), "libvips".to_owned()],
        ..testing::component(None)
    };
    let language = find("python").unwrap();
    let first = |purpose| language.set_up(&component, purpose).swap_remove(0);
    let step = first(Purpose::Test);
    assert_eq!(step.env, [("PACKAGES".to_owned(), "ffmpeg libvips".into())]);
    let bare = Purpose::Lint {
        dependencies: false,
    };
    assert_ne!(first(bare).name, step.name);
}

#[test]
fn a_command_line_is_known_by_the_tool_that_it_starts() {
    let of = |language, command| {
        let language = find(language).unwrap();
        language.tool_of(command).map(|tool| tool.name)
    };
    assert_eq!(of("rust", "cargo clippy --features full"), Some("clippy"));
    assert_eq!(of("rust", "cargo xtask lint"), None);
    assert_eq!(of("python", "mypy src --strict"), Some("mypy"));
    assert_eq!(of("ruby", "bundle exec rake"), None);
}

#[test]
fn arguments_stand_before_the_folder() {
    let line = |language, name, arguments, source| {
        let language = find(language).unwrap();
        tool(language, name).unwrap().line("", arguments, source)
    };
    assert_eq!(line("go", "govet", None, "."), "go vet ./...");
    assert_eq!(
        line("go", "govet", Some("-json"), "cmd"),
        "go vet -json ./cmd/..."
    );
    assert_eq!(
        line("rust", "clippy", Some("-W clippy::pedantic"), "src"),
        "cargo clippy --all-targets -- --deny warnings -W clippy::pedantic"
    );
    assert_eq!(
        line("python", "mypy", Some("--strict"), "src"),
        "mypy --strict src"
    );
}

#[test]
fn releases_touch_no_cache() {
    let dependencies = true;
    let purposes = [Purpose::Lint { dependencies }, Purpose::Test];
    for language in ALL {
        for manager in language.package_managers {
            let release = Component {
                cached: false,
                tools: language.tools.iter().map(|tool| tool.name).collect(),
                ..testing::component(Some(manager))
            };
            let steps = purposes.map(|purpose| (language.setup)(&release, purpose));
            for line in testing::shown(&steps.concat()) {
                let name = language.names[0];
                let switch = match line.split(' ').next().unwrap_or_default() {
                    "actions/cache" | "Swatinem/rust-cache" => panic!("{name}: {line}"),
                    "actions/setup-go" => " cache=false",
                    "actions/setup-node" => " package-manager-cache=false",
                    "astral-sh/setup-uv" => " enable-cache=false",
                    "gradle/actions/setup-gradle" => " cache-disabled=true",
                    "golangci/golangci-lint-action" => " skip-cache=true",
                    "oven-sh/setup-bun" => " no-cache=true",
                    "ruby/setup-ruby" => " bundler-cache=false",
                    _ => "",
                };
                assert!(line.contains(switch), "{name}: {line}");
                assert!(!line.contains(" cache=true"), "{name}: {line}");
                assert!(!line.contains("cache-dependency"), "{name}: {line}");
            }
        }
    }
}

#[test]
fn commands_hold_no_expressions() {
    for language in ALL {
        for manager in language.package_managers {
            let component = Component {
                path: Folder::Matrix,
                version: Text::code("matrix.version"),
                tools: language.tools.iter().map(|tool| tool.name).collect(),
                ..testing::component(Some(manager))
            };
            let dependencies = true;
            let mut steps = (language.setup)(&component, Purpose::Lint { dependencies });
            steps.extend((language.setup)(&component, Purpose::Test));
            let suite = Covered {
                keep: true,
                ..testing::suite((language.test)(&component))
            };
            steps.extend((language.covered)(&component, &suite));
            let lines = testing::shown(&steps);
            let commands = lines.iter().filter(|line| line.starts_with('$'));
            for command in commands {
                assert!(!command.contains("${{"), "{}: {command}", language.names[0]);
            }
        }
    }
}
