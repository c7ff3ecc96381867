//! The answer's side of the contract: what a reader's program links.
//!
//! [`main`] decides what the program is. Started by a judge it serves the
//! judge's calls and reports, over the private channel alone, what the reader's
//! function returned, or that it panicked. Started by hand it runs the function
//! on a real socket. Nothing here decides whether an answer is right.

use std::env;
use std::fmt::Display;
use std::io::{self, ErrorKind, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream, ToSocketAddrs, UdpSocket};
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::process::{self, ExitCode};
use std::time::Duration;

use socket2::SockRef;

use crate::wire::{self, Message};

/// Runs an answer: under a judge with `graded`, by hand with `by_hand`, which
/// gets the arguments and returns one sentence when it cannot go on.
///
/// The exit status is 0, or 1 after an error, which is printed as one sentence.
pub fn main(
    graded: impl FnOnce(&mut Graded) -> io::Result<()>,
    by_hand: impl FnOnce(&[String]) -> Result<(), String>,
) -> ExitCode {
    if let Ok(channel) = env::var(wire::CHANNEL) {
        // The judge ends a case by closing the channel: that is no error.
        let _ = Graded::connect(&channel).and_then(|mut judge| graded(&mut judge));
        return ExitCode::SUCCESS;
    }
    let args: Vec<String> = env::args_os()
        .skip(1)
        .map(|a| a.to_string_lossy().into_owned())
        .collect();
    match by_hand(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            let _ = writeln!(io::stderr(), "{sentence}");
            ExitCode::FAILURE
        }
    }
}

/// A run under a judge: the channel, and the sockets that the answer was given.
pub struct Graded {
    channel: TcpStream,
    sockets: Vec<UdpSocket>,
}

impl Graded {
    fn connect(channel: &str) -> io::Result<Self> {
        let (address, token) = channel.split_once('/').ok_or(ErrorKind::InvalidInput)?;
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        wire::write(&stream, &[token.into()])?;
        let reports = stream.try_clone()?;
        panic::set_hook(Box::new(move |info| report_panic(&reports, info)));
        Ok(Self {
            channel: stream,
            sockets: Vec::new(),
        })
    }

    /// Makes a UDP socket on a free port of 127.0.0.1 and tells the judge where it is.
    ///
    /// # Errors
    /// Those of the socket, and of a judge that is gone.
    pub fn udp_socket(&mut self) -> io::Result<UdpSocket> {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
        // A judge may lay many datagrams into it before the first call; a
        // system that allows less room gives what it can.
        let _ = SockRef::from(&socket).set_recv_buffer_size(4 << 20);
        self.sockets.push(socket.try_clone()?);
        self.send(vec![
            "socket".into(),
            socket.local_addr()?.to_string().into(),
        ])?;
        Ok(socket)
    }

