//! What the wire does to each frame: its own code, between two pairs of
//! sockets, where a datagram is a frame.

use std::fs::File;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixDatagram;
use std::time::{Duration, Instant};

#[path = "../../src/bin/lab07_wire/describe.rs"]
mod describe;
#[allow(dead_code)]
#[path = "../../src/bin/lab07_wire/fate.rs"]
mod fate;
#[path = "../../src/bin/lab07_wire/forward.rs"]
mod forward;
#[allow(dead_code)]
#[path = "../../src/bin/lab07_wire/packet.rs"]
mod packet;
#[allow(dead_code)]
#[path = "../../src/bin/lab07_wire/plan.rs"]
mod plan;

use fate::{Fate, chance};
use plan::{Plan, Way, listed};

/// A wire on which these frames meet these fates; all others pass.
struct Wire {
    from: UnixDatagram,
    to: UnixDatagram,
}

impl Wire {
    fn new(delay: Duration, fates: &'static [(u64, Fate)]) -> Self {
        let (from, entry) = UnixDatagram::pair().expect("a pair of sockets");
        let (exit, to) = UnixDatagram::pair().expect("a pair of sockets");
        let file = |socket: UnixDatagram| File::from(OwnedFd::from(socket));
        let decide = move |number, _: &[u8]| {
            let named = fates.iter().find(|(n, _)| *n == number);
            named.map_or(Fate::Passes, |(_, fate)| *fate)
        };
        forward::forward(file(entry), file(exit), delay, decide).expect("threads");
        to.set_read_timeout(Some(Duration::from_secs(10)))
            .expect("a time limit");
        Self { from, to }
    }

    /// Sends the frames 1 to `count`, each of them its number.
    fn send(&self, count: u8) {
        for number in 1..=count {
            self.from.send(&[number]).expect("sent");
        }
    }

    fn next(&self) -> u8 {
        let mut buf = [0; 2];
        assert_eq!(self.to.recv(&mut buf).expect("a frame"), 1);
        buf[0]
    }

    fn arrives(&self, wanted: &[u8]) {
        let arrived: Vec<u8> = wanted.iter().map(|_| self.next()).collect();
        assert_eq!(arrived, wanted);
        self.to.set_nonblocking(true).expect("a socket");
        assert!(self.to.recv(&mut [0; 2]).is_err(), "and no more");
    }
}

#[test]
fn frames_arrive_in_order_and_not_before_their_time() {
    let delay = Duration::from_millis(30);
    let wire = Wire::new(delay, &[]);
    let mut sent = Vec::new();
    for number in 1..=20 {
        sent.push(Instant::now());
        wire.from.send(&[number]).expect("sent");
    }
    for number in 1..=20 {
        assert_eq!(wire.next(), number);
        assert!(sent[usize::from(number) - 1].elapsed() >= delay);
    }
}

#[test]
fn each_frame_meets_its_fate() {
    let none = Duration::ZERO;
    let wire = Wire::new(
        none,
        &[(2, Fate::Dropped), (4, Fate::Repeated), (5, Fate::HeldBack)],
    );
    wire.send(7);
    wire.arrives(&[1, 3, 4, 4, 6, 5, 7]);
}

/// Each of them after the one that followed it.
#[test]
fn frames_held_back_in_a_row_arrive_in_reverse() {
    let wire = Wire::new(
        Duration::ZERO,
        &[(1, Fate::HeldBack), (2, Fate::HeldBack), (3, Fate::Dropped)],
    );
    wire.send(5);
    wire.arrives(&[4, 2, 1, 5]);
}

/// It does not wait for ever for one that follows it.
#[test]
fn last_frame_is_not_held_back_for_ever() {
    let wire = Wire::new(Duration::from_millis(5), &[(1, Fate::HeldBack)]);
    let begin = Instant::now();
    wire.send(1);
    wire.arrives(&[1]);
    assert!(begin.elapsed() >= Duration::from_millis(205));
}

#[test]
fn long_frames_pass_whole() {
    let wire = Wire::new(Duration::ZERO, &[]);
    wire.from.send(&[7; 9014]).expect("sent"); // the largest of many networks
    let mut buf = vec![0; 10_000];
    assert_eq!(wire.to.recv(&mut buf).expect("a frame"), 9014);
}

