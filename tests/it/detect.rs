//! What `detect` makes of small repositories. Each test is a lesson of a real one.

use cicd::detect::{
    Component, Detection, FileTree, Found, Kind, Language, Runtime, Strength, detect, is_pruned,
    is_wanted,
};

fn of(files: &[(&str, &str)]) -> Detection {
    detect(&FileTree::from_texts(files.iter().copied()))
}

/// The components as `path language`.
fn parts(found: &Detection) -> Vec<String> {
    found
        .components
        .iter()
        .map(|component| format!("{} {}", component.path, component.language))
        .collect()
}

fn only(found: &Detection) -> &Component {
    assert_eq!(found.components.len(), 1, "{:?}", parts(found));
    &found.components[0]
}

fn at<'d>(found: &'d Detection, path: &str) -> &'d Component {
    found
        .components
        .iter()
        .find(|component| component.path == path)
        .unwrap_or_else(|| panic!("no component at {path}: {:?}", parts(found)))
}

fn value(found: &Option<Found>) -> Option<&str> {
    found.as_ref().map(|found| found.value.as_str())
}

fn values(found: &[Found]) -> Vec<&str> {
    found.iter().map(|found| found.value.as_str()).collect()
}

#[test]
fn nothing_makes_no_component() {
    for files in [
        &[][..],
        &[("README.md", "# Books")],
        &[
            ("guestbook/Chart.yaml", "name: guestbook\n"),
            ("guestbook/values.yaml", "a: 1\n"),
        ],
    ] {
        assert_eq!(parts(&of(files)), Vec::<String>::new());
    }
}

#[test]
fn fixtures_templates_examples_and_code_of_others_are_no_components() {
    let package = r#"{"name":"x","scripts":{"test":"vitest","start":"node ."},"dependencies":{"express":"5"}}"#;
    let found = of(&[
        ("go.mod", "module example.com/shop\n\ngo 1.26.0\n"),
        ("main.go", "package main"),
        ("testdata/package.json", package),
        ("examples/web/package.json", package),
        ("{{cookiecutter.slug}}/package.json", package),
        ("cli/templates/base/package.json", package),
        ("vendor/hiredis/package.json", package),
        (".devcontainer/package.json", package),
        ("tools/lint/go.mod", "module example.com/lint\n"),
    ]);
    assert_eq!(parts(&found), [". go"]);
    let noted: Vec<_> = found.notes.iter().map(|note| note.path.as_str()).collect();
    for folder in [
        "testdata",
        "examples",
        "{{cookiecutter.slug}}",
        "cli/templates",
        ".devcontainer",
        "tools",
    ] {
        assert!(
            noted.contains(&folder),
            "{folder} is not explained: {noted:?}"
        );
    }
}

#[test]
fn text_that_cannot_be_read_is_as_good_as_absent() {
    let found = of(&[
        ("package.json", "{ not json"),
        ("pyproject.toml", "[project\nname ="),
        ("docker-compose.yml", "services: {web: {image: [\n"),
        (".github/workflows/ci.yml", "jobs:\n\t- tab"),
        ("Dockerfile", "FROM\nFROM ${X\nCOPY\n"),
    ]);
    assert_eq!(parts(&found), Vec::<String>::new());
    assert_eq!(found.workflows, [".github/workflows/ci.yml"]);
}