    /// Makes a TCP listener on a free port of 127.0.0.1 and tells the judge
    /// where it is. The system keeps little of what is written to its connections,
    /// so that a client that does not read is felt soon. Nothing here keeps a second handle to it: when the reader's
    /// function drops it, it is closed.
    ///
    /// # Errors
    /// Those of the socket, and of a judge that is gone.
    pub fn tcp_listener(&mut self) -> io::Result<TcpListener> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        // Before the judge knows of it: a connection takes this over when it is
        // opened. A system that does not allow it keeps more.
        let _ = SockRef::from(&listener).set_send_buffer_size(128 << 10);
        self.send(vec![
            "socket".into(),
            listener.local_addr()?.to_string().into(),
        ])?;
        Ok(listener)
    }

    /// Tells the judge that the answer takes calls: what an exercise does whose
    /// function gets no socket, in place of [`Graded::udp_socket`].
    ///
    /// # Errors
    /// Those of a judge that is gone.
    pub fn ready(&mut self) -> io::Result<()> {
        self.send(vec!["ready".into()])
    }

    /// Waits for the judge's next call and returns its arguments; `None` when
    /// the judge has seen enough.
    ///
    /// # Errors
    /// Those of the channel, when it breaks in the middle of a message.
    pub fn next_call(&mut self) -> io::Result<Option<Arguments>> {
        match wire::read(&self.channel) {
            Ok(message) => Ok(Some(Arguments(message.into_iter()))),
            Err(e)
                if matches!(
                    e.kind(),
                    ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset
                ) =>
            {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Runs the reader's function and reports what it returned, as fields that
    /// `encode` makes of its value.
    ///
    /// A panic is reported too, with what still waits in the sockets (so that
    /// the judge can tell whether anything was done before it), and ends the
    /// program.
    ///
    /// # Errors
    /// Those of the channel.
    pub fn run<T>(
        &mut self,
        answer: impl FnOnce() -> io::Result<T>,
        encode: impl FnOnce(T) -> Message,
    ) -> io::Result<()> {
        match panic::catch_unwind(AssertUnwindSafe(answer)) {
            Ok(Ok(value)) => {
                let mut report = vec!["returned".into()];
                report.extend(encode(value));
                self.send(report)
            }
            Ok(Err(error)) => {
                let code = error
                    .raw_os_error()
                    .map(|c| c.to_string())
                    .unwrap_or_default();
                let kind = format!("{:?}", error.kind());
                self.send(vec![
                    "failed".into(),
                    kind.into(),
                    code.into(),
                    error.to_string().into(),
                ])
            }
            Err(_) => {
                let waiting: usize = self.sockets.iter().map(count_waiting).sum();
                self.send(vec!["unwound".into(), waiting.to_string().into()])?;
                process::exit(101)
            }
        }
    }

    /// Tells the judge what the exercise's own code saw on this side, outside
    /// the reader's function: what a socket that it returned receives.
    ///
    /// # Errors
    /// Those of the channel.
    pub fn tell(&mut self, fields: Message) -> io::Result<()> {
        let mut report = vec!["told".into()];
        report.extend(fields);
        self.send(report)
    }

    fn send(&self, report: Message) -> io::Result<()> {
        wire::write(&self.channel, &report)
    }
}

/// The arguments of a call, taken one after the other. A judge and an answer
/// of the same version agree on them; the program stops if they do not.
pub struct Arguments(std::vec::IntoIter<Vec<u8>>);

impl Arguments {
    /// The next argument as bytes.
    pub fn bytes(&mut self) -> Vec<u8> {
        self.0.next().unwrap_or_default()
    }

    /// The next argument as text.
    pub fn text(&mut self) -> String {
        String::from_utf8_lossy(&self.bytes()).into_owned()
    }

    /// The next argument as what its text stands for: a number, an address.
    pub fn parsed<T: std::str::FromStr>(&mut self) -> T {
        self.text().parse().unwrap_or_else(|_| {
            let sentence = "the judge and this program are of different versions; build again";
            let _ = writeln!(io::stderr(), "{sentence}");
            process::exit(2)
        })
    }
}

/// Tells the judge of a panic when it happens, on whichever thread: a thread
/// that panics may leave the rest of the program waiting for ever.
fn report_panic(channel: &TcpStream, info: &PanicHookInfo<'_>) {
    let payload = info.payload();
    let message = payload
        .downcast_ref::<&str>()
        .map(|s| (*s).to_string())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    // A line of the standard library's own says nothing to a reader.
    let own = |file: &str| !file.replace('\\', "/").contains("/library/");
    let line = info
        .location()
        .filter(|l| own(l.file()))
        .map_or(0, |l| l.line());
    let _ = wire::write(
        channel,
        &["panicked".into(), message.into(), line.to_string().into()],
    );
}

/// How many datagrams wait in a socket; it takes them out to count them.
fn count_waiting(socket: &UdpSocket) -> usize {
    if socket.set_nonblocking(true).is_err() {
        return 0;
    }
    let mut buf = [0; 1];
    // A truncated receive is an error on Windows, and still takes a datagram.
    let took = |r: io::Result<usize>| !matches!(r, Err(e) if e.kind() == ErrorKind::WouldBlock);
    (0..10_000)
        .take_while(|_| took(socket.recv(&mut buf)))
        .count()
}

/// Opens a UDP socket for a run by hand, on the address in the first argument.
///
/// # Errors
/// One sentence that says what to write, or why the address cannot be had.
pub fn bind_by_hand(args: &[String]) -> Result<UdpSocket, String> {
    let address = address(args, 0, "the address to listen on, like 127.0.0.1:8888")?;
    let socket = UdpSocket::bind(address).map_err(|e| cannot_listen(address, &e))?;
    say(format_args!(
        "listening on {}",
        socket.local_addr().unwrap_or(address)
    ));
    Ok(socket)
}

/// Opens a TCP listener for a run by hand, on the address in the first argument.
///
/// # Errors
/// One sentence that says what to write, or why the address cannot be had.
pub fn listen_by_hand(args: &[String]) -> Result<TcpListener, String> {
    let address = address(args, 0, "the address to listen on, like 127.0.0.1:8888")?;
    let listener = TcpListener::bind(address).map_err(|e| cannot_listen(address, &e))?;
    say(format_args!(
        "listening on {}",
        listener.local_addr().unwrap_or(address)
    ));
    Ok(listener)
}

/// Waits for the next client of a run by hand.
///
/// # Errors
/// One sentence that says why there is none.
pub fn accept_by_hand(listener: &TcpListener) -> Result<TcpStream, String> {
    let accepted = listener.accept();
    let (stream, peer) = accepted.map_err(|e| format!("cannot accept a client: {}", e.kind()))?;
    say(format_args!("{peer} connected"));
    Ok(stream)
}

/// Ends a connection of a run by hand so that nothing of it is lost: the end of
/// this side, and then whatever still comes.
pub fn end_by_hand(mut stream: &TcpStream) {
    let patience = Some(Duration::from_secs(3));
    // What goes wrong now is the other program's affair.
    let _ = stream
        .set_nonblocking(false)
        .and_then(|()| stream.set_read_timeout(patience))
        .and_then(|()| stream.shutdown(Shutdown::Write))
        .and_then(|()| io::copy(&mut stream, &mut io::sink()));
}

fn cannot_listen(address: SocketAddr, error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::AddrInUse => format!(
            "cannot listen on {address}: another program has this port; stop that program, or take another port"
        ),
        kind => format!("cannot listen on {address}: {kind}"),
    }
}

/// A UDP socket of a client run by hand: any free port, every local address.
///
/// # Errors
/// One sentence that says why there is none.
pub fn client_by_hand() -> Result<UdpSocket, String> {
    UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))
        .map_err(|e| format!("cannot open a socket: {}", e.kind()))
}

