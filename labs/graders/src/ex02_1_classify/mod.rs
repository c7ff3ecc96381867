//! Exercise 2.1: say of what kind an address is.

use std::net::IpAddr;
use std::process::ExitCode;

use crate::child;

#[cfg(feature = "judge")]
pub mod grader;

/// The kinds of IP addresses that the exercise tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Stands for no address, or in `bind` for every one.
    Unspecified,
    /// Never leaves the machine.
    Loopback,
    /// For the networks of a home or a company; IPv6 calls it unique local.
    Private,
    /// For the network between a provider's NAT and its customers.
    Shared,
    /// For one link; no router forwards it.
    LinkLocal,
    /// Stands for a group of hosts.
    Multicast,
    /// For books and examples.
    Documentation,
    /// Stands for every host on the link.
    Broadcast,
    /// Can be routed everywhere.
    Public,
}

/// What the reader writes: an address to its kind.
pub type Answer = fn(IpAddr) -> Kind;

/// Under a judge, one call for each address; by hand, the kind of each address
/// in the arguments.
pub fn main(answer: Answer) -> ExitCode {
    child::main(
        |judge| {
            judge.ready()?;
            while let Some(mut call) = judge.next_call()? {
                let address = call.parsed();
                let name = |kind| vec![format!("{kind:?}").into()];
                judge.run(|| Ok(answer(address)), name)?;
            }
            Ok(())
        },
        |args| {
            for at in 0..args.len().max(1) {
                let address: IpAddr = child::argument(args, at, "an address, like 192.168.1.20")?;
                child::show(Ok(format!("{address}: {:?}", answer(address))))?;
            }
            Ok(())
        },
    )
}
