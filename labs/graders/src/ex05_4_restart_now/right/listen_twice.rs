//! Start again at once
//!
//! `cargo test ex05_4` grades this file. To try it by hand, run it with an
//! address, let a client connect, stop it with Ctrl-C, and run it again:
//!
//! ```text
//! cargo run -p exercises --bin ex05_4_restart_now -- 127.0.0.1:8888 128
//! cargo run --bin lab04_tcp_client -- hello
//! ```

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::process::ExitCode;

use socket2::SockRef;

/// Opens a TCP listener at exactly `address`, with a backlog of exactly
/// `backlog`: so many connections may wait to be accepted. `listen` gets this
/// number as it is. What a system makes of it is its own affair: Linux lets one
/// connection more wait, and macOS no more than 128.
///
/// `address` is an IPv4 or an IPv6 address of this machine with a port, never
/// port 0. The server that listened there before has ended a moment ago; it
/// closed its connections first, so some of them are still in TIME-WAIT. All
/// sockets of this server were made like those of `std::net::TcpListener`. The
/// listener that is returned is a blocking one, and the function itself waits for
/// nothing. `backlog` is from 1 to 1000.
///
/// Another listener's address is not to be shared: if one is listening at
/// `address`, whatever options it has set, the function returns `AddrInUse`.
///
/// # Errors
/// Those of the socket, as they are.
fn restart_now(address: SocketAddr, backlog: i32) -> io::Result<TcpListener> {
    // std sets SO_REUSEADDR where it is of use, and listens with a backlog of
    // its own; to listen once more changes it.
    let listener = TcpListener::bind(address)?;
    SockRef::from(&listener).listen(backlog)?;
    Ok(listener)
}

fn main() -> ExitCode {
    graders::ex05_4_restart_now::main(restart_now)
}
