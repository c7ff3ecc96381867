//! What kind of address it is, by the registries of special-purpose addresses
//! (RFC 6890, RFC 8190), their present content:
//! <https://www.iana.org/assignments/iana-ipv4-special-registry>
//! <https://www.iana.org/assignments/iana-ipv6-special-registry>
//! with multicast and what is reserved from the registries of all addresses.

use std::net::IpAddr;

use ipnet::IpNet;

/// A range with a meaning: prefix, kind, what for, and where it is said.
type Range = (&'static str, &'static str, &'static str, &'static str);

#[rustfmt::skip] // one line for each range
// ANCHOR: v4
/// IPv4's ranges. Where one lies inside another, the smaller one counts.
const IPV4: &[Range] = &[
    ("0.0.0.0/8",          "this network",  "",                               "RFC 791 §3.2"),
    ("0.0.0.0/32",         "unspecified",   "every address, in bind",         "RFC 1122 §3.2.1.3"),
    ("10.0.0.0/8",         "private",       "",                               "RFC 1918"),
    ("100.64.0.0/10",      "shared",        "between provider and customers", "RFC 6598"),
    ("127.0.0.0/8",        "loopback",      "this host itself",               "RFC 1122 §3.2.1.3"),
    ("169.254.0.0/16",     "link-local",    "",                               "RFC 3927"),
    ("172.16.0.0/12",      "private",       "",                               "RFC 1918"),
    ("192.0.0.0/24",       "special",       "protocol assignments",           "RFC 6890 §2.1"),
    ("192.0.0.0/29",       "special",       "IPv4 service continuity",        "RFC 7335"),
    ("192.0.0.8/32",       "special",       "IPv4 dummy address",             "RFC 7600"),
    ("192.0.0.9/32",       "special",       "Port Control Protocol anycast",  "RFC 7723"),
    ("192.0.0.10/32",      "special",       "TURN anycast",                   "RFC 8155"),
    ("192.0.0.170/31",     "special",       "NAT64/DNS64 discovery",          "RFC 8880, RFC 7050"),
    ("192.0.2.0/24",       "documentation", "TEST-NET-1",                     "RFC 5737"),
    ("192.31.196.0/24",    "special",       "AS112",                          "RFC 7535"),
    ("192.52.193.0/24",    "special",       "automatic multicast tunneling",  "RFC 7450"),
    ("192.88.99.0/24",     "special",       "6to4 relay, deprecated",         "RFC 7526"),
    ("192.88.99.2/32",     "special",       "6a44 relay anycast",             "RFC 6751"),
    ("192.168.0.0/16",     "private",       "",                               "RFC 1918"),
    ("192.175.48.0/24",    "special",       "AS112",                          "RFC 7534"),
    ("198.18.0.0/15",      "benchmarking",  "",                               "RFC 2544"),
    ("198.51.100.0/24",    "documentation", "TEST-NET-2",                     "RFC 5737"),
    ("203.0.113.0/24",     "documentation", "TEST-NET-3",                     "RFC 5737"),
    ("224.0.0.0/4",        "multicast",     "",                               "RFC 1112 §4, RFC 5771"),
    ("240.0.0.0/4",        "reserved",      "",                               "RFC 1112 §4"),
    ("255.255.255.255/32", "broadcast",     "all hosts on this link",         "RFC 919 §7"),
];
// ANCHOR_END: v4

