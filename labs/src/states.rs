//! What the kernel says about the state of a TCP connection: read from the
//! table that `ss` and `netstat` show, and not worked out from what was called.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::{Trouble, say};

/// One end of a TCP connection in the kernel's table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The end's own address.
    pub local: SocketAddr,
    /// Its peer's; a listener has none, and shows 0.0.0.0:0.
    pub peer: SocketAddr,
    /// By the name that RFC 9293 §3.3.2 gives it.
    pub state: &'static str,
    /// Which timer runs, and how many seconds are left (rounded up).
    pub timer: (Timer, u64),
}

/// The timer of a connection, as Linux numbers them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// Nothing is waited for.
    Off,
    /// Something was sent that is not acknowledged yet.
    Resend,
    /// Another one; the keepalive timer is such.
    Other,
    /// TIME-WAIT ends when it does.
    TimeWait,
    /// The peer's window is full: it will be asked again.
    Probe,
}

// ANCHOR: row
/// One line of `/proc/net/tcp`. Its words are hexadecimal: local address, peer,
/// state, the bytes in both queues, and the timer with its hundredths of a
/// second (proc_pid_net(5)).
fn row(line: &str) -> Option<Row> {
    let mut words = line.split_whitespace().skip(1);
    let (local, peer) = (address(words.next()?)?, address(words.next()?)?);
    let state = match words.next()? {
        "01" => "ESTABLISHED",
        "02" => "SYN-SENT",
        "03" | "0C" => "SYN-RECEIVED",
        "04" => "FIN-WAIT-1",
        "05" => "FIN-WAIT-2",
        "06" => "TIME-WAIT",
        "08" => "CLOSE-WAIT",
        "09" => "LAST-ACK",
        "0A" => "LISTEN",
        "0B" => "CLOSING",
        _ => return None, // 07 is CLOSED: a socket without a connection
    };
    let (number, left) = words.nth(1)?.split_once(':')?;
    let timer = match number {
        "00" => Timer::Off,
        "01" => Timer::Resend,
        "03" => Timer::TimeWait,
        "04" => Timer::Probe,
        _ => Timer::Other,
    };
    let left = u64::from_str_radix(left, 16).ok()?.div_ceil(100);
    Some(Row {
        local,
        peer,
        state,
        timer: (timer, left),
    })
}
// ANCHOR_END: row

/// An IPv4 address as the kernel prints it: `0100007F:22B8` is 127.0.0.1:8888
/// where the lowest byte of a number comes first in memory.
fn address(word: &str) -> Option<SocketAddr> {
    let (ip, port) = word.split_once(':')?;
    let ip = u32::from_str_radix(ip, 16).ok()?.to_ne_bytes();
    let port = u16::from_str_radix(port, 16).ok()?;
    Some((IpAddr::from(Ipv4Addr::from(ip)), port).into())
}

/// The connections over IPv4, and the listeners, with this port at either end;
/// `None` on a system that has no such table (only Linux has it).
pub fn rows(port: u16) -> Option<Vec<Row>> {
    let table = std::fs::read_to_string("/proc/self/net/tcp").ok()?;
    // A busy machine has many thousands of lines.
    let has_it = format!(":{port:04X} ");
    let lines = table.lines().skip(1).filter(|line| line.contains(&has_it));
    Some(lines.filter_map(row).collect())
}

/// Says so where no states can be shown.
///
/// # Errors
/// [`Trouble::OutputClosed`] when nobody reads the output any more.
pub fn say_if_missing() -> Result<(), Trouble> {
    match rows(0) {
        Some(_) => Ok(()),
        None => say("this system has no /proc/net/tcp: the calls are made, no states are shown"),
    }
}

/// The addresses of both ends of a connection, to look for them in the table.
#[derive(Clone, Copy, Debug)]
pub struct Connection {
    /// The end that connected.
    pub client: SocketAddr,
    /// The other one; its listener has the same address.
    pub server: SocketAddr,
}

/// What the kernel says of a connection; a dash where it knows no such end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct States {
    /// The client's end.
    pub client: &'static str,
    /// The server's end.
    pub server: &'static str,
    /// The socket that listens at the server's address.
    pub listener: &'static str,
    /// For how many seconds the client's end stays in TIME-WAIT, and the server's.
    pub left: [Option<u64>; 2],
}

impl Connection {
    /// The states when nothing changes any more, or after thirty seconds. As long
    /// as an end has sent something that is not acknowledged, more is going to
    /// happen; where segments are lost on purpose (`losing`), that is no sign.
    ///
    /// On a system without the table there are no words for any state, and what
    /// was sent gets some time to arrive.
    pub fn states(&self, losing: bool) -> States {
        let end = Instant::now() + Duration::from_secs(30);
        let mut before = None;
        loop {
            let Some(rows) = rows(self.server.port()) else {
                sleep(Duration::from_millis(100));
                return self.find(&[], "");
            };
            let now = self.find(&rows, "-");
            let waits = |row: &Row| self.has(row) && row.timer.0 == Timer::Resend;
            let quiet = losing || !rows.iter().any(waits);
            let words = [now.client, now.server, now.listener];
            if (before == Some(words) && quiet) || Instant::now() > end {
                return now;
            }
            before = Some(words);
            sleep(Duration::from_millis(if losing { 100 } else { 40 }));
        }
    }

    fn has(&self, row: &Row) -> bool {
        let ends = (row.local, row.peer);
        ends == (self.client, self.server) || ends == (self.server, self.client)
    }

    fn find(&self, rows: &[Row], none: &'static str) -> States {
        let ours = |local| rows.iter().find(|row| self.has(row) && row.local == local);
        let [client, server] = [ours(self.client), ours(self.server)];
        let listens = |row: &&Row| row.local == self.server && row.state == "LISTEN";
        let state = |row: Option<&Row>| row.map_or(none, |row| row.state);
        let left = |row: Option<&Row>| {
            let (timer, left) = row?.timer;
            (timer == Timer::TimeWait).then_some(left)
        };
        States {
            client: state(client),
            server: state(server),
            listener: state(rows.iter().find(listens)),
            left: [left(client), left(server)],
        }
    }
}
