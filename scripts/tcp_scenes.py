"""The scenes of scripts/record-tcp: what two hosts do, and the segments that they send.

scripts/record-tcp                      plays all scenes, writes what was captured
scripts/record-tcp tcp_half_close …     these alone
scripts/record-tcp --check [NAME …]     compares it with what was written before
"""

import re
import socket
import struct
import subprocess

from tcp_hosts import CLIENT, SERVER, Unlike
from tcp_recording import connected, drain, main, scene, state, take, until

HELLO = b"hello"
SERVER_LAB, CLIENT_LAB = "lab04_tcp_server", "lab04_tcp_client"
AT = f"{SERVER[0]}:{SERVER[1]}"


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


def labs(hosts, page):
    """The labs of chapter 4, connected."""
    server = hosts.start("server", hosts.labs / SERVER_LAB, "--listen", AT)
    if not server.stdout.readline().startswith(b"listening on"):
        raise Unlike("the server does not listen")
    page.note(f"server: {SERVER_LAB} --listen {AT}")
    page.note(f"client: {CLIENT_LAB} --server {AT}")
    client = hosts.start("client", hosts.labs / CLIENT_LAB, "--server", AT)
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
    client = hosts.start("client", hosts.labs / CLIENT_LAB, "--server", AT, stderr=subprocess.STDOUT)
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


@scene("-t", command="ss -Htano")
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


@scene("-t", command="ss -Htan; cat /proc/net/tcp")
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


if __name__ == "__main__":
    main("scripts/record-tcp", __doc__)
