//! Who is connected: no more than the server can bear, and nobody for ever who
//! says nothing.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use crate::guard::refuse;
use crate::peer::may_be_the_readers;
use crate::words::say;

/// How many connections there may be that are no page's WebSocket. A browser
/// opens six; every descriptor of this process may be 1,024.
const CONNECTIONS: usize = 128;
/// How long a request's head may be, in bytes: each connection may fill so much.
const HEAD: usize = 64 * 1024;
/// How long to wait when the system has no room for another connection.
const FULL: Duration = Duration::from_millis(100);

/// Serves whoever connects, for ever. A request's head may take as long as
/// `patience`, and so may the rest between two of them.
///
/// # Errors
/// What the system says when the listener is of no use any more.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    patience: Duration,
) -> io::Result<()> {
    let open = Open::default();
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) if is_about_one(&error) => continue,
            // No descriptor is free: some connection will end.
            Err(_) => {
                open.end_oldest();
                sleep(FULL).await;
                continue;
            }
        };
        let talking = tokio::spawn(talk(stream, router.clone(), patience));
        open.add(talking.abort_handle());
    }
}

/// An error of the connection that was to be accepted, not of the listener.
fn is_about_one(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionReset | Interrupted
    )
}

/// One connection, until it ends or becomes a WebSocket. Whatever goes wrong on
/// it is its own affair.
async fn talk(stream: TcpStream, router: Router, patience: Duration) {
    let _ = stream.set_nodelay(true);
    let router = match is_the_readers(&stream).await {
        true => router,
        false => Router::new()
            .fallback(async || refuse(StatusCode::FORBIDDEN, say!("tutor-refused-user"))),
    };
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience)
        .max_buf_size(HEAD)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router))
        .with_upgrades()
        .await;
}

/// Whether the one at the other end may be the reader. Who is gone already may be
/// anybody: nothing that is sent there arrives.
async fn is_the_readers(stream: &TcpStream) -> bool {
    let (Ok(peer), Ok(here)) = (stream.peer_addr(), stream.local_addr()) else {
        return false;
    };
    let may = spawn_blocking(move || may_be_the_readers(peer, here));
    may.await.unwrap_or(false)
}

/// The connections that are open, the oldest first.
#[derive(Clone, Default)]
struct Open(Arc<Mutex<VecDeque<AbortHandle>>>);

impl Open {
    /// Makes room for one more, at the cost of the oldest: a page that is cut off
    /// by that asks again, and who only fills places gets no further.
    fn add(&self, new: AbortHandle) {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|connection| !connection.is_finished());
        while open.len() >= CONNECTIONS {
            open.pop_front().inspect(AbortHandle::abort);
        }
        open.push_back(new);
    }

    fn end_oldest(&self) {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.pop_front().inspect(AbortHandle::abort);
    }
}
