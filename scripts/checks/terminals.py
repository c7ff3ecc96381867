"""Every terminal block of the book is compared, recorded, or commands only."""

import re
from datetime import date

from common import ROOT, Page, chapters, finding, finish, project_files

# Snapshots that no page shows, each with the reason.
NOT_SHOWN: dict[str, str] = {}

# How a line of commands begins. Everything else in such a block is output,
# which the book shows from a snapshot or a recording alone.
PROMPTS = {"console": "$ ", "powershell": "PS> "}
TERMINALS = {"console", "powershell", "text", "sh", "bash", "shell", "cmd", "plain", "txt"}

SNAPSHOTS = ROOT / "labs/tests/snapshots"
RECORDED = ROOT / "book/recorded"
HEAD = ("command", "system", "date", "script")


def check_commands(source, block) -> None:
    """A block of commands holds commands, and what continues them."""
    prompt = PROMPTS[block.language]
    going_on = False
    for number, line in enumerate(block.lines, start=block.line + 1):
        if line.strip() and not going_on and not line.startswith(prompt):
            finding(source, number, f"output in a block of commands (a command begins with {prompt!r})")
        going_on = line.endswith("\\" if block.language == "console" else "`")
    if not any(line.strip() for line in block.lines):
        finding(source, block.line, "a block of commands without a command")


def check_recording(path) -> None:
    """A recording says what was run, where, when, and by which script."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".csv":  # numbers for a chart: their head is comments
        lines = text.splitlines(keepends=True)
        head = "".join(line.removeprefix("# ") for line in lines if line.startswith("#"))
        body = "".join(line for line in lines if not line.startswith("#"))
    else:
        head, _, body = text.partition("\n\n")
    fields = dict(re.findall(r"(?m)^(\w+): *(.+)$", head))
    for key in HEAD:
        if key not in fields:
            finding(path, 1, f"its head has no `{key}:`")
    try:
        date.fromisoformat(fields.get("date", ""))
    except ValueError:
        finding(path, 1, "its date is not of the form 2026-11-22")
    script = fields.get("script", "").split(" ")[0]
    if script and not (ROOT / script).is_file():
        finding(path, 1, f"no script {script}")
    if not body.strip():
        finding(path, 1, "it records nothing")


used: dict[str, set[str]] = {"transcript": set(), "recorded": set(), "chart": set()}
commands = 0
for source in chapters():
    page = Page.read(source)
    for block in page.blocks:
        if block.language not in TERMINALS:
            continue
        if block.flags == ["command-only"] and block.language in PROMPTS:
            commands += 1
            check_commands(source, block)
        else:
            finding(
                source,
                block.line,
                f"a `{block.info}` block: show a snapshot with {{{{#transcript …}}}}, a recording with "
                "{{#recorded …}}, or commands alone with ```console,command-only",
            )
    for _, name, argument in page.directives():
        if name in used:
            used[name].add(argument.split(":")[0])  # a chart shows a part: bench:bulk

for path in project_files("labs/tests/snapshots/transcripts__*.snap"):
    name = path.stem.removeprefix("transcripts__")
    if name in used["transcript"] and name in NOT_SHOWN:
        finding("scripts/checks/terminals.py", None, f"NOT_SHOWN: {name} is shown now")
    if name not in used["transcript"] and name not in NOT_SHOWN:
        finding(
            path, None, f"no page shows it; use {{{{#transcript {name}}}}}, or give a reason in NOT_SHOWN"
        )
for name in NOT_SHOWN:
    if not (SNAPSHOTS / f"transcripts__{name}.snap").is_file():
        finding("scripts/checks/terminals.py", None, f"NOT_SHOWN: no snapshot {name}")

for path in project_files("book/recorded/*"):
    check_recording(path)
    shown_by = "chart" if path.suffix == ".csv" else "recorded"
    if path.stem not in used[shown_by]:
        finding(path, None, f"no page shows it; use {{{{#{shown_by} {path.stem}}}}}")

finish(
    f"{len(used['transcript'])} transcripts, {len(used['recorded']) + len(used['chart'])} recordings, "
    f"{commands} blocks of commands"
)
