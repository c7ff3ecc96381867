//! Lab 7's file transfer over UDP: what both ends print, and that the file is
//! the same, whatever is lost.

use std::fs;
use std::net::UdpSocket;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::terminal::{Terminal, lab, run};
use crate::{ANY, compare as compare_terminals};

const NAME: &str = "lab07_stop_and_wait";

/// A file of that length, and a name for its copy, in a folder of their own.
fn files(test: &str, len: usize) -> (PathBuf, PathBuf) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("ch07")
        .join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    let mut random = fastrand::Rng::with_seed(len as u64);
    let bytes: Vec<u8> = (0..len).map(|_| random.u8(..)).collect();
    let file = folder.join("file");
    fs::write(&file, bytes).expect("a file");
    (file, folder.join("copy"))
}

fn same(file: &Path, copy: &Path) -> bool {
    fs::read(file).expect("the file") == fs::read(copy).expect("the copy")
}

fn receiver(command: &str, copy: &Path) -> (Terminal, String) {
    let copy = copy.to_str().expect("a plain path");
    let args = ["receive", copy, "--listen", ANY];
    let mut receiver = Terminal::open("receiver", command, &lab(NAME), &args);
    let address = format!("127.0.0.1:{}", receiver.port());
    (receiver, address)
}

fn sender(file: &Path, server: &str, more: &[&str]) -> Terminal {
    let command = format!("cargo run --bin {NAME} -- send three.txt");
    let args = [
        &[
            "send",
            file.to_str().expect("a plain path"),
            "--server",
            server,
        ],
        more,
    ]
    .concat();
    Terminal::open("sender", &command, &lab(NAME), &args)
}

#[test]
fn stop_and_wait() {
    let (file, copy) = files("loopback", 3000);
    let command = format!("cargo run --bin {NAME} -- receive copy.txt");
    let (mut receiver, address) = receiver(&command, &copy);
    let mut sender = sender(&file, &address, &[]);
    assert!(sender.finish().success(), "{}", sender.text());
    assert_eq!(receiver.line(), "received 3000 bytes in 3 datagrams");
    assert!(same(&file, &copy));
    compare_terminals("stop_and_wait", &address, &[&receiver, &sender]);
}

#[test]
fn every_length_arrives() {
    for len in [0, 1, 1023, 1024, 1025, 2048] {
        let (file, copy) = files(&len.to_string(), len);
        let (mut receiver, address) = receiver("", &copy);
        let mut sender = sender(&file, &address, &[]);
        assert!(sender.finish().success(), "{}", sender.text());
        receiver.line();
        assert!(same(&file, &copy), "{len} bytes");
        assert!(!copy.with_file_name("copy.part").exists());
    }
}

/// Datagrams of strangers and of other protocols change nothing, wherever they
/// come in.
#[test]
fn strangers_are_not_written() {
    let (file, copy) = files("strangers", 2000);
    let (mut receiver, address) = receiver("", &copy);
    let stranger = UdpSocket::bind(ANY).expect("a socket");
    for noise in [&b""[..], b"hello", b"hello, world", &[1; 9], &[0xff; 2000]] {
        stranger.send_to(noise, &address).expect("sent");
    }
    let mut sender = sender(&file, &address, &[]);
    assert!(sender.finish().success(), "{}", sender.text());
    assert_eq!(receiver.line(), "received 2000 bytes in 2 datagrams");
    // The same number from another sender, and one more than there are.
    stranger.send_to(&[0; 20], &address).expect("sent");
    assert!(same(&file, &copy));
}

#[test]
fn silence_is_given_up_after_so_many_tries() {
    let silent = UdpSocket::bind(ANY).expect("a socket");
    let address = silent.local_addr().expect("an address").to_string();
    let (file, _) = files("silent", 10);
    let mut sender = sender(&file, &address, &["--tries", "2"]);
    assert_eq!(sender.finish().code(), Some(1));
    let text = sender.text();
    let said: Vec<&str> = text.lines().skip(2).collect();
    assert_eq!(
        said,
        [
            "datagram 0: no acknowledgement within 100ms (try 1 of 2)",
            "datagram 0: no acknowledgement within 200ms (try 2 of 2)",
            &format!(
                "gave up on {address}: no answer came; a lost datagram, a silent server and a firewall all look like this"
            ),
            "[exit status 1]",
        ]
    );
    silent
        .set_read_timeout(Some(Duration::from_secs(5)))
        .expect("a time limit");
    let mut buf = [0; 2000];
    let mut next = || {
        silent
            .recv(&mut buf)
            .map(|len| buf[..len].to_vec())
            .expect("a datagram")
    };
    let (first, second) = (next(), next());
    assert_eq!(first, second, "the same datagram, with its number");
    assert_eq!((first.len(), first[8]), (19, 1));
}

