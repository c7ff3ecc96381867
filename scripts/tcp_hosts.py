"""Two hosts for scripts/record-tcp and scripts/record-stream, the wire between them, and what is captured on it.

The hosts are network namespaces. The wire is a third one, in which a thread forwards every frame, at once or
after a delay. A scene makes its sockets in either host, so it reads from top to bottom.
"""

import atexit
import ctypes
import heapq
import os
import queue
import select
import socket
import struct
import subprocess
import threading
import time

SERVER = ("192.0.2.1", 8888)
CLIENT = ("192.0.2.2", 50000)
MACS = {"server": "02:00:00:00:00:01", "client": "02:00:00:00:00:02"}
PATIENCE = 5.0

# Not in Python's socket module; they are in linux/sched.h, linux/if_ether.h and linux/tcp.h.
CLONE_NEWNET = 0x4000_0000
ETH_P_ALL = 3
TCP_REPAIR, TCP_REPAIR_QUEUE, TCP_QUEUE_SEQ, TCP_SEND_QUEUE = 19, 20, 21, 2
libc = ctypes.CDLL(None, use_errno=True)


class Unlike(Exception):
    """A scene did not go as it should."""


def run(*command):
    """Runs a command to its end, and returns its output."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    if done.returncode != 0:
        raise OSError(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout


class Wire(threading.Thread):
    """Forwards the frames of two interfaces to each other, each after `delay` seconds."""

    def __init__(self, ends):
        super().__init__(daemon=True)
        self.ends, self.delay, self.over = ends, 0.0, False

    def run(self):
        due, count = [], 0
        while not self.over:
            wait = min(0.05, max(0.0, due[0][0] - time.monotonic())) if due else 0.05
            for end in select.select(self.ends, [], [], wait)[0]:
                frame, address = end.recvfrom(65_535)
                if address[2] != socket.PACKET_OUTGOING:
                    other = self.ends[1 - self.ends.index(end)]
                    heapq.heappush(due, (time.monotonic() + self.delay, count, other, frame))
                    count += 1
            while due and due[0][0] <= time.monotonic():
                _, _, other, frame = heapq.heappop(due)
                other.send(frame)


class Hosts:
    """The client's host and the server's, made anew for each scene: no connection is left from before."""

    made = 0

    def __init__(self, labs, *settings):
        """`labs` is where the programs are, `settings` what sysctl sets on both hosts beyond the usual."""
        self.labs, self.settings = labs, settings

    def __enter__(self):
        Hosts.made += 1
        roles = ("client", "server", "wire")
        self.names = {role: f"tcp-{role}-{os.getpid()}-{Hosts.made}" for role in roles}
        self.open, self.programs, self.wire = [], [], None
        atexit.register(self.remove)
        for name in self.names.values():
            run("ip", "netns", "add", name)
        self.link("server", SERVER[0], "client", CLIENT[0])
        self.link("client", CLIENT[0], "server", SERVER[0])
        ends = [self.socket("wire", socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL)) for _ in "ab"]
        for end, role in zip(ends, ("client", "server"), strict=True):
            end.bind((role, ETH_P_ALL))
        self.wire = Wire(ends)
        self.wire.start()
        return self

    def link(self, role, address, peer, peer_address):
        """Gives a host its interface, whose other end is in the wire."""
        # What the kernel would leave to a network card that is not there, and what makes lines long.
        offloads = ["tx", "off", "gso", "off", "tso", "off", "gro", "off"]
        settings = [
            "net.ipv6.conf.all.disable_ipv6=1",
            "net.ipv4.tcp_timestamps=0",
            "net.ipv4.tcp_sack=0",
            "net.ipv4.tcp_window_scaling=0",
            # The port that `connect` chooses: only one is left.
            f"net.ipv4.ip_local_port_range={CLIENT[1]} {CLIENT[1]}",
            *(f"net.ipv4.{setting}" for setting in self.settings),
        ]
        name, wire = self.names[role], self.names["wire"]
        veth = ["type", "veth", "peer", "name", role, "netns", wire]
        run("ip", "link", "add", "eth0", "address", MACS[role], "netns", name, *veth)
        self.on(role, "sysctl", "-qw", *settings)
        self.on(role, "ethtool", "-K", "eth0", *offloads)
        run("ip", "-n", name, "addr", "add", f"{address}/24", "dev", "eth0")
        run("ip", "-n", wire, "link", "set", role, "up")
        run("ip", "-n", name, "link", "set", "eth0", "up")
        known = ["lladdr", MACS[peer], "dev", "eth0", "nud", "permanent"]
        run("ip", "-n", name, "neigh", "add", peer_address, *known)

    def __exit__(self, *_):
        self.remove()
        atexit.unregister(self.remove)

    def remove(self):
        """Ends what runs, and takes the hosts away."""
        for program in self.programs:
            program.kill()
            program.wait()
        if self.wire:
            self.wire.over = True
            self.wire.join()
        for made in self.open:
            made.close()
        for name in self.names.values():
            subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)

    def on(self, role, *command):
        """Runs a command on a host to its end."""
        return run("ip", "netns", "exec", self.names[role], *command)

    def start(self, role, *command, stderr=None):
        """Starts a program on a host."""
        pipe = subprocess.PIPE
        command = ["ip", "netns", "exec", self.names[role], *map(str, command)]
        program = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=stderr or pipe, bufsize=0)
        self.programs.append(program)
        return program

    def socket(self, role, *kind):
        """A socket of a host: it belongs to the namespace in which it was made."""
        home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        there = os.open(f"/run/netns/{self.names[role]}", os.O_RDONLY)
        try:
            enter(there)
            try:
                made = socket.socket(*kind)
            finally:
                enter(home)
        finally:
            os.close(home)
            os.close(there)
        self.open.append(made)
        return made

    def listener(self, backlog=8, buffer=None):
        """A socket that listens at the server's address; `buffer` is the SO_RCVBUF of what it accepts."""
        made = self.socket("server")
        if buffer is not None:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(SERVER)
        made.listen(backlog)
        made.settimeout(PATIENCE)
        return made

    def client(self, first_number=None, port=CLIENT[1]):
        """A socket with the client's address; `first_number` fixes its initial sequence number."""
        made = self.socket("client")
        made.settimeout(PATIENCE)
        if first_number is not None:
            made.setsockopt(socket.SOL_TCP, TCP_REPAIR, 1)
            made.setsockopt(socket.SOL_TCP, TCP_REPAIR_QUEUE, TCP_SEND_QUEUE)
            made.setsockopt(socket.SOL_TCP, TCP_QUEUE_SEQ, struct.pack("I", first_number))
            made.setsockopt(socket.SOL_TCP, TCP_REPAIR, 0)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((CLIENT[0], port))
        return made


