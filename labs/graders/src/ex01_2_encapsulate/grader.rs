//! Judges exercise 1.2: frames with data of all lengths, to hosts on the link
//! and behind a router.
//!
//! A frame is compared field by field. What the answer computes from its own
//! bytes, a checksum, is held against these: one mistake is told once.

use std::net::Ipv4Addr;
use std::ops::Range;

use super::{Endpoint, checksum};
use crate::judge::{Bench, Event, Fact, Outcome, Scene};
use crate::messages::say;

/// Where the parts of a frame begin.
const IPV4: usize = 14;
const UDP: usize = IPV4 + 20;
const DATA: usize = UDP + 8;
/// The most bytes of data: what an MTU of 1,500 leaves.
const MOST: usize = 1_472;
/// How many random frames there are.
const RANDOM: usize = 150;
/// How many fields a verdict lists at the most.
const LISTED: usize = 6;

/// Where the checksums are.
const HEADER_CHECKSUM: Range<usize> = 24..26;
const UDP_CHECKSUM: Range<usize> = 40..42;

/// The fields in front of the data, in order: the key of each name, and where
/// the field ends.
const FIELDS: [(&str, usize); 17] = [
    ("field-destination-mac", 6),
    ("field-source-mac", 12),
    ("field-ethertype", 14),
    ("field-version", 15),
    ("field-service", 16),
    ("field-total-length", 18),
    ("field-identification", 20),
    ("field-flags", 22),
    ("field-ttl", 23),
    ("field-protocol", 24),
    ("field-header-checksum", 26),
    ("field-source-ip", 30),
    ("field-destination-ip", 34),
    ("field-source-port", 36),
    ("field-destination-port", 38),
    ("field-udp-length", 40),
    ("field-udp-checksum", 42),
];

/// Gives the answer messages and hosts.
///
/// # Errors
/// What the answer did that the contract does not allow.
pub fn grade(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut random = bench.random();
    let mut game = Game {
        bench,
        scene: Scene::start(bench)?,
    };
    let host = |mac, ip: [u8; 4], port| Endpoint {
        mac: [2, 0, 0, 0, 0, mac],
        ip: Ipv4Addr::from(ip),
        port,
    };
    let client = host(2, [192, 0, 2, 2], 50_000);
    let server = host(1, [192, 0, 2, 1], 8_888);
    let far = host(7, [198, 51, 100, 7], 53);
    let wide = host(3, [10, 1, 2, 200], 50_000);
    let router = Some([2, 0, 0, 0, 0, 0xfe]);
    let mut bytes = |len: usize| -> Vec<u8> { (0..len).map(|_| random.u8(..)).collect() };
    let case = |data: &[u8], from: &Endpoint, to: &Endpoint, router| Case {
        data: data.to_vec(),
        from: from.clone(),
        to: to.clone(),
        router,
    };
    let fixed = [
        case(b"hello", &client, &server, None),
        case(b"a question", &client, &far, router),
        case(b"", &server, &client, None),
        case(&bytes(300), &far, &host(9, [203, 0, 113, 9], 1), router),
        case(&bytes(MOST), &client, &server, None),
        // Which numbers two addresses share does not tell who shares a link.
        case(b"a neighbour", &wide, &host(5, [10, 1, 77, 5], 9), None),
        case(b"next door", &client, &host(8, [192, 0, 2, 130], 9), router),
        case(b"next door", &wide, &host(6, [10, 1, 2, 100], 9), router),
        case(b"far away", &wide, &host(4, [10, 9, 8, 7], 9), router),
    ];
    for case in &fixed {
        game.ask(case)?;
    }
    for _ in 0..RANDOM {
        game.ask(&any(&mut random))?;
    }
    for case in &fixed[..2] {
        game.ask_again(case)?;
    }
    Ok(())
}

/// One message and its way.
#[derive(Clone)]
struct Case {
    data: Vec<u8>,
    from: Endpoint,
    to: Endpoint,
    router: Option<[u8; 6]>,
}

