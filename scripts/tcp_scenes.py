"""The scenes of scripts/record-tcp: what two hosts do, and the segments that they send.

scripts/record-tcp                      plays all scenes, writes what was captured
scripts/record-tcp tcp_half_close …     these alone
scripts/record-tcp --check [NAME …]     compares it with what was written before
"""

import argparse
import difflib
import platform
import re
import signal
import socket
import struct
import subprocess
import sys
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from tcp_hosts import CLIENT, PATIENCE, SERVER, Capture, Hosts, Unlike

RECORDED = Path("book/recorded")
LABS = Path()
HELLO = b"hello"
SYSTEM = "two network namespaces, TCP without timestamps, SACK and window scaling"
SERVER_LAB, CLIENT_LAB = "lab04_tcp_server", "lab04_tcp_client"
AT = f"{SERVER[0]}:{SERVER[1]}"

# What made the pages that show no segments.
COMMANDS = {"tcp_time_wait": "ss -Htano", "tcp_close_wait": "ss -Htan; cat /proc/net/tcp"}
SCENES = {}


def scene(*options, wire=""):
    """Names a scene after its function; `options` are tcpdump's, `wire` says what the wire does."""

    def add(play):
        SCENES[play.__name__] = (play, options, wire)
        return play

    return add


def connected(hosts, page, **client):
    """A connection between the hosts, and its three segments."""
    listener = hosts.listener()
    near = hosts.client(**client)
    page.note("server: listens; client: connects")
    near.connect(SERVER)
    page.segments(3)
    far, _ = listener.accept()
    far.settimeout(PATIENCE)
    hosts.open.append(far)
    return near, far


def talk(page, near, far, message=HELLO, answer=HELLO):
    """The client writes, and the server answers. Each acknowledges what it gets."""
    page.note(f"client: writes {len(message)} bytes")
    near.sendall(message)
    page.segments(2)
    take(far, message)
    page.note(f"server: reads them, writes {len(answer)} bytes")
    far.sendall(answer)
    page.segments(2)
    take(near, answer)


def take(stream, message):
    """Reads that message, which b"" ends."""
    got = stream.recv(len(message) or 1, socket.MSG_WAITALL)
    if got != message:
        raise Unlike(f"{got!r} arrived in place of {message!r}")


def labs(hosts, page):
    """The labs of chapter 4, connected."""
    server = hosts.start("server", LABS / SERVER_LAB, "--listen", AT)
    if not server.stdout.readline().startswith(b"listening on"):
        raise Unlike("the server does not listen")
    page.note(f"server: {SERVER_LAB} --listen {AT}")
    page.note(f"client: {CLIENT_LAB} --server {AT}")
    client = hosts.start("client", LABS / CLIENT_LAB, "--server", AT)
    page.segments(3)
    return client


@scene("-t")
def tcp_handshake(hosts, page):
    labs(hosts, page)


@scene("-t")
def tcp_close_three(hosts, page):
    client = labs(hosts, page)
    lab_talk(page, client)


@scene("-t", "-S")
def tcp_numbers(hosts, page):
    client = labs(hosts, page)
    lab_talk(page, client)


def lab_talk(page, client):
    """The client's lab says hello, and ends; the server's closes at once."""
    page.note("client: its input is hello")
    client.stdin.write(HELLO)
    page.segments(4)
    if client.stdout.read(len(HELLO)) != HELLO:
        raise Unlike("no answer from the lab")
    page.note("client: its input ends, so it ends its direction; the server closes at once")
    client.stdin.close()
    page.segments(3)


@scene("-ttt")
def tcp_close_four(hosts, page):
    near, far = connected(hosts, page)
    talk(page, near, far)
    page.note("client: ends its direction; the server takes its time")
    near.shutdown(socket.SHUT_WR)
    page.segments(2)
    take(far, b"")
    page.note("server: reads the end, closes")
    far.close()
    page.segments(2)