def enter(namespace):
    """Takes this thread into a namespace."""
    if libc.setns(namespace, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


class Capture:
    """tcpdump at the client's interface, and the page on which its lines come to stand."""

    def __init__(self, hosts, *options):
        self.hosts, self.page = hosts, []
        self.command = ["tcpdump", "--immediate-mode", "-U", "-l", *options, "-nn", "-i", "eth0", "tcp"]
        self.program = hosts.start("client", *self.command)
        self.lines = queue.Queue()
        threading.Thread(target=self.read, daemon=True).start()
        deadline = time.monotonic() + PATIENCE
        while b"listening on" not in (said := self.program.stderr.readline()):
            if not said or time.monotonic() > deadline:
                raise Unlike(f"tcpdump does not listen: {said!r}")

    def read(self):
        for line in self.program.stdout:
            self.lines.put(line.decode().rstrip())

    def note(self, text):
        """What somebody did."""
        self.page.append(f"# {text}")

    def shown(self, role, *command):
        """What a command says on a host."""
        output = self.hosts.on(role, *command)
        lines = [line.rstrip() for line in output.splitlines()]
        self.page += [f"# on the {role}", f"$ {' '.join(command)}", *lines]

    def segments(self, count):
        """Waits for so many segments."""
        for _ in range(count):
            try:
                self.page.append(self.lines.get(timeout=PATIENCE))
            except queue.Empty:
                raise Unlike("\n".join([*self.page, "waited in vain for the next segment"])) from None

    def end(self):
        """No further segment comes; the page."""
        try:
            more = self.lines.get(timeout=0.2)
            raise Unlike("\n".join([*self.page, "one segment more than there should be:", more]))
        except queue.Empty:
            return "\n".join(self.page) + "\n"
