"""The service of the example under uvicorn."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from .process import Process
from .sallyport import bearer

FOLDER = Path(__file__).parents[1]
UVICORN = [sys.executable, "-m", "uvicorn", "app.main:app", "--no-proxy-headers"]


class Service:
    """A running service, and calls to it."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=url, timeout=30)

    def call(self, method: str, path: str, token: str | None = None, **more: Any) -> httpx.Response:
        headers = {**(bearer(token) if token is not None else {}), **more.pop("headers", {})}
        return self.http.request(method, path, headers=headers, **more)

    def get(self, path: str, token: str | None = None, **more: Any) -> httpx.Response:
        return self.call("GET", path, token, **more)

    def post(self, path: str, token: str | None = None, **more: Any) -> httpx.Response:
        return self.call("POST", path, token, **more)


@contextmanager
def running(env: Mapping[str, str], *args: str) -> Iterator[Service]:
    """Starts the service on a free port."""
    process = Process([*UVICORN, "--port", "0", *args], r"running on (http://\S+)", env, FOLDER)
    service = Service(process.ready[1])
    try:
        yield service
    finally:
        service.http.close()
        process.stop()


def refused_start(env: Mapping[str, str]) -> str:
    """Gives what the service says of an environment with which it does not start."""
    command = [sys.executable, "-c", "import app.config"]
    done = subprocess.run(command, cwd=FOLDER, env={**os.environ, **env}, capture_output=True, text=True)
    assert done.returncode == 1, "it starts"
    return done.stderr
