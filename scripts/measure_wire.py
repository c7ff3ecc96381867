"""What scripts/measure-wire runs at both ends of the wire, and what it makes of it."""

import argparse
import os
import re
import socket
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path
from statistics import median

SERVER = ("192.0.2.1", 9999)
FRAMES_A_SECOND = 20_000  # to be reached
ADDED = 0.2  # ms, to stay below
PATIENCE = 60  # seconds for one run

DELAYS = [1, 5, 20, 50]  # ms
PROBES = 300
PAUSE = 0.007  # seconds from one probe to the next
RUNS = 3
FLOOD = 2.0  # seconds
BULK = 4 * 1024 * 1024  # bytes over TCP
LONGEST = 14 + 1500

SO_TIMESTAMPNS = 35  # socket(7); Python has no name for it

# --- at the ends ---------------------------------------------------------------


def received():
    """Frames that this end's interface has got."""
    for line in Path("/proc/self/net/dev").read_text().splitlines():
        if line.strip().startswith("wire:"):
            return int(line.split(":")[1].split()[1])
    sys.exit("there is no wire here")


def sink_server():
    """Prints how many frames came each quarter of a second, while they come."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as held:
        held.bind(SERVER)
        then, before = time.monotonic(), received()
        while True:
            time.sleep(0.25)
            now, count = time.monotonic(), received()
            if count > before:
                print(f"rate {(count - before) / (now - then):.0f}", flush=True)
            then, before = now, count


def sink_client():
    """Sends small datagrams as fast as it can."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stream:
        stream.connect(SERVER)
        end = time.monotonic() + FLOOD
        while time.monotonic() < end:
            for _ in range(100):
                stream.send(bytes(100))


def delay_server():
    """Prints how long datagrams were on their way, in ms: from just before they
    were sent until this kernel had them, as it says itself."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stamped:
        stamped.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        stamped.bind(SERVER)
        times = []
        while len(times) < PROBES:
            message, stamp, _, _ = stamped.recvmsg(100, 100)
            seconds, nanoseconds = struct.unpack("qq", stamp[0][2])
            (sent,) = struct.unpack("q", message)
            times.append(seconds * 10**9 + nanoseconds - sent)
    print(f"median {median(times) / 1e6:.4f}", flush=True)


def delay_client():
    """Sends the time, again and again, with pauses."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(SERVER)
        for _ in range(PROBES):
            probe.send(struct.pack("q", time.time_ns()))
            time.sleep(PAUSE)


def checksum(data):
    """The Internet checksum of RFC 1071; 0 over data that holds its own."""
    total = sum(struct.unpack(f"!{len(data) // 2}H", data[: len(data) // 2 * 2]))
    total += data[-1] << 8 if len(data) % 2 else 0
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


def look(frames, seen):
    """Counts frames, those that are too long, and those with a wrong checksum."""
    while True:
        frame, address = frames.recvfrom(65_600)
        if address[2] == socket.PACKET_OUTGOING or frame[12:14] != b"\x08\x00":
            continue
        packet = frame[14 : 14 + struct.unpack("!H", frame[16:18])[0]]
        header = (packet[0] & 15) * 4
        pseudo = packet[12:20] + struct.pack("!BBH", 0, packet[9], len(packet) - header)
        good = checksum(packet[:header]) == 0 and checksum(pseudo + packet[header:]) == 0
        seen["frames"] += 1
        seen["long"] += len(frame) > LONGEST
        seen["wrong"] += not good


def bulk_server():
    """Takes a stream, and looks at each frame that carries it."""
    seen = {"frames": 0, "long": 0, "wrong": 0}
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3)) as frames:
        frames.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 26)
        frames.bind(("wire", 0))
        threading.Thread(target=look, args=(frames, seen), daemon=True).start()
        with socket.create_server(SERVER) as listener:
            stream, _ = listener.accept()
            count = 0
            while data := stream.recv(1 << 16):
                count += len(data)
            time.sleep(0.3)
            print("bulk", count, *seen.values(), flush=True)
            stream.sendall(b"x")
            os._exit(0)


def bulk_client():
    with socket.create_connection(SERVER) as stream:
        stream.sendall(bytes(BULK))
        stream.shutdown(socket.SHUT_WR)
        stream.recv(1)


# --- what comes of it ------------------------------------------------------------


def wire(lab, role, delay=0):
    ends = [[sys.executable, __file__, "--role", f"{role}_{end}"] for end in ("server", "client")]
    command = [lab, "--quiet", "--delay", f"{delay}ms", "--", *ends[0], "--", *ends[1]]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    if done.returncode:
        sys.exit(f"{done.stdout}{done.stderr}")
    return done.stdout


def told(what, figure, reached):
    print(f"{'reached' if reached else 'MISSED '}  {what}: {figure}", flush=True)
    return reached


def measure(lab):
    rates = [median(float(n) for n in re.findall(r"rate (\d+)", wire(lab, "sink"))) for _ in range(RUNS)]
    rate = median(rates)
    all_reached = told(f"at least {FRAMES_A_SECOND} frames a second", f"{rate:.0f}", rate >= FRAMES_A_SECOND)

    for delay in DELAYS:
        ways = [float(re.search(r"median ([\d.]+)", wire(lab, "delay", delay))[1]) for _ in range(RUNS)]
        added = median(ways) - delay
        all_reached &= told(
            f"less than {ADDED} ms more than {delay} ms", f"{added:.3f} ms", 0 <= added < ADDED
        )
    count, frames, long, wrong = map(
        int, re.search(r"bulk (\d+) (\d+) (\d+) (\d+)", wire(lab, "bulk")).groups()
    )
    whole = count == BULK and frames >= BULK // 1460 // 2 and not long and not wrong
    figure = f"{count} bytes over TCP in {frames} frames, {long} too long, {wrong} with a wrong checksum"
    return told("frames of a real wire", figure, whole) and all_reached


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lab", help=argparse.SUPPRESS)
    parser.add_argument("--role", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.role:
        globals()[args.role]()
    elif not measure(args.lab):
        sys.exit(1)


if __name__ == "__main__":
    main()
