//! An address as a person types it.

use std::fmt;
use std::net::{SocketAddr, ToSocketAddrs};
use std::str::FromStr;

use crate::Trouble;

/// `HOST:PORT` as typed: `127.0.0.1:8888`, `[::1]:8888`, `localhost:8888`.
///
/// IPv6 addresses stand in brackets, because a colon also separates their
/// groups (RFC 3986 §3.2.2, RFC 5952 §6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostPort {
    host: String,
    port: u16,
}

impl HostPort {
    /// Every address that the host has, in the system's order of preference
    /// (`getaddrinfo`, RFC 6724), each with the port.
    ///
    /// # Errors
    /// [`Trouble`] when the name has no address.
    pub fn resolve(&self) -> Result<Vec<SocketAddr>, Trouble> {
        match (self.host.as_str(), self.port).to_socket_addrs() {
            Ok(found) => {
                let found: Vec<_> = found.collect();
                if found.is_empty() {
                    Err(Trouble::no_address(self))
                } else {
                    Ok(found)
                }
            }
            Err(_) => Err(Trouble::no_address(self)),
        }
    }

    /// Reads an address that a client can send to: port 0 is refused, since
    /// it is reserved (RFC 6335 §6).
    ///
    /// # Errors
    /// One sentence when the text is no such address.
    pub fn destination(text: &str) -> Result<Self, String> {
        let address: Self = text.parse()?;
        if address.port == 0 {
            return Err(
                "port 0 is no destination; it only means \"choose one\" to a server".into(),
            );
        }
        Ok(address)
    }
}

impl FromStr for HostPort {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (host, port) = text
            .rsplit_once(':')
            .ok_or("write it as HOST:PORT, like 127.0.0.1:8888 or [::1]:8888")?;
        let host = match host.strip_prefix('[').and_then(|h| h.strip_suffix(']')) {
            Some(inside) => inside,
            None if host.contains(':') => {
                return Err("write an IPv6 address in brackets, like [::1]:8888".into());
            }
            None => host,
        };
        if host.is_empty() {
            return Err(
                "the host is missing; 0.0.0.0 stands for every IPv4 address of this machine".into(),
            );
        }
        let port = port
            .parse()
            .map_err(|_| format!("\"{port}\" is no port; a port is a number from 0 to 65535"))?;
        Ok(Self {
            host: host.to_string(),
            port,
        })
    }
}

impl fmt::Display for HostPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}
