//! Write an IPv6 address
//!
//! `cargo test ex02_4` grades this file. To try it by hand:
//!
//! ```text
//! cargo run -p exercises --bin ex02_4_write_ipv6 -- 2001:0db8:0000:0000:0000:0000:0000:0001
//! ```

use std::process::ExitCode;

/// Writes an IPv6 address, given as its eight groups from left to right, in the
/// one spelling that RFC 5952 §4 recommends.
///
/// Each group is written in hexadecimal, in lower case and without leading
/// zeros, with a colon between two groups. `::` stands for the longest run of
/// groups that are 0, for the first one where several are equally long; a run
/// is at least two groups.
///
/// This holds for every address. For some of them the RFC's §5 recommends to
/// write the end as an IPv4 address: that is not wanted here.
fn write_ipv6(groups: [u16; 8]) -> String {
    let mut best = (0, 0); // where the run begins, and its length
    for start in 0..8 {
        let len = groups[start..]
            .iter()
            .take_while(|group| **group == 0)
            .count();
        if len > best.1 {
            best = (start, len);
        }
    }
    match best {
        (_, 0) => join(&groups),
        (start, len) => format!(
            "{}::{}",
            join(&groups[..start]),
            join(&groups[start + len..])
        ),
    }
}

fn join(groups: &[u16]) -> String {
    let groups: Vec<String> = groups.iter().map(|g| format!("{g:x}")).collect();
    groups.join(":")
}

fn main() -> ExitCode {
    graders::ex02_4_write_ipv6::main(write_ipv6)
}
