//! Compare two addresses
//!
//! `cargo test ex02_2` grades this file. To try it by hand:
//!
//! ```text
//! cargo run -p exercises --bin ex02_2_same_subnet -- 192.168.1.20 192.168.1.77 24
//! ```

use std::net::IpAddr;
use std::process::ExitCode;

/// Says whether two addresses are in the same subnet: whether their first
/// `prefix` bits are the same.
///
/// `prefix` is the number behind the slash: from 0 to 32 for two IPv4
/// addresses, from 0 to 128 for two IPv6 addresses. An IPv4 address and an IPv6
/// address are never in the same subnet; `prefix` is then from 0 to 32. An
/// IPv4-mapped IPv6 address counts as an IPv6 address, with all its 128 bits.
fn same_subnet(a: IpAddr, b: IpAddr, prefix: u8) -> bool {
    if a.is_ipv4() != b.is_ipv4() {
        return false;
    }
    let number = |address: IpAddr| match address {
        IpAddr::V4(a) => u32::from(a),
        IpAddr::V6(a) => (u128::from(a) >> 96) as u32, // the first 32 bits of it
    };
    let mask = u32::MAX
        .checked_shl(32_u32.saturating_sub(prefix.into()))
        .unwrap_or(0);
    number(a) & mask == number(b) & mask
}

fn main() -> ExitCode {
    graders::ex02_2_same_subnet::main(same_subnet)
}
