//! What mdBook only warns of, such as an HTML tag that is never closed, as
//! problems of the book: its logging is collected instead of printed.

use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use mdbook_driver::config::Config;
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

use crate::problem::{Problem, name_of};

/// Runs `work`, and gives what mdBook warned of meanwhile.
pub(crate) fn collect<T>(
    root: &Path,
    config: &Config,
    work: impl FnOnce() -> T,
) -> (T, Vec<Problem>) {
    let warned = Arc::new(Mutex::new(Vec::new()));
    let result = tracing::subscriber::with_default(Collector(warned.clone()), work);
    let texts = std::mem::take(&mut *warned.lock().unwrap_or_else(PoisonError::into_inner));
    let source = root.join(&config.book.src);
    let problems = texts.into_iter().map(|text| problem(root, &source, &text));
    (result, problems.collect())
}

/// Warnings name the page between backquotes, as `ch03-udp/index.md`.
fn problem(root: &Path, source: &Path, text: &str) -> Problem {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let page = text.split('`').find(|word| word.ends_with(".md"));
    let file = page.map(|page| {
        let path = source.join(page);
        match path.with_file_name("README.md") {
            readme if path.ends_with("index.md") && readme.exists() => name_of(root, &readme),
            _ => name_of(root, &path),
        }
    });
    Problem::of(file.as_deref().unwrap_or("book.toml"), text)
}

struct Collector(Arc<Mutex<Vec<String>>>);

impl Subscriber for Collector {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= Level::WARN && metadata.target().starts_with("mdbook")
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::WARN)
    }

    fn event(&self, event: &Event<'_>) {
        let mut message = Message(String::new());
        event.record(&mut message);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(message.0);
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

struct Message(String);

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            self.0 = format!("{value:?}");
        }
    }
}
