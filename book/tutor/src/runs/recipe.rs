//! What a run is made of: the commands that the book's transcript shows.
//!
//! A page asks for a run by the transcript's name, and for nothing else. Which
//! programs are run, and with which arguments, stands in the snapshot.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::Path;

use crate::directives::terminal::{snapshot_body, terminals};

/// What the labs do without being told otherwise.
const USUAL: &str = "127.0.0.1:8888";
const COMMAND: [&str; 4] = ["cargo", "run", "--bin", "--"];
/// The lab that makes networks, for which a system may ask more rights than a
/// reader has, and that runs two labs at its ends.
pub(crate) const WIRE: &str = "lab07_wire";
/// The files that commands of the book name and a reader makes first, and how
/// long they are.
const FILES: [(&str, usize); 2] = [("three.txt", 3000), ("twenty.txt", 20_000)];
const RECEIVE: &str = "receive";
const SEND: &str = "send";
/// What a shell would not hand on as it stands.
const SHELL: [char; 12] = ['|', '<', '>', ';', '&', '$', '`', '(', ')', '*', '?', '~'];

/// The terminals of a run, in the order in which they are started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Recipe {
    pub(crate) terminals: Vec<Terminal>,
}

/// One terminal: a lab and its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Terminal {
    /// `server`, `client 2`, `lab`
    pub(crate) role: String,
    /// The name of the lab's program.
    pub(crate) lab: String,
    /// Its arguments, with the book's ports.
    arguments: Vec<String>,
    /// The port that it listens on in the book, if it says so in its first line.
    pub(crate) listens: Option<u16>,
    /// What the lab reads from its input in the book, up to its end; nothing for
    /// a client, which reads what the reader types.
    pub(crate) given: String,
}

impl Recipe {
    /// The recipe behind a transcript; `None` if there is no such transcript, or
    /// if it shows more than labs that are each started once.
    pub(crate) fn read(root: &Path, name: &str) -> Option<Recipe> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if name.is_empty() || name.len() > 64 || !name.chars().all(plain) {
            return None;
        }
        let file = format!("labs/tests/snapshots/transcripts__{name}.snap");
        Recipe::of(&fs::read_to_string(root.join(file)).ok()?)
    }

    fn of(snapshot: &str) -> Option<Recipe> {
        let terminals: Option<Vec<_>> = terminals(snapshot_body(snapshot)?)
            .into_iter()
            .map(|(role, shown)| Terminal::of(role, shown))
            .collect();
        terminals
            .filter(|terminals| !terminals.is_empty())
            .map(|terminals| Recipe { terminals })
    }

    /// The book's ports that a client asks, and that no server of the book has.
    pub(crate) fn empty_ports(&self) -> Vec<u16> {
        let listens = |port| self.terminals.iter().any(|t| t.listens == Some(port));
        let clients = self.terminals.iter().filter(|t| t.is_client());
        let asked = clients.filter_map(|t| t.address().rsplit_once(':')?.1.parse().ok());
        asked.filter(|&port| port != 0 && !listens(port)).collect()
    }

    /// The labs that have to be built.
    pub(crate) fn labs(&self) -> Vec<&str> {
        let mut labs: Vec<_> = self.terminals.iter().map(|t| t.lab.as_str()).collect();
        labs.extend(self.terminals.iter().flat_map(Terminal::programs_within));
        labs.sort_unstable();
        labs.dedup();
        labs
    }

    /// Whether the labs need the right to make networks.
    pub(crate) fn makes_networks(&self) -> bool {
        self.terminals.iter().any(|t| t.lab == WIRE)
    }

    /// Writes the files that the labs are to find where they are started.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn lay_out(&self, folder: &Path) -> io::Result<()> {
        for (name, len) in FILES {
            let named = |t: &Terminal| t.arguments.iter().any(|argument| argument == name);
            if self.terminals.iter().any(named) {
                let lines = (1..).map(|number| format!("line {number} of {name}\n"));
                let bytes = lines.flat_map(String::into_bytes).take(len);
                fs::write(folder.join(name), bytes.collect::<Vec<_>>())?;
            }
        }
        Ok(())
    }
}

impl Terminal {
    fn of(role: &str, shown: &str) -> Option<Terminal> {
        let mut lines = shown.lines();
        let mut command = lines.next()?.strip_prefix("$ ")?.to_owned();
        while let Some(more) = command.strip_suffix('\\') {
            command = format!("{}{}", more, lines.next()?.trim_start());
        }
        let mut lines = lines.peekable();
        let listens = lines.peek().and_then(|line| {
            let address = line.strip_prefix("listening on ")?;
            Some(address.parse::<SocketAddr>().ok()?.port())
        });
        let mut given = String::new();
        for line in lines {
            if line.starts_with("$ ") {
                return None;
            }
            if let Some(typed) = line.strip_prefix("< ") {
                given += typed;
                given.push('\n');
            }
        }
        if command.contains(SHELL) {
            return None;
        }
        let words = shlex::split(&command)?;
        let (head, arguments) = words.split_at_checked(4).unwrap_or((&words, &[]));
        let [cargo, run, bin, lab] = head else {
            return None;
        };
        if [cargo, run, bin] != [COMMAND[0], COMMAND[1], COMMAND[2]] || !is_lab(lab) {
            return None;
        }
        let arguments = match arguments {
            [] => &[],
            [first, rest @ ..] if first == COMMAND[3] => rest,
            _ => return None,
        };
        let mut terminal = Terminal {
            role: role.to_owned(),
            lab: lab.clone(),
            arguments: arguments.to_vec(),
            listens,
            given,
        };
        if terminal.reads_lines() {
            terminal.given.clear();
        }
        // What a lab runs is a lab.
        let only_labs = terminal.programs_within().all(is_lab);
        only_labs.then_some(terminal)
    }

