"""The exercises as a reader meets them: a file is saved, `cargo test ex03_1` is typed.

Right answers pass, a mistake of each misconception is met by it, and
whatever else an answer does ends in a verdict or in the compiler's words. (The
other mistakes of `labs/graders` meet the same graders in `cargo test`.)"""

import re
import socket
import subprocess
import sys
from pathlib import Path
from statistics import median

from sandbox import Sandbox, Tally

# What an answer might do instead of answering; each takes the place of `todo!()`.
HOSTILE = {
    "loops": "loop {}",
    "sleeps": "loop { std::thread::park(); }",
    "exits with success": "std::process::exit(0)",
    "panics": 'panic!("no idea")',
    "claims to have passed": (
        '{ println!("test NAME ... ok\\n\\ntest result: ok. 1 passed; 0 failed"); std::process::exit(0) }'
    ),
    "waits for a datagram that nobody sends": (
        '{ let s = std::net::UdpSocket::bind("127.0.0.1:0").unwrap(); '
        "loop { let _ = s.recv_from(&mut [0; 1]); } }"
    ),
}

sandbox = Sandbox()
tally = Tally()
graders = sandbox.root / "labs/graders/src"
exercises = sorted(stub.parent.name for stub in graders.glob("*/stub.rs"))


def short(exercise: str) -> str:
    """The name that a reader types."""
    return "_".join(exercise.split("_")[:2])


def save(exercise: str, source: Path | str) -> None:
    text = source.read_text(encoding="utf-8") if isinstance(source, Path) else source
    sandbox.write(sandbox.answer(exercise), text)


def reset(exercise: str) -> None:
    save(exercise, graders / exercise / "stub.rs")


def grade(name: str, seconds: float = 30) -> tuple[int | None, str, float]:
    return sandbox.run("cargo", "test", "--quiet", name, seconds=seconds)


def passed(status: int | None, output: str, exercise: str) -> bool:
    return status == 0 and re.search(rf"(?m)^test {exercise}\b.*\bok$", output) is not None


print("building, as the first cargo test does", flush=True)
status, output, _ = sandbox.run("cargo", "test", "--quiet", "--no-run", seconds=900)
if status != 0:
    print(output)
    sys.exit("the copy does not build")

# Not `ex`: that is a part of other names too, such as `is_explained`.
status, output, _ = sandbox.run("cargo", "test", "ex0", seconds=300)
for exercise in exercises:
    line = re.search(rf"(?m)^test {exercise}\b.*$", output)
    tally.expect(
        status == 0 and line is not None and "ignored" in line.group(),
        f"{exercise} is ignored, by name, before it is begun",
        output,
    )

for wrong in ("ex99", "ex99_1", "ex03_99"):
    status, output, _ = grade(wrong)
    tally.expect(
        status not in (0, None) and wrong in output,
        f"cargo test {wrong} fails and says that nothing is caught",
        output,
    )

slowest, rights, met = 0.0, [], set()
for exercise in exercises:
    name = short(exercise)
    # Two of each, as a reader saves them: `cargo test` judges them all.
    for answer in sorted((graders / exercise / "right").glob("*.rs"))[:2]:
        save(exercise, answer)
        status, output, took = sandbox.run("cargo", "test", name)
        slowest = max(slowest, took)
        rights.append(took)
        tally.expect(passed(status, output, exercise), f"{exercise}: right/{answer.name} passes", output)
    # A second file for the same misconception adds a word after two hyphens;
    # what no misconception explains is a slip. Each belief is met once in the book.
    mistakes = {}
    for mistake in sorted((graders / exercise / "mistakes").glob("*.rs")):
        mistakes.setdefault(mistake.stem.split("--")[0].replace("slip", "not yet"), mistake)
    for belief, mistake in mistakes.items():
        if belief in met:
            continue
        if belief != "not yet":
            met.add(belief)
        save(exercise, mistake)
        status, output, took = grade(name)
        slowest = max(slowest, took)
        tally.expect(
            status not in (0, None) and belief in output,
            f"{exercise}: mistakes/{mistake.name} is refused, and told of {belief}",
            output,
        )
    reset(exercise)
print(
    f"right answers and mistakes: {tally.held} as they should be; from saving to the verdict "
    f"{median(rights):.2f} s for a right answer, {slowest:.1f} s at the most",
    flush=True,
)

# A function that computes, and one that talks over a socket.
first, echo = exercises[0], "ex03_1_echo_datagram"
for exercise in (first, echo):
    stub = (graders / exercise / "stub.rs").read_text(encoding="utf-8")
    for what, code in HOSTILE.items():
        save(exercise, stub.replace("todo!()", code.replace("NAME", exercise), 1))
        status, output, took = grade(short(exercise))
        tally.expect(
            status not in (0, None) and f"{exercise}: not yet" in output,
            f"an answer to {short(exercise)} that {what} ends in a verdict (it took {took:.1f} s)",
            output,
        )
reset(first)

save(first, "fn main( {\n")
status, output, _ = grade(short(first))
tally.expect(
    status not in (0, None) and f"{first}.rs:1" in output.replace("\\", "/"),
    "a syntax error is told in the compiler's words",
    output,
)
right = sorted((graders / echo / "right").glob("*.rs"))[0]
save(echo, right)
status, output, _ = sandbox.run("cargo", "test", short(echo))
tally.expect(passed(status, output, echo), f"{echo} is graded while {first} does not compile", output)
reset(first)

# The same answer by hand, with a client that knows nothing of the grader.
process = subprocess.Popen(
    ["cargo", "run", "--quiet", "--package", "exercises", "--bin", echo, "--", "127.0.0.1:0"],
    cwd=sandbox.root,
    env=sandbox.env,
    stdin=subprocess.DEVNULL,
    stdout=subprocess.PIPE,
    text=True,
)
try:
    assert process.stdout is not None
    ready = process.stdout.readline()
    host, _, port = ready.strip().removeprefix("listening on ").rpartition(":")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(5)
        try:
            client.sendto(b"hello", (host, int(port)))
            reply = client.recv(2048)
        except (OSError, ValueError) as error:
            reply = str(error).encode()
    tally.expect(reply == b"hello", f"{echo} run by hand answers a datagram", f"{ready}{reply!r}")
finally:
    process.kill()
    process.wait()

print(f"{tally.held} held, {tally.broken} did not")
sys.exit(1 if tally.broken else 0)
