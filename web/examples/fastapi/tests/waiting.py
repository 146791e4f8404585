"""Waiting for what comes by itself."""

import time
from collections.abc import Callable


def until(happened: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, f"did not happen in {seconds} seconds"
        time.sleep(0.05)
