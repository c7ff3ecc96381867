"""What the checks share: the project's files, Markdown, and how a finding is told."""

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "book" / "src"

_findings: list[str] = []


def finding(path: Path | str, line: int | None, message: str) -> None:
    """Notes that something is wrong, and goes on."""
    if isinstance(path, Path):
        path = path.relative_to(ROOT).as_posix()
    place = f"{path}:{line}" if line else path
    _findings.append(f"{place}: {message}")


def finish(count: str) -> None:
    """Ends the check: prints what was found, or what was looked at."""
    if _findings:
        print("\n".join(_findings))
        sys.exit(1)
    print(count)


def project_files(*patterns: str) -> list[Path]:
    """Every file that git tracks or would track."""
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\0")
    paths = (ROOT / name for name in sorted(set(names)) if name)
    return [path for path in paths if path.is_file()]


def chapters() -> list[Path]:
    """Every Markdown file of the book."""
    return sorted(BOOK.rglob("*.md"))


@dataclass
class Block:
    """A code block: its first line in the file, its info string, its lines."""

    line: int
    info: str
    lines: list[str]

    @property
    def language(self) -> str:
        return re.split(r"[\s,]", self.info, maxsplit=1)[0]

    @property
    def flags(self) -> list[str]:
        return re.split(r"[\s,]+", self.info)[1:]


@dataclass
class Page:
    """A Markdown file, taken apart as CommonMark says."""

    path: Path
    text: str
    blocks: list[Block]
    indented: list[int]
    html: list[tuple[int, str]]

    @classmethod
    def read(cls, path: Path) -> "Page":
        text = path.read_text(encoding="utf-8")
        page = cls(path, text, [], [], [])
        for token in MarkdownIt("commonmark").enable("table").parse(text):
            line = token.map[0] + 1 if token.map else 0
            if token.type == "fence":
                page.blocks.append(Block(line, token.info.strip(), token.content.splitlines()))
            elif token.type == "code_block":
                page.indented.append(line)
            elif token.type == "html_block":
                page.html.append((line, token.content))
            elif token.type == "inline":
                for child in token.children or []:
                    if child.type == "html_inline":
                        page.html.append((line, child.content))
        return page

    def directives(self) -> Iterator[tuple[int, str, str]]:
        """The `{{#name argument}}` outside code blocks: line, name, argument."""
        inside = {
            number for block in self.blocks for number in range(block.line, block.line + len(block.lines) + 2)
        }
        for number, line in enumerate(self.text.splitlines(), start=1):
            if number not in inside:
                for name, argument in re.findall(r"\{\{#(\w+)\s*([^}]*?)\s*\}\}", line):
                    yield number, name, argument
