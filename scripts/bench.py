"""Runs the servers and the load of scripts/bench, and judges what came of it."""

import argparse
import csv
import os
import platform
import re
import resource
import shlex
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).resolve().parents[1]
RECORD = ROOT / "book/recorded/bench.csv"
PAGE = ROOT / "book/src/ch04-tcp/speed.md"
COLUMNS = ("part", "series", "run", "value", "unit")

T = TypeVar("T")

# The client's CPU and the server's. On one CPU a round trip costs what both
# programs and the kernel do; on two, what it takes to wake the other CPU.
ONE = (0, 0)
TWO = (0, 1)

# How long anything may take to be there, or to be gone.
PATIENCE = 10.0

# The bare loop, while a program that gives way to every other one keeps the
# CPUs from going to sleep.
AWAKE = "bare-awake"

# Connections one after another, and how much of them the server may keep.
CONNECTIONS = 100_000
MEMORY_KIB = 1024


@dataclass
class Figure:
    """Something that has to hold of a median, perhaps divided by another one (of
    the same part, or of another as PART/SERIES), or, of what shall be small, of
    every single run."""

    part: str
    series: str
    divisor: str | None = None
    least: float | None = None
    most: float | None = None

    def measured(self, results: "Results") -> float:
        if self.is_of_all_runs():
            return max(results.runs[self.part, self.series])
        value = results.median(self.part, self.series)
        if self.divisor:
            part, _, series = self.divisor.rpartition("/")
            value /= results.median(part or self.part, series)
        return value

    def is_of_all_runs(self) -> bool:
        return self.divisor is None and self.most is not None

    def verdict(self, results: "Results") -> tuple[bool, str]:
        value = self.measured(results)
        reached = (self.least is None or value >= self.least) and (self.most is None or value <= self.most)
        what = f"{self.part}: {self.series}" + (f" / {self.divisor}" if self.divisor else "")
        if self.is_of_all_runs():
            what += ", the worst run"
        bounds = {"at least": self.least, "at most": self.most}
        bound = ", ".join(f"{word} {value:g}" for word, value in bounds.items() if value is not None)
        return reached, f"{'reached' if reached else 'MISSED':8} {what:44} {value:9.2f}   {bound}"


FIGURES = [
    Figure("bulk", "lab", "python", least=4),
    Figure("bulk", "lab", "bare", least=0.95),
    Figure("round-trips", "lab", "bare", least=0.95),
    Figure("udp", "lab", "python", least=1.5),
    Figure("burst", "all-served", most=1000),
    Figure("burst", "new-one", most=50),
    Figure("in-turn", "descriptors-kept", most=0),
    Figure("in-turn", "threads-kept", most=0),
    Figure("in-turn", "memory-kept", most=MEMORY_KIB),
]

# What the page says of these, in its own words.
CLAIMS = [
    ("The lab is as fast as the bare loop", Figure("round-trips", "lab", "bare", least=0.95, most=1.1)),
    ("and makes somewhat fewer round trips", Figure("round-trips", "python", "lab", least=0.7, most=1)),
    ("is the price of a real connection", Figure("round-trips", "pair", "bare", least=1.1)),
    ("takes less than light takes for 5 km", Figure("round-trips", "python", least=20_000)),
    (
        "several times fewer round trips",
        Figure("round-trips", "bare", "round-trips-two-cpus/bare", least=2.5),
    ),
    ("next to nothing of the servers", Figure("round-trips-two-cpus", "lab", "python", least=0.7, most=1.4)),
    ("kept the CPUs awake", Figure("round-trips-two-cpus", AWAKE, "bare", least=1.3)),
    ("still slower than on one CPU", Figure("round-trips-two-cpus", AWAKE, "round-trips/bare", most=0.9)),
    ("several times as much as `tcp_server.py`", Figure("bulk", "lab", "python", least=3)),
    ("passes Rust with the small one", Figure("bulk", "python-large", "bare-small", least=1.5)),
    ("most of the difference is the buffer", Figure("bulk", "python-large", "lab", least=0.7, most=1.1)),
    ("that line is all of its lead", Figure("udp", "bare", "lab", least=1.1)),
    ("All were served within a second", Figure("burst", "all-served", most=1000)),
    ("one more client after them within 50 milliseconds", Figure("burst", "new-one", most=50)),
    ("less than 1 MiB of memory more", Figure("in-turn", "memory-kept", most=1023)),
]


