//! What each directive becomes, and what is said when it cannot.

mod exercises;
mod headers;
mod misconceptions;
mod quizzes;
mod slices;
mod syntax;
mod terminals;

use crate::fixture::Book;

/// The problems of a page that holds `text`; its first line is the file's third.
fn problems(text: &str) -> Vec<String> {
    Book::with(text).problems()
}

fn built(text: &str) -> String {
    Book::with(text).built("page.html")
}
