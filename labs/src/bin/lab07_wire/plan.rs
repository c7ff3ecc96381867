//! What the wire was told to do to which frame.

use super::fate::{Fate, chance};

/// Which way a frame goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    /// From the client to the server.
    There,
    /// From the server to the client.
    Back,
}

impl Way {
    pub fn opposite(self) -> Self {
        match self {
            Self::There => Self::Back,
            Self::Back => Self::There,
        }
    }

    /// The client is on the left in every picture of the book.
    pub fn arrow(self) -> char {
        match self {
            Self::There => '→',
            Self::Back => '←',
        }
    }
}

/// What is told about it behind the frame; nothing when it passes.
pub fn words(fate: Fate) -> &'static str {
    match fate {
        Fate::Passes => "",
        Fate::Dropped => "   dropped",
        Fate::Repeated => "   sent twice",
        Fate::HeldBack => "   held back until the next one has passed",
    }
}

/// Frames by their number, in one direction.
#[derive(Clone, Debug)]
pub struct Listed {
    way: Way,
    first: u64,
    last: u64,
}

impl Listed {
    fn holds(&self, way: Way, number: u64) -> bool {
        self.way == way && (self.first..=self.last).contains(&number)
    }
}

/// Reads `3`, `7-9`, or `back:2`.
pub fn listed(text: &str) -> Result<Listed, String> {
    let (way, numbers) = match text.strip_prefix("back:") {
        Some(numbers) => (Way::Back, numbers),
        None => (Way::There, text),
    };
    let (first, last) = numbers.split_once('-').unwrap_or((numbers, numbers));
    let number = |text: &str| text.parse().ok().filter(|n| *n > 0);
    match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => Ok(Listed { way, first, last }),
        _ => Err(
            "write a frame's number, as 3, or several, as 7-9; back:2 is one on the way back"
                .into(),
        ),
    }
}

/// All that was told about fates.
pub struct Plan {
    pub dropped: Vec<Listed>,
    pub repeated: Vec<Listed>,
    pub held_back: Vec<Listed>,
    pub loss: f64,
    pub seed: u64,
}

impl Plan {
    /// What happens to the frame of this number, the first one being 1.
    pub fn fate(&self, way: Way, number: u64) -> Fate {
        let named = |list: &[Listed]| list.iter().any(|l| l.holds(way, number));
        if named(&self.dropped) || chance(self.seed, way as u64, number) < self.loss {
            Fate::Dropped
        } else if named(&self.repeated) {
            Fate::Repeated
        } else if named(&self.held_back) {
            Fate::HeldBack
        } else {
            Fate::Passes
        }
    }
}
