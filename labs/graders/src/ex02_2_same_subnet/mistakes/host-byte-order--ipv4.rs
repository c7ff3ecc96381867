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
    match (a, b) {
        (IpAddr::V4(a), IpAddr::V4(b)) => {
            let (a, b) = (u32::from(a).swap_bytes(), u32::from(b).swap_bytes());
            (a ^ b).leading_zeros() >= prefix.into()
        }
        (IpAddr::V6(a), IpAddr::V6(b)) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(prefix)).unwrap_or(0);
            u128::from(a) & mask == u128::from(b) & mask
        }
        _ => false,
    }
}

fn main() -> ExitCode {
    graders::ex02_2_same_subnet::main(same_subnet)
}
