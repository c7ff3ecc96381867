//! Lab 7's wire: what it prints, that it does what it is told, and that it
//! leaves nothing behind.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::compare_text;
use crate::terminal::{Terminal, lab, skip};

const NAME: &str = "lab07_wire";

/// What a reader types for the programs of chapter 3 at both ends.
const UDP_SERVER: &str = "lab03_udp_server --listen 192.0.2.1:8888";
const UDP_CLIENT: &str = "lab03_udp_client --server 192.0.2.1:8888";

/// Whether a wire can be had here; says why not, and that the test is skipped.
pub fn wire_can_be_had() -> bool {
    static REFUSAL: OnceLock<Option<String>> = OnceLock::new();
    let refusal = REFUSAL.get_or_init(|| {
        let output = Command::new(lab(NAME))
            .args(["--", "true", "--", "true"])
            .output()
            .expect("the lab runs");
        let said = String::from_utf8_lossy(&output.stderr).trim().to_string();
        (!output.status.success()).then_some(said)
    });
    if let Some(why) = refusal {
        skip(why);
    }
    refusal.is_none()
}

/// Runs `lab07_wire OPTIONS -- SERVER -- CLIENT`, all of it as a reader types
/// it. `known` are words that stand for paths.
pub fn wire(options: &str, server: &str, client: &str, known: &[(&str, &Path)]) -> Terminal {
    let shown = format!("{options} -- {server} -- {client}");
    let shown = shown.trim_start();
    let known: HashMap<_, _> = known
        .iter()
        .map(|(word, path)| (*word, path.to_str().expect("a plain path")))
        .collect();
    let args: Vec<&str> = shown
        .split(' ')
        .map(|word| known.get(word).copied().unwrap_or(word))
        .collect();
    let command = format!("cargo run --bin {NAME} -- {shown}");
    Terminal::open("wire", &command, &lab(NAME), &args)
}

/// Runs it to its end.
pub fn run_to_end(options: &str, server: &str, client: &str) -> Terminal {
    let mut wire = wire(options, server, client, &[]);
    let status = wire.finish();
    assert!(status.success(), "{}", wire.text());
    wire
}

/// The client's port, which its kernel chose, becomes 50001.
fn stable(text: &str) -> String {
    regex_lite::Regex::new(r"192\.0\.2\.2:\d{4,5}")
        .expect("a valid pattern")
        .replace_all(text, "192.0.2.2:50001")
        .into_owned()
}

/// Who has printed a line, or which way the frame went.
fn source(line: &str) -> &str {
    let arrow = |arrow| line.split(' ').any(|word| word == arrow);
    match line.split_once(" | ") {
        Some((program, _)) => program,
        None if arrow("→") => "→",
        None if arrow("←") => "←",
        None => "",
    }
}

/// What each one said, in its order.
fn by_source(text: &str) -> HashMap<&str, Vec<&str>> {
    let mut sources: HashMap<_, Vec<_>> = HashMap::new();
    for line in text.lines() {
        sources.entry(source(line)).or_default().push(line);
    }
    sources
}

/// Holds a run against the snapshot that the book shows. Programs, each on a
/// processor of its own, print when they come to it: what each of them said is
/// compared, and not who of two was first within a millisecond. On a machine
/// with too much to do a timer may end before an answer that came in time is
/// read: then there is another run, and a few more, but not for ever.
pub fn compare(name: &str, run: impl Fn() -> Terminal) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/snapshots")
        .join(format!("transcripts__{name}.snap"));
    let snapshot = fs::read_to_string(file).unwrap_or_default();
    let body = snapshot.splitn(3, "---\n").nth(2).unwrap_or_default();
    let mut text = String::new();
    for _ in 0..5 {
        text = stable(&run().text());
        if body.is_empty() || by_source(body.trim_end()) == by_source(text.trim_end()) {
            break;
        }
    }
    if by_source(body.trim_end()) != by_source(text.trim_end()) {
        compare_text(name, &text);
    }
}

/// The frames that went one way.
fn frames<'a>(text: &'a str, arrow: &str) -> Vec<&'a str> {
    text.lines().filter(|line| source(line) == arrow).collect()
}

