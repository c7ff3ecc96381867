//! What each directive becomes, and what is said when it cannot.

use crate::fixture::{Book, exercise, exercise_id, misconception};

/// The problems of a page that holds `text`; its first line is the file's third.
fn problems(text: &str) -> Vec<String> {
    Book::with(text).problems()
}

fn built(text: &str) -> String {
    Book::with(text).built("page.html")
}

#[test]
fn a_slice_shows_the_part_of_the_file_without_its_marks() {
    let html = built("{{#slice lab99_small:outer}}");
    assert_eq!(
        html,
        "<h1 id=\"page\"><a class=\"header\" href=\"#page\">Page</a></h1>\n\
         <figure class=\"slice\"><figcaption>labs/src/bin/lab99_small.rs</figcaption>\n\
         <pre><code class=\"language-rust\">fn outer() {\n    if true {\n        inner();\n    }\n}</code></pre>\n\
         </figure>"
    );
}

#[test]
fn a_slice_loses_the_indentation_that_its_lines_share() {
    let html = built("{{#slice lab99_small:inner}}");
    assert!(
        html.contains("\">if true {\n    inner();\n}</code>"),
        "{html}"
    );
}

#[test]
fn a_slice_of_a_path_takes_its_language_from_the_ending() {
    let html = built("{{#slice labs/python/small.py:all}}");
    assert!(
        html.contains("<figcaption>labs/python/small.py</figcaption>"),
        "{html}"
    );
    assert!(
        html.contains("<code class=\"language-python\">print('&lt;&amp;&gt;')"),
        "{html}"
    );
}

#[test]
fn a_slice_without_an_anchor_is_the_whole_file_without_marks() {
    let html = built("{{#slice labs/python/small.py}}");
    assert!(html.contains("print("), "{html}");
    assert!(!html.contains("ANCHOR"), "{html}");
}

#[test]
fn a_slice_in_a_list_stays_in_its_item() {
    let html = built("- one\n\n  {{#slice lab99_small:inner}}\n\n- two");
    let (item, _) = html.split_once("</li>").unwrap();
    assert!(item.contains("<figure class=\"slice\">"), "{html}");
    assert!(item.contains("if true {\n    inner();\n}"), "{html}");
}

#[test]
fn a_slice_with_backquotes_gets_a_longer_fence() {
    let book = Book::with("{{#slice labs/a.md}}");
    book.write("labs/a.md", "```\nx\n```\n");
    let html = book.built("page.html");
    assert!(html.contains("```\nx\n```"), "{html}");
}

#[test]
fn a_misspelt_lab_is_named_with_the_one_that_is_meant() {
    let wrong = problems("{{#slice lab99_smal:outer}}");
    assert_eq!(
        wrong,
        [
            "book/src/page.md:3: there is no file labs/src/bin/lab99_smal.rs. \
          Did you mean `labs/src/bin/lab99_small.rs`?"
        ]
    );
}

#[test]
fn a_misspelt_anchor_is_named_with_those_that_are_there() {
    let wrong = problems("text\n\n{{#slice lab99_small:ouetr}}");
    assert_eq!(
        wrong,
        [
            "book/src/page.md:5: no anchor `ouetr` in labs/src/bin/lab99_small.rs \
          (it has: outer, inner, open, twice, twice). Did you mean `outer`?"
        ]
    );
}

#[test]
fn an_anchor_that_never_ends_is_named_with_its_line() {
    assert_eq!(
        problems("{{#slice lab99_small:open}}"),
        [
            "book/src/page.md:3: the anchor `open` begins in line 11 of \
          labs/src/bin/lab99_small.rs and never ends"
        ]
    );
}

#[test]
fn an_anchor_that_begins_twice_is_refused() {
    assert_eq!(
        problems("{{#slice lab99_small:twice}}"),
        [
            "book/src/page.md:3: the anchor `twice` of labs/src/bin/lab99_small.rs \
          begins a second time in line 15"
        ]
    );
}

