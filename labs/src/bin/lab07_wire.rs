//! Lab 7 · A wire that is a program, between two networks on this machine.
//!
//! ```text
//! terminal$ cargo run --bin lab07_wire -- --delay 20ms --drop 1 \
//!               -- lab03_udp_server --listen 192.0.2.1:8888 \
//!               -- lab03_udp_client --server 192.0.2.1:8888 hello
//! ```
//!
//! Chapter 7 of the book walks through this file and the parts beside it.

use std::process::ExitCode;

#[cfg(target_os = "linux")]
#[path = "lab07_wire/linux.rs"]
mod linux;

fn main() -> ExitCode {
    #[cfg(target_os = "linux")]
    return linux::main();
    #[cfg(not(target_os = "linux"))]
    return labs::exit(Err(labs::Trouble::new(
        "this lab needs Linux, whose network namespaces give one machine two networks; \
         chapter 7 shows what it printed there",
    )));
}