    /// The programs that the lab itself is told to run: each follows a `--`.
    fn programs_within(&self) -> impl Iterator<Item = &str> {
        let is_wire = self.lab == WIRE;
        let pairs = self.arguments.windows(2).filter(move |_| is_wire);
        pairs.filter_map(|pair| (pair[0] == COMMAND[3]).then_some(pair[1].as_str()))
    }

    /// Where a server listens, or what a client asks, in the book.
    fn address(&self) -> &str {
        let place = self
            .arguments
            .iter()
            .position(|a| Some(a.as_str()) == self.option());
        let given = place.and_then(|at| self.arguments.get(at + 1));
        given.map_or(USUAL, String::as_str)
    }

    /// The option that names an address.
    fn option(&self) -> Option<&'static str> {
        match (self.is_server(), self.is_client()) {
            (true, _) => Some("--listen"),
            (_, true) => Some("--server"),
            _ => None,
        }
    }

    /// Whether this terminal is a server's, which others wait for.
    pub(crate) fn is_server(&self) -> bool {
        self.lab.ends_with("_server") || self.role_word() == Some(RECEIVE)
    }

    /// Whether the lab reads what the reader types.
    pub(crate) fn is_typed(&self) -> bool {
        self.reads_lines() && self.messages().is_empty()
    }

    /// Whether the lab would read what the reader types, without its messages.
    pub(crate) fn can_be_typed(&self) -> bool {
        self.reads_lines() && !self.messages().is_empty()
    }

    fn is_client(&self) -> bool {
        self.reads_lines() || self.role_word() == Some(SEND)
    }

    fn reads_lines(&self) -> bool {
        self.lab.ends_with("_client")
    }

    /// The word that makes a program of two roles the one or the other; its
    /// options stand behind it.
    fn role_word(&self) -> Option<&str> {
        let first = self.arguments.first()?.as_str();
        [RECEIVE, SEND].contains(&first).then_some(first)
    }

    /// The arguments that belong to no option. Every option of a client has a
    /// value.
    fn messages(&self) -> &[String] {
        let mut at = 0;
        while let Some(option) = self.arguments.get(at)
            && option.starts_with("--")
        {
            at += if option.contains('=') { 1 } else { 2 };
        }
        self.arguments.get(at..).unwrap_or_default()
    }

    /// The arguments with the ports of this very run.
    ///
    /// A server whose port in the book belongs to nobody yet gets port 0, which
    /// lets the system choose; whoever comes after it gets its real port. Without
    /// its messages a client reads what is typed.
    pub(crate) fn arguments(&self, ports: &Ports, typed: bool) -> Vec<String> {
        let Some(option) = self.option() else {
            return self.arguments.clone();
        };
        let keep = match typed {
            true => self.arguments.len() - self.messages().len(),
            false => self.arguments.len(),
        };
        let mut arguments = self.arguments[..keep].to_vec();
        let address = self.translate(self.address(), ports);
        match arguments.iter().position(|argument| argument == option) {
            Some(at) if at + 1 < arguments.len() => arguments[at + 1] = address,
            _ => {
                let at = usize::from(self.role_word().is_some());
                drop(arguments.splice(at..at, [option.to_owned(), address]));
            }
        }
        arguments
    }

    fn translate(&self, address: &str, ports: &Ports) -> String {
        let Some((host, port)) = address.rsplit_once(':') else {
            return address.to_owned();
        };
        let Ok(port) = port.parse() else {
            return address.to_owned();
        };
        let real = match ports.get(port) {
            Some(real) => real,
            None if self.is_server() => 0,
            None => port,
        };
        format!("{host}:{real}")
    }
}

/// Which real port stands for which port of the book.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ports(HashMap<u16, u16>);

impl Ports {
    /// The real port, if the book's one has one. Port 0 is no port.
    fn get(&self, shown: u16) -> Option<u16> {
        self.0.get(&shown).copied().filter(|_| shown != 0)
    }

    /// A server listens: the first one at a port of the book gives it its own.
    pub(crate) fn learn(&mut self, shown: u16, real: u16) {
        self.0.entry(shown).or_insert(real);
    }
}

/// The name of a lab, and of nothing else.
fn is_lab(name: &str) -> bool {
    let rest = name.strip_prefix("lab");
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        && name.chars().all(plain)
}