class Results:
    """Every run of every series of every part."""

    def __init__(self) -> None:
        self.runs: dict[tuple[str, str], list[float]] = {}
        self.units: dict[tuple[str, str], str] = {}

    def add(self, part: str, series: str, value: float, unit: str) -> None:
        self.runs.setdefault((part, series), []).append(value)
        self.units[part, series] = unit

    def median(self, part: str, series: str) -> float:
        return statistics.median(self.runs[part, series])

    def has(self, figure: Figure) -> bool:
        return (figure.part, figure.series) in self.runs

    def write(self, path: Path, head: dict[str, str]) -> None:
        with path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(f"# {key}: {value}\n" for key, value in head.items())
            table = csv.writer(file, lineterminator="\n")
            table.writerow(COLUMNS)
            for (part, series), values in self.runs.items():
                for run, value in enumerate(values, start=1):
                    table.writerow((part, series, run, f"{value:.6g}", self.units[part, series]))

    @classmethod
    def read(cls, path: Path) -> "Results":
        results = cls()
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(line for line in file if not line.startswith("#")):
                results.add(row["part"], row["series"], float(row["value"]), row["unit"])
        return results

    def table(self) -> str:
        lines = [f"{'':30}{'median':>12}{'lowest':>12}{'highest':>12}  unit"]
        for (part, series), values in self.runs.items():
            row = (statistics.median(values), min(values), max(values))
            numbers = "".join(f"{value:12,.1f}" for value in row)
            lines.append(f"{part + ' ' + series:30}{numbers}  {self.units[part, series]}")
        return "\n".join(lines)


