//! Judges exercise 3.3: parts that come in order, out of order, more than once,
//! and among datagrams that are no parts.

use std::time::Duration;

use crate::judge::{Bench, Event, Outcome, PeerId, Scene};
use crate::messages::say;

/// Plays the sender, the network and a stranger.
///
/// # Errors
/// What the answer did that the contract does not allow.
pub fn grade(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut random = bench.random();
    let mut scene = Scene::start(bench)?;
    let sender = scene.udp_peer("peer")?;
    let stranger = scene.udp_peer("stranger")?;
    let mut game = Game {
        bench,
        scene,
        sender,
        stranger,
    };

    let words = [&b"one "[..], b"two ", b"three ", b"four"];
    let parts = numbered(&words);
    let [one, two, three, four] = [&parts[0], &parts[1], &parts[2], &parts[3]];

    game.deliver(Case::InOrder, &[one, two, three, four], &words)?;
    game.deliver(Case::Repeated, &[one, one, two, three, three, four], &words)?;
    game.deliver(Case::OutOfOrder, &[three, one, four, two], &words)?;
    game.deliver(
        Case::Malformed,
        &[
            b"",
            one,
            two,
            b"\x00\x01\x00",
            b"\x00\x09\x00\x04?",
            three,
            four,
        ],
        &words,
    )?;
    game.deliver(
        Case::Malformed,
        &[b"\x00\x00\x00\x00", one, two, three, four],
        &words,
    )?;
    game.deliver(Case::Stranger, &[one, two, three, four], &words)?;

    // An empty message is one part without a piece.
    let empty = numbered(&[b""]);
    game.deliver(Case::InOrder, &[&empty[0]], &[b""])?;

    // Parts as long as datagrams can be on every system.
    let long: Vec<Vec<u8>> = (0..3)
        .map(|_| (0..9_000).map(|_| random.u8(..)).collect())
        .collect();
    let long: Vec<&[u8]> = long.iter().map(Vec::as_slice).collect();
    let parts = numbered(&long);
    game.deliver(Case::Long, &[&parts[0], &parts[1], &parts[2]], &long)?;

    // Many parts, among them empty ones and such that are not text, shuffled.
    let pieces: Vec<Vec<u8>> = (0..270)
        .map(|_| (0..random.usize(0..40)).map(|_| random.u8(..)).collect())
        .collect();
    let pieces: Vec<&[u8]> = pieces.iter().map(Vec::as_slice).collect();
    let parts = numbered(&pieces);
    let mut shuffled: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    random.shuffle(&mut shuffled);
    let repeated: Vec<_> = shuffled
        .chunks(10)
        .flat_map(|c| c.iter().chain(&c[..2]).copied())
        .collect();
    game.deliver(Case::OutOfOrder, &repeated, &pieces)
}

/// What the network does in a case; it decides what a failure shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    InOrder,
    Repeated,
    OutOfOrder,
    Malformed,
    Stranger,
    Long,
}

struct Game<'a> {
    bench: &'a Bench<'a>,
    scene: Scene,
    sender: PeerId,
    stranger: PeerId,
}