#[test]
fn the_version_comes_from_the_strongest_place() {
    let manifest = (
        "pyproject.toml",
        "[project]\nname = \"a\"\nrequires-python = \">=3.10\"\n",
    );
    let source = ("a.py", "");
    let workflow = (
        ".github/workflows/test.yml",
        "jobs:\n  t:\n    strategy: {matrix: {python: ['3.9', '3.12', '3.10']}}\n    steps:\n      - uses: actions/setup-python@v5\n        with: {python-version: '${{ matrix.python }}'}\n",
    );
    let docker = ("Dockerfile", "FROM python:3.13-slim\nCOPY . .\n");
    let file = (".python-version", "3.11\n");
    let version = |files: &[(&str, &str)]| {
        let found = of(files);
        let component = only(&found);
        let from = component
            .version
            .as_ref()
            .map(|version| version.from.path.clone());
        (value(&component.version).map(str::to_owned), from)
    };
    let expect = |version: &str, from: &str| (Some(version.to_owned()), Some(from.to_owned()));
    assert_eq!(version(&[manifest, source]), (None, None));
    assert_eq!(
        version(&[manifest, source, docker]),
        expect("3.13", "Dockerfile")
    );
    // Of a matrix the newest, compared as numbers.
    assert_eq!(
        version(&[manifest, source, docker, workflow]),
        expect("3.12", ".github/workflows/test.yml")
    );
    assert_eq!(
        version(&[manifest, source, docker, workflow, file]),
        expect("3.11", ".python-version")
    );
}

#[test]
fn a_range_is_no_version_and_a_moving_name_neither() {
    let found = of(&[
        (
            "package.json",
            r#"{"name":"a","main":"index.js","engines":{"node":">=18"},"scripts":{"test":"mocha"}}"#,
        ),
        ("index.js", ""),
        (".nvmrc", "lts/*\n"),
        (
            ".github/workflows/ci.yml",
            "jobs: {t: {steps: [{uses: actions/setup-node@v4, with: {node-version: lts/*}}]}}",
        ),
    ]);
    let component = only(&found);
    assert_eq!(value(&component.version), None);
    assert_eq!(value(&component.version_range), Some(">=18"));
    assert_eq!(component.kind, Kind::Library);
}

#[test]
fn a_compiler_tested_as_stable_is_not_pinned_to_its_oldest_version() {
    let found = of(&[
        (
            "Cargo.toml",
            "[package]\nname = \"a\"\nrust-version = \"1.80\"\n",
        ),
        ("src/lib.rs", ""),
        (
            ".github/workflows/ci.yml",
            "jobs:\n  a: {steps: [{uses: dtolnay/rust-toolchain@stable}]}\n  b: {steps: [{uses: dtolnay/rust-toolchain@1.80}]}\n",
        ),
    ]);
    assert_eq!(value(&only(&found).version), None);
    assert_eq!(value(&only(&found).version_range), Some(">=1.80"));
}

#[test]
fn a_workspace_root_is_none_and_of_its_members_those_that_do_something_are() {
    let found = of(&[
        (
            "package.json",
            r#"{"private":true,"workspaces":["apps/*","packages/**"],"packageManager":"pnpm@9.1.0","devDependencies":{"typescript":"5","eslint":"9"},"scripts":{"test":"turbo test"}}"#,
        ),
        ("turbo.json", "{}"),
        ("pnpm-lock.yaml", ""),
        (
            "apps/web/package.json",
            r#"{"name":"web","private":true,"scripts":{"dev":"next dev","test":"vitest run","test:e2e":"playwright test"},"dependencies":{"next":"15"}}"#,
        ),
        ("apps/web/app/page.tsx", ""),
        (
            "packages/ui/package.json",
            r#"{"name":"@x/ui","exports":"./src/index.ts","scripts":{"build":"tsc","dev":"tsc --watch"}}"#,
        ),
        ("packages/ui/src/index.ts", ""),
        (
            "packages/tsconfig/package.json",
            r#"{"name":"tsconfig","private":true}"#,
        ),
        (
            "packages/utils/package.json",
            r#"{"name":"@x/utils","main":"i.js","scripts":{"build":"tsc"}}"#,
        ),
        ("packages/utils/i.ts", ""),
    ]);
    assert_eq!(
        parts(&found),
        [
            "apps/web typescript",
            "packages/ui typescript",
            "packages/utils typescript"
        ]
    );
    let web = at(&found, "apps/web");
    assert_eq!(value(&web.framework), Some("next"));
    assert_eq!(value(&web.package_manager), Some("pnpm"));
    assert_eq!(web.lockfile.as_deref(), Some("pnpm-lock.yaml"));
    assert_eq!(value(&web.test_command), Some("pnpm test"));
    assert_eq!(value(&web.e2e_command), Some("pnpm test:e2e"));
    assert_eq!(web.workspace.as_deref(), Some("."));
    assert_eq!(at(&found, "packages/ui").kind, Kind::Library);
    assert_eq!(found.workspaces[0].tool, "pnpm+turbo");
    assert_eq!(value(&found.workspaces[0].test_command), Some("pnpm test"));
}

