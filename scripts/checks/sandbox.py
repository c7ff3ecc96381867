"""A copy of the project in which things may be broken, and commands that cannot hang."""

import contextlib
import json
import os
import signal
import subprocess
import time
from pathlib import Path

from common import ROOT, project_files

TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))


class Sandbox:
    """A copy of the project's files in a folder of its own below target.

    It compiles into a target folder of its own: a program knows where its
    sources are, so the project's and the copy's must not be taken for each
    other. What comes from the Rust registry is the same for both, and is linked."""

    def __init__(self, name: str = "sandbox") -> None:
        self.root = ROOT / "target" / name
        self.env = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("RUST_", "INSTA_", "SOCKETS_")) and key != "CARGO_TARGET_DIR"
        } | {"CARGO_TERM_COLOR": "never", "NO_COLOR": "1"}
        self._lay_out()
        self._link_dependencies()

    def _lay_out(self) -> None:
        wanted = {path.relative_to(ROOT): path for path in project_files()}
        for path in self.root.rglob("*"):
            name = path.relative_to(self.root)
            kept = name.parts[0] in ("target", ".git") or "node_modules" in name.parts
            if path.is_file() and not kept and name not in wanted:
                path.unlink()
        for name, path in wanted.items():
            copy = self.root / name
            if not (copy.is_file() and copy.read_bytes() == path.read_bytes()):
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(path.read_bytes())
            copy.chmod(path.stat().st_mode)
        # Its own repository, so that git there lists the copy's files.
        subprocess.run(["git", "init", "--quiet", str(self.root)], check=True)
        # As a reader has it: no exercise is begun.
        for stub in self.root.glob("labs/graders/src/*/stub.rs"):
            self.write(self.answer(stub.parent.name), stub.read_text(encoding="utf-8"))

    def _link_dependencies(self) -> None:
        (self.root / "target").mkdir(exist_ok=True)
        tools = self.root / "target" / "tools"
        if not tools.exists():
            tools.symlink_to(ROOT / "target" / "tools")
        modules = self.root / "scripts" / "web" / "node_modules"
        if not modules.exists():
            modules.symlink_to(ROOT / "scripts" / "web" / "node_modules")
        if (self.root / "target" / "debug").exists():
            return
        metadata = subprocess.run(
            ["cargo", "metadata", "--no-deps", "--format-version", "1"],
            cwd=ROOT,
            check=True,
            capture_output=True,
        ).stdout
        own = {package["name"] for package in json.loads(metadata)["packages"]}
        own |= {t["name"] for package in json.loads(metadata)["packages"] for t in package["targets"]}
        for folder in ("deps", "build", ".fingerprint"):
            for path in (TARGET / "debug" / folder).rglob("*"):
                name = path.relative_to(TARGET / "debug")
                crate = name.parts[1].rpartition("-")[0].removeprefix("lib")
                if path.is_file() and crate and crate not in own:
                    link = self.root / "target" / "debug" / name
                    link.parent.mkdir(parents=True, exist_ok=True)
                    link.hardlink_to(path)

    def answer(self, exercise: str) -> Path:
        """The file that a reader edits."""
        return self.root / "labs/exercises/src/bin" / f"{exercise}.rs"

    def write(self, path: Path, text: str) -> None:
        """Writes a file as an editor does; an unchanged one keeps its time stamp."""
        if not (path.is_file() and path.read_text(encoding="utf-8") == text):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def run(self, *command: str, seconds: float = 60) -> tuple[int | None, str, float]:
        """Exit status (None: it had to be stopped), what it printed, how long it took."""
        begun = time.monotonic()
        process = subprocess.Popen(
            command,
            cwd=self.root,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        try:
            output, _ = process.communicate(timeout=seconds)
            status: int | None = process.returncode
            stop(process.pid)  # what a failed test may have left behind
        except subprocess.TimeoutExpired:
            stop(process.pid)
            output, _ = process.communicate()
            status = None
        return status, output, time.monotonic() - begun


def stop(group: int) -> None:
    """Ends every process of a group, if there is one left."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


class Tally:
    """Counts what held and tells what did not."""

    def __init__(self) -> None:
        self.held = 0
        self.broken = 0

    def expect(self, held: bool, what: str, output: str) -> None:
        """Notes one expectation; the output is shown when it did not hold."""
        if held:
            self.held += 1
            return
        self.broken += 1
        shown = "\n".join(f"    | {line}" for line in output.strip().splitlines()[-30:])
        print(f"NOT SO: {what}\n{shown}", flush=True)
