//! `cargo run`: the book, in a browser. See the library's documentation.

use std::process::ExitCode;

fn main() -> ExitCode {
    tutor::cli::main()
}
