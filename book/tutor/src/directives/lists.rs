//! The lists inside blocks: an exercise's hints, a quiz's questions.
//!
//! Both are read twice: first to check the chapter as it was written, then, when
//! it may have been translated, to make HTML of it. Between the two a quiz has no
//! `[x]` in it, since translating would run the paragraphs of such items into
//! one (mdbook-i18n-helpers 0.4): its first line holds the numbers of the right
//! options instead, `{{#quiz 2 1}}`.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::markdown::parse;
use crate::words::say;

/// What is wrong, and how many lines below the block's first line.
pub(crate) type Wrong = (usize, String);

/// A question of a quiz, in Markdown.
pub(crate) struct Question {
    pub(crate) text: String,
    pub(crate) answers: Vec<Answer>,
}

/// One of the answers to choose from.
pub(crate) struct Answer {
    pub(crate) right: bool,
    pub(crate) text: String,
    pub(crate) why: String,
}

/// How many hints an exercise has.
pub(crate) const HINTS: usize = 3;

/// The hints of an exercise: an ordered list of exactly three.
pub(crate) fn hints(block: &str) -> Result<Vec<String>, Vec<Wrong>> {
    let list = outline(block);
    let mut wrong = list.others(block, "tutor-hints-only-list");
    let hints: Vec<_> = list.items.iter().map(|item| item.markdown(block)).collect();
    if hints.len() != HINTS && wrong.is_empty() {
        wrong.push((0, say!("tutor-hints-count", count = hints.len())));
    }
    for (item, hint) in list.items.iter().zip(&hints) {
        if hint.is_empty() {
            wrong.push((item.line(block), say!("tutor-hint-empty")));
        }
    }
    if wrong.is_empty() {
        Ok(hints)
    } else {
        Err(wrong)
    }
}

/// The questions of a quiz: an ordered list of questions, each with a list of
/// answers, each of them explained, and marked right or wrong by `[x]` or `[ ]`
/// or, in a quiz that was prepared, by the numbers in `rights`.
pub(crate) fn questions(
    block: &str,
    rights: Option<&[usize]>,
) -> Result<Vec<Question>, Vec<Wrong>> {
    let list = outline(block);
    let mut wrong = list.others(block, "tutor-quiz-only-list");
    if list.items.is_empty() && wrong.is_empty() {
        wrong.push((0, say!("tutor-quiz-empty")));
    }
    let mut questions = Vec::new();
    for item in &list.items {
        let is_right = |index: usize| match rights {
            Some(rights) => rights.get(questions.len()) == Some(&(index + 1)),
            None => item.answers[index].is_ticked(),
        };
        let number = questions.len() + 1;
        let here = item.line(block);
        let first = item
            .answers
            .first()
            .map_or(item.range.end, |a| a.range.start);
        let text = item.part(block, item.content, first);
        let all = 0..item.answers.len();
        let right = all.filter(|index| is_right(*index)).count();
        if text.is_empty() {
            wrong.push((here, say!("tutor-question-empty", number = number)));
        }
        if item.answers.len() < 2 {
            wrong.push((here, say!("tutor-question-options", number = number)));
        } else if right != 1 {
            wrong.push((
                here,
                say!("tutor-question-right", number = number, right = right),
            ));
        }
        let mut answers = Vec::new();
        for (index, answer) in item.answers.iter().enumerate() {
            let (text, why) = answer.halves(block);
            let line = answer.line(block);
            if answer.task.is_none() && rights.is_none() {
                wrong.push((line, say!("tutor-option-unmarked", number = number)));
            } else if text.is_empty() || why.is_empty() {
                wrong.push((
                    line,
                    say!("tutor-option-why", number = number, option = text.as_str()),
                ));
            }
            answers.push(Answer {
                right: is_right(index),
                text,
                why,
            });
        }
        questions.push(Question { text, answers });
    }
    if wrong.is_empty() {
        Ok(questions)
    } else {
        Err(wrong)
    }
}

/// The number of the right option of each question, and the bytes of the marks
/// that say so, for a quiz that [`questions`] finds nothing wrong with.
pub(crate) fn marks(block: &str) -> (Vec<usize>, Vec<Range<usize>>) {
    let (mut rights, mut marks) = (Vec::new(), Vec::new());
    for item in outline(block).items {
        let right = item.answers.iter().position(Item::is_ticked);
        rights.push(right.map_or(0, |index| index + 1));
        let tasks = item.answers.into_iter().filter_map(|answer| answer.task);
        marks.extend(tasks.map(|(_, range)| range));
    }
    (rights, marks)
}

