//! Labs that were broken as the book asks its reader to break them.
//!
//! Each is compiled from the lab's own source with one change, all in one
//! package, so that what they need is compiled once.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// One change of a lab: its name here, the lab's source, what is changed, and
/// into what.
struct Break {
    name: &'static str,
    source: &'static str,
    from: &'static str,
    to: &'static str,
}

const UDP_SERVER: &str = include_str!("../../src/bin/lab03_udp_server.rs");
const TCP_SERVER: &str = include_str!("../../src/bin/lab04_tcp_server.rs");
const TCP_CLIENT: &str = include_str!("../../src/bin/lab04_tcp_client.rs");
const FRAMES_SERVER: &str = concat!(
    include_str!("../../src/bin/lab06_frames_server.rs"),
    "\nmod frames {\n",
    include_str!("../../src/frames.rs"),
    "}\n"
);
const FRAMES_CLIENT: &str = concat!(
    include_str!("../../src/bin/lab06_frames_client.rs"),
    "\nmod frames {\n",
    include_str!("../../src/frames.rs"),
    "}\n"
);
#[cfg(target_os = "linux")] // across the wire
const STOP_AND_WAIT: &str = include_str!("../../src/bin/lab07_stop_and_wait.rs");

const BREAKS: &[Break] = &[
    Break {
        name: "cut",
        source: UDP_SERVER,
        from: "[0; 65_535]",
        to: "[0; 8]",
    },
    Break {
        name: "silent",
        source: UDP_SERVER,
        from: "        if let Err(error) = socket.send_to(message, peer) {\n            complain(Trouble::on(\"send to\", peer, &error));\n        }\n",
        to: "",
    },
    Break {
        name: "one_at_a_time",
        source: TCP_SERVER,
        from: "thread.spawn_scoped(clients, move || serve_one(stream, peer));",
        to: "thread.spawn_scoped(clients, move || serve_one(stream, peer)).map(|thread| thread.join());",
    },
    Break {
        name: "first_read",
        source: TCP_SERVER,
        from: "        *total += len as u64;\n    }\n",
        to: "        *total += len as u64;\n        return Ok(());\n    }\n",
    },
    Break {
        name: "whole_buffer",
        source: TCP_SERVER,
        from: "stream.read(&mut buf)?; // what is there, not a message\n        if len == 0 {",
        to: "stream.read_exact(&mut buf).map(|()| buf.len())?;\n        if len == 0 {",
    },
    Break {
        name: "write_first",
        source: TCP_CLIENT,
        from: "    let sender = thread::Builder::new()\n        .spawn(move || {\n            let sent = send(&same_stream, server, &args);\n            if sent.is_err() {\n                ALL_SENT.store(true, SeqCst);\n                let _ = same_stream.shutdown(Shutdown::Both); // ends the receiver's wait\n            }\n            sent\n        })\n        .map_err(trouble)?;\n    let received = receive(&stream, server, timeout)?;\n    let sent = sender.join().expect(\"the sender does not panic\")?;\n",
        to: "    let sent = send(&same_stream, server, &args)?;\n    let received = receive(&stream, server, timeout)?;\n",
    },
    Break {
        name: "no_end",
        source: TCP_CLIENT,
        from: "    stream.shutdown(Shutdown::Write).map_err(trouble)?;\n",
        to: "",
    },
    Break {
        name: "frames_one_read",
        source: FRAMES_SERVER,
        from: "reader.read_exact(&mut body).map_err(cut)?;",
        to: "let _ = reader.read(&mut body).map_err(cut)?;",
    },
    Break {
        name: "frames_little_endian",
        source: FRAMES_CLIENT,
        from: "length.to_be_bytes()",
        to: "length.to_le_bytes()",
    },
    Break {
        name: "frames_call_limit",
        source: FRAMES_SERVER,
        from: "self.stream.set_read_timeout(Some(self.left()?))?;",
        to: "self.stream.set_read_timeout(Some(Duration::from_secs(1)))?;",
    },
    Break {
        name: "frames_late_bound",
        source: FRAMES_SERVER,
        from: "let room = u64::from(limit) + 2;",
        to: "let room = u64::MAX;",
    },
    #[cfg(target_os = "linux")]
    Break {
        name: "no_numbers",
        source: STOP_AND_WAIT,
        from: "if number < self.expected {",
        to: "if false {",
    },
    #[cfg(target_os = "linux")]
    Break {
        name: "no_last_words",
        source: STOP_AND_WAIT,
        from: "LAST_WORDS: Duration = Duration::from_millis(2500)",
        to: "LAST_WORDS: Duration = Duration::ZERO",
    },
];

/// The program of a broken lab.
pub fn program(name: &str) -> &'static Path {
    static PROGRAMS: OnceLock<HashMap<String, PathBuf>> = OnceLock::new();
    &PROGRAMS.get_or_init(build)[name]
}

fn build() -> HashMap<String, PathBuf> {
    let sources: Vec<_> = BREAKS
        .iter()
        .map(|b| {
            let broken = b.source.replacen(b.from, b.to, 1);
            assert_ne!(broken, b.source, "{}: the lab has no such line", b.name);
            // What two labs share stands behind them here, so that it can be broken.
            let broken = broken.replace("labs::frames::", "frames::");
            let broken = broken.replace("crate::", "labs::");
            (b.name.to_string(), broken)
        })
        .collect();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("broken-labs");
    let needs = format!(
        "labs = {{ path = '{}' }}\n\
         clap = {{ version = \"4\", default-features = false, features = [\"std\", \"derive\", \"help\", \"usage\", \"error-context\", \"suggestions\"] }}\n\
         fastrand = \"2\"\n\
         humantime = \"2\"\n\
         socket2 = {{ version = \"0.6\", features = [\"all\"] }}",
        env!("CARGO_MANIFEST_DIR")
    );
    graders::judge::build_programs(&folder, &needs, &sources)
        .unwrap_or_else(|trouble| panic!("a broken lab should compile: {trouble:?}"))
}
