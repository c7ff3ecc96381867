# The tutor: `cargo run` and what belongs to it, and the words around the
# chapters' own text.

## In the book

box-exercise = Exercise { $number } · { $title }
box-exercise-file = Your file: { $file }
box-exercise-check = Check your answer:
box-hint = Hint { $number } of { $count }
box-solution = Solution
box-question = Question { $number }
box-right = Right.
box-wrong = Not so.
box-misconception = Misconception: { $id }
box-belief = Believed
box-truth = What is so
box-recorded = Recorded: { $command } · { $system } · { $date }

box-header-title = The { $name } header, to scale
box-header-desc = A ruler of bits, from 0 to { $last }, above rows of { $bytes ->
    [one] one byte
   *[other] { $bytes } bytes
}.
box-header-valued = { $field }, { $value }
box-header-one-bit = Row { $row }, bit { $bit }: { $field }.
box-header-some-bits = Row { $row }, bits { $begin } to { $end }: { $field }.
box-header-whole-row = Row { $row }: { $field }.
box-header-whole-rows = Rows { $from } to { $to }: { $field }.
box-header-split = From row { $from }, bit { $begin }, to row { $to }, bit { $end }: { $field }.
box-header-then = Then, of a length that differs: { $field }.
box-header-any = { $field }: { $meaning }
box-header-ruler = bits; a row is { $bytes ->
    [one] one byte
   *[other] { $bytes } bytes
}
box-header-fields = Field by field
box-header-bytes = Byte
box-header-from = from { $byte }

box-chart-title = { $measure }, as bars
box-chart-desc = Bars from 0, one below the other, each as long as the median of its runs: { $measure }.
box-chart-bar = { $name }: { $value }.
box-chart-runs = a bar is the median; each short line is a run
box-chart-figures = The figures
box-chart-figures-runs = The figures: the median of { $runs } runs
box-chart-spread = Lowest – highest
box-chart-compared = × first

box-plot-title = { $up }, by: { $right }
box-plot-desc = A plot. To the right: { $right }. Upwards: { $up }.
box-plot-spread = { $count } values from { $lowest } to { $highest }, half of them up to { $half }; { $missing } never came
box-plot-missing = ×: no value, because it never came
box-plot-runs = a mark is the median, the line through it reaches from the lowest run to the highest
box-plot-figures = The figures: { $up }
box-plot-figures-runs = The figures: { $up }, the median of { $runs } runs
box-plot-all = All values
box-plot-values = Values
box-plot-none = Never came
box-plot-half = Half are up to
box-plot-never = never came

terminal-server = Server
terminal-client = Client
terminal-python = Python
terminal-python-server = Server in Python
terminal-python-client = Client in Python
terminal-nc = nc
terminal-socat = socat
terminal-stranger = A stranger
terminal-lab = Terminal
terminal-shell = Shell
terminal-wire = Wire
terminal-sender = Sender
terminal-receiver = Receiver
terminal-numbered = { $title } { $number }

## The page while the server has no book to show

page-broken-title = The book cannot be built
page-broken = The book cannot be built, and there is no earlier one to show. This page looks again every two seconds.

## Serving

tutor-built = Built { $pages } pages in { $millis } ms.
tutor-serving = The book is open at { $url }
tutor-serving-origin = and, by way of what stands in front, at { $url }
tutor-first = The book is open already, at { $url }
tutor-first-starts = The book is being served already; the terminal of that server says where.
tutor-first-more = To serve it once more, name a port: cargo run -- --port 3001
tutor-stop = Save a file in book/ or labs/ and the page follows. Ctrl-C stops.
tutor-port-taken-next = Port { $taken } is taken, so this is port { $port }.
tutor-port-taken = Port { $port } is taken by another program. Without --port the next free one is used.
tutor-port-refused = Port { $port } cannot be used on this machine: { $why }.
tutor-ports-all-taken = Every port from { $first } to { $last } is taken. Choose one with --port.
tutor-rebuilt = Built again in { $millis } ms.
tutor-broken = The book cannot be built; the last good one stays open until this is put right:
tutor-broken-first = The book cannot be built; the page shows this until it is put right:
tutor-cannot-open = The browser could not be started: { $why }. Open { $url } yourself.
tutor-cannot-watch = Changes to files are not noticed: { $why }. Start again to see them.
tutor-cannot-serve = The server has stopped: { $why }.
tutor-no-origin = an origin is a scheme, a host and perhaps a port, like http://localhost:8080 or https://name.example
tutor-refused-host = This server answers only at { $hosts }. If a forwarded port or a proxy stands in front of it, start it with `cargo run -- --origin` and the address that the browser shows.
tutor-refused-user = This server answers only the user who has started it.
tutor-refused-site = This server answers only its own pages.
tutor-refused-origin = Only a page of this server may open its socket.
tutor-refused-token = This page was made by an earlier start of the server. Load it again.
tutor-too-many = Too many pages are open at once.
tutor-not-found = There is no such page.

