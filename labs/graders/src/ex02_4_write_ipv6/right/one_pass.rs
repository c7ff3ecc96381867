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
    // (length, start) of each run; of equal ones the first has the larger key.
    let run = |start: usize| groups[start..].iter().take_while(|g| **g == 0).count();
    let best = (0..8)
        .max_by_key(|start| (run(*start), 8 - start))
        .filter(|start| run(*start) > 1);
    let mut text = String::new();
    let mut at = 0;
    while at < 8 {
        if Some(at) == best {
            text += "::";
            at += run(at);
        } else {
            if !text.is_empty() && !text.ends_with(':') {
                text += ":";
            }
            text += &format!("{:x}", groups[at]);
            at += 1;
        }
    }
    text
}

fn main() -> ExitCode {
    graders::ex02_4_write_ipv6::main(write_ipv6)
}
