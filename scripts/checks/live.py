"""The pages as a reader has them with the server, in a real browser.

Labs are run and answers are written there, so the server gets a copy of the
project, and not the reader's own files: `live.py TUTOR`."""

import subprocess
import sys
from pathlib import Path

from common import ROOT
from sandbox import Sandbox

# A check may itself be run in a copy, in which it makes a copy of its own.
sandbox = Sandbox("live")
# What a page asks for is then built in seconds.
status, output, _ = sandbox.run("cargo", "build", "--quiet", "--package", "labs", "--bins", seconds=900)
if status != 0:
    print(output)
    sys.exit("the labs do not build in the copy")
# What an earlier run has found out about answers is no news of this one.
(sandbox.root / "target/tutor/answers.json").unlink(missing_ok=True)
tests = subprocess.run(
    [
        "node",
        "--test-reporter=spec",
        "live.mjs",
        "--tutor",
        Path(sys.argv[1]).resolve(),
        "--root",
        sandbox.root,
    ],
    cwd=ROOT / "scripts/web",
    env=sandbox.env,
    check=False,
    timeout=1800,
)
sys.exit(tests.returncode)
