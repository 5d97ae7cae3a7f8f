//! Connections: how many there may be, and how long somebody may take to say what they want.

use std::{future::Future, net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo};
use http::Request;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tower::ServiceExt;

use crate::{
    metrics::{self, Listener, Unavailable},
    ops::workers::RETRY_AFTER,
};

/// How long the head of a request may take to come; and how long a connection is kept on which nothing is asked.
pub const HEAD_TIMEOUT: Duration = Duration::from_secs(15);
/// Most connections, where the process may have as many files open.
const MOST: usize = 32_768;
/// Files that are open besides: of the database, of uploads, of mails.
const OTHER_FILES: usize = 256;
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

/// Serves at most so many connections until `ended`, and then as long as requests run that have begun. `counted` says as whose
/// they count.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    most: usize,
    head_timeout: Duration,
    counted: Listener,
    ended: impl Future<Output = ()>,
) {
    let places = Arc::new(Semaphore::new(most));
    let graceful = GracefulShutdown::new();
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
            refuse(&stream);
            continue;
        };
        // Live updates are small and are to come at once.
        let _ = stream.set_nodelay(true);
        let router = router.clone();
        let service = service_fn(move |request: Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo::<SocketAddr>(peer));
            router.clone().oneshot(request)
        });
        let connection = http.serve_connection(TokioIo::new(stream), service);
        let connection = graceful.watch(connection);
        let open = metrics::Connection::opened(counted);
        tokio::spawn(async move {
            // What goes wrong here, went wrong on the way.
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection broke");
            }
            drop((open, place));
        });
    }
    drop(listener);
    graceful.shutdown().await;
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
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    const HEAD: Duration = Duration::from_millis(400);

    async fn portal(
        most: usize,
    ) -> (
        SocketAddr,
        tokio::sync::oneshot::Sender<()>,
        tokio::task::JoinHandle<()>,
    ) {
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
        let running = tokio::spawn(serve(listener, router, most, HEAD, Listener::Portal, async {
            let _ = ended.await;
        }));
        (address, end, running)
    }

    async fn answer(stream: &mut TcpStream) -> String {
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
}
