//! What Linux tells of a process: proc(5).

use std::fs;
use std::net::SocketAddr;
use std::time::Duration;

use procfs::process::{FDTarget, Syscall, Task};

use super::{Call, Socket, Waiting};

/// Futex operations (futex(2)): the bit that marks one as private to a process.
const FUTEX_PRIVATE: u64 = 128;
/// The value on which Rust's `Mutex` waits: locked, with others waiting.
const CONTENDED: u64 = 2;

/// A process, and how it was when it was looked at last.
pub struct Process {
    pid: i32,
    before: Vec<Snapshot>,
    /// The last look at which every thread waited.
    waited: Vec<Snapshot>,
    cpu_before: Duration,
}

/// One look at a process.
pub struct View {
    /// Every thread waits.
    pub all_wait: bool,
    /// No thread has run since the last look.
    pub unchanged: bool,
    /// The processor time since the call began.
    pub busy: Duration,
}

/// One thread at one moment.
#[derive(Clone, PartialEq, Eq)]
struct Snapshot {
    tid: i32,
    waits: bool,
    switches: u64,
    call: Option<(i64, [u64; 6])>,
    /// Where in the kernel it waits, read only when `call` is refused.
    wchan: Option<String>,
}

impl Process {
    /// The process with this id.
    pub fn new(pid: u32) -> Self {
        Self {
            pid: pid.cast_signed(),
            before: Vec::new(),
            waited: Vec::new(),
            cpu_before: Duration::ZERO,
        }
    }

    /// Counts processor time from here.
    pub fn restart(&mut self) {
        self.cpu_before = self.cpu().unwrap_or_default();
        self.before.clear();
    }

    /// How the process is now; `None` when the system does not tell.
    pub fn look(&mut self) -> Option<View> {
        let now = self.threads()?;
        let view = View {
            all_wait: now.iter().all(|t| t.waits),
            unchanged: now.iter().all(|t| t.waits) && now == self.before,
            busy: self.cpu()?.saturating_sub(self.cpu_before),
        };
        if view.all_wait {
            self.waited.clone_from(&now);
        }
        self.before = now;
        Some(view)
    }

    /// Whether every thread waits now, and a number that changes whenever one of
    /// them has run and waits again.
    ///
    /// This is asked often, so it reads one file a thread, and of that two lines.
    pub fn rest(&self) -> Option<(bool, u64)> {
        let (mut all_wait, mut runs) = (true, 0_u64);
        for task in fs::read_dir(format!("/proc/{}/task", self.pid)).ok()? {
            let task = task.ok()?;
            // A thread that has just ended has no file any more, and no part in this.
            let Ok(status) = fs::read_to_string(task.path().join("status")) else {
                runs = runs.wrapping_add(1);
                continue;
            };
            let line = |name: &str| status.lines().find_map(|line| line.strip_prefix(name));
            all_wait &= line("State:")?.trim_start().starts_with('S');
            let switches: u64 = line("voluntary_ctxt_switches:")?.trim().parse().ok()?;
            let thread: u64 = task.file_name().to_str()?.parse().ok()?;
            runs = runs.wrapping_add(switches).wrapping_add(thread << 20);
        }
        Some((all_wait, runs))
    }

    /// How many descriptors are the TCP socket that is connected to `peer`.
    pub fn handles(&self, peer: SocketAddr) -> Option<usize> {
        let process = self.process()?;
        let targets: Vec<_> = process
            .fd()
            .ok()?
            .filter_map(|fd| Some(fd.ok()?.target))
            .collect();
        let ours = |inode: u64| {
            let same = |target: &&FDTarget| matches!(target, FDTarget::Socket(i) if *i == inode);
            targets.iter().filter(same).count()
        };
        let ends = (0..20).find_map(|_| {
            let mut list = process.tcp().ok()?.into_iter();
            list.find(|s| s.remote_address == peer && ours(s.inode) > 0)
        });
        Some(ends.map_or(0, |s| ours(s.inode)))
    }

    /// Where each thread was when all of them waited last.
    pub fn describe(&self) -> Vec<Waiting> {
        let tids: Vec<u64> = self
            .waited
            .iter()
            .map(|t| u64::from(t.tid.cast_unsigned()))
            .collect();
        self.waited
            .iter()
            .map(|thread| {
                let Some((number, arguments)) = thread.call else {
                    let call = match &thread.wchan {
                        _ if !thread.waits => Call::Running,
                        Some(function) => name_by_wchan(function),
                        None => Call::Other(-1),
                    };
                    return Waiting { call, socket: None };
                };
                let call = name(number, &arguments, &tids);
                let about_a_file = matches!(
                    call,
                    Call::Receive
                        | Call::Send
                        | Call::Accept
                        | Call::Connect
                        | Call::Read
                        | Call::Write
                );
                let socket = about_a_file.then(|| self.socket(arguments[0])).flatten();
                // `read` and `write` serve files and sockets alike.
                let call = match (call, &socket) {
                    (Call::Read, Some(_)) => Call::Receive,
                    (Call::Write, Some(_)) => Call::Send,
                    (call, _) => call,
                };
                Waiting { call, socket }
            })
            .collect()
    }

