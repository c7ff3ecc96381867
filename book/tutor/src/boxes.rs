//! Stage 2: exercises, quizzes, headers and charts, checked and perhaps translated by
//! now, become HTML that needs no JavaScript.

use std::path::Path;

use mdbook_preprocessor::book::Book;
use mdbook_preprocessor::errors::Result;
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};

use crate::directives::exercise::Exercise;
use crate::directives::lists::{self, Question, Wrong};
use crate::directives::{UNTRANSLATED, chart, header, syntax};
use crate::markdown::{Layout, dedent, escape, fence, indent, inline_html};
use crate::problem::{Problem, Problems, name_of};
use crate::words::say;

/// What begins and ends on lines of its own.
const BLOCKS: [&str; 4] = ["exercise", "quiz", "header", "chart"];

/// The preprocessor `boxes`.
pub struct Boxes;

impl Preprocessor for Boxes {
    fn name(&self) -> &str {
        "boxes"
    }

    fn supports_renderer(&self, renderer: &str) -> Result<bool> {
        Ok(renderer == "html")
    }

    fn run(&self, context: &PreprocessorContext, mut book: Book) -> Result<Book> {
        let root = context.root.as_path();
        let source = root.join(&context.config.book.src);
        let mut problems = Vec::new();
        book.for_each_chapter_mut(|chapter| {
            let path = chapter.source_path.clone().unwrap_or_default();
            let file = name_of(root, &source.join(&path));
            match expand(root, &id_of(&path), &chapter.content) {
                Ok(text) => chapter.content = text,
                // The lines are no longer those of the file.
                Err(wrong) => problems.extend(wrong.into_iter().map(|why| Problem::of(&file, why))),
            }
        });
        if problems.is_empty() {
            Ok(book)
        } else {
            Err(Problems(problems).into())
        }
    }
}

/// What an id begins with that no other page has: `ch03-udp-sending`.
fn id_of(page: &Path) -> String {
    let name = name_of("".as_ref(), &page.with_extension(""));
    let kept = |c: char| if c.is_alphanumeric() { c } else { '-' };
    name.chars().map(kept).collect()
}

/// A chapter's text with its exercises, quizzes, headers and charts as HTML.
fn expand(root: &Path, page: &str, text: &str) -> Result<String, Vec<String>> {
    let layout = Layout::of(text);
    let mut result = String::with_capacity(text.len());
    let mut wrong = Vec::new();
    let mut copied = 0;
    let mut quizzes = 0;
    let found = syntax::find(text, &layout);
    let mut found = found.into_iter().flatten();
    while let Some(begin) = found.find(|d| !d.closing && BLOCKS.contains(&d.name)) {
        let Some(end) = found.find(|d| d.closing && d.name == begin.name) else {
            wrong.push(say!("tutor-block-open", name = begin.name));
            break;
        };
        let content = dedent(before_mark(&text[begin.range.end..end.range.start]));
        let above = layout.headings.iter().rfind(|h| h.at < begin.range.start);
        let level = above.map_or(2, |heading| heading.level + 1).min(6);
        let html = match begin.name {
            "quiz" => {
                quizzes += 1;
                quiz(&content, begin.argument, &format!("{page}-quiz-{quizzes}"))
            }
            "header" => header(begin.argument, &content, page),
            "chart" => chart(root, begin.argument, &content, page),
            _ => exercise(root, begin.argument, &content, level),
        };
        let depth = begin.alone.unwrap_or_default();
        result.push_str(before_mark(&text[copied..begin.range.start - depth.len()]));
        match html {
            Ok(html) => result.push_str(&indent(&html, depth)),
            Err(why) => wrong.extend(why),
        }
        copied = end.range.end;
    }
    result.push_str(&text[copied..]);
    if wrong.is_empty() {
        Ok(result)
    } else {
        Err(wrong)
    }
}

/// What stands before a marker, without the comment for the translation.
fn before_mark(text: &str) -> &str {
    let trimmed = text.trim_end();
    match trimmed.strip_suffix(UNTRANSLATED) {
        Some(before) => before.trim_end_matches([' ', '\t']),
        None => text,
    }
}

