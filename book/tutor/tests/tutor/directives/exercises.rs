//! Exercises: what is checked of them. What they become is in `boxes.rs`.

use super::problems;
use crate::fixture::{Book, exercise, exercise_id};

#[test]
fn hints_are_three_in_one_numbered_list() {
    let name = exercise();
    let of = |inner: &str| {
        problems(&format!(
            "{{{{#exercise {name}}}}}\n\n{inner}\n\n{{{{/exercise}}}}"
        ))
    };
    assert_eq!(of("1. a\n2. b\n3. c"), [""; 0]);
    assert_eq!(
        of("1. a\n2. b"),
        ["book/src/page.md:3: an exercise has three hints, this one has 2"]
    );
    assert_eq!(
        of("1. a\n2. b\n3. c\n4. d"),
        ["book/src/page.md:3: an exercise has three hints, this one has 4"]
    );
    assert_eq!(
        of("1. a\n2.\n3. c"),
        ["book/src/page.md:6: this hint is empty"]
    );
    let only = "an exercise holds one numbered list of hints and nothing else";
    assert_eq!(of("- a\n- b\n- c"), [format!("book/src/page.md:5: {only}")]);
    assert_eq!(
        of("Some text.\n\n1. a\n2. b\n3. c"),
        [format!("book/src/page.md:5: {only}")]
    );
}

#[test]
fn an_exercise_must_be_known_and_stand_in_the_book_once() {
    let (name, id) = (exercise(), exercise_id());
    let block =
        |name: &str| format!("{{{{#exercise {name}}}}}\n1. a\n2. b\n3. c\n{{{{/exercise}}}}\n");
    let wrong = problems(&format!("{}\n{}\n{}", block(id), block(name), block(name)));
    assert_eq!(
        wrong,
        [
            format!("book/src/page.md:3: there is no exercise `{id}`. Did you mean `{name}`?"),
            format!("book/src/page.md:15: the exercise {name} is in the book already"),
        ]
    );
}

#[test]
fn an_exercise_needs_title_contract_and_solution() {
    let name = exercise();
    let book = Book::with(&format!(
        "{{{{#exercise {name}}}}}\n1. a\n2. b\n3. c\n{{{{/exercise}}}}"
    ));
    let folder = format!("labs/graders/src/{name}");
    let stub = book.read(&format!("{folder}/stub.rs"));
    let says = |why: String| assert_eq!(book.problems(), [format!("book/src/page.md:3: {why}")]);
    book.write(&format!("{folder}/right/plain.rs"), "fn one_thing() {}\n");
    says(format!("no file in {folder}/right has an anchor `answer`"));
    book.write(
        &format!("{folder}/stub.rs"),
        &stub.replace("// TODO", "// LATER"),
    );
    says(format!(
        "{folder}/stub.rs has no function with a line `// TODO:` in it"
    ));
    book.write(
        &format!("{folder}/stub.rs"),
        &stub.replace("//! Do", "// Do"),
    );
    says(format!(
        "the first line of {folder}/stub.rs gives no title after `//!`"
    ));
}
