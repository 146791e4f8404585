"""Limits in a Redis that several processes share, and that goes away."""

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from .issuer import Issuer
from .process import Process, free_port
from .service import Service, running
from .waiting import until


class Redis:
    """A Redis that keeps nothing when it ends."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        self.url = f"redis://127.0.0.1:{port}"
        options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self._process = Process(["redis-server", *options], "Ready to accept connections", {}, folder)

    def hang(self) -> None:
        """Lets calls wait without an answer, until go_on."""
        self._process.send(signal.SIGSTOP)

    def go_on(self) -> None:
        self._process.send(signal.SIGCONT)

    def stop(self) -> None:
        self.go_on()
        self._process.stop()


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    started = Redis(tmp_path_factory.mktemp("redis"))
    yield started
    started.stop()


@pytest.fixture(scope="module")
def services(issuer_env: dict[str, str], redis: Redis) -> Iterator[tuple[Service, Service]]:
    shared = {**issuer_env, "REDIS_URL": redis.url}
    with running(shared) as one, running(shared) as two:
        yield one, two


@pytest.fixture
def token(issuer: Issuer) -> str:
    return issuer.somebody()


def send(service: Service, token: str, calls: int = 1) -> list[int]:
    return [service.post("/messages", token, json={"text": "Hello"}).status_code for _ in range(calls)]


def test_processes_count_together(services: tuple[Service, Service], token: str) -> None:
    one, two = services
    assert send(one, token, 3) + send(two, token, 2) == [202] * 5
    refused = one.post("/messages", token, json={"text": "Hello"})
    assert refused.status_code == 429 and 0 < int(refused.headers["Retry-After"]) <= 60
    assert send(two, token) == [429]


def test_redis_hangs_and_goes_on(
    issuer: Issuer, redis: Redis, services: tuple[Service, Service], token: str
) -> None:
    one, two = services
    assert send(one, token, 5) == [202] * 5
    people = [issuer.somebody() for _ in range(8)]
    redis.hang()
    with ThreadPoolExecutor(len(people)) as pool:  # calls that notice at the same time
        assert list(pool.map(lambda person: send(one, person, 6), people)) == [[202] * 5 + [429]] * len(people)
    assert send(two, people[0], 6) == [202] * 5 + [429], "each process counts for itself"
    redis.go_on()

    def together() -> bool:
        return sorted(send(one, newcomer := issuer.somebody(), 5) + send(two, newcomer))[-1] == 429

    until(together)


def test_redis_away_at_start(issuer_env: dict[str, str], token: str) -> None:
    with running({**issuer_env, "REDIS_URL": f"redis://127.0.0.1:{free_port()}"}) as service:
        assert send(service, token, 6) == [202] * 5 + [429]