class Bench:
    """The programs, and how long and how often they are measured."""

    def __init__(self, load: str, folder: Path, runs: int, millis: int, connections: int) -> None:
        self.load_program = load
        self.runs = runs
        self.millis = millis
        self.connections = connections
        self.results = Results()
        self.tcp = {
            "bare": [load, "tcp-server", "127.0.0.1:PORT"],
            "lab": [str(folder / "lab04_tcp_server"), "--listen", "127.0.0.1:PORT"],
            "python": ["python3", "labs/python/tcp_server.py", "127.0.0.1", "PORT"],
        }
        self.udp = {
            "bare": [load, "udp-server", "127.0.0.1:PORT"],
            "lab": [str(folder / "lab03_udp_server"), "--listen", "127.0.0.1:PORT"],
            "python": ["python3", "labs/python/udp_server.py", "127.0.0.1", "PORT"],
        }

    # The parts.

    def bulk(self) -> None:
        servers = self.tcp | exchanged_buffers(self.load_program)
        self.alternate("bulk", servers, TWO, "bulk", "MiB/s")

    def round_trips(self) -> None:
        self.alternate("round-trips", self.tcp | {"pair": None}, ONE, "round-trips", "round trips/s")
        servers = self.tcp | {AWAKE: self.tcp["bare"]}
        self.alternate("round-trips-two-cpus", servers, TWO, "round-trips", "round trips/s")

    def datagrams(self) -> None:
        self.alternate("udp", self.udp, TWO, "datagrams", "datagrams/s")

    def burst(self) -> None:
        for _ in range(self.runs):
            with self.server(self.tcp["lab"], None) as (_, address):
                figures = self.load(None, "burst", address)
            self.results.add("burst", "all-served", figures["all_served_ms"], "ms")
            self.results.add("burst", "new-one", figures["new_one_ms"], "ms")

    def in_turn(self) -> None:
        """Many connections; what is there after them that was not there before."""
        with self.server(self.tcp["lab"], None) as (server, address):
            self.load(None, "in-turn", address, "--connections", "1000")
            before = holds(server.pid)
            count = str(self.connections)
            figures = self.load(None, "in-turn", address, "--connections", count)
            kept = wait_until(lambda: less(holds(server.pid), before), lambda kept: kept["threads"] <= 0)
        add = self.results.add
        add("in-turn", f"lab-{count}", figures["connections_per_second"], "connections/s")
        add("in-turn", "descriptors-kept", kept["descriptors"], "descriptors")
        add("in-turn", "threads-kept", kept["threads"], "threads")
        add("in-turn", "memory-kept", kept["memory"], "KiB")

    # How they are measured.

    def alternate(
        self,
        part: str,
        servers: Mapping[str, list[str] | None],
        cpus: tuple[int, int],
        work: str,
        unit: str,
    ) -> None:
        """One short run of each program after the other, and again: what else
        the machine does meanwhile then meets all of them alike."""
        time_for_it = ("--millis", str(self.millis))
        for _ in range(self.runs):
            for series, command in servers.items():
                if command is None:  # the pair is its own server
                    figures = self.load(cpus[0], "pair", *time_for_it)
                else:
                    awake = cpus if series == AWAKE else ()
                    with self.server(command, cpus[1]) as (_, address), kept_awake(awake):
                        figures = self.load(cpus[0], work, address, *time_for_it)
                (value,) = figures.values()
                self.results.add(part, series, value, unit)

    def load(self, cpu: int | None, *arguments: str) -> dict[str, float]:
        """What the load measured, by name."""
        command = pinned([self.load_program, *arguments], cpu)
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=600)
        if done.returncode != 0:
            sys.exit(f"failed: {shlex.join(command)}")
        return {name: float(value) for name, value in (line.split() for line in done.stdout.splitlines())}

    @contextmanager
    def server(self, command: list[str], cpu: int | None) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
        """A server that answers, and its address. What it prints goes nowhere,
        as cheaply as may be; that it prints is part of what is measured."""
        udp = command in self.udp.values()
        port = free_port(socket.SOCK_DGRAM if udp else socket.SOCK_STREAM)
        command = pinned([argument.replace("PORT", str(port)) for argument in command], cpu)
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            if not wait_until(lambda: server.poll() is not None or answers(port, udp), bool):
                sys.exit(f"does not answer: {shlex.join(command)}")
            if server.poll() is not None:
                sys.exit(f"ended: {shlex.join(command)}")
            yield server, f"127.0.0.1:{port}"
        finally:
            server.kill()
            server.wait()


PARTS: dict[str, Callable[[Bench], None]] = {
    "bulk": Bench.bulk,
    "round-trips": Bench.round_trips,
    "udp": Bench.datagrams,
    "burst": Bench.burst,
    "in-turn": Bench.in_turn,  # last: it leaves thousands of connections in TIME-WAIT
}


def exchanged_buffers(load: str) -> dict[str, list[str]]:
    """The Python server with the labs' 64 KiB in place of its own buffer, and a
    bare loop with Python's: what the buffer does, and what the language does."""
    text = (ROOT / "labs/python/tcp_server.py").read_text(encoding="utf-8")
    small = re.findall(r"\.recv\(([\d_]+)\)", text)
    if len(small) != 1:
        sys.exit("labs/python/tcp_server.py no longer has one recv with a number")
    text = text.replace(f".recv({small[0]})", ".recv(65_536)")
    return {
        "bare-small": [load, "tcp-server", "127.0.0.1:PORT", "--buffer", str(int(small[0]))],
        "python-large": ["python3", "-c", text, "127.0.0.1", "PORT"],
    }


def pinned(command: list[str], cpu: int | None) -> list[str]:
    return command if cpu is None else ["taskset", "-c", str(cpu), *command]


@contextmanager
def kept_awake(cpus: tuple[int, ...]) -> Iterator[None]:
    """Something to do for these CPUs whenever they have nothing else to do."""
    spin = ["chrt", "--idle", "0", "sh", "-c", "while :; do :; done"]
    spinning = [subprocess.Popen(pinned(spin, cpu)) for cpu in cpus]
    try:
        yield
    finally:
        for program in spinning:
            program.kill()
            program.wait()