/// File to edit, contract, command, three hints, and the solution last.
fn exercise(root: &Path, name: &str, block: &str, level: u8) -> Result<String, Vec<String>> {
    let exercise = Exercise::read(root, name).map_err(|why| vec![why])?;
    let hints = lists::hints(block).map_err(without_lines)?;
    let id = &exercise.id;
    let hashes = "#".repeat(usize::from(level));
    let file = format!("<code>{}</code>", escape(&exercise.file()));
    let mut html = format!(
        "<section class=\"exercise\" id=\"{id}\" data-exercise=\"{name}\" aria-labelledby=\"{id}-title\">\n\n\
         {hashes} {} {{#{id}-title}}\n\n\
         <p class=\"exercise-file\">{}</p>\n\n\
         {}\n\n\
         <p class=\"exercise-check\">{}</p>\n\n\
         {}\n",
        exercise.heading(),
        say!("box-exercise-file", file = file.as_str()),
        fence("rust", &exercise.contract),
        escape(&say!("box-exercise-check")),
        fence("console,command-only", &format!("$ cargo test {id}")),
    );
    for (index, hint) in hints.iter().enumerate() {
        let summary = say!("box-hint", number = index + 1, count = hints.len());
        html.push_str(&folded("hint", &escape(&summary), hint));
    }
    let solution = exercise.solution.to_markdown();
    html.push_str(&folded(
        "solution",
        &escape(&say!("box-solution")),
        &solution,
    ));
    html.push_str("\n</section>");
    Ok(html)
}

/// The picture of a header, and its table.
fn header(argument: &str, block: &str, page: &str) -> Result<String, Vec<String>> {
    let arguments = header::Arguments::read(argument).map_err(|why| vec![why])?;
    header::html(arguments, block, page).map_err(without_lines)
}

/// The picture of what was measured, and its numbers.
fn chart(root: &Path, argument: &str, block: &str, page: &str) -> Result<String, Vec<String>> {
    let arguments = chart::Arguments::read(argument).map_err(|why| vec![why])?;
    chart::html(root, arguments, block, page).map_err(without_lines)
}

/// Every answer folds open to say whether it is right, and why. The ids begin
/// with `name`: the print page holds all quizzes of the book.
fn quiz(block: &str, rights: &str, name: &str) -> Result<String, Vec<String>> {
    let rights: Vec<_> = rights.split(' ').filter_map(|n| n.parse().ok()).collect();
    let questions = lists::questions(block, Some(&rights)).map_err(without_lines)?;
    // The heading above names it; a label would make a landmark of each.
    let mut html = String::from("<section class=\"quiz\">\n");
    for (index, question) in questions.iter().enumerate() {
        let id = format!("{name}-{}", index + 1);
        html.push_str(&self::question(question, index + 1, &id));
    }
    html.push_str("\n</section>");
    Ok(html)
}

fn question(question: &Question, number: usize, id: &str) -> String {
    let count = escape(&say!("box-question", number = number));
    let mut html = format!(
        "\n<div class=\"question\" role=\"group\" aria-labelledby=\"{id}\">\n\
         <div class=\"question-text\" id=\"{id}\">\n\n\
         <span class=\"question-number\">{count}</span> {}\n\n\
         </div>\n",
        question.text,
    );
    for answer in &question.answers {
        let (class, verdict) = match answer.right {
            true => ("option right", say!("box-right")),
            false => ("option wrong", say!("box-wrong")),
        };
        let why = format!(
            "<p class=\"judgement\">{}</p>\n\n{}",
            escape(&verdict),
            answer.why
        );
        html.push_str(&folded(class, &inline_html(&answer.text), &why));
    }
    html.push_str("\n</div>\n");
    html
}

fn folded(class: &str, summary: &str, markdown: &str) -> String {
    format!(
        "\n<details class=\"{class}\">\n<summary>{summary}</summary>\n\n{markdown}\n\n</details>\n"
    )
}

fn without_lines(wrong: Vec<Wrong>) -> Vec<String> {
    wrong.into_iter().map(|(_, why)| why).collect()
}
