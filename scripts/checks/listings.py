"""Every Rust or Python block of the book is a slice of a file that a test runs."""

import re
import tomllib
from pathlib import Path

from common import BOOK, ROOT, Page, chapters, finding, finish, project_files

# Code blocks that stand in a chapter as they are, as "page.md:language", each
# with the number of such blocks. It may only shrink; it is empty since the
# first chapter, and a chapter does not need it.
EXEMPT: dict[str, int] = {}

# What a chapter may show as a plain block: pictures, and commands (which
# `scripts/check terminals` looks at).
PLAIN = {"mermaid", "console", "powershell", "text", "sh", "bash", "shell"}

# mdBook's own includes give an empty block when an anchor is misspelt.
UNSAFE = {"include", "rustdoc_include", "playground"}


def code(path: Path) -> str:
    """A Rust file without its comments."""
    return re.sub(r"(?m)//.*$", "", path.read_text(encoding="utf-8"))


# The harness in labs/tests/support knows every lab, and starts none of its own.
TESTS = "\n".join(
    code(path) for path in project_files("labs/tests/*.rs") if "labs/tests/support" not in path.as_posix()
)
SHOWN = "\n".join(
    path.read_text(encoding="utf-8")
    for path in project_files("labs/tests/snapshots/transcripts__*.snap", "book/recorded/*.txt")
)


def target(argument: str) -> Path:
    """The file that a slice names."""
    name = argument.split(":")[0]
    return ROOT / (name if re.search(r"[/.]", name) else f"labs/src/bin/{name}.rs")


def lab_of(path: Path) -> str:
    """The lab that a file belongs to: a longer one has parts in a folder of its name."""
    folder = path.parent
    return path.stem if folder.name == "bin" else folder.name


def why_not_run(path: Path) -> str | None:
    """Why no test runs this file, if none does."""
    name = path.relative_to(ROOT).as_posix()
    if re.fullmatch(r"labs/src/bin/(\w+/)?\w+\.rs", name):
        lab = lab_of(path)
        if not re.search(rf"\b{lab}\b", TESTS):
            return f"no test in labs/tests starts {lab}"
        return None
    if re.fullmatch(r"labs/graders/src/ex\w+/(mod|stub|right/\w+|mistakes/[\w-]+)\.rs", name):
        return None  # labs/tests/graders.rs puts every one of them through its grader
    if re.fullmatch(r"labs/src/\w+\.rs", name):
        return None  # part of every lab
    if path.suffix == ".py" and path.name in TESTS:
        return None
    return f"no test runs {name}"


found: dict[str, int] = {}
slices = 0
for source in chapters():
    page = Page.read(source)
    for block in page.blocks:
        if block.language in PLAIN:
            continue
        key = f"{source.relative_to(BOOK).as_posix()}:{block.language or 'none'}"
        found[key] = found.get(key, 0) + 1
        if found[key] > EXEMPT.get(key, 0):
            kind = f"`{block.language}` block" if block.language else "block without a language"
            finding(source, block.line, f"a {kind} stands in the text; show a file with {{{{#slice …}}}}")
    for line in page.indented:
        finding(source, line, "an indented code block: show a file with {{#slice …}}, or use a fence")
    for line, html in page.html:
        if re.search(r"<(pre|code|samp)\b", html):
            finding(source, line, "code as raw HTML: show a file with {{#slice …}}")
    for line, name, argument in page.directives():
        if name in UNSAFE:
            finding(source, line, f"{{{{#{name}}}}} is not checked by the build; use {{{{#slice …}}}}")
        if name == "slice":
            slices += 1
            path = target(argument)
            if not path.is_file():
                finding(source, line, f"no file {path.relative_to(ROOT).as_posix()}")
            elif reason := why_not_run(path):
                finding(source, line, f"{{{{#slice {argument}}}}}: {reason}")

for key, number in EXEMPT.items():
    if found.get(key, 0) < number:
        finding("scripts/checks/listings.py", None, f"EXEMPT may shrink: {key} is now {found.get(key, 0)}")

labs = tomllib.loads((ROOT / "labs/Cargo.toml").read_text(encoding="utf-8"))
for lab in labs["bin"]:
    if not re.search(rf"\b{lab['name']}\b", TESTS):
        finding("labs/Cargo.toml", None, f"no test in labs/tests starts {lab['name']}")
    if not re.search(rf"(?m)^(\$|command:) .*\b{lab['name']}\b", SHOWN):
        finding("labs/Cargo.toml", None, f"neither a transcript nor a recording shows {lab['name']}")
listed = {lab["path"] for lab in labs["bin"]}
for path in project_files("labs/src/bin/*.rs"):
    if f"src/bin/{lab_of(path)}.rs" not in listed:
        finding(path, None, "not listed in labs/Cargo.toml, so cargo does not build it")

finish(f"{slices} slices, {len(labs['bin'])} labs")
