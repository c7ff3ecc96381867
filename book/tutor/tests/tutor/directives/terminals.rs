//! Transcripts and recordings.

use super::{built, problems};
use crate::fixture::Book;

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