@scene("-t", wire="300 ms long in each direction, and 600 ms from the close on")
def tcp_close_both(hosts, page):
    # The handshake lets both ends expect long round trips: they do not send their FINs again so soon.
    hosts.wire.delay = 0.3
    near, far = connected(hosts, page)
    hosts.wire.delay = 0.6
    page.note("client and server, at the same moment: close")
    near.close()
    far.close()
    page.segments(3)
    for role in ("client", "server"):
        state(hosts, role, "CLOSING")
        page.shown(role, "ss", "-Htan", "state", "closing")
    page.segments(1)
    for role in ("client", "server"):
        state(hosts, role, "TIME-WAIT")
        page.shown(role, "ss", "-Htan", "state", "time-wait")


def state(hosts, role, wanted):
    """Waits until a host has an end in that state, which is soon."""
    until(lambda: wanted in hosts.on(role, "ss", "-Htan"), f"{role} in {wanted}")


def until(true, what):
    deadline = time.monotonic() + 2
    while not true():
        if time.monotonic() > deadline:
            raise Unlike(f"not {what}")
        time.sleep(0.01)


@scene("-t")
def tcp_half_close(hosts, page):
    near, far = connected(hosts, page)
    page.note("client: writes 5 bytes")
    near.sendall(HELLO)
    page.segments(2)
    page.note("client: ends its direction")
    near.shutdown(socket.SHUT_WR)
    page.segments(2)
    take(far, HELLO)
    take(far, b"")
    for part in (b"first", b"last"):
        page.note(f"server: writes {len(part)} bytes")
        far.sendall(part)
        page.segments(2)
        take(near, part)
    page.note("server: closes")
    far.close()
    page.segments(2)
    take(near, b"")


@scene("-t")
def tcp_refused(hosts, page):
    page.note("nobody listens on the server")
    page.note(f"client: {CLIENT_LAB} --server {AT}")
    client = hosts.start("client", LABS / CLIENT_LAB, "--server", AT, stderr=subprocess.STDOUT)
    page.segments(2)
    said = client.stdout.read().decode().strip()
    page.page.append(said)


@scene("-t")
def tcp_reset_unread(hosts, page):
    near, far = connected(hosts, page)
    page.note("client: writes 5 bytes")
    near.sendall(HELLO)
    page.segments(2)
    page.note("server: closes without reading them")
    far.close()
    page.segments(1)


@scene("-t")
def tcp_reset_linger(hosts, page):
    near, far = connected(hosts, page)
    talk(page, near, far)
    page.note("client: sets SO_LINGER to 0 seconds, closes")
    near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    near.close()
    page.segments(1)


@scene("-t")
def tcp_reset_late_write(hosts, page):
    near, far = connected(hosts, page)
    page.note("server: closes, with nothing unread")
    far.close()
    page.segments(2)
    page.note("client: writes 3 bytes, which succeeds")
    near.sendall(b"hi!")
    page.segments(2)
    page.note("client: writes again: BrokenPipe")
    try:
        near.sendall(b"hi?")
        raise Unlike("the second write succeeded")
    except BrokenPipeError:
        pass


# How many segments came to a full queue.
OVERFLOWS = ["nstat", "-asz", "TcpExtListenOverflows"]


@scene("-ttt")
def tcp_queue_full(hosts, page):
    listener = hosts.listener(backlog=0)
    page.note("server: listens with a backlog of 0, and accepts nobody")
    page.note("client, port 50000: connects")
    first = hosts.client()
    first.connect(SERVER)
    page.segments(3)
    page.shown("server", "ss", "-Hltn")
    page.note("client, port 50001: connects")
    second = hosts.client(port=CLIENT[1] + 1)
    second.setblocking(False)
    second.connect_ex(SERVER)
    page.segments(3)
    until(lambda: "Overflows 3 " in re.sub(" +", " ", hosts.on("server", *OVERFLOWS)), "three were dropped")
    page.shown("server", *OVERFLOWS)
    page.note("server: accepts the first connection")
    hosts.open.append(listener.accept()[0])
    page.segments(3)


@scene("-t", "-S")
def tcp_wrap(hosts, page):
    near, far = connected(hosts, page, first_number=2**32 - 6)
    talk(page, near, far, b"hello, world", HELLO)
    page.note("client: closes; the server takes its time")
    near.close()
    page.segments(2)
    page.note("server: closes")
    far.close()
    page.segments(2)


