//! TLS that ends in the portal (RFC 8446; ASVS 5.0, 12.1 and 12.2): with the program, over the network.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    path::PathBuf,
    process::Stdio,
    sync::Arc,
    time::Duration,
};

use license_portal::store::Engine;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio_rustls::rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    crypto::ring,
    pki_types::{CertificateDer, ServerName},
};

use crate::support::{
    client::form,
    portal::TestPortal,
    process::{FORM, Server, program},
    running::{Reply, send_on},
};

const PASSWORD: &str = "correct horse battery";
/// Long enough on a machine that is busy with other tests.
const SOON: Duration = Duration::from_secs(30);

/// Somebody who issues certificates, and the files of one of them.
struct Pki {
    issuer: CertifiedIssuer<'static, KeyPair>,
    folder: tempfile::TempDir,
}

impl Pki {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        Self {
            issuer: CertifiedIssuer::self_signed(params, key).expect("an issuer"),
            folder: tempfile::tempdir().expect("a folder"),
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a new certificate, with that of the issuer behind it, and another key, which fits.
    fn issue(&self) -> CertificateDer<'static> {
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new(["localhost".to_owned()]).expect("parameters");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        let issuer: &rcgen::Certificate = self.issuer.as_ref();
        self.write("crt", &(certificate.pem() + &issuer.pem()));
        self.write("key", &key.serialize_pem());
        certificate.der().clone()
    }

    fn write(&self, name: &str, text: &str) {
        use std::os::unix::fs::PermissionsExt;
        std::fs::write(self.file(name), text).expect("it is written");
        std::fs::set_permissions(self.file(name), PermissionsExt::from_mode(0o600)).expect("its mode");
    }

    fn arguments(&self) -> [String; 4] {
        let file = |name| self.file(name).display().to_string();
        [
            "--tls-cert".to_owned(),
            file("crt"),
            "--tls-key".to_owned(),
            file("key"),
        ]
    }

    fn serve(&self, portal: &TestPortal) -> Server {
        let arguments = self.arguments();
        Server::start(
            portal,
            portal.address(),
            &arguments.each_ref().map(String::as_str),
        )
    }

    /// A connection of who trusts the issuer, after the handshake.
    fn connect(&self, address: SocketAddr) -> Secure {
        let mut roots = RootCertStore::empty();
        let issuer: &rcgen::Certificate = self.issuer.as_ref();
        roots.add(issuer.der().clone()).expect("a certificate");
        let client = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from("localhost").expect("a name");
        let mut stream = TcpStream::connect(address).expect("a connection");
        stream.set_read_timeout(Some(SOON)).expect("a limit");
        let mut connection = ClientConnection::new(Arc::new(client), name).expect("a client");
        connection.complete_io(&mut stream).expect("a handshake");
        Secure(StreamOwned::new(connection, stream))
    }

    fn send(&self, server: &Server, what: &str, headers: &str, body: &[u8]) -> Reply {
        let mut stream = self.connect(server.address);
        send_on(&mut stream.0, "localhost", what, headers, body).expect("an answer")
    }
}

/// A connection over TLS.
struct Secure(StreamOwned<ClientConnection, TcpStream>);

impl Secure {
    /// The certificate that it was begun with.
    fn shown(&self) -> CertificateDer<'static> {
        let chain = self.0.conn.peer_certificates().expect("a certificate");
        chain[0].clone().into_owned()
    }

    /// Reads until that has come.
    fn read_until(&mut self, end: &str) -> String {
        let mut read = String::new();
        while !read.contains(end) {
            let mut bytes = [0; 1024];
            let count = self.0.read(&mut bytes).expect("it goes on");
            assert!(count > 0, "it is over: {read}");
            read.push_str(&String::from_utf8_lossy(&bytes[..count]));
        }
        read
    }

    /// Asks for the health, and keeps the connection.
    fn is_answered(&mut self) {
        self.0
            .write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n")
            .expect("it is sent");
        assert!(self.read_until("\r\n\r\nok\n").starts_with("HTTP/1.1 200"));
    }
}

