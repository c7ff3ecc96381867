//! Lab 1's frames: those that it makes and those that it names, held against
//! what etherparse makes of the same bytes.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use etherparse::{
    IpFragOffset, IpHeaders, IpNumber, Ipv4Extensions, Ipv4Header, Ipv4Options, Ipv6Extensions,
    Ipv6FragmentHeader, Ipv6Header, Ipv6RawExtHeader, LinkSlice, NetSlice, PacketBuilder,
    SlicedPacket, TcpOptionElement, TransportSlice,
};

use crate::compare_text;
use crate::terminal::{Terminal, lab, run};

// The lab's own code, so that it can be asked many thousand times.
#[allow(dead_code)]
#[path = "../../src/bin/lab01_layers.rs"]
mod lab01;
use lab01::{hex, names, table};

const NAME: &str = "lab01_layers";

fn recorded() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../book/recorded/layers_wire.txt")
}

#[test]
fn layers_hello() {
    let mut lab = run("lab", NAME, &["hello"], &[]);
    assert!(lab.finish().success());
    compare_text("layers_hello", &lab.text());
}

#[test]
fn layers_read() {
    let command = "cargo run --bin lab01_layers -- --read < book/recorded/layers_wire.txt";
    let mut lab = Terminal::open("lab", command, &lab(NAME), &["--read"]);
    lab.pipe_in(&fs::read(recorded()).expect("the recording"));
    assert!(lab.finish().success());
    compare_text("layers_read", &lab.text());
}

#[test]
fn help_of_both_labs_reads_like_a_page() {
    for name in [NAME, "lab01_interfaces"] {
        let help = Command::new(lab(name)).arg("--help").output();
        let help = text(&help.expect("the lab runs").stdout);
        // On Windows clap names the program with its ending.
        let help = help.replace(".exe", "");
        let wide = help.lines().find(|line| line.chars().count() > 80);
        assert_eq!(wide, None);
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(format!("help__{name}"), help);
        });
    }
}

/// What the lab does with these arguments and this input.
fn output(args: &[&str], input: &str) -> Output {
    let mut child = Command::new(lab(NAME))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the lab runs");
    // A lab that has no use for its input may be gone already.
    let _ = child
        .stdin
        .take()
        .expect("an input")
        .write_all(input.as_bytes());
    child.wait_with_output().expect("the lab ends")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

/// The lines that the lab prints.
fn shown(args: &[&str], input: &str) -> String {
    let output = output(args, input);
    assert!(
        output.status.success(),
        "{args:?}: {}",
        text(&output.stderr)
    );
    text(&output.stdout)
}

/// The exit status and the sentence on standard error.
fn complaint(args: &[&str], input: &str) -> (Option<i32>, String) {
    let output = output(args, input);
    (
        output.status.code(),
        text(&output.stderr).trim_end().to_string(),
    )
}

/// The frame in the dump that the lab prints.
fn frame(shown: &str) -> Vec<u8> {
    let (_, dump) = shown.split_once("\nthe frame\n").expect("a dump");
    hex::frame(dump).expect("a frame")
}

#[test]
fn frame_holds_what_was_put_in() {
    let cases: [(&str, &[&str]); 4] = [
        ("hello", &[]),
        ("", &[]),
        ("naïve \n", &["--ttl", "1", "--id", "0xbeef"]),
        (
            "odd",
            &["--from", "10.1.2.3:1", "--to", "255.254.253.252:65535"],
        ),
    ];
    for (message, more) in cases {
        let mut args = vec![
            message,
            "--from-mac",
            "0a:0b:0c:0d:0e:0f",
            "--to-mac",
            "2-4-6-8-a-c",
        ];
        args.extend(more);
        let value = |flag: &str, or: &str| {
            let at = args.iter().position(|a| *a == flag);
            at.map_or(or.to_string(), |at| args[at + 1].to_string())
        };
        let made = frame(&shown(&args, ""));
        let packet = SlicedPacket::from_ethernet(&made).expect("a packet");
        let Some(LinkSlice::Ethernet2(link)) = packet.link else {
            panic!("no Ethernet in {made:02x?}")
        };
        assert_eq!(link.source(), [0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f]);
        assert_eq!(link.destination(), [2, 4, 6, 8, 0xa, 0xc]);
        let Some(NetSlice::Ipv4(net)) = packet.net else {
            panic!("no IPv4 in {made:02x?}")
        };
        let ip = net.header().to_header();
        assert_eq!(ip.header_checksum, ip.calc_header_checksum());
        assert_eq!(ip.time_to_live.to_string(), value("--ttl", "64"));
        assert_eq!(format!("{:#x}", ip.identification), value("--id", "0x1"));
        assert!(ip.dont_fragment && !ip.more_fragments);
        let Some(TransportSlice::Udp(udp)) = packet.transport else {
            panic!("no UDP in {made:02x?}")
        };
        let sum = udp.to_header().calc_checksum_ipv4(&ip, message.as_bytes());
        assert_eq!(Ok(udp.checksum()), sum);
        let (from, to) = (net.header().source_addr(), net.header().destination_addr());
        let from = format!("{from}:{}", udp.source_port());
        let to = format!("{to}:{}", udp.destination_port());
        assert_eq!(from, value("--from", "192.0.2.2:50000"));
        assert_eq!(to, value("--to", "192.0.2.1:8888"));
        assert_eq!(udp.payload(), message.as_bytes());
        assert_eq!(made.len(), 42 + message.len());
    }
}

#[test]
fn capture_file_holds_the_frame() {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("layers.pcap");
    let name = file.to_str().expect("a name");
    let shown = shown(&["hello", "--pcap", name], "");
    assert!(shown.ends_with(&format!(
        "wrote {name}; tcpdump -e -XX -r {name} shows it\n"
    )));
    let written = fs::read(&file).expect("the file");
    let head: [u8; 24] = [
        0xa1, 0xb2, 0xc3, 0xd4, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 1,
    ];
    assert_eq!(written[..24], head);
    assert_eq!(
        written[24..40],
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 47, 0, 0, 0, 47]
    );
    assert_eq!(written[40..], frame(&shown));
}

