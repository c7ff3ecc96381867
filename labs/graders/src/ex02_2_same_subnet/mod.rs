//! Exercise 2.2: say whether two addresses are in the same subnet.

use std::net::IpAddr;
use std::process::ExitCode;

use crate::child;

#[cfg(feature = "judge")]
pub mod grader;

/// What the reader writes: `(a, b, prefix)` to whether both are in one subnet.
pub type Answer = fn(IpAddr, IpAddr, u8) -> bool;

/// Under a judge, one call for each question; by hand, one question: two
/// addresses and a prefix length.
pub fn main(answer: Answer) -> ExitCode {
    child::main(
        |judge| {
            judge.ready()?;
            while let Some(mut call) = judge.next_call()? {
                let (a, b, prefix) = (call.parsed(), call.parsed(), call.parsed());
                let said = |same: bool| vec![same.to_string().into()];
                judge.run(|| Ok(answer(a, b, prefix)), said)?;
            }
            Ok(())
        },
        |args| {
            let a: IpAddr = child::argument(args, 0, "an address, like 192.168.1.20")?;
            let b: IpAddr = child::argument(args, 1, "an address, like 192.168.1.77")?;
            let prefix = child::argument(args, 2, "a prefix length, like 24")?;
            let bits = if a.is_ipv4() || b.is_ipv4() { 32 } else { 128 };
            if prefix > bits {
                return Err(format!("these addresses have {bits} bits, not {prefix}"));
            }
            let same = if answer(a, b, prefix) {
                "in one subnet"
            } else {
                "in different subnets"
            };
            child::show(Ok(format!("{a} and {b}, prefix {prefix}: {same}")))
        },
    )
}
