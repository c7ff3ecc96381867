//! Judges exercise 3.4: takes the parts of messages of many lengths, over paths
//! of many sizes.

use crate::judge::{Bench, Event, Outcome, PeerId, Scene};

/// The bytes of the IPv4 header (without options) and of the UDP header.
const HEADERS: usize = 20 + 8;
/// The bytes of a part's own header.
const PART_HEADER: usize = 4;

/// Plays the receiver.
///
/// # Errors
/// What the answer did that the contract does not allow.
pub fn grade(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut random = bench.random();
    let mut scene = Scene::start(bench)?;
    let peer = scene.udp_peer("peer")?;
    let mut game = Game { scene, peer };

    let mut bytes = |len: usize| -> Vec<u8> { (0..len).map(|_| random.u8(..)).collect() };
    game.send(b"hello", 1500)?;
    game.send(&bytes(4_000), 1500)?;
    game.send(&bytes(3 * 1_468), 1500)?; // every part is full
    game.send(b"", 1500)?;
    game.send(&bytes(300), 40)?; // more parts than one byte counts
    game.send(&bytes(20_000), 1280)?;
    game.refuses(&bytes(70_000), HEADERS + PART_HEADER + 1)?;
    game.refuses(b"hello", HEADERS + PART_HEADER)?;
    game.refuses(b"hello", 7)
}

struct Game {
    scene: Scene,
    peer: PeerId,
}

impl Game {
    fn call(&mut self, message: &[u8], mtu: usize) -> Result<(), Outcome> {
        let peer = self.scene.address(self.peer)?.to_string();
        self.scene.new_page();
        let facts = [("mtu", mtu.into()), ("len", message.len().into())];
        let mtu_text = mtu.to_string();
        let arguments: [&[u8]; 3] = [peer.as_bytes(), message, mtu_text.as_bytes()];
        self.scene.call("called-split", &facts, &arguments)
    }

    /// The message arrives whole, in as few parts as can be.
    fn send(&mut self, message: &[u8], mtu: usize) -> Result<(), Outcome> {
        let room = mtu - HEADERS - PART_HEADER;
        let pieces: Vec<&[u8]> = if message.is_empty() {
            vec![b""]
        } else {
            message.chunks(room).collect()
        };
        self.call(message, mtu)?;
        let mut parts: Vec<Vec<u8>> = Vec::new();
        loop {
            match self.scene.wait() {
                Event::Datagram { bytes, .. } => {
                    self.fits(&bytes, message, mtu)?;
                    parts.push(bytes);
                }
                Event::Returned(_) if parts.is_empty() && message.is_empty() => {
                    let cause = Some("empty-needs-no-datagram");
                    return Err(self.scene.not_yet("split-nothing", &[], cause));
                }
                Event::Returned(value) => {
                    self.right(&parts, &pieces)?;
                    let got = value
                        .first()
                        .map(|v| String::from_utf8_lossy(v).into_owned())
                        .unwrap_or_default();
                    if got == pieces.len().to_string() {
                        return Ok(());
                    }
                    let facts = [("sent", parts.len().into()), ("got", got.into())];
                    return Err(self.scene.not_yet("split-wrong-count", &facts, None));
                }
                other => return Err(self.scene.usual(other, "expecting-parts")),
            }
            if parts.len() > pieces.len() + 1000 {
                return self.right(&parts, &pieces);
            }
        }
    }

    /// The packet of one part is no longer than the path takes.
    fn fits(&mut self, datagram: &[u8], message: &[u8], mtu: usize) -> Result<(), Outcome> {
        let (len, packet) = (datagram.len(), datagram.len() + HEADERS);
        let facts = [
            ("len", len.into()),
            ("packet", packet.into()),
            ("mtu", mtu.into()),
        ];
        if packet <= mtu {
            Ok(())
        } else if len >= message.len() && len > mtu + PART_HEADER {
            Err(self
                .scene
                .not_yet("split-one-datagram", &facts, Some("any-datagram-size")))
        } else {
            Err(self
                .scene
                .not_yet("split-too-long", &facts, Some("mtu-is-payload")))
        }
    }

    /// The parts are those that they should be, in any order.
    fn right(&mut self, parts: &[Vec<u8>], pieces: &[&[u8]]) -> Result<(), Outcome> {
        let count = pieces.len();
        let mut seen = vec![false; count];
        for (index, part) in parts.iter().enumerate() {
            let Some((header, piece)) = part.split_first_chunk::<PART_HEADER>() else {
                return Err(self.scene.not_yet(
                    "split-short-header",
                    &[("len", part.len().into())],
                    None,
                ));
            };
            let number = usize::from(u16::from_be_bytes([header[0], header[1]]));
            let total = usize::from(u16::from_be_bytes([header[2], header[3]]));
            if parts.len() == count && (total != count || number >= count || seen[number]) {
                let want = expected(index, count);
                let facts = [
                    ("part", index.into()),
                    ("got", hex(header).into()),
                    ("want", hex(&want).into()),
                ];
                let swapped = [want[1], want[0], want[3], want[2]];
                return Err(if *header == swapped {
                    self.scene
                        .not_yet("split-native-order", &facts, Some("host-byte-order"))
                } else {
                    self.scene.not_yet("split-header", &facts, None)
                });
            }
            if parts.len() != count {
                let facts = [("got", parts.len().into()), ("want", count.into())];
                return Err(self.scene.not_yet("split-too-small", &facts, None));
            }
            seen[number] = true;
            if piece != pieces[number] {
                let (len, want) = (piece.len(), pieces[number].len());
                let padded = len > want && piece.starts_with(pieces[number]);
                let facts = [("len", len.into()), ("want", want.into())];
                return Err(if padded {
                    self.scene
                        .not_yet("split-padding", &facts, Some("whole-buffer-back"))
                } else {
                    self.scene.not_yet("split-wrong-message", &[], None)
                });
            }
        }
        if parts.len() == count {
            return Ok(());
        }
        let facts = [("got", parts.len().into()), ("want", count.into())];
        Err(self.scene.not_yet("split-too-small", &facts, None))
    }

    /// What cannot be split is refused before anything is sent.
    fn refuses(&mut self, message: &[u8], mtu: usize) -> Result<(), Outcome> {
        self.call(message, mtu)?;
        let facts = [("parts", message.len().into())];
        let too_many = mtu > HEADERS + PART_HEADER;
        match self.scene.wait() {
            Event::Failed { kind, .. } if kind == "InvalidInput" => Ok(()),
            Event::Failed { kind, .. } => {
                Err(self
                    .scene
                    .not_yet("split-overflow-kind", &[("kind", kind.into())], None))
            }
            Event::Datagram { .. } if too_many => {
                Err(self
                    .scene
                    .not_yet("split-overflow", &facts, Some("field-never-overflows")))
            }
            other if too_many => Err(self.scene.usual(other, "expecting-refusal")),
            other => Err(self.scene.usual(other, "expecting-refusal-mtu")),
        }
    }
}

/// The header of part number `index` of `count`.
fn expected(index: usize, count: usize) -> [u8; 4] {
    let two = |n: usize| u16::try_from(n).unwrap_or(u16::MAX).to_be_bytes();
    let (number, total) = (two(index), two(count));
    [number[0], number[1], total[0], total[1]]
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect::<Vec<_>>()
        .join(" ")
}
