//! Quizzes: what is checked of them. What they become is in `boxes.rs`.

use super::problems;

#[test]
fn a_quiz_of_another_shape_is_refused_line_by_line() {
    let of = |inner: &str| problems(&format!("{{{{#quiz}}}}\n\n{inner}\n\n{{{{/quiz}}}}"));
    let only = "a quiz holds one numbered list of questions and nothing else";
    assert_eq!(of(""), ["book/src/page.md:3: this quiz has no questions"]);
    assert_eq!(of("Text."), [format!("book/src/page.md:5: {only}")]);
    assert_eq!(
        of("1. Why?\n2. Which?\n   - [x] a\n\n     b\n   - [x] c\n\n     d"),
        [
            "book/src/page.md:5: question 1 needs at least two options, `- [ ]` or `- [x]`",
            "book/src/page.md:6: question 2 has 2 right options instead of one",
        ]
    );
    assert_eq!(
        of("1. Which?\n\n   - [x] a\n\n     b\n\n   - [ ] c\n\n   - d\n\n     e"),
        [
            "book/src/page.md:11: an option of question 1 has no explanation in a paragraph of its own: c",
            "book/src/page.md:13: an option of question 1 is marked neither `[ ]` nor `[x]`",
        ]
    );
    assert_eq!(
        of("1.\n   - [x] a\n\n     b\n   - [ ] c\n\n     d"),
        ["book/src/page.md:5: question 1 has no text"]
    );
}
