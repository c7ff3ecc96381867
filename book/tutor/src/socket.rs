//! The WebSocket of a page: what the page asks for, and what it is told.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};
use tokio::time::{Instant, interval_at, timeout};

use crate::checks::{Checks, LONGEST};
use crate::guard::refuse;
use crate::pages::token;
use crate::runs::{Order, Run, Runs, Told};
use crate::server::Server;
use crate::words::say;

/// How many pages may be connected at once.
const SOCKETS: usize = 64;
/// How long a message from a page may be: an answer, and JSON around it, in
/// which a line end takes two bytes, and some characters six.
const MESSAGE: usize = 2 * LONGEST + 4096;
/// How long a line that is typed to a lab may be, in bytes.
const LINE: usize = 4096;
/// How often a silent page is asked whether it is still there.
const PING: Duration = Duration::from_secs(30);
/// How long a page may take to take a message.
const PATIENCE: Duration = Duration::from_secs(10);

/// How many messages wait for a page.
const WAITING: usize = 64;

/// What a page asks. Whatever else it says is ignored.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
enum Asked {
    /// A run, by the name of a transcript, under a number of the page's choice.
    Run { run: u32, name: String },
    /// A line for the lab in a terminal; its line end is added.
    Type {
        run: u32,
        terminal: usize,
        text: String,
    },
    /// The end of a lab's input.
    EndInput { run: u32, terminal: usize },
    /// A lab that has ended once more.
    Again {
        run: u32,
        terminal: usize,
        typed: bool,
    },
    /// The end of a run.
    Stop { run: u32 },
    /// A verdict on an answer.
    Check { exercise: String },
    /// An answer's file.
    Open { exercise: String },
    /// An answer's file with this text, in place of the one with this stamp.
    Save {
        exercise: String,
        text: String,
        stamp: String,
    },
}

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
    let (runs, checks) = (server.runs, server.checks);
    upgrade
        .max_message_size(MESSAGE)
        .max_frame_size(MESSAGE)
        .on_upgrade(move |socket| talk(socket, news, edition, (runs, checks), place))
}

/// Which edition the page with this token is of, if it is one of ours.
fn edition(secret: &str, shown: &str) -> Option<u64> {
    let edition = shown.rsplit_once('.')?.1.parse().ok()?;
    // Without random bytes there is no secret, and then nobody knows it.
    (!secret.is_empty() && token(secret, edition) == shown).then_some(edition)
}

async fn talk(
    mut socket: WebSocket,
    mut news: watch::Receiver<News>,
    edition: u64,
    (runs, checks): (Runs, Checks),
    _place: OwnedSemaphorePermit,
) {
    let (teller, mut waiting) = mpsc::channel(WAITING);
    // All of them end when the page is gone.
    let mut known = checks.news();
    known.mark_changed(); // the page knows nothing yet
    let mut heard_of = 0;
    let mut page = Page {
        runs,
        checks,
        going: HashMap::new(),
        teller,
    };
    // The page may be older than the book by now.
    let mut told = News {
        edition,
        ..news.borrow().clone()
    };
    told.error = None;
    let place = json!({ "type": "place", "root": page.checks.root() });
    if !send(&mut socket, Message::text(place.to_string())).await {
        return;
    }
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
            Ok(()) = known.changed() => {
                let now = *known.borrow_and_update();
                let answers = page.checks.after(std::mem::replace(&mut heard_of, now));
                if !tell(&mut socket, &answers).await {
                    return;
                }
            }
            heard = socket.recv() => match heard {
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(message)) => {
                    answered = true;
                    let asked = message.to_text().ok().and_then(|t| serde_json::from_str(t).ok());
                    let reply = asked.and_then(|asked| page.obey(asked));
                    if let Some(reply) = reply && !send(&mut socket, Message::text(reply)).await {
                        return;
                    }
                }
            },
            Some(told) = waiting.recv() => {
                if let Told::Over { run, .. } = &told {
                    page.going.remove(run);
                }
                if !tell(&mut socket, &told).await {
                    return;
                }
            }
            _ = ping.tick() => {
                if !answered || !send(&mut socket, Message::Ping(Default::default())).await {
                    return;
                }
                answered = false;
            }
        }
    }
}

/// What belongs to one page.
struct Page {
    runs: Runs,
    checks: Checks,
    going: HashMap<u32, Run>,
    teller: mpsc::Sender<Told>,
}

impl Page {
    /// Does what the page asks; what it is told at once, as JSON.
    fn obey(&mut self, asked: Asked) -> Option<String> {
        let (run, order) = match asked {
            Asked::Run { run, name } => {
                // A number that is taken belongs to the run that has it.
                if self.going.contains_key(&run) {
                    return None;
                }
                match self.runs.start(&name, run, self.teller.clone()) {
                    Ok(going) => drop(self.going.insert(run, going)),
                    Err(why) => {
                        let text = Some(why);
                        return Some(json_of(&Told::Over { run, text }));
                    }
                }
                return None;
            }
            Asked::Stop { run } => {
                self.going.remove(&run);
                return None;
            }
            Asked::Check { exercise } => {
                let mut all = graders::EXERCISES.iter();
                if let Some(exercise) = all.find(|e| e.name == exercise) {
                    self.checks.check(exercise);
                }
                return None;
            }
            Asked::Open { exercise } => return Some(json_of(&self.checks.open(&exercise))),
            Asked::Save {
                exercise,
                text,
                stamp,
            } => return Some(json_of(&self.checks.save(&exercise, &text, &stamp))),
            Asked::Type { text, .. } if text.len() > LINE => return None,
            Asked::Type {
                run,
                terminal,
                text,
            } => (run, Order::Type(terminal, format!("{text}\n"))),
            Asked::EndInput { run, terminal } => (run, Order::EndInput(terminal)),
            Asked::Again {
                run,
                terminal,
                typed,
            } => (run, Order::Again(terminal, typed)),
        };
        if let Some(going) = self.going.get(&run) {
            going.order(order);
        }
        None
    }
}

/// What is told holds nothing that JSON could not.
fn json_of(what: &impl Serialize) -> String {
    serde_json::to_string(what).unwrap_or_default()
}

async fn tell(socket: &mut WebSocket, what: &impl Serialize) -> bool {
    send(socket, Message::text(json_of(what))).await
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
