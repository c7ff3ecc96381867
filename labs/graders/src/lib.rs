//! The grader of the exercises.
//!
//! An answer is a program of its own, and so are its two halves here:
//!
//! - [`child`] is what an answer links: it speaks with the judge over a private
//!   channel, runs the reader's function, and says what came of it.
//! - [`judge`] (feature `judge`) is the parent: it builds the answer, plays the
//!   peers on real sockets, holds the expected values, notices an answer that
//!   hangs, and gives a verdict.
//!
//! Each exercise has a folder with both sides of its contract, its stub, its
//! right answers and its mistakes. A folder counts once it is named below.

pub mod child;
mod wire;

#[cfg(feature = "judge")]
pub mod judge;
#[cfg(feature = "judge")]
pub mod messages;
#[cfg(feature = "judge")]
pub mod misconceptions;

macro_rules! exercises {
    ($($name:ident),+ $(,)?) => {
        $(pub mod $name;)+

        /// Every exercise, in the order of the book.
        #[cfg(feature = "judge")]
        pub static EXERCISES: &[judge::Exercise] =
            &[$(judge::Exercise::new(stringify!($name), $name::grader::grade)),+];
    };
}

exercises! {
    ex01_1_transfer_time,
    ex01_2_encapsulate,
    ex01_3_decapsulate,
    ex02_1_classify,
    ex02_2_same_subnet,
    ex02_3_parse_endpoint,
    ex02_4_write_ipv6,
    ex02_5_any_free_port,
    ex03_1_echo_datagram,
    ex03_2_ask_with_retry,
    ex03_3_reorder,
    ex03_4_split_message,
    ex04_1_send_and_read_all,
    ex04_2_echo_connection,
    ex04_3_serve_many,
    ex04_4_shout_lines,
    ex05_1_half_close,
    ex05_2_next_state,
    ex05_3_number_the_segments,
    ex05_4_restart_now,
    ex05_5_close_without_loss,
    ex06_1_read_frame,
    ex06_2_write_frame,
    ex06_3_next_line,
    ex06_4_write_everything,
    ex07_1_stop_and_wait,
    ex07_2_measure_rtt,
}

/// The root of the repository, where `Cargo.toml` and `book.toml` lie.
#[cfg(feature = "judge")]
pub fn root() -> std::path::PathBuf {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}
