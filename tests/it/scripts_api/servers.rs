//! Small servers on the loopback interface that answer as badly as real ones do.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

pub(crate) struct Request {
    /// Method and target, such as `GET /health`.
    pub(crate) line: String,
    pub(crate) headers: String,
    pub(crate) body: String,
}

pub(crate) enum Reply {
    Status(u16),
    Text(&'static str),
    /// Status, one more header line, body.
    Full(u16, String, String),
    /// Takes the request and never answers.
    Hang,
    /// Answers something that is not HTTP.
    Garbage,
}

/// An HTTP server that asks a function about the n-th request, counted from 1.
pub(crate) struct Http {
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Http {
    pub(crate) fn start(reply: impl Fn(usize, &Request) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (seen, reply) = (Arc::clone(&requests), Arc::new(reply));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (seen, reply) = (Arc::clone(&seen), Arc::clone(&reply));
                thread::spawn(move || serve(stream.unwrap(), &seen, &*reply));
            }
        });
        Self { url, requests }
    }

    pub(crate) fn count(&self) -> usize {
        self.requests.lock().unwrap().len()
    }

    pub(crate) fn last(&self) -> Request {
        self.requests.lock().unwrap().pop().unwrap()
    }
}

/// An address that nobody listens at.
pub(crate) fn closed_url() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

fn serve(
    mut stream: TcpStream,
    seen: &Mutex<Vec<Request>>,
    reply: &dyn Fn(usize, &Request) -> Reply,
) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    if reader.read_line(&mut line).unwrap_or(0) == 0 {
        return;
    }
    let mut headers = String::new();
    while reader.read_line(&mut headers).unwrap() > 2 {}
    let length = headers
        .lines()
        .filter_map(|line| {
            line.to_ascii_lowercase()
                .strip_prefix("content-length: ")?
                .parse()
                .ok()
        })
        .next()
        .unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let request = Request {
        line: line.trim_end().trim_end_matches(" HTTP/1.1").to_owned(),
        headers,
        body: String::from_utf8(body).unwrap(),
    };
    let (number, reply) = {
        let mut seen = seen.lock().unwrap();
        let reply = reply(seen.len() + 1, &request);
        seen.push(request);
        (seen.len(), reply)
    };
    let (status, header, body) = match reply {
        Reply::Status(status) => (status, String::new(), format!("answer {number}")),
        Reply::Text(text) => (200, String::new(), text.to_owned()),
        Reply::Full(status, header, body) => (status, header + "\r\n", body),
        Reply::Hang => {
            let _ = reader.read(&mut [0]);
            return;
        }
        Reply::Garbage => {
            let _ = stream.write_all(b"\x00\xff garbage\n\n");
            return;
        }
    };
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status} Status\r\nConnection: close\r\n{header}Content-Length: {length}\r\n\r\n"
    );
    let _ = stream.write_all((head + &body).as_bytes());
}

/// An SMTP server without TLS that accepts everything and keeps what it was told, line by line.
pub(crate) struct Smtp {
    pub(crate) url: String,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Smtp {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let lines = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&lines);
        thread::spawn(move || {
            for stream in listener.incoming() {
                converse(stream.unwrap(), &seen);
            }
        });
        Self { url, lines }
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap().clone()
    }
}

fn converse(mut stream: TcpStream, seen: &Mutex<Vec<String>>) {
    let reader = BufReader::new(stream.try_clone().unwrap());
    let mut say = |text: &str| stream.write_all(text.as_bytes()).unwrap_or_default();
    say("220 test\r\n");
    let mut in_data = false;
    for line in reader.lines() {
        let Ok(line) = line else { return };
        seen.lock().unwrap().push(line.clone());
        match line.split(' ').next().unwrap_or_default() {
            "." if in_data => {
                in_data = false;
                say("250 kept\r\n");
            }
            _ if in_data => {}
            "EHLO" => say("250-test\r\n250 AUTH PLAIN\r\n"),
            "AUTH" if line == "AUTH PLAIN" => say("334 \r\n"),
            "DATA" => {
                in_data = true;
                say("354 go on\r\n");
            }
            "QUIT" => return say("221 bye\r\n"),
            "MAIL" | "RCPT" => say("250 fine\r\n"),
            _ => say("235 welcome\r\n"),
        }
    }
}
