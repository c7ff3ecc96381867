"""The runs of scripts/record-compare: TCP, UDP and stop-and-wait across the wire.

scripts/record-compare                  records everything
scripts/record-compare wire_tcp …       these alone
scripts/record-compare --check          compares it with what was recorded before
"""

import argparse
import csv
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

RECORDED = Path("book/recorded")
LABS = Path()
SCRIPT = "scripts/record-compare"
PATIENCE = 400  # seconds for one run
TOGETHER = 3  # runs at a time: they sleep most of the time

TABLES = {"compare": [], "compare_perfect": ["--loss", "0%", "--repeat", "0%", "--reorder", "0%"]}

TCP_SERVER = "lab04_tcp_server --listen 192.0.2.1:8888 --count 1"
TCP_CLIENT = "lab04_tcp_client --server 192.0.2.1:8888"
SCENES = {
    "wire_tcp": f"--delay 20ms --drop 3 -- {TCP_SERVER} -- {TCP_CLIENT} hello",
    "wire_syn": f"--delay 20ms --drop 1 -- {TCP_SERVER} -- {TCP_CLIENT} --timeout 5s hello",
    "wire_ack_lost": f"--delay 20ms --drop back:2 -- {TCP_SERVER} -- {TCP_CLIENT} one two three",
}

# A message each millisecond is 11.6 Mbit/s, if all of it gets through.
SIZE, EVERY, MESSAGES = 1448, "1ms", 3000
LOSSES = [0, 1, 2, 3, 5, 8, 10]  # per cent, 20 ms each way
DELAYS = [1, 5, 10, 20, 40, 80]  # ms each way, 1 % lost
SEEDS = [1, 2, 3]
FILE = 100 * 1024  # bytes that stop-and-wait sends


class Unlike(Exception):
    """What was seen is not what the book says."""


def run(program, *args):
    # What else this machine has to do is not part of the story.
    first = ["chrt", "--fifo", "10"] if os.geteuid() == 0 and shutil.which("chrt") else []
    command = [*first, LABS / program, *args]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise Unlike(f"{program} {' '.join(args)}\n{done.stdout}{done.stderr}")
    return done.stdout


def head(command, more=""):
    system = f"Linux {'.'.join(platform.release().split('.')[:2])} on {platform.machine()}{more}"
    date = datetime.now(UTC).date()
    return {"command": command, "system": system, "date": date, "script": SCRIPT}


def write(name, command, text):
    lines = [f"{key}: {value}\n" for key, value in head(command, ", two network namespaces").items()]
    (RECORDED / f"{name}.txt").write_text("".join(lines) + "\n" + text)
    print(f"{name}\n{text}")


def body(name):
    return (RECORDED / f"{name}.txt").read_text().split("\n\n", 1)[1]


# --- tables ------------------------------------------------------------------


def table(name, *more):
    text = run("lab07_compare", *TABLES[name], *more)
    if "lab printed where it was recorded" in text:
        raise Unlike(f"no wire can be had: {text.splitlines()[0]}")
    if "unasked" in text:
        raise Unlike(text)
    return text


def record_table(name):
    command = " ".join(["cargo run --bin lab07_compare", *["--"][: len(TABLES[name])], *TABLES[name]])
    with tempfile.NamedTemporaryFile("r", suffix=".csv") as file:
        write(name, command, table(name, "--csv", file.name))
        if name == "compare":  # its table and the plot of its delays are of one run
            sent = list(csv.DictReader(file))
            rows = [
                ("delay", protocol, f"{float(row['sent_ms']) / 1000:g}", 1, row[f"{protocol}_delay_ms"])
                for protocol in ("tcp", "udp")
                for row in sent
            ]
            write_rows(rows, lambda part: part == "delay")


def without_times(text):
    """The table without the lines whose values are times."""
    return [line for line in text.splitlines() if not line.endswith(" ms")]


def times(text):
    """The times of TCP and UDP, in ms, by what they are."""
    pattern = r"^(.{26})\s*([\d.]+) ms\s+([\d.]+) ms$"
    return {what.strip(): (float(tcp), float(udp)) for what, tcp, udp in re.findall(pattern, text, re.M)}


