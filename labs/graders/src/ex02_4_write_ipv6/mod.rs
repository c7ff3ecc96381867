//! Exercise 2.4: write an IPv6 address.

use std::process::ExitCode;

use crate::child;

#[cfg(feature = "judge")]
pub mod grader;

/// What the reader writes: the eight groups to the address as text.
pub type Answer = fn([u16; 8]) -> String;

/// Under a judge, one call for each address; by hand, how each address in the
/// arguments, in whatever spelling, is written.
pub fn main(answer: Answer) -> ExitCode {
    child::main(
        |judge| {
            judge.ready()?;
            while let Some(mut call) = judge.next_call()? {
                let groups = std::array::from_fn(|_| call.parsed());
                judge.run(|| Ok(answer(groups)), |text| vec![text.into()])?;
            }
            Ok(())
        },
        |args| {
            for at in 0..args.len().max(1) {
                let address: std::net::Ipv6Addr =
                    child::argument(args, at, "an IPv6 address, like 2001:0db8:0:0:0:0:0:1")?;
                child::show(Ok(answer(address.segments())))?;
            }
            Ok(())
        },
    )
}
