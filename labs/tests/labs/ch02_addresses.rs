//! What lab02_addresses says of addresses, and of what is none.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::process::{Command, Stdio};

use crate::compare_text;
use crate::terminal::{Terminal, lab};

/// The lab with these arguments, to its end: exit status, output, complaints.
fn ask(args: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(lab("lab02_addresses"))
        .args(args)
        .stdin(Stdio::null())
        .output()
        .expect("the lab runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

/// The value behind a name: `kind`, `first` …
fn value(output: &str, name: &str) -> String {
    let start = format!("  {name:8} ");
    let line = output.lines().find_map(|line| line.strip_prefix(&start));
    line.unwrap_or_else(|| panic!("no {name} in:\n{output}"))
        .to_string()
}

/// Asks for these addresses, and compares the answer; a long command goes on in
/// further lines, as a person would write it.
fn transcript(name: &str, status: i32, args: &[&str]) {
    let mut lines = vec!["cargo run --bin lab02_addresses --".to_string()];
    for arg in args {
        let arg = match arg.contains('[') {
            true => format!("\"{arg}\""),
            false => (*arg).to_string(),
        };
        match lines.last_mut() {
            Some(line) if line.len() + arg.len() < 72 => *line += &format!(" {arg}"),
            _ => lines.push(format!("    {arg}")),
        }
    }
    let command = lines.join(" \\\n");
    let program = lab("lab02_addresses");
    let mut lab = Terminal::open("lab", &command, &program, args);
    assert_eq!(lab.finish().code(), Some(status));
    let text = lab.text();
    assert!(widest(&text) <= 80, "{text}");
    compare_text(name, &text);
}

fn widest(text: &str) -> usize {
    text.lines()
        .map(|line| line.chars().count())
        .max()
        .unwrap_or(0)
}

#[test]
fn addresses_prefix() {
    transcript("addresses_prefix", 0, &["10.1.2.200/26", "10.1.2.100/26"]);
}

#[test]
fn addresses_ipv6() {
    transcript("addresses_ipv6", 0, &["2001:DB8:0:1:0:0:0:2F/64"]);
}

#[test]
fn addresses_kinds() {
    let args = [
        "192.168.1.20",
        "172.31.0.1",
        "172.32.0.1",
        "100.64.0.1",
        "127.0.0.2",
        "169.254.7.7",
        "192.0.2.1",
        "224.0.0.251",
        "255.255.255.255",
        "::1",
        "fe80::1",
        "fd12:3456:789a::1",
        "2001:db8::1",
        "::ffff:10.0.0.1",
    ];
    transcript("addresses_kinds", 0, &args);
}

#[test]
fn addresses_wrong() {
    let args = [
        "127.0.0.010",
        "256.1.1.1",
        "127.1",
        "1::2::3",
        "1:2:3:4:5:6:7:8:9",
        "192.0.2.1:80",
        "[::1]:80",
        "localhost",
        "10.0.0.1/33",
        "10.0.0.1/255.255.0.0",
        "::1:80",
    ];
    transcript("addresses_wrong", 1, &args);
}

/// Every range of RFC 6890's registries as they are now, and multicast: its
/// first and its last address are of its kind, and those beside it of another.
#[test]
fn first_and_last_address_of_every_range_are_of_its_kind() {
    let ranges = [
        ("0.0.0.0/32", "unspecified"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "special"),
        ("192.0.2.0/24", "documentation"),
        ("192.31.196.0/24", "special"),
        ("192.52.193.0/24", "special"),
        ("192.88.99.0/24", "special"),
        ("192.168.0.0/16", "private"),
        ("192.175.48.0/24", "special"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("255.255.255.255/32", "broadcast"),
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("::ffff:0:0/96", "IPv4-mapped"),
        ("64:ff9b::/96", "special"),
        ("64:ff9b:1::/48", "special"),
        ("100::/64", "special"),
        ("2001:2::/48", "benchmarking"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "special"),
        ("2620:4f:8000::/48", "special"),
        ("3fff::/20", "documentation"),
        ("5f00::/16", "special"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("ff00::/8", "multicast"),
    ];
    for (range, kind) in ranges {
        let (first, length) = range.split_once('/').expect("a prefix");
        let length: u32 = length.parse().expect("a length");
        // Calculated here, not with the crate that the lab uses.
        let (inside, outside): (Vec<IpAddr>, Vec<IpAddr>) = match first.parse() {
            Ok(IpAddr::V4(first)) => {
                let first = first.to_bits();
                let last = first | u32::MAX.checked_shr(length).unwrap_or(0);
                let beside = [first.checked_sub(1), last.checked_add(1)];
                let address = |bits| IpAddr::from(Ipv4Addr::from_bits(bits));
                (
                    [first, last].map(address).into(),
                    beside.into_iter().flatten().map(address).collect(),
                )
            }
            Ok(IpAddr::V6(first)) => {
                let first = first.to_bits();
                let last = first | u128::MAX.checked_shr(length).unwrap_or(0);
                let beside = [first.checked_sub(1), last.checked_add(1)];
                let address = |bits| IpAddr::from(Ipv6Addr::from_bits(bits));
                (
                    [first, last].map(address).into(),
                    beside.into_iter().flatten().map(address).collect(),
                )
            }
            Err(error) => panic!("{range}: {error}"),
        };
        let says = |address: &IpAddr| value(&ask(&[&address.to_string()]).1, "kind");
        for address in inside {
            assert!(says(&address).starts_with(&format!("{kind}:")), "{address}");
        }
        for address in outside {
            let same = format!("{kind}: {first}/");
            assert!(!says(&address).starts_with(&same), "{address}");
        }
    }
}

#[test]
fn the_smaller_range_counts() {
    for (address, kind) in [
        (
            "192.0.0.9",
            "special: 192.0.0.9/32, Port Control Protocol anycast",
        ),
        (
            "192.0.0.171",
            "special: 192.0.0.170/31, NAT64/DNS64 discovery",
        ),
        ("192.0.0.172", "special: 192.0.0.0/24, protocol assignments"),
        ("0.1.2.3", "this network: 0.0.0.0/8"),
        ("255.255.255.254", "reserved: 240.0.0.0/4"),
        ("2001::1", "special: 2001::/32, Teredo"),
        (
            "2001:1ff:ffff::",
            "special: 2001::/23, protocol assignments",
        ),
        ("100:0:0:1::5", "special: 100:0:0:1::/64, dummy prefix"),
        ("2001:200::1", "public: "),
        ("1.1.1.1", "public: "),
        ("4000::", "reserved: outside 2000::/3"),
    ] {
        let said = value(&ask(&[address]).1, "kind");
        assert!(said.starts_with(kind), "{address}: {said}");
    }
}

#[test]
fn network_is_right_for_every_length_of_prefix() {
    let bits = 0xc0a8_5ac3_u32;
    let args: Vec<_> = (0..=32)
        .map(|length| format!("{}/{length}", Ipv4Addr::from_bits(bits)))
        .collect();
    for (arg, length) in args.iter().zip(0_u32..) {
        let (status, output, _) = ask(&[arg]);
        assert_eq!(status, Some(0));
        let hosts = u32::MAX.checked_shr(length).unwrap_or(0);
        for (name, bits) in [
            ("mask", !hosts),
            ("first", bits & !hosts),
            ("last", bits | hosts),
        ] {
            let row = value(&output, name);
            let mut words = row.split_whitespace();
            assert_eq!(words.next(), Some(&*Ipv4Addr::from_bits(bits).to_string()));
            let shown = words.next().expect("its bits");
            assert_eq!(shown.replace(['.', '|'], ""), format!("{bits:032b}"));
            let left = shown.split('|').next().expect("what is before the bar");
            assert_eq!(left.replace('.', "").len(), length as usize, "{shown}");
        }
        let count = value(&output, "count").replace(',', "");
        assert_eq!(
            count,
            format!("{} = 2^{}", u64::from(hosts) + 1, 32 - length)
        );
    }
    let bits = 0x2001_0db8_1234_5678_9abc_def0_0fed_cba9_u128;
    for length in 0_u32..=128 {
        let (status, output, _) = ask(&[&format!("{}/{length}", Ipv6Addr::from_bits(bits))]);
        assert_eq!(status, Some(0));
        let hosts = u128::MAX.checked_shr(length).unwrap_or(0);
        for (name, bits) in [("first", bits & !hosts), ("last", bits | hosts)] {
            assert_eq!(value(&output, name), Ipv6Addr::from_bits(bits).to_string());
        }
        let rows = output
            .lines()
            .skip_while(|line| !line.starts_with("  bits"));
        let shown: String = rows.take(4).map(|row| &row[20..]).collect();
        assert_eq!(shown.replace([' ', '|'], ""), format!("{bits:0128b}"));
        let left = shown.split('|').next().expect("what is before the bar");
        assert_eq!(left.replace(' ', "").len(), length as usize, "{shown}");
        let count = format!("= 2^{}", 128 - length);
        assert!(value(&output, "count").ends_with(&count));
    }
    assert!(
        value(&ask(&["::/0"]).1, "count")
            .starts_with("340,282,366,920,938,463,463,374,607,431,768,211,456 "),
        "one more than u128::MAX"
    );
}

#[test]
fn each_wrong_spelling_has_its_own_sentence() {
    for (text, why) in [
        ("", "nothing is written here"),
        ("10.0.0.1 ", "a space"),
        ("https://192.0.2.1/", "like a URL"),
        ("010.0.0.1", "octal, 8, not 10"),
        ("09.0.0.1", "write 9"),
        ("00.0.0.1", "write 0"),
        ("1.2.3.4.5", "5 numbers"),
        ("1..2.3", "a number is missing"),
        ("1.2.3.", "a number is missing"),
        ("99999.0.0.1", "more than 255"),
        ("2130706433", "one number alone"),
        ("0x7f.0.0.1", "hexadecimal"),
        ("192.0.2.1:http", "the port http"),
        ("[192.0.2.1]:80", "brackets are for IPv6"),
        ("[::1]", "the address is ::1"),
        ("[::1", "not closed"),
        ("[1::2::3]:80", ":: is there more than once"),
        ("fe80::1%eth0", "%eth0 names an interface"),
        ("1:::2", "three colons"),
        (":1:2:3:4:5:6:7", "a colon at its end"),
        ("1:2:3:4:5:6:7:", "a colon at its end"),
        ("::12345", "5 digits"),
        ("::xyz", "'x' is no hexadecimal digit"),
        ("1:2:3:4:5:6:7", "7 groups; an IPv6 address has eight"),
        ("1:2:3:4::5:6:7:8", "8 groups beside the ::"),
        ("::1.2.3.4:5", "is not at the end"),
        ("::1.2.3", "3 numbers"),
        ("::1.2.c.4", "c is no decimal number"),
        ("1:2:3:4:5:6:7:1.2.3.4", "9 groups"),
        ("+1.2.3.4", "a name"),
        ("10.0.0.1/", "/ is no number of bits"),
        ("10.0.0.1/+8", "/+8 is no number of bits"),
        ("10.0.0.1/08", "/08 begins with a zero"),
        ("::1/129", "an IPv6 address has 128 bits"),
        ("10.0.0.1/255.0.255.0", "is no mask either"),
        ("10.0.0.1/8/8", "/8/8 is no number of bits"),
    ] {
        let (status, output, said) = ask(&[text]);
        assert_eq!((status, output.as_str()), (Some(1), ""), "{text:?}");
        assert!(said.contains(why), "{text:?} is answered by:\n{said}");
        assert!(widest(&said) <= 80, "{said}");
    }
}

#[test]
fn port_behind_an_ipv6_address_is_noticed() {
    let note = value(&ask(&["::1:80"]).1, "note");
    assert_eq!(
        note,
        "80 is its last group; port 80 of it would be [::1]:80"
    );
    for plain in ["::1", "2001:db8::1", "::1:ab", "1:2:3:4:5:6:7:8"] {
        assert!(!ask(&[plain]).1.contains("note"), "{plain}");
    }
}

/// Whatever stands in a line of the input, the lab takes it for an address if
/// and only if Rust does, and never panics.
#[test]
fn lab_agrees_with_rust_on_every_line_of_its_input() {
    let parts = [
        "1", "0", "00", "255", "256", "db8", "2001", "ffff", "12345", ".", ".", ".", ":", ":",
        "::", "/", "64", "%", "[", "]", "g", " ", "é", "\u{7}", "-", "\u{663}",
    ];
    let mut seed = 2_u64;
    let mut random = |most: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 33) as usize % most
    };
    let mut lines: Vec<String> = (0..3000)
        .map(|_| {
            (0..random(12))
                .map(|_| parts[random(parts.len())])
                .collect()
        })
        .collect();
    lines.push("1".repeat(60_000));
    lines.push(format!("1.2.3.{}", "0".repeat(60_000)));
    lines.push(format!("::1/{}", "1".repeat(60_000)));
    lines.push("[".repeat(60_000));
    let wrong = lines.iter().filter(|line| {
        let (address, length) = line.split_once('/').unwrap_or((line.as_str(), "0"));
        let digits = length.len() == 1 || !length.starts_with('0');
        let most = match address.parse() {
            Ok(IpAddr::V4(_)) => 32,
            Ok(IpAddr::V6(_)) => 128,
            Err(_) => return true,
        };
        !(digits
            && length.bytes().all(|byte| byte.is_ascii_digit())
            && length.parse().is_ok_and(|length: u32| length <= most))
    });
    let expected = format!("no address: {} of {}", wrong.count(), lines.len());

    let mut lab = Terminal::open("lab", "", &lab("lab02_addresses"), &[]);
    lab.pipe_in(lines.join("\n").as_bytes());
    assert_eq!(lab.finish().code(), Some(1));
    let text = lab.text();
    let last = text.lines().rev().nth(1);
    assert_eq!(last, Some(expected.as_str()));
    assert!(widest(&text) <= 140, "what is long is cut");
}

#[test]
#[cfg(unix)]
fn bytes_that_are_no_text_are_no_address() {
    use std::os::unix::ffi::OsStrExt;
    let bytes = std::ffi::OsStr::from_bytes(b"\xff\x00\xfe".split(|b| *b == 0).next().unwrap());
    let output = Command::new(lab("lab02_addresses"))
        .arg(bytes)
        .output()
        .expect("the lab runs");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no address"));
}