/// A datagram and its echo, or more, as the book shows them.
fn udp(name: &str, options: &str, count: &str, client: &str) {
    if wire_can_be_had() {
        let server = format!("{UDP_SERVER}{count}");
        let client = format!("{UDP_CLIENT} {client}");
        compare(name, || run_to_end(options, &server, &client));
    }
}

#[test]
fn wire_hello() {
    udp("wire_hello", "--delay 20ms", " --count 1", "hello");
}

#[test]
fn wire_drop() {
    let client = "--timeout 200ms hello";
    udp("wire_drop", "--delay 20ms --drop 1", " --count 1", client);
}

#[test]
fn wire_drop_back() {
    let (options, client) = ("--delay 20ms --drop back:1", "--timeout 200ms hello");
    udp("wire_drop_back", options, " --count 2", client);
}

/// The second echo is dropped: it would come at the instant when the client
/// ends, a little before it or a little after.
#[test]
fn wire_repeat() {
    let options = "--delay 20ms --repeat 1 --drop back:2";
    udp("wire_repeat", options, " --count 2", "hello");
}

/// Real TCP at both ends: a segment that is lost is sent again by the kernel.
#[test]
fn lost_segment_is_sent_again_by_the_kernel() {
    if !wire_can_be_had() {
        return;
    }
    let server = "lab04_tcp_server --listen 192.0.2.1:8888 --count 1";
    let client = "lab04_tcp_client --server 192.0.2.1:8888 hello";
    let wire = run_to_end("--delay 5ms --drop 3", server, client);
    let text = wire.text();
    let data: Vec<&str> = frames(&text, "→")
        .into_iter()
        .filter(|line| line.contains(", 6 bytes"))
        .collect();
    assert!(data.len() > 1, "{text}");
    assert!(
        data[0].starts_with("     3 →") && data[0].ends_with("   dropped"),
        "{text}"
    );
    assert!(
        data[1..].iter().all(|line| line.contains(" seq 1 ")),
        "{text}"
    );
    assert!(text.contains("client | hello"), "{text}");
    assert!(
        text.contains("received 6 bytes; both directions have ended"),
        "{text}"
    );
}

/// The dice do not depend on what happens when.
#[test]
fn same_seed_drops_the_same_frames() {
    if !wire_can_be_had() {
        return;
    }
    let numbers = (1..=20)
        .map(|n| n.to_string())
        .collect::<Vec<_>>()
        .join(" ");
    let client = format!("{UDP_CLIENT} --timeout 10ms --tries 1 {numbers}");
    let options = "--loss 30% --seed 7";
    let mut wires = [(); 2].map(|()| wire(options, UDP_SERVER, &client, &[]));
    let [one, two] = wires.each_mut().map(|wire| {
        wire.finish(); // with an error as soon as an answer is lost
        let text = wire.text();
        let there = frames(&text, "→");
        let dropped = there.iter().map(|line| line.ends_with("dropped"));
        dropped.collect::<Vec<_>>()
    });
    let both = one.len().min(two.len());
    assert!(both > 0);
    assert_eq!(one[..both], two[..both]);
}

#[test]
fn programs_that_cannot_be_run_are_explained_in_one_sentence() {
    if !wire_can_be_had() {
        return;
    }
    let cases = [
        (
            "nosuch_program",
            "true",
            "cannot start nosuch_program: there is no such program there, beside lab07_wire or in PATH; build the labs with `cargo build -p labs`",
        ),
        (
            "true",
            "./nosuch",
            "cannot start ./nosuch: there is no such program there, beside lab07_wire or in PATH; build the labs with `cargo build -p labs`",
        ),
        (
            "false",
            "true",
            "the server's program ended with exit status 1",
        ),
        (
            "true",
            "false",
            "the client's program ended with exit status 1",
        ),
    ];
    for (server, client, sentence) in cases {
        let mut wire = wire("", server, client, &[]);
        assert_eq!(wire.finish().code(), Some(1), "{}", wire.text());
        let text = wire.text();
        assert_eq!(
            text.lines()
                .filter(|l| l.starts_with("cannot") || l.contains("ended with"))
                .collect::<Vec<_>>(),
            [sentence],
            "{text}"
        );
    }
    // Killed, it says so as a shell does: 128 and the signal's number.
    let mut wire = Terminal::open(
        "wire",
        "",
        &lab(NAME),
        &["--", "true", "--", "sh", "-c", "kill -9 $$"],
    );
    assert_eq!(wire.finish().code(), Some(1));
    assert!(
        wire.text()
            .contains("the client's program ended with exit status 137")
    );
}

