//! Stage 1: what a chapter takes from elsewhere is put in, and every word of
//! a directive is checked, with the file and the line where it is written.
//!
//! It runs before anything else, so that lines are those of the file. Exercises,
//! quizzes, headers and charts are checked here and left as they are: what they hold can
//! then still be translated, and [`crate::boxes`] makes HTML of it.

mod captioned;
pub(crate) mod chart;
pub(crate) mod exercise;
pub(crate) mod header;
pub(crate) mod lists;
mod misconception;
mod recording;
pub(crate) mod slice;
mod svg;
pub(crate) mod syntax;
pub(crate) mod terminal;
mod text;

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::path::{Path, PathBuf};

use mdbook_preprocessor::book::{Book, Chapter};
use mdbook_preprocessor::errors::Result;
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};

use crate::markdown::Layout;
use crate::problem::{Problem, Problems, name_of};
use crate::words::{perhaps, say};
use syntax::Directive;

/// All that may be written after `{{#`.
const NAMES: [&str; 9] = [
    "slice",
    "transcript",
    "recorded",
    "misconception",
    "met",
    "exercise",
    "quiz",
    "header",
    "chart",
];

/// Keeps the next paragraph out of a translation's catalogue.
pub(crate) const UNTRANSLATED: &str = "<!-- i18n:skip -->";

/// The preprocessor `directives`.
pub struct Directives;

impl Preprocessor for Directives {
    fn name(&self) -> &str {
        "directives"
    }

    fn supports_renderer(&self, renderer: &str) -> Result<bool> {
        Ok(renderer == "html")
    }

    fn run(&self, context: &PreprocessorContext, mut book: Book) -> Result<Book> {
        let mut expander = Expander::new(&context.root, &context.config.book.src, &book);
        // for_each_mut visits a page after its sub-pages: take the book's order.
        let done: HashMap<PathBuf, String> = book
            .chapters()
            .filter_map(|chapter| {
                let path = chapter.source_path.clone()?;
                let text = expander.chapter(chapter, &path);
                Some((path, text))
            })
            .collect();
        if !expander.problems.is_empty() {
            return Err(Problems(expander.problems).into());
        }
        book.for_each_chapter_mut(|chapter| {
            let path = chapter.source_path.as_ref();
            if let Some(text) = path.and_then(|path| done.get(path)) {
                chapter.content = text.clone();
            }
        });
        Ok(book)
    }
}

struct Expander<'a> {
    root: &'a Path,
    source: PathBuf,
    /// The misconceptions that have a box, and the page that has it.
    boxes: HashMap<String, String>,
    /// The exercises so far.
    seen: HashSet<String>,
    /// The headers and charts so far, each with its file and its directive.
    pictures: HashSet<(String, &'static str, String)>,
    problems: Vec<Problem>,
}

/// Bytes of the chapter, and what is to stand there.
type Edit = (Range<usize>, String);

impl<'a> Expander<'a> {
    fn new(root: &'a Path, source: &Path, book: &Book) -> Expander<'a> {
        Expander {
            root,
            source: root.join(source),
            boxes: misconception::boxes(book),
            seen: HashSet::new(),
            pictures: HashSet::new(),
            problems: Vec::new(),
        }
    }

    /// The chapter's text with its directives expanded.
    fn chapter(&mut self, chapter: &Chapter, path: &Path) -> String {
        let file = name_of(self.root, &self.source.join(path));
        let page = name_of(Path::new(""), path);
        let text = &chapter.content;
        let layout = Layout::of(text);
        let earlier = self.problems.len();
        self.headings(&layout, &file);

        let mut edits = Vec::new();
        let mut open: Option<Directive<'_>> = None;
        for found in syntax::find(text, &layout) {
            let directive = match found {
                Ok(directive) => directive,
                Err(line) => {
                    let why = say!("tutor-unfinished");
                    self.problems.push(Problem::at(&file, line, why));
                    continue;
                }
            };
            let line = directive.line;
            let outcome = match directive.name {
                "exercise" | "quiz" | "header" | "chart" => {
                    self.block(&file, text, &mut open, directive)
                }
                _ => self.expand(&page, directive),
            };
            match outcome {
                Ok(new) => edits.extend(new),
                Err(why) => self.problems.push(Problem::at(&file, line, why)),
            }
        }
        if let Some(begin) = open {
            let why = say!("tutor-block-open", name = begin.name);
            self.problems.push(Problem::at(&file, begin.line, why));
        }
        self.problems[earlier..].sort_by_key(|problem| problem.line);
        apply(text, edits)
    }

    /// What stands in the place of a directive; none leaves it as it is.
    fn expand(&mut self, page: &str, directive: Directive<'_>) -> Result<Vec<Edit>, String> {
        let argument = directive.argument;
        if directive.closing {
            return Err(unknown(&directive));
        }
        let new = match directive.name {
            "met" => misconception::link(&self.boxes, page, argument)?,
            "title" => return Ok(Vec::new()), // mdBook's own
            "include" | "rustdoc_include" | "playground" => {
                return Err(say!("tutor-include", name = directive.name));
            }
            name if !NAMES.contains(&name) => return Err(unknown(&directive)),
            name if directive.alone.is_none() => {
                return Err(say!("tutor-own-line", name = name));
            }
            "slice" => slice::Slice::find(self.root, argument)?.to_markdown(),
            "transcript" => terminal::transcript(self.root, argument)?,
            "recorded" => terminal::recorded(self.root, argument)?,
            _ => misconception::aside(page, argument)?,
        };
        Ok(vec![directive.replaced(&new)])
    }

    /// The beginning or the end of an exercise, a quiz, a header or a chart.
    fn block<'t>(
        &mut self,
        file: &str,
        text: &'t str,
        open: &mut Option<Directive<'t>>,
        directive: Directive<'t>,
    ) -> Result<Vec<Edit>, String> {
        let name = directive.name;
        if directive.alone.is_none() {
            return Err(say!("tutor-own-line", name = name));
        }
        if (name == "quiz" || directive.closing) && !directive.argument.is_empty() {
            return Err(say!("tutor-no-argument", name = name));
        }
        if !directive.closing {
            if let Some(outer) = open {
                let line = outer.line;
                return Err(say!("tutor-block-nested", name = name, line = line));
            }
            *open = Some(directive);
            return Ok(Vec::new());
        }
        let Some(begin) = open.take_if(|begin| begin.name == name) else {
            return Err(say!("tutor-block-not-open", name = name));
        };
        let content = begin.range.end..directive.range.start;
        let block = &text[content.clone()];
        let mut edits = Vec::new();
        let (wrong, argument) = match name {
            "quiz" => {
                let (rights, marks) = lists::marks(block);
                let cut = |mark: Range<usize>| mark.start + content.start..mark.end + content.start;
                edits.extend(marks.into_iter().map(|mark| (cut(mark), String::new())));
                let rights: Vec<_> = rights.iter().map(usize::to_string).collect();
                (lists::questions(block, None).err(), rights.join(" "))
            }
            "header" => {
                let wrong = self.header(file, &begin, block);
                (Some(wrong), begin.argument.to_owned())
            }
            "chart" => {
                let wrong = self.chart(file, &begin, block);
                (Some(wrong), begin.argument.to_owned())
            }
            _ => {
                self.exercise(file, &begin);
                (lists::hints(block).err(), begin.argument.to_owned())
            }
        };
        for (below, why) in wrong.unwrap_or_default() {
            let line = begin.line + below;
            self.problems.push(Problem::at(file, line, why));
        }
        let marker = |text: String| format!("\n{UNTRANSLATED}\n\n{text}\n");
        edits.push(begin.replaced(&marker(format!("{{{{#{name} {argument}}}}}"))));
        edits.push(directive.replaced(&marker(format!("{{{{/{name}}}}}"))));
        Ok(edits)
    }

