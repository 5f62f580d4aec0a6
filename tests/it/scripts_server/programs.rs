//! The programs that run beside a test: sshd, and the application behind the colours.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

pub(super) const SSHD: &str = "/usr/sbin/sshd";

/// Generates a key pair.
pub(super) fn generate_key(path: &Path) {
    let status = Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-f"])
        .arg(path)
        .status()
        .unwrap();
    assert!(status.success());
}

/// Starts a private sshd that shows the user only the stand-ins, and waits until it listens.
pub(super) fn start_sshd(root: &Path) -> (Child, u16) {
    // Started as root, sshd wants this folder; a package's service would have made it.
    let _ = fs::create_dir_all("/run/sshd");
    let folder = root.display();
    for _ in 0..5 {
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let config = format!(
            "ListenAddress 127.0.0.1\nPort {port}\nHostKey {folder}/host_key\nPidFile none\n\
             AuthorizedKeysFile {folder}/authorized_keys\nStrictModes no\nUsePAM no\n\
             PasswordAuthentication no\nMaxStartups 100\nUseDNS no\nPrintMotd no\n\
             KexAlgorithms curve25519-sha256\nSetEnv PATH={folder}/bin:/usr/bin:/bin \
             FAKE={folder}/fake HOME={folder}/home TMPDIR={folder}/tmp\n"
        );
        fs::write(root.join("sshd_config"), config).unwrap();
        let mut sshd = Command::new(SSHD)
            .args(["-D", "-r", "-f"])
            .arg(root.join("sshd_config"))
            .arg("-E")
            .arg(root.join("sshd.log"))
            .spawn()
            .unwrap();
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(30) && sshd.try_wait().unwrap().is_none() {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return (sshd, port);
            }
            thread::sleep(Duration::from_millis(10));
        }
        let _ = sshd.kill();
    }
    panic!(
        "sshd does not start: {}",
        fs::read_to_string(root.join("sshd.log")).unwrap()
    );
}

/// Answers health checks as the application of a project would: 200 with the version while the
/// project runs, else 503. The version is the first character of its image's digest.
pub(super) fn serve_colour(root: &Path, project: &str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (running, requests) = (
        root.join("fake/up").join(project),
        root.join("fake/requests"),
    );
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut request = String::new();
            let mut lines = BufReader::new(&stream);
            while lines.read_line(&mut request).is_ok_and(|length| length > 2) {}
            let Ok(mut log) = fs::OpenOptions::new()
                .create(true)
                .append(true)
                .open(&requests)
            else {
                break;
            };
            let _ = log.write_all(request.as_bytes());
            let image = fs::read_to_string(&running).unwrap_or_default();
            let (status, version) = match image.split_once("@sha256:") {
                Some((_, digest)) => ("200 OK", digest.get(..1).unwrap_or_default()),
                None => ("503 Service Unavailable", ""),
            };
            let body = format!("{{\"version\":\"v{version}\"}}");
            let length = body.len();
            let _ = write!(
                &stream,
                "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
            );
        }
    });
    port
}
