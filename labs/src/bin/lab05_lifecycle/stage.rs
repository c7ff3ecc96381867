//! Where the scenes are played: both ends, what the kernel says of them, and
//! segments that are lost on purpose.

use std::error::Error;
use std::fmt::{self, Display};
use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr};

use labs::states::{Connection, say_if_missing};
use labs::{Trouble, say};
use socket2::{Domain, Socket, Type};

type Done = Result<(), Box<dyn Error>>;

/// An end of the connection.
pub struct End {
    pub name: &'static str,
    pub socket: Socket,
}

impl Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// What a scene needs.
pub struct Stage {
    pub listener: Option<Socket>,
    pub connection: Connection,
    /// `--lose`.
    lose: bool,
    /// Whether some end hears nothing at this moment.
    losing: bool,
}

impl Stage {
    pub fn new(lose: bool) -> Result<Self, Box<dyn Error>> {
        let any = (Ipv4Addr::LOCALHOST, 0).into();
        let listener = bound(any, true)?;
        let server = address(&listener)?;
        say_if_missing()?;
        say(format_args!(
            "{:36}{:14}{:14}listener",
            "call", "client", "server"
        ))?;
        let connection = Connection {
            client: any,
            server,
        };
        Ok(Self {
            listener: Some(listener),
            connection,
            lose,
            losing: false,
        })
    }

    // ANCHOR: open
    /// From LISTEN to ESTABLISHED: the client and the server of a connection.
    pub fn open(&mut self) -> Result<[End; 2], Box<dyn Error>> {
        self.listen(8, "server: bind, listen(8)")?;
        let (client, server) = (self.new_client()?, self.connection.server);
        self.lossy(&client, || {
            connect(&client.socket, server)?;
            Ok("client: connect".into())
        })?;
        let server = self.accept("server: accept")?;
        Ok([client, server])
    }
    // ANCHOR_END: open

    // ANCHOR: lossy
    /// Makes a call. With `--lose`, what it sends does not get to `deaf` at
    /// first; TCP sends it again after a while.
    pub fn lossy(&mut self, deaf: &End, call: impl FnOnce() -> io::Result<String>) -> Done {
        if self.lose {
            self.lose(deaf)?;
        }
        let called = call()?;
        self.show(called)?;
        if self.lose {
            self.hear(deaf)?;
        }
        Ok(())
    }
    // ANCHOR_END: lossy

    /// Lets nothing arrive at this end.
    pub fn lose(&mut self, deaf: &End) -> Done {
        loss::begin(&deaf.socket)?;
        self.losing = loss::POSSIBLE;
        if !loss::POSSIBLE {
            return Ok(say("  (this system can lose nothing: it arrives)")?);
        }
        Ok(say(format_args!("  (what comes to the {deaf} is lost)"))?)
    }

    /// Lets everything arrive again, and shows what comes of it.
    pub fn hear(&mut self, deaf: &End) -> Done {
        loss::end(&deaf.socket)?;
        self.losing = false;
        self.show("  (from now on it arrives)")
    }

    pub fn listen(&mut self, backlog: i32, call: &str) -> Done {
        if let Some(listener) = &self.listener {
            listener.listen(backlog)?;
        }
        self.show(call)
    }

    pub fn new_client(&mut self) -> io::Result<End> {
        let (name, socket) = ("client", bound((Ipv4Addr::LOCALHOST, 0).into(), false)?);
        self.connection.client = address(&socket)?;
        Ok(End { name, socket })
    }

    pub fn accept(&self, call: &str) -> Result<End, Box<dyn Error>> {
        let none = || io::Error::from(ErrorKind::NotConnected);
        let listener = self.listener.as_ref().ok_or_else(none)?;
        let (name, socket) = ("server", listener.accept()?.0);
        self.show(call)?;
        Ok(End { name, socket })
    }

    // ANCHOR: show
    /// One line of the table: what was called, and the kernel's state of each
    /// end after it.
    pub fn show(&self, call: impl Display) -> Done {
        let states = self.connection.states(self.losing);
        let (client, server) = (states.client, states.server);
        let line = format!("{call:36}{client:14}{server:14}{}", states.listener);
        Ok(say(line.trim_end())?)
    }
    // ANCHOR_END: show

