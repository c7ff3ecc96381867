//! Some of a frame's bytes, and the fields that are cut out of them.

use std::fmt::Display;
use std::ops::Range;

use labs::payload;

use super::meaning::bytes;

/// Bytes, and where they begin in the frame.
#[derive(Clone, Copy)]
pub struct Span<'a> {
    pub bytes: &'a [u8],
    pub at: usize,
}

/// Bytes that belong together, with their name.
pub struct Field {
    pub at: usize,
    /// Each byte in hexadecimal; a digit that belongs to a neighbour is a dot.
    pub hex: Vec<String>,
    pub name: String,
    pub meaning: String,
}

impl Span<'_> {
    /// The first `n` bytes, or all where there are fewer, and what is left.
    pub fn split(self, n: usize) -> (Self, Self) {
        let (bytes, rest) = self.bytes.split_at(n.min(self.bytes.len()));
        let at = self.at + bytes.len();
        (Self { bytes, ..self }, Self { bytes: rest, at })
    }

    pub fn len(self) -> usize {
        self.bytes.len()
    }

    /// The bytes in `range`; none where it reaches beyond the end.
    pub fn get(&self, range: Range<usize>) -> &[u8] {
        self.bytes.get(range).unwrap_or_default()
    }

    /// A number in network byte order.
    pub fn number(self, range: Range<usize>) -> usize {
        let bytes = self.get(range);
        bytes.iter().fold(0, |n, b| n << 8 | usize::from(*b))
    }

    /// The bytes in `range` as a field.
    pub fn field(self, range: Range<usize>, name: impl Display, meaning: impl Display) -> Field {
        Field {
            at: self.at + range.start,
            hex: self.get(range).iter().map(|b| format!("{b:02x}")).collect(),
            name: name.to_string(),
            meaning: meaning.to_string(),
        }
    }

    /// The field of some digits of the bytes in `range`: `mask` has a dot for
    /// each that belongs to a neighbour.
    pub fn part(self, range: Range<usize>, mask: &str, name: &str, means: impl Display) -> Field {
        let mut field = self.field(range, name, means);
        let mut mask = mask.chars();
        for byte in &mut field.hex {
            let shown = byte.chars().map(|digit| match mask.next() {
                Some('.') => '.',
                _ => digit,
            });
            *byte = shown.collect();
        }
        field
    }

    /// All the bytes as one field.
    pub fn whole(self, name: &str) -> Field {
        let meaning = match self.bytes {
            [0, .., 0] if self.bytes.iter().all(|b| *b == 0) => {
                format!("{}, all 0", bytes(self.len()))
            }
            bytes => payload(bytes),
        };
        self.field(0..self.len(), name, meaning)
    }
}