#[test]
fn a_slice_stays_inside_the_repository_and_out_of_the_answers() {
    assert_eq!(
        problems(
            "{{#slice ../secret.txt}}\n\n{{#slice /etc/passwd}}\n\n{{#slice labs/exercises/a.rs}}\n\n{{#slice}}"
        ),
        [
            "book/src/page.md:3: ../secret.txt is not a path from the repository's root",
            "book/src/page.md:5: /etc/passwd is not a path from the repository's root",
            "book/src/page.md:7: labs/exercises/a.rs belongs to the reader, who will change it",
            "book/src/page.md:9: a slice of which file? `slice FILE:ANCHOR`",
        ]
    );
}

#[test]
fn an_empty_slice_is_refused() {
    let book = Book::with("{{#slice labs/empty.rs:a}}");
    book.write("labs/empty.rs", "// ANCHOR: a\n\n// ANCHOR_END: a\n");
    assert_eq!(
        book.problems(),
        ["book/src/page.md:3: this slice of labs/empty.rs is empty"]
    );
}

#[test]
fn a_transcript_shows_each_terminal() {
    let html = built("{{#transcript small_talk}}");
    assert!(
        html.ends_with(
            "<div class=\"transcript\" data-transcript=\"small_talk\">\n\
             <figure class=\"terminal\"><figcaption>Server</figcaption>\n\
             <pre><code class=\"language-console\">$ cargo run --bin lab99_small\nlistening on 127.0.0.1:8888\n</code></pre>\n\
             </figure>\n\
             <figure class=\"terminal\"><figcaption>Client 2</figcaption>\n\
             <pre><code class=\"language-console\">$ nc -u 127.0.0.1 8888\n&lt; a &amp; b\na &amp; b\n[exit status 1]\n</code></pre>\n\
             </figure>\n\
             </div>"
        ),
        "{html}"
    );
}

#[test]
fn a_misspelt_transcript_is_named_with_the_one_that_is_meant() {
    assert_eq!(
        problems("{{#transcript smal_talk}}"),
        ["book/src/page.md:3: there is no transcript `smal_talk` \
          (labs/tests/snapshots/transcripts__smal_talk.snap). Did you mean `small_talk`?"]
    );
}

#[test]
fn a_transcript_of_another_shape_is_refused() {
    let book = Book::with(
        "{{#transcript a}}\n\n{{#transcript b}}\n\n{{#transcript c}}\n\n{{#transcript d}}",
    );
    let snapshot = |name: &str, text: &str| {
        book.write(
            &format!("labs/tests/snapshots/transcripts__{name}.snap"),
            text,
        );
    };
    snapshot("a", "listening\n");
    snapshot("b", "---\nsource: x\n---\nlistening\n");
    snapshot("c", "---\nsource: x\n---\n=== server\nlistening\n");
    snapshot("d", "---\nsource: x\n---\n=== teapot\n$ tea\n");
    let name = |name: &str| format!("the transcript labs/tests/snapshots/transcripts__{name}.snap");
    assert_eq!(
        book.problems(),
        [
            format!(
                "book/src/page.md:3: {} is not a snapshot: nothing follows a second line of dashes",
                name("a")
            ),
            format!(
                "book/src/page.md:5: {} shows no terminal: none begins with a line such as `=== server`",
                name("b")
            ),
            format!(
                "book/src/page.md:7: {} shows no command in the terminal `server`, whose first line begins with `$ `",
                name("c")
            ),
            format!(
                "book/src/page.md:9: {} has a terminal `teapot`, for which there is no caption (book/tutor/src/directives/terminal.rs)",
                name("d")
            ),
        ]
    );
}

#[test]
fn a_recording_shows_how_and_when() {
    let html = built("{{#recorded wire}}");
    assert!(
        html.ends_with(
            "<figure class=\"recorded\"><figcaption>Recorded: <code>tcpdump -i lo 'udp &amp; more'</code> \
             · Linux 6.1 · 2026-11-22</figcaption>\n\
             <pre><code class=\"language-console\">14:00 IP 127.0.0.1 &gt; 127.0.0.1\n</code></pre>\n\
             </figure>"
        ),
        "{html}"
    );
}