#[test]
fn wrong_arguments_are_explained() {
    let usage: [(&[&str], &str); 6] = [
        (
            &["--from", "192.0.2.2"],
            "write it as ADDRESS:PORT, like 192.0.2.1:8888",
        ),
        (
            &["--to", "[::1]:1"],
            "write it as ADDRESS:PORT, like 192.0.2.1:8888",
        ),
        (
            &["--to-mac", "02:00:00:00:00"],
            "write it as six bytes in hexadecimal, like 02:00:00:00:00:01",
        ),
        (
            &["--from-mac", "+2:00:00:00:00:01"],
            "write it as six bytes in hexadecimal, like 02:00:00:00:00:01",
        ),
        (
            &["--id", "0x10000"],
            "write a number from 0 to 65535, or from 0x0 to 0xffff",
        ),
        (
            &["--read", "hello"],
            "the argument '--read' cannot be used with '[MESSAGE]'",
        ),
    ];
    for (args, sentence) in usage {
        let (status, said) = complaint(args, "");
        let first = said.lines().next().unwrap_or_default();
        assert!(status == Some(2) && first.ends_with(sentence), "{said}");
    }
    let folder = env!("CARGO_TARGET_TMPDIR");
    let (status, said) = complaint(&["--pcap", folder], "");
    assert_eq!(status, Some(1));
    assert!(
        said.starts_with(&format!("cannot write {folder}: ")),
        "{said}"
    );
}

/// The longest message makes the longest packet that Ethernet carries.
#[test]
fn message_has_room_in_one_packet() {
    let made = frame(&shown(&[&"x".repeat(1472)], ""));
    assert_eq!(made.len(), 14 + 1500);
    let sentence = "cannot put 1473 bytes into one frame: a packet on Ethernet has at most 1500 bytes, and 28 of them are the headers of IPv4 and UDP; write at most 1472";
    let long = "x".repeat(1473);
    assert_eq!(complaint(&[&long], ""), (Some(1), sentence.into()));
}

/// RFC 768: a sum of 0 is sent as ffff, because 0 says that there is no sum.
#[test]
fn checksum_of_zero_is_sent_as_ffff() {
    // hello to port 8888 has the sum 51f5: a port that is higher by as much.
    let port = 8888 + 0x51f5;
    let made = frame(&shown(&["--to", &format!("192.0.2.1:{port}")], ""));
    assert_eq!(made[40..42], [0xff, 0xff]);
}

/// The rows of the tables, without the order of the layers.
fn rows(shown: &str) -> BTreeSet<String> {
    let (tables, _) = shown.split_once("\nthe frame\n").expect("a dump");
    tables
        .lines()
        .filter(|l| !l.is_empty())
        .map(str::to_string)
        .collect()
}

#[test]
fn frame_is_named_as_it_was_made() {
    for message in ["hello", "", "a longer message: sixteen and more bytes"] {
        let made = shown(&[message, "--id", "513"], "");
        let (_, dump) = made.split_once("\nthe frame\n").expect("a dump");
        let bare: String = frame(&made).iter().map(|b| format!("{b:02x}")).collect();
        for input in [dump, &made, &bare, &bare.to_uppercase()] {
            assert_eq!(rows(&shown(&["--read"], input)), rows(&made));
        }
    }
}

