//! Exercise 2.3: read an address and a port.

use std::net::IpAddr;
use std::process::ExitCode;

use crate::child;

#[cfg(feature = "judge")]
pub mod grader;

/// What the reader writes: `(text, default_port)` to an address and a port.
pub type Answer = fn(&str, u16) -> Option<(IpAddr, u16)>;

/// Under a judge, one call for each text; by hand, what each argument is read
/// as, with the default port 8888.
pub fn main(answer: Answer) -> ExitCode {
    child::main(
        |judge| {
            judge.ready()?;
            while let Some(mut call) = judge.next_call()? {
                let (text, default_port) = (call.text(), call.parsed());
                let fields = |read: Option<(IpAddr, u16)>| match read {
                    Some((ip, port)) => vec![ip.to_string().into(), port.to_string().into()],
                    None => vec![],
                };
                judge.run(|| Ok(answer(&text, default_port)), fields)?;
            }
            Ok(())
        },
        |args| {
            for at in 0..args.len().max(1) {
                let text: String = child::argument(args, at, "a text, like 192.0.2.1:80")?;
                child::show(Ok(match answer(&text, 8888) {
                    Some((ip, port)) => format!("{text:?}: address {ip}, port {port}"),
                    None => format!("{text:?}: None"),
                }))?;
            }
            Ok(())
        },
    )
}
