"""The command, each time in a process of its own, with what it said, took and ended with.

Started as a program: everything is loaded once, then each line of words is answered by a fork.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

TIMEOUT_SECONDS = 60


@dataclass(frozen=True)
class Ended:
    """How the command ended; below 0 the signal that ended it.

    ``bytes_before`` is what its interpreter and all its libraries took, ``bytes_after`` the most
    that it ever took. The processor time includes the start of the interpreter.
    """

    code: int
    said: str
    bytes_before: int
    bytes_after: int
    seconds: float


class Apart:
    """The process that waits for words."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def __call__(self, *words: str) -> Ended:
        """Run the command."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()
        return Ended(*json.loads(self._process.stdout.readline()))


@contextmanager
def apart() -> Iterator[Apart]:
    """Start the process, and end it."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.reading_apart"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:
        yield Apart(process)


def main() -> None:
    """Answer every line."""
    from glesservice import cli

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    started = time.process_time()
    for line in sys.stdin:
        with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as told:
            child = os.fork()
            if child == 0:
                code = 70
                try:
                    signal.alarm(TIMEOUT_SECONDS)
                    os.dup2(said.fileno(), 1)
                    os.dup2(said.fileno(), 2)
                    before = most_bytes()
                    code = cli.main(json.loads(line))
                    took = [before, most_bytes(), started + time.process_time()]
                    told.write(json.dumps(took).encode())
                    told.flush()
                except BaseException:
                    traceback.print_exc()
                finally:
                    sys.stderr.flush()
                    os._exit(code)
            status = os.waitpid(child, 0)[1]
            said.seek(0)
            told.seek(0)
            ended = [
                os.waitstatus_to_exitcode(status),
                said.read().decode(),
                *json.loads(told.read() or "[0, 0, NaN]"),
            ]
        sys.stdout.write(json.dumps(ended) + "\n")
        sys.stdout.flush()


def most_bytes() -> int:
    """Return the most that this process has held; a fork begins with what its parent holds."""
    # Not by getrusage: there a program also counts what the process held that started it.
    held = Path("/proc/self/status").read_text(encoding="ascii").split("VmHWM:")[1].split()
    return int(held[0]) * 1024


if __name__ == "__main__":
    main()
