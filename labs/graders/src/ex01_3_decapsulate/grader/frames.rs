//! Frames of every kind: whole ones, others, and those that lie.

use std::ops::Range;

use super::reading::{DONT_FRAGMENT, IP, IPV4, MORE_FRAGMENTS, UDP, read, two};
use crate::ex01_2_encapsulate::checksum;

/// The shortest frame on the wire, without its check.
const SHORTEST: usize = 60;

/// Whole frames that carry something else than a whole datagram over IPv4.
pub fn others(plain: &Frame, answer: &Frame) -> Vec<Vec<u8>> {
    let arp: [&[u8]; 4] = [
        &plain.bytes()[..12],
        &[0x08, 0x06, 0, 1, 0x08, 0, 6, 4, 0, 1],
        &[2, 0, 0, 0, 0, 2, 192, 0, 2, 2],
        &[0, 0, 0, 0, 0, 0, 192, 0, 2, 1],
    ];
    let tagged: [&[u8]; 3] = [&plain.bytes()[..12], &[0x81, 0, 0, 5], &plain.bytes()[12..]];
    let udp = &answer.bytes()[UDP..];
    let mut six = [&plain.bytes()[..12], &[0x86, 0xdd, 0x60, 0, 0, 0]].concat();
    six.extend([0, udp.len() as u8, 17, 64]);
    six.extend([0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]);
    six.extend([0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    six.extend(udp);
    // A TCP segment, whose sequence number stands where UDP has its length.
    let mut tcp = vec![
        0xc3, 0x50, 0, 80, 0, 24, 0, 1, 0, 0, 0, 1, 0x50, 0x18, 0xff, 0, 0, 0, 0, 0,
    ];
    tcp.extend(b"GET / HTTP/1.0\r\n\r\n");
    // A ping, in which this is the number of its sender.
    let ping = [&[8, 0, 0, 0, 0, 12, 0, 1][..], b"abcdefgh"].concat();
    vec![
        plain.with(|f| f.ethertype = 0x88b5).bytes(),
        arp.concat(),
        // Half of IPv4's EtherType, and a length in place of one.
        plain.with(|f| f.ethertype = 0x0806).bytes(),
        plain.with(|f| f.ethertype = 0x8600).bytes(),
        plain.with(|f| f.ethertype = 0x0021).bytes(),
        six,
        tagged.concat(),
        plain.with(|f| f.version = 6).bytes(),
        plain
            .with(|f| (f.protocol, f.instead) = (6, Some(tcp.clone())))
            .bytes(),
        plain
            .with(|f| (f.protocol, f.instead) = (1, Some(ping.clone())))
            .bytes(),
        plain.with(|f| f.protocol = 136).bytes(),
        answer.with(|f| f.flags = MORE_FRAGMENTS).bytes(),
        answer.with(|f| f.flags = 185).bytes(),
        answer.with(|f| f.flags = MORE_FRAGMENTS | 370).bytes(),
        answer.with(|f| f.flags = 0x1000).bytes(),
        answer.with(|f| f.flags = 1).bytes(),
        answer
            .with(|f| (f.flags, f.length) = (MORE_FRAGMENTS, Some(3_000)))
            .bytes(),
    ]
}

/// Frames whose lengths do not fit.
pub fn liars(plain: &Frame) -> Vec<Vec<u8>> {
    let padded = plain.with(|f| f.padded = true);
    let total = |n| plain.with(|f| f.total = Some(n)).bytes();
    let length = |n| plain.with(|f| f.length = Some(n)).bytes();
    let header = |n| plain.with(|f| f.words = Some(n)).bytes();
    vec![
        total(34),
        total(1_500),
        total(0x7fff),
        total(0x8000),
        total(0xffff),
        padded.with(|f| f.total = Some(32)).bytes(),
        total(27),
        total(20),
        total(19),
        total(0),
        // Where a header of 16 bytes would end, this looks like another datagram.
        Frame::new(12, 8_888, b"hello")
            .with(|f| f.words = Some(4))
            .bytes(),
        header(0),
        header(15),
        length(14),
        length(60_000),
        length(0x7fff),
        length(0x8000),
        length(0xffff),
        padded.with(|f| f.length = Some(26)).bytes(),
        length(7),
        length(0),
        plain
            .with(|f| (f.total, f.length) = (Some(28), Some(13)))
            .bytes(),
    ]
}

/// A frame of any kind; every other one is not as it should be.
pub fn any(random: &mut fastrand::Rng) -> Vec<u8> {
    loop {
        let longest = *random.choice(&[3, 30, 300]).unwrap_or(&3);
        let len = random.usize(0..=longest);
        let data: Vec<u8> = (0..len).map(|_| random.u8(..)).collect();
        let mut frame = Frame::new(random.u16(..), random.u16(..), &data);
        frame.padded = random.bool();
        frame.options = vec![1; 4 * random.usize(0..=10) * random.usize(0..=1)];
        frame.surplus = vec![0x55; random.usize(0..9) * random.usize(0..=1)];
        frame.flags = DONT_FRAGMENT * random.u16(0..=1);
        if random.bool() {
            frame.macs.fill_with(|| random.u8(..));
            (frame.service, frame.ttl) = (random.u8(..), random.u8(..));
            frame.identification = random.u16(..);
            frame.ips.fill_with(|| random.u8(..));
            frame.summed = random.bool();
        }
        match random.u8(0..16) {
            0 => frame.ethertype = random.u16(..),
            1 => frame.version = random.u8(0..16),
            2 => frame.words = Some(random.u8(0..16)),
            3 => frame.total = Some(random.u16(..100)),
            4 => frame.length = Some(random.u16(..100)),
            5 => frame.flags = random.u16(..0x8000),
            6 => frame.protocol = random.u8(..),
            _ => {}
        }
        let mut bytes = frame.bytes();
        if random.u8(0..16) == 0 {
            bytes.truncate(random.usize(..bytes.len()));
        }
        // The checksums are those of a header as long as it really is.
        if frame.words.is_none() || read(&bytes).is_err() {
            return bytes;
        }
    }
}

/// The addresses of a frame: the two MAC addresses, and the two IP addresses.
const MACS: [u8; 12] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2];
const IPS: [u8; 8] = [192, 0, 2, 2, 192, 0, 2, 1];

/// Whole frames with something in them that is rare and allowed: each differs
/// from `plain` in one field of [`FREE`], or in the number of its bytes.
pub fn odd(plain: &Frame) -> Vec<Vec<u8>> {
    let ports = |from, to| Frame::new(from, to, b"hello").bytes();
    let to = |mac: [u8; 6]| plain.with(|f| f.macs[..6].copy_from_slice(&mac)).bytes();
    let to_ip = |ip: [u8; 4]| plain.with(|f| f.ips[4..].copy_from_slice(&ip)).bytes();
    let ttl = |ttl| plain.with(|f| f.ttl = ttl).bytes();
    let filled = |len| Frame::new(50_000, 8_888, &vec![b'.'; len]).bytes();
    vec![
        ports(0, 8_888), // RFC 768: 0 when the source port is not used
        ports(50_000, 0),
        plain.with(|f| f.summed = false).bytes(),
        ttl(1),
        ttl(0),
        ttl(255),
        plain.with(|f| f.identification = 0).bytes(),
        plain.with(|f| f.identification = 0xfedc).bytes(),
        plain.with(|f| f.service = 46 << 2 | 1).bytes(),
        to([0xff; 6]),
        to([0x01, 0x00, 0x5e, 0, 0, 0xfb]),
        to([0x00, 0x53, 0, 0, 0, 1]),
        plain.with(|f| f.macs.fill(0)).bytes(), // as Linux writes on loopback
        to_ip([255; 4]),
        to_ip([224, 0, 0, 251]),
        to_ip([127, 0, 0, 1]),
        plain.with(|f| f.ips[..4].fill(0)).bytes(),
        filled(9_000 - 28),
        filled(0x8000 - 28),
        filled(0xffff - 28),
    ]
}

/// The fields that may be anything: the key of each name, and of the sentence
/// about an answer that refuses a frame for it; where it begins in a frame
/// without options, and how many bytes it has.
pub const FREE: [(&str, &str, usize, usize); 10] = [
    (
        "field-destination-mac",
        "decapsulate-refused-destination-mac",
        0,
        6,
    ),
    ("field-source-mac", "decapsulate-refused-source-mac", 6, 6),
    ("field-service", "decapsulate-refused-service", 15, 1),
    (
        "field-identification",
        "decapsulate-refused-identification",
        18,
        2,
    ),
    ("field-ttl", "decapsulate-refused-ttl", 22, 1),
    ("field-source-ip", "decapsulate-refused-source-ip", 26, 4),
    (
        "field-destination-ip",
        "decapsulate-refused-destination-ip",
        30,
        4,
    ),
    (
        "field-source-port",
        "decapsulate-refused-source-port",
        34,
        2,
    ),
    (
        "field-destination-port",
        "decapsulate-refused-destination-port",
        36,
        2,
    ),
    (
        "field-udp-checksum",
        "decapsulate-refused-udp-checksum",
        40,
        2,
    ),
];

/// Where one of them is in this frame.
pub fn place(frame: &[u8], start: usize, len: usize) -> Range<usize> {
    let options = usize::from(frame[IPV4] & 0xf) * 4 - 20;
    let at = start + if start < UDP { 0 } else { options };
    at..at + len
}

/// This whole frame with an ordinary value in one of them, and right checksums;
/// `None` when it has that value.
pub fn ordinary(frame: &[u8], start: usize, len: usize) -> Option<Vec<u8>> {
    let usual = Frame::new(50_000, 8_888, b"").bytes();
    let (at, udp) = (place(frame, start, len), place(frame, UDP, 0).start);
    let end = udp + usize::from(two(frame, udp + 4)?);
    let mut other = frame.to_vec();
    other[at.clone()].copy_from_slice(&usual[start..start + len]);
    let is_sum = at.start == udp + 6;
    let same = frame[at.clone()] == other[at.clone()];
    if same || is_sum && frame[at] != [0, 0] {
        return None;
    }
    other[24..26].fill(0);
    let sum = checksum(&other[IPV4..udp]);
    other[24..26].copy_from_slice(&sum.to_be_bytes());
    if is_sum || other[udp + 6..udp + 8] != [0, 0] {
        other[udp + 6..udp + 8].fill(0);
        let sum = udp_sum(&other[26..34], &other[udp..end]);
        other[udp + 6..udp + 8].copy_from_slice(&sum.to_be_bytes());
    }
    Some(other)
}

/// The checksum of a datagram between these two addresses; it counts the length
/// that stands in the datagram itself.
fn udp_sum(ips: &[u8], datagram: &[u8]) -> u16 {
    let pseudo = [ips, &[0, 17], &datagram[4..6]].concat();
    match checksum(&[&pseudo[..], datagram].concat()) {
        0 => 0xffff, // 0 says that there is none
        sum => sum,
    }
}

/// A frame to be made. What it says of itself may be wrong.
#[derive(Clone)]
pub struct Frame {
    macs: [u8; 12],
    pub ethertype: u16,
    pub version: u8,
    service: u8,
    identification: u16,
    ttl: u8,
    ips: [u8; 8],
    /// Whether the datagram has a checksum.
    summed: bool,
    pub options: Vec<u8>,
    pub flags: u16,
    pub protocol: u8,
    ports: (u16, u16),
    pub data: Vec<u8>,
    /// What lies in the packet behind the datagram.
    pub surplus: Vec<u8>,
    /// Whether the frame is filled up to the length of the shortest one.
    pub padded: bool,
    /// What the packet carries in place of a datagram.
    pub instead: Option<Vec<u8>>,
    /// What the header says of its length, in words of 4 bytes.
    pub words: Option<u8>,
    /// What the header says of the packet's length.
    pub total: Option<u16>,
    /// What the UDP header says of the datagram's length.
    pub length: Option<u16>,
}

impl Frame {
    pub fn new(from: u16, to: u16, data: &[u8]) -> Self {
        Self {
            macs: MACS,
            ethertype: IP,
            version: 4,
            service: 0,
            identification: 1,
            ttl: 64,
            ips: IPS,
            summed: true,
            options: Vec::new(),
            flags: 0,
            protocol: 17,
            ports: (from, to),
            data: data.to_vec(),
            surplus: Vec::new(),
            padded: false,
            instead: None,
            words: None,
            total: None,
            length: None,
        }
    }

    pub fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut frame = self.clone();
        change(&mut frame);
        frame
    }

    pub fn bytes(&self) -> Vec<u8> {
        let two = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        let length = self.length.unwrap_or(two(8 + self.data.len()));
        let mut datagram = Vec::new();
        for number in [self.ports.0, self.ports.1, length, 0] {
            datagram.extend(number.to_be_bytes());
        }
        datagram.extend(&self.data);
        datagram.extend(&self.surplus);
        if self.summed {
            let covered = datagram.get(..usize::from(length).max(6));
            let sum = udp_sum(&self.ips, covered.unwrap_or(&datagram));
            datagram[6..8].copy_from_slice(&sum.to_be_bytes());
        }
        let payload = self.instead.as_ref().unwrap_or(&datagram);

        let long = 20 + self.options.len();
        let words = self.words.unwrap_or((long / 4) as u8);
        let mut header = vec![self.version << 4 | words, self.service];
        for number in [
            self.total.unwrap_or(two(long + payload.len())),
            self.identification,
            self.flags,
        ] {
            header.extend(number.to_be_bytes());
        }
        header.extend([self.ttl, self.protocol, 0, 0]);
        header.extend(self.ips);
        header.extend(&self.options);
        let sum = checksum(&header).to_be_bytes();
        header[10..12].copy_from_slice(&sum);

        let mut frame = self.macs.to_vec();
        frame.extend(self.ethertype.to_be_bytes());
        frame.extend(header);
        frame.extend(payload);
        if self.padded && frame.len() < SHORTEST {
            frame.resize(SHORTEST, 0);
        }
        frame
    }
}
