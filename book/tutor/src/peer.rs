//! Whose connection it is. Loopback belongs to the machine: another user of it
//! can connect as well, and no browser stands between that user and what a
//! request claims to be.
//!
//! Linux lists each socket with its owner. Other systems do not tell, and there
//! the server answers whoever is on the machine.

use std::net::SocketAddr;

/// Whether a connection may be the reader's: its other end belongs to another
/// user neither than this process nor than root, who may do anything anyway.
///
/// What the list does not hold is let through: it comes from a browser outside
/// this Linux, by a way that only its host has.
#[cfg(target_os = "linux")]
pub(crate) fn may_be_the_readers(peer: SocketAddr, here: SocketAddr) -> bool {
    use std::thread::sleep;
    use std::time::Duration;

    let own = nix::unistd::getuid().as_raw();
    // The list is no snapshot: a line may be missing while others come and go.
    for _ in 0..LOOKS {
        match linux::owner(peer, here) {
            Some(Some(user)) => return user == own || user == 0,
            Some(None) => return false,
            None => sleep(Duration::from_millis(2)),
        }
    }
    true
}

/// How often a missing line is looked for.
#[cfg(target_os = "linux")]
const LOOKS: usize = 5;

/// See above.
#[cfg(not(target_os = "linux"))]
pub(crate) fn may_be_the_readers(_peer: SocketAddr, _here: SocketAddr) -> bool {
    true
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;
    use std::net::{IpAddr, SocketAddr};

    /// The user who has the socket `peer` that is connected to `here`: `None` if
    /// it is not listed, and none inside if nobody has it any more, since then
    /// the list says root.
    pub(super) fn owner(peer: SocketAddr, here: SocketAddr) -> Option<Option<u32>> {
        // A program may well use an IPv6 socket for an IPv4 address.
        [("tcp", false), ("tcp6", true)]
            .iter()
            .find_map(|(table, mapped)| {
                let ends = [hex(peer, *mapped), hex(here, *mapped)];
                let table = fs::read_to_string(format!("/proc/self/net/{table}")).ok()?;
                table.lines().find_map(|line| in_line(line, &ends))
            })
    }

    /// Columns as proc_pid_net(5) has them: number, local and remote address,
    /// state, queues, timer, retransmits, user, time-out, inode.
    fn in_line(line: &str, ends: &[String; 2]) -> Option<Option<u32>> {
        let words: Vec<_> = line.split_whitespace().collect();
        let [_, local, remote, _, _, _, _, user, _, inode, ..] = words[..] else {
            return None;
        };
        if [local, remote] != [&ends[0], &ends[1]] {
            return None;
        }
        Some((inode != "0").then(|| user.parse().ok()).flatten())
    }

    /// An address as the list writes it: words of four bytes in the machine's
    /// order.
    fn hex(address: SocketAddr, mapped: bool) -> String {
        let bytes = match address.ip() {
            IpAddr::V4(ip) if mapped => ip.to_ipv6_mapped().octets().to_vec(),
            IpAddr::V4(ip) => ip.octets().to_vec(),
            IpAddr::V6(ip) => ip.octets().to_vec(),
        };
        let words = bytes.chunks_exact(4).map(|word| {
            let word = word.try_into().unwrap_or_default();
            format!("{:08X}", u32::from_ne_bytes(word))
        });
        format!("{}:{:04X}", words.collect::<String>(), address.port())
    }
}