#[test]
fn files_that_cannot_be_used_are_explained() {
    let folder = env!("CARGO_TARGET_TMPDIR");
    let nosuch = Path::new(folder).join("nosuch/file");
    let nosuch = nosuch.to_str().expect("a plain path");
    let cases = [
        (
            ["receive", folder],
            format!("cannot write {folder}: it is no file; name one, such as copy.txt"),
        ),
        (
            ["receive", nosuch],
            format!("cannot create {nosuch}.part: entity not found"),
        ),
        (
            ["send", nosuch],
            format!("cannot open {nosuch}: entity not found"),
        ),
    ];
    for (args, sentence) in cases {
        let mut lab = run("lab", NAME, &args, &[]);
        assert_eq!(lab.finish().code(), Some(1), "{}", lab.text());
        assert!(
            lab.text().contains(&format!("\n{sentence}\n")),
            "{}",
            lab.text()
        );
    }
}

#[cfg(target_os = "linux")]
mod across_the_wire {
    use super::*;
    use crate::broken;
    use crate::ch07_wire::{compare, wire, wire_can_be_had};

    const RECEIVE: &str = "lab07_stop_and_wait receive --listen 192.0.2.1:8888 copy.txt";
    const SEND: &str = "lab07_stop_and_wait send --server 192.0.2.1:8888";

    /// Sends a file of `len` bytes across a wire; `receiver` may be a broken
    /// lab. Returns what was shown, and both files.
    fn transfer(
        test: &str,
        len: usize,
        options: &str,
        receiver: Option<&Path>,
    ) -> (Terminal, PathBuf, PathBuf) {
        let (file, copy) = files(test, len);
        let normal = lab(NAME);
        let name = if len > 3000 {
            "twenty.txt"
        } else {
            "three.txt"
        };
        let mut wire = wire(
            options,
            RECEIVE,
            &format!("{SEND} {name}"),
            &[
                ("copy.txt", &copy),
                (name, &file),
                ("lab07_stop_and_wait", receiver.unwrap_or(&normal)),
            ],
        );
        wire.finish();
        (wire, file, copy)
    }

    /// Compares what was shown of such a transfer. The file is unharmed.
    fn unharmed(name: &str, len: usize, options: &str, receiver: Option<&Path>) {
        if wire_can_be_had() {
            compare(name, || {
                let (wire, file, copy) = transfer(name, len, options, receiver);
                assert!(same(&file, &copy), "{}", wire.text());
                wire
            });
        }
    }

    /// One lost message, and one lost acknowledgement.
    #[test]
    fn stop_and_wait_wire() {
        unharmed(
            "stop_and_wait_wire",
            3000,
            "--delay 20ms --drop 2,back:3",
            None,
        );
    }

    #[test]
    fn stop_and_wait_loss() {
        let options = "--loss 20% --seed 4 --quiet";
        unharmed("stop_and_wait_loss", 20_000, options, None);
    }

    /// The way takes longer than the first wait.
    #[test]
    fn stop_and_wait_slow() {
        unharmed("stop_and_wait_slow", 3000, "--delay 80ms", None);
    }

    #[test]
    fn stop_and_wait_no_last_words() {
        let receiver = broken::program("no_last_words");
        let options = "--delay 20ms --drop back:3";
        unharmed("stop_and_wait_no_last_words", 3000, options, Some(receiver));
    }

    #[test]
    fn stop_and_wait_no_numbers() {
        if !wire_can_be_had() {
            return;
        }
        let receiver = broken::program("no_numbers");
        compare("stop_and_wait_no_numbers", || {
            let options = "--delay 20ms --drop back:1";
            let (wire, _, copy) = transfer("no_numbers", 3000, options, Some(receiver));
            assert!(fs::metadata(copy).expect("the copy").len() > 3000);
            wire
        });
    }
}
