//! An answer to exercise 3.1 that hangs.

use std::io;
use std::net::UdpSocket;
use std::process::ExitCode;
use std::thread;

fn echo_one(socket: &UdpSocket) -> io::Result<usize> {
    let socket = socket.try_clone()?;
    let server = thread::spawn(move || {
        let mut buf = [0; 65_535];
        loop {
            let (len, sender) = socket.recv_from(&mut buf).unwrap();
            socket.send_to(&buf[..len], sender).unwrap();
        }
    });
    server.join().unwrap()
}

fn main() -> ExitCode {
    graders::ex03_1_echo_datagram::main(echo_one)
}
