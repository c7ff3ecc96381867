//! The two ends of the wire: a network namespace each, with a network of one
//! interface that is a file in this program (a TAP device).
//!
//! What one end's kernel sends comes out of its file as a frame, and a frame
//! that is written into the file arrives at that kernel. When this program
//! ends, however it ends, the files are closed, and with them the interfaces
//! and the namespaces are gone.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::net::Ipv4Addr;
use std::os::fd::AsRawFd;
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, Sender};
use std::thread;

use labs::Trouble;
use nix::libc;
use nix::sched::{CloneFlags, unshare};
use nix::unistd::{getgid, getuid};

/// How one end is addressed.
#[derive(Clone, Copy)]
pub struct Place {
    pub address: Ipv4Addr,
    mac: &'static str,
}

/// The end of a server; 192.0.2.0/24 is for documentation (RFC 5737).
pub const SERVER: Place = Place {
    address: Ipv4Addr::new(192, 0, 2, 1),
    mac: "02:00:00:00:00:01",
};

/// The end of a client.
pub const CLIENT: Place = Place {
    address: Ipv4Addr::new(192, 0, 2, 2),
    mac: "02:00:00:00:00:02",
};

/// The name of the interface, in both namespaces.
const INTERFACE: &str = "wire";

type Job = Box<dyn FnOnce() + Send>;

/// One end: its frames, and a thread that lives in its namespace.
pub struct End {
    /// Each read is a frame that this end sends, each write one that it gets.
    pub frames: File,
    /// TCP's congestion control at this end.
    pub congestion: String,
    jobs: Sender<Job>,
}

impl End {
    /// Runs `work` on the thread that lives in this end's namespace: the
    /// sockets that it makes and the programs that it starts belong there.
    pub fn inside<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> T {
        let (sender, result) = mpsc::sync_channel(1);
        let job = Box::new(move || {
            let _ = sender.send(work());
        });
        self.jobs
            .send(job)
            .expect("the end's thread waits for jobs");
        result.recv().expect("a job does not panic")
    }

    /// How many frames this end's kernel sent faster than the wire took them,
    /// and dropped: a TAP device holds no more than its queue's length.
    pub fn lost_before_the_wire(&self) -> u64 {
        self.inside(|| {
            let table = fs::read_to_string("/proc/thread-self/net/dev").ok()?;
            let mut lines = table.lines().map(str::trim_start);
            let counts = lines.find_map(|line| line.strip_prefix(INTERFACE)?.strip_prefix(':'))?;
            counts
                .split_whitespace()
                .nth(SENT_AND_DROPPED)?
                .parse()
                .ok()
        })
        .unwrap_or_default()
    }
}

/// Its place among an interface's counts in proc_pid_net(5): eight are of what
/// was received; of what was sent come bytes, packets, errors, drops.
const SENT_AND_DROPPED: usize = 8 + 3;

// ANCHOR: rights
/// Gets the right to make networks: root has it, and an ordinary user gets it
/// in a user namespace, where the system allows one.
///
/// To be called before the program has a second thread (user_namespaces(7)).
pub fn get_rights() -> Result<(), Trouble> {
    let network = || unshare(CloneFlags::CLONE_NEWNET).map_err(io::Error::from);
    if network().is_ok() {
        return Ok(()); // a trial: each end makes one of its own
    }
    let (uid, gid) = (getuid(), getgid());
    let mapped = unshare(CloneFlags::CLONE_NEWUSER)
        .map_err(io::Error::from)
        .and_then(|()| fs::write("/proc/self/setgroups", "deny"))
        .and_then(|()| fs::write("/proc/self/uid_map", format!("0 {uid} 1")))
        .and_then(|()| fs::write("/proc/self/gid_map", format!("0 {gid} 1")))
        .and_then(|()| network());
    mapped.map_err(|_| Trouble::new(forbidden(uid.is_root())))
}
// ANCHOR_END: rights

fn forbidden(to_root: bool) -> String {
    let why = if to_root {
        "this system does not allow it even to root (a container has a profile of its own); \
         run the lab outside"
    } else {
        "this system allows it to root alone (Ubuntu since 24.04: \
         kernel.apparmor_restrict_unprivileged_userns; a container: a profile of its own); \
         run the lab as root"
    };
    format!(
        "cannot make a network namespace: {why}, or read on with the recorded output in chapter 7"
    )
}