#[test]
fn a_test_script_that_only_speaks_is_none_and_one_that_drives_a_browser_is_another() {
    let found = of(&[
        (
            "api/package.json",
            r#"{"name":"api","scripts":{"start":"node .","test":"echo \"Error: no test specified\" && exit 1"},"dependencies":{"express":"4"}}"#,
        ),
        ("api/index.js", ""),
        (
            "shop/package.json",
            r#"{"name":"shop","scripts":{"start":"node .","test":"exit 0","test:integration":"jest"},"dependencies":{"koa":"2"}}"#,
        ),
        ("shop/index.js", ""),
        (
            "web/package.json",
            r#"{"name":"web","scripts":{"dev":"vite","test":"bunx playwright test"},"dependencies":{"react":"19"},"devDependencies":{"vite":"7"}}"#,
        ),
        ("web/bun.lock", ""),
        ("web/index.html", ""),
        ("web/src/main.tsx", ""),
    ]);
    assert_eq!(value(&at(&found, "api").test_command), None);
    assert_eq!(
        value(&at(&found, "shop").test_command),
        Some("npm run test:integration")
    );
    let web = at(&found, "web");
    assert_eq!(web.runtime, Some(Runtime::Bun));
    assert_eq!(value(&web.test_command), None);
    assert_eq!(value(&web.e2e_command), Some("bun run test"));
    assert_eq!(value(&web.framework), Some("vite"));
}

#[test]
fn images_and_services_follow_the_compose_file() {
    let found = of(&[
        (
            "docker-compose.yml",
            "services:\n  cart:\n    build: cart\n    depends_on: [store]\n  pay:\n    build: {context: ., dockerfile: pay/Dockerfile}\n    depends_on: {queue: {condition: service_started}}\n  store:\n    build: {context: images/store}\n  queue:\n    image: docker.io/library/rabbitmq:3.8-management\n  mail:\n    image: mailpit\n",
        ),
        ("images/store/Dockerfile", "FROM mongo:5\n"),
        (
            "cart/Dockerfile",
            "FROM node:22-alpine\nCOPY package.json ./\n",
        ),
        (
            "cart/package.json",
            r#"{"name":"cart","main":"server.js","dependencies":{"express":"4"}}"#,
        ),
        ("cart/server.js", ""),
        ("pay/Dockerfile", "FROM python:3.12\n"),
        ("pay/requirements.txt", "Flask==3.0\n"),
        ("pay/pay.py", ""),
    ]);
    assert_eq!(parts(&found), ["cart javascript", "pay python"]);
    let (cart, pay) = (at(&found, "cart"), at(&found, "pay"));
    assert_eq!(values(&cart.services), ["mongo@5"]);
    assert_eq!(value(&cart.version), Some("22"));
    assert_eq!(cart.docker_context.as_deref(), Some("cart"));
    assert_eq!(values(&pay.services), ["rabbitmq@3.8"]);
    assert_eq!(value(&pay.framework), Some("flask"));
    assert_eq!(value(&pay.dockerfile), Some("pay/Dockerfile"));
    assert_eq!(pay.docker_context.as_deref(), Some("."));
}

#[test]
fn the_context_of_an_image_is_where_all_that_it_copies_lies() {
    let found = of(&[
        ("go.mod", "module a\n\ngo 1.25\n"),
        ("main.go", ""),
        (
            "docker/Dockerfile",
            "FROM golang:1.25\nCOPY go.mod main.go ./\n",
        ),
        ("docker/Dockerfile.dev", "FROM golang:1.25\n"),
    ]);
    assert_eq!(value(&only(&found).dockerfile), Some("docker/Dockerfile"));
    assert_eq!(only(&found).docker_context.as_deref(), Some("."));
}

