//! The clients. The same ones for every server, whatever it is written in.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream, UdpSocket};
use std::thread;
use std::time::{Duration, Instant};

use socket2::{Domain, Socket, Type};

use crate::report;

/// What one write or read of the bulk client has at most.
const BUFFER: usize = 64 * 1024;

/// The message of a round trip.
const MESSAGE: [u8; 64] = [b'x'; 64];

/// How long is measured before it counts.
const WARM_UP: Duration = Duration::from_millis(100);

/// How long the clients wait for anything.
const PATIENCE: Duration = Duration::from_secs(30);

fn connect(server: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(server)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    Ok(stream)
}

/// Bytes there and back in each second, in MiB.
pub(crate) fn bulk(server: SocketAddr, time: Duration) -> io::Result<()> {
    let stream = connect(server)?;
    let start = Instant::now();
    let (sent, received) = thread::scope(|scope| {
        let writer = scope.spawn(|| write_for(&stream, time));
        let received = count(&stream);
        (writer.join(), received)
    });
    let elapsed = start.elapsed();
    let sent = sent.map_err(|_| io::Error::other("the writing thread panicked"))??;
    let received = received?;
    if sent != received {
        let lost = format!("sent {sent} bytes, and got {received} of them back");
        return Err(io::Error::other(lost));
    }
    let mib = received as f64 / f64::from(1 << 20);
    report("mib_per_second", mib / elapsed.as_secs_f64());
    Ok(())
}

/// Writes until the time is over, and then ends its direction.
fn write_for(mut stream: &TcpStream, time: Duration) -> io::Result<u64> {
    let buf = [b'x'; BUFFER];
    let deadline = Instant::now() + time;
    let mut sent = 0;
    while Instant::now() < deadline {
        stream.write_all(&buf)?;
        sent += BUFFER as u64;
    }
    stream.shutdown(Shutdown::Write)?;
    Ok(sent)
}

/// Reads to the end.
fn count(mut stream: &TcpStream) -> io::Result<u64> {
    let mut buf = vec![0; BUFFER];
    let mut received = 0;
    loop {
        match stream.read(&mut buf)? {
            0 => return Ok(received),
            len => received += len as u64,
        }
    }
}

/// Round trips in each second.
pub(crate) fn round_trips(server: SocketAddr, time: Duration) -> io::Result<()> {
    ping_pong(&connect(server)?, time)
}

/// Round trips over any stream.
pub(crate) fn ping_pong(mut stream: impl Read + Write, time: Duration) -> io::Result<()> {
    let mut trips = |time| {
        let mut answer = MESSAGE;
        let mut trips = 0_u32;
        let start = Instant::now();
        while start.elapsed() < time {
            stream.write_all(&MESSAGE)?;
            stream.read_exact(&mut answer)?;
            trips += 1;
        }
        io::Result::Ok(f64::from(trips) / start.elapsed().as_secs_f64())
    };
    trips(WARM_UP.min(time))?;
    report("round_trips_per_second", trips(time)?);
    Ok(())
}

/// Datagrams there and back in each second, while so many are on their way.
pub(crate) fn datagrams(server: SocketAddr, time: Duration, in_flight: usize) -> io::Result<()> {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    socket.connect(server)?;
    socket.set_read_timeout(Some(Duration::from_secs(1)))?;
    for _ in 0..in_flight {
        socket.send(&MESSAGE)?;
    }
    let trips = |time| {
        let mut buf = [0; 2 * MESSAGE.len()];
        let mut trips = 0_u32;
        let start = Instant::now();
        while start.elapsed() < time {
            // Loopback has room for all of them: one that is lost would make
            // every later figure that of a smaller number in flight.
            let len = socket.recv(&mut buf)?;
            if buf[..len] != MESSAGE {
                return Err(io::Error::other("a datagram came back changed"));
            }
            socket.send(&MESSAGE)?;
            trips += 1;
        }
        Ok(f64::from(trips) / start.elapsed().as_secs_f64())
    };
    trips(WARM_UP.min(time))?;
    report("datagrams_per_second", trips(time)?);
    Ok(())
}

/// Many clients at once: how long until every one of them was served one byte,
/// and then, while they all stay and say nothing, how long a new one takes.
pub(crate) fn burst(server: SocketAddr, clients: usize) -> io::Result<()> {
    let start = Instant::now();
    let mut streams = (0..clients)
        .map(|_| {
            let socket = Socket::new(Domain::for_address(server), Type::STREAM, None)?;
            socket.set_nonblocking(true)?;
            // It only begins here. Whatever goes wrong shows at the write below,
            // which waits until there is a connection.
            let _ = socket.connect(&server.into());
            Ok(TcpStream::from(socket))
        })
        .collect::<io::Result<Vec<_>>>()?;
    for stream in &mut streams {
        stream.set_nonblocking(false)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        stream.write_all(b"x")?;
    }
    for stream in &mut streams {
        stream.read_exact(&mut [0])?;
    }
    report("all_served_ms", start.elapsed().as_secs_f64() * 1e3);

    let start = Instant::now();
    let mut stream = connect(server)?;
    stream.write_all(b"x")?;
    stream.read_exact(&mut [0])?;
    report("new_one_ms", start.elapsed().as_secs_f64() * 1e3);
    Ok(())
}

/// Connections in each second, each with a message, its echo and both ends.
pub(crate) fn in_turn(server: SocketAddr, connections: u32) -> io::Result<()> {
    let start = Instant::now();
    let mut answer = Vec::new();
    for _ in 0..connections {
        let mut stream = connect(server)?;
        stream.write_all(&MESSAGE)?;
        stream.shutdown(Shutdown::Write)?;
        answer.clear();
        stream.read_to_end(&mut answer)?;
        if answer != MESSAGE {
            return Err(io::Error::other("a message came back changed"));
        }
    }
    let elapsed = start.elapsed().as_secs_f64();
    report("connections_per_second", f64::from(connections) / elapsed);
    Ok(())
}
