//! A web server with the files of a mirror, which may behave badly.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use super::*;

/// What the server does with archives; indexes are always as they should be.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Behavior {
    Honest,
    /// Promises all of a file, and sends half.
    Truncates,
    /// Sends no end of bytes, without saying how many.
    NeverEnds,
    /// Takes requests, also for the index, and never answers.
    Hangs,
    /// Answers, also for the index, with this status.
    Fails(u16),
}

/// The server, which runs as long as the test.
pub(super) struct Server {
    address: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(super) fn start(folder: PathBuf, behavior: Behavior) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/mirror", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (folder, seen) = (folder.clone(), Arc::clone(&seen));
                // A client that hangs up ends its own thread only.
                std::thread::spawn(move || drop(answer(stream.unwrap(), &folder, behavior, &seen)));
            }
        });
        Self { address, requests }
    }

    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// The names of the files that were asked for.
    pub(super) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

fn answer(
    mut stream: TcpStream,
    folder: &Path,
    behavior: Behavior,
    seen: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().unwrap()?;
    while lines
        .next()
        .is_some_and(|line| line.is_ok_and(|line| !line.is_empty()))
    {}
    let path = first.split(' ').nth(1).unwrap();
    let name = path.strip_prefix("/mirror/").unwrap().to_owned();
    let is_archive = name.ends_with(".tar.xz");
    seen.lock().unwrap().push(name.clone());
    match behavior {
        Behavior::Hangs => loop {
            std::thread::park();
        },
        Behavior::Fails(status) => {
            return write!(stream, "HTTP/1.1 {status} No\r\nContent-Length: 0\r\n\r\n");
        }
        _ => {}
    }
    let bytes = fs::read(folder.join(name))?;
    if is_archive && behavior == Behavior::NeverEnds {
        write!(stream, "HTTP/1.0 200 OK\r\n\r\n")?;
        loop {
            stream.write_all(&bytes)?;
        }
    }
    let sent = match behavior {
        Behavior::Truncates if is_archive => &bytes[..bytes.len() / 2],
        _ => &bytes,
    };
    let length = bytes.len();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    )?;
    stream.write_all(sent)
}
