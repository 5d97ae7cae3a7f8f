//! What systemd, or who speaks as it does, hands over to the server and is told by it.

use std::{
    env,
    ffi::OsStr,
    io,
    os::unix::net::{SocketAddr, UnixDatagram},
};

use listenfd::ListenFd;
use tokio::net::TcpListener;

use crate::server::cli::failure::Failure;

/// The socket that was handed over (sd_listen_fds(3)): it stays open from the end of one server to the start of the next.
pub(super) fn handed_over() -> Result<Option<TcpListener>, Failure> {
    let mut given = ListenFd::from_env();
    if given.len() > 1 {
        return Err(format!("{} sockets were handed over: the portal takes one", given.len()).into());
    }
    let listener = given
        .take_tcp_listener(0)
        .map_err(|error| format!("the socket that was handed over does not listen for TCP: {error}"))?;
    let Some(listener) = listener else {
        return Ok(None);
    };
    listener.set_nonblocking(true)?;
    Ok(Some(TcpListener::from_std(listener)?))
}

/// Tells who started the server how it is (sd_notify(3)): `READY=1`, `STOPPING=1`. Who does not ask is told nothing.
pub(super) fn tell(state: &str) {
    let Some(socket) = env::var_os("NOTIFY_SOCKET") else {
        return;
    };
    let told =
        UnixDatagram::unbound().and_then(|sender| sender.send_to_addr(state.as_bytes(), &address(&socket)?));
    if let Err(error) = told {
        tracing::warn!(%error, state, "cannot tell who started the server how it is");
    }
}

fn address(socket: &OsStr) -> io::Result<SocketAddr> {
    #[cfg(target_os = "linux")]
    if let Some(name) = socket.as_encoded_bytes().strip_prefix(b"@") {
        return <SocketAddr as std::os::linux::net::SocketAddrExt>::from_abstract_name(name);
    }
    SocketAddr::from_pathname(socket)
}