/// A reader that has seen enough ends the wire, and all that it started.
#[test]
fn closed_output_ends_the_wire() {
    use std::io::Read;
    use std::process::Stdio;
    if !wire_can_be_had() {
        return;
    }
    let mark = Mark::new(80001);
    let client = format!("while :; do echo x; sleep 0.01; done; {}", mark.command());
    let wire = Command::new(lab(NAME))
        .args(["--", "sleep", &mark.number, "--", "sh", "-c", &client])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the lab runs");
    let mut wire = crate::terminal::Program(wire);
    mark.wait_for(1);
    drop(wire.0.stdout.take());
    let status = wire.0.wait().expect("the lab ends");
    let mut said = String::new();
    wire.0
        .stderr
        .take()
        .expect("an output")
        .read_to_string(&mut said)
        .expect("text");
    assert!(status.success());
    assert_eq!(said, "");
    mark.wait_for(0);
}

/// A `sleep` of so many seconds that no other process has it in its command.
struct Mark {
    number: String,
}

impl Mark {
    fn new(number: u32) -> Self {
        let number = format!("{number}.{}", std::process::id());
        Self { number }
    }

    fn command(&self) -> String {
        format!("sleep {}", self.number)
    }

    /// The processes that are this very command, and not those that start it.
    fn processes(&self) -> Vec<PathBuf> {
        let wanted = format!("sleep\0{}\0", self.number);
        let is_it = |path: &PathBuf| {
            let command = fs::read(path.join("cmdline")).unwrap_or_default();
            let words = command.iter().filter(|byte| **byte == 0).count();
            command.ends_with(wanted.as_bytes()) && words == 2
        };
        let all = fs::read_dir("/proc").expect("Linux").filter_map(Result::ok);
        all.map(|entry| entry.path()).filter(is_it).collect()
    }