#[test]
fn a_recording_that_does_not_say_all_is_refused() {
    let book =
        Book::with("{{#recorded wier}}\n\n{{#recorded a}}\n\n{{#recorded b}}\n\n{{#recorded c}}");
    book.write("book/recorded/a.txt", "command: x\nsystem: y\n\nout\n");
    book.write(
        "book/recorded/b.txt",
        "command: x\nsystem: y\ndate: z\nscript: scripts/none\n\nout\n",
    );
    book.write(
        "book/recorded/c.txt",
        "command: x\nsystem: y\ndate: z\nscript: scripts/record-wire\n\n",
    );
    assert_eq!(
        book.problems(),
        [
            "book/src/page.md:3: there is no recording `wier` (book/recorded/wier.txt). Did you mean `wire`?",
            "book/src/page.md:5: the recording book/recorded/a.txt does not say its `date`",
            "book/src/page.md:7: the recording book/recorded/b.txt names a script that is not there: scripts/none",
            "book/src/page.md:9: the recording book/recorded/c.txt has no output after its head",
        ]
    );
}

#[test]
fn a_misconception_becomes_a_box_that_links_lead_to() {
    let entry = misconception();
    let id = &entry.id;
    let book = Book::with(&format!("As in {{{{#met {id}}}}}, and {{{{#met {id}}}}}."));
    let page = book.built(&entry.page.replace(".md", ".html"));
    assert!(
        page.contains(&format!(
            "<aside class=\"misconception\" id=\"m-{id}\" aria-label="
        )),
        "{page}"
    );
    assert!(
        page.contains("<span class=\"label\">Believed</span>"),
        "{page}"
    );
    let link = format!(
        "<a href=\"{}#m-{id}\">{id}</a>",
        entry.page.replace(".md", ".html")
    );
    let page = book.built("page.html");
    assert!(
        page.contains(&format!("<p>As in {link}, and {link}.</p>")),
        "{page}"
    );
}

#[test]
fn a_link_to_a_box_is_relative_to_its_page() {
    let entry = misconception();
    let id = &entry.id;
    let book = Book::new();
    let sister = format!("{}/sister.md", entry.page.rsplit_once('/').unwrap().0);
    let summary = book.read("book/src/SUMMARY.md");
    book.write(
        "book/src/SUMMARY.md",
        &format!("{summary}- [Sister]({sister})\n- [Far](far/far/away.md)\n"),
    );
    book.write(
        &format!("book/src/{sister}"),
        &format!("# S {{#s}}\n\n{{{{#met {id}}}}}\n"),
    );
    book.write(
        "book/src/far/far/away.md",
        &format!("# F {{#f}}\n\n{{{{#met {id}}}}}\n"),
    );
    let file = entry.page.replace(".md", ".html");
    let html = book.built(&sister.replace(".md", ".html"));
    let name = file.rsplit_once('/').unwrap().1;
    assert!(html.contains(&format!("href=\"{name}#m-{id}\"")), "{html}");
    let html = book.built("far/far/away.html");
    assert!(
        html.contains(&format!("href=\"../../{file}#m-{id}\"")),
        "{html}"
    );
}

#[test]
fn an_unknown_misconception_or_one_on_another_page_is_refused() {
    let entry = misconception();
    let (id, page) = (&entry.id, &entry.page);
    let wrong = problems(&format!(
        "{{{{#misconception {id}}}}}\n\nSee {{{{#met {id}x}}}}."
    ));
    assert_eq!(
        wrong,
        [
            format!(
                "book/src/page.md:3: the box of `{id}` belongs on {page}, as \
                 labs/graders/misconceptions.toml says, not on page.md"
            ),
            format!("book/src/page.md:5: there is no misconception `{id}x`. Did you mean `{id}`?"),
        ]
    );
}

#[test]
fn a_link_to_a_misconception_without_a_box_is_refused() {
    let entry = misconception();
    let book = Book::with(&format!("See {{{{#met {}}}}}.", entry.id));
    book.write(&format!("book/src/{}", entry.page), "# Taught {#taught}\n");
    assert_eq!(
        book.problems(),
        [format!(
            "book/src/page.md:3: `{}` has no box to link to; it belongs on {}",
            entry.id, entry.page
        )]
    );
}

#[test]
fn directives_in_code_and_in_comments_stay_as_they_are() {
    let html = built(
        "`{{#slice nothing}}`\n\n```text\n{{#slice nothing}}\n{{#quiz}}\n```\n\n\
         <!-- {{#slice nothing}} -->\n\n    {{#transcript nothing}}\n\n\\{{#title escaped}}",
    );
    assert_eq!(html.matches("{{#slice nothing}}").count(), 3, "{html}");
    assert!(html.contains("<code>{{#transcript nothing}}"), "{html}");
}

