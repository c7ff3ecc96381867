//! The server of the book: on this machine, for this machine.

use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::time::timeout;
use tower_http::compression::CompressionLayer;
use tower_http::services::ServeDir;

use crate::checks::Checks;
use crate::connections;
use crate::guard::{self, Names};
use crate::markdown::escape;
use crate::pages::Pages;
use crate::runs::Runs;
use crate::socket::{self, Sockets};
use crate::words::say;

/// Where the book is, if no other program is there.
pub(crate) const USUAL_PORT: u16 = 3000;
const LAST_PORT: u16 = 3099;
/// How long the server's end waits for the end of the labs.
const LAST_RUNS: Duration = Duration::from_secs(2);

/// What every request sees; clones share it.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) pages: Pages,
    pub(crate) sockets: Sockets,
    pub(crate) names: Names,
    pub(crate) runs: Runs,
    pub(crate) checks: Checks,
    /// New at each start, and told to our own pages alone.
    pub(crate) secret: String,
}

impl Server {
    /// A server of no book yet.
    pub(crate) fn new(names: Names, runs: Runs, checks: Checks) -> Server {
        let mut bytes = [0; 16];
        // Without random bytes the socket of a page stays closed: no token fits.
        let secret = match getrandom::fill(&mut bytes) {
            Ok(()) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
            Err(_) => String::new(),
        };
        Server {
            pages: Pages::default(),
            sockets: Sockets::new(),
            names,
            runs,
            checks,
            secret,
        }
    }

    /// Serves until Ctrl-C; a request's head may take as long as `patience`.
    ///
    /// # Errors
    /// What the system says when the socket can no longer be used.
    pub(crate) fn run(self, listener: TcpListener, patience: Duration) -> io::Result<()> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()?;
        let served = runtime.block_on(async {
            listener.set_nonblocking(true)?;
            let listener = tokio::net::TcpListener::from_std(listener)?;
            let runs = self.runs.clone();
            let served = tokio::select! {
                served = connections::serve(listener, self.router(), patience) => served,
                () = told_to_end() => Ok(()),
            };
            let _ = timeout(LAST_RUNS, runs.close()).await;
            served
        });
        runtime.shutdown_timeout(Duration::from_millis(100));
        served
    }

    fn router(self) -> Router {
        let pages = ServeDir::with_backend("", self.pages.clone());
        Router::new()
            .route("/ws", get(socket::open))
            .fallback_service(pages)
            .layer(CompressionLayer::new())
            .layer(middleware::from_fn_with_state(self.clone(), without_book))
            .layer(middleware::from_fn_with_state(self.clone(), guard::guard))
            .with_state(self)
    }
}

/// Ctrl-C; on Unix also a terminal that is closed, and a polite `kill`.
async fn told_to_end() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let hears = (
            signal(SignalKind::hangup()),
            signal(SignalKind::terminate()),
        );
        if let (Ok(mut hangup), Ok(mut terminate)) = hears {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = hangup.recv() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}

/// While no book could be built yet, every page says what is wrong with it.
async fn without_book(
    State(server): State<Server>,
    request: axum::extract::Request,
    next: middleware::Next,
) -> Response {
    if !server.pages.is_empty() {
        return next.run(request).await;
    }
    let error = server.sockets.error().unwrap_or_default();
    let html = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"refresh\" content=\"2\">\n<title>{}</title>\n\
         <h1>{}</h1>\n<p>{}</p>\n<pre>{}</pre>\n</html>\n",
        escape(&say!("page-broken-title")),
        escape(&say!("page-broken-title")),
        escape(&say!("page-broken")),
        escape(&error),
    );
    let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    (StatusCode::SERVICE_UNAVAILABLE, kind, html).into_response()
}

/// A listening socket on loopback: at `wanted`, or at the first port from 3000
/// that is free.
///
/// # Errors
/// One sentence.
pub(crate) fn listen(wanted: Option<u16>) -> Result<(TcpListener, u16), String> {
    let bind = |port: u16| {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let port = listener.local_addr()?.port();
        Ok((listener, port))
    };
    let why = |port: u16, error: io::Error| match error.kind() {
        io::ErrorKind::AddrInUse => say!("tutor-port-taken", port = port.to_string()),
        _ => say!(
            "tutor-port-refused",
            port = port.to_string(),
            why = error.to_string()
        ),
    };
    if let Some(port) = wanted {
        return bind(port).map_err(|error| why(port, error));
    }
    for port in USUAL_PORT..=LAST_PORT {
        match bind(port) {
            Ok(bound) => return Ok(bound),
            // Windows keeps some ports for itself, and says so this way.
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::AddrInUse | io::ErrorKind::PermissionDenied
                ) => {}
            Err(error) => return Err(why(port, error)),
        }
    }
    let (first, last) = (USUAL_PORT.to_string(), LAST_PORT.to_string());
    Err(say!("tutor-ports-all-taken", first = first, last = last))
}

/// The port that a reader expects.
pub(crate) fn is_usual(port: u16) -> bool {
    port == USUAL_PORT
}