## Building

tutor-written = Built { $pages } pages in { $millis } ms. They are in { $folder }
tutor-not-built = The book was not built.
tutor-cannot-write = The folder { $folder } cannot be written: { $why }.
tutor-panicked = mdBook itself broke while it made HTML of the book (its own words are above).

## What is wrong with a chapter

tutor-did-you-mean = Did you mean `{ $name }`?
tutor-unfinished = a directive must end with two closing braces on the line where it begins
tutor-unknown = there is no directive `{ $name }`
tutor-own-line = the directive `{ $name }` must stand alone on its line
tutor-include = use `slice` instead of mdBook's `{ $name }`, which shows nothing where an anchor is misspelt
tutor-no-argument = nothing may follow the name in the directive `{ $name }`
tutor-block-open = `{ $name }` begins here and is never closed
tutor-block-nested = `{ $name }` begins inside the block that begins in line { $line }
tutor-block-not-open = `/{ $name }` closes a block that was not begun
tutor-heading-id = a heading needs an id of its own, as in `## Receiving {"{"}#receiving{"}"}`, which stays the same in every language
tutor-heading-twice = a heading above has the id `{ $id }` already
tutor-symlink = a symbolic link; the book holds only files of its own
tutor-no-file = there is no file { $file }
tutor-slice-of-what = a slice of which file? `slice FILE:ANCHOR`
tutor-slice-outside = { $file } is not a path from the repository's root
tutor-slice-of-answer = { $file } belongs to the reader, who will change it
tutor-slice-empty = this slice of { $file } is empty
tutor-no-anchor = no anchor `{ $anchor }` in { $file }
tutor-anchors-there = it has: { $names }
tutor-anchors-none = it has none
tutor-anchor-open = the anchor `{ $anchor }` begins in line { $line } of { $file } and never ends
tutor-anchor-twice = the anchor `{ $anchor }` of { $file } begins a second time in line { $line }
tutor-no-transcript = there is no transcript `{ $name }` ({ $file })
tutor-transcript-shape = the transcript { $file } { $why }
tutor-transcript-no-body = is not a snapshot: nothing follows a second line of dashes
tutor-transcript-no-terminal = shows no terminal: none begins with a line such as `=== server`
tutor-transcript-no-command = shows no command in the terminal `{ $role }`, whose first line begins with `$ `
tutor-transcript-role = has a terminal `{ $role }`, for which there is no caption (book/tutor/src/directives/terminal.rs)
tutor-no-recorded = there is no recording `{ $name }` ({ $file })
tutor-recorded-head = the recording { $file } does not say its `{ $key }`
tutor-recorded-script = the recording { $file } names a script that is not there: { $script }
tutor-recorded-empty = the recording { $file } has no output after its head
tutor-no-misconception = there is no misconception `{ $id }`
tutor-misconception-page = the box of `{ $id }` belongs on { $page }, as labs/graders/misconceptions.toml says, not on { $here }
tutor-met-no-box = `{ $id }` has no box to link to; it belongs on { $page }
tutor-no-exercise-named = there is no exercise `{ $exercise }`
tutor-exercise-twice = the exercise { $exercise } is in the book already
tutor-no-title = the first line of { $file } gives no title after `//!`
tutor-no-contract = { $file } has no function with a line `// TODO:` in it
tutor-no-solution = no file in { $folder } has an anchor `answer`
tutor-hints-count = an exercise has three hints, this one has { $count }
tutor-hints-only-list = an exercise holds one numbered list of hints and nothing else
tutor-hint-empty = this hint is empty
tutor-quiz-empty = this quiz has no questions
tutor-quiz-only-list = a quiz holds one numbered list of questions and nothing else
tutor-question-empty = question { $number } has no text
tutor-question-options = question { $number } needs at least two options, `- [ ]` or `- [x]`
tutor-question-right = question { $number } has { $right } right options instead of one
tutor-option-unmarked = an option of question { $number } is marked neither `[ ]` nor `[x]`
tutor-option-why = an option of question { $number } has no explanation in a paragraph of its own: { $option }
tutor-header-name = a header needs a name of letters, digits and hyphens, as in `header IPv4`
tutor-header-row = a row of a header has 8, 16, 24 or 32 bits, not `{ $bits }`
tutor-header-argument = a header has a name and perhaps the bits of a row, and no `{ $word }`
tutor-header-twice = a header above has the name `{ $name }` already
tutor-table-only = a { $name } holds one table, one paragraph below it, and nothing else
tutor-table-none = this { $name } has no table
tutor-table-no-caption = this { $name } has no caption, which is a paragraph below its table
tutor-table-captions = this { $name } has a caption already
tutor-header-columns = every row of a header has { $columns } cells, for field, bits, value and meaning; this one has { $count }
tutor-cell-empty = nothing stands under `{ $column }` in this row
tutor-header-bits = the bits of a field are a number from 1 to { $most }, or `…` where the length differs, not `{ $bits }`
tutor-header-any-not-last = `{ $field }` stands after `{ $any }`, whose length differs: nobody knows where it begins
tutor-header-empty = this header has no field of so many bits
tutor-header-not-filled = the fields have { $bits } bits together, which do not fill rows of { $row }
tutor-header-value = the value `{ $value }` has { $bytes } bytes, its field has { $bits } bits
tutor-header-value-long = the value `{ $value }` is longer than its field is wide
tutor-chart-name = a chart shows a part of a table in book/recorded, as in `chart bench:bulk`, not `{ $argument }`
tutor-no-chart-data = there is no table `{ $name }` ({ $file })
tutor-chart-twice = the chart `{ $argument }` is on this page already
tutor-chart-columns = every row of a chart has { $columns } cells, for the name and the series; this one has { $count }
tutor-chart-empty = this chart has no series
tutor-chart-shape = the table { $file } cannot be read: { $why }
tutor-chart-no-column = the table { $file } has no column `{ $column }`
tutor-chart-no-part = the table { $file } has no part `{ $part }`
tutor-chart-no-series = the table { $file } has no series `{ $series }` in its part `{ $part }`
tutor-chart-value = line { $line } of { $file } has no number of 0 or more under `{ $column }`, but `{ $value }`
tutor-plot-columns = every row of a plot has { $columns } cells, for the name, the series, and `line` or `points`; this one has { $count }
tutor-plot-form = a series of a plot is drawn as `line` or as `points`, not as `{ $form }`
tutor-plot-most = a plot has { $most } series at the most
tutor-no-summary = the table of contents is missing
tutor-no-page = there is no page { $page }

