//! Models that are pulled into an Ollama that answers as told.

use super::sandbox::{HOSTILE, Sandbox};
use super::servers::{Http, Reply};

fn pull(server: &Http, models: &str) -> super::sandbox::Outcome {
    let env = [
        ("OLLAMA_HOST", server.url.as_str()),
        ("OLLAMA_MODELS", models),
    ];
    Sandbox::new().run("ollama-pull", &[&env[..], &[("TIMEOUT", "5")]].concat())
}

#[test]
fn each_model_is_pulled_and_waited_for() {
    let server = Http::start(|_, _| Reply::Text(r#"{"status":"success"}"#));
    pull(&server, "llama3.2:1b\n\n  nomic-embed-text \n")
        .passes("the model nomic-embed-text is there");
    assert_eq!(server.count(), 2);
    let last = server.last();
    assert!(last.line.starts_with("POST /api/pull"), "{}", last.line);
    let body: serde_json::Value = serde_json::from_str(&last.body).unwrap();
    assert_eq!(
        body,
        serde_json::json!({"model": "nomic-embed-text", "stream": false})
    );
    pull(&server, HOSTILE).passes("");
    assert!(server.last().body.starts_with('{'));
}

#[test]
fn a_model_that_is_not_there_fails() {
    let answers = [
        Reply::Text(r#"{"error":"pull model manifest: file does not exist"}"#),
        Reply::Full(
            500,
            String::new(),
            r#"{"error":"no space left"}"#.to_owned(),
        ),
        Reply::Text(r#"{"status":"downloading"}"#),
        Reply::Garbage,
    ];
    for answer in answers {
        let answer = std::sync::Mutex::new(Some(answer));
        let server =
            Http::start(move |_, _| answer.lock().unwrap().take().unwrap_or(Reply::Garbage));
        pull(&server, "llama3.2:1b").fails("llama3.2:1b was not pulled");
    }
    let server = Http::start(|_, _| Reply::Hang);
    let env = [
        ("OLLAMA_HOST", server.url.as_str()),
        ("OLLAMA_MODELS", "a"),
        ("TIMEOUT", "1"),
    ];
    Sandbox::new()
        .run("ollama-pull", &env)
        .fails("a was not pulled");
    let env = [("OLLAMA_HOST", HOSTILE), ("OLLAMA_MODELS", "\n")];
    Sandbox::new()
        .run("ollama-pull", &env)
        .fails("names no model");
}
