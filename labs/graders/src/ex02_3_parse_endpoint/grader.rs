//! Judges exercise 2.3: endpoints in every form, and texts that only look like
//! one.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::judge::{Bench, Event, Fact, Outcome, Scene};
use crate::messages::say;

/// Endpoints and their like, the plain ones first. No name but localhost is
/// asked about: an answer that looks names up would trouble the network.
const FIXED: [&str; 91] = [
    "192.0.2.1",
    "192.0.2.1:80",
    "2001:db8::1",
    "[2001:db8::1]:80",
    "[2001:db8::1]",
    "::1",
    "::1:80",
    "2001:db8::8:800:200c:417a",
    "2001:db8:0:0:8:800:200c:417a",
    "[::1]:65535",
    "10.20.30.255:1",
    "127.0.0.1",
    "2001:0DB8:0000:0000:0000:0000:0000:000A",
    "::ffff:192.0.2.1",
    "[::ffff:192.0.2.1]:80",
    "[2001:db8::192.0.2.33]",
    "192.0.2.1:0",
    "[2001:db8::1]:0",
    "localhost:80",
    "localhost",
    "192.0.2.1:",
    "[2001:db8::1]:",
    "192.0.2.1:65536",
    "192.0.2.1:65616",
    "192.0.2.1:4294967376",
    "192.0.2.1:http",
    "192.0.2.1:-80",
    "192.0.2.1:+80",
    "[2001:db8::1]:+80",
    "192.0.2.1:080",
    "[2001:db8::1]:00080",
    "192.0.2.010",
    "192.0.02.1:80",
    "192.0.2.00",
    "192.0.2.+1",
    "192.0.2.256",
    "192.0.2",
    "192.0.2.",
    "192.0.2.1.5",
    "127.1:80",
    "3221225985",
    "[192.0.2.1]:80",
    "[192.0.2.1]",
    "[2001:db8::1",
    "2001:db8::1]",
    "[2001:db8::1:80",
    "2001:db8::1]:80",
    "[[2001:db8::1]]:80",
    "[2001:db8::1]]:80",
    "[2001:db8::1]80",
    "[2001:db8::1]:80:90",
    "[2001:db8::1]:80]",
    "[]:80",
    "[]",
    "::ffff:192.0.2.1:80",
    "2001:db8::1::2",
    "[2001:db8::1::2]:80",
    "2001:db8:0:0:8:800:200c:417a:80",
    "2001:db8:0:0:8:800:200c",
    "2001:db8:::1",
    "2001:db8::12345",
    "2001:db8::g",
    "2001:db8::1:",
    ":1",
    "fe80::1%1",
    "[fe80::1%1]:80",
    "fe80::1%eth0",
    " 192.0.2.1",
    "192.0.2.1:80 ",
    "192.0.2.1 :80",
    "192.0.2.1: 80",
    "[2001:db8::1]: 80",
    "[ 2001:db8::1 ]:80",
    "192.0.2.1:80\n",
    "",
    " ",
    ":",
    ":80",
    "*:80",
    "80",
    "192.0.2.1:80:90",
    "192.0.2.1/24",
    "udp://192.0.2.1:80",
    "http://192.0.2.1:80",
    "192.0.2.1:8_0",
    "192.0.2.1:８０",
    "１92.0.2.1",
    "é",
    "[é]:80",
    "[2001:db8::1]é80",
    "é192.0.2.1:80",
];

/// How many texts are asked at random.
const RANDOM: usize = 200;

/// What a text says.
type Endpoint = (IpAddr, u16);

/// Asks about one text after the other.
///
/// # Errors
/// What the answer did that the contract does not allow.
pub fn grade(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut random = bench.random();
    let scene = Scene::start(bench)?;
    let mut game = Game {
        scene,
        reads_ipv6: false,
    };
    for text in FIXED {
        let default_port = [53, 443, 1024, 8888][random.usize(..4)];
        game.ask(text, default_port)?;
    }
    for _ in 0..RANDOM {
        let mut text = some_endpoint(&mut random);
        if random.u8(..5) < 2 {
            text = with_a_slip(&text, &mut random);
        }
        game.ask(&text, random.u16(1..))?;
    }
    Ok(())
}

/// What the answer was asked so far.
struct Game {
    scene: Scene,
    /// Whether it has read an IPv6 address without brackets.
    reads_ipv6: bool,
}

