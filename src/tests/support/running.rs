//! A server as a process: started, killed, and asked over the network. The tests of `crates/faults` have the same file.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, mpsc},
    thread::JoinHandle,
    time::Duration,
};

use serde_json::Value;

/// The site of a server that is to serve no files: names.
pub const SITE: &str = "js: 1\nwasm: 2\ncss: 3\n";
/// What forms say they are.
pub const FORM: &str = "Content-Type: application/x-www-form-urlencoded\r\n";

/// A server that runs; killed when it is dropped.
pub struct Running {
    pub child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// What it has logged so far.
    pub log: Arc<Mutex<String>>,
    reading: Option<JoinHandle<()>>,
}

impl Running {
    /// Runs a command until it says where it listens.
    ///
    /// # Errors
    /// When it did not say so in time, or ended instead: all that it said. It is killed then.
    pub fn start(command: &mut Command, within: Duration) -> Result<Self, String> {
        let mut child = command
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let log = Arc::new(Mutex::new(String::new()));
        let (tell, told) = mpsc::channel();
        let lines = BufReader::new(child.stderr.take().expect("a log"));
        let writing = Arc::clone(&log);
        let reading = std::thread::spawn(move || {
            for line in lines.lines().map_while(Result::ok) {
                if let Some((_, address)) = line.split_once("License Portal: http") {
                    let address = address.trim_start_matches('s').trim_start_matches("://");
                    let _ = tell.send(address.trim().parse().expect("an address"));
                }
                let mut log = writing.lock().unwrap();
                log.push_str(&line);
                log.push('\n');
            }
        });
        let mut running = Self {
            child,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            log,
            reading: Some(reading),
        };
        match told.recv_timeout(within) {
            Ok(address) => {
                running.address = address;
                Ok(running)
            }
            Err(_) => Err(running.kill()),
        }
    }

    /// SIGKILL: nothing is finished or written any more. Returns all that was logged.
    pub fn kill(&mut self) -> String {
        let _ = self.child.kill();
        self.ended().1
    }

    /// Waits until it has ended by itself. Returns how, and all that was logged.
    pub fn ended(&mut self) -> (ExitStatus, String) {
        let status = self.child.wait().expect("the server ends");
        if let Some(reading) = self.reading.take() {
            reading.join().expect("the whole log");
        }
        (status, self.log.lock().unwrap().clone())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Reply {
    /// The body, read as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The cookie in the answer.
    pub fn cookie(&self) -> Option<String> {
        let mut lines = self.head.lines();
        let cookie = lines.find_map(|line| line.strip_prefix("set-cookie: "))?;
        cookie.split(';').next().map(str::to_owned)
    }
}

/// Sends a request, and waits for the whole answer, each part of it for so long.
///
/// # Errors
/// When the server is gone.
pub fn send(
    address: SocketAddr,
    what: &str,
    headers: &str,
    body: &[u8],
    patience: Duration,
) -> std::io::Result<Reply> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(patience))?;
    send_on(&mut stream, &address.to_string(), what, headers, body)
}

/// The same on a connection that there is, which ends with the answer.
///
/// # Errors
/// When the server is gone.
pub fn send_on(
    stream: &mut (impl Read + Write),
    host: &str,
    what: &str,
    headers: &str,
    body: &[u8],
) -> std::io::Result<Reply> {
    // 1.0: the answer comes in one piece, and ends with the connection.
    let head = format!(
        "{what} HTTP/1.0\r\nHost: {host}\r\nContent-Length: {}\r\n{headers}\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    // A server may refuse a long body without reading it to its end.
    let _ = stream.write_all(body);
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    let text = String::from_utf8_lossy(&answer);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        read?;
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    };
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    Ok(Reply {
        status: status.expect("a status"),
        head: head.to_owned(),
        body: body.to_owned(),
    })
}