fn until(mut is_so: impl FnMut() -> bool, what: &str) {
    for _ in 0..SOON.as_millis() / 200 {
        if is_so() {
            return;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    panic!("{what}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_log_in_over_tls_and_are_told_what_changes() {
    let portal = TestPortal::start(Engine::Sqlite, "@isv^\nTeam/\n @ann\n").await;
    portal.set_passwords(PASSWORD).await;
    let pki = Pki::new();
    pki.issue();
    let server = pki.serve(&portal);
    let form = form(&[("login", "ann"), ("password", PASSWORD), ("end_other", "false")]);
    let reply = pki.send(&server, "POST /api/log_in", FORM, form.as_bytes());
    reply.ok();
    let cookie = reply
        .head
        .lines()
        .find(|line| line.starts_with("set-cookie: __Host-portal="));
    assert!(
        cookie.is_some_and(|cookie| cookie.contains("; Secure")),
        "{}",
        reply.head
    );
    assert!(
        reply.head.contains("strict-transport-security: max-age="),
        "{}",
        reply.head
    );
    let cookie = format!("Cookie: {}\r\n", reply.cookie().expect("a cookie"));
    let me = pki.send(&server, "POST /api/me", &format!("{FORM}{cookie}"), b"");
    assert_eq!(me.ok()["login"], "ann");
    let mut live = pki.connect(server.address);
    let request = format!("GET /live HTTP/1.1\r\nhost: localhost\r\n{cookie}\r\n");
    live.0.write_all(request.as_bytes()).expect("it is sent");
    live.read_until("event: hello");
    // Plain HTTP is answered by nothing.
    let mut plain = TcpStream::connect(server.address).expect("a connection");
    plain.set_read_timeout(Some(SOON)).expect("a limit");
    plain
        .write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .expect("it is sent");
    let mut rest = Vec::new();
    plain.read_to_end(&mut rest).expect("the end");
    assert!(!String::from_utf8_lossy(&rest).contains("HTTP"), "{rest:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_certificate_is_taken_while_connections_live_on_and_a_broken_one_is_not() {
    let portal = TestPortal::start(Engine::Sqlite, "@isv^\n").await;
    let pki = Pki::new();
    let first = pki.issue();
    let server = pki.serve(&portal);
    let mut old = pki.connect(server.address);
    old.is_answered();
    assert_eq!(old.shown(), first);
    pki.write("key", &KeyPair::generate().expect("a key").serialize_pem());
    let told = || {
        old.is_answered();
        server
            .log()
            .contains("the new certificate cannot be used, the one before stays")
    };
    until(told, "the broken pair is told");
    let mut between = pki.connect(server.address);
    between.is_answered();
    assert_eq!(between.shown(), first);
    let second = pki.issue();
    let taken = || {
        old.is_answered();
        pki.connect(server.address).shown() == second
    };
    until(taken, "the new certificate is taken");
    old.is_answered();
    between.is_answered();
    let (ended, log) = server.terminate();
    assert!(ended.success(), "{log}");
    assert!(!log.contains("BEGIN"), "{log}");
}

#[test]
fn a_pair_that_cannot_be_used_is_a_problem_of_the_settings_of_who_serves() {
    let pki = Pki::new();
    pki.issue();
    let run = |arguments: &[&str]| {
        let done = program()
            .current_dir(pki.folder.path())
            .args(arguments)
            .stderr(Stdio::piped())
            .output()
            .expect("the program runs");
        let told = String::from_utf8(done.stderr).expect("text");
        (done.status.code(), told)
    };
    let with = |key: &str, more: &[&str]| {
        let arguments = ["check-config", "--tls-cert", "crt", "--tls-key", key];
        run(&[&arguments[..], more].concat())
    };
    assert_eq!(with("key", &[]), (Some(0), String::new()));
    pki.write("other", &KeyPair::generate().expect("a key").serialize_pem());
    for ((code, told), part) in [
        (run(&["serve", "--tls-cert", "crt"]), "set tls-key, too"),
        (run(&["serve", "--tls-key", "key"]), "set tls-cert, too"),
        (
            run(&["serve", "--tls-cert", "crt", "--tls-key", "none"]),
            "cannot read the file \"none\"",
        ),
        (
            run(&["serve", "--tls-cert", "crt", "--tls-key", "crt"]),
            "no private key",
        ),
        (
            run(&["serve", "--tls-cert", "key", "--tls-key", "key"]),
            "no certificate",
        ),
        (with("other", &[]), "is not that of the first certificate"),
        (with("key", &["--https", "false"]), "https: it cannot be false"),
        (
            with("key", &["--url", "http://localhost"]),
            "must begin with https://",
        ),
    ] {
        assert_eq!(code, Some(2), "{told}");
        assert!(told.contains(part) && told.lines().count() == 1, "{part}: {told}");
    }
    // Who serves nothing needs no certificate; a key that others may read is told all the same.
    pki.write("portal.toml", "tls_cert = 'none'\ntls_key = 'other'\n");
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(pki.file("other"), PermissionsExt::from_mode(0o640)).expect("its mode");
    let (code, told) = run(&["--config", "portal.toml", "migrate"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(
        told.contains("others of this machine may read") && told.contains("chmod go= other"),
        "{told}"
    );
}
