//! Workflows of checks: which job waits for which.

use crate::common::Repo;

#[test]
fn tests_wait_for_the_lint_job_of_their_own_component_whatever_it_is_called() {
    let jobs = |rest: &str| {
        let repo = Repo::new();
        repo.write(
            "cicd.yml",
            format!("version: 1\nname: shop\nstack:\n{rest}"),
        );
        assert_eq!(repo.cicd(&["generate"]).code, 1);
        repo.read(".github/workflows/ci.yml")
    };
    let one = "  api: {language: go, lint: [govet], test: go test}\n";
    let renamed = format!("{one}workflows: {{ci: {{ids: {{lint: style, test: unit}}}}}}\n");
    let text = jobs(&renamed);
    assert!(
        text.contains("  unit:\n    name: Test api\n    needs: [style]\n"),
        "{text}"
    );
    // The name of one ends in that of the other.
    let text = jobs(&format!("{one}{}", one.replace("api:", "web-api:")));
    assert!(
        text.contains("    name: Test api\n    needs: [lint-api]\n"),
        "{text}"
    );
}
