"""Whether two search indexes hold the same pages and texts.

How the words are counted is left out: it is the work of a library, and the
installed mdbook brings another version of it than the one that we link."""

import json
import re
import sys


def index(path: str) -> dict:
    """The index, out of the script that mdBook wraps it in."""
    with open(path, encoding="utf-8") as file:
        script = re.search(r"JSON\.parse\('(.*)'\)", file.read(), re.DOTALL)
    if not script:
        sys.exit(f"{path}: not a search index")
    read = json.loads(re.sub(r"\\(['\\])", r"\1", script.group(1)))
    del read["index"]["index"]
    return read


first, second = sys.argv[1:]
if index(first) != index(second):
    sys.exit(f"{first} and {second} differ")
