"""AUTH_CHECK=session: the server is asked about each call."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from .conftest import NewDatabase
from .sallyport import EXAMPLE, Person, Sallyport
from .service import Service, running

# A server with limits, though not for the sign-ins of the tests, that answers each question about a session with a
# cookie for it.
RULES, MORE_RULES = "  customRules:\n", "  enabled: true\n  customRules:\n    /sign-in/email: false\n"
CONFIGURATION = EXAMPLE.replace(RULES, MORE_RULES) + "session: {updateAge: 0}\n"


@pytest.fixture(scope="module")
def server(binary: Path, tmp_path_factory: pytest.TempPathFactory, new_database: NewDatabase) -> Iterator[Sallyport]:
    running = Sallyport(binary, tmp_path_factory.mktemp("sallyport"), new_database(), CONFIGURATION)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def api(server: Sallyport, database: str) -> Iterator[Service]:
    with running({"AUTH_URL": server.url, "DATABASE_URL": database, "AUTH_CHECK": "session"}) as service:
        yield service


def test_the_session_is_the_user(api: Service, ann: Person, bob: Person) -> None:
    for person, name in ((ann, "Ann"), (bob, "Bob")):
        about = {"id": person.id, "email": person.email, "name": name, "role": "user"}
        assert api.get("/profile", person.session).json() == about


def test_a_session_ends_at_once(server: Sallyport, api: Service, ann: Person, bob: Person) -> None:
    assert api.get("/profile", ann.session).status_code == 200
    server.sign_out(ann)
    refused = api.get("/profile", ann.session)
    assert (refused.status_code, refused.json()) == (401, {"detail": "The session has ended"})
    assert 'error="invalid_token"' in refused.headers["WWW-Authenticate"]
    assert api.get("/profile", bob.session).status_code == 200


def test_a_role_counts_at_once(server: Sallyport, api: Service, ann: Person) -> None:
    server.command("user", "set-role", "--user", ann.email, "--role", "premium")
    assert api.get("/profile", ann.session).json()["role"] == "premium"


def test_no_session_of_anybody(server: Sallyport, api: Service, ann: Person) -> None:
    answer = server.get("/get-session", ann)
    assert "set-cookie" in answer.headers, "the server offers a cookie, which the service must not keep"
    for token in ("made-up", "made.up", "%00", "\xe9", "\x07"):
        assert api.get("/profile", ann.session).status_code == 200
        headers = {"Authorization": f"Bearer {token}".encode("latin-1")}
        assert api.get("/profile", headers=headers).status_code == 401, token


def test_users_do_not_share_the_servers_limit(server: Sallyport, api: Service, ann: Person, bob: Person) -> None:
    assert {server.get("/get-session", ann).status_code for _ in range(300)} == {200}
    assert server.get("/get-session", ann).status_code == 429
    answer = api.get("/profile", ann.session)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert api.get("/profile", bob.session).status_code == 200


def test_a_jwt_is_no_session(server: Sallyport, api: Service, ann: Person) -> None:
    assert api.get("/profile", server.token(ann)).status_code == 401


def test_the_server_is_away(server: Sallyport, api: Service, ann: Person) -> None:
    server.stop()
    try:
        answer = api.get("/profile", ann.session)
    finally:
        server.start()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert api.get("/profile", ann.session).status_code == 200
