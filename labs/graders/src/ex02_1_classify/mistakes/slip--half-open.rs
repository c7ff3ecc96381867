//! Classify an address
//!
//! `cargo test ex02_1` grades this file. To try it by hand:
//!
//! ```text
//! cargo run -p exercises --bin ex02_1_classify -- 192.168.1.20 fe80::1 198.51.100.7
//! ```

use std::net::IpAddr;
use std::process::ExitCode;

use graders::ex02_1_classify::Kind;

/// Says of what kind an address is.
///
/// - `Unspecified`: 0.0.0.0 and ::
/// - `Loopback`: 127.0.0.0/8 and ::1
/// - `Private`: 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, and fc00::/7
/// - `Shared`: 100.64.0.0/10
/// - `LinkLocal`: 169.254.0.0/16, and fe80::/10
/// - `Multicast`: 224.0.0.0/4, and ff00::/8
/// - `Documentation`: 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24, and
///   2001:db8::/32, 3fff::/20
/// - `Broadcast`: 255.255.255.255
/// - `Public`: every other address
///
/// An IPv4-mapped IPv6 address, one in ::ffff:0:0/96, is of the kind of the
/// IPv4 address in it. Further ranges are special or reserved; no address of
/// theirs is given.
fn classify(address: IpAddr) -> Kind {
    match address.to_canonical() {
        IpAddr::V4(a) => classify_v4(a.octets()),
        IpAddr::V6(a) => classify_v6(a.segments()),
    }
}

fn classify_v4(octets: [u8; 4]) -> Kind {
    match octets {
        [0, 0, 0, 0] => Kind::Unspecified,
        [255, 255, 255, 255] => Kind::Broadcast,
        [127, ..] => Kind::Loopback,
        [10, ..] | [172, 16..31, ..] | [192, 168, ..] => Kind::Private,
        [100, 64..128, ..] => Kind::Shared,
        [169, 254, ..] => Kind::LinkLocal,
        [224..240, ..] => Kind::Multicast,
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => Kind::Documentation,
        _ => Kind::Public,
    }
}

fn classify_v6(groups: [u16; 8]) -> Kind {
    match groups {
        [0, 0, 0, 0, 0, 0, 0, 0] => Kind::Unspecified,
        [0, 0, 0, 0, 0, 0, 0, 1] => Kind::Loopback,
        [0xfc00..0xfe00, ..] => Kind::Private,
        [0xfe80..0xfec0, ..] => Kind::LinkLocal,
        [0xff00..=0xffff, ..] => Kind::Multicast,
        [0x2001, 0xdb8, ..] | [0x3fff, 0..0x1000, ..] => Kind::Documentation,
        _ => Kind::Public,
    }
}

fn main() -> ExitCode {
    graders::ex02_1_classify::main(classify)
}