#[test]
fn a_django_project_with_requirements_in_a_folder() {
    let found = of(&[
        ("requirements/base.txt", "Django>=5\npsycopg[binary]\n"),
        ("requirements/development.txt", "-r base.txt\nruff\n"),
        ("manage.py", ""),
        ("shop/tests.py", ""),
        (
            "package.json",
            r#"{"scripts":{"lint":"eslint ."},"devDependencies":{"eslint":"9"}}"#,
        ),
        ("docs/requirements.txt", "sphinx\n"),
        ("docs/conf.py", ""),
    ]);
    let python = &found.components[0];
    assert_eq!(
        (python.path.as_str(), python.language),
        (".", Language::Python)
    );
    assert_eq!(value(&python.package_manager), Some("pip"));
    assert_eq!(value(&python.framework), Some("django"));
    assert_eq!(value(&python.test_command), Some("python manage.py test"));
    assert_eq!(value(&python.migrations), Some("django"));
    assert_eq!(values(&python.lint), ["ruff"]);
    assert_eq!(parts(&found), [". python", ". javascript"]);
    assert_eq!(found.components[1].kind, Kind::Tooling);
}

#[test]
fn a_tool_named_after_a_framework_does_not_make_it_one() {
    let found = of(&[
        (
            "pyproject.toml",
            "[project]\nname = \"kit\"\nrequires-python = \"==3.14.*\"\ndependencies = [\"django-upgrade\", \"pytest\"]\n",
        ),
        ("uv.lock", ""),
        ("tests/test_kit.py", ""),
    ]);
    let component = only(&found);
    assert_eq!(component.framework, None);
    assert_eq!(value(&component.version), Some("3.14"));
    assert_eq!(value(&component.test_command), Some("uv run pytest"));
}

#[test]
fn members_of_a_uv_workspace_share_the_lock_file_of_its_root() {
    let found = of(&[
        (
            "pyproject.toml",
            "[tool.uv.workspace]\nmembers = [\"backend\"]\n",
        ),
        ("uv.lock", ""),
        (
            "backend/pyproject.toml",
            "[project]\nname = \"app\"\ndependencies = [\"fastapi\", \"alembic\"]\n",
        ),
        ("backend/app/main.py", ""),
    ]);
    let component = only(&found);
    assert_eq!(component.path, "backend");
    assert_eq!(component.lockfile.as_deref(), Some("uv.lock"));
    assert_eq!(value(&component.migrations), Some("alembic"));
    assert_eq!(component.test_command, None);
}

#[test]
fn a_cargo_workspace_is_one_component_unless_it_shares_the_repository() {
    let root = ("Cargo.toml", "[workspace]\nmembers = [\"cli\", \"core\"]\n");
    let members = [
        ("cli/Cargo.toml", "[package]\nname = \"shop-cli\"\n"),
        ("cli/src/main.rs", ""),
        ("core/Cargo.toml", "[package]\nname = \"shop\"\n"),
        ("core/src/lib.rs", ""),
    ];
    let mut files = vec![root];
    files.extend(members);
    let found = of(&files);
    assert_eq!(parts(&found), [". rust"]);
    assert_eq!(
        value(&only(&found).test_command),
        Some("cargo test --workspace")
    );
    assert_eq!(only(&found).kind, Kind::Cli);
    files.extend([
        (
            "app/pubspec.yaml",
            "name: app\ndependencies: {flutter: {sdk: flutter}}\n",
        ),
        ("app/lib/main.dart", ""),
        ("app/android/build.gradle", ""),
    ]);
    assert_eq!(parts(&of(&files)), ["app dart", "cli rust", "core rust"]);
}