#[rustfmt::skip] // one line for each range
// ANCHOR: v6
/// IPv6's ranges. Where one lies inside another, the smaller one counts.
const IPV6: &[Range] = &[
    ("::/96",             "special",       "IPv4-compatible, deprecated",    "RFC 4291 §2.5.5.1"),
    ("::/128",            "unspecified",   "every address, in bind",         "RFC 4291 §2.5.2"),
    ("::1/128",           "loopback",      "this host itself",               "RFC 4291 §2.5.3"),
    ("::ffff:0:0/96",     "IPv4-mapped",   "",                               "RFC 4291 §2.5.5.2"),
    ("64:ff9b::/96",      "special",       "an IPv4 address, through NAT64", "RFC 6052"),
    ("64:ff9b:1::/48",    "special",       "the same, inside one network",   "RFC 8215"),
    ("100::/64",          "special",       "discard-only",                   "RFC 6666"),
    ("100:0:0:1::/64",    "special",       "dummy prefix",                   "RFC 9780"),
    ("2001::/23",         "special",       "protocol assignments",           "RFC 2928"),
    ("2001::/32",         "special",       "Teredo tunnels",                 "RFC 4380"),
    ("2001:1::1/128",     "special",       "Port Control Protocol anycast",  "RFC 7723"),
    ("2001:1::2/128",     "special",       "TURN anycast",                   "RFC 8155"),
    ("2001:1::3/128",     "special",       "service registration anycast",   "RFC 9665"),
    ("2001:2::/48",       "benchmarking",  "",                               "RFC 5180"),
    ("2001:3::/32",       "special",       "automatic multicast tunneling",  "RFC 7450"),
    ("2001:4:112::/48",   "special",       "AS112",                          "RFC 7535"),
    ("2001:10::/28",      "special",       "ORCHID, deprecated",             "RFC 4843"),
    ("2001:20::/28",      "special",       "ORCHIDv2",                       "RFC 7343"),
    ("2001:30::/28",      "special",       "drones' remote identification",  "RFC 9374"),
    ("2001:db8::/32",     "documentation", "",                               "RFC 3849"),
    ("2002::/16",         "special",       "6to4 tunnels",                   "RFC 3056"),
    ("2620:4f:8000::/48", "special",       "AS112",                          "RFC 7534"),
    ("3fff::/20",         "documentation", "",                               "RFC 9637"),
    ("5f00::/16",         "special",       "segment routing",                "RFC 9602"),
    ("fc00::/7",          "private",       "unique local",                   "RFC 4193"),
    ("fe80::/10",         "link-local",    "",                               "RFC 4291 §2.5.6"),
    ("fec0::/10",         "special",       "site-local, deprecated",         "RFC 3879"),
    ("ff00::/8",          "multicast",     "",                               "RFC 4291 §2.7"),
];
// ANCHOR_END: v6

/// The lines that tell the kind.
pub fn kind(address: IpAddr, network: Option<IpNet>) -> Vec<String> {
    let Some((range, (prefix, kind, purpose, source))) = find(address) else {
        return vec![format!("kind     {}", ordinary(address))];
    };
    let purpose = match purpose {
        "" => String::new(),
        purpose => format!(", {purpose}"),
    };
    let mut lines = vec![format!("kind     {kind}: {prefix}{purpose} ({source})")];
    if let IpAddr::V6(mapped) = address
        && let Some(inner) = mapped.to_ipv4_mapped()
    {
        let kind = self::kind(IpAddr::V4(inner), None).concat();
        let kind = kind.trim_start_matches("kind").trim_start();
        lines.push(format!("         stands for {inner}, which is"));
        lines.push(format!("         {kind}"));
    }
    if network.is_some_and(|network| !range.contains(&network)) {
        lines.push("         its network has addresses of other kinds too".to_string());
    }
    lines
}

/// The smallest range that has the address.
fn find(address: IpAddr) -> Option<(IpNet, Range)> {
    let ranges = if address.is_ipv4() { IPV4 } else { IPV6 };
    ranges
        .iter()
        .filter_map(|range| Some((range.0.parse::<IpNet>().ok()?, *range)))
        .filter(|(net, _)| net.contains(&address))
        .max_by_key(|(net, _)| net.prefix_len())
}

/// An address in none of the ranges. Of IPv6 only 2000::/3, the addresses that
/// begin with the bits 001, is given to networks so far:
/// <https://www.iana.org/assignments/ipv6-address-space>
fn ordinary(address: IpAddr) -> &'static str {
    match address {
        IpAddr::V6(address) if address.segments()[0] >> 13 != 0b001 => {
            "reserved: outside 2000::/3, all that IANA gives out so far"
        }
        _ => "public: in no special range (RFC 6890)",
    }
}
