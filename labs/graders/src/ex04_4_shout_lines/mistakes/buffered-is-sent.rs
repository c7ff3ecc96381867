//! Answer line by line
//!
//! `cargo test ex04_4` grades this file. To try it by hand, run it as a server
//! and connect to it from a second terminal:
//!
//! ```text
//! cargo run -p exercises --bin ex04_4_shout_lines -- 127.0.0.1:8888
//! cargo run --bin lab04_tcp_client -- hello
//! ```

use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::net::TcpStream;
use std::process::ExitCode;

/// Answers each line that the client sends with the same line in capital letters
/// (`str::to_uppercase`), before it waits for the next one. Returns when the
/// client has ended its stream and all of its lines are answered.
///
/// A line is UTF-8 text of any length, 100 KiB or more, and ends with `\n`. Its
/// answer ends with `\n` too. The last line may lack its `\n`; then so does its
/// answer. The stream may bring several lines at once, and one line in many
/// pieces, with pauses of any length between them: nothing of a line is answered
/// before all of it has come, and there is no time limit.
///
/// # Errors
/// `InvalidData` at the first line that is not UTF-8, when the lines before it
/// are answered; otherwise those of the connection, as they are.
fn shout_lines(stream: TcpStream) -> io::Result<()> {
    let mut writer = BufWriter::new(stream.try_clone()?);
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    while reader.read_line(&mut line)? > 0 {
        writer.write_all(line.to_uppercase().as_bytes())?;
        line.clear();
    }
    writer.flush()
}

fn main() -> ExitCode {
    graders::ex04_4_shout_lines::main(shout_lines)
}