def free_port(kind: socket.SocketKind) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port: int, udp: bool) -> bool:
    """Whether the server echoes a byte."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM if udp else socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        try:
            probe.connect(("127.0.0.1", port))
            probe.send(b"x")
            return probe.recv(1) == b"x"
        except OSError:
            return False


def wait_until(look: Callable[[], T], good: Callable[[T], bool]) -> T:
    """What it sees as soon as that is good, or when the patience is over."""
    deadline = time.monotonic() + PATIENCE
    while not good(seen := look()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return seen


def holds(pid: int) -> dict[str, int]:
    """What a process has of the machine."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    of = dict(re.findall(r"(?m)^(Threads|VmRSS):\s+(\d+)", status))
    descriptors = len(os.listdir(f"/proc/{pid}/fd"))
    return {"descriptors": descriptors, "threads": int(of["Threads"]), "memory": int(of["VmRSS"])}


def less(now: dict[str, int], before: dict[str, int]) -> dict[str, int]:
    return {key: now[key] - before[key] for key in now}


def system() -> str:
    """The class of the machine, and what ran on it."""
    info = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    model = re.search(r"(?m)^model name\s*: (.*)$", info)
    kernel = ".".join(platform.release().split(".")[:2])
    parts = [f"Linux {kernel} on {platform.machine()}"]
    parts.append(f"{os.cpu_count()} CPUs" + (f" ({model[1].strip()})" if model else ""))
    if "hypervisor" in info:
        parts.append("a virtual machine")
    parts += [f"Rust {version('rustc')}", f"Python {version('python3')}"]
    return ", ".join(parts)


def version(program: str) -> str:
    shown = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    return shown.split()[1]


def judge(results: Results) -> bool:
    """Says of each figure that was measured whether it was reached."""
    verdicts = [figure.verdict(results) for figure in FIGURES if results.has(figure)]
    for _, line in verdicts:
        print(line)
    missed = sum(not reached for reached, _ in verdicts)
    print(f"{len(verdicts) - missed} of {len(verdicts)} figures reached")
    return missed == 0


def check_page(results: Results) -> bool:
    """Whether the page says what was recorded."""
    text = " ".join(PAGE.read_text(encoding="utf-8").split())
    good = True
    for words, figure in CLAIMS:
        reached, line = figure.verdict(results)
        if words not in text:
            print(f"{PAGE.relative_to(ROOT)} no longer says: {words}")
            good = False
        if not reached:
            print(f"{PAGE.relative_to(ROOT)} says: {words}\n  but {line}")
            good = False
    return good


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--load", help=argparse.SUPPRESS)
    parser.add_argument("--bin", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--only", nargs="+", choices=PARTS, help="these parts; nothing is written")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter runs; nothing is written")
    parser.add_argument("--runs", type=int, default=15, help="how often each program is measured")
    parser.add_argument("--check", action="store_true", help="only looks at what was recorded")
    args = parser.parse_args()
    if args.check:
        results = Results.read(RECORD)
        return 0 if judge(results) & check_page(results) else 1

    os.chdir(ROOT)
    busy = os.getloadavg()[0]
    if busy > 0.5:
        print(f"other programs are at work (load {busy:.1f}): these figures are not for the record")
    # 1,000 clients have 1,000 descriptors, on each side.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    runs, millis, connections = (3, 200, 10_000) if args.quick else (max(args.runs, 5), 400, CONNECTIONS)
    bench = Bench(args.load, args.bin, runs, millis, connections)
    for name in args.only or PARTS:
        print(f"measuring {name} …", flush=True)
        PARTS[name](bench)
    print(bench.results.table())
    reached = judge(bench.results)
    if not args.quick and not args.only:
        head = {
            "command": "scripts/bench",
            "system": system(),
            "date": f"{datetime.now(UTC):%Y-%m-%d}",
            "script": "scripts/bench",
        }
        bench.results.write(RECORD, head)
        print(f"wrote {RECORD.relative_to(ROOT)}")
        if PAGE.exists():
            reached &= check_page(bench.results)
    return 0 if reached else 1


sys.exit(main())
