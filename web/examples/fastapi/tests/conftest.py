"""What the tests run on. `make test` brings it all; by hand see the README."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy.engine import make_url

from .issuer import AUDIENCE, Issuer
from .sallyport import Person, Sallyport
from .service import FOLDER, Service, running

NewDatabase = Callable[[], str]


@pytest.fixture(scope="session")
def new_database() -> Iterator[NewDatabase]:
    """Makes databases, which go when the tests are over."""
    admin = os.environ.get("SALLYPORT_TEST_DATABASE_URL")
    if not admin:
        pytest.exit("SALLYPORT_TEST_DATABASE_URL has to name a Postgres in which databases may be made", 2)
    made: list[str] = []

    def make() -> str:
        name = f"fastapi_{uuid4().hex}"
        execute(admin, f"create database {name}")
        made.append(name)
        return make_url(admin).set(database=name).render_as_string(hide_password=False)

    yield make
    for name in made:
        execute(admin, f"drop database {name} with (force)")


def execute(database: str, statement: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(statement.encode())


@pytest.fixture(scope="session")
def binary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Gives sallyport: SALLYPORT_BIN, or what is built from this repository."""
    if given := os.environ.get("SALLYPORT_BIN"):
        return Path(given).resolve()
    built = tmp_path_factory.mktemp("bin") / "sallyport"
    subprocess.run(["go", "build", "-o", built, "./cmd/sallyport"], cwd=FOLDER.parents[2], check=True)
    return built


@pytest.fixture(scope="session")
def server(binary: Path, tmp_path_factory: pytest.TempPathFactory, new_database: NewDatabase) -> Iterator[Sallyport]:
    running = Sallyport(binary, tmp_path_factory.mktemp("sallyport"), new_database())
    yield running
    running.stop()


@pytest.fixture(scope="session")
def database(new_database: NewDatabase) -> str:
    """Gives the database of services that do not mind each other's rows."""
    return for_sqlalchemy(new_database())


def for_sqlalchemy(database: str) -> str:
    return make_url(database).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def env(server: Sallyport, database: str) -> dict[str, str]:
    """Gives the environment of a service that trusts the server."""
    return {"AUTH_URL": server.url, "DATABASE_URL": database, "APP_ORIGINS": "http://localhost:3000"}


@pytest.fixture(scope="session")
def api(env: dict[str, str]) -> Iterator[Service]:
    with running(env) as service:
        yield service


@pytest.fixture
def ann(server: Sallyport) -> Person:
    return server.sign_up("Ann")


@pytest.fixture
def bob(server: Sallyport) -> Person:
    return server.sign_up("Bob")


@pytest.fixture(scope="session")
def issuer() -> Iterator[Issuer]:
    made = Issuer()
    yield made
    made.go()


@pytest.fixture(scope="session")
def issuer_env(issuer: Issuer, database: str) -> dict[str, str]:
    """Gives the environment of a service that trusts the second issuer."""
    return {"AUTH_URL": issuer.url, "AUTH_AUDIENCE": AUDIENCE, "DATABASE_URL": database}


@pytest.fixture(scope="session")
def issuer_api(issuer_env: dict[str, str]) -> Iterator[Service]:
    """Gives such a service behind proxies."""
    with running({**issuer_env, "TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8"}) as service:
        yield service