    fn process(&self) -> Option<procfs::process::Process> {
        procfs::process::Process::new(self.pid).ok()
    }

    fn threads(&self) -> Option<Vec<Snapshot>> {
        let mut threads = Vec::new();
        for task in self.process()?.tasks().ok()? {
            threads.push(snapshot(&task.ok()?)?);
        }
        threads.sort_by_key(|t| t.tid); // the main thread has the lowest
        Some(threads)
    }

    /// The processor time that it has used.
    pub fn cpu(&self) -> Option<Duration> {
        let stat = self.process()?.stat().ok()?;
        let ticks = (stat.utime + stat.stime) as f64;
        Some(Duration::from_secs_f64(
            ticks / procfs::ticks_per_second() as f64,
        ))
    }

    /// The most address space that it has had, in bytes.
    pub fn asked_for(&self) -> Option<u64> {
        let kilobytes = self.process()?.status().ok()?.vmpeak?;
        Some(kilobytes << 10)
    }

    /// The socket behind a descriptor of the process, in the kernel's lists.
    ///
    /// A list is read in pieces, and a socket that opens or closes meanwhile,
    /// anywhere on the machine, can make a piece skip another one: look again.
    fn socket(&self, descriptor: u64) -> Option<Socket> {
        let process = self.process()?;
        (0..20).find_map(|_| listed(&process, descriptor))
    }
}

/// One look for the socket behind a descriptor.
fn listed(process: &procfs::process::Process, descriptor: u64) -> Option<Socket> {
    let FDTarget::Socket(inode) = process
        .fd_from_fd(i32::try_from(descriptor).ok()?)
        .ok()?
        .target
    else {
        return None;
    };
    let connected = |a: SocketAddr| (a.port() != 0).then_some(a);
    let udp = [process.udp(), process.udp6()]
        .into_iter()
        .flatten()
        .flatten();
    let udp = udp.filter(|s| s.inode == inode).map(|s| Socket {
        protocol: "UDP",
        local: s.local_address,
        remote: connected(s.remote_address),
        peer: None,
        state: None,
    });
    let tcp = [process.tcp(), process.tcp6()]
        .into_iter()
        .flatten()
        .flatten();
    let tcp = tcp.filter(|s| s.inode == inode).map(|s| Socket {
        protocol: "TCP",
        local: s.local_address,
        remote: connected(s.remote_address),
        peer: None,
        state: Some(state(&s.state)),
    });
    udp.chain(tcp).next()
}

fn snapshot(task: &Task) -> Option<Snapshot> {
    let state = task.stat().ok()?.state;
    let switches = task.status().ok()?.voluntary_ctxt_switches?;
    // 'D' is the kernel's own work, such as a page that comes from the disk: on a
    // machine that stalls it may take a second, and the answer has no part in it.
    let waits = state == 'S';
    let (waits, call, wchan) = match task.syscall() {
        Ok(Syscall::Blocked {
            syscall_number,
            argument_registers,
            ..
        }) => (waits, Some((syscall_number, argument_registers)), None),
        Ok(_) => (false, None, None), // it woke between the two looks
        // Refused, as by Yama or in a container: the state still counts, and
        // the name of the kernel's function is not kept from us.
        Err(_) => {
            let wchan = format!("/proc/{}/task/{}/wchan", task.pid, task.tid);
            (waits, None, fs::read_to_string(wchan).ok())
        }
    };
    Some(Snapshot {
        tid: task.tid,
        waits,
        switches,
        call,
        wchan,
    })
}

