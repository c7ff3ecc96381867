//! How long a peer keeps silent, so that a time limit which nobody asked for is
//! over before the silence is.
//!
//! An answer that never looks at a clock has no time limit, and no reader should
//! wait for one. So the judge looks into the answer's program first: a call that
//! the linker kept has its name in the symbol table. That alone decides how long
//! a silence is, and nothing about the answer.

use std::fs;
use std::path::Path;
use std::time::Duration;

use object::{Object, ObjectSymbol};

/// Longer than a limit of a second, which is the longest that this finds.
const LONG: Duration = Duration::from_millis(1200);

/// The calls that end a wait after some time, as the linker names them.
const CALLS: [&str; 5] = [
    "set_read_timeout",
    "set_write_timeout",
    "recv_timeout",
    "wait_timeout",
    "5sleep", // thread::sleep; the length of a name stands in front of it
];

/// `short`, or longer for a program that can wait for a clock, or does not tell.
pub fn silence(program: &Path, short: Duration) -> Duration {
    match can_wait(program) {
        Some(false) => short,
        _ => LONG,
    }
}

/// Whether a program has one of the calls; `None` if it does not name its own,
/// as on Windows, where the names lie in a file beside it.
fn can_wait(program: &Path) -> Option<bool> {
    let file = fs::read(program).ok()?;
    let file = object::File::parse(file.as_slice()).ok()?;
    let mut names = file
        .symbols()
        .filter_map(|symbol| symbol.name().ok())
        .peekable();
    names.peek()?;
    Some(names.any(|name| CALLS.iter().any(|call| name.contains(call))))
}
