//! What the wire does to which message.

use std::collections::HashMap;

use super::fate::{Fate, chance};
use super::packet::packet;
use super::{Args, PORT, SIZE};

// ANCHOR: fates
/// Decides by message and not by frame: so message 17 meets the same wire over
/// TCP and over UDP. When it is sent again, the dice are thrown again.
pub struct Fates {
    shares: [(Fate, f64); 3],
    seed: u64,
    /// The sequence number of the stream's first byte.
    start: Option<u32>,
    /// How often each message was seen.
    seen: HashMap<u32, u64>,
}

impl Fates {
    pub fn new(args: &Args) -> Self {
        let shares = [
            (Fate::Dropped, args.loss),
            (Fate::Repeated, args.repeat),
            (Fate::HeldBack, args.reorder),
        ];
        Self {
            shares,
            seed: args.seed,
            start: None,
            seen: HashMap::new(),
        }
    }

    /// What happens to this frame on its way to the server.
    pub fn fate(&mut self, frame: &[u8]) -> Fate {
        let Some(message) = self.message(frame) else {
            return Fate::Passes; // SYN, FIN, or an ACK alone
        };
        let seen = self.seen.entry(message).or_default();
        *seen += 1;
        let throw = chance(self.seed, *seen, message.into());
        let mut below = 0.0;
        for (fate, share) in self.shares {
            below += share;
            if throw < below {
                return fate;
            }
        }
        Fate::Passes
    }

    /// The number of the message that a frame carries.
    fn message(&mut self, frame: &[u8]) -> Option<u32> {
        let packet = packet(frame)?;
        let number = packet
            .data
            .first_chunk()
            .filter(|_| packet.ports.1 == PORT)?;
        match packet.tcp {
            None => Some(u32::from_be_bytes(*number)),
            Some((seq, ..)) => {
                let start = *self.start.get_or_insert(seq);
                Some(seq.wrapping_sub(start) / SIZE as u32)
            }
        }
    }
}
// ANCHOR_END: fates
