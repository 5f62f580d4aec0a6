//! Java and Kotlin with Maven or Gradle.

use super::coverage::Report;
use super::{Component, Covered, Language, Purpose, Tool};
use crate::pipeline::Step;

/// The newest version with long-term support is the default.
pub(super) static LANGUAGE: Language = Language {
    names: &["java", "kotlin"],
    default_version: "25",
    package_managers: &["maven", "gradle"],
    ecosystem: |manager| {
        if manager == "gradle" {
            "gradle"
        } else {
            "maven"
        }
    },
    tools: TOOLS,
    setup,
    prefix: |_| "",
    test: |component| match component.manager(&LANGUAGE) {
        "gradle" => "./gradlew test",
        _ => "mvn --batch-mode test",
    },
    measures_coverage: true,
    lines: |component| report(component).lines(),
    covered,
    combine: Some(|component, minimum| report(component).combine(minimum)),
    binaries: None,
};

static TOOLS: &[Tool] = &[
    Tool {
        name: "checkstyle",
        title: "Style (Checkstyle)",
        command: "mvn --batch-mode checkstyle:check",
        elsewhere: &[("gradle", "./gradlew checkstyleMain checkstyleTest")],
        needs_dependencies: true,
    },
    Tool {
        name: "detekt",
        title: "Lint (detekt)",
        command: "mvn --batch-mode detekt:check",
        elsewhere: &[("gradle", "./gradlew detekt")],
        needs_dependencies: true,
    },
    Tool {
        name: "ktlint",
        title: "Format (ktlint)",
        command: "mvn --batch-mode ktlint:check",
        elsewhere: &[("gradle", "./gradlew ktlintCheck")],
        needs_dependencies: true,
    },
    Tool {
        name: "pmd",
        title: "Lint (PMD)",
        command: "mvn --batch-mode pmd:check",
        elsewhere: &[("gradle", "./gradlew pmdMain pmdTest")],
        needs_dependencies: true,
    },
    Tool {
        name: "spotbugs",
        title: "Bugs (SpotBugs)",
        command: "mvn --batch-mode compile spotbugs:check",
        elsewhere: &[("gradle", "./gradlew spotbugsMain")],
        needs_dependencies: true,
    },
    Tool {
        name: "spotless",
        title: "Format (Spotless)",
        command: "mvn --batch-mode spotless:check",
        elsewhere: &[("gradle", "./gradlew spotlessCheck")],
        needs_dependencies: true,
    },
];

fn report(component: &Component<'_>) -> Report {
    Report {
        script: "coverage-jacoco",
        paths: match component.manager(&LANGUAGE) {
            "gradle" => "*/build/reports/jacoco/*.xml */build/reports/kover/*.xml",
            _ => "*/target/site/jacoco/jacoco.xml",
        },
    }
}

fn setup(component: &Component<'_>, _: Purpose) -> Vec<Step> {
    let java = Step::uses("Set up Java", "actions/setup-java")
        .with("distribution", "temurin")
        .with("java-version", component.version.clone());
    let mut steps = if component.manager(&LANGUAGE) == "gradle" {
        let gradle = Step::uses("Set up Gradle", "gradle/actions/setup-gradle");
        // The other provider is not free software.
        let gradle = if component.cached {
            gradle.with("cache-provider", "basic")
        } else {
            gradle.with("cache-disabled", "true")
        };
        vec![java, gradle]
    } else if component.cached {
        let cache = java
            .with("cache", "maven")
            .with("cache-dependency-path", component.file("**/pom.xml"));
        vec![cache]
    } else {
        vec![java]
    };
    // Both fetch what they need when they run.
    let install = component.install;
    steps.extend(install.map(|command| Step::run(super::INSTALL, command)));
    steps
}

fn covered(component: &Component<'_>, suite: &Covered<'_>) -> Vec<Step> {
    report(component).steps(suite, measured(suite.command))
}

/// The command with JaCoCo around it, unless it is the project's own affair.
///
/// Maven takes the plugin's version from the project or else the newest one.
/// Gradle has it from the project only, and writes XML only if told to there.
fn measured(command: &str) -> String {
    let own = ["jacoco", "kover"]
        .iter()
        .any(|name| command.contains(name));
    let several = command.contains([';', '&', '|', '\n']);
    match command.split_once(' ') {
        Some((program, goals)) if !own && !several => match program {
            "mvn" | "./mvnw" => format!(
                "{program} org.jacoco:jacoco-maven-plugin:prepare-agent {goals} org.jacoco:jacoco-maven-plugin:report"
            ),
            "gradle" | "./gradlew" => format!("{command} jacocoTestReport"),
            _ => command.to_owned(),
        },
        _ => command.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{component, lint_setup, setup, shown, suite};
    use super::*;

    #[test]
    fn each_build_tool_has_its_own_cache() {
        let java = "actions/setup-java distribution=temurin java-version=1.2";
        let maven = component(None);
        assert_eq!(
            setup(&LANGUAGE, &maven),
            [format!(
                "{java} cache=maven cache-dependency-path=api/**/pom.xml"
            )]
        );
        let gradle = component(Some("gradle"));
        assert_eq!(
            setup(&LANGUAGE, &gradle),
            [java, "gradle/actions/setup-gradle cache-provider=basic"]
        );
        for (component, last) in [
            (maven, java),
            (gradle, "gradle/actions/setup-gradle cache-disabled=true"),
        ] {
            let release = Component {
                cached: false,
                ..component
            };
            assert_eq!(setup(&LANGUAGE, &release).last().unwrap(), last);
        }
    }

    #[test]
    fn a_check_runs_by_the_build_tool() {
        let spotless = super::super::tool(&LANGUAGE, "spotless").unwrap();
        assert_eq!(
            spotless.line("maven", None, "."),
            "mvn --batch-mode spotless:check"
        );
        assert_eq!(
            spotless.line("gradle", Some("--info"), "."),
            "./gradlew spotlessCheck --info"
        );
        assert_eq!(lint_setup(&LANGUAGE, &["spotless"]).len(), 1);
    }

    #[test]
    fn a_suite_is_judged_by_the_reports_of_all_modules() {
        assert_eq!(
            shown(&covered(&component(None), &suite("./mvnw verify"))),
            [
                "$ ./mvnw org.jacoco:jacoco-maven-plugin:prepare-agent verify org.jacoco:jacoco-maven-plugin:report",
                "coverage-jacoco.sh REPORTS=*/target/site/jacoco/jacoco.xml MINIMUM=80"
            ]
        );
        let gradle = component(Some("gradle"));
        assert_eq!(
            shown(&covered(&gradle, &suite("./gradlew test")))[0],
            "$ ./gradlew test jacocoTestReport"
        );
        assert_eq!(
            measured("./gradlew test koverXmlReport"),
            "./gradlew test koverXmlReport"
        );
        let kept = Covered {
            keep: true,
            minimum: None,
            ..suite("./gradlew test")
        };
        assert_eq!(
            shown(&covered(&gradle, &kept))[1],
            "$ find . -type f \\( -path '*/build/reports/jacoco/*.xml' -o -path '*/build/reports/kover/*.xml' \\) -exec cat {} + > .coverage.unit"
        );
    }
}