/// One item of a list, by byte offsets into the block.
struct Item {
    range: Range<usize>,
    /// Where its text begins, after the mark (and after `[x]`).
    content: usize,
    /// Where its first paragraph ends, if it has more than bare text.
    first_end: Option<usize>,
    /// `[ ]` or `[x]`, if it has one of them, and where that is.
    task: Option<(bool, Range<usize>)>,
    /// The items of the list inside.
    answers: Vec<Item>,
}

#[derive(Default)]
struct Outline {
    items: Vec<Item>,
    /// Where something stands that is not in the one ordered list.
    others: Vec<usize>,
}

impl Outline {
    fn others(&self, block: &str, key: &'static str) -> Vec<Wrong> {
        let text = graders::messages::say(key, &[]);
        let lines = self.others.iter().take(1);
        lines
            .map(|at| (lines_before(block, *at), text.clone()))
            .collect()
    }
}

impl Item {
    fn new(block: &str, range: Range<usize>) -> Item {
        let text = &block[range.clone()];
        let mark = text.find(char::is_whitespace).unwrap_or(text.len());
        let space = text[mark..].len() - text[mark..].trim_start().len();
        Item {
            content: range.start + mark + space,
            range,
            first_end: None,
            task: None,
            answers: Vec::new(),
        }
    }

    fn is_ticked(&self) -> bool {
        matches!(self.task, Some((true, _)))
    }

    fn line(&self, block: &str) -> usize {
        lines_before(block, self.range.start)
    }

    /// The bytes from `from` to `to`, without the item's indentation.
    fn part(&self, block: &str, from: usize, to: usize) -> String {
        let line_start = block[..self.range.start].rfind('\n').map_or(0, |at| at + 1);
        let before = &block[line_start..self.range.start];
        let mark = block[self.range.start..]
            .find(char::is_whitespace)
            .unwrap_or(0);
        let column = before.len() + mark + 1;
        let mut lines = block[from.min(to)..to].lines();
        let mut text = lines.next().unwrap_or_default().trim_start().to_owned();
        for line in lines {
            let blank = line.len() - line.trim_start().len();
            text.push('\n');
            text.push_str(&line[blank.min(column)..]);
        }
        text.trim().to_owned()
    }

    fn markdown(&self, block: &str) -> String {
        self.part(block, self.content, self.range.end)
    }

    /// The first paragraph, and what follows it.
    fn halves(&self, block: &str) -> (String, String) {
        match self.first_end {
            Some(end) => (
                self.part(block, self.content, end),
                self.part(block, end, self.range.end),
            ),
            None => (self.markdown(block), String::new()),
        }
    }
}

fn outline(block: &str) -> Outline {
    let mut outline = Outline::default();
    let mut depth = 0;
    for (event, range) in parse(block).into_offset_iter() {
        match event {
            Event::Start(Tag::List(first)) => {
                if depth == 0 && (first.is_none() || !outline.items.is_empty()) {
                    outline.others.push(range.start);
                }
                depth += 1;
            }
            Event::End(TagEnd::List(_)) => depth -= 1,
            Event::Start(Tag::Item) if depth == 1 => outline.items.push(Item::new(block, range)),
            Event::Start(Tag::Item) if depth == 2 => {
                if let Some(item) = outline.items.last_mut() {
                    item.answers.push(Item::new(block, range));
                }
            }
            Event::TaskListMarker(checked) if depth == 2 => {
                if let Some(answer) = last_answer(&mut outline) {
                    let after = &block[range.end..];
                    let space = after.len() - after.trim_start_matches(' ').len();
                    answer.content = range.end + space;
                    answer.task = Some((checked, range.start..answer.content));
                }
            }
            Event::End(TagEnd::Paragraph) if depth == 2 => {
                if let Some(answer) = last_answer(&mut outline) {
                    answer.first_end.get_or_insert(range.end);
                }
            }
            Event::Start(_) | Event::Rule if depth == 0 => outline.others.push(range.start),
            _ => {}
        }
    }
    outline
}

fn last_answer(outline: &mut Outline) -> Option<&mut Item> {
    outline.items.last_mut()?.answers.last_mut()
}

pub(super) fn lines_before(block: &str, at: usize) -> usize {
    block[..at].matches('\n').count()
}