@scene("-t")
def tcp_time_wait(hosts, page):
    near, far = connected(hosts, page)
    page.page.clear()
    page.note("the client has closed first, then the server")
    near.close()
    state(hosts, "server", "CLOSE-WAIT")
    far.close()
    state(hosts, "client", "TIME-WAIT")
    page.shown("client", "ss", "-Htano")
    page.shown("server", "ss", "-Htano")
    drain(page, 4)


@scene("-t")
def tcp_close_wait(hosts, page):
    near, _far = connected(hosts, page)
    page.page.clear()
    page.note("the client has closed; the server has not")
    near.shutdown(socket.SHUT_WR)
    state(hosts, "client", "FIN-WAIT-2")
    page.shown("client", "ss", "-Htan")
    page.shown("server", "ss", "-Htan")
    page.shown("server", "cat", "/proc/net/tcp")
    drain(page, 2)


def drain(page, count):
    """The segments of a scene that shows none."""
    kept = list(page.page)
    page.segments(count)
    page.page = kept


def play(name):
    """Plays a scene: its page, and the command that captured it."""
    act, options, _ = SCENES[name]
    with Hosts() as hosts:
        page = Capture(hosts, *options)
        act(hosts, page)
        command = " ".join(page.command)
        return page.end(), COMMANDS.get(name, command)


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
    first, lines = {}, []
    for line in text.splitlines():
        line = re.sub(r"^ 00:00:(\d\d\.\d+)", lambda found: f"{float(found[1]):.0f} s", line)
        line = re.sub(r"\d+sec", "N sec", line)
        line = re.sub(r"^( +\d+:( \S+){3}) .*", r"\1", line)
        if found := re.search(r"IP (\S+) > (\S+): Flags \[(.*?)\](, seq (\d+))?", line):
            near, far, flags, _, seq = found.groups()
            whole = "-S" in SCENES[name][1] or (near, far) not in first or "S" in flags or flags == "R"
            first.setdefault((near, far), int(seq or 0))
            if whole:
                line = re.sub(r"seq [\d:]+", partial(count_from, first[near, far]), line)
                line = re.sub(r"ack \d+", partial(count_from, first.get((far, near), 0)), line)
        lines.append(line)
    return lines


def count_from(first, found):
    """The numbers in a part of a line, counted from the side's first one."""
    return re.sub(r"\d+", lambda number: str((int(number[0]) - first) % 2**32), found[0])


def check(name):
    """Compares a scene with its recording."""
    record = RECORDED / f"{name}.txt"
    before = stable(name, record.read_text(encoding="utf-8").partition("\n\n")[2])
    now = stable(name, play(name)[0])
    if before != now:
        raise Unlike("\n".join(["", *difflib.unified_diff(before, now, "recorded", "now", lineterm="")]))
    print(f"{record}: the same")


def write(name):
    """Writes a recording."""
    text, command = play(name)
    system = f"Linux {'.'.join(platform.release().split('.')[:2])}, {SYSTEM}"
    wire = SCENES[name][2]
    head = {
        "command": command,
        "system": system + (f"; the wire between them is {wire}" if wire else ""),
        "date": datetime.now(UTC).date().isoformat(),
        "script": "scripts/record-tcp",
    }
    body = "".join(f"{key}: {value}\n" for key, value in head.items()) + f"\n{text}"
    (RECORDED / f"{name}.txt").write_text(body, encoding="utf-8")
    print(body)


def main():
    global LABS
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--labs", type=Path, required=True)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("names", nargs="*", metavar="NAME")
    args = parser.parse_args()
    LABS = args.labs.resolve()
    if unknown := set(args.names) - set(SCENES):
        parser.error(f"no such scene: {', '.join(sorted(unknown))}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    for name in args.names or SCENES:
        try:
            until_it_works(partial(check if args.check else write, name))
        except Unlike as trouble:
            sys.exit(f"{RECORDED / name}.txt does not show what happens now: {trouble}")


if __name__ == "__main__":
    main()