    /// The same where a segment is not going to be answered.
    pub fn show_unanswered(&mut self, call: &str) -> Done {
        self.losing = true;
        self.show(call)?;
        self.losing = false;
        Ok(())
    }

    /// How long the kernel keeps what the program has closed.
    pub fn what_is_left(&self) -> Done {
        let states = self.connection.states(false);
        for (end, left) in ["client", "server"].iter().zip(states.left) {
            if let Some(seconds) = left {
                say(format_args!(
                    "the {end}'s end stays in TIME-WAIT for {seconds} s"
                ))?;
            }
        }
        Ok(())
    }
}

/// What a call gave: `Ok(5)`, or the kind of its error.
pub fn given<T: fmt::Debug>(result: io::Result<T>) -> String {
    match result {
        Ok(value) => format!("Ok({value:?})"),
        Err(error) => format!("{:?}", error.kind()),
    }
}

// ANCHOR: bound
/// A socket with an address. With `reuse`, as `TcpListener::bind` does it on
/// Unix, before `bind`: an old connection in TIME-WAIT is then no obstacle.
pub fn bound(address: SocketAddr, reuse: bool) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    if reuse && cfg!(unix) {
        socket.set_reuse_address(true)?;
    }
    socket.bind(&address.into())?;
    Ok(socket)
}
// ANCHOR_END: bound

fn address(socket: &Socket) -> io::Result<SocketAddr> {
    let address = socket.local_addr()?.as_socket();
    address.ok_or_else(|| ErrorKind::AddrNotAvailable.into())
}

/// Begins to connect: the SYN is sent, and nothing is waited for.
pub fn connect(client: &Socket, server: SocketAddr) -> io::Result<()> {
    client.set_nonblocking(true)?;
    let connected = client.connect(&server.into());
    client.set_nonblocking(false)?;
    match connected {
        Err(error) if is_on_its_way(&error) => Ok(()),
        connected => connected,
    }
}

/// EINPROGRESS, and WSAEWOULDBLOCK on Windows. `ErrorKind` has no stable name
/// for the first.
fn is_on_its_way(error: &io::Error) -> bool {
    let code = if cfg!(target_os = "linux") {
        115
    } else if cfg!(windows) {
        10035
    } else {
        36
    };
    error.raw_os_error() == Some(code)
}

/// Loss at one end, as an unreliable network does it: a socket filter (Linux's
/// SO_ATTACH_FILTER, socket(7)) throws away every segment before TCP sees it.
#[cfg(target_os = "linux")]
mod loss {
    use socket2::{SockFilter, Socket};

    pub const POSSIBLE: bool = true;

    // ANCHOR: loss
    /// A program of one instruction: BPF_RET with 0, "keep no byte of it".
    const KEEP_NOTHING: [SockFilter; 1] = [SockFilter::new(6, 0, 0, 0)];

    pub fn begin(socket: &Socket) -> std::io::Result<()> {
        socket.attach_filter(&KEEP_NOTHING)
    }

    pub fn end(socket: &Socket) -> std::io::Result<()> {
        socket.detach_filter()
    }
    // ANCHOR_END: loss
}

#[cfg(not(target_os = "linux"))]
mod loss {
    pub const POSSIBLE: bool = false;

    pub fn begin(_: &socket2::Socket) -> std::io::Result<()> {
        Ok(())
    }

    pub fn end(_: &socket2::Socket) -> std::io::Result<()> {
        Ok(())
    }
}

/// A sentence on whatever ended the lab.
pub fn trouble(error: Box<dyn Error>) -> Trouble {
    match error.downcast::<Trouble>() {
        Ok(trouble) => *trouble,
        Err(error) => {
            let kind = error
                .downcast::<io::Error>()
                .map_or(ErrorKind::Other, |e| e.kind());
            Trouble::new(format!("the system refused a call of this lab: {kind}"))
        }
    }
}
