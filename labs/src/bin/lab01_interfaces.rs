//! Lab 1 · The interfaces of this machine, and the addresses of each.
//!
//! ```text
//! terminal$ cargo run --bin lab01_interfaces
//! ```
//!
//! Chapter 1 of the book walks through this file.

use std::io;
use std::process::ExitCode;

use clap::Parser;
use getifs::{Flags, Interface};
use labs::{Trouble, say};

/// Shows the interfaces of this machine, and the addresses of each.
///
/// It asks the system and changes nothing. The last line names the command of
/// this system that shows the same.
#[derive(Parser)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Try it, then with a name that the first one showed:
  cargo run --bin lab01_interfaces
  cargo run --bin lab01_interfaces -- lo

Chapter 1 explains every line; `cargo run` opens the book."
)]
struct Args {
    /// Only the interface of this name
    #[arg(value_name = "NAME", verbatim_doc_comment)]
    name: Option<String>,
}

fn main() -> ExitCode {
    let args = Args::parse();
    labs::exit(run(args.name.as_deref()))
}

/// Shows the interface of that name, or all.
fn run(name: Option<&str>) -> Result<(), Trouble> {
    let all = interfaces()?;
    let shown: Vec<_> = all
        .iter()
        .filter(|interface| name.is_none_or(|name| interface.name() == name))
        .collect();
    if let (Some(name), true) = (name, shown.is_empty()) {
        return Err(unknown(name, &all));
    }
    for interface in shown {
        show(interface)?;
    }
    say(own_command(name))
}

// ANCHOR: interfaces
/// Asks the system for its interfaces. Each has a number, from 1. (On Windows
/// it may change when the interface goes down and up.)
fn interfaces() -> Result<Vec<Interface>, Trouble> {
    let found = getifs::interfaces().map_err(|e| not_told(&e))?;
    let mut found: Vec<_> = found.into_iter().collect();
    found.sort_by_key(Interface::index);
    Ok(found)
}
// ANCHOR_END: interfaces

// ANCHOR: show
/// One interface: its addresses belong to it, not to the machine.
fn show(interface: &Interface) -> Result<(), Trouble> {
    let (name, index) = (interface.name(), interface.index());
    say(format_args!("{name}: number {index}, {}", state(interface)))?;
    match interface.mac_addr() {
        Some(mac) => say(format_args!("  MAC      {mac}"))?,
        None => say("  MAC      none")?, // as on loopback and in tunnels
    }
    match interface.mtu() {
        0 => say("  MTU      no limit")?, // how loopback looks on Windows
        mtu => say(format_args!("  MTU      {mtu} bytes"))?,
    }
    for address in interface.addrs().map_err(|e| not_told(&e))? {
        let (ip, prefix) = (address.addr(), address.prefix_len());
        say(format_args!("  address  {ip}/{prefix}"))?;
    }
    say("")
}
// ANCHOR_END: show

// ANCHOR: state
/// An administrator takes an interface up; that it can also reach its link is
/// another matter: a cable may be missing. (On macOS this flag does not tell:
/// without a cable, `ifconfig` says `status: inactive` there.)
fn state(interface: &Interface) -> String {
    let flags = interface.flags();
    let state = if !flags.contains(Flags::UP) {
        "down"
    } else if flags.contains(Flags::RUNNING) {
        "up"
    } else {
        "up, but without a link"
    };
    match flags.contains(Flags::LOOPBACK) {
        true => format!("{state}, loopback"),
        false => state.into(),
    }
}
// ANCHOR_END: state

/// The system's own command for the same, by its documentation: ip-address(8),
/// ifconfig(8), and Microsoft's pages on ipconfig and on netsh interface.
fn own_command(name: Option<&str>) -> String {
    let name = name.map_or(String::new(), |name| format!(" {name}"));
    if cfg!(any(target_os = "linux", target_os = "android")) {
        let device = name.replacen(' ', " show dev ", 1);
        format!("Linux shows the same with: ip addr{device}")
    } else if cfg!(windows) {
        "Windows shows the same with: ipconfig /all, netsh interface ipv4 show interfaces".into()
    } else {
        format!("this system shows the same with: ifconfig{name}")
    }
}

/// The system did not answer.
fn not_told(error: &io::Error) -> Trouble {
    Trouble::new(format!(
        "cannot ask the system for its interfaces: {}",
        error.kind()
    ))
}

/// No interface has this name.
fn unknown(name: &str, all: &[Interface]) -> Trouble {
    let names: Vec<_> = all.iter().map(|i| i.name().as_str()).collect();
    Trouble::new(format!(
        "no interface is called {name:?}; this machine has {}",
        names.join(", ")
    ))
}
