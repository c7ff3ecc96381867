//! Judges exercise 2.5: asks for sockets at several addresses, and sends a
//! datagram to each.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::Duration;

use crate::judge::{Bench, Event, Fact, Outcome, PeerId, Scene};
use crate::messages::say;

/// How long to wait for the answer's side to say what it received: longer than
/// it waits itself.
const PATIENCE: Duration = Duration::from_secs(10);

/// Plays a program that sends to each socket, and one that has a port already.
///
/// # Errors
/// What the answer did that the contract does not allow.
pub fn grade(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut random = bench.random();
    let mut scene = Scene::start(bench)?;
    let v4 = scene.udp_peer("peer")?;
    // A machine without IPv6 has no such address.
    let v6 = scene.udp_peer_at("peer", Ipv6Addr::LOCALHOST.into()).ok();
    let mut game = Game {
        scene,
        opened: Vec::new(),
    };
    let mut token = || format!("{:08x}", random.u32(..));

    game.open(Ipv4Addr::LOCALHOST.into(), v4, &token())?;
    let _other = game.take_next_port();
    game.open(Ipv4Addr::LOCALHOST.into(), v4, &token())?;
    let mut others: Vec<(IpAddr, PeerId)> = vec![(Ipv4Addr::UNSPECIFIED.into(), v4)];
    if let Some(v6) = v6 {
        others.push((Ipv6Addr::LOCALHOST.into(), v6));
        others.push((Ipv6Addr::UNSPECIFIED.into(), v6));
    }
    others.push((Ipv4Addr::LOCALHOST.into(), v4));
    others.push((Ipv4Addr::UNSPECIFIED.into(), v4));
    for (ip, peer) in others {
        game.scene.new_page();
        game.open(ip, peer, &token())?;
    }
    Ok(())
}

struct Game {
    scene: Scene,
    /// Where the answer's sockets are.
    opened: Vec<SocketAddr>,
}

/// What the answer returned: where its socket is and to whom it is connected,
/// as its own side saw it, and the address to send to.
struct Opened {
    local: SocketAddr,
    connected: Option<SocketAddr>,
    address: SocketAddr,
}

impl Game {
    /// Another program takes the port behind the one that was given last, if it
    /// is free.
    fn take_next_port(&mut self) -> Option<UdpSocket> {
        let last = self.opened.last()?;
        let next = SocketAddr::new(last.ip(), last.port().checked_add(1)?);
        let socket = UdpSocket::bind(next).ok()?;
        self.scene.note(
            "port-other-program",
            &[("address", next.to_string().into())],
        );
        Some(socket)
    }

    /// Calls the answer, and holds what it returns against the contract; then
    /// the peer sends to the address, and the socket receives.
    fn open(&mut self, ip: IpAddr, peer: PeerId, token: &str) -> Result<(), Outcome> {
        let text = ip.to_string();
        let facts = [("ip", text.as_str().into())];
        self.scene
            .call("called-port", &facts, &[b"open", text.as_bytes()])?;
        match self.scene.wait() {
            Event::Returned(value) => {
                let field = |at: usize| {
                    value
                        .get(at)
                        .and_then(|v| std::str::from_utf8(v).ok()?.parse().ok())
                };
                let (Some(local), connected, Some(address)) = (field(0), field(1), field(2)) else {
                    return Err(self.scene.usual(Event::Returned(value), "expecting-return"));
                };
                self.fits(
                    ip,
                    &Opened {
                        local,
                        connected,
                        address,
                    },
                )?;
                self.opened.push(local);
                self.reached(peer, address, token)
            }
            // Both are what bind says of a port that it cannot give.
            Event::Failed { kind, .. } if kind == "AddrInUse" || kind == "PermissionDenied" => {
                let cause = Some("hard-coded-port-is-free");
                Err(self
                    .scene
                    .not_yet("port-taken", &[("kind", kind.into())], cause))
            }
            event @ Event::Unwound { .. } => {
                let message = self.scene.panic_message().unwrap_or_default();
                let taken = message.contains("AddrInUse") || message.contains("PermissionDenied");
                let cause = ("port-taken-panic", "hard-coded-port-is-free");
                Err(self
                    .scene
                    .because(event, taken.then_some(cause), "expecting-return"))
            }
            other => Err(self.scene.usual(other, "expecting-return")),
        }
    }

    /// The socket is where it should be, and so is the address.
    fn fits(&mut self, ip: IpAddr, opened: &Opened) -> Result<(), Outcome> {
        let Opened {
            local,
            connected,
            address,
        } = *opened;
        let to = reached_at(ip);
        let facts: [(&'static str, Fact); 5] = [
            ("ip", ip.to_string().into()),
            ("to", to.to_string().into()),
            ("local", local.to_string().into()),
            ("address", address.to_string().into()),
            (
                "remote",
                connected.map_or(String::new(), |a| a.to_string()).into(),
            ),
        ];
        let (key, cause) = if local.ip() != ip && local.ip().is_unspecified() && ip.is_loopback() {
            ("port-on-all", Some("listen-on-all-is-harmless"))
        } else if local.ip() != ip && local.ip().is_loopback() && ip.is_unspecified() {
            ("port-on-loopback", Some("bound-to-loopback-is-public"))
        } else if local.ip() != ip {
            ("port-elsewhere", None)
        } else if self.opened.contains(&local) {
            ("port-shared", Some("hard-coded-port-is-free"))
        } else if connected.is_some() {
            ("port-connected", None)
        } else if address.port() == 0 {
            ("port-zero", Some("port-zero-is-a-port"))
        } else if address.port() != local.port() {
            ("port-other", None)
        } else if address.ip().is_unspecified() {
            ("port-to-any", Some("localhost-is-any"))
        } else if address.ip() != to {
            ("port-other-address", None)
        } else {
            self.scene.returned(&say("port-value", &facts), None);
            return Ok(());
        };
        let wanted = say("port-wanted", &facts);
        self.scene
            .returned(&say("port-value", &facts), Some(&wanted));
        Err(self.scene.not_yet(key, &facts, cause))
    }

    /// What the peer sends to the address arrives at the socket.
    fn reached(&mut self, peer: PeerId, address: SocketAddr, token: &str) -> Result<(), Outcome> {
        self.scene.answer = address;
        self.scene.send(peer, token.as_bytes())?;
        self.scene.call("port-receive", &[], &[b"receive"])?;
        match self.scene.wait_for(PATIENCE) {
            Some(Event::Told(received)) if received == [token.as_bytes()] => Ok(()),
            Some(Event::Told(_)) => {
                let facts = [("address", address.to_string().into())];
                Err(self.scene.not_yet("port-silent", &facts, None))
            }
            Some(other) => Err(self.scene.usual(other, "expecting-return")),
            None => Err(Outcome::Unjudged(say("too-busy", &[]))),
        }
    }
}

/// Where a program on this machine reaches a socket at `ip`.
fn reached_at(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    }
}
