//! Judges exercise 3.1: two clients send datagrams of every kind to one socket.

use std::time::Duration;

use crate::judge::{Bench, Event, Outcome, PeerId, Scene};
use crate::messages::say;

/// The largest datagram sent, in bytes: the most that IPv4 carries, or what
/// macOS sends without being asked for more.
const LARGEST: usize = if cfg!(target_os = "macos") {
    9_216
} else {
    65_507
};

/// Plays both clients.
///
/// # Errors
/// What the answer did that the contract does not allow.
pub fn grade(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut random = bench.random();
    let mut scene = Scene::start(bench)?;
    let a = scene.udp_peer("client-a")?;
    let b = scene.udp_peer("client-b")?;

    let greeting = format!("hello, {}", random.u32(1_000..10_000)).into_bytes();
    let mut bytes = |len: usize| -> Vec<u8> { (0..len).map(|_| random.u8(..)).collect() };
    let one_by_one = [
        (a, greeting),
        (b, bytes(1_400)),
        (a, b"short".to_vec()), // the buffer may still hold the long one
        (b, Vec::new()),
        (a, vec![0xff, 0x00, 0xfe, b'!']),
        (b, bytes(LARGEST)),
    ];
    for (client, datagram) in &one_by_one {
        scene.new_page();
        scene.send(*client, datagram)?;
        echoed(&mut scene, *client, datagram, a)?;
    }

    // Both at once: the second waits in the socket while the first is served.
    scene.new_page();
    scene.send(a, b"first")?;
    scene.send(b, b"second")?;
    echoed(&mut scene, a, b"first", a)?;
    echoed(&mut scene, b, b"second", a)
}

/// Calls the answer once and holds what it does against one datagram.
fn echoed(scene: &mut Scene, client: PeerId, sent: &[u8], first: PeerId) -> Result<(), Outcome> {
    let lens = |got: usize| [("got", got.into()), ("sent", sent.len().into())];
    let who = say(scene.name(client), &[]);
    let mut answered = false;
    scene.call("called", &[], &[])?;
    loop {
        match scene.wait() {
            Event::Datagram { .. } if answered => {
                return Err(scene.not_yet("echo-twice", &[], None));
            }
            Event::Datagram { at, .. } if at != client => {
                let facts = [
                    ("to", say(scene.name(at), &[]).into()),
                    ("from", who.into()),
                ];
                return Err(scene.not_yet("echo-to-other", &facts, None));
            }
            Event::Datagram { from, .. } if from != scene.answer => {
                return Err(scene.not_yet("echo-from-other-port", &[], None));
            }
            Event::Datagram { bytes, .. } if bytes == sent => answered = true,
            Event::Datagram { bytes, .. } => {
                let (key, cause) = if String::from_utf8_lossy(sent).as_bytes() == bytes {
                    ("echo-as-text", Some("bytes-are-text"))
                } else if bytes.len() > sent.len() && bytes.starts_with(sent) {
                    ("echo-longer", Some("whole-buffer-back"))
                } else if bytes.len() < sent.len() && sent.starts_with(&bytes) {
                    ("echo-shorter", Some("rest-stays-for-next-recv"))
                } else {
                    ("echo-other", None)
                };
                return Err(scene.not_yet(key, &lens(bytes.len()), cause));
            }
            Event::Returned(value) if answered => {
                let len = value
                    .first()
                    .and_then(|v| String::from_utf8_lossy(v).parse().ok());
                return match len {
                    Some(len) if len == sent.len() => Ok(()),
                    len => Err(scene.not_yet("echo-wrong-length", &lens(len.unwrap_or(0)), None)),
                };
            }
            Event::Returned(_) if sent.is_empty() => {
                return Err(scene.not_yet("echo-missing-empty", &[], Some("zero-is-always-eof")));
            }
            Event::Returned(_) => {
                return Err(scene.not_yet("echo-missing", &[("client", who.into())], None));
            }
            Event::Failed { kind, .. }
                if std::str::from_utf8(sent).is_err() && kind == "InvalidData" =>
            {
                return Err(scene.not_yet("echo-text-error", &[], Some("bytes-are-text")));
            }
            Event::Failed { kind, code } if too_long(code) => {
                let facts = [("kind", kind.into()), ("sent", sent.len().into())];
                // On Windows a receive reports it too: of a short datagram it
                // cannot have been the receive.
                let (key, cause) = if cfg!(windows) && sent.len() > 100 {
                    ("echo-cut", "rest-stays-for-next-recv")
                } else {
                    ("echo-too-long", "whole-buffer-back")
                };
                return Err(scene.not_yet(key, &facts, Some(cause)));
            }
            Event::Failed { kind, code } if no_destination(&kind, code) => {
                let facts = [("client", who.into()), ("kind", kind.into())];
                return Err(scene.not_yet(
                    "echo-not-sent",
                    &facts,
                    Some("send-goes-to-the-last-sender"),
                ));
            }
            Event::Unwound { .. }
                if scene
                    .panic_message()
                    .is_some_and(|m| m.contains("Utf8Error")) =>
            {
                return Err(scene.not_yet("echo-text-error", &[], Some("bytes-are-text")));
            }
            stuck @ Event::Stuck(_) if !answered && client != first => {
                return Err(deaf_to_others(scene, stuck, client, first));
            }
            other => {
                let expecting = if answered {
                    "expecting-return"
                } else {
                    "expecting-echo"
                };
                return Err(scene.usual(other, expecting));
            }
        }
    }
}

/// Whether a send failed because of its length: `EMSGSIZE` on Linux and macOS,
/// `WSAEMSGSIZE` on Windows. No datagram that came in was too long to go back.
fn too_long(code: Option<i32>) -> bool {
    let known = if cfg!(target_os = "linux") { 90 } else { 40 };
    code == Some(if cfg!(windows) { 10_040 } else { known })
}

/// Whether a send failed because the socket had no peer to send to:
/// `EDESTADDRREQ` on Linux and macOS, `WSAENOTCONN` on Windows.
fn no_destination(kind: &str, code: Option<i32>) -> bool {
    kind == "NotConnected"
        || matches!(code, Some(89) if cfg!(target_os = "linux"))
        || code == Some(39)
}

/// The second client got no answer: does the first one still get one?
fn deaf_to_others(scene: &mut Scene, stuck: Event, client: PeerId, first: PeerId) -> Outcome {
    if let Err(outcome) = scene.send(first, b"and I?") {
        return outcome;
    }
    match scene.wait_for(Duration::from_millis(500)) {
        Some(Event::Datagram { at, .. }) if at == first => {
            let name = |peer| say(scene.name(peer), &[]);
            let facts = [
                ("first", name(first).into()),
                ("second", name(client).into()),
            ];
            scene.not_yet("echo-one-client", &facts, Some("first-peer-only"))
        }
        _ => scene.usual(stuck, "expecting-echo"),
    }
}