#[test]
fn an_unknown_or_unfinished_directive_is_refused() {
    assert_eq!(
        problems(
            "{{#slcie lab99_small}}\n\n{{#slice lab99_small\n\n{{/title}}\n\n{{ #slice lab99_smal }}"
        ),
        [
            "book/src/page.md:3: there is no directive `#slcie`. Did you mean `slice`?",
            "book/src/page.md:5: a directive must end with two closing braces on the line where it begins",
            "book/src/page.md:7: there is no directive `/title`",
            "book/src/page.md:9: there is no file labs/src/bin/lab99_smal.rs. Did you mean `labs/src/bin/lab99_small.rs`?",
        ]
    );
}

#[test]
fn a_directive_with_other_text_on_its_line_is_refused() {
    assert_eq!(
        problems(
            "see {{#slice lab99_small:outer}}\n\n> {{#transcript small_talk}}\n\nend {{#quiz}}"
        ),
        [
            "book/src/page.md:3: the directive `slice` must stand alone on its line",
            "book/src/page.md:5: the directive `transcript` must stand alone on its line",
            "book/src/page.md:7: the directive `quiz` must stand alone on its line",
        ]
    );
}

#[test]
fn mdbooks_own_includes_are_refused() {
    assert_eq!(
        problems("{{#include a.rs:b}}\n\n{{#rustdoc_include a.rs}}\n\n{{#playground a.rs}}"),
        ["include", "rustdoc_include", "playground"]
            .iter()
            .zip([3, 5, 7])
            .map(|(name, line)| format!(
                "book/src/page.md:{line}: use `slice` instead of mdBook's `{name}`, \
                 which shows nothing where an anchor is misspelt"
            ))
            .collect::<Vec<_>>()
    );
}

#[test]
fn every_heading_has_an_id_of_its_own() {
    assert_eq!(
        problems("## Named {#named}\n\n## Nameless\n\nAlso nameless\n---\n\n### Again {#named}"),
        [
            "book/src/page.md:5: a heading needs an id of its own, as in `## Receiving {#receiving}`, \
             which stays the same in every language",
            "book/src/page.md:7: a heading needs an id of its own, as in `## Receiving {#receiving}`, \
             which stays the same in every language",
            "book/src/page.md:10: a heading above has the id `named` already",
        ]
    );
}

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

#[test]
fn a_block_that_is_not_closed_is_named_where_it_begins() {
    assert_eq!(
        problems("{{#quiz}}\n\n1. a"),
        ["book/src/page.md:3: `quiz` begins here and is never closed"]
    );
    assert_eq!(
        problems("{{/quiz}}"),
        ["book/src/page.md:3: `/quiz` closes a block that was not begun"]
    );
    assert_eq!(
        problems("{{#quiz}}\n\n{{#exercise a}}\n\n{{/exercise}}"),
        [
            "book/src/page.md:3: `quiz` begins here and is never closed",
            "book/src/page.md:5: `exercise` begins inside the block that begins in line 3",
            "book/src/page.md:7: `/exercise` closes a block that was not begun",
        ]
    );
}

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

#[test]
fn nothing_follows_the_name_where_nothing_belongs() {
    assert_eq!(
        problems("{{#quiz 1}}\n\n{{/exercise here}}"),
        [
            "book/src/page.md:3: nothing may follow the name in the directive `quiz`",
            "book/src/page.md:5: nothing may follow the name in the directive `exercise`",
        ]
    );
}

#[test]
fn all_problems_of_all_pages_are_reported_in_the_books_order() {
    let book = Book::with("{{#slice a}}\n\n{{#transcript b}}");
    book.write("book/src/README.md", "# Home\n");
    let wrong = book.problems();
    assert_eq!(wrong.len(), 3, "{wrong:?}");
    assert!(wrong[0].starts_with("book/src/README.md:1: "), "{wrong:?}");
    assert!(wrong[1].starts_with("book/src/page.md:3: "), "{wrong:?}");
    assert!(wrong[2].starts_with("book/src/page.md:5: "), "{wrong:?}");
}