#[test]
fn hexadecimal_is_read_as_tools_write_it() {
    let wanted: Vec<u8> = (0..20).collect();
    let bare: String = wanted.iter().map(|b| format!("{b:02x}")).collect();
    let inputs = [
        bare.clone(),
        format!("{}\n {}\n", &bare[..20], &bare[20..]),
        wanted.iter().map(|b| format!("{b:02X}:")).collect(),
        wanted.iter().map(|b| format!("0x{b:02x}, ")).collect(),
        // tcpdump -XX, with a second frame after the first
        "IP 192.0.2.2.50000 > 192.0.2.1.8888: UDP\n\t0x0000:  0001 0203 0405 0607 0809 0a0b 0c0d 0e0f  ........ab  cdef\n\t0x0010:  1011 1213                                ....\nIP again\n\t0x0000:  ffff  ..\n".into(),
        // xxd
        "00000000: 0001 0203 0405 0607 0809 0a0b 0c0d 0e0f  ................\n00000010: 1011 1213                                ....\n".into(),
        // Wireshark
        "0000   00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f   ................\r\n0010   10 11 12 13                                       ....\r\n".into(),
    ];
    for input in inputs {
        assert_eq!(hex::frame(&input).as_ref(), Ok(&wanted), "{input}");
    }
}

#[test]
fn input_that_is_no_frame_is_explained() {
    let cases = [
        (
            "",
            "cannot read a frame: the input has none; give its bytes in hexadecimal, such as tcpdump -XX shows them",
        ),
        (
            "45 00 0",
            "cannot read a frame: in line 1, \"0\" has an odd number of digits; a byte has two",
        ),
        (
            "4500\nhello",
            "cannot read a frame: in line 2, 'h' is no hexadecimal digit",
        ),
        (
            "\t0x0000:  4500  E.\n\t0x0010:  4500  E.",
            "cannot read a frame: line 2 says that it begins with byte 16, but 2 came before it",
        ),
    ];
    for (input, sentence) in cases {
        assert_eq!(complaint(&["--read"], input), (Some(1), sentence.into()));
    }
    let long = "00".repeat(600_000);
    let (status, said) = complaint(&["--read"], &long);
    assert_eq!(status, Some(1));
    assert!(
        said.ends_with("more than 512 KiB, and no frame is that long"),
        "{said}"
    );
}

const MACS: ([u8; 6], [u8; 6]) = ([2, 0, 0, 0, 0, 2], [2, 0, 0, 0, 0, 1]);

