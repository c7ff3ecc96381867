//! Exercise 5.4: listen again where connections are in TIME-WAIT.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::ExitCode;

use socket2::SockRef;

use crate::child;

#[cfg(feature = "judge")]
pub mod grader;

/// What the reader writes: an address and a backlog to a listener.
pub type Answer = fn(SocketAddr, i32) -> io::Result<TcpListener>;

/// Under a judge, a call opens a listener, which is kept, or has the kept one
/// accept, or drops it; by hand, a server that greets every client and closes.
pub fn main(answer: Answer) -> ExitCode {
    child::main(
        |judge| {
            judge.ready()?;
            let mut kept = None;
            while let Some(mut call) = judge.next_call()? {
                match call.text().as_str() {
                    "open" => {
                        let (address, backlog) = (call.parsed(), call.parsed());
                        let open = |listener: TcpListener| {
                            let seen = seen(&listener).into_iter().map(String::into_bytes);
                            kept = Some(listener);
                            seen.collect()
                        };
                        judge.run(|| answer(address, backlog), open)?;
                    }
                    "accept" => {
                        let told = kept
                            .as_ref()
                            .map(|listener| accept(listener, call.parsed()));
                        judge.tell(told.map(String::into_bytes).into_iter().collect())?;
                    }
                    _ => {
                        kept = None;
                        judge.tell(Vec::new())?;
                    }
                }
            }
            Ok(())
        },
        |args| {
            let what = "the address to listen on, like 127.0.0.1:8888";
            let address = child::address(args, 0, what)?;
            let backlog = match args.get(1) {
                Some(_) => child::argument(args, 1, "a backlog, like 128")?,
                None => 128,
            };
            let listener = answer(address, backlog)
                .map_err(|e| format!("the answer returned an error: {:?} ({e})", e.kind()))?;
            let local = listener.local_addr().unwrap_or(address);
            child::show(Ok(format!("listening on {local}")))?;
            loop {
                child::show(listener.accept().and_then(|(stream, _)| greet(stream)))?;
            }
        },
    )
}

/// What the listener's own side sees of it: its address, and which options are
/// set.
fn seen(listener: &TcpListener) -> [String; 3] {
    let socket = SockRef::from(listener);
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    let shared = socket.reuse_port().unwrap_or(false);
    #[cfg(not(any(target_os = "linux", target_os = "macos")))]
    let shared = false;
    [
        listener
            .local_addr()
            .map_or(String::new(), |a| a.to_string()),
        socket.reuse_address().unwrap_or(false).to_string(),
        shared.to_string(),
    ]
}

/// Accepts so many connections, and says how many there were, or what went wrong.
fn accept(listener: &TcpListener, count: usize) -> String {
    let mut streams = Vec::new();
    while streams.len() < count {
        match listener.accept() {
            Ok((stream, _)) => streams.push(stream),
            Err(e) => return format!("{:?}", e.kind()),
        }
    }
    streams.len().to_string()
}

/// Closes first, so that this end is the one in TIME-WAIT.
fn greet(mut stream: TcpStream) -> io::Result<String> {
    let client = stream.peer_addr()?;
    stream.write_all(b"welcome, and goodbye\n")?;
    stream.shutdown(std::net::Shutdown::Write)?;
    while stream.read(&mut [0; 1024])? > 0 {}
    Ok(format!("{client} has been here"))
}
