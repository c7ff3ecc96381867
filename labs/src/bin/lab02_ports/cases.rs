//! The pairs of sockets, and what the systems' documentation says of each.
//!
//! - Linux: ip(7), socket(7) and ipv6(7) of the man-pages project,
//!   <https://man7.org/linux/man-pages/man7/socket.7.html>; IPV6_V6ONLY(2const) was
//!   a part of ipv6(7) in older ones.
//! - macOS: bind(2), getsockopt(2) and ip6(4), as `man 2 bind` shows them there,
//!   <https://github.com/apple-oss-distributions/xnu/tree/main/bsd/man>.
//! - Windows: "Using SO_REUSEADDR and SO_EXCLUSIVEADDRUSE", its table for Windows
//!   Server 2003 and later where both binds are of one user,
//!   <https://learn.microsoft.com/windows/win32/winsock/using-so-reuseaddr-and-so-exclusiveaddruse>,
//!   and "Dual-Stack Sockets",
//!   <https://learn.microsoft.com/windows/win32/winsock/dual-stack-sockets>.
//!
//! Nothing here was tried on macOS or Windows: run the lab there.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use socket2::Type;

/// Two sockets that want one port.
pub struct Case {
    pub title: &'static str,
    pub first: Want,
    pub second: Want,
    /// Where a datagram is sent when they share the port.
    pub ask: &'static [IpAddr],
    /// For Linux, macOS and Windows.
    pub said: [Said; 3],
}

/// A socket as it is asked for.
pub struct Want {
    pub kind: Type,
    pub ip: IpAddr,
    pub share: Share,
    pub only_v6: Option<bool>,
}

/// What a socket says before it binds.
#[derive(Clone, Copy)]
pub enum Share {
    Nothing,
    ReuseAddr,
    ReusePort,
}

/// What a documentation says, and where.
pub type Said = (&'static str, &'static str);

const ONE: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 1));
const TWO: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));
const ALL: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
const ALL6: IpAddr = IpAddr::V6(Ipv6Addr::UNSPECIFIED);
const ONE6: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);

const fn want(kind: Type, ip: IpAddr, share: Share) -> Want {
    let only_v6 = None;
    Want {
        kind,
        ip,
        share,
        only_v6,
    }
}

const fn udp(ip: IpAddr, share: Share) -> Want {
    want(Type::DGRAM, ip, share)
}

const fn tcp(ip: IpAddr, share: Share) -> Want {
    want(Type::STREAM, ip, share)
}

const fn all6(only: bool) -> Want {
    Want {
        only_v6: Some(only),
        ..udp(ALL6, Nothing)
    }
}

use Share::{Nothing, ReuseAddr, ReusePort};

/// One IPv6 socket for both families.
pub const BOTH_FAMILIES: Want = all6(false);

const SILENT: Said = ("-", "not documented");
const PER_PROTOCOL: Said = (
    "shared",
    "RFC 6335 §6: each transport protocol has its own ports",
);
const LINUX_PAIR: Said = (
    "refused",
    "ip(7): one socket for each pair of local address and port",
);
const LINUX_OTHER: Said = (
    "shared",
    "ip(7): one socket for each pair of local address and port",
);
const LINUX_ALL: Said = ("refused", "ip(7): INADDR_ANY binds to all local interfaces");
const LINUX_ADDR: Said = (
    "shared",
    "socket(7), SO_REUSEADDR: may bind unless one listens there",
);
const LINUX_LISTENS: Said = ("refused", "socket(7), SO_REUSEADDR: not where one listens");
const LINUX_PORT: Said = (
    "shared",
    "socket(7), SO_REUSEPORT: all set it, all of one user",
);
const MACOS_TWICE: Said = ("refused", "bind(2): EADDRINUSE, the address is in use");
const MACOS_PORT: Said = (
    "shared",
    "getsockopt(2), SO_REUSEPORT: all set it before they bind",
);
const WINDOWS_TWICE: Said = (
    "refused",
    "Using SO_REUSEADDR …: default, the same address: INUSE",
);
const WINDOWS_OTHER: Said = (
    "shared",
    "Using SO_REUSEADDR …: no conflict on different interfaces",
);
const WINDOWS_ALL: Said = (
    "shared",
    "Using SO_REUSEADDR …: default, wildcard, specific: Success",
);
const WINDOWS_ADDR: Said = (
    "shared",
    "Using SO_REUSEADDR …: Success, then indeterminate",
);
const WINDOWS_PORT: Said = ("no such", "SOL_SOCKET Socket Options: it is not among them");

