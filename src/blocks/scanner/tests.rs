//! What holds for every scanner.

use super::*;
use crate::blocks::language::{Folder, Lockfile};
use crate::pipeline::Text;

/// A component of Python in a folder of its own.
pub(super) fn component() -> Component<'static> {
    Component {
        path: Folder::Fixed("services/api"),
        source: "src",
        version: "3.12".into(),
        package_manager: None,
        dependencies: &[],
        lockfile: Lockfile::Usual,
        install: None,
        system_packages: &[],
        tools: Vec::new(),
        cached: true,
    }
}

/// What a scanner does with a repository of these components.
pub(super) fn scan(scanner: &'static Scanner, components: Vec<Component<'_>>) -> Option<Scan> {
    let scope = Scope {
        scanner,
        reports: "reports/here",
        components,
        languages: vec!["python"],
        licenses: &["MIT".to_owned()],
        cached: true,
    };
    scanner.repository.map(|scan| scan(&scope))
}

fn scan_image(scanner: &'static Scanner, local: bool) -> Option<Scan> {
    let image = Image {
        reference: Text::code("env.IMAGE"),
        local,
    };
    let scope = ImageScope {
        scanner,
        reports: "reports/here",
        image: &image,
        cached: true,
    };
    scanner.image.map(|scan| scan(&scope))
}

#[test]
fn the_table_is_sorted_by_name() {
    assert!(ALL.is_sorted_by_key(|scanner| scanner.name));
}

#[test]
fn every_scanner_looks_at_something_and_leaves_its_report_there() {
    for scanner in ALL {
        let scans = [
            scan(scanner, vec![component()]),
            scan_image(scanner, true),
            scan_image(scanner, false),
        ];
        assert!(scans.iter().any(Option::is_some), "{}", scanner.name);
        for scan in scans.into_iter().flatten() {
            let written = format!("{:?}", scan.steps);
            if let Some(report) = &scan.report {
                let expected = format!("reports/here/{}", scanner.name);
                assert!(report.starts_with(&expected), "{report}");
                assert!(written.contains(report), "{}: {written}", scanner.name);
            } else {
                assert_eq!(scanner.kind, Kind::Inventory, "{}", scanner.name);
            }
            for secret in scanner.secrets {
                assert!(written.contains(secret), "{}: {secret}", scanner.name);
            }
            // What is not in the list may be empty, and the scanner does without.
            let others = written.matches("secrets.").count()
                - written.matches("secrets.NVD_API_KEY").count();
            assert_eq!(others > 0, !scanner.secrets.is_empty(), "{written}");
        }
    }
}

#[test]
fn every_scanner_of_images_says_which_image() {
    for scanner in ALL {
        for local in [true, false] {
            let Some(scan) = scan_image(scanner, local) else {
                continue;
            };
            let written = format!("{:?}", scan.steps);
            assert!(written.contains("env.IMAGE"), "{}: {written}", scanner.name);
        }
    }
}