#[test]
fn a_solution_with_several_programs_is_a_workspace_and_with_one_a_component() {
    let web = r#"<Project Sdk="Microsoft.NET.Sdk.Web"></Project>"#;
    let library = r#"<Project Sdk="Microsoft.NET.Sdk"></Project>"#;
    let mut files = vec![
        ("Shop.slnx", ""),
        ("global.json", r#"{"sdk":{"version":"10.0.100"}}"#),
        ("src/Shop.Api/Shop.Api.csproj", web),
        ("src/Shop.Domain/Shop.Domain.csproj", library),
        ("tests/Shop.Tests/Shop.Tests.csproj", library),
    ];
    let found = of(&files);
    assert_eq!(parts(&found), [". csharp"]);
    assert_eq!(value(&only(&found).test_command), Some("dotnet test"));
    assert_eq!(value(&only(&found).version), Some("10.0.100"));
    files.push((
        "src/Shop.Worker/Shop.Worker.csproj",
        r#"<Project Sdk="Microsoft.NET.Sdk.Worker"></Project>"#,
    ));
    let found = of(&files);
    assert_eq!(
        parts(&found),
        ["src/Shop.Api csharp", "src/Shop.Worker csharp"]
    );
    assert_eq!(
        value(&found.workspaces[0].test_command),
        Some("dotnet test")
    );
}

#[test]
fn maven_and_gradle_over_the_same_sources_are_one_component() {
    let found = of(&[
        (
            "pom.xml",
            "<project><parent><artifactId>spring-boot-starter-parent</artifactId></parent><artifactId>clinic</artifactId><properties><java.version>1.8</java.version></properties></project>",
        ),
        ("mvnw", ""),
        ("build.gradle", "plugins { id 'org.springframework.boot' }"),
        ("settings.gradle", "rootProject.name = 'clinic'"),
        ("src/main/java/A.java", ""),
    ]);
    let component = only(&found);
    assert_eq!(component.name.as_deref(), Some("clinic"));
    assert_eq!(value(&component.version), Some("8"));
    assert_eq!(value(&component.framework), Some("spring-boot"));
    assert_eq!(value(&component.test_command), Some("./mvnw -B verify"));
    assert!(found.notes.iter().any(|note| note.path == "build.gradle"));
}

#[test]
fn php_and_its_front_end_build_share_a_folder() {
    let found = of(&[
        (
            "composer.json",
            r#"{"name":"acme/shop","require":{"php":"^8.2","laravel/framework":"^12"}}"#,
        ),
        ("artisan", ""),
        ("phpunit.xml", ""),
        ("app/User.php", ""),
        (
            "package.json",
            r#"{"private":true,"scripts":{"build":"vite build","dev":"vite"},"devDependencies":{"vite":"7"}}"#,
        ),
    ]);
    assert_eq!(parts(&found), [". php", ". javascript"]);
    assert_eq!(
        value(&found.components[0].test_command),
        Some("php artisan test")
    );
    assert_eq!(value(&found.components[0].version), None);
    assert_eq!(found.components[1].kind, Kind::Assets);
}

#[test]
fn laravel_is_given_a_key_before_its_tests() {
    let laravel = |environment: &str| {
        let found = of(&[
            (
                "composer.json",
                r#"{"require":{"php":"^8.2","laravel/framework":"^12"}}"#,
            ),
            ("artisan", ""),
            ("phpunit.xml", ""),
            ("app/User.php", ""),
            (environment, "APP_KEY=\n"),
        ]);
        value(&only(&found).test_command).map(str::to_owned)
    };
    assert_eq!(
        laravel(".env.example").as_deref(),
        Some("cp .env.example .env && php artisan key:generate && php artisan test")
    );
    assert_eq!(laravel(".env.testing").as_deref(), Some("php artisan test"));
}

#[test]
fn a_gemfile_for_release_tools_is_no_ruby() {
    let found = of(&[
        (
            "Gemfile",
            "source 'https://rubygems.org'\ngem \"fastlane\"\n",
        ),
        ("fastlane/Fastfile", ""),
        (
            "pubspec.yaml",
            "name: app\ndependencies: {flutter: {sdk: flutter}}\n",
        ),
        (".fvmrc", r#"{"flutter": "3.41.9"}"#),
        ("lib/main.dart", ""),
        ("test/a_test.dart", ""),
    ]);
    let component = only(&found);
    assert_eq!(component.language, Language::Dart);
    assert_eq!(value(&component.version), Some("3.41.9"));
    assert_eq!(value(&component.test_command), Some("flutter test"));
}

#[test]
fn c_counts_only_where_nothing_else_does() {
    let files = [
        ("Makefile", "test:\n\t./run\n"),
        ("src/a.c", ""),
        ("deps/x/CMakeLists.txt", ""),
        ("utils/requirements.txt", "x\n"),
        ("utils/x.py", ""),
    ];
    let found = of(&files);
    assert_eq!(parts(&found), [". c"]);
    assert_eq!(value(&only(&found).test_command), Some("make test"));
    let mut files = files.to_vec();
    files.extend([("go.mod", "module a\n"), ("a.go", "")]);
    assert_eq!(parts(&of(&files)), [". go"]);
}

#[test]
fn packages_for_others_hint_at_their_registry_and_private_ones_do_not() {
    let targets = |package: &str| {
        let files = [("package.json", package), ("index.js", "")];
        let found = of(&files);
        let names = found.deploy.into_iter().map(|target| target.target);
        names.collect::<Vec<_>>()
    };
    let public = r#"{"version": "1.0.0", "license": "MIT", "main": "index.js",
        "scripts": {"test": "node --test"}}"#;
    assert_eq!(targets(public), ["npm"]);
    let private = public.replace("1.0.0\",", "1.0.0\", \"private\": true,");
    assert!(targets(&private).is_empty());
    let service = public.replace(
        "node --test\"}",
        "node --test\", \"start\": \"node .\"}, \"dependencies\": {\"express\": \"5\"}",
    );
    assert!(targets(&service).is_empty());
}

#[test]
fn deploy_targets_are_configured_by_their_files_and_hinted_by_others() {
    let found = of(&[
        ("worker/wrangler.toml", "main = \"src/i.ts\"\n"),
        (
            "site/wrangler.toml",
            "compatibility_date = \"2025-01-01\"\n",
        ),
        ("fly.toml", ""),
        ("public/_redirects", ""),
        ("compose.deploy.yml", "services: {}\n"),
        ("overlays/kustomization.yaml", ""),
        (
            ".github/workflows/deploy.yml",
            "jobs:\n  d:\n    environment: {name: production}\n    steps:\n      - run: npm publish --dry-run\n      - uses: docker/build-push-action@v6\n        with: {push: false}\n",
        ),
        (".circleci/config.yml", ""),
    ]);
    let targets: Vec<_> = found
        .deploy
        .iter()
        .map(|target| (target.target.as_str(), target.strength))
        .collect();
    assert_eq!(
        targets,
        [
            ("cloudflare-pages", Strength::Configured),
            ("cloudflare-workers", Strength::Configured),
            ("docker-compose", Strength::Configured),
            ("fly", Strength::Configured),
            ("kustomize", Strength::Configured),
            ("netlify", Strength::Hint),
        ]
    );
    assert_eq!(values(&found.environments), ["production"]);
    assert_eq!(found.other_ci[0].system, "circleci");
    assert_eq!(found.compose_files, ["compose.deploy.yml"]);
}

#[test]
fn a_registry_is_named_after_the_login_of_its_job() {
    let with = |login: &str| {
        let push = "      - uses: docker/build-push-action@v6\n        with: {push: true}\n";
        let steps = format!("jobs:\n  d:\n    steps:\n{login}{push}");
        let found = of(&[(".github/workflows/images.yml", &steps)]);
        let targets = found.deploy.into_iter().map(|target| target.target);
        targets.collect::<Vec<_>>()
    };
    let login = "      - uses: docker/login-action@v3\n";
    let hub = format!("{login}        with: {{username: me}}\n");
    let other = format!("{login}        with: {{registry: ghcr.io}}\n");
    assert_eq!(with(&hub), ["docker-hub"]);
    assert_eq!(with(&other), ["container-registry"]);
    assert_eq!(with(&format!("{hub}{other}")), ["container-registry"]);
    let by_hand = |rest: &str| with(&format!("      - run: echo x | docker login {rest}\n"));
    assert_eq!(by_hand("-u me --password-stdin"), ["docker-hub"]);
    assert_eq!(by_hand("quay.io -u me"), ["container-registry"]);
    let ecr =
        "      - uses: aws-actions/amazon-ecr-login@v2\n        with: {registry-type: public}\n";
    assert_eq!(with(ecr), ["container-registry", "ecr-public"]);
}

#[test]
fn only_texts_that_matter_are_wanted() {
    for path in [
        "package.json",
        "a/b/go.mod",
        ".github/workflows/ci.yml",
        "docker/Dockerfile.debian",
        "requirements/dev.txt",
        "src/A/A.csproj",
    ] {
        assert!(is_wanted(path), "{path}");
    }
    for path in [
        "src/main.rs",
        "node_modules/a/package.json",
        "tests/fixtures/package.json",
        "{{x}}/pyproject.toml",
        "README.md",
    ] {
        assert!(!is_wanted(path), "{path}");
    }
    assert!(is_pruned("node_modules") && !is_pruned("src"));
}

#[test]
fn fifty_thousand_files_are_no_burden() {
    let mut paths: Vec<String> = (0..50_000)
        .map(|n| format!("src/m{}/f{n}.ts", n % 700))
        .collect();
    paths.push("package.json".to_owned());
    let texts = [(
        "package.json".to_owned(),
        r#"{"name":"a","exports":"./i.js","scripts":{"test":"vitest"}}"#.to_owned(),
    )];
    let found = detect(&FileTree::new(paths, texts));
    assert_eq!(parts(&found), [". typescript"]);
}

#[test]
fn the_detection_is_plain_json() {
    let found = of(&[("go.mod", "module a\n\ngo 1.25.0\n"), ("main.go", "")]);
    let json = serde_json::to_value(&found).unwrap();
    let component = &json["components"][0];
    assert_eq!(component["language"], "go");
    assert_eq!(component["version"]["value"], "1.25.0");
    assert_eq!(component["version"]["from"]["path"], "go.mod");
    assert_eq!(component["test_command"], serde_json::Value::Null);
}

#[test]
fn modules_of_a_build_are_components_where_most_are_programs() {
    let module = "<project><artifactId>m</artifactId></project>";
    let root = "<project><artifactId>shop</artifactId><properties><java.version>21</java.version></properties>\
                <modules><module>orders</module><module>users</module></modules></project>";
    let mut files = vec![
        ("pom.xml", root),
        ("mvnw", ""),
        ("orders/pom.xml", module),
        ("orders/src/main/java/OrdersApplication.java", ""),
        ("users/pom.xml", module),
        ("users/src/main/java/Users.java", ""),
    ];
    let found = of(&files);
    assert_eq!(parts(&found), [". java"]);
    assert_eq!(found.workspaces[0].members, ["orders", "users"]);
    files.push(("users/src/main/java/UsersApplication.java", ""));
    let found = of(&files);
    assert_eq!(parts(&found), ["orders java", "users java"]);
    assert_eq!(value(&at(&found, "users").version), Some("21"));
    assert_eq!(
        value(&at(&found, "users").test_command),
        Some("../mvnw -B verify")
    );
}

#[test]
fn elixir_projects_compiled_into_another_are_part_of_it() {
    let found = of(&[
        (
            "mix.exs",
            "[app: :shop, elixir: \"~> 1.18\", elixirc_paths: [\"lib\", \"proto/lib\"], deps: [{:phoenix, \"~> 1.8\"}]]",
        ),
        ("mix.lock", ""),
        ("lib/shop.ex", ""),
        ("test/shop_test.exs", ""),
        ("proto/mix.exs", "[app: :proto]"),
        ("proto/mix.lock", ""),
        ("proto/lib/p.ex", ""),
        ("edge/mix.exs", "[app: :edge, elixir: \"~> 1.13\"]"),
        ("edge/mix.lock", ""),
        ("edge/Dockerfile", "FROM hexpm/elixir:1.13.2-erlang-24\n"),
    ]);
    assert_eq!(parts(&found), [". elixir", "edge elixir"]);
    assert_eq!(value(&at(&found, ".").version), None);
    assert_eq!(value(&at(&found, ".").test_command), Some("mix test"));
    assert_eq!(value(&at(&found, "edge").version), Some("1.13.2"));
}

#[test]
fn inner_go_modules_are_left_out_and_so_is_one_without_sources() {
    let found = of(&[
        ("go.mod", "module a\n\ngo 1.25.0\n"),
        ("a.go", ""),
        ("a_test.go", ""),
        ("otel/go.mod", "module a/otel\n\ngo 1.24\n"),
        ("otel/o.go", ""),
        ("internal/gen/go.mod", "module a/gen\n"),
        ("internal/gen/g.go", ""),
        ("theme/go.mod", "module a/theme\n"),
    ]);
    assert_eq!(parts(&found), [". go", "otel go"]);
    assert_eq!(value(&at(&found, ".").test_command), Some("go test ./..."));
    assert_eq!(value(&at(&found, "otel").test_command), None);
}

#[test]
fn the_data_layer_names_its_server_and_a_file_names_the_version() {
    let package = r#"{"name":"a","scripts":{"dev":"next dev"},"dependencies":{"next":"15","@prisma/client":"6"}}"#;
    let schema = "generator c { provider = \"prisma-client-js\" }\ndatasource db {\n  provider = \"postgresql\"\n}\n";
    let files = [
        ("package.json", package),
        ("prisma/schema.prisma", schema),
        ("app/page.tsx", ""),
    ];
    let found = of(&files);
    assert_eq!(values(&only(&found).services), ["postgres"]);
    assert_eq!(value(&only(&found).migrations), Some("prisma"));
    let mut files = files.to_vec();
    files.push((
        "docker-compose.yml",
        "services: {db: {image: 'postgres:16-alpine'}, mail: {image: mailhog}}\n",
    ));
    assert_eq!(values(&only(&of(&files)).services), ["postgres@16"]);
    files[1].1 = "datasource db { provider = \"sqlite\" }";
    files.pop();
    assert_eq!(values(&only(&of(&files)).services), Vec::<&str>::new());
}

#[test]
fn a_module_called_setup_makes_no_package_and_lists_of_documentation_neither() {
    let found = of(&[
        (
            "setup.py",
            "from setuptools import setup\nsetup(name='kit', install_requires=['flask>=3'], python_requires='>=3.10')\n",
        ),
        (
            "kit/models/setup.py",
            "class Setup:\n    name = 'setuptools'\n",
        ),
        ("docs/requirements.txt", "sphinx\n"),
        ("docs/conf.py", ""),
    ]);
    let component = only(&found);
    assert_eq!(component.name.as_deref(), Some("kit"));
    assert_eq!(component.kind, Kind::Library);
    assert_eq!(value(&component.version_range), Some(">=3.10"));
}

#[test]
fn the_lock_file_of_the_workspace_counts_for_a_member_that_names_its_manager() {
    let found = of(&[
        (
            "package.json",
            r#"{"private":true,"workspaces":["apps/*"]}"#,
        ),
        ("pnpm-workspace.yaml", "packages: [apps/*]\n"),
        ("pnpm-lock.yaml", ""),
        (
            "apps/web/package.json",
            r#"{"name":"web","packageManager":"pnpm@10.1.0","scripts":{"start":"node ."},"dependencies":{"hono":"4"}}"#,
        ),
        ("apps/web/index.js", ""),
    ]);
    assert_eq!(only(&found).lockfile.as_deref(), Some("pnpm-lock.yaml"));
    assert_eq!(only(&found).kind, Kind::Service);
}
