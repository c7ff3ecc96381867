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
    let (number, table) = match address {
        IpAddr::V4(a) => (u128::from(u32::from(a)) | 0xffff << 32, true),
        IpAddr::V6(a) => (u128::from(a), u128::from(a) >> 32 == 0xffff),
    };
    let within = |first: u128, last: u128| (first..=last).contains(&number);
    let v4 = |first: u32, last: u32| table && (first..=last).contains(&(number as u32));
    if number == 0 || v4(0, 0) {
        Kind::Unspecified
    } else if number == 1 || v4(0x7f00_0000, 0x7fff_ffff) {
        Kind::Loopback
    } else if v4(0x0a00_0000, 0x0aff_ffff)
        || v4(0xac10_0000, 0xac1f_ffff)
        || v4(0xc0a8_0000, 0xc0a8_ffff)
        || number >> 121 == 0xfc >> 1
    {
        Kind::Private
    } else if v4(0x6440_0000, 0x647f_ffff) {
        Kind::Shared
    } else if v4(0xa9fe_0000, 0xa9fe_ffff) || number >> 118 == 0xfe80 >> 6 {
        Kind::LinkLocal
    } else if v4(0xe000_0000, 0xefff_ffff) || number >> 120 == 0xff {
        Kind::Multicast
    } else if v4(0xc000_0200, 0xc000_02ff)
        || v4(0xc633_6400, 0xc633_64ff)
        || v4(0xcb00_7100, 0xcb00_71ff)
        || within(0x2001_0db8 << 96, (0x2001_0db9 << 96) - 1)
        || within(0x3fff << 112, (0x3fff_1000 << 96) - 1)
    {
        Kind::Documentation
    } else if v4(u32::MAX, u32::MAX) {
        Kind::Broadcast
    } else {
        Kind::Public
    }
}

fn main() -> ExitCode {
    graders::ex02_1_classify::main(classify)
}