/// Any message, and hosts with any addresses.
fn any(random: &mut fastrand::Rng) -> Case {
    let mut mac = || {
        let [_, _, mac @ ..] = random.u64(..).to_be_bytes();
        [mac[0] & 0xfc | 2, mac[1], mac[2], mac[3], mac[4], mac[5]] // an address of one host's own
    };
    let macs = [mac(), mac(), mac()];
    let mut host = |mac| Endpoint {
        mac,
        ip: Ipv4Addr::from(random.u32(..)),
        port: random.u16(1..),
    };
    let (from, mut to) = (host(macs[0]), host(macs[1]));
    // As often as not, their addresses begin alike.
    let apart = u32::MAX >> random.u32(0..32);
    if random.bool() {
        to.ip = Ipv4Addr::from(u32::from(from.ip) ^ random.u32(1..=apart));
    }
    let longest = *random.choice(&[4, 60, 600, MOST]).unwrap_or(&4);
    let len = random.usize(0..=longest);
    Case {
        data: (0..len).map(|_| random.u8(..)).collect(),
        from,
        to,
        router: random.bool().then_some(macs[2]),
    }
}

impl Case {
    /// What the answer's program is sent.
    fn arguments(&self) -> [Vec<u8>; 8] {
        let (from, to) = (&self.from, &self.to);
        let text = |text: String| text.into_bytes();
        [
            self.data.clone(),
            from.mac.to_vec(),
            text(from.ip.to_string()),
            text(from.port.to_string()),
            to.mac.to_vec(),
            text(to.ip.to_string()),
            text(to.port.to_string()),
            self.router.map_or(Vec::new(), |mac| mac.to_vec()),
        ]
    }

    /// The frame that the contract asks for, without a UDP checksum.
    fn frame(&self) -> Vec<u8> {
        let two = |n: usize| u16::try_from(n).unwrap_or(u16::MAX).to_be_bytes();
        let (udp, total) = (two(8 + self.data.len()), two(28 + self.data.len()));
        let (from, to) = (&self.from, &self.to);
        let mut frame = Vec::new();
        frame.extend(self.router.unwrap_or(to.mac));
        frame.extend(from.mac);
        frame.extend([0x08, 0x00]);
        frame.extend([0x45, 0, total[0], total[1]]);
        frame.extend([0, 1, 0x40, 0, 64, 17, 0, 0]);
        frame.extend(from.ip.octets());
        frame.extend(to.ip.octets());
        frame.extend(from.port.to_be_bytes());
        frame.extend(to.port.to_be_bytes());
        frame.extend([udp[0], udp[1], 0, 0]);
        frame.extend(&self.data);
        let sum = checksum(&frame[IPV4..UDP]).to_be_bytes();
        frame[HEADER_CHECKSUM].copy_from_slice(&sum);
        frame
    }
}

struct Game<'a> {
    bench: &'a Bench<'a>,
    scene: Scene,
}

