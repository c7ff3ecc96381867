//! Judges exercise 5.4: addresses with a past, addresses with an owner, and how
//! many connections wait there.

use std::io::{self, Read};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use socket2::{Domain, Socket, Type};

use crate::judge::{Bench, Event, Fact, Finding, Outcome, Scene, closing_for_good};
use crate::messages::say;

mod clients;

use clients::Clients;

/// So long a busy machine may keep back what an answer says.
const LATE: Duration = Duration::from_secs(1);
/// How long the judge's own sockets may take to get anywhere.
const PATIENCE: Duration = Duration::from_secs(5);
/// How many clients try to connect after the queue should be full.
const TOO_MANY: usize = 8;

/// The IPv4 address of this exercise. Nobody else uses it, not even as a
/// client's own: no port of it is taken by chance. Elsewhere than on Linux the
/// loopback interface has one address only.
const HERE: Ipv4Addr = if cfg!(target_os = "linux") {
    Ipv4Addr::new(127, 0, 5, 4)
} else {
    Ipv4Addr::LOCALHOST
};

/// Plays the server that was there before, the clients of the one that comes,
/// and another program that has the address.
///
/// # Errors
/// What the answer did that the contract does not allow.
pub fn grade(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut random = bench.random();
    let mut game = Game {
        bench,
        scene: Scene::start(bench)?,
        set: Options::default(),
        in_time: false,
    };
    let backlog = random.i32(3..9);
    let free = game.open_free(backlog)?;
    game.waits_for_a_client(free)?;
    game.queue(free, backlog)?;
    game.drop_listener(free)?;

    let backlog = random.i32(200..260).min(largest_backlog());
    game.restart(HERE.into(), backlog)?;
    if has_ipv6() {
        game.restart(Ipv6Addr::LOCALHOST.into(), random.i32(1..4))?;
    }
    game.restart(HERE.into(), 1)?;
    game.occupied(HERE.into(), false)?;
    game.occupied(HERE.into(), true)
}

struct Game<'a> {
    bench: &'a Bench<'a>,
    scene: Scene,
    /// What the answer sets where nothing hinders it.
    set: Options,
    /// It has had an IPv4 address with connections in TIME-WAIT.
    in_time: bool,
}

#[derive(Clone, Copy, Default)]
struct Options {
    reuse_address: bool,
    reuse_port: bool,
}

/// What was at an address before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Past {
    Nothing,
    TimeWait,
    Listener,
}

/// The listener that the answer returned, as its own side sees it.
struct Opened {
    local: SocketAddr,
    set: Options,
}

