"""The form of links that leave the book (read from standard input), and the
links of the Markdown files beside it. Nothing is fetched."""

import itertools
import re
import sys
from urllib.parse import urlsplit

from common import ROOT, finding, finish, project_files
from markdown_it import MarkdownIt

# hyperlink also says what it does, in lines with spaces.
external = sorted({line.strip() for line in sys.stdin if re.fullmatch(r"\S+\n?", line)})
for link in external:
    parts = urlsplit(link)
    if parts.scheme == "mailto":
        continue
    if parts.scheme != "https":
        finding("target/book", None, f"a link that is not https: {link}")
    elif not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", parts.netloc):
        finding("target/book", None, f"a link without a proper host: {link}")


def anchors(text: str) -> set[str]:
    """The anchors of a Markdown file, as code hosts make them from headings."""
    tokens = MarkdownIt("commonmark").parse(text)
    headings = [b.content for a, b in itertools.pairwise(tokens) if a.type == "heading_open"]
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


inside = 0
for path in project_files("*.md", ":!book/src"):
    text = path.read_text(encoding="utf-8")
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        for child in token.children or []:
            link = child.attrGet("href") or child.attrGet("src")
            if not link or urlsplit(str(link)).scheme:
                continue
            inside += 1
            line = token.map[0] + 1 if token.map else None
            name, _, anchor = str(link).partition("#")
            target = (path.parent / name).resolve() if name else path
            if not target.exists():
                finding(path, line, f"no file {name}")
            elif anchor and target.suffix == ".md" and anchor not in anchors(target.read_text("utf-8")):
                finding(path, line, f"no heading #{anchor} in {target.relative_to(ROOT)}")

finish(f"{len(external)} links out of the book, {inside} inside README and the like")
