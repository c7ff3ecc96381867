//! What exercises and quizzes become.

use crate::fixture::{Book, exercise, exercise_id, misconception};

fn exercise_block(inner: &str) -> String {
    format!(
        "{{{{#exercise {}}}}}\n\n{inner}\n\n{{{{/exercise}}}}",
        exercise()
    )
}

#[test]
fn an_exercise_shows_file_contract_command_hints_and_solution() {
    let hints = "1. First *hint*.\n2. Second:\n\n   ```rust\n   let a = 1;\n   ```\n3. Third.";
    let book = Book::with(&exercise_block(hints));
    let (name, id) = (exercise(), exercise_id());
    let number = &id[3..].replace('_', ".");
    let html = book.built("page.html");
    let (_, html) = html.split_once("</h1>\n").unwrap();
    assert_eq!(
        html,
        format!(
            "<section class=\"exercise\" id=\"{id}\" data-exercise=\"{name}\" aria-labelledby=\"{id}-title\">\n\
             <h2 id=\"{id}-title\"><a class=\"header\" href=\"#{id}-title\">Exercise {number} · Do one thing</a></h2>\n\
             <p class=\"exercise-file\">Your file: <code>labs/exercises/src/bin/{name}.rs</code></p>\n\n\
             <pre><code class=\"language-rust\">/// Does one thing.\n///\n/// # Errors\n/// Some.\n\
             fn one_thing(a: u8) -&gt; io::Result&lt;u8&gt;;</code></pre>\n\
             <p class=\"exercise-check\">Check your answer:</p>\n\n\
             <pre><code class=\"language-console command-only\">$ cargo test {id}\n</code></pre>\n\
             <details class=\"hint\">\n<summary>Hint 1 of 3</summary>\n<p>First <em>hint</em>.</p>\n</details>\n\
             <details class=\"hint\">\n<summary>Hint 2 of 3</summary>\n<p>Second:</p>\n\
             <pre><code class=\"language-rust\">let a = 1;</code></pre>\n</details>\n\
             <details class=\"hint\">\n<summary>Hint 3 of 3</summary>\n<p>Third.</p>\n</details>\n\
             <details class=\"solution\">\n<summary>Solution</summary>\n\
             <figure class=\"slice\"><figcaption>labs/graders/src/{name}/right/plain.rs</figcaption>\n\
             <pre><code class=\"language-rust\">fn one_thing(a: u8) -&gt; io::Result&lt;u8&gt; {{\n    Ok(a)\n}}</code></pre>\n\
             </figure>\n</details>\n</section>"
        )
    );
}

#[test]
fn an_exercise_of_two_functions_shows_both_contracts() {
    let name = exercise();
    let book = Book::with(&exercise_block("1. a\n2. b\n3. c"));
    let file = |file: &str| format!("labs/graders/src/{name}/{file}");
    let stub = book.read(&file("stub.rs"));
    let other = "\n/// Does another.\nfn another() {\n    // TODO: do it.\n    todo!()\n}\n";
    book.write(&file("stub.rs"), &format!("{stub}{other}"));
    let answer = "// ANCHOR: answer\n/// Does one thing.\nfn one_thing() {}\n\n/// Does another.\n\
                  fn another() {}\n\n/// Helps.\nfn help() {}\n// ANCHOR_END: answer\n";
    book.write(&file("right/plain.rs"), answer);
    let html = book.built("page.html");
    for shown in [
        "/// Some.\nfn one_thing(a: u8) -&gt; io::Result&lt;u8&gt;;\n\n/// Does another.\nfn another();</code>",
        "fn one_thing() {}\n\nfn another() {}\n\n/// Helps.\nfn help() {}</code>",
    ] {
        assert!(html.contains(shown), "{html}");
    }
}

#[test]
fn an_exercise_is_one_heading_below_the_one_above_it() {
    let block = exercise_block("1. a\n2. b\n3. c");
    let html = Book::with(&format!("## Second {{#second}}\n\n{block}")).built("page.html");
    assert!(
        html.contains(&format!("<h3 id=\"{}-title\">", exercise_id())),
        "{html}"
    );
}

#[test]
fn a_quiz_folds_open_to_say_why() {
    let id = &misconception().id;
    let book = Book::with(&format!(
        "{{{{#quiz}}}}\n\n\
         1. What is *it*?\n\n   Think.\n\n   \
         - [ ] A `<dog>`\n\n     No, see {{{{#met {id}}}}}.\n\n   \
         - [x] [It](page.md)\n\n     Yes.\n\n     ```rust\n     let a = 1;\n     ```\n\n\
         2. And?\n   - [x] a\n\n     b\n   - [ ] c\n\n     d\n\n\
         {{{{/quiz}}}}"
    ));
    let html = book.built("page.html");
    let (_, html) = html.split_once("</h1>\n").unwrap();
    let link = misconception().page.replace(".md", ".html");
    assert_eq!(
        html,
        format!(
            "<section class=\"quiz\">\n\
             <div class=\"question\" role=\"group\" aria-labelledby=\"page-quiz-1-1\">\n\
             <div class=\"question-text\" id=\"page-quiz-1-1\">\n\
             <p><span class=\"question-number\">Question 1</span> What is <em>it</em>?</p>\n<p>Think.</p>\n</div>\n\n\
             <details class=\"option wrong\">\n<summary>A <code>&lt;dog&gt;</code></summary>\n\
             <p class=\"judgement\">Not so.</p>\n\n<p>No, see <a href=\"{link}#m-{id}\">{id}</a>.</p>\n</details>\n\
             <details class=\"option right\">\n<summary><a href=\"page.html\">It</a></summary>\n\
             <p class=\"judgement\">Right.</p>\n\n<p>Yes.</p>\n\
             <pre><code class=\"language-rust\">let a = 1;</code></pre>\n</details>\n</div>\n\n\
             <div class=\"question\" role=\"group\" aria-labelledby=\"page-quiz-1-2\">\n\
             <div class=\"question-text\" id=\"page-quiz-1-2\">\n\
             <p><span class=\"question-number\">Question 2</span> And?</p>\n</div>\n\n\
             <details class=\"option right\">\n<summary>a</summary>\n<p class=\"judgement\">Right.</p>\n\n<p>b</p>\n</details>\n\
             <details class=\"option wrong\">\n<summary>c</summary>\n<p class=\"judgement\">Not so.</p>\n\n<p>d</p>\n</details>\n\
             </div>\n\n</section>"
        )
    );
}

#[test]
fn a_slice_in_a_question_is_part_of_it() {
    let html = Book::with(
        "{{#quiz}}\n\n1. What does this do?\n\n   {{#slice lab99_small:inner}}\n\n   \
         - [x] a\n\n     b\n\n   - [ ] c\n\n     d\n\n{{/quiz}}",
    )
    .built("page.html");
    let (question, _) = html.split_once("<details").unwrap();
    assert!(question.contains("<figure class=\"slice\">"), "{html}");
    assert!(question.contains("if true {\n    inner();\n}"), "{html}");
}

#[test]
fn two_quizzes_on_a_page_have_different_ids() {
    let quiz = "{{#quiz}}\n1. q\n   - [x] a\n\n     b\n   - [ ] c\n\n     d\n{{/quiz}}\n";
    let html = Book::with(&format!("{quiz}\n{quiz}")).built("page.html");
    assert!(
        html.contains("id=\"page-quiz-1-1\"") && html.contains("id=\"page-quiz-2-1\""),
        "{html}"
    );
}