impl Game<'_> {
    fn ask(&mut self, case: &Case) -> Result<(), Outcome> {
        let got = self.frame(case)?;
        match self.judge(case, &got) {
            None => Ok(()),
            Some((key, facts, id)) => Err(self.scene.not_yet(key, &facts, id)),
        }
    }

    /// The same arguments as before give a right frame again.
    fn ask_again(&mut self, case: &Case) -> Result<(), Outcome> {
        let got = self.frame(case)?;
        match self.judge(case, &got) {
            None => Ok(()),
            Some(_) => Err(self.scene.not_yet("encapsulate-changed", &[], None)),
        }
    }

    /// The frame that the answer returns.
    fn frame(&mut self, case: &Case) -> Result<Vec<u8>, Outcome> {
        self.scene.new_page();
        let bytes = match case.data.len() {
            0 => String::new(),
            _ => format!(": {}", hex(&case.data)),
        };
        let facts = [
            ("size", some_bytes(case.data.len())),
            ("bytes", bytes.into()),
        ];
        let arguments = case.arguments();
        let arguments = arguments.each_ref().map(Vec::as_slice);
        self.scene.call("called-encapsulate", &facts, &arguments)?;
        self.scene.note("encapsulate-from", &facts_of(&case.from));
        self.scene.note("encapsulate-to", &facts_of(&case.to));
        match case.router {
            Some(mac) => self
                .scene
                .note("encapsulate-router", &[("mac", colons(&mac).into())]),
            None => self.scene.note("encapsulate-no-router", &[]),
        }
        match self.scene.wait() {
            Event::Returned(value) => Ok(value.into_iter().next().unwrap_or_default()),
            other => Err(self.stopped(other, case)),
        }
    }

    /// The answer did not return a frame: does it look for a router that is not
    /// there?
    fn stopped(&mut self, event: Event, case: &Case) -> Outcome {
        let panicked = matches!(event, Event::Unwound { .. });
        let mut outcome = self.scene.usual(event, "expecting-return");
        if let Outcome::NotYet(finding) = &mut outcome
            && panicked
            && case.router.is_none()
            && self.goes_by_numbers(case)
        {
            finding.key = "encapsulate-router-by-numbers";
            finding.misconception = BY_NUMBERS;
            finding.facts.extend(ends(case));
        }
        outcome
    }

    /// Whether the frame would go to the right MAC address, were the two IP
    /// addresses others: alike where there is no router, and unlike where there
    /// is one.
    fn goes_by_numbers(&self, case: &Case) -> bool {
        let mut other = case.clone();
        other.from.ip = Ipv4Addr::new(192, 0, 2, 2);
        other.to.ip = match case.router {
            Some(_) => Ipv4Addr::new(198, 51, 100, 7),
            None => Ipv4Addr::new(192, 0, 2, 3),
        };
        let arguments = other.arguments();
        let arguments = arguments.each_ref().map(Vec::as_slice);
        let Ok(mut scene) = Scene::start(self.bench) else {
            return false;
        };
        match scene.ask("called-encapsulate", &[], &arguments) {
            Ok(Event::Returned(value)) => {
                let frame = value.first().map(Vec::as_slice).unwrap_or_default();
                frame.starts_with(&other.router.unwrap_or(other.to.mac))
            }
            _ => false,
        }
    }

    /// What is wrong with a frame, if anything is.
    fn judge(&mut self, case: &Case, got: &[u8]) -> Option<Finding> {
        let want = case.frame();
        let size = |frame: &[u8]| say("encapsulate-frame", &[("size", some_bytes(frame.len()))]);
        let other_length = got.len() != want.len();
        self.scene
            .returned(&size(got), other_length.then(|| size(&want)).as_deref());
        let wrong = differences(got, &want);
        if wrong.is_empty() && !other_length {
            return None;
        }
        let whole = structure(got, &want);
        // Where the bytes lie is wrong, more fields say no more.
        let listed = match (&whole, other_length) {
            (Some(_), _) => 0,
            (None, true) => 3,
            (None, false) => LISTED,
        };
        self.list(&wrong[..wrong.len().min(listed)], wrong.len());
        let astray = wrong.first().filter(|f| f.name == FIELDS[0].0);
        if let Some(field) = astray
            && !other_length
            && (case.router.is_none() || field.got == case.to.mac)
            && self.goes_by_numbers(case)
        {
            let key = match case.router {
                Some(_) => "encapsulate-neighbour-by-numbers",
                None => "encapsulate-router-by-numbers",
            };
            return Some((key, ends(case), BY_NUMBERS));
        }
        let known = |field| belief(field, case, got);
        let taught = |finding: &Finding| finding.2.is_some();
        whole
            .or_else(|| {
                let any = wrong.iter().filter_map(known).find(taught);
                any.filter(|_| !other_length)
            })
            .or_else(|| {
                let first = wrong
                    .first()
                    .filter(|f| !other_length || f.name == "field-version");
                first.and_then(known)
            })
            .or_else(|| Some(otherwise(&wrong, got, &want)))
    }

    /// Shows the fields that are wrong, in columns.
    fn list(&mut self, shown: &[Difference], count: usize) {
        let name = |field: &Difference| say(field.name, &[]);
        let width = shown
            .iter()
            .map(|f| name(f).chars().count())
            .max()
            .unwrap_or(0);
        for field in shown {
            let facts = [
                ("at", format!("{:<4}", field.at.start).into()),
                ("field", format!("{:width$}", name(field)).into()),
                ("got", hex(&field.got).into()),
                ("want", hex(&field.want).into()),
            ];
            self.scene.note("encapsulate-differs", &facts);
        }
        if !shown.is_empty() && count > shown.len() {
            let facts = [("count", (count - shown.len()).into())];
            self.scene.note("encapsulate-more", &facts);
        }
    }
}