impl Game<'_> {
    /// Nobody has been at the address, as far as that is known: perhaps another
    /// program has it after all.
    fn open_free(&mut self, backlog: i32) -> Result<SocketAddr, Outcome> {
        for _ in 0..3 {
            self.scene.new_page();
            let address = free_address(HERE.into())?;
            match self.open(address, backlog, Past::Nothing) {
                Err(Outcome::NotYet(finding)) if is_taken(&finding) => {
                    self.scene = Scene::start(self.bench)?;
                }
                other => return other.map(|()| address),
            }
        }
        let address = free_address(HERE.into())?;
        self.open(address, backlog, Past::Nothing).map(|()| address)
    }

    /// An earlier server ends, and the answer's takes its place.
    fn restart(&mut self, ip: IpAddr, backlog: i32) -> Result<(), Outcome> {
        self.scene.new_page();
        let address = free_address(ip)?;
        let earlier = listen(address, false, 128).map_err(|_| busy())?;
        leave_time_wait(&earlier, address)?;
        closing_for_good(|| drop(earlier));
        is_left(address)?;
        let at = [("address", address.to_string().into())];
        self.scene.note("restart-earlier", &at);
        self.open(address, backlog, Past::TimeWait)?;
        self.queue(address, backlog)?;
        self.drop_listener(address)?;
        self.in_time |= address.is_ipv4();
        Ok(())
    }

    /// Another program listens at the address, perhaps one that shares it with
    /// whoever wants to. It is busy: who asks it by a connection waits.
    fn occupied(&mut self, ip: IpAddr, shares: bool) -> Result<(), Outcome> {
        self.scene.new_page();
        let address = free_address(ip)?;
        let owner = listen(address, shares, 1).map_err(|_| busy())?;
        leave_time_wait(&owner, address)?;
        let mut clients = Clients::of(address);
        // Elsewhere a client that finds no room may be refused, which tells it
        // another story.
        let room = if cfg!(target_os = "linux") { 2 } else { 0 };
        clients.connect(room).map_err(|_| busy())?;
        let key = if shares {
            "restart-occupied-shared"
        } else {
            "restart-occupied"
        };
        self.scene
            .note(key, &[("address", address.to_string().into())]);
        self.open(address, 16, Past::Listener)
    }

    /// Calls the answer, and holds what comes of it against the contract.
    fn open(&mut self, address: SocketAddr, backlog: i32, past: Past) -> Result<(), Outcome> {
        let texts = [address.to_string(), backlog.to_string()];
        let facts: [(&'static str, Fact); 2] = [
            ("address", texts[0].as_str().into()),
            ("backlog", texts[1].as_str().into()),
        ];
        let arguments: [&[u8]; 3] = [b"open", texts[0].as_bytes(), texts[1].as_bytes()];
        self.scene.call("called-restart", &facts, &arguments)?;
        match self.scene.wait() {
            Event::Returned(value) => {
                let field = |at: usize| {
                    let bytes = value.get(at).map(Vec::as_slice);
                    String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned()
                };
                let set = Options {
                    reuse_address: field(1) == "true",
                    reuse_port: field(2) == "true",
                };
                match field(0).parse() {
                    Ok(local) => self.fits(address, &Opened { local, set }, past),
                    Err(_) => Err(self.scene.usual(Event::Returned(value), "expecting-return")),
                }
            }
            Event::Failed { kind, .. } if past == Past::Listener && kind == "AddrInUse" => Ok(()),
            Event::Failed { kind, .. } => Err(self.refused(address, &kind, past)),
            event @ Event::Unwound { .. } => {
                let in_use = self
                    .scene
                    .panic_message()
                    .unwrap_or_default()
                    .contains("AddrInUse");
                let cause = match past {
                    _ if !in_use => None,
                    Past::TimeWait => Some(("restart-panicked", self.why_refused().1)),
                    _ => None,
                };
                Err(self.scene.because(event, cause, "expecting-return"))
            }
            event @ Event::Stuck(_) => {
                let cause = ("restart-waits", "port-is-free-at-once");
                let waits = past == Past::TimeWait && !self.set.reuse_address;
                Err(self
                    .scene
                    .because(event, waits.then_some(cause), "expecting-return"))
            }
            other => Err(self.scene.usual(other, "expecting-return")),
        }
    }

    /// An error where the contract asks for a listener, or for another error.
    fn refused(&mut self, address: SocketAddr, kind: &str, past: Past) -> Outcome {
        let facts = [
            ("address", address.to_string().into()),
            ("kind", kind.into()),
        ];
        let (key, cause) = match past {
            Past::Listener => ("restart-wrong-error", None),
            Past::TimeWait if kind == "AddrInUse" => {
                let (key, cause) = self.why_refused();
                (key, Some(cause))
            }
            _ if address.is_ipv6() => ("restart-not-ipv6", None),
            _ => ("restart-failed", None),
        };
        self.scene.not_yet(key, &facts, cause)
    }

    /// Why an answer cannot have an address with connections in TIME-WAIT: the
    /// message, and the misconception.
    fn why_refused(&self) -> (&'static str, &'static str) {
        if self.in_time {
            ("restart-refused", "port-is-free-at-once")
        } else if self.set.reuse_address {
            ("restart-late", "reuse-set-late")
        } else if self.set.reuse_port {
            ("restart-by-port", "reuse-is-portable")
        } else {
            ("restart-refused", "port-is-free-at-once")
        }
    }

    /// The listener is where it should be, if one should be.
    fn fits(&mut self, address: SocketAddr, opened: &Opened, past: Past) -> Result<(), Outcome> {
        let facts: [(&'static str, Fact); 2] = [
            ("address", address.to_string().into()),
            ("local", opened.local.to_string().into()),
        ];
        let value = say("restart-value", &facts);
        let here = opened.local == address;
        let (key, cause) = match past {
            Past::Listener if here && opened.set.reuse_port => {
                ("restart-shared", Some("reuse-is-portable"))
            }
            Past::Listener if here => ("restart-beside", None),
            Past::Listener => ("restart-another", None),
            _ if here => {
                if past == Past::Nothing {
                    self.set = opened.set;
                }
                self.scene.returned(&value, None);
                return Ok(());
            }
            _ if opened.local.ip().is_unspecified() => ("restart-everywhere", None),
            _ => ("restart-elsewhere", None),
        };
        let wanted = match past {
            Past::Listener => "Err(AddrInUse)".to_string(),
            _ => say("restart-value", &[("local", address.to_string().into())]),
        };
        self.scene.returned(&value, Some(&wanted));
        Err(self.scene.not_yet(key, &facts, cause))
    }

    /// As many clients as may wait connect, and then a few more; in the end all
    /// of them are accepted.
    fn queue(&mut self, address: SocketAddr, backlog: i32) -> Result<(), Outcome> {
        let backlog = usize::try_from(backlog).unwrap_or(1);
        // Linux takes another one as long as no more than the backlog wait; other
        // systems have their own rules, and the backlog for a lower limit.
        let exact = cfg!(target_os = "linux");
        let room = backlog + usize::from(exact);
        let mut clients = Clients::of(address);
        let waiting = clients.connect(room).map_err(|_| busy())?;
        let facts = |tried: usize, connected: usize| -> [(&'static str, Fact); 5] {
            [
                ("address", address.to_string().into()),
                ("backlog", backlog.into()),
                ("room", room.into()),
                ("count", tried.into()),
                ("connected", connected.into()),
            ]
        };
        self.scene.note("restart-clients", &facts(room, waiting));
        if clients.refused() {
            let facts = facts(room, waiting);
            return Err(self.scene.not_yet("restart-deaf", &facts, None));
        }
        if waiting < room {
            let facts = facts(room, waiting);
            return Err(self.scene.not_yet("restart-short", &facts, None));
        }
        if exact {
            clients.are_queued();
            let more = clients.try_more(TOO_MANY).map_err(|_| busy())?;
            if more > 0 {
                let facts = facts(TOO_MANY, more);
                self.scene.note("restart-more-clients", &facts);
                return Err(self.scene.not_yet("restart-long", &facts, None));
            }
        }
        self.accept(room)?;
        drop(clients);
        Ok(())
    }

    /// The listener waits for a client, as those of std do.
    fn waits_for_a_client(&mut self, address: SocketAddr) -> Result<(), Outcome> {
        self.scene.call(
            "restart-accept",
            &[("count", 1usize.into())],
            &[b"accept", b"1"],
        )?;
        let event = self.scene.see(LATE);
        self.accept_still_waits(event)?;
        let mut client = Clients::of(address);
        if client.connect(1).map_err(|_| busy())? < 1 {
            // A busy machine may have kept back what accept says.
            let event = self.scene.wait_for(LATE);
            self.accept_still_waits(event)?;
            let facts = [("address", address.to_string().into())];
            return Err(self.scene.not_yet("restart-deaf", &facts, None));
        }
        self.scene.note("restart-client", &[]);
        self.told("1", "restart-unaccepted")
    }

    /// Accept has said nothing.
    fn accept_still_waits(&mut self, event: Option<Event>) -> Result<(), Outcome> {
        match event {
            None => Ok(()),
            Some(Event::Told(told)) => {
                let kind = String::from_utf8_lossy(&told.concat()).into_owned();
                // What accept says of a socket that only has its address.
                let key = match kind.as_str() {
                    "InvalidInput" => "restart-not-listening",
                    _ => "restart-impatient",
                };
                Err(self.scene.not_yet(key, &[("kind", kind.into())], None))
            }
            Some(other) => Err(self.scene.usual(other, "expecting-client")),
        }
    }

    /// The listener accepts the clients that wait.
    fn accept(&mut self, count: usize) -> Result<(), Outcome> {
        let facts = [("count", count.into())];
        let count = count.to_string();
        self.scene
            .call("restart-accept", &facts, &[b"accept", count.as_bytes()])?;
        self.told(&count, "restart-unaccepted")
    }

    /// The listener is dropped, and nobody listens there any more.
    fn drop_listener(&mut self, address: SocketAddr) -> Result<(), Outcome> {
        self.scene.call("restart-drop", &[], &[b"drop"])?;
        self.told("", "restart-unaccepted")?;
        let mut client = Clients::of(address);
        if client.connect(1).map_err(|_| busy())? == 0 {
            return Ok(());
        }
        let facts = [("address", address.to_string().into())];
        Err(self.scene.not_yet("restart-stays", &facts, None))
    }

    /// Waits for what the exercise's own code says of the listener.
    fn told(&mut self, right: &str, otherwise: &'static str) -> Result<(), Outcome> {
        match self.scene.wait_for(PATIENCE) {
            Some(Event::Told(told)) if told.concat() == right.as_bytes() => Ok(()),
            Some(Event::Told(told)) => {
                let kind = String::from_utf8_lossy(&told.concat()).into_owned();
                Err(self
                    .scene
                    .not_yet(otherwise, &[("kind", kind.into())], None))
            }
            Some(other) => Err(self.scene.usual(other, "expecting-return")),
            None => Err(busy()),
        }
    }
}

/// Whether an answer could not have an address where nobody should be.
fn is_taken(finding: &Finding) -> bool {
    let says = |fact: &Fact| matches!(fact, Fact::Text(text) if text.contains("AddrInUse"));
    finding.facts.iter().any(|(_, fact)| says(fact))
}

/// Makes a listener the way std does on Unix; one that `shares` lets others
/// listen beside it, if they ask for the same.
fn listen(address: SocketAddr, shares: bool, backlog: i32) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    socket.set_reuse_address(cfg!(unix))?;
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    socket.set_reuse_port(shares)?;
    #[cfg(not(any(target_os = "linux", target_os = "macos")))]
    let _ = shares;
    socket.bind(&address.into())?;
    socket.listen(backlog)?;
    Ok(socket.into())
}

/// Serves two clients and closes first, so that the connections are in TIME-WAIT
/// at the listener's address.
fn leave_time_wait(listener: &TcpListener, address: SocketAddr) -> Result<(), Outcome> {
    let serve = || {
        let mut client = TcpStream::connect_timeout(&address, PATIENCE)?;
        client.set_read_timeout(Some(PATIENCE))?;
        let (mut served, _) = listener.accept()?;
        served.set_read_timeout(Some(PATIENCE))?;
        served.shutdown(Shutdown::Write)?;
        client.read_to_end(&mut Vec::new())?;
        drop(client);
        served.read_to_end(&mut Vec::new()).map(|_| ())
    };
    (0..2).try_for_each(|_| serve()).map_err(|_| busy())
}

/// Waits until nobody listens at the address any more: cargo, which is started
/// elsewhere, may still have a copy of the listener for a moment.
fn is_left(address: SocketAddr) -> Result<(), Outcome> {
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        let mut client = Clients::of(address);
        if client.connect(1).map_err(|_| busy())? == 0 && client.refused() {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(1));
    }
    Err(busy())
}

/// An address where nobody is, with a port that the system gives to no client by
/// itself.
fn free_address(ip: IpAddr) -> Result<SocketAddr, Outcome> {
    let free = |address: &SocketAddr| {
        closing_for_good(|| {
            let socket = Socket::new(Domain::for_address(*address), Type::STREAM, None);
            socket.is_ok_and(|s| s.bind(&(*address).into()).is_ok())
        })
    };
    let mut some = (0..200).map(|_| SocketAddr::new(ip, fastrand::u16(20_000..32_000)));
    some.find(free).ok_or_else(busy)
}

fn has_ipv6() -> bool {
    TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok()
}

/// The largest backlog that the system grants.
fn largest_backlog() -> i32 {
    let path = "/proc/sys/net/core/somaxconn";
    let granted = std::fs::read_to_string(path).ok();
    granted
        .and_then(|text| text.trim().parse().ok())
        .unwrap_or(128)
}

fn busy() -> Outcome {
    Outcome::Unjudged(say("too-busy", &[]))
}
