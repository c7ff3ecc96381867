"""A check that cannot fail is no check: breaks one thing at a time in a copy of
the project, and expects the right stage to turn red and to name the place."""

import re
import sys
from pathlib import Path

from sandbox import Sandbox, Tally

sandbox = Sandbox()
root = sandbox.root
tally = Tally()
STAGE = "scripts/check"


def page_with(text: str) -> Path:
    """A page of the book that holds this text."""
    for path in sorted(root.glob("book/src/**/*.md")):
        if text in path.read_text(encoding="utf-8"):
            return path
    sys.exit(f"no page holds {text!r}: this test has nothing to break")


def breaks(
    what: str,
    path: Path,
    old: str,
    new: str,
    command: list[str],
    expected: str,
    seconds: float = 300,
) -> None:
    """Replaces the first `old` in the file, runs the command, expects it to fail
    with `expected` (FILE and LINE stand for the place), and mends the file."""
    before = path.read_text(encoding="utf-8")
    at = len(before) if old == "" else before.find(old)
    if at < 0:
        tally.expect(False, f"{what}: {path.relative_to(root)} holds {old!r}", "")
        return
    sandbox.write(path, before[:at] + new + before[at + len(old) :])
    start = at + len(new) - len(new.lstrip("\n"))
    line = (before[:at] + new)[:start].count("\n") + 1
    pattern = expected.replace("FILE", re.escape(path.relative_to(root).as_posix())).replace(
        "LINE", str(line)
    )
    status, output, took = sandbox.run(*command, seconds=seconds)
    sandbox.write(path, before)
    held = status not in (0, None) and re.search(pattern, output) is not None
    tally.expect(held, f"{what}: {' '.join(command)} fails with /{pattern}/", output)
    print(f"{'red as it should be' if held else 'NOT RED'}: {what} ({took:.1f} s)", flush=True)


def stage(name: str) -> list[str]:
    return [STAGE, name]


print("building the copy", flush=True)
for name in (
    "listings",
    "terminals",
    "exercises",
    "tidy",
    "shell",
    "python",
    "actions",
    "spelling",
    "links",
    "stock",
    "live",
):
    status, output, _ = sandbox.run(*stage(name), seconds=900)
    if status != 0:
        print(output)
        sys.exit(f"{name} is red before anything is broken")

slice_page = page_with("{{#slice lab03")
argument = re.search(r"\{\{#slice (lab03\w+):(\w+)\}\}", slice_page.read_text(encoding="utf-8"))
assert argument
lab, anchor = argument.groups()
transcript_page = page_with("{{#transcript ")
transcript = re.search(r"\{\{#transcript (\w+)\}\}", transcript_page.read_text(encoding="utf-8"))
exercise_page = page_with("{{#exercise ")
exercise = re.search(r"\{\{#exercise (\w+)\}\}", exercise_page.read_text(encoding="utf-8"))
assert transcript and exercise

build = ["cargo", "run", "--quiet", "--", "build"]
for what, page, old, new in (
    ("a misspelt anchor", slice_page, f"{lab}:{anchor}}}}}", f"{lab}:{anchor}x}}}}"),
    ("a misspelt lab", slice_page, f"{{{{#slice {lab}:", f"{{{{#slice {lab}x:"),
    ("a misspelt transcript", transcript_page, transcript.group(), "{{#transcript nothing_like_it}}"),
    ("a misspelt exercise", exercise_page, exercise.group(), "{{#exercise ex03_1_ekko}}"),
    ("a misspelt misconception", page_with("{{#misconception "), "{{#misconception ", "{{#misconception x-"),
    ("a misspelt directive", slice_page, "{{#slice ", "{{#slise "),
):
    breaks(what, page, old, new, build, "FILE:LINE: ")