type Finding = (
    &'static str,
    Vec<(&'static str, Fact)>,
    Option<&'static str>,
);

/// What an answer believes that looks at the addresses' numbers.
const BY_NUMBERS: Option<&str> = Some("prefix-is-an-octet");

/// What the sentences about the two ends' addresses need to know.
fn ends(case: &Case) -> Vec<(&'static str, Fact)> {
    vec![
        ("from", case.from.ip.to_string().into()),
        ("to", case.to.ip.to_string().into()),
        ("far", colons(&case.to.mac).into()),
    ]
}

/// A field that is not what it should be.
struct Difference {
    name: &'static str,
    at: Range<usize>,
    got: Vec<u8>,
    want: Vec<u8>,
}

/// The fields of a frame that are not what they should be.
fn differences(got: &[u8], want: &[u8]) -> Vec<Difference> {
    let part = |frame: &[u8], at: &Range<usize>| {
        let end = at.end.min(frame.len());
        frame
            .get(at.start.min(end)..end)
            .unwrap_or_default()
            .to_vec()
    };
    let mut found = Vec::new();
    let mut start = 0;
    for (name, end) in FIELDS {
        let at = start..end;
        start = end;
        let field = Difference {
            name,
            got: part(got, &at),
            want: right(got, want, &at),
            at,
        };
        let no_checksum = field.at == UDP_CHECKSUM && field.got == [0, 0];
        if field.got != field.want && !no_checksum {
            found.push(field);
        }
    }
    let data = DATA..got.len().max(want.len());
    let (got, want) = (part(got, &data), part(want, &data));
    if got != want {
        let same = got.iter().zip(&want).take_while(|(a, b)| a == b).count();
        found.push(Difference {
            name: "field-data",
            at: DATA + same..data.end,
            got: got[same..].to_vec(),
            want: want[same..].to_vec(),
        });
    }
    found
}

/// What a field of this frame should be: a checksum is that of the frame's own
/// bytes, if it is as long as it should be.
fn right(got: &[u8], want: &[u8], at: &Range<usize>) -> Vec<u8> {
    if got.len() != want.len() {
        return want[at.clone()].to_vec();
    }
    if *at == HEADER_CHECKSUM {
        return checksum(&without(got, at)[IPV4..UDP])
            .to_be_bytes()
            .to_vec();
    }
    if *at == UDP_CHECKSUM {
        // A sum of 0 is written as ffff: 0 says that there is none.
        let sum = match checksum(&with_pseudo_header(&without(got, at))) {
            0 => 0xffff,
            sum => sum,
        };
        return sum.to_be_bytes().to_vec();
    }
    want[at.clone()].to_vec()
}

/// The frame with zeros in this field.
fn without(frame: &[u8], at: &Range<usize>) -> Vec<u8> {
    let mut frame = frame.to_vec();
    frame[at.clone()].fill(0);
    frame
}

/// What the UDP checksum of a frame covers.
fn with_pseudo_header(frame: &[u8]) -> Vec<u8> {
    let length = u16::try_from(frame.len() - UDP)
        .unwrap_or(u16::MAX)
        .to_be_bytes();
    [&frame[26..UDP], &[0, 17], &length, &frame[UDP..]].concat()
}

/// What is wrong with the frame as a whole.
fn structure(got: &[u8], want: &[u8]) -> Option<Finding> {
    if got.is_empty() {
        return Some(("encapsulate-nothing", Vec::new(), None));
    }
    let parts = [
        ("part-ethernet", &want[..IPV4]),
        ("part-ipv4", &want[IPV4..UDP]),
        ("part-udp", &want[UDP..DATA]),
        ("part-data", &want[DATA..]),
    ];
    if let Some(order) = order_of(&parts, got) {
        let names = |keys: &[&str]| {
            keys.iter()
                .map(|k| say(k, &[]))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let facts = vec![("order", names(&order).into())];
        return Some(("encapsulate-order-of-parts", facts, None));
    }
    let facts = vec![
        ("len", got.len().into()),
        ("more", some_bytes(got.len().saturating_sub(want.len()))),
    ];
    let same = |frame: &[u8]| differences(frame, want).is_empty() && frame.len() == want.len();
    if let Some((frame, behind)) = got.split_at_checked(want.len())
        && !behind.is_empty()
    {
        let zeros = behind.iter().all(|b| *b == 0) && [60, 64].contains(&got.len());
        match behind.len() {
            _ if zeros => return Some(("encapsulate-padded", facts, None)),
            4 if same(frame) => return Some(("encapsulate-frame-check", facts, None)),
            _ if same(frame) => return Some(("encapsulate-more-behind", facts, None)),
            _ => {}
        }
    }
    if let Some(start) = got.len().checked_sub(want.len())
        && start > 0
        && same(&got[start..])
    {
        return Some(("encapsulate-more-in-front", facts, None));
    }
    None
}

/// The order of the frame's parts in what the answer returned, when it has some
/// of them whole, and nothing else.
fn order_of(parts: &[(&'static str, &[u8])], got: &[u8]) -> Option<Vec<&'static str>> {
    if got.is_empty() {
        return Some(Vec::new());
    }
    for (at, (name, part)) in parts.iter().enumerate() {
        let Some(rest) = got.strip_prefix(*part).filter(|_| !part.is_empty()) else {
            continue;
        };
        let others = [&parts[..at], &parts[at + 1..]].concat();
        if let Some(order) = order_of(&others, rest) {
            return Some([&[*name][..], &order].concat());
        }
    }
    None
}

/// The belief that makes this field what it is.
fn belief(field: &Difference, case: &Case, frame: &[u8]) -> Option<Finding> {
    let (got, want) = (&field.got[..], &field.want[..]);
    let number = |n: usize| u16::try_from(n).unwrap_or(u16::MAX).to_be_bytes();
    // A number, whichever of its bytes comes first.
    let is = |n: usize| got == number(n) || got == [number(n)[1], number(n)[0]];
    let (len, mac_of) = (case.data.len(), |mac: &[u8]| got == mac);
    let mut facts = vec![
        ("field", say(field.name, &[]).into()),
        ("got", hex(got).into()),
        ("want", hex(want).into()),
        ("data", some_bytes(len)),
        ("datagram", some_bytes(8 + len)),
        ("packet", some_bytes(28 + len)),
        ("far", colons(&case.to.mac).into()),
        (
            "router",
            case.router.map_or(String::new(), |mac| colons(&mac)).into(),
        ),
    ];
    let source = Some("source-comes-first");
    let known = match field.name {
        "field-destination-mac" if mac_of(&case.from.mac) && frame[6..12] != case.from.mac => {
            ("encapsulate-macs", source)
        }
        "field-destination-mac" if mac_of(&case.to.mac) => {
            ("encapsulate-far-mac", Some("mac-goes-end-to-end"))
        }
        "field-source-mac" if case.router.is_some_and(|mac| mac_of(&mac)) => {
            ("encapsulate-router-sends", None)
        }
        "field-source-ip" if got == case.to.ip.octets() => ("encapsulate-ips", source),
        "field-source-port" if got == case.to.port.to_be_bytes() => ("encapsulate-ports", source),
        "field-total-length" if is(len) || is(8 + len) => {
            let counted = if is(len) { len } else { 8 + len };
            facts.push(("counted", some_bytes(counted)));
            ("encapsulate-total-length", Some("total-length-is-payload"))
        }
        "field-total-length" if is(DATA + len) => ("encapsulate-total-length-of-frame", None),
        "field-udp-length" if is(len) => ("encapsulate-udp-length", Some("udp-length-is-payload")),
        "field-udp-length" if is(28 + len) => ("encapsulate-udp-length-of-packet", None),
        "field-header-checksum" => return header_checksum(frame, got, facts),
        "field-udp-checksum" => return udp_checksum(frame, got, want, facts),
        "field-version" => {
            let byte = got.first().copied().unwrap_or(0);
            facts.extend([
                ("version", u32::from(byte >> 4).into()),
                ("words", u32::from(byte & 0xf).into()),
            ]);
            ("encapsulate-version", None)
        }
        "field-flags" if got != [want[1], want[0]] => ("encapsulate-flags", None),
        _ if got == want.iter().rev().copied().collect::<Vec<_>>() => {
            ("encapsulate-byte-order", Some("host-byte-order"))
        }
        "field-total-length" | "field-udp-length" if got == [0, want[1]] => {
            ("encapsulate-low-byte", None)
        }
        _ => return None,
    };
    Some((known.0, facts, known.1))
}

/// The belief behind a header checksum that is not that of the header.
fn header_checksum(
    frame: &[u8],
    got: &[u8],
    mut facts: Vec<(&'static str, Fact)>,
) -> Option<Finding> {
    let frame = without(frame, &HEADER_CHECKSUM);
    let is = |bytes: &[u8]| got == checksum(bytes).to_be_bytes();
    let bare = without(&frame, &UDP_CHECKSUM);
    let more = [
        &frame[IPV4..],
        &bare[IPV4..],
        &frame[..],
        &bare[..],
        &frame[..UDP],
    ];
    let behind = [&frame[UDP..], &bare[UDP..], &frame[DATA..]];
    let part = (1..20).find(|n| is(&frame[IPV4..IPV4 + n]));
    let header = &frame[IPV4..UDP];
    let right = checksum(header);
    let known = if more.iter().any(|bytes| is(bytes)) {
        (
            "encapsulate-sum-of-packet",
            Some("checksum-covers-the-packet"),
        )
    } else if behind.iter().any(|bytes| is(bytes)) {
        (
            "encapsulate-sum-of-data",
            Some("checksum-covers-the-packet"),
        )
    } else if got == right.swap_bytes().to_be_bytes() {
        ("encapsulate-byte-order", Some("host-byte-order"))
    } else if got == [0, 0] {
        ("encapsulate-no-sum", None)
    } else if got == (!right).to_be_bytes() {
        ("encapsulate-sum-turned", None)
    } else if let Some(n) = part {
        facts.push(("part", some_bytes(n)));
        ("encapsulate-sum-of-part", None)
    } else {
        ("encapsulate-sum", None)
    };
    Some((known.0, facts, known.1))
}

/// The belief behind a UDP checksum that is not right.
fn udp_checksum(
    frame: &[u8],
    got: &[u8],
    want: &[u8],
    facts: Vec<(&'static str, Fact)>,
) -> Option<Finding> {
    let frame = without(frame, &UDP_CHECKSUM);
    let (key, id) = if got == checksum(&frame[UDP..]).to_be_bytes() {
        ("encapsulate-udp-sum-bare", None)
    } else if got == [want[1], want[0]] {
        ("encapsulate-byte-order", Some("host-byte-order"))
    } else {
        ("encapsulate-udp-sum", None)
    };
    Some((key, facts, id))
}

/// No known belief explains the frame: where does it go wrong first?
fn otherwise(wrong: &[Difference], got: &[u8], want: &[u8]) -> Finding {
    let mut facts = vec![
        ("len", some_bytes(got.len())),
        ("all", some_bytes(want.len())),
        ("data", some_bytes(want.len() - DATA)),
    ];
    if let Some(first) = wrong.first() {
        facts.extend([
            ("at", first.at.start.into()),
            ("field", say(first.name, &[]).into()),
            ("got", hex(&first.got).into()),
            ("want", hex(&first.want).into()),
        ]);
    }
    let key = if got.len() == want.len() {
        "encapsulate-field"
    } else {
        "encapsulate-length"
    };
    (key, facts, None)
}

fn facts_of(end: &Endpoint) -> [(&'static str, Fact); 3] {
    [
        ("mac", colons(&end.mac).into()),
        ("ip", format!("{:<15}", end.ip.to_string()).into()),
        ("port", end.port.to_string().into()),
    ]
}

fn some_bytes(len: usize) -> Fact {
    say("some-bytes", &[("len", len.into())]).into()
}

/// The first bytes of a field, in hexadecimal.
fn hex(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return say("encapsulate-missing", &[]);
    }
    let mut text: Vec<_> = bytes.iter().take(8).map(|b| format!("{b:02x}")).collect();
    if bytes.len() > 8 {
        text.push("…".into());
    }
    text.join(" ")
}

/// A MAC address as people write it.
fn colons(mac: &[u8; 6]) -> String {
    mac.map(|b| format!("{b:02x}")).join(":")
}
