"""What the scenes of scripts/record-tcp and scripts/record-stream share: how a scene is named, played, written
and compared.
"""

import argparse
import difflib
import platform
import re
import signal
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from tcp_hosts import PATIENCE, SERVER, Capture, Hosts, Unlike

RECORDED = Path("book/recorded")
SYSTEM = "two network namespaces, TCP without timestamps, SACK and window scaling"
SCENES = {}


@dataclass
class Scene:
    """What is played, tcpdump's options, and what the recording's head says beyond the usual."""

    play: object
    options: tuple
    wire: str = ""  # what the wire between the hosts does
    command: str = ""  # what made the page, if that is not tcpdump
    settings: tuple = ()  # of both kernels, as sysctl has them
    pause: object = round  # what is compared of a time between two segments
    sides: bool = False  # whether the sides send at the same time, so that their order is chance


def scene(*options, **more):
    """Names a scene after its function."""

    def add(play):
        SCENES[play.__name__] = Scene(play, options, **more)
        return play

    return add


def connected(hosts, page, *, buffer=None, **client):
    """A connection between the hosts, and its three segments; `buffer` is the server's SO_RCVBUF."""
    listener = hosts.listener(buffer=buffer)
    near = hosts.client(**client)
    page.note("server: listens; client: connects")
    near.connect(SERVER)
    page.segments(3)
    far, _ = listener.accept()
    far.settimeout(PATIENCE)
    hosts.open.append(far)
    return near, far


def take(stream, message):
    """Reads that message, however it is cut; b"" is the end of the stream."""
    got = stream.recv(len(message) or 1)
    while len(got) < len(message) and (more := stream.recv(len(message) - len(got))):
        got += more
    if got != message:
        raise Unlike(f"{got!r} arrived in place of {message!r}")


def state(hosts, role, wanted):
    """Waits until a host has an end in that state, which is soon."""
    until(lambda: wanted in hosts.on(role, "ss", "-Htan"), f"{role} in {wanted}")


def until(true, what):
    deadline = time.monotonic() + 2
    while not true():
        if time.monotonic() > deadline:
            raise Unlike(f"not {what}")
        time.sleep(0.01)


def drain(page, count):
    """The segments of a scene that shows none."""
    kept = list(page.page)
    page.segments(count)
    page.page = kept


def play(name, labs):
    """Plays a scene: its page, and the command that captured it."""
    it = SCENES[name]
    with Hosts(labs, *it.settings) as hosts:
        page = Capture(hosts, *it.options)
        it.play(hosts, page)
        command = " ".join(page.command)
        return page.end(), it.command or command


def until_it_works(action):
    """A busy machine may delay a host so much that TCP sends something again, or an acknowledgement of its
    own: then once more."""
    for left in (3, 2, 1, 0):
        try:
            return action()
        except Unlike as trouble:
            if left == 0:
                raise
            print(f"once more: {trouble}", file=sys.stderr)
    raise AssertionError("not reached")


def stable(name, text):
    """The text without what differs from run to run. Each side's numbers count from its first one, as
    tcpdump has them in most lines; times, and what the kernel's table says beyond the state, are cut."""
    first, lines, pause = {}, [], SCENES[name].pause
    for line in text.splitlines():
        line = re.sub(r"^ 00:00:(\d\d\.\d+)", lambda found: f"{pause(float(found[1]))} s", line)
        line = re.sub(r"after (\d+\.\d) ms", lambda found: f"after {pause(float(found[1]) / 1000)} s", line)
        line = re.sub(r"\d+sec", "N sec", line)
        line = re.sub(r"^( +\d+:( \S+){3}) .*", r"\1", line)
        if found := re.search(r"IP (\S+) > (\S+): Flags \[(.*?)\](, seq (\d+))?", line):
            near, far, flags, _, seq = found.groups()
            whole = "-S" in SCENES[name].options or (near, far) not in first or "S" in flags or flags == "R"
            first.setdefault((near, far), int(seq or 0))
            if whole:
                line = re.sub(r"seq [\d:]+", partial(count_from, first[near, far]), line)
                line = re.sub(r"ack \d+", partial(count_from, first.get((far, near), 0)), line)
        lines.append(line)
    return by_side(lines) if SCENES[name].sides else lines


def by_side(lines):
    """Between two notes, first what the one side sent, and then what the other one did. Which came first in the
    capture is left out; the acknowledgements say as much of it as the sides knew."""
    sorted_lines, section = [], []
    for line in [*lines, "#"]:
        if line.startswith("#"):
            sorted_lines += sorted(section, key=lambda segment: segment.partition(" IP ")[2].split(" ")[0])
            sorted_lines.append(line)
            section = []
        else:
            section.append(line)
    return sorted_lines


def count_from(first, found):
    """The numbers in a part of a line, counted from the side's first one."""
    return re.sub(r"\d+", lambda number: str((int(number[0]) - first) % 2**32), found[0])


def check(name, labs):
    """Compares a scene with its recording."""
    record = RECORDED / f"{name}.txt"
    before = stable(name, record.read_text(encoding="utf-8").partition("\n\n")[2])
    now = stable(name, play(name, labs)[0])
    if before != now:
        raise Unlike("\n".join(["", *difflib.unified_diff(before, now, "recorded", "now", lineterm="")]))
    print(f"{record}: the same")


def write(name, labs, script):
    """Writes a recording: of two plays, which say the same."""
    text, command = play(name, labs)
    if stable(name, text) != stable(name, play(name, labs)[0]):
        raise Unlike("twice, and not the same")
    system = f"Linux {'.'.join(platform.release().split('.')[:2])}, {SYSTEM}"
    wire, settings = SCENES[name].wire, "".join(f", {setting}" for setting in SCENES[name].settings)
    head = {
        "command": command,
        "system": system + settings + (f"; the wire between them is {wire}" if wire else ""),
        "date": datetime.now(UTC).date().isoformat(),
        "script": script,
    }
    body = "".join(f"{key}: {value}\n" for key, value in head.items()) + f"\n{text}"
    (RECORDED / f"{name}.txt").write_text(body, encoding="utf-8")
    print(body)


def main(script, doc):
    """Plays what the command line names, and writes it or compares it."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--labs", type=Path, default=Path())
    parser.add_argument("--check", action="store_true")
    parser.add_argument("names", nargs="*", metavar="NAME")
    args = parser.parse_args()
    if unknown := set(args.names) - set(SCENES):
        parser.error(f"no such scene: {', '.join(sorted(unknown))}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    labs = args.labs.resolve()
    for name in args.names or SCENES:
        try:
            until_it_works(partial(check, name, labs) if args.check else partial(write, name, labs, script))
        except Unlike as trouble:
            sys.exit(f"{RECORDED / name}.txt does not show what happens now: {trouble}")
