//! What can happen to a frame, and the dice that decide.

/// What happens to one frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It arrives.
    Passes,
    /// It never arrives.
    Dropped,
    /// It arrives, and arrives again.
    Repeated,
    /// It arrives after the frame that follows it.
    HeldBack,
}

impl Fate {
    /// How often the frame is put on the wire.
    pub fn copies(self) -> usize {
        match self {
            Self::Dropped => 0,
            Self::Passes | Self::HeldBack => 1,
            Self::Repeated => 2,
        }
    }
}

/// A number from 0 up to 1 that depends on nothing but these three: a throw of
/// its own for each frame, so that what happens to one, and when, does not
/// change what happens to another. The mixing is that of SplitMix64.
pub fn chance(seed: u64, die: u64, number: u64) -> f64 {
    let mut mix = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (die << 56) ^ number;
    mix = (mix ^ (mix >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mix = (mix ^ (mix >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mix ^= mix >> 31;
    (mix >> 11) as f64 / (1_u64 << 53) as f64 // as many bits as an f64 holds
}
