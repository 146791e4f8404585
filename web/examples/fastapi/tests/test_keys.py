"""The key set: rotated, away, and asked for by strangers."""

import asyncio
from collections.abc import Iterator

import jwt
import pytest

from app.errors import AuthUnavailable, InvalidToken
from app.keys import KeySet

from .issuer import Issuer
from .sallyport import Person, Sallyport
from .service import Service, running
from .waiting import until


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    made = Issuer()
    yield made
    made.go()


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keys(issuer: Issuer, clock: Clock) -> KeySet:
    return KeySet(f"{issuer.url}/api/auth/jwks", max_age=300, cooldown=5, now=clock)


def known(keys: KeySet, *kids: str) -> list[bool]:
    """Asks for keys, all at once, and tells which are known."""

    async def find() -> list[object]:
        return list(await asyncio.gather(*map(keys.find, kids), return_exceptions=True))

    found = asyncio.run(find())
    for problem in found:
        if isinstance(problem, BaseException) and not isinstance(problem, InvalidToken):
            raise problem
    return [isinstance(key, jwt.PyJWK) for key in found]


def key_id(token: str) -> object:
    return jwt.get_unverified_header(token)["kid"]


def test_a_key_of_the_server_rotated_now(server: Sallyport, api: Service, ann: Person) -> None:
    before = server.token(ann)
    assert api.get("/profile", before).status_code == 200
    server.command("keys", "rotate", "--now")
    until(lambda: key_id(server.token(ann)) != key_id(before))
    assert api.get("/profile", server.token(ann)).status_code == 200
    assert api.get("/profile", before).status_code == 200


def test_the_server_is_away_at_start_and_later(server: Sallyport, env: dict[str, str], ann: Person) -> None:
    token = server.token(ann)
    server.stop()
    try:
        with running(env) as api:
            answer = api.get("/profile", token)
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
            assert answer.json() == {"detail": "The identity server is not reachable, try again"}
            server.start()
            until(lambda: api.get("/profile", token).status_code == 200)
            server.stop()
            assert api.get("/profile", token).status_code == 200
    finally:
        server.stop()
        server.start()


def test_one_fetch_for_many_calls(keys: KeySet, issuer: Issuer) -> None:
    assert known(keys, *[issuer.kid] * 20) == [True] * 20
    assert issuer.fetches == 1


def test_a_new_key_is_found_at_once(keys: KeySet, issuer: Issuer) -> None:
    assert known(keys, issuer.kid) == [True]
    old = issuer.kid
    issuer.rotate()
    assert known(keys, issuer.kid, issuer.kid) == [True, True]
    assert known(keys, old) == [False]


def test_a_flood_of_unknown_keys_is_one_fetch(keys: KeySet, issuer: Issuer, clock: Clock) -> None:
    known(keys, issuer.kid)
    assert known(keys, *[f"made up {n}" for n in range(50)]) == [False] * 50
    assert issuer.fetches == 2
    issuer.rotate()
    assert known(keys, issuer.kid) == [False]
    clock.now += 5
    assert known(keys, issuer.kid) == [True]
    assert issuer.fetches == 3


def test_old_keys_are_fetched_anew(keys: KeySet, issuer: Issuer, clock: Clock) -> None:
    old = issuer.kid
    known(keys, old)
    issuer.rotate()
    assert known(keys, old) == [True]
    clock.now += 300
    assert known(keys, old) == [False]


@pytest.mark.parametrize("trouble", ["away", "error", "garbage", "no object", "no keys"])
def test_the_last_good_set_goes_on_counting(keys: KeySet, issuer: Issuer, clock: Clock, trouble: str) -> None:
    known(keys, issuer.kid)
    match trouble:
        case "away":
            issuer.go()
        case "error":
            issuer.status = 500
        case _:
            issuer.body = {"garbage": b"<html>", "no object": b"[]", "no keys": b'{"keys": []}'}[trouble]
    clock.now += 1000
    assert known(keys, issuer.kid) == [True]
    if trouble == "away":
        issuer.come()


def test_a_server_that_is_away_is_asked_once_in_a_while(keys: KeySet, issuer: Issuer, clock: Clock) -> None:
    issuer.status = 500
    for _ in range(3):
        with pytest.raises(AuthUnavailable):
            known(keys, issuer.kid)
    assert issuer.fetches == 1
    issuer.status = 200
    clock.now += 5
    assert known(keys, issuer.kid) == [True]