breaks(
    "a Rust block in the text",
    slice_page,
    "",
    "\n```rust\nfn main() {}\n```\n",
    stage("listings"),
    "FILE:LINE: ",
)
breaks("an indented block", slice_page, "", "\n    let x = 1;\n", stage("listings"), "FILE:LINE: ")
breaks("code as HTML", slice_page, "", "\n<pre>let x = 1;</pre>\n", stage("listings"), "FILE:LINE: ")
breaks("an mdBook include", slice_page, "", "\n{{#include ../x.rs:1}}\n", stage("listings"), "FILE:LINE: ")
breaks(
    "a lab that no test starts",
    root / "labs/Cargo.toml",
    "",
    '\n[[bin]]\nname = "lab03_new"\npath = "src/bin/lab03_new.rs"\n',
    stage("listings"),
    "no test in labs/tests starts lab03_new",
)
breaks(
    "output among commands",
    slice_page,
    "",
    "\n```console,command-only\n$ ls\nfile\n```\n",
    stage("terminals"),
    r"FILE:\d+: output in a block of commands",
)
breaks("a terminal made up", slice_page, "", "\n```console\n$ ls\n```\n", stage("terminals"), "FILE:LINE: ")
breaks("a picture of a terminal", slice_page, "", "\n```text\n$ ls\n```\n", stage("terminals"), "FILE:LINE: ")
breaks(
    "a transcript that no page shows",
    transcript_page,
    transcript.group(),
    "",
    stage("terminals"),
    f"transcripts__{transcript.group(1)}.snap: no page shows it",
)
breaks("a dead link", slice_page, "", "\n[x](nowhere.md)\n", stage("links"), "nowhere")
breaks("a dead anchor", slice_page, "", "\n[x](#nowhere-at-all)\n", stage("links"), "nowhere-at-all")
breaks(
    "a link that is not https", slice_page, "", "\n[x](http://example.org/)\n", stage("links"), "example.org"
)
breaks(
    "a dead link in the README", root / "README.md", "", "\n[x](nowhere.md)\n", stage("links"), "FILE:LINE: "
)
breaks(
    "an exercise that is not its stub",
    sandbox.answer(exercise.group(1)),
    "",
    "\n// changed\n",
    stage("exercises"),
    r"FILE(:\d+)?: differs",
)
breaks("a path of one machine", root / "README.md", "", "\n/ro" + "ot/x\n", stage("tidy"), "FILE:LINE: ")
breaks("a misspelt word", root / "README.md", "", "\nrecie" + "ve\n", stage("spelling"), "FILE:LINE")
breaks(
    "a lab that prints something else",
    root / "labs/src/bin/lab03_udp_server.rs",
    "listening on",
    "listening at",
    ["cargo", "test", "--quiet", "--test", "transcripts"],
    "listening at",
)
breaks(
    "a preprocessor that stock mdbook cannot start",
    root / "book.toml",
    "preprocess boxes",
    "preprocess bexes",
    stage("stock"),
    "a directive was left|the build is not quiet|error",
)
breaks(
    "a page that does not send what is typed",
    root / "book/widgets/elements/lab-run.js",
    "type(this.input.value);",
    "",
    stage("live"),
    "✖ both labs of chapter 3 run, and the client is typed to",
    seconds=900,
)
breaks(
    "an answer that is not formatted",
    sorted(root.glob("labs/graders/src/*/right/*.rs"))[0],
    "fn main() ",
    "fn main()  ",
    stage("fmt"),
    "FILE",
)
breaks("a script with a trap in it", root / ".ci/run", "", "\nrm -r $1/x\n", stage("shell"), "FILE line LINE")
breaks(
    "an unused import", root / "scripts/checks/common.py", "", "\nimport os\n", stage("python"), "FILE:LINE"
)
breaks(
    "a workflow with a misspelt key",
    root / ".github/workflows/ci.yml",
    "runs-on:",
    "runs_on:",
    stage("actions"),
    "FILE:LINE",
)

left = [path.name for path in root.rglob("*.snap.new")] + [path.name for path in root.rglob("*.pending-snap")]
tally.expect(not left, "a test that fails writes no snapshot file", "\n".join(left))

print(f"{tally.held} of {tally.held + tally.broken} turned red")
sys.exit(1 if tally.broken else 0)