    /// Waits until there are so many of them.
    fn wait_for(&self, count: usize) {
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
        while self.processes().len() != count {
            assert!(
                std::time::Instant::now() < deadline,
                "{:?}",
                self.processes()
            );
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    }
}

/// The network namespaces of all processes that may be looked at.
fn networks() -> Vec<PathBuf> {
    let all = fs::read_dir("/proc").expect("Linux").filter_map(Result::ok);
    all.filter_map(|entry| fs::read_link(entry.path().join("ns/net")).ok())
        .collect()
}

/// Starts a wire with a `sleep` at each end, ends it in some way, and looks for
/// what could be left: processes, and their networks, with the interfaces.
fn nothing_is_left(mark: &Mark, end: impl Fn(u32, &Mark)) {
    let mut wire = Terminal::open(
        "wire",
        "",
        &lab(NAME),
        &["--", "sleep", &mark.number, "--", "sleep", &mark.number],
    );
    wire.line();
    mark.wait_for(2);
    let made: Vec<PathBuf> = mark
        .processes()
        .iter()
        .map(|path| fs::read_link(path.join("ns/net")).expect("a namespace"))
        .collect();
    assert!(made[0] != made[1], "each end has a network of its own");
    end(wire.id(), mark);
    mark.wait_for(0);
    drop(wire);
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while networks().iter().any(|network| made.contains(network)) {
        assert!(std::time::Instant::now() < deadline, "a network is left");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

/// What Ctrl-C sends. A shell that starts something in the background lets it
/// ignore that, with all that it starts: then what a terminal that is closed sends.
fn ctrl_c() -> &'static str {
    let status = fs::read_to_string("/proc/self/status").expect("Linux");
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = u64::from_str_radix(ignored.expect("a line").trim(), 16).expect("bits");
    let [hangup, interrupt] = [1, 2].map(|number| ignored & 1 << (number - 1) != 0);
    match (interrupt, hangup) {
        (false, _) => "INT",
        (true, false) => "HUP",
        (true, true) => "TERM",
    }
}

fn signal(name: &str, process: u32) {
    let status = Command::new("kill")
        .args(["-s", name, &process.to_string()])
        .status();
    assert!(status.expect("kill runs").success());
}

#[test]
fn nothing_is_left_after_ctrl_c() {
    if wire_can_be_had() {
        nothing_is_left(&Mark::new(80011), |wire, _| signal(ctrl_c(), wire));
    }
}

#[test]
fn nothing_is_left_after_kill() {
    if wire_can_be_had() {
        nothing_is_left(&Mark::new(80012), |wire, _| signal("KILL", wire));
    }
}

/// The client's program is killed from outside: the wire ends with it.
#[test]
fn nothing_is_left_after_a_program_was_killed() {
    if wire_can_be_had() {
        nothing_is_left(&Mark::new(80013), |_, mark| {
            for path in mark.processes() {
                let id = path.file_name().and_then(|n| n.to_str()).expect("a number");
                signal("KILL", id.parse().expect("a number"));
            }
        });
    }
}

/// A program may start others and go: they end with the wire.
#[test]
fn nothing_is_left_after_a_usual_end() {
    if !wire_can_be_had() {
        return;
    }
    let mark = Mark::new(80014);
    let daemon = format!("{} & sleep 0.1", mark.command());
    let mut wire = Terminal::open(
        "wire",
        "",
        &lab(NAME),
        &["--", "sleep", &mark.number, "--", "sh", "-c", &daemon],
    );
    assert!(wire.finish().success(), "{}", wire.text());
    mark.wait_for(0);
}

/// As an ordinary user, through a user namespace.
#[test]
fn ordinary_user_has_a_wire() {
    use std::os::unix::process::CommandExt;
    let root = fs::read_to_string("/proc/self/status").is_ok_and(|s| s.contains("Uid:\t0\t"));
    if !root {
        return skip("only root can become another user; all other tests ran as an ordinary one");
    }
    if !wire_can_be_had() {
        return;
    }
    // Where that user may read the programs.
    let folder = std::env::temp_dir().join(format!("lab07-wire-{}", std::process::id()));
    let _remove = Remove(folder.clone());
    fs::create_dir_all(&folder).expect("a folder");
    for name in [NAME, "lab03_udp_server", "lab03_udp_client"] {
        fs::copy(lab(name), folder.join(name)).expect("a copy");
    }
    let args = format!("-- {UDP_SERVER} --count 1 -- {UDP_CLIENT} hello");
    let output = Command::new(folder.join(NAME))
        .args(args.split(' '))
        .current_dir("/")
        .uid(65534)
        .gid(65534)
        .output()
        .expect("the lab runs");
    let (shown, said) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    if said.starts_with("cannot make a network namespace: this system allows it to root alone") {
        return skip(&said);
    }
    assert!(output.status.success(), "{shown}{said}");
    assert!(shown.contains("client | got 5 bytes \"hello\""), "{shown}");
    assert!(shown.contains("     1 → UDP 5 bytes\n"), "{shown}");
}

/// A folder that is removed at the end.
pub struct Remove(pub PathBuf);

impl Drop for Remove {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Runs a lab where no network namespace may be made; `None` where a test
/// cannot bring that about.
pub fn without_a_wire(name: &str, args: &[&str]) -> Option<std::process::Output> {
    let script = "echo 0 > /proc/sys/user/max_net_namespaces && exec \"$0\" \"$@\"";
    let forbid = |program: &Path, args: &[&str]| {
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "sh", "-c", script]);
        command.arg(program).args(args).output()
    };
    if !forbid(Path::new("true"), &[]).is_ok_and(|output| output.status.success()) {
        skip("unshare cannot make a user namespace here");
        return None;
    }
    Some(forbid(&lab(name), args).expect("unshare runs"))
}

#[test]
fn forbidden_namespaces_are_explained() {
    let Some(output) = without_a_wire(NAME, &["--", "true", "--", "true"]) else {
        return;
    };
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.starts_with("cannot make a network namespace: this system "),
        "{said}"
    );
    assert!(
        said.trim_end()
            .ends_with("or read on with the recorded output in chapter 7"),
        "{said}"
    );
    assert_eq!(said.lines().count(), 1);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
}