## Hints

tutor-hint = { $exercise }, hint { $number } of { $count }
tutor-hint-next = The next one: cargo run -- hint { $id } --more
tutor-hint-last = That was the last one. The solution stands at the end of the exercise, in section { $section } of the book ({ $page }#{ $id }).
tutor-hint-none = The book has no hints for { $exercise } yet.

## Progress

tutor-progress-chapter = Chapter { $number } · { $title }
tutor-progress-chapter-untitled = Chapter { $number }
tutor-progress-count = { $done } of { $all } done
tutor-state-done = done
tutor-state-not-started = not started
tutor-state-not-yet = not yet
tutor-state-not-built = does not compile
tutor-progress-next = What an answer lacks: cargo test { $id }
tutor-progress-begin = Next: { $file }
tutor-progress-all = Every exercise is done.

## Help

tutor-about = Sockets You Can See: opens the book at an address of this machine.
tutor-about-more =
    Without a command it builds the book and serves it, to this machine alone,
    until Ctrl-C. Pages that are open follow every change of a file.
tutor-help-port = Serve at this port; without it, at 3000 or the next free one
tutor-help-origin = Serve also to a browser that reaches this server at URL, through a forwarded port or a proxy: http://localhost:8080
tutor-help-open = Open the book in the browser
tutor-help-build = Write the book to target/book, for any web host
tutor-help-hint = Show a hint for an exercise: the first, or with --more the next
tutor-help-hint-exercise = Which exercise, as in ex03_1
tutor-help-hint-more = Show the next hint
tutor-help-progress = Grade every exercise, and show which are done

## Labs that a page runs

run-unknown = There is nothing of this name to run. Load the page again.
run-too-many = { $most } runs are going on already, which is as many as there may be. Stop one of them, on this page or another.
run-no-cargo = cargo is not to be found, so nothing can be built. Start the book from a terminal in which `cargo --version` works.
run-cargo-failed = cargo could not be run ({ $why }).
run-not-built = The labs could not be built. What cargo says is above.
run-not-started = { $lab } could not be started ({ $why }).
run-no-folder = The labs have no folder to work in: none could be made below target/tutor ({ $why }).
run-not-here = This lab cannot run on this machine: { $why }.
run-said-too-much = Stopped: the labs have said more than { $most } MiB.
run-too-long = Stopped after { $minutes } minutes.
run-ended = ended, exit status { $code }
run-killed = ended by { $signal }
run-lost = lost ({ $why })
run-not-taken = The lab does not take this line.

## Answers that a page edits

answer-unknown = There is no exercise of this name. Load the page again.
judge-broken = The grader itself has failed: what it says is in the terminal of the server.
answer-no-file = it is no plain file
answer-unread = The file could not be read ({ $why }).
answer-unsaved = The file could not be written, and is as it was ({ $why }).
answer-too-long = The text is longer than { $most } kB, which is more than an answer may be. The file is as it was.
