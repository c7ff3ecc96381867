//! The tutor: the program behind `cargo run`.
//!
//! It builds the book with mdBook as a library and serves it to this machine;
//! it shows hints and progress. A chapter becomes a page in this order:
//!
//! 1. [`Directives`] puts in slices of files, transcripts, recordings and the
//!    boxes of misconceptions, and checks everything else that is written in
//!    double braces;
//! 2. mdBook's own links, later a translation's, then mermaid's;
//! 3. [`Boxes`] makes HTML of exercises and quizzes.
//!
//! The server ([`cli::main`] without a command) gives out only what was built,
//! from memory.

pub mod book;
mod boxes;
mod checks;
pub mod cli;
mod connections;
mod directives;
mod first;
mod guard;
mod hint;
mod markdown;
mod out;
mod pages;
mod peer;
mod preprocess;
mod problem;
mod progress;
mod runs;
mod serve;
mod server;
mod socket;
mod summary;
pub mod table;
mod warnings;
mod watch;
mod words;

pub use boxes::Boxes;
pub use directives::Directives;
pub use problem::{Problem, Problems};
pub use summary::sections;
