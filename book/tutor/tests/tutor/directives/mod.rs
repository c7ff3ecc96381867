//! What each directive becomes, and what is said when it cannot.

mod charts;
mod exercises;
mod headers;
mod misconceptions;
mod quizzes;
mod slices;
mod syntax;
mod terminals;

use mdbook_driver::MDBook;
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};

use crate::fixture::Book;

/// The problems of a page that holds `text`; its first line is the file's third.
fn problems(text: &str) -> Vec<String> {
    Book::with(text).problems()
}

fn built(text: &str) -> String {
    Book::with(text).built("page.html")
}

/// What a page is between the two stages, and what it becomes when that is
/// changed as a translation would change it.
fn translated(book: &Book, change: impl Fn(&str) -> String) -> (String, Result<String, String>) {
    let config = tutor::book::config(book.root()).unwrap();
    let context = PreprocessorContext::new(book.root().to_path_buf(), config, "html".to_owned());
    let pages = MDBook::load(book.root()).unwrap().book;
    let mut pages = tutor::Directives.run(&context, pages).unwrap();
    let mut between = String::new();
    pages.for_each_chapter_mut(|chapter| {
        if chapter.name == "Page" {
            between = chapter.content.clone();
            chapter.content = change(&between);
        }
    });
    let after = tutor::Boxes.run(&context, pages).map(|pages| {
        let page = pages.chapters().find(|chapter| chapter.name == "Page");
        page.unwrap().content.clone()
    });
    (between, after.map_err(|problems| problems.to_string()))
}
