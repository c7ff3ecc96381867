//! Serve many clients
//!
//! `cargo test ex04_3` grades this file. To try it by hand, run it as a server
//! for three clients, and connect to it from other terminals:
//!
//! ```text
//! cargo run -p exercises --bin ex04_3_serve_many -- 127.0.0.1:8888 3
//! cargo run --bin lab04_tcp_client -- hello
//! ```

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

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
    listener.set_nonblocking(true)?;
    let (mut accepted, mut open) = (0, Vec::new());
    while accepted < clients || !open.is_empty() {
        if accepted < clients {
            match listener.accept() {
                Ok((stream, _)) => {
                    accepted += 1;
                    if stream.set_nonblocking(true).is_ok() {
                        open.push(Client {
                            stream,
                            unsent: Vec::new(),
                        });
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
        open.retain_mut(|client| client.go_on().unwrap_or(false));
        thread::sleep(Duration::from_millis(1));
    }
    Ok(())
}

/// A client, and what of its echo its socket has not taken yet.
struct Client {
    stream: TcpStream,
    unsent: Vec<u8>,
}

impl Client {
    /// Does what can be done without waiting; `false` at the end.
    fn go_on(&mut self) -> io::Result<bool> {
        let mut buf = [0; 64 << 10];
        loop {
            if self.unsent.is_empty() {
                match self.stream.read(&mut buf) {
                    Ok(0) => return Ok(false),
                    Ok(len) => self.unsent.extend_from_slice(&buf[..len]),
                    Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(true),
                    Err(error) => return Err(error),
                }
            }
            match self.stream.write(&self.unsent) {
                Ok(len) => drop(self.unsent.drain(..len)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(true),
                Err(error) => return Err(error),
            }
        }
    }
}

fn main() -> ExitCode {
    graders::ex04_3_serve_many::main(serve_many)
}