/// Whole frames of many kinds, made by etherparse.
fn good_frames() -> Vec<(&'static str, Vec<u8>)> {
    let ethernet = || PacketBuilder::ethernet2(MACS.0, MACS.1);
    let (four, six) = (([192, 0, 2, 2], [192, 0, 2, 1]), ([0x20; 16], [0xfe; 16]));
    let mut frames = Vec::new();

    let mut frame = Vec::new();
    let udp = ethernet().ipv4(four.0, four.1, 64).udp(50_000, 8888);
    udp.write(&mut frame, b"hello").expect("a frame");
    let mut padded = frame.clone();
    padded.resize(60, 0);
    frames.push(("UDP", frame));
    frames.push(("UDP in a padded frame", padded));

    let mut frame = Vec::new();
    let udp = ethernet().ipv6(six.0, six.1, 64).udp(1, 65_535);
    udp.write(&mut frame, b"hello").expect("a frame");
    frames.push(("UDP over IPv6", frame));

    let options = [
        TcpOptionElement::MaximumSegmentSize(1460),
        TcpOptionElement::SelectiveAcknowledgementPermitted,
        TcpOptionElement::Timestamp(u32::MAX, 7),
        TcpOptionElement::Noop,
        TcpOptionElement::WindowScale(7),
    ];
    let mut frame = Vec::new();
    let tcp = ethernet()
        .ipv4(four.0, four.1, 64)
        .tcp(50_000, 80, 1, 64_240)
        .syn();
    let tcp = tcp.options(&options).expect("options");
    tcp.write(&mut frame, b"").expect("a frame");
    frames.push(("TCP's first segment", frame));

    let blocks = TcpOptionElement::SelectiveAcknowledgement((3, 4), [Some((5, 6)), None, None]);
    let mut frame = Vec::new();
    let tcp = ethernet()
        .ipv6(six.0, six.1, 64)
        .tcp(50_000, 80, 1, 64_240)
        .ack(9)
        .psh();
    let tcp = tcp.options(&[blocks]).expect("options");
    tcp.write(&mut frame, b"GET / HTTP/1.1").expect("a frame");
    frames.push(("TCP over IPv6", frame));

    let mut header = Ipv4Header::new(0, 64, IpNumber::UDP, four.0, four.1).expect("a header");
    header.options =
        Ipv4Options::try_from(&[148, 4, 0, 0, 7, 7, 4, 0, 0, 0, 0, 0][..]).expect("options");
    let mut frame = Vec::new();
    let udp = ethernet()
        .ip(IpHeaders::Ipv4(header, Ipv4Extensions::default()))
        .udp(1, 2);
    udp.write(&mut frame, b"hello").expect("a frame");
    frames.push(("UDP behind options of IPv4", frame));

    let header = Ipv6Header {
        hop_limit: 9,
        source: six.0,
        destination: six.1,
        ..Default::default()
    };
    let extensions = Ipv6Extensions {
        hop_by_hop_options: Some(
            Ipv6RawExtHeader::new_raw(IpNumber::UDP, &[1, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
                .expect("options"),
        ),
        fragment: Some(Ipv6FragmentHeader::new(
            IpNumber::UDP,
            IpFragOffset::ZERO,
            true,
            77,
        )),
        ..Default::default()
    };
    let mut frame = Vec::new();
    let udp = ethernet().ip(IpHeaders::Ipv6(header, extensions)).udp(1, 2);
    udp.write(&mut frame, b"the first fragment")
        .expect("a frame");
    frames.push(("a fragment of IPv6", frame));

    let mut header = Ipv4Header::new(0, 64, IpNumber::UDP, four.0, four.1).expect("a header");
    header.dont_fragment = false;
    header.fragment_offset = 185.try_into().expect("an offset");
    let mut frame = Vec::new();
    let later = ethernet().ip(IpHeaders::Ipv4(header, Ipv4Extensions::default()));
    let data = b"the rest of a datagram";
    later
        .write(&mut frame, IpNumber::UDP, data)
        .expect("a frame");
    frames.push(("a later fragment of IPv4", frame));

    let mut frame = frames[0].1.clone();
    frame[12..14].copy_from_slice(&[0x08, 0x06]);
    frames.push(("ARP", frame));

    let mut frame = Vec::new();
    let ping = ethernet()
        .ipv4(four.0, four.1, 64)
        .icmpv4_echo_request(1, 1);
    ping.write(&mut frame, b"ping").expect("a frame");
    frames.push(("ICMP", frame));
    frames
}

/// All that the lab says of a frame, with what it says last.
fn named(frame: &[u8]) -> (String, Option<String>) {
    let named = names::name(frame);
    let lines = table::lines(&named, frame, true);
    let text = lines.join("\n");
    let wide = text.lines().find(|line| line.chars().count() > 80);
    assert_eq!(wide, None, "{frame:02x?}");
    if named.problem.is_none() {
        every_byte_is_named_once(&named, frame);
    }
    (text, named.problem)
}

/// The fields cover the frame; the two halves of a byte are the only ones that
/// share it.
fn every_byte_is_named_once(named: &names::Named, frame: &[u8]) {
    let mut digits = vec![0; frame.len() * 2];
    for layer in &named.layers {
        for field in &layer.fields {
            let shown = field.hex.concat();
            for (at, digit) in shown.chars().enumerate().filter(|(_, digit)| *digit != '.') {
                let at = field.at * 2 + at;
                let nibble = frame[at / 2] >> (4 * (1 - at % 2)) & 0xf;
                assert_eq!(digit.to_digit(16), Some(nibble.into()), "{}", field.name);
                digits[at] += 1;
            }
        }
    }
    assert!(digits.iter().all(|n| *n == 1), "{digits:?} in {frame:02x?}");
    let sizes: usize = named.layers.iter().map(|layer| layer.size).sum();
    assert_eq!(sizes, frame.len());
}

#[test]
fn frames_of_every_kind_are_named() {
    let mut shown = String::new();
    for (what, frame) in good_frames() {
        let (text, problem) = named(&frame);
        assert_eq!(problem, None, "{what}");
        assert!(!text.contains("wrong"), "{what}:\n{text}");
        shown.push_str(&format!("=== {what}\n{text}\n\n"));
    }
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("layers_of_every_kind", shown);
    });
}