/// What a thread waits in, by the kernel function where it sleeps. These names
/// are no interface, so a name that is not known says no more than "waits".
fn name_by_wchan(function: &str) -> Call {
    match function {
        "__skb_wait_for_more_packets" | "sk_wait_data" => Call::Receive,
        "sk_stream_wait_memory" | "sock_alloc_send_pskb" => Call::Send,
        "inet_csk_accept" => Call::Accept,
        "inet_stream_connect" | "__inet_stream_connect" | "inet_wait_for_connect" => Call::Connect,
        "hrtimer_nanosleep" => Call::Sleep,
        f if f.starts_with("futex") => Call::Park,
        f if f.starts_with("do_poll")
            || f.starts_with("do_sys_poll")
            || f.starts_with("ep_poll") =>
        {
            Call::Poll
        }
        f if f.starts_with("pipe_") || f.starts_with("anon_pipe_") => Call::Read,
        f if f.starts_with("do_wait") => Call::Child,
        _ => Call::Other(-1),
    }
}

/// The name of a system call that waits, by its number.
fn name(number: i64, arguments: &[u64; 6], tids: &[u64]) -> Call {
    match number {
        RECVFROM | RECVMSG => Call::Receive,
        SENDTO | SENDMSG => Call::Send,
        ACCEPT | ACCEPT4 => Call::Accept,
        CONNECT => Call::Connect,
        READ | READV => Call::Read,
        WRITE | WRITEV => Call::Write,
        POLL | PPOLL | EPOLL_PWAIT => Call::Poll,
        NANOSLEEP | CLOCK_NANOSLEEP => Call::Sleep,
        WAIT4 | WAITID => Call::Child,
        FUTEX => futex(arguments, tids),
        other => Call::Other(other),
    }
}

/// What a wait on a futex stands for. A thread's end is waited for on a futex
/// that the kernel itself wakes, so it is not a private one, and it holds the
/// thread's id; Rust's `Mutex` waits for its value to change from 2.
fn futex(arguments: &[u64; 6], tids: &[u64]) -> Call {
    let (operation, value) = (arguments[1], arguments[2] & 0xffff_ffff);
    if operation & FUTEX_PRIVATE == 0 && tids.contains(&value) {
        Call::Join
    } else if value == CONTENDED {
        Call::Lock
    } else {
        Call::Park
    }
}

fn state(state: &procfs::net::TcpState) -> &'static str {
    use procfs::net::TcpState as S;
    match state {
        S::Established => "ESTABLISHED",
        S::SynSent => "SYN-SENT",
        S::SynRecv | S::NewSynRecv => "SYN-RECEIVED",
        S::FinWait1 => "FIN-WAIT-1",
        S::FinWait2 => "FIN-WAIT-2",
        S::TimeWait => "TIME-WAIT",
        S::Close => "CLOSED",
        S::CloseWait => "CLOSE-WAIT",
        S::LastAck => "LAST-ACK",
        S::Listen => "LISTEN",
        S::Closing => "CLOSING",
    }
}

#[cfg(target_arch = "x86_64")]
mod numbers {
    pub const READ: i64 = 0;
    pub const WRITE: i64 = 1;
    pub const POLL: i64 = 7;
    pub const READV: i64 = 19;
    pub const WRITEV: i64 = 20;
    pub const NANOSLEEP: i64 = 35;
    pub const CONNECT: i64 = 42;
    pub const ACCEPT: i64 = 43;
    pub const SENDTO: i64 = 44;
    pub const RECVFROM: i64 = 45;
    pub const SENDMSG: i64 = 46;
    pub const RECVMSG: i64 = 47;
    pub const WAIT4: i64 = 61;
    pub const FUTEX: i64 = 202;
    pub const CLOCK_NANOSLEEP: i64 = 230;
    pub const WAITID: i64 = 247;
    pub const PPOLL: i64 = 271;
    pub const EPOLL_PWAIT: i64 = 281;
    pub const ACCEPT4: i64 = 288;
}

/// The numbers that every newer architecture shares (asm-generic/unistd.h).
#[cfg(not(target_arch = "x86_64"))]
mod numbers {
    pub const EPOLL_PWAIT: i64 = 22;
    pub const READ: i64 = 63;
    pub const WRITE: i64 = 64;
    pub const READV: i64 = 65;
    pub const WRITEV: i64 = 66;
    pub const PPOLL: i64 = 73;
    pub const WAITID: i64 = 95;
    pub const FUTEX: i64 = 98;
    pub const NANOSLEEP: i64 = 101;
    pub const CLOCK_NANOSLEEP: i64 = 115;
    pub const ACCEPT: i64 = 202;
    pub const CONNECT: i64 = 203;
    pub const SENDTO: i64 = 206;
    pub const RECVFROM: i64 = 207;
    pub const SENDMSG: i64 = 211;
    pub const RECVMSG: i64 = 212;
    pub const ACCEPT4: i64 = 242;
    pub const WAIT4: i64 = 260;
    pub const POLL: i64 = -2; // only ppoll(2) there
}
use numbers::*;