#[test]
fn lists_of_frames_are_read() {
    let plan = |list: &str| Plan {
        dropped: list
            .split(',')
            .map(|one| listed(one).expect("a list"))
            .collect(),
        repeated: vec![],
        held_back: vec![],
        loss: 0.0,
        seed: 1,
    };
    let dropped = |list: &str, way| {
        let plan = plan(list);
        (1..=20)
            .filter(|n| plan.fate(way, *n) == Fate::Dropped)
            .collect::<Vec<_>>()
    };
    assert_eq!(dropped("3,7-9,back:2", Way::There), [3, 7, 8, 9]);
    assert_eq!(dropped("3,7-9,back:2,back:4-5", Way::Back), [2, 4, 5]);
    for wrong in [
        "", "0", "-1", "x", "9-7", "0-3", "back:", "back:0", "3-", "-", "1.5", "3 ",
    ] {
        assert!(listed(wrong).is_err(), "{wrong:?}");
    }
}

/// A share is a share, whatever the seed, and no seed or way is like another.
#[test]
fn dice_are_fair() {
    let thrown = |seed, die| (1..=20_000).map(move |n| chance(seed, die, n) < 0.05);
    let mut seen = Vec::new();
    for seed in [0, 1, 2, 54, u64::MAX] {
        for die in [0, 1] {
            let lost: Vec<bool> = thrown(seed, die).collect();
            let count = lost.iter().filter(|lost| **lost).count();
            assert!(
                (850..1150).contains(&count),
                "{count} of 20000 with {seed}, {die}"
            );
            // What was lost says nothing about what is lost next.
            let twice = lost.windows(2).filter(|w| w[0] && w[1]).count();
            assert!(
                (20..90).contains(&twice),
                "{twice} pairs with {seed}, {die}"
            );
            assert!(!seen.contains(&lost));
            seen.push(lost);
        }
    }
}

/// Whatever a frame holds, it is described in one short line.
#[test]
fn frames_are_described() {
    use etherparse::PacketBuilder;
    let mut describer = describe::Describer::default();
    let ethernet = || {
        let macs = ([2, 0, 0, 0, 0, 2], [2, 0, 0, 0, 0, 1]);
        PacketBuilder::ethernet2(macs.0, macs.1).ipv4([192, 0, 2, 2], [192, 0, 2, 1], 64)
    };
    let mut udp = Vec::new();
    ethernet()
        .udp(50_000, 8888)
        .write(&mut udp, b"h")
        .expect("a frame");
    assert_eq!(describer.describe(Way::There, &udp), "UDP 1 byte");
    let mut syn = Vec::new();
    ethernet()
        .tcp(50_000, 8888, u32::MAX, 100)
        .syn()
        .write(&mut syn, b"")
        .expect("a frame");
    assert_eq!(describer.describe(Way::There, &syn), "TCP SYN seq 0");
    let mut data = Vec::new();
    let tcp = ethernet().tcp(50_000, 8888, 0, 100).ack(7).psh();
    tcp.write(&mut data, b"hello").expect("a frame");
    assert_eq!(
        describer.describe(Way::There, &data),
        "TCP PSH ACK seq 1 ack 7, 5 bytes"
    );
    for (at, byte, said) in [
        (20, 0x20, "UDP 1 byte, the first fragment"),
        (21, 1, "fragment from byte 8"),
        (23, 1, "ICMP"),
        (23, 99, "IPv4, protocol 99"),
        (13, 6, "ARP"),
        (13, 7, "a frame of 43 bytes"),
    ] {
        let mut frame = udp.clone();
        frame[at] = byte;
        assert_eq!(describer.describe(Way::There, &frame), said);
    }
    for length in 0..data.len() {
        describer.describe(Way::Back, &data[..length]);
    }
    let mut random = fastrand::Rng::with_seed(1);
    for _ in 0..20_000 {
        let mut frame = data.clone();
        (0..3).for_each(|_| frame[random.usize(12..data.len())] = random.u8(..));
        frame.truncate(random.usize(..=frame.len()));
        assert!(describer.describe(Way::There, &frame).len() < 80);
    }
}