    fn exercise(&mut self, file: &str, begin: &Directive<'_>) {
        let checked = exercise::Exercise::read(self.root, begin.argument);
        let twice = !self.seen.insert(begin.argument.to_owned());
        let why = match checked {
            Err(why) => why,
            Ok(_) if twice => say!("tutor-exercise-twice", exercise = begin.argument),
            Ok(_) => return,
        };
        self.problems.push(Problem::at(file, begin.line, why));
    }

    /// Everything that is wrong with a header.
    fn header(&mut self, file: &str, begin: &Directive<'_>, block: &str) -> Vec<lists::Wrong> {
        let arguments = match header::Arguments::read(begin.argument) {
            Ok(arguments) => arguments,
            Err(why) => return vec![(0, why)],
        };
        let mut wrong = Vec::new();
        let id = arguments.id();
        if !self
            .pictures
            .insert((file.to_owned(), "header", id.clone()))
        {
            wrong.push((0, say!("tutor-header-twice", name = id.as_str())));
        }
        wrong.extend(header::check(arguments, block).err().unwrap_or_default());
        wrong
    }

    /// Everything that is wrong with a chart.
    fn chart(&mut self, file: &str, begin: &Directive<'_>, block: &str) -> Vec<lists::Wrong> {
        let arguments = match chart::Arguments::read(begin.argument) {
            Ok(arguments) => arguments,
            Err(why) => return vec![(0, why)],
        };
        let mut wrong = Vec::new();
        let id = arguments.id();
        if !self.pictures.insert((file.to_owned(), "chart", id)) {
            wrong.push((0, say!("tutor-chart-twice", argument = begin.argument)));
        }
        let checked = chart::check(self.root, arguments, block);
        wrong.extend(checked.err().unwrap_or_default());
        wrong
    }

    /// An anchor must not change with the heading's language.
    fn headings(&mut self, layout: &Layout, file: &str) {
        let mut ids = HashSet::new();
        for heading in &layout.headings {
            let line = layout.line(heading.at);
            match &heading.id {
                None => self
                    .problems
                    .push(Problem::at(file, line, say!("tutor-heading-id"))),
                Some(id) if !ids.insert(id) => {
                    let why = say!("tutor-heading-twice", id = id.as_str());
                    self.problems.push(Problem::at(file, line, why));
                }
                Some(_) => {}
            }
        }
    }
}

/// The text with all edits, which do not overlap.
fn apply(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|(range, _)| range.start);
    let mut result = String::with_capacity(text.len());
    let mut copied = 0;
    for (range, new) in edits {
        result.push_str(&text[copied..range.start]);
        result.push_str(&new);
        copied = range.end;
    }
    result.push_str(&text[copied..]);
    result
}

fn unknown(directive: &Directive<'_>) -> String {
    let slash = if directive.closing { "/" } else { "#" };
    let written = format!("{slash}{}", directive.name);
    let hint = perhaps(directive.name, NAMES);
    format!("{}{hint}", say!("tutor-unknown", name = written.as_str()))
}
