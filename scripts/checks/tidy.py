"""No unfinished code, no machine path, no stray file in what the project tracks."""

import os
import re
from pathlib import Path

from common import ROOT, finding, finish, project_files

# A path of one machine. (This pattern does not match itself.)
MACHINE = re.compile(r"(?<![\w.)}\]-])/(root|work|home/\w+|Users/\w+)/")
CONFLICT = re.compile(r"^(<{7}|>{7}|={7})( |$)")

# `todo!()` is what an exercise begins with; the harness and the tests speak of
# it. Elsewhere clippy refuses it, and here the files that clippy cannot see.
UNFINISHED = re.compile(r"\b(todo|unimplemented|dbg)!\s*\(")
ANSWERS = re.compile(r"labs/graders/src/ex\w+/right/")

# Files made by others, or whose bytes are the point.
VENDORED = re.compile(r"/vendor/|(^|/)(package-lock\.json|Cargo\.lock)$|\.snap$|^LICENSE-")


def text_of(path: Path) -> str | None:
    data = path.read_bytes()
    if b"\0" in data:
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        finding(path, None, "neither UTF-8 nor binary")
        return None


files = project_files()
for path in files:
    name = path.relative_to(ROOT).as_posix()
    text = text_of(path)
    if text is None:
        continue
    runs = os.access(path, os.X_OK)
    if text.startswith("#!/") and not runs:
        finding(path, 1, "begins with #! but may not be run: chmod +x")
    if runs and not text.startswith("#!"):
        finding(path, 1, "may be run, but does not begin with #!")
    lines = text.splitlines()
    for number, line in enumerate(lines, start=1):
        if "/vendor/" not in name and MACHINE.search(line):
            finding(path, number, "a path of one machine")
        if CONFLICT.match(line):
            finding(path, number, "a merge conflict")
        if ANSWERS.match(name) and UNFINISHED.search(line):
            finding(path, number, "unfinished code in a right answer")
        if not VENDORED.search(name) and line != line.rstrip():
            finding(path, number, "white space at the end of the line")
    if text and not VENDORED.search(name) and not text.endswith("\n"):
        finding(path, len(lines), "no newline at the end of the file")

# Not tracked, but left behind by a test run whose snapshot changed.
for pattern in ("*.snap.new", "*.pending-snap", "*.rej", "*.orig"):
    for folder in ("labs", "book"):
        for path in (ROOT / folder).rglob(pattern):
            finding(path, None, "left behind: accept it or remove it")

finish(f"{len(files)} files")
