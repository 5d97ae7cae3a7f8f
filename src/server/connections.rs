//! Connections: how many there may be, and how long somebody may take to say what they want.

use std::{convert::Infallible, future::Future, net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo};
use http::{HeaderValue, Request, header};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_rustls::{TlsAcceptor, rustls::ServerConfig, server::TlsStream};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use crate::{
    jobs::certificate::Certificate,
    metrics::{self, Listener, Unavailable},
    ops::workers::RETRY_AFTER,
};

/// How long the head of a request may take to come; and how long a connection is kept on which nothing is asked.
pub const HEAD_TIMEOUT: Duration = Duration::from_secs(15);
/// Most connections, where the process may have as many files open.
const MOST: usize = 32_768;
/// Files that are open besides: of the database, of uploads, of mails.
const OTHER_FILES: usize = 256;
/// How long a connection on which nothing is asked is kept at the end: who asks on it just then is answered.
const FAREWELL: Duration = Duration::from_secs(1);
/// How long to wait where the system has no more files.
const PAUSE: Duration = Duration::from_millis(500);
/// What is told to who comes when there are as many as may be.
const FULL: &str = "too many connections, go slow\n";

/// Has the process open as many files as it may, and returns how many connections that allows.
#[must_use]
pub fn raise_limit() -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        ..limit
    };
    let current = match setrlimit(Resource::Nofile, raised) {
        Ok(()) => limit.maximum,
        Err(_) => limit.current,
    };
    let files = current.and_then(|files| usize::try_from(files).ok());
    files
        .unwrap_or(usize::MAX)
        .saturating_sub(OTHER_FILES)
        .clamp(16, MOST)
}

/// Serves at most so many connections until `ended`, and then as long as requests run that have begun; who asks once more on a
/// connection that there is, is answered, and told that it was the last time. Over TLS, where there is a
/// certificate. `counted` says as whose they count.
pub async fn serve(
    listener: TcpListener,
    certificate: Option<Certificate>,
    router: Router,
    most: usize,
    head_timeout: Duration,
    counted: Listener,
    ended: impl Future<Output = ()>,
) {
    let places = Arc::new(Semaphore::new(most));
    let ending = CancellationToken::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(head_timeout);
    tokio::pin!(ended);
    loop {
        let accepted = tokio::select! {
            () = &mut ended => break,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            // Of the connection itself: whoever came is gone again.
            Err(error) if is_of_connection(&error) => continue,
            Err(error) => {
                tracing::warn!(%error, "cannot take a connection");
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            metrics::unavailable(Unavailable::Connections);
            // Without a handshake, nothing can be told over TLS.
            if certificate.is_none() {
                refuse(&stream);
            }
            continue;
        };
        // Live updates are small and are to come at once.
        let _ = stream.set_nodelay(true);
        let connection = Connection {
            http: http.clone(),
            router: router.clone(),
            peer,
            ending: ending.clone(),
        };
        let tls = certificate.as_ref().map(Certificate::current);
        let open = metrics::Connection::opened(counted);
        tokio::spawn(async move {
            let done = match tls {
                None => connection.serve(stream).await,
                Some(tls) => match handshake(tls, stream, head_timeout).await {
                    Ok(stream) => connection.serve(stream).await,
                    Err(error) => Err(error.into()),
                },
            };
            // What goes wrong here, went wrong on the way.
            if let Err(error) = done {
                tracing::debug!(error, "a connection broke");
            }
            drop((open, place));
        });
    }
    drop(listener);
    ending.cancel();
    // Each connection has given its place back.
    let all = u32::try_from(most).unwrap_or(u32::MAX);
    let _ = places.acquire_many(all).await;
}

/// How a connection fails.
type Broken = Box<dyn std::error::Error + Send + Sync>;

/// A connection that has a place.
struct Connection {
    http: http1::Builder,
    router: Router,
    peer: SocketAddr,
    ending: CancellationToken,
}

impl Connection {
    /// Answers what is asked on it, until it ends.
    async fn serve<S>(self, stream: S) -> Result<(), Broken>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let (router, peer, ending) = (self.router, self.peer, self.ending.clone());
        let service = service_fn(move |request: Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo::<SocketAddr>(peer));
            let (answer, ending) = (router.clone().oneshot(request), ending.clone());
            async move {
                let mut response = answer.await?;
                if ending.is_cancelled() {
                    let close = HeaderValue::from_static("close");
                    response.headers_mut().insert(header::CONNECTION, close);
                }
                Ok::<_, Infallible>(response)
            }
        });
        let connection = self.http.serve_connection(TokioIo::new(stream), service);
        tokio::pin!(connection);
        tokio::select! {
            done = connection.as_mut() => return Ok(done?),
            () = farewell(&self.ending) => {}
        }
        connection.as_mut().graceful_shutdown();
        Ok(connection.await?)
    }
}

/// Comes when a connection is to end that no answer has ended. Closed at once, it would take a request with it that is on its way
/// (RFC 9112, 9.5).
async fn farewell(ending: &CancellationToken) {
    ending.cancelled().await;
    tokio::time::sleep(FAREWELL).await;
}

