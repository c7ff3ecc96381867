//! An answer to exercise 3.1 that hangs.

use std::io;
use std::net::UdpSocket;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

fn echo_one(_: &UdpSocket) -> io::Result<usize> {
    thread::sleep(Duration::from_secs(3600));
    Ok(0)
}

fn main() -> ExitCode {
    graders::ex03_1_echo_datagram::main(echo_one)
}
