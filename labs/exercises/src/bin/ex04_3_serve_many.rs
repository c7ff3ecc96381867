//! Serve many clients
//!
//! `cargo test ex04_3` grades this file. To try it by hand, run it as a server
//! for three clients, and connect to it from other terminals:
//!
//! ```text
//! cargo run -p exercises --bin ex04_3_serve_many -- 127.0.0.1:8888 3
//! cargo run --bin lab04_tcp_client -- hello
//! ```

use std::io;
use std::net::TcpListener;
use std::process::ExitCode;

/// Serves the next `clients` connections, all at the same time: sends everything
/// that a client sends back to it, as it arrives, until that client ends its
/// stream; then the client sees the end of the answer's stream.
///
/// Returns when so many connections have come and all of them are done. No more
/// than `clients` are served; there may be none to serve, or many. Each client
/// comes when it likes, sends any bytes when it likes, or stays silent, reads
/// slowly, or breaks its connection: there is no time limit. None of that
/// disturbs another client, and a broken connection is a connection that is done.
///
/// # Errors
/// Those of `listener`, as they are, but none of a single connection.
fn serve_many(listener: TcpListener, clients: usize) -> io::Result<()> {
    // TODO: echo to `clients` connections at the same time.
    let _ = (listener, clients);
    todo!()
}

fn main() -> ExitCode {
    graders::ex04_3_serve_many::main(serve_many)
}
