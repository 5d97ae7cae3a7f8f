//! A server that ends, and another one on the same socket, as systemd hands it over: nobody who asks meanwhile is lost.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    os::{fd::OwnedFd, unix::net::UnixDatagram},
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use license_portal::store::Engine;
use tokio::time::Instant;

use crate::support::{
    client::form,
    portal::TestPortal,
    process::{FORM, program},
    running::{Running, SITE, send},
};

on_both_engines!(
    a_restart_on_a_socket_that_stays_loses_no_request,
    an_open_page_does_not_hold_up_the_end,
);

const PASSWORD: &str = "correct horse battery";
/// Long enough on a machine that is busy with other tests.
const SOON: Duration = Duration::from_secs(30);

/// The program with a socket as its third file, as systemd starts it.
fn on_socket(socket: &TcpListener, portal: &TestPortal) -> Command {
    std::fs::write(portal.site().join("hash.txt"), SITE).expect("a site");
    let socket = OwnedFd::from(socket.try_clone().expect("another handle"));
    let itself = program();
    let mut command = Command::new("/bin/sh");
    command
        .env_clear()
        .args([
            "-c",
            "exec 3<&0 </dev/null; export LISTEN_FDS=1 LISTEN_PID=$$; exec \"$0\" \"$@\"",
        ])
        .arg(itself.get_program())
        .args(["--database", portal.address(), "--key-file"])
        .arg(portal.key_file())
        // Where nobody may listen: the socket counts.
        .args(["serve", "--listen", "192.0.2.1:1", "--site"])
        .arg(portal.site())
        .stdin(Stdio::from(socket))
        .stdout(Stdio::null());
    command
}

fn terminate(running: &mut Running) -> String {
    let process = running.child.id().to_string();
    let asked = Command::new("kill").args(["-TERM", &process]).status();
    assert!(asked.expect("kill").success());
    let (ended, log) = running.ended();
    assert!(ended.success(), "{log}");
    log
}

/// Asks again and again until it is told to stop; the number of answers, or what went wrong.
fn asking(
    stop: &Arc<AtomicBool>,
    mut ask: impl FnMut() -> std::io::Result<()> + Send + 'static,
) -> JoinHandle<Result<u32, String>> {
    let stop = Arc::clone(stop);
    std::thread::spawn(move || {
        let mut answers = 0;
        while !stop.load(Ordering::SeqCst) {
            ask().map_err(|error| format!("after {answers} answers: {error}"))?;
            answers += 1;
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(answers)
    })
}

/// A connection that is kept for as long as the server keeps it.
struct Kept {
    address: SocketAddr,
    stream: Option<TcpStream>,
}

impl Kept {
    fn ask(&mut self) -> std::io::Result<()> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => TcpStream::connect(self.address)?,
        };
        stream.set_read_timeout(Some(SOON))?;
        stream.write_all(b"GET /readyz HTTP/1.1\r\nhost: localhost\r\n\r\n")?;
        let mut read = String::new();
        while !read.ends_with("\r\n\r\nready\n") {
            let mut bytes = [0; 1024];
            let count = stream.read(&mut bytes)?;
            if count == 0 {
                return Err(std::io::Error::other(format!("half an answer: {read:?}")));
            }
            read.push_str(&String::from_utf8_lossy(&bytes[..count]));
        }
        if !read.contains("connection: close") {
            self.stream = Some(stream);
        }
        Ok(())
    }
}

async fn a_restart_on_a_socket_that_stays_loses_no_request(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^\n").await;
    let socket = TcpListener::bind("127.0.0.1:0").expect("a socket");
    let address = socket.local_addr().expect("an address");
    let start = || {
        let running = Running::start(&mut on_socket(&socket, &portal), SOON);
        let running = running.unwrap_or_else(|log| panic!("the server does not start:\n{log}"));
        assert_eq!(running.address, address);
        running
    };
    let mut server = start();
    let stop = Arc::new(AtomicBool::new(false));
    let each_its_own = move || {
        let reply = send(address, "GET /healthz", "", b"", SOON)?;
        match reply.status {
            200 => Ok(()),
            status => Err(std::io::Error::other(format!("status {status}"))),
        }
    };
    let kept = |_| {
        let mut kept = Kept {
            address,
            stream: None,
        };
        asking(&stop, move || kept.ask())
    };
    let mut clients: Vec<_> = (0..2).map(kept).collect();
    clients.extend((0..2).map(|_| asking(&stop, each_its_own)));
    for _ in 0..3 {
        std::thread::sleep(Duration::from_millis(300));
        terminate(&mut server);
        // Meanwhile, who comes waits in the queue of the socket.
        std::thread::sleep(Duration::from_millis(300));
        server = start();
    }
    std::thread::sleep(Duration::from_millis(300));
    stop.store(true, Ordering::SeqCst);
    for client in clients {
        let answers = client.join().expect("it ends").expect("no request is lost");
        assert!(answers > 20, "{answers}");
    }
    terminate(&mut server);
}

/// Whose stream ends asks the next server; who started this one is told.
async fn an_open_page_does_not_hold_up_the_end(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^\nTeam/\n @ann\n").await;
    portal.set_passwords(PASSWORD).await;
    let folder = tempfile::tempdir().expect("a folder");
    let notified = folder.path().join("notify");
    let starter = UnixDatagram::bind(&notified).expect("a socket");
    starter.set_read_timeout(Some(SOON)).expect("a limit");
    let told = || {
        let mut bytes = [0; 64];
        let count = starter.recv(&mut bytes).expect("it is told");
        String::from_utf8_lossy(&bytes[..count]).into_owned()
    };
    let socket = TcpListener::bind("127.0.0.1:0").expect("a socket");
    let mut command = on_socket(&socket, &portal);
    let mut server = Running::start(command.env("NOTIFY_SOCKET", &notified), SOON).expect("it starts");
    assert_eq!(told(), "READY=1");
    let form = form(&[("login", "ann"), ("password", PASSWORD), ("end_other", "false")]);
    let reply = send(server.address, "POST /api/log_in", FORM, form.as_bytes(), SOON).expect("an answer");
    let cookie = reply.cookie().expect("a login");
    let mut live = TcpStream::connect(server.address).expect("a connection");
    live.set_read_timeout(Some(SOON)).expect("a limit");
    let request = format!("GET /live HTTP/1.1\r\nhost: localhost\r\nCookie: {cookie}\r\n\r\n");
    live.write_all(request.as_bytes()).expect("it is sent");
    let mut bytes = [0; 1024];
    while !String::from_utf8_lossy(&bytes).contains("event: hello") {
        assert!(live.read(&mut bytes).expect("it goes on") > 0);
    }
    let begun = Instant::now();
    let log = terminate(&mut server);
    assert!(
        begun.elapsed() < Duration::from_secs(8),
        "{:?}: {log}",
        begun.elapsed()
    );
    assert_eq!(told(), "STOPPING=1");
    let mut rest = String::new();
    live.read_to_string(&mut rest).expect("the end");
    // The end of the body, and no farewell: the login goes on.
    assert!(rest.ends_with("0\r\n\r\n") && !rest.contains("bye"), "{rest:?}");
}
