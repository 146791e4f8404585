"""How often somebody may call, and whose calls count together."""

import pytest

from .issuer import Issuer
from .sallyport import Person, Sallyport
from .service import Service, refused_start


def messages(api: Service, token: str, calls: int, address: str | None = None) -> list[int]:
    headers = {"X-Forwarded-For": address} if address else {}
    answers = [api.post("/messages", token, json={"text": "Hello"}, headers=headers) for _ in range(calls)]
    return [answer.status_code for answer in answers]


def reports(api: Service, token: str, calls: int) -> list[int]:
    return [api.get("/reports", token).status_code for _ in range(calls)]


def test_messages(server: Sallyport, api: Service, ann: Person) -> None:
    token = server.token(ann)
    assert messages(api, token, 5) == [202] * 5
    refused = api.post("/messages", token, json={"text": "Hello"})
    assert (refused.status_code, refused.json()) == (429, {"detail": "Too many requests: 5 per 1 minute"})
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert api.get("/tasks", token).status_code == 200


def test_two_users_at_one_address_do_not_share(server: Sallyport, api: Service, ann: Person, bob: Person) -> None:
    assert messages(api, server.token(ann), 6)[-1] == 429
    assert messages(api, server.token(bob), 5) == [202] * 5


def test_a_new_token_is_no_new_user(server: Sallyport, api: Service, ann: Person) -> None:
    codes = [code for _ in range(6) for code in messages(api, server.token(ann), 1)]
    assert codes == [202] * 5 + [429]


def test_refused_input_does_not_count(server: Sallyport, api: Service, ann: Person) -> None:
    token = server.token(ann)
    for _ in range(6):
        assert api.post("/messages", token, json={"text": "\0"}).status_code == 422
    assert messages(api, token, 1) == [202]


def test_a_role_is_worth_more_with_the_next_token(server: Sallyport, api: Service, ann: Person) -> None:
    token = server.token(ann)
    assert reports(api, token, 11) == [200] * 10 + [429]
    server.command("user", "set-role", "--user", ann.email, "--role", "premium")
    assert reports(api, token, 1) == [429]
    assert reports(api, server.token(ann), 101) == [200] * 100 + [429]


@pytest.mark.parametrize(("role", "premium"), [("user,premium", True), ("admin", False)])
def test_roles(server: Sallyport, api: Service, role: str, premium: bool) -> None:
    token = server.token(server.sign_up(role=role))
    assert reports(api, token, 11)[-1] == (200 if premium else 429)


def test_a_role_only_sounds_like_premium(issuer: Issuer, issuer_api: Service) -> None:
    assert reports(issuer_api, issuer.sign(role="not-premium"), 11)[-1] == 429


def test_a_stranger_cannot_use_up_a_users_calls(
    server: Sallyport, api: Service, issuer: Issuer, ann: Person
) -> None:
    assert messages(api, issuer.sign(iss=server.url, aud=server.url, sub=ann.id), 6) == [401] * 6
    assert messages(api, server.token(ann), 5) == [202] * 5


def test_without_proxies_the_header_counts_for_nothing(server: Sallyport, api: Service, ann: Person) -> None:
    token = server.token(ann)
    codes = [code for n in range(6) for code in messages(api, token, 1, f"203.0.113.{n}")]
    assert codes == [202] * 5 + [429]


def test_behind_a_proxy_addresses_are_told_apart(issuer: Issuer, issuer_api: Service) -> None:
    token = issuer.somebody()
    assert messages(issuer_api, token, 6, "203.0.113.1")[-1] == 429
    assert messages(issuer_api, token, 1, "203.0.113.2") == [202]
    assert messages(issuer_api, token, 1, "198.51.100.7, 203.0.113.1, 10.1.2.3") == [429], "the caller adds on the left"
    assert messages(issuer_api, token, 1, "::ffff:203.0.113.1") == [429]


def test_addresses_of_one_ipv6_network_are_one(issuer: Issuer, issuer_api: Service) -> None:
    token = issuer.somebody()
    codes = [code for n in range(6) for code in messages(issuer_api, token, 1, f"2001:db8:1:2::{n}")]
    assert codes == [202] * 5 + [429]
    assert messages(issuer_api, token, 1, "2001:db8:1:3::1") == [202]


def test_strangers_are_limited_by_address(issuer: Issuer, issuer_api: Service) -> None:
    here = {"X-Forwarded-For": "192.0.2.1"}
    tokens = [None, "garbage"] * 50
    assert {issuer_api.get("/tasks", token, headers=here).status_code for token in tokens} == {401}
    refused = issuer_api.get("/tasks", headers=here)
    assert (refused.status_code, "Retry-After" in refused.headers) == (429, True)
    assert issuer_api.get("/tasks", issuer.somebody(), headers=here).status_code == 200
    assert issuer_api.get("/tasks", headers={"X-Forwarded-For": "192.0.2.2"}).status_code == 401


@pytest.mark.parametrize("proxies", ["*", "127.0.0.1,10.0.0.1/8"])
def test_proxies_are_addresses_and_networks(env: dict[str, str], proxies: str) -> None:
    assert "trusted_proxies" in refused_start({**env, "TRUSTED_PROXIES": proxies})
