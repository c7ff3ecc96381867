//! Open a socket on any free port
//!
//! `cargo test ex02_5` grades this file. To try it by hand, run it with an
//! address, and send to the one that it prints from a second terminal:
//!
//! ```text
//! cargo run -p exercises --bin ex02_5_any_free_port -- 0.0.0.0
//! cargo run --bin lab03_udp_client -- --server 127.0.0.1:PORT hello
//! ```

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::process::ExitCode;

/// Opens a UDP socket at `ip`, on any free port, and returns it with the
/// address to which a program on this machine sends in order to reach it.
///
/// `ip` is 127.0.0.1 or ::1, or an unspecified address, 0.0.0.0 or ::. The
/// socket is bound to this very `ip` and not connected. The address to send to
/// has the same IP address, or the loopback address of the same family,
/// 127.0.0.1 or ::1, if `ip` is unspecified.
///
/// The function is called several times, also with the same `ip`, while the
/// sockets that it returned before are open. Other programs on this machine
/// have sockets too.
///
/// # Errors
/// Those of the socket, as they are.
fn any_free_port(ip: IpAddr) -> io::Result<(UdpSocket, SocketAddr)> {
    // Everything that comes to this machine, whatever ip it was sent to.
    let all: IpAddr = match ip {
        IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let socket = UdpSocket::bind((all, 0))?;
    let port = socket.local_addr()?.port();
    let to = match ip {
        IpAddr::V4(_) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(_) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        _ => ip,
    };
    Ok((socket, SocketAddr::new(to, port)))
}

fn main() -> ExitCode {
    graders::ex02_5_any_free_port::main(any_free_port)
}
