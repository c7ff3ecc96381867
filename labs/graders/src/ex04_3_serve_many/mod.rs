//! Exercise 4.3: serve many clients.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::ExitCode;

use socket2::{Domain, Socket, Type};

use crate::child;

#[cfg(feature = "judge")]
pub mod grader;

/// What the reader writes: echo to so many connections, all at the same time.
pub type Answer = fn(TcpListener, usize) -> io::Result<()>;

/// The second argument of a call whose listener was never told to listen.
const NOT_LISTENING: &[u8] = b"not listening";

/// Under a judge, one call, with a listener of its own; by hand, a server on the
/// address in the first argument for as many clients as the second one says.
pub fn main(answer: Answer) -> ExitCode {
    child::main(
        |judge| {
            let listener = judge.tcp_listener()?;
            if let Some(mut call) = judge.next_call()? {
                let clients = call.parsed();
                let listener = if call.bytes() == NOT_LISTENING {
                    drop(listener);
                    not_listening()?
                } else {
                    listener
                };
                judge.run(|| answer(listener, clients), |()| Vec::new())?;
            }
            // A thread that the function left behind goes on until the judge
            // has seen enough.
            judge.next_call().map(|_| ())
        },
        |args| {
            let clients = child::argument(args, 1, "the number of clients, like 3")?;
            let listener = child::listen_by_hand(args)?;
            let served = answer(listener, clients);
            child::show(served.map(|()| format!("{clients} clients are done")))
        },
    )
}

/// A socket with an address, on which nobody called `listen`: each accept fails.
fn not_listening() -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
    Ok(socket.into())
}