/// What is asked of the system, group after group.
pub const GROUPS: &[(&str, &[Case])] = &[
    ("no option", PLAIN),
    ("SO_REUSEADDR in both", REUSE_ADDR),
    ("SO_REUSEPORT in both", REUSE_PORT),
    (
        "UDP [::] and 0.0.0.0, by IPV6_V6ONLY of the first",
        FAMILIES,
    ),
];

// ANCHOR: plain
const PLAIN: &[Case] = &[
    Case {
        title: "UDP and TCP, 127.0.0.1",
        first: udp(ONE, Nothing),
        second: tcp(ONE, Nothing),
        ask: &[],
        said: [PER_PROTOCOL; 3],
    },
    Case {
        title: "UDP twice, 127.0.0.1",
        first: udp(ONE, Nothing),
        second: udp(ONE, Nothing),
        ask: &[ONE],
        said: [LINUX_PAIR, MACOS_TWICE, WINDOWS_TWICE],
    },
    Case {
        title: "TCP twice, 127.0.0.1",
        first: tcp(ONE, Nothing),
        second: tcp(ONE, Nothing),
        ask: &[],
        said: [LINUX_PAIR, MACOS_TWICE, WINDOWS_TWICE],
    },
    Case {
        title: "UDP 127.0.0.1, 127.0.0.2",
        first: udp(ONE, Nothing),
        second: udp(TWO, Nothing),
        ask: &[],
        said: [LINUX_OTHER, SILENT, WINDOWS_OTHER],
    },
    Case {
        title: "UDP 0.0.0.0, 127.0.0.1",
        first: udp(ALL, Nothing),
        second: udp(ONE, Nothing),
        ask: &[ONE],
        said: [LINUX_ALL, SILENT, WINDOWS_ALL],
    },
    Case {
        title: "TCP 0.0.0.0, 127.0.0.1",
        first: tcp(ALL, Nothing),
        second: tcp(ONE, Nothing),
        ask: &[],
        said: [LINUX_ALL, SILENT, WINDOWS_ALL],
    },
];
// ANCHOR_END: plain

const REUSE_ADDR: &[Case] = &[
    Case {
        title: "UDP twice, 127.0.0.1",
        first: udp(ONE, ReuseAddr),
        second: udp(ONE, ReuseAddr),
        ask: &[ONE],
        said: [LINUX_ADDR, SILENT, WINDOWS_ADDR],
    },
    Case {
        title: "UDP 127.0.0.1, 0.0.0.0",
        first: udp(ONE, ReuseAddr),
        second: udp(ALL, ReuseAddr),
        ask: &[ONE],
        said: [LINUX_ADDR, SILENT, WINDOWS_ADDR],
    },
    Case {
        title: "TCP twice, 127.0.0.1",
        first: tcp(ONE, ReuseAddr),
        second: tcp(ONE, ReuseAddr),
        ask: &[],
        said: [LINUX_LISTENS, SILENT, WINDOWS_ADDR],
    },
];

const REUSE_PORT: &[Case] = &[
    Case {
        title: "UDP twice, 127.0.0.1",
        first: udp(ONE, ReusePort),
        second: udp(ONE, ReusePort),
        ask: &[ONE],
        said: [LINUX_PORT, MACOS_PORT, WINDOWS_PORT],
    },
    Case {
        title: "TCP twice, 127.0.0.1",
        first: tcp(ONE, ReusePort),
        second: tcp(ONE, ReusePort),
        ask: &[],
        said: [LINUX_PORT, MACOS_PORT, WINDOWS_PORT],
    },
];

const FAMILIES: &[Case] = &[
    Case {
        title: "off",
        first: all6(false),
        second: udp(ALL, Nothing),
        ask: &[ONE],
        said: [
            (
                "refused",
                "ipv6(7): IPv4 and IPv6 share the local port space",
            ),
            SILENT,
            (
                "refused",
                "Using SO_REUSEADDR …: a dual-stack socket has both",
            ),
        ],
    },
    Case {
        title: "on",
        first: all6(true),
        second: udp(ALL, Nothing),
        ask: &[ONE, ONE6],
        said: [
            ("shared", "IPV6_V6ONLY(2const): both can bind to one port"),
            (
                "shared",
                "RFC 3493 §5.3: one server for each family at one port",
            ),
            (
                "shared",
                "Dual-Stack Sockets: two sockets, one for each family",
            ),
        ],
    },
];

/// What IPV6_V6ONLY is when a program does not set it.
pub const DEFAULT: [Said; 3] = [
    (
        "off",
        "IPV6_V6ONLY(2const): /proc/sys/net/ipv6/bindv6only, 0",
    ),
    ("off", "RFC 3493 §5.3; ip6(4) does not say"),
    ("on", "Dual-Stack Sockets: by default IPv6 alone"),
];
