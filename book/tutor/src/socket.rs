//! The WebSocket of a page: it tells the page when to load itself again.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use serde_json::json;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{Instant, interval_at, timeout};

use crate::guard::refuse;
use crate::pages::token;
use crate::server::Server;
use crate::words::say;

/// How many pages may be connected at once.
const SOCKETS: usize = 64;
/// How long a message from a page may be.
const MESSAGE: usize = 4096;
/// How often a silent page is asked whether it is still there.
const PING: Duration = Duration::from_secs(30);
/// How long a page may take to take a message.
const PATIENCE: Duration = Duration::from_secs(10);

/// What all pages are told.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct News {
    /// Which book is served, counted from the first one.
    pub(crate) edition: u64,
    /// Counts builds that went well after one that did not.
    pub(crate) mended: u64,
    /// What is wrong with the book as it is now.
    pub(crate) error: Option<String>,
}

/// The sockets that are open, and what they are told.
#[derive(Clone)]
pub(crate) struct Sockets {
    news: watch::Sender<News>,
    free: Arc<Semaphore>,
}

impl Sockets {
    /// None yet.
    pub(crate) fn new() -> Sockets {
        Sockets {
            news: watch::Sender::new(News::default()),
            free: Arc::new(Semaphore::new(SOCKETS)),
        }
    }

    /// A book is served, which differs from the one before if its edition does.
    pub(crate) fn built(&self, edition: u64) {
        self.news.send_if_modified(|news| {
            let mended = news.error.take().is_some();
            let changed = mended || news.edition != edition;
            news.mended += u64::from(mended);
            news.edition = edition;
            changed
        });
    }

    /// What is wrong with the book as it is now.
    pub(crate) fn error(&self) -> Option<String> {
        self.news.borrow().error.clone()
    }

    /// The book cannot be built.
    pub(crate) fn broken(&self, text: &str) {
        self.news
            .send_modify(|news| news.error = Some(text.to_owned()));
    }
}

/// `GET /ws?token=…`
pub(crate) async fn open(
    State(server): State<Server>,
    uri: Uri,
    headers: HeaderMap,
    Query(query): Query<Vec<(String, String)>>,
    upgrade: WebSocketUpgrade,
) -> Response {
    if !server.names.is_own_origin(&uri, &headers) {
        return refuse(StatusCode::FORBIDDEN, say!("tutor-refused-origin"));
    }
    let shown = query.iter().find(|(name, _)| name == "token");
    let edition = shown.and_then(|(_, shown)| edition(&server.secret, shown));
    let Some(edition) = edition else {
        return refuse(StatusCode::FORBIDDEN, say!("tutor-refused-token"));
    };
    let Ok(place) = server.sockets.free.clone().try_acquire_owned() else {
        return refuse(StatusCode::SERVICE_UNAVAILABLE, say!("tutor-too-many"));
    };
    let news = server.sockets.news.subscribe();
    upgrade
        .max_message_size(MESSAGE)
        .max_frame_size(MESSAGE)
        .on_upgrade(move |socket| talk(socket, news, edition, place))
}

/// Which edition the page with this token is of, if it is one of ours.
fn edition(secret: &str, shown: &str) -> Option<u64> {
    let edition = shown.rsplit_once('.')?.1.parse().ok()?;
    (token(secret, edition) == shown).then_some(edition)
}

async fn talk(
    mut socket: WebSocket,
    mut news: watch::Receiver<News>,
    edition: u64,
    _place: OwnedSemaphorePermit,
) {
    // The page may be older than the book by now.
    let mut told = News {
        edition,
        ..news.borrow().clone()
    };
    told.error = None;
    let mut ping = interval_at(Instant::now() + PING, PING);
    let mut answered = true;
    loop {
        let now = news.borrow_and_update().clone();
        if let Some(message) = message(&told, &now)
            && !send(&mut socket, Message::text(message)).await
        {
            return;
        }
        told = now;
        tokio::select! {
            changed = news.changed() => if changed.is_err() { return },
            heard = socket.recv() => match heard {
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => answered = true, // nothing that a page says matters yet
            },
            _ = ping.tick() => {
                if !answered || !send(&mut socket, Message::Ping(Default::default())).await {
                    return;
                }
                answered = false;
            }
        }
    }
}

/// What a page is to be told that knows `told`.
fn message(told: &News, now: &News) -> Option<String> {
    if let Some(text) = &now.error {
        let new = told.error.as_ref() != Some(text);
        return new.then(|| json!({ "type": "build-error", "text": text }).to_string());
    }
    let newer = told.edition != now.edition || told.mended != now.mended;
    newer.then(|| json!({ "type": "reload" }).to_string())
}

async fn send(socket: &mut WebSocket, message: Message) -> bool {
    matches!(timeout(PATIENCE, socket.send(message)).await, Ok(Ok(())))
}