/// Holds the place of its connection for no longer than a head may take to come. Whoever speaks no TLS is told so by an alert
/// (RFC 8446, 6.2), and that it is over.
async fn handshake(
    tls: Arc<ServerConfig>,
    stream: TcpStream,
    within: Duration,
) -> std::io::Result<TlsStream<TcpStream>> {
    let accepting = TlsAcceptor::from(tls).accept(stream).into_fallible();
    match tokio::time::timeout(within, accepting).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err((error, mut stream))) => {
            stream.shutdown().await?;
            Err(error)
        }
        Err(late) => Err(late.into()),
    }
}

fn is_of_connection(error: &std::io::Error) -> bool {
    use std::io::ErrorKind;
    matches!(
        error.kind(),
        ErrorKind::ConnectionRefused | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset
    )
}

/// Without waiting: a few bytes fit into the buffer of a new connection.
fn refuse(stream: &TcpStream) {
    let answer = format!(
        "HTTP/1.1 503 Service Unavailable\r\nretry-after: {}\r\ncontent-type: text/plain\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n{FULL}",
        RETRY_AFTER.as_secs(),
        FULL.len()
    );
    let _ = stream.try_write(answer.as_bytes());
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::AsyncReadExt;
    use tokio_rustls::{
        TlsConnector,
        client::TlsStream as ClientStream,
        rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName},
    };

    use super::*;
    use crate::jobs::certificate::Pair;

    const HEAD: Duration = Duration::from_millis(400);

    type Portal = (
        SocketAddr,
        tokio::sync::oneshot::Sender<()>,
        tokio::task::JoinHandle<()>,
    );

    async fn portal(most: usize) -> Portal {
        portal_with(None, most).await
    }

    async fn portal_with(certificate: Option<Certificate>, most: usize) -> Portal {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (end, ended) = tokio::sync::oneshot::channel::<()>();
        let slow = || async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            "slow"
        };
        let router = Router::new()
            .route("/", get(|| async { "here" }))
            .route("/slow", get(slow));
        let ended = async {
            let _ = ended.await;
        };
        let running = serve(listener, certificate, router, most, HEAD, Listener::Portal, ended);
        let running = tokio::spawn(running);
        (address, end, running)
    }

    async fn answer(stream: &mut TcpStream) -> String {
        let mut text = String::new();
        stream.read_to_string(&mut text).await.expect("an answer");
        text
    }

    /// A portal that speaks TLS, and who trusts it.
    async fn portal_with_tls(most: usize) -> (Portal, Arc<ClientConfig>) {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
        let folder = tempfile::tempdir().expect("a folder");
        let pair = Pair {
            certificate: folder.path().join("crt"),
            key: folder.path().join("key"),
        };
        std::fs::write(&pair.certificate, made.cert.pem()).expect("it is written");
        std::fs::write(&pair.key, made.signing_key.serialize_pem()).expect("it is written");
        let mut roots = RootCertStore::empty();
        roots.add(made.cert.der().clone()).expect("a certificate");
        let client = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        let certificate = Certificate::read(pair).expect("a pair");
        (portal_with(Some(certificate), most).await, Arc::new(client))
    }

    async fn over_tls(
        address: SocketAddr,
        client: &Arc<ClientConfig>,
    ) -> std::io::Result<ClientStream<TcpStream>> {
        let stream = TcpStream::connect(address).await?;
        let name = ServerName::try_from("localhost").expect("a name");
        TlsConnector::from(Arc::clone(client)).connect(name, stream).await
    }

    async fn ask_over_tls(mut stream: ClientStream<TcpStream>) -> String {
        let request = "GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).await.expect("it is sent");
        let mut text = String::new();
        stream.read_to_string(&mut text).await.expect("an answer");
        text
    }

    async fn ask(address: SocketAddr, path: &str) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        let request = format!("GET {path} HTTP/1.1\r\nhost: portal\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.expect("it is sent");
        stream
    }

    #[tokio::test]
    async fn one_more_than_may_be_is_told_to_come_again_and_a_place_is_free_again() {
        let (address, _end, _running) = portal(2).await;
        let quiet = [
            TcpStream::connect(address).await,
            TcpStream::connect(address).await,
        ];
        tokio::time::sleep(Duration::from_millis(50)).await;
        let refused = answer(&mut TcpStream::connect(address).await.expect("a connection")).await;
        assert!(
            refused.starts_with("HTTP/1.1 503") && refused.contains("retry-after: 5"),
            "{refused}"
        );
        let (_, body) = refused.split_once("\r\n\r\n").expect("a body");
        assert!(
            refused.contains(&format!("content-length: {}", body.len())),
            "{refused}"
        );
        drop(quiet);
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(answer(&mut ask(address, "/").await).await.ends_with("here"));
    }

    #[tokio::test]
    async fn half_a_request_is_not_waited_for() {
        let (address, _end, _running) = portal(2).await;
        let mut half = TcpStream::connect(address).await.expect("a connection");
        half.write_all(b"GET / HTTP/1.1\r\nhost: por")
            .await
            .expect("it is sent");
        let begun = tokio::time::Instant::now();
        let mut rest = Vec::new();
        half.read_to_end(&mut rest).await.expect("the end");
        assert!(
            (HEAD..HEAD * 20).contains(&begun.elapsed()),
            "{:?}",
            begun.elapsed()
        );
        assert!(!String::from_utf8_lossy(&rest).contains("here"));
    }

    #[tokio::test]
    async fn what_has_begun_is_answered_before_the_end() {
        let (address, end, running) = portal(2).await;
        let mut slow = ask(address, "/slow").await;
        tokio::time::sleep(Duration::from_millis(100)).await;
        end.send(()).expect("it runs");
        assert!(answer(&mut slow).await.ends_with("slow"));
        running.await.expect("it ends");
        assert!(TcpStream::connect(address).await.is_err());
    }

    /// Asks, and reads the answer, on a connection that is kept.
    async fn ask_on(stream: &mut TcpStream, path: &str) -> String {
        let request = format!("GET {path} HTTP/1.1\r\nhost: portal\r\n\r\n");
        stream.write_all(request.as_bytes()).await.expect("it is sent");
        let mut read = String::new();
        while !(read.ends_with("here") || read.ends_with("slow")) {
            let mut bytes = [0; 1024];
            let count = stream.read(&mut bytes).await.expect("an answer");
            assert!(count > 0, "it is over: {read}");
            read.push_str(&String::from_utf8_lossy(&bytes[..count]));
        }
        read
    }

    #[tokio::test]
    async fn who_asks_while_the_portal_ends_is_answered_and_told_that_it_was_the_last_time() {
        let (address, end, running) = portal(4).await;
        let mut kept = TcpStream::connect(address).await.expect("a connection");
        assert!(!ask_on(&mut kept, "/").await.contains("connection: close"));
        let mut busy = TcpStream::connect(address).await.expect("a connection");
        let mut fresh = TcpStream::connect(address).await.expect("a connection");
        let idle = TcpStream::connect(address).await.expect("a connection");
        tokio::time::sleep(Duration::from_millis(50)).await;
        let busy = tokio::spawn(async move {
            let answered = ask_on(&mut busy, "/slow").await;
            (answered, answer(&mut busy).await)
        });
        tokio::time::sleep(Duration::from_millis(50)).await;
        end.send(()).expect("it runs");
        tokio::time::sleep(Duration::from_millis(50)).await;
        for stream in [&mut kept, &mut fresh] {
            assert!(ask_on(stream, "/").await.contains("connection: close"));
            assert_eq!(answer(stream).await, "");
        }
        let (answered, rest) = busy.await.expect("it was answered");
        assert!(
            answered.ends_with("slow") && answered.contains("connection: close"),
            "{answered}"
        );
        assert_eq!(rest, "");
        running.await.expect("it ends");
        drop(idle);
    }

    #[tokio::test]
    async fn over_tls_http_1_1_is_spoken_and_nothing_else() {
        let ((address, _end, _running), client) = portal_with_tls(4).await;
        let mut offers = (*client).clone();
        offers.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let stream = over_tls(address, &Arc::new(offers.clone()))
            .await
            .expect("a handshake");
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
        assert!(ask_over_tls(stream).await.ends_with("here"));
        offers.alpn_protocols = vec![b"h2".to_vec()];
        let error = over_tls(address, &Arc::new(offers)).await.expect_err("an alert");
        assert!(error.to_string().contains("NoApplicationProtocol"), "{error}");
        // Who speaks plain HTTP gets no answer in it, and no reset.
        let mut plain = ask(address, "/").await;
        let mut rest = Vec::new();
        plain.read_to_end(&mut rest).await.expect("the end");
        assert!(!String::from_utf8_lossy(&rest).contains("HTTP"), "{rest:?}");
    }

    #[tokio::test]
    async fn a_handshake_that_does_not_come_to_its_end_holds_up_nobody_and_is_not_waited_for() {
        let ((address, _end, _running), client) = portal_with_tls(2).await;
        let begun = tokio::time::Instant::now();
        let mut silent = TcpStream::connect(address).await.expect("a connection");
        // The head of a record of a ClientHello, and nothing behind it.
        silent.write_all(&[22, 3, 1, 1, 0, 1]).await.expect("it is sent");
        let other = over_tls(address, &client).await.expect("the other place is free");
        assert!(ask_over_tls(other).await.ends_with("here"));
        assert!(begun.elapsed() < HEAD, "{:?}", begun.elapsed());
        let mut second = TcpStream::connect(address).await.expect("a connection");
        second.write_all(&[22]).await.expect("it is sent");
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(over_tls(address, &client).await.is_err(), "both places are taken");
        let mut rest = Vec::new();
        silent.read_to_end(&mut rest).await.expect("the end");
        second.read_to_end(&mut rest).await.expect("the end");
        assert!(rest.is_empty() && begun.elapsed() >= HEAD, "{rest:?}");
        let again = over_tls(address, &client).await.expect("places are free");
        assert!(ask_over_tls(again).await.ends_with("here"));
    }
}
