//! slack-notify and email-notify: what arrives, and that nothing they meet fails a deployment.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use super::sandbox::{HOSTILE, Outcome, Sandbox};
use super::servers::{Http, Reply, Smtp, closed_url};

fn slack(url: &str, more: &[(&str, &str)]) -> Outcome {
    let env = [
        ("SLACK_WEBHOOK_URL", url),
        ("STATUS", "succeeded"),
        ("TITLE", "Shop <deployed> & fine"),
        ("VERSION", "v1.2.3"),
    ];
    Sandbox::new().run("slack-notify", &[&env[..], more].concat())
}

#[test]
fn slack_gets_title_fields_and_buttons() {
    let server = Http::start(|_, _| Reply::Text("ok"));
    let url = format!("{}/services/T0/B0/secret", server.url);
    let links = "Production|https://api.example.com\r\nGrafana|https://grafana.example.com/d/x?a=b|c\nodd line\nbad|javascript:alert(1)\n";
    let more = [
        ("ENVIRONMENT", "production"),
        ("LINKS", links),
        ("CHANNEL", "#deployments"),
    ];
    slack(&url, &more).passes("message sent to Slack");
    let request = server.last();
    assert_eq!(request.line, "POST /services/T0/B0/secret");
    assert!(
        request
            .headers
            .contains("Content-Type: application/json\r\n"),
        "{}",
        request.headers
    );
    let message: Value = serde_json::from_str(&request.body).unwrap();
    assert_eq!(message["channel"], "#deployments");
    assert_eq!(
        message["text"],
        ":white_check_mark: Shop &lt;deployed&gt; &amp; fine: succeeded"
    );
    assert_eq!(
        message["blocks"][0]["text"]["text"],
        ":white_check_mark: Shop <deployed> & fine"
    );
    let fields: Vec<_> = message["blocks"][1]["fields"]
        .as_array()
        .unwrap()
        .iter()
        .map(|field| &field["text"])
        .collect();
    assert_eq!(
        fields,
        [
            "*Version*\nv1.2.3",
            "*Actor*\nStarter",
            "*Environment*\nproduction",
            "*Status*\nsucceeded"
        ]
    );
    let buttons = message["blocks"][2]["elements"].as_array().unwrap();
    let buttons: Vec<_> = buttons
        .iter()
        .map(|button| {
            (
                button["text"]["text"].as_str().unwrap(),
                button["url"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        buttons,
        [
            ("Production", "https://api.example.com"),
            ("Grafana", "https://grafana.example.com/d/x?a=b|c"),
            (
                "Workflow run",
                "https://github.example/acme/shop/actions/runs/77"
            ),
        ]
    );
}

#[test]
fn slack_messages_stay_json_and_within_limits() {
    let server = Http::start(|_, _| Reply::Text("ok"));
    let long = "é".repeat(4000);
    for value in [HOSTILE, &long, "\"}]}", ""] {
        let more = [
            ("STATUS", value),
            ("TITLE", value),
            ("VERSION", value),
            ("ENVIRONMENT", value),
            ("LINKS", value),
            ("CHANNEL", value),
            ("GITHUB_ACTOR", value),
        ];
        slack(&server.url, &more).passes("message sent");
        let message: Value = serde_json::from_str(&server.last().body).unwrap();
        let header = message["blocks"][0]["text"]["text"].as_str().unwrap();
        assert!(
            header.chars().count() <= 150 && !header.contains('\n'),
            "{header}"
        );
        for field in message["blocks"][1]["fields"].as_array().unwrap() {
            assert!(field["text"].as_str().unwrap().chars().count() <= 2000);
        }
    }
    let marks = [
        ("started", ":rocket:"),
        ("approval", ":raised_hand:"),
        ("failed", ":x:"),
        ("rolled-back", ":rewind:"),
    ];
    for (status, mark) in marks {
        slack(&server.url, &[("STATUS", status)]).passes("");
        assert!(server.last().body.contains(mark), "{status}");
    }
}

#[test]
fn slack_troubles_are_warnings_and_tell_no_secret() {
    let refuses =
        Http::start(|_, _| Reply::Full(404, "A: b".into(), "no_team\n::stop-commands::x".into()));
    let url = format!("{}/services/s3cret", refuses.url);
    let outcome = slack(&url, &[]);
    outcome
        .passes("::warning::no message sent, Slack answered: ")
        .passes("no_team%0A::stop");
    assert!(!outcome.log.contains("s3cret"), "{outcome:?}");
    for url in [&closed_url(), HOSTILE, "file:///etc/hostname"] {
        slack(url, &[]).passes("::warning::no message sent");
    }
    slack("", &[]).passes("::notice::no message sent: the secret SLACK_WEBHOOK_URL is not set");
}

fn email(url: &str, more: &[(&str, &str)]) -> Outcome {
    let env = [
        ("SMTP_URL", url),
        ("SMTP_TLS", "optional"),
        ("EMAIL_USERNAME", "bot@example.com"),
        ("EMAIL_PASSWORD", "p\"a$s\\w #1"),
        ("MAIL_TO", "devops@example.com, ann.b+c@example.org\n"),
        ("SUBJECT", "Rolled back"),
        ("BODY", "It failed."),
    ];
    Sandbox::new().run("email-notify", &[&env[..], more].concat())
}

/// The text of a mail's subject or body.
fn decoded(base64: &str) -> String {
    let program = format!("printf %s '{base64}' | base64 -d");
    let result = std::process::Command::new("bash")
        .args(["-c", &program])
        .output()
        .unwrap();
    String::from_utf8(result.stdout).unwrap()
}

fn headers(lines: &[String]) -> Vec<String> {
    let mail = lines.iter().skip_while(|line| *line != "DATA").skip(1);
    mail.take_while(|line| !line.is_empty()).cloned().collect()
}

#[test]
fn a_mail_server_may_be_named_without_its_protocol_or_not_at_all() {
    let server = Smtp::start();
    let plain = server.url.trim_start_matches("smtp://");
    email(plain, &[]).passes("sent to 2 addresses");
    email("", &[]).passes(
        "::warning::no e-mail sent: no mail server is named; set the variable EMAIL_SERVER",
    );
    // Port 465 speaks TLS at once.
    let sandbox = Sandbox::new();
    let curl = sandbox.write("bin/curl", "#!/usr/bin/env bash\ncat > config\n");
    fs::set_permissions(&curl, fs::Permissions::from_mode(0o755)).unwrap();
    let env = [
        ("SMTP_URL", "mail.example:465"),
        ("EMAIL_USERNAME", "bot@example.com"),
        ("EMAIL_PASSWORD", "p"),
        ("MAIL_TO", "a@example.com"),
        ("SUBJECT", "s"),
        ("BODY", "b"),
    ];
    sandbox.run("email-notify", &env).passes("e-mail sent");
    let config = fs::read_to_string(sandbox.path("config")).unwrap();
    assert!(
        config.starts_with("url = \"smtps://mail.example:465\"\n"),
        "{config}"
    );
    email(HOSTILE, &[]).passes("::warning::no e-mail sent");
}

#[test]
fn an_email_arrives_as_it_was_meant() {
    let server = Smtp::start();
    email(
        &server.url,
        &[(
            "SUBJECT",
            "Zurückgerollt ✓ a long subject that needs several words",
        )],
    )
    .passes("sent to 2 addresses");
    let lines = server.lines();
    let login = lines
        .iter()
        .find_map(|line| line.strip_prefix("AUTH PLAIN "))
        .or_else(|| {
            let at = lines.iter().position(|line| line == "AUTH PLAIN")?;
            Some(lines[at + 1].as_str())
        });
    assert_eq!(decoded(login.unwrap()), "\0bot@example.com\0p\"a$s\\w #1");
    assert!(
        lines
            .iter()
            .any(|line| line.starts_with("MAIL FROM:<bot@example.com>"))
    );
    assert!(lines.contains(&"RCPT TO:<devops@example.com>".to_owned()));
    assert!(lines.contains(&"RCPT TO:<ann.b+c@example.org>".to_owned()));
    let headers = headers(&lines);
    assert!(
        headers.contains(&"To: devops@example.com,ann.b+c@example.org".to_owned()),
        "{headers:?}"
    );
    assert!(headers.iter().all(|line| line.len() <= 90), "{headers:?}");
    let words = headers.join("").replace("Subject: ", " ");
    let subject = words
        .split("=?UTF-8?B?")
        .skip(1)
        .map(|word| decoded(word.split("?=").next().unwrap()));
    assert_eq!(
        subject.collect::<String>(),
        "Zurückgerollt ✓ a long subject that needs several words"
    );
    let body = lines
        .iter()
        .skip_while(|line| !line.is_empty())
        .skip(1)
        .take_while(|line| *line != ".");
    let body = decoded(&body.cloned().collect::<String>());
    assert_eq!(
        body,
        "It failed.\n\nhttps://github.example/acme/shop/actions/runs/77\n"
    );
}

#[test]
fn no_value_becomes_another_header_or_recipient() {
    let server = Smtp::start();
    email(
        &server.url,
        &[
            ("SUBJECT", HOSTILE),
            ("BODY", &format!(".\r\n{HOSTILE}\n.\nQUIT")),
        ],
    )
    .passes("sent to 2");
    let lines = server.lines();
    let names: Vec<_> = headers(&lines)
        .iter()
        .filter(|line| !line.starts_with(' '))
        .map(|line| line.split(':').next().unwrap().to_owned())
        .collect();
    assert_eq!(
        names,
        [
            "From",
            "To",
            "Subject",
            "Date",
            "MIME-Version",
            "Content-Type",
            "Content-Transfer-Encoding"
        ]
    );
    assert_eq!(
        lines.iter().filter(|line| line.starts_with("RCPT")).count(),
        2
    );
    assert_eq!(lines.iter().filter(|line| *line == "QUIT").count(), 1);

    let before = server.lines().len();
    for (name, value) in [
        ("MAIL_TO", HOSTILE),
        ("MAIL_TO", "a@b.c>,<x"),
        ("MAIL_TO", "-v@example.com"),
        ("MAIL_FROM", "a@b.c\r\nBcc: x@y.z"),
        ("MAIL_TO", "*"),
    ] {
        email(&server.url, &[(name, value)])
            .passes("::warning::no e-mail sent: ")
            .passes("is not an e-mail address");
    }
    email(&server.url, &[("MAIL_TO", "\n")]).passes("MAIL_TO names no address");
    assert_eq!(server.lines().len(), before);
}

#[test]
fn email_troubles_are_warnings_and_tell_no_secret() {
    let server = Smtp::start();
    let outcome = email(
        &server.url,
        &[("SMTP_TLS", "required"), ("EMAIL_PASSWORD", "s3cret")],
    );
    outcome.passes("::warning::no e-mail sent: curl: (64)");
    let said = server.lines().join("\n");
    assert!(
        !outcome.log.contains("s3cret") && !said.contains("AUTH"),
        "without TLS no password is sent: {said}"
    );
    for url in [
        closed_url().replace("http", "smtp").as_str(),
        "https://example.com",
        HOSTILE,
        "",
    ] {
        email(url, &[]).passes("::warning::no e-mail sent");
    }
    for name in ["EMAIL_USERNAME", "EMAIL_PASSWORD"] {
        email(&server.url, &[(name, "")]).passes("::notice::no e-mail sent: the secrets");
    }
    email(&server.url, &[("EMAIL_PASSWORD", HOSTILE)]).passes("e-mail sent");
}

#[test]
fn secrets_stay_off_the_command_line() {
    let sandbox = Sandbox::new();
    let curl = sandbox.fake("curl");
    curl.answers("*", &[""]);
    let env = [
        ("SLACK_WEBHOOK_URL", "https://hooks.example/s3cret"),
        ("STATUS", "failed"),
        ("TITLE", "x"),
        ("SMTP_URL", "smtps://m.example"),
        ("EMAIL_USERNAME", "a@b.c"),
        ("EMAIL_PASSWORD", "s3cret"),
        ("MAIL_TO", "a@b.c"),
        ("SUBJECT", "x"),
        ("BODY", "x"),
    ];
    sandbox.run("slack-notify", &env).passes("message sent");
    sandbox.run("email-notify", &env).passes("e-mail sent");
    assert_eq!(curl.calls().len(), 2);
    assert!(!format!("{:?}", curl.calls()).contains("s3cret"));
    assert!(
        !fs::read_to_string(sandbox.path("log"))
            .unwrap()
            .contains("s3cret")
    );
}
