"""Programs that run beside the tests."""

import os
import re
import signal
import socket
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from queue import Empty, SimpleQueue

# A program that has not said by then that it runs will not.
PATIENCE = 60


class Process:
    """A program that is ready when a line of its output matches."""

    def __init__(
        self, command: Sequence[str | Path], ready: str, env: Mapping[str, str], cwd: Path | None = None
    ) -> None:
        self._program = subprocess.Popen(
            command,
            cwd=cwd,
            env={**os.environ, **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,  # so that its children can be ended with it
        )
        self.output: list[str] = []
        self._ready: SimpleQueue[re.Match[str] | None] = SimpleQueue()
        threading.Thread(target=self._read, args=(re.compile(ready),), daemon=True).start()
        self.ready = self._wait()

    def send(self, what: signal.Signals) -> None:
        self._program.send_signal(what)

    def stop(self) -> None:
        if self._program.poll() is None:
            os.killpg(self._program.pid, signal.SIGTERM)
        try:
            self._program.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self._program.pid, signal.SIGKILL)
            self._program.wait()

    def _read(self, ready: re.Pattern[str]) -> None:
        assert self._program.stdout
        with self._program.stdout as lines:
            for line in lines:
                self.output.append(line)
                if found := ready.search(line):
                    self._ready.put(found)
        self._ready.put(None)

    def _wait(self) -> re.Match[str]:
        try:
            found = self._ready.get(timeout=PATIENCE)
        except Empty:
            found = None
        if found is None:
            self.stop()
            raise RuntimeError(f"{self._program.args!r} did not start:\n{''.join(self.output)}")
        return found


def free_port() -> int:
    """Gives a port that nobody listens on, for programs that have to come back to the same."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port: int = s.getsockname()[1]
        return port
