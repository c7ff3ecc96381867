"""The scenes of scripts/record-stream: small writes, and a reader that does not read.

scripts/record-stream                      plays all scenes, writes what was captured
scripts/record-stream stream_nagle …       these alone
scripts/record-stream --check [NAME …]     compares it with what was written before
"""

import math
import socket
import struct
import time

from tcp_hosts import Unlike
from tcp_recording import connected, main, scene, take

BODY, ANSWER = b"hello", b"ok"
HEAD = struct.pack("!I", len(BODY))


def pause(seconds):
    """What is compared of a time: that it is short, or which step of 40 ms and 200 ms doubled it is nearest to."""
    if seconds < 0.02:
        return "at once"
    steps = (0.04, 0.2, 0.4, 0.8, 1.6)
    return min(steps, key=lambda step: abs(math.log(seconds / step)))


# Which congestion control runs here matters little: nothing is lost, and fewer segments are under way than any
# of them allows at first. It is fixed all the same.
RENO = ("tcp_congestion_control=reno",)


def stream_scene(*settings):
    """A scene whose times are compared, and in which both sides may send at once."""
    return scene("-ttt", settings=RENO + settings, pause=pause, sides=True)


def ask(hosts, page, writes, *segments, nodelay=False):
    """One question after the other, each in these writes. The next one comes as soon as the answer is there, so
    what was captured is put to each question afterwards: so many segments for the first, the second …"""
    near, far = connected(hosts, page)
    if nodelay:
        page.note("client: sets TCP_NODELAY")
        near.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    times = [exchange(near, far, writes) for _ in segments]
    sizes = ", then ".join(f"{len(piece)} bytes" for piece in writes)
    for count, taken in zip(segments, times, strict=True):
        page.note(f"client: writes {sizes}; the server, when it has all 9, answers")
        page.segments(count)
        page.note(f"client: has the answer after {taken:.1f} ms")
    page.note("client: asks no more")
    page.segments(1)


def exchange(near, far, writes):
    """A question and its answer; how many milliseconds that took."""
    start = time.monotonic()
    for piece in writes:
        near.send(piece)
    take(far, HEAD + BODY)
    far.send(ANSWER)
    take(near, ANSWER)
    return (time.monotonic() - start) * 1000


@stream_scene()
def stream_nagle(hosts, page):
    ask(hosts, page, [HEAD, BODY], 6, 5, 5)


@stream_scene()
def stream_nodelay(hosts, page):
    ask(hosts, page, [HEAD, BODY], 6, 4, nodelay=True)


@stream_scene()
def stream_one_write(hosts, page):
    ask(hosts, page, [HEAD + BODY], 4, 2)


@stream_scene("tcp_invalid_ratelimit=0")
def stream_zero_window(hosts, page):
    # The server's receive buffer has room for four full segments and a bit. Of out-of-window segments, which
    # probes are, Linux answers one in 500 ms, unless it is told to answer each (ip-sysctl).
    near, far = connected(hosts, page, buffer=5840)
    near.setblocking(False)
    page.note(f"client: write: {near.send(bytes(8000))} bytes are taken; the server does not read")
    page.segments(9)
    for _ in range(3):
        page.segments(2)
    page.note(f"server: reads {len(far.recv(8000))} bytes")
    page.segments(3)
    if len(rest := far.recv(8000)) != 700:
        raise Unlike(f"{len(rest)} bytes more were read")


if __name__ == "__main__":
    main("scripts/record-stream", __doc__)