impl Game {
    /// Asks about one text.
    fn ask(&mut self, text: &str, default_port: u16) -> Result<(), Outcome> {
        let port = default_port.to_string();
        let facts = [
            ("text", format!("{text:?}").into()),
            ("port", port.as_str().into()),
        ];
        match self.scene.ask(
            "called-endpoint",
            &facts,
            &[text.as_bytes(), port.as_bytes()],
        )? {
            Event::Returned(value) => {
                let field = |at: usize| {
                    value
                        .get(at)
                        .map(|v| String::from_utf8_lossy(v).into_owned())
                };
                let got = field(0).zip(field(1));
                let got = got.and_then(|(ip, port)| Some((ip.parse().ok()?, port.parse().ok()?)));
                let want = read(text, default_port);
                if got == want {
                    self.reads_ipv6 |= text.parse::<Ipv6Addr>().is_ok();
                    return Ok(());
                }
                self.scene
                    .returned(&format!("{got:?}"), Some(&format!("{want:?}")));
                let (key, cause) = self.explain(text, default_port, got);
                let facts: [(&'static str, Fact); 3] = [
                    ("text", format!("{text:?}").into()),
                    ("got", format!("{got:?}").into()),
                    ("why", why(text).into()),
                ];
                Err(self.scene.not_yet(key, &facts, cause))
            }
            other => Err(self.scene.usual(other, "expecting-return")),
        }
    }

    /// The message and the misconception for a wrong value: what one would have to
    /// believe to read the text like this.
    fn explain(
        &self,
        text: &str,
        default_port: u16,
        got: Option<Endpoint>,
    ) -> (&'static str, Option<&'static str>) {
        let Some((got_ip, got_port)) = got else {
            // An answer that has read one such address knows its colons.
            return if at_last_colon(text).is_none() && is_bare_ipv6(text) && !self.reads_ipv6 {
                ("endpoint-colon", Some("colon-port-v6"))
            } else {
                ("endpoint-refused", None)
            };
        };
        let reads = |text: &str| read(text, default_port) == got;
        let host = text.split_once(':').map_or(text, |(host, _)| host);
        let without = |left_out: fn(char) -> bool| text.replace(left_out, "");
        let no_brackets = without(|c| matches!(c, '[' | ']'));
        let no_zone = without_zone(text);
        if host == "localhost" && (got_ip.is_loopback() || got_ip.is_unspecified()) {
            ("endpoint-name", Some("localhost-is-any"))
        } else if is_bare_ipv6(text) && at_last_colon(text) == got {
            ("endpoint-colon", Some("colon-port-v6"))
        } else if text.matches("::").count() > 1 {
            ("endpoint-two-double-colons", Some("two-double-colons"))
        } else if read(text, default_port).is_some() {
            ("endpoint-other", None)
        } else if got_port == 0 && text.ends_with(":0") {
            ("endpoint-port-zero", Some("port-zero-is-a-port"))
        } else if lenient_port(text) == got {
            ("endpoint-port-spelling", Some("parse-checks-the-spelling"))
        } else if no_brackets != text && (reads(&no_brackets) || at_last_colon(&no_brackets) == got)
        {
            ("endpoint-brackets", Some("brackets-are-decoration"))
        } else if reads(&without(|c| c == '+')) {
            ("endpoint-octet-sign", Some("parse-checks-the-spelling"))
        } else if reads(&with_octets(text, 10)) || reads(&with_octets(text, 8)) {
            ("endpoint-octet", Some("leading-zero-octet"))
        } else if reads(&without(char::is_whitespace)) {
            ("endpoint-space", None)
        } else if reads(&no_zone) {
            ("endpoint-zone", None)
        } else if text.rsplit_once(':').is_some_and(|(ip, _)| reads(ip)) {
            ("endpoint-port-ignored", None)
        } else {
            ("endpoint-taken", None)
        }
    }
}

/// The endpoint in a text, as the contract wants it.
fn read(text: &str, default_port: u16) -> Option<Endpoint> {
    if let Ok(ip) = text.parse::<IpAddr>() {
        return Some((ip, default_port));
    }
    let (ip, port): (IpAddr, &str) = match text.strip_prefix('[') {
        Some(rest) => {
            let (inside, behind) = rest.split_once(']')?;
            let ip = inside.parse::<Ipv6Addr>().ok()?.into();
            if behind.is_empty() {
                return Some((ip, default_port));
            }
            (ip, behind.strip_prefix(':')?)
        }
        None => {
            let (ip, port) = text.split_once(':')?;
            (ip.parse::<Ipv4Addr>().ok()?.into(), port)
        }
    };
    let digits = port.bytes().all(|b| b.is_ascii_digit());
    let port: u16 = port
        .parse()
        .ok()
        .filter(|_| digits && !port.starts_with('0'))?;
    Some((ip, port))
}

/// Whether a text is an IPv6 address, or looks like one with a port behind it.
fn is_bare_ipv6(text: &str) -> bool {
    text.parse::<Ipv6Addr>().is_ok() || (!text.contains('[') && text.matches(':').count() > 1)
}

/// What is read by those who take what is behind the last colon for the port.
fn at_last_colon(text: &str) -> Option<Endpoint> {
    let (ip, port) = text.rsplit_once(':')?;
    Some((ip.parse().ok()?, port.parse().ok()?))
}

/// What is read by those who leave the port's spelling to `parse`.
fn lenient_port(text: &str) -> Option<Endpoint> {
    let (ip, port) = text.rsplit_once(':')?;
    let (ip, _) = read(ip, 1).filter(|(ip, _)| ip.is_ipv4() || ip_in_brackets(text))?;
    Some((ip, port.parse().ok()?))
}

fn ip_in_brackets(text: &str) -> bool {
    text.starts_with('[')
}

/// The text with its octets as numbers: of base 10, or of base 8 where they
/// begin with 0.
fn with_octets(text: &str, base: u32) -> String {
    let (ip, behind) = match text.split_once(':') {
        Some((ip, port)) => (ip, format!(":{port}")),
        None => (text, String::new()),
    };
    let octet = |octet: &str| {
        let base = if octet.starts_with('0') { base } else { 10 };
        u8::from_str_radix(octet, base).map_or_else(|_| octet.to_string(), |n| n.to_string())
    };
    let octets: Vec<String> = ip.split('.').map(octet).collect();
    octets.join(".") + &behind
}

/// The text without what stands from a `%` to the end of the address.
fn without_zone(text: &str) -> String {
    match text.split_once('%') {
        Some((before, zone)) => format!("{before}{}", zone.trim_start_matches(|c| c != ']')),
        None => text.to_string(),
    }
}

/// Why a text is no endpoint, or what it is.
fn why(text: &str) -> String {
    let inside = text.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let colons = text.matches(':').count();
    if read(text, 1).is_some() {
        let brackets = inside.is_some();
        let port = if brackets {
            text.contains("]:")
        } else {
            text.contains('.') && colons == 1
        };
        return match (brackets, port) {
            (true, true) => say("endpoint-is-brackets-port", &[]),
            (true, false) => say("endpoint-is-brackets", &[]),
            (false, true) => say("endpoint-is-ipv4-port", &[]),
            (false, false) if colons > 0 => say("endpoint-is-ipv6", &[]),
            (false, false) => say("endpoint-is-ipv4", &[]),
        };
    }
    if text.contains(char::is_whitespace) {
        say("why-space", &[])
    } else if text.contains('%') {
        say("why-zone", &[])
    } else if let Some((ip, behind)) = inside {
        if ip.parse::<Ipv4Addr>().is_ok() {
            say("why-brackets-ipv4", &[])
        } else if ip.parse::<Ipv6Addr>().is_err() {
            say("why-brackets-inside", &[])
        } else {
            behind
                .strip_prefix(':')
                .map_or_else(|| say("why-behind", &[]), why_port)
        }
    } else if text.contains(['[', ']']) {
        say("why-brackets-pair", &[])
    } else if colons > 1 {
        say("why-ipv6", &[])
    } else {
        match text.split_once(':') {
            Some((ip, port)) if ip.parse::<Ipv4Addr>().is_ok() => why_port(port),
            Some(("", _)) => say("why-nothing", &[]),
            _ if text.is_empty() => say("why-nothing", &[]),
            _ => say("why-ipv4", &[]),
        }
    }
}

/// Why a text is no port.
fn why_port(port: &str) -> String {
    if port.is_empty() {
        say("why-port-empty", &[])
    } else if !port.bytes().all(|b| b.is_ascii_digit()) {
        say("why-port-digits", &[])
    } else if port == "0" {
        say("why-port-none", &[])
    } else if port.starts_with('0') {
        say("why-port-zero", &[])
    } else {
        say("why-port-large", &[])
    }
}

/// An endpoint of any form.
fn some_endpoint(random: &mut fastrand::Rng) -> String {
    let port = random.u16(1..);
    let groups: [u16; 8] = std::array::from_fn(|_| if random.bool() { random.u16(..) } else { 0 });
    let v4 = Ipv4Addr::from(random.u32(..));
    let v6 = match random.u8(..4) {
        // Every group in full, some of it in upper case.
        0 => groups.map(|g| format!("{g:04X}")).join(":"),
        1 => v4.to_ipv6_mapped().to_string(),
        _ => Ipv6Addr::from(groups).to_string(),
    };
    match random.u8(..5) {
        0 => v4.to_string(),
        1 => format!("{v4}:{port}"),
        2 => v6,
        3 => format!("[{v6}]"),
        _ => format!("[{v6}]:{port}"),
    }
}

/// The text with one character left out, put in, or replaced.
fn with_a_slip(text: &str, random: &mut fastrand::Rng) -> String {
    const SLIPS: &[u8] = b"0123456789abcdef::..[]%+- ";
    let mut text = text.as_bytes().to_vec();
    let at = random.usize(..text.len());
    let slip = SLIPS[random.usize(..SLIPS.len())];
    match random.u8(..3) {
        0 => text[at] = slip,
        1 => text.insert(at, slip),
        _ => {
            text.remove(at);
        }
    }
    String::from_utf8_lossy(&text).into_owned()
}
