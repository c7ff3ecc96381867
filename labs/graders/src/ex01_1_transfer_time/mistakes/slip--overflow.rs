//! From the first bit to the last
//!
//! `cargo test ex01_1` grades this file. To try it by hand, give it a size in
//! bytes, a rate in Mb/s and a delay:
//!
//! ```text
//! cargo run -p exercises --bin ex01_1_transfer_time -- 1000000 100 20ms
//! ```

use std::process::ExitCode;
use std::time::Duration;

/// Returns how long a file of `bytes` bytes takes over a line: from the moment
/// the first packet begins to enter one end to the moment the last one has come
/// out of the other, with all that it takes on the line. The result is right to
/// a microsecond.
///
/// The line carries `megabits_per_second` Mb/s, and whatever enters it comes out
/// `delay` later. The file goes in packets, as few as possible. Each of them
/// carries up to 1,460 bytes of the file and takes 78 bytes more on the line, for
/// its preamble, its headers, its check and the gap behind it; a short one is
/// not padded. The packets follow each other without a pause; no answer is
/// waited for.
///
/// A file has 1 to 10,000,000,000,000 bytes, a line 1 to 400,000 Mb/s.
fn transfer_time(bytes: u64, megabits_per_second: u64, delay: Duration) -> Duration {
    let packets = bytes.div_ceil(1460);
    let bits = (bytes + packets * 78) * 8;
    let nanos = bits * 1_000_000_000 / (megabits_per_second * 1_000_000);
    Duration::from_nanos(nanos) + delay
}

fn main() -> ExitCode {
    graders::ex01_1_transfer_time::main(transfer_time)
}