#[test]
fn lengths_that_lie_are_said() {
    let frame = |kind: &str| {
        let frames = good_frames();
        frames
            .into_iter()
            .find(|(what, _)| *what == kind)
            .expect("a frame")
            .1
    };
    let with = |kind: &str, at: usize, byte: u8| {
        let mut frame = frame(kind);
        frame[at] = byte;
        named(&frame).1.unwrap_or_default()
    };
    let cases = [
        (
            with("UDP", 14, 0x65),
            "Ethernet says that this is IPv4, and its version is 6",
        ),
        (
            with("UDP", 14, 0x44),
            "the IPv4 header says that it has 16 bytes of the packet's 33; it has at least 20",
        ),
        (
            with("UDP", 17, 19),
            "the IPv4 header says that it has 20 bytes of the packet's 19; it has at least 20",
        ),
        (
            with("UDP", 17, 34),
            "the IPv4 packet says that it has 34 bytes, and 33 are there",
        ),
        (
            with("UDP", 39, 7),
            "the UDP header says that the datagram has 7 bytes; the header alone has 8",
        ),
        (
            with("UDP", 39, 14),
            "the UDP datagram says that it has 14 bytes, and 13 are there",
        ),
        (
            with("UDP over IPv6", 14, 0x45),
            "Ethernet says that this is IPv6, and its version is 4",
        ),
        (
            with("UDP over IPv6", 19, 14),
            "the IPv6 packet says that it has 54 bytes, and 53 are there",
        ),
        (
            with("TCP's first segment", 46, 0x40),
            "the TCP header says that it has 16 bytes; it has at least 20",
        ),
        (
            with("TCP's first segment", 46, 0xf0),
            "the TCP header says that it has 60 bytes, and 40 are there",
        ),
        (
            with("TCP's first segment", 55, 1),
            "an option of the TCP header is broken: kind 2 says that it has 1 byte of the 20 that are left",
        ),
        (
            with("TCP's first segment", 55, 21),
            "an option of the TCP header is broken: kind 2 says that it has 21 bytes of the 20 that are left",
        ),
        (
            with("a fragment of IPv6", 55, 200),
            "the IPv6 hop-by-hop options header says that it has 1608 bytes, and 50 are there",
        ),
    ];
    for (said, sentence) in cases {
        assert_eq!(said, sentence);
    }
    let mut cut = frame("UDP");
    cut.truncate(20);
    let hex: String = cut.iter().map(|b| format!("{b:02x}")).collect();
    let sentence = "the IPv4 header is cut off: it has at least 20 bytes, and 6 of them are there";
    assert_eq!(complaint(&["--read"], &hex), (Some(1), sentence.into()));
}

#[test]
fn wrong_checksums_are_found() {
    for (at, right) in [
        (24, "header checksum      wrong; b6c8 would be right"),
        (40, "checksum             wrong; 51f5 would be right"),
    ] {
        let mut frame = good_frames().remove(0).1;
        frame[at] ^= 0xff;
        let (text, problem) = named(&frame);
        assert_eq!(problem, None);
        assert!(text.contains(right), "{text}");
    }
}

/// Nothing that a frame holds ends the lab in any other way than a sentence.
#[test]
fn hostile_frames_are_named_too() {
    let good = good_frames();
    for (_, frame) in &good {
        for length in 0..frame.len() {
            named(&frame[..length]);
        }
    }
    let mut random = fastrand::Rng::with_seed(1);
    for round in 0..4_000 {
        let mut frame = good[round % good.len()].1.clone();
        for _ in 0..random.usize(1..5) {
            let at = random.usize(..frame.len());
            frame[at] = match random.u8(..4) {
                0 => 0,
                1 => 0xff,
                2 => frame[at] ^ 1 << random.u8(..8),
                _ => random.u8(..),
            };
        }
        if random.u8(..8) == 0 {
            frame.truncate(random.usize(..frame.len()));
        }
        named(&frame);
    }
}

/// Whatever is typed in place of a frame is a frame or a sentence.
#[test]
fn hostile_input_is_read_too() {
    let recorded = fs::read_to_string(recorded()).expect("the recording");
    let mut random = fastrand::Rng::with_seed(1);
    for _ in 0..4_000 {
        let mut input = recorded.clone().into_bytes();
        for _ in 0..random.usize(1..5) {
            let at = random.usize(..input.len());
            input[at] = match random.u8(..3) {
                0 => random.u8(..),
                1 => *random.choice(b" :0x\n\t-,").expect("a byte"),
                _ => input[random.usize(..input.len())],
            };
        }
        input.truncate(random.usize(..=input.len()));
        if let Ok(frame) = hex::frame(&String::from_utf8_lossy(&input)) {
            named(&frame);
        }
    }
}