impl Game<'_> {
    /// Lays all datagrams into the socket, calls the answer, and holds what it
    /// returns against the message.
    fn deliver(
        &mut self,
        case: Case,
        datagrams: &[&[u8]],
        pieces: &[&[u8]],
    ) -> Result<(), Outcome> {
        let sender = self.scene.address(self.sender)?.to_string();
        self.scene.new_page();
        // A stranger's parts come before the sender's and after them.
        let forged = numbered(&[b"eins ", b"zwei ", b"drei ", b"vier"]);
        if case == Case::Stranger {
            self.scene.send(self.stranger, &forged[1])?;
            self.scene.send(self.stranger, b"hi")?;
        }
        for (index, datagram) in datagrams.iter().enumerate() {
            if case == Case::Stranger && index == 1 {
                self.scene.send(self.stranger, &forged[0])?;
            }
            self.scene.send(self.sender, datagram)?;
        }
        self.scene.call("called", &[], &[sender.as_bytes()])?;
        let message = pieces.concat();
        match self.scene.wait() {
            Event::Returned(value) => {
                let got = value.into_iter().next().unwrap_or_default();
                if got == message {
                    Ok(())
                } else {
                    Err(self.wrong(case, &got, &message, datagrams))
                }
            }
            Event::Unwound { .. } if case == Case::Malformed => {
                Err(self.stumbled("reorder-malformed"))
            }
            Event::Failed { kind, .. } if case == Case::Malformed => {
                let facts = [("kind", kind.into())];
                Err(self.scene.not_yet(
                    "reorder-malformed-error",
                    &facts,
                    Some("every-datagram-is-well-formed"),
                ))
            }
            // Windows reports a datagram that is longer than the buffer.
            failed @ Event::Failed { .. } if case == Case::Long => {
                let cause = ("reorder-long-failed", "rest-stays-for-next-recv");
                Err(self
                    .scene
                    .because(failed, Some(cause), "expecting-message-back"))
            }
            stuck @ Event::Stuck(_) => {
                let cause = match case {
                    Case::OutOfOrder => Some(("reorder-dropped-early", "early-is-useless")),
                    Case::InOrder if native_order(self.bench) => {
                        Some(("reorder-native-order", "host-byte-order"))
                    }
                    Case::InOrder => None,
                    Case::Malformed => {
                        Some(("reorder-malformed-taken", "every-datagram-is-well-formed"))
                    }
                    Case::Repeated => Some(("reorder-repeated-stuck", "every-datagram-is-new")),
                    Case::Stranger => Some(("reorder-stranger", "reply-is-from-my-server")),
                    Case::Long => None,
                };
                Err(self.scene.because(stuck, cause, "expecting-message-back"))
            }
            other => Err(self.scene.usual(other, "expecting-message-back")),
        }
    }

    /// A panic over a datagram that is no part; a `todo!()` is something else.
    fn stumbled(&mut self, key: &'static str) -> Outcome {
        let usual = self.scene.usual(
            Event::Unwound {
                waiting: usize::MAX,
            },
            "expecting-message-back",
        );
        match usual {
            Outcome::NotYet(mut finding) => {
                finding.key = key;
                finding.misconception = Some("every-datagram-is-well-formed");
                Outcome::NotYet(finding)
            }
            unfinished => unfinished,
        }
    }

    /// The answer returned another message: which belief makes that one?
    fn wrong(&mut self, case: Case, got: &[u8], want: &[u8], datagrams: &[&[u8]]) -> Outcome {
        let arrival: Vec<u8> = datagrams
            .iter()
            .flat_map(|d| d.get(4..).unwrap_or_default())
            .copied()
            .collect();
        let (key, cause) = match case {
            Case::Repeated => ("reorder-repeated", Some("every-datagram-is-new")),
            Case::Malformed => (
                "reorder-malformed-taken",
                Some("every-datagram-is-well-formed"),
            ),
            Case::Stranger => ("reorder-stranger", Some("reply-is-from-my-server")),
            Case::Long if got.len() < want.len() => {
                ("reorder-cut", Some("rest-stays-for-next-recv"))
            }
            Case::OutOfOrder if got.len() < want.len() => {
                ("reorder-stopped", Some("udp-keeps-order"))
            }
            Case::OutOfOrder if arrival.starts_with(got) => {
                ("reorder-arrival-order", Some("udp-keeps-order"))
            }
            _ if got.len() == want.len() => ("reorder-same-length", None),
            _ => ("reorder-wrong", None),
        };
        let bytes = |len: usize| say("some-bytes", &[("len", len.into())]).into();
        self.scene.not_yet(
            key,
            &[("got", bytes(got.len())), ("want", bytes(want.len()))],
            cause,
        )
    }
}

/// Whether the answer takes a message whose headers are little-endian, which it
/// should not: one that waits for more, although every part is there, may have
/// read other numbers.
fn native_order(bench: &Bench<'_>) -> bool {
    let probe = || -> Result<bool, Outcome> {
        let mut scene = Scene::start(bench)?;
        let sender = scene.udp_peer("peer")?;
        for part in numbered(&[b"one ", b"two"]) {
            scene.send(
                sender,
                &[&[part[1], part[0], part[3], part[2]], &part[4..]].concat(),
            )?;
        }
        let address = scene.address(sender)?.to_string();
        scene.call("called", &[], &[address.as_bytes()])?;
        let event = scene.wait_for(Duration::from_millis(500));
        Ok(
            matches!(event, Some(Event::Returned(value)) if value.first().is_some_and(|v| v == b"one two")),
        )
    };
    probe().unwrap_or(false)
}

/// The parts of a message, each with its header.
fn numbered(pieces: &[&[u8]]) -> Vec<Vec<u8>> {
    let count = u16::try_from(pieces.len()).unwrap_or(u16::MAX);
    (0..count)
        .zip(pieces)
        .map(|(number, piece)| [&number.to_be_bytes(), &count.to_be_bytes(), *piece].concat())
        .collect()
}