/// Argument number `at` of a run by hand, an address: the first that the name
/// has; `what` says what it stands for.
///
/// # Errors
/// One sentence when it is missing or is no address.
pub fn address(args: &[String], at: usize, what: &str) -> Result<SocketAddr, String> {
    let text: String = argument(args, at, what)?;
    text.to_socket_addrs()
        .ok()
        .and_then(|mut found| found.next())
        .ok_or_else(|| {
            format!("{text:?} is no address; write it as HOST:PORT, like 127.0.0.1:8888")
        })
}

/// Argument number `at` of a run by hand; `what` says what it stands for.
///
/// # Errors
/// One sentence when it is missing or cannot be read.
pub fn argument<T: std::str::FromStr>(args: &[String], at: usize, what: &str) -> Result<T, String> {
    args.get(at)
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| format!("argument {} is {what}", at + 1))
}

/// Prints what a run by hand came to.
///
/// # Errors
/// One sentence made of the error, where `result` is one.
pub fn show<T: Display>(result: io::Result<T>) -> Result<(), String> {
    say(result.map_err(|e| format!("the answer returned an error: {:?} ({e})", e.kind()))?);
    Ok(())
}

/// Prints what a run by hand came to for one client: a server goes on after an
/// error.
pub fn show_and_go_on<T: Display>(result: io::Result<T>) {
    if let Err(sentence) = show(result) {
        say(sentence);
    }
}

/// Prints a line. When nobody reads the output any more, the program ends
/// without a word, as programs do.
fn say(line: impl Display) {
    let mut out = io::stdout().lock();
    if writeln!(out, "{line}").and_then(|()| out.flush()).is_err() {
        process::exit(0);
    }
}
