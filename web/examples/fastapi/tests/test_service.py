"""The service as a whole: pages that call it, starts, and a database that goes away."""

import os
import subprocess
import sys

import pytest
from sqlalchemy.engine import make_url

from .conftest import NewDatabase, execute, for_sqlalchemy
from .sallyport import Person, Sallyport
from .service import FOLDER, Service, running
from .waiting import until

PAGE = "http://localhost:3000"


def test_health(api: Service) -> None:
    assert (api.get("/health").status_code, api.get("/health").json()) == (200, {"status": "ok"})


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_a_page_of_the_application_may_call(api: Service, method: str) -> None:
    headers = {
        "Origin": PAGE,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    answer = api.call("OPTIONS", "/tasks", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == PAGE
    assert method in answer.headers["Access-Control-Allow-Methods"]
    assert "authorization" in answer.headers["Access-Control-Allow-Headers"].lower()
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_a_page_may_read_refusals(server: Sallyport, api: Service, ann: Person) -> None:
    token = server.token(ann)
    for _ in range(6):
        answer = api.post("/messages", token, json={"text": "Hello"}, headers={"Origin": PAGE})
    unknown = api.get("/profile", headers={"Origin": PAGE})
    assert (answer.status_code, unknown.status_code) == (429, 401)
    for refusal in (answer, unknown):
        assert refusal.headers["Access-Control-Allow-Origin"] == PAGE
        assert "Retry-After" in refusal.headers["Access-Control-Expose-Headers"]


def test_other_pages_may_not(api: Service) -> None:
    headers = {"Origin": "https://evil.example.com", "Access-Control-Request-Method": "GET"}
    answer = api.call("OPTIONS", "/tasks", headers=headers)
    assert answer.status_code == 400
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Access-Control-Allow-Origin" not in api.get("/health", headers=headers).headers


def test_several_start_at_once_on_an_empty_database(env: dict[str, str], new_database: NewDatabase) -> None:
    script = """
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from app.database import create_tables
import app.models

ready = Barrier(8)
def start(_):
    ready.wait()
    create_tables()

with ThreadPoolExecutor(8) as pool:
    list(pool.map(start, range(8)))
"""
    environment = {**os.environ, **env, "DATABASE_URL": for_sqlalchemy(new_database())}
    done = subprocess.run([sys.executable, "-c", script], cwd=FOLDER, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_database_goes_away_and_comes_back(
    server: Sallyport, env: dict[str, str], new_database: NewDatabase, ann: Person
) -> None:
    url, admin = new_database(), new_database()
    name = make_url(url).database
    token = server.token(ann)
    with running({**env, "DATABASE_URL": for_sqlalchemy(url)}) as api:
        execute(admin, f"alter database {name} with allow_connections false")
        execute(admin, f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'")
        answer = api.get("/tasks", token, headers={"Origin": PAGE})
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert answer.json() == {"detail": "The database is not reachable, try again"}
        assert answer.headers["Access-Control-Allow-Origin"] == PAGE, "the page may read it"
        execute(admin, f"alter database {name} with allow_connections true")
        until(lambda: api.get("/tasks", token).status_code == 200)


def test_types() -> None:
    done = subprocess.run([sys.executable, "-m", "mypy"], cwd=FOLDER, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