def check_tables():
    with ThreadPoolExecutor(5) as pool:
        runs = list(pool.map(lambda _: table("compare"), range(20)))
    unlike = [text for text in runs if without_times(text) != without_times(body("compare"))]
    if unlike:
        raise Unlike(f"{len(unlike)} of 20 runs with one seed are unlike the recorded one, as\n{unlike[0]}")
    perfect = table("compare_perfect")
    if without_times(perfect) != without_times(body("compare_perfect")):
        raise Unlike(perfect)
    for text in (body("compare"), median_times(runs)):
        tail = times(text)["delay, 99 % are below"]
        if tail[0] < 3 * tail[1]:
            raise Unlike(f"losses cost TCP little:\n{text}")
    for text in (body("compare_perfect"), perfect):
        last, half = (times(text)[what] for what in ("time to the last one", "delay, half are below"))
        if not 30 < last[0] - last[1] < 80 or abs(half[0] - half[1]) > 2:
            raise Unlike(f"without loss the two differ by the handshake alone:\n{text}")
    print("compare: 20 runs with one seed gave the recorded table, times aside")


def median_times(runs):
    """A run whose slowest times are the median of all."""
    return sorted(runs, key=lambda text: times(text)["delay, 99 % are below"])[len(runs) // 2]


# --- scenes ------------------------------------------------------------------


def scene(name):
    # Frames of both ways, and two programs, each in its own order.
    text = run("lab07_wire", *SCENES[name].split())
    return re.sub(r"192\.0\.2\.2:\d+", "192.0.2.2:50001", text)


def by_source(text):
    """What each program printed, and the frames of each way."""
    sources = {}
    for line in text.splitlines():
        source = re.match(r"(\w+ \|)|\s*\d+ (→|←)", line)
        sources.setdefault(source and (source[1] or source[2]), []).append(line)
    return sources


def check_scene(name):
    if name == "wire_ack_lost":
        return check_ack_lost()
    for _ in range(5):  # a machine that is late may send one more ACK
        text = scene(name)
        if by_source(text) == by_source(body(name)):
            print(f"{name}: the same frames, and the same words")
            return
    raise Unlike(f"{name}.txt no longer shows what the wire prints:\n{text}")


def check_ack_lost():
    """Whether the server answers in one segment or in two depends on when it reads."""
    for text in (body("wire_ack_lost"), scene("wire_ack_lost")):
        sent = re.findall(r"^ *\d+ → TCP .* seq (\d+) .*, \d+ bytes?$", text, re.M)
        lost = re.findall(r"^.*   dropped$", text, re.M)
        echoed = re.findall(r"^client \| (one|two|three)$", text, re.M)
        if len(sent) != len(set(sent)) or len(lost) != 1 or " ← TCP ACK " not in lost[0] or len(echoed) != 3:
            raise Unlike(text)
    print("wire_ack_lost: one ACK was lost, and nothing was sent again")


# --- how much gets through -----------------------------------------------------


def throughput(protocol_times, delivered):
    return delivered * SIZE * 8 / (protocol_times / 1000) / 1e6


def both(loss, delay, seed, messages=MESSAGES):
    """Mbit/s that arrive over TCP, and over UDP."""
    dice = ["--loss", f"{loss}%", "--repeat", "0%", "--reorder", "0%", "--seed", str(seed)]
    load = ["--messages", str(messages), "--every", EVERY, "--delay", f"{delay}ms"]
    text = run("lab07_compare", *load, *dice)
    counts = re.search(r"^delivered\s+(\d+)\s+(\d+)$", text, re.M)
    last = times(text)["time to the last one"]
    return [throughput(last[at], int(counts[at + 1])) for at in (0, 1)]


def stop_and_wait(loss, delay, seed):
    """Mbit/s of a file; the wire loses this share of the datagrams, and of the ACKs."""
    with tempfile.TemporaryDirectory() as folder:
        file, copy = Path(folder) / "file", Path(folder) / "copy"
        file.write_bytes(bytes(range(256)) * (FILE // 256))
        lab = (LABS / "lab07_stop_and_wait").absolute()
        client = f'date +%s%N; "{lab}" send --tries 100 --server 192.0.2.1:8888 "{file}" && date +%s%N'
        server = [str(lab), "receive", "--listen", "192.0.2.1:8888", str(copy)]
        options = ["--quiet", "--delay", f"{delay}ms", "--loss", f"{loss}%", "--seed", str(seed)]
        text = run("lab07_wire", *options, "--", *server, "--", "sh", "-c", client)
        if copy.read_bytes() != file.read_bytes():
            raise Unlike("the file is not the same")
    begin, end = (int(time) for time in re.findall(r"^client \| (\d{15,})$", text, re.M))
    return FILE * 8 / ((end - begin) / 1e9) / 1e6


def plots():
    points = [("throughput-loss", loss, loss, 20) for loss in LOSSES]
    points += [("throughput-delay", delay, 1, delay) for delay in DELAYS]
    rows = []

    def measure(job):
        (part, x, loss, delay), seed = job
        tcp, udp = both(loss, delay, seed)
        values = {"tcp": tcp, "udp": udp, "stop-and-wait": stop_and_wait(loss, delay, seed)}
        print(part, x, seed, {name: f"{value:.3f}" for name, value in values.items()}, flush=True)
        return [(part, series, x, seed, f"{value:.3f}") for series, value in values.items()]

    with ThreadPoolExecutor(TOGETHER) as pool:
        for found in pool.map(measure, [(point, seed) for point in points for seed in SEEDS]):
            rows += found
    rows.sort(key=lambda row: (row[0] != "throughput-loss", row[1], row[2], row[3]))
    write_rows(rows, lambda part: part != "delay")


def read_rows():
    lines = (RECORDED / "compare.csv").read_text().splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def write_rows(rows, is_new):
    """Writes these rows in the place of those whose part is new."""
    columns = ("part", "series", "x", "run", "value")
    kept = []
    if (RECORDED / "compare.csv").exists():
        kept = [tuple(row[name] for name in columns) for row in read_rows() if not is_new(row["part"])]
    with (RECORDED / "compare.csv").open("w", newline="") as file:
        for key, value in head(SCRIPT, ", two network namespaces, TCP with reno").items():
            file.write(f"# {key}: {value}\n")
        out = csv.writer(file, lineterminator="\n")
        out.writerow(columns)
        out.writerows(sorted(kept + rows, key=lambda row: row[0] != "delay"))


def check_plots():
    rows = read_rows()
    counts = re.search(r"^delivered\s+(\d+)\s+(\d+)$", body("compare"), re.M)
    for protocol, count in zip(("tcp", "udp"), counts.groups(), strict=True):
        delays = [row for row in rows if (row["part"], row["series"]) == ("delay", protocol)]
        if len(delays) != 120 or sum(bool(row["value"]) for row in delays) != int(count):
            raise Unlike("compare.csv and compare.txt are not of the same run")
    found = {}
    for row in rows:
        if row["part"] != "delay":
            key = (row["part"], row["series"], float(row["x"]))
            found.setdefault(key, []).append(float(row["value"]))
    if any(len(values) != len(SEEDS) for values in found.values()):
        raise Unlike("compare.csv: a run is missing")
    for part, places in (("throughput-loss", LOSSES), ("throughput-delay", DELAYS)):
        tcp, udp = ([median(found[part, series, x]) for x in places] for series in ("tcp", "udp"))
        if tcp[0] < 9 or tcp[-1] > tcp[0] / 3 or min(udp) < 9:
            raise Unlike(f"compare.csv, {part}: TCP {tcp}, UDP {udp}")
    good, bad = both(0, 20, 1, 600), both(5, 20, 1, 600)
    if bad[0] > good[0] / 2 or bad[1] < good[1] * 0.85:
        raise Unlike(
            f"5 % of loss take TCP from {good[0]:.1f} to {bad[0]:.1f} Mbit/s, UDP {good[1]:.1f} to {bad[1]:.1f}"
        )
    print(f"compare.csv: complete; this time 5 % of loss took TCP from {good[0]:.1f} to {bad[0]:.1f} Mbit/s")


def main():
    global LABS
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--labs", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--check", action="store_true", help="compare with what was recorded; write nothing")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"plots, {', '.join([*TABLES, *SCENES])}")
    args = parser.parse_args()
    LABS = args.labs
    names = args.names or [*TABLES, *SCENES, "plots"]
    if args.check and not args.names:
        names.remove("compare_perfect")  # looked at with the other table
    try:
        for name in names:
            if name in SCENES and args.check:
                check_scene(name)
            elif name in SCENES:
                write(name, f"cargo run --bin lab07_wire -- {SCENES[name]}", scene(name))
            elif name == "plots":
                (check_plots if args.check else plots)()
            elif args.check:
                check_tables()
            else:
                record_table(name)
    except Unlike as unlike:
        sys.exit(str(unlike))


if __name__ == "__main__":
    main()