// ANCHOR: open
/// Makes one end: a namespace, its interface, and its addresses.
pub fn open(here: Place, there: Place) -> Result<End, Trouble> {
    let (ready, made) = mpsc::sync_channel(1);
    let (jobs, work) = mpsc::channel::<Job>();
    let live_there = move || {
        // A namespace belongs to a thread, and to what the thread starts.
        let end = unshare(CloneFlags::CLONE_NEWNET)
            .map_err(|e| cannot("make a network namespace", e.into()))
            .and_then(|()| tap())
            .and_then(|frames| Ok((frames, configure(here, there)?)));
        let _ = ready.send(end);
        for job in work {
            job();
        }
    };
    let thread = thread::Builder::new().spawn(live_there);
    thread.map_err(|e| cannot("start a thread for a network", e))?;
    let (frames, congestion) = made.recv().expect("the thread answers")?;
    Ok(End {
        frames,
        congestion,
        jobs,
    })
}
// ANCHOR_END: open

// ANCHOR: tap
/// Makes the interface, in the namespace of the calling thread.
fn tap() -> Result<File, Trouble> {
    let path = "/dev/net/tun";
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .open(path)
        .map_err(|e| {
            let hint =
                "TAP devices need it: `modprobe tun` makes it, and a container has to be given it";
            Trouble::new(format!("cannot open {path}: {}; {hint}", e.kind()))
        })?;
    let mut request = InterfaceRequest {
        name: [0; 16],
        flags: (libc::IFF_TAP | libc::IFF_NO_PI) as u16, // whole frames, and nothing before them
        rest: [0; 22],
    };
    request.name[..INTERFACE.len()].copy_from_slice(INTERFACE.as_bytes());
    // SAFETY: `file` is open, and TUNSETIFF reads and writes one `struct ifreq`,
    // whose layout `InterfaceRequest` has, at no less than its size (netdevice(7)).
    #[allow(unsafe_code)]
    unsafe { set_interface(file.as_raw_fd(), &mut request) }
        .map_err(|e| cannot("make a TAP interface", e.into()))?;
    Ok(file)
}

/// `struct ifreq` of netdevice(7), as TUNSETIFF uses it.
#[repr(C)]
pub struct InterfaceRequest {
    name: [u8; 16],
    flags: u16,
    rest: [u8; 22],
}

nix::ioctl_readwrite_bad!(
    /// Attaches an open /dev/net/tun to an interface.
    set_interface,
    nix::request_code_write!(b'T', 202, size_of::<libc::c_int>()),
    InterfaceRequest
);
// ANCHOR_END: tap

/// Gives the interface its addresses, in the namespace of the calling thread,
/// and returns the congestion control that TCP has there.
fn configure(here: Place, there: Place) -> Result<String, Trouble> {
    // What a kernel says on its own would be numbered among the frames: no
    // IPv6 looks for routers, and both ends know each other's MAC address.
    let no_ipv6 = set(&format!("ipv6/conf/{INTERFACE}/disable_ipv6"), "1");
    no_ipv6
        .or_else(|e| {
            if e.kind() == ErrorKind::NotFound {
                Ok(())
            } else {
                Err(e)
            }
        }) // it has none
        .map_err(|e| cannot("switch off IPv6 in a network", e))?;
    // Kernels differ in their default, and some allow no other one: what the
    // labs print names what it is.
    let _ = set("ipv4/tcp_congestion_control", "reno");
    let (here, there, mac) = (here.address, there.address, (here.mac, there.mac));
    // Frames wait in the queue when many come at once.
    ip(&format!(
        "link set lo up\n\
         link set {INTERFACE} address {} txqueuelen 10000\n\
         addr add {here}/24 dev {INTERFACE}\n\
         link set {INTERFACE} up\n\
         neigh add {there} lladdr {} dev {INTERFACE}\n",
        mac.0, mac.1
    ))?;
    let congestion = fs::read_to_string("/proc/sys/net/ipv4/tcp_congestion_control");
    Ok(congestion.map_or("unknown".into(), |name| name.trim().into()))
}

/// Runs commands of ip(8), one on each line.
fn ip(commands: &str) -> Result<(), Trouble> {
    let cannot_run = |e| cannot("run ip, which comes with the package iproute2,", e);
    let mut ip = Command::new("ip")
        .args(["-batch", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(cannot_run)?;
    if let Some(mut input) = ip.stdin.take() {
        let _ = input.write_all(commands.as_bytes()); // what ip thinks of it follows
    }
    let ran = ip.wait_with_output().map_err(cannot_run)?;
    if ran.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&ran.stderr);
    let first = said.lines().next().unwrap_or("it did not say why");
    Err(Trouble::new(format!(
        "cannot give the interface its addresses: ip says \"{first}\""
    )))
}

/// Sets one of the namespace's own settings.
fn set(name: &str, value: &str) -> io::Result<()> {
    fs::write(format!("/proc/sys/net/{name}"), value)
}

fn cannot(what: &str, error: io::Error) -> Trouble {
    Trouble::new(format!("cannot {what}: {}", error.kind()))
}
