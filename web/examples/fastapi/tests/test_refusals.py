"""Tokens that must not let anybody in."""

import base64
import json
from collections.abc import Callable

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from .issuer import AUDIENCE, Issuer
from .sallyport import Person, Sallyport
from .service import Service, refused_start, running


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def none(issuer: Issuer, alg: str) -> str:
    return f"{part({'alg': alg, 'kid': issuer.kid})}.{part(issuer.claims())}."


def signed_with_public_key(issuer: Issuer, encoding: Encoding, format: PublicFormat) -> str:
    """Uses the key that everybody knows as the secret of HS256."""
    public = issuer.key.public_key().public_bytes(encoding, format)
    content = f"{part({'alg': 'HS256', 'kid': issuer.kid})}.{part(issuer.claims())}"
    algorithm = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    signature = base64.urlsafe_b64encode(algorithm.sign(content.encode(), public)).rstrip(b"=").decode()
    return f"{content}.{signature}"


def tampered(issuer: Issuer) -> str:
    header, _, signature = issuer.sign().split(".")
    return f"{header}.{part(issuer.claims(sub='somebody-else'))}.{signature}"


def by_another_key(issuer: Issuer, kid: str | None) -> str:
    headers = {"kid": kid} if kid else {}
    return jwt.encode(issuer.claims(), Ed25519PrivateKey.generate(), "EdDSA", headers)


def by_rsa(issuer: Issuer) -> str:
    return jwt.encode(issuer.claims(), generate_private_key(65537, 2048), "RS256", {"kid": issuer.kid})


REFUSED: dict[str, Callable[[Issuer], str]] = {
    "garbage": lambda i: "garbage",
    "garbage in three parts": lambda i: "a.b.c",
    "not ASCII": lambda i: "\xe9.\xe9.\xe9",
    "deeply nested header": lambda i: base64.urlsafe_b64encode(b"[" * 20_000).decode().rstrip("=") + ".e30.e30",
    "header of no object": lambda i: f"{part([])}.{part(i.claims())}.e30",
    "expired": lambda i: i.sign(exp=i.claims()["iat"] - 60),
    "without expiry": lambda i: i.sign(exp=None),
    "expiry of no number": lambda i: i.sign(exp="never"),
    "not valid yet": lambda i: i.sign(nbf=i.claims()["iat"] + 60),
    "wrong audience": lambda i: i.sign(aud="https://other.example.com"),
    "the issuer as audience": lambda i: i.sign(aud=i.url),
    "without audience": lambda i: i.sign(aud=None),
    "wrong issuer": lambda i: i.sign(iss="https://other.example.com"),
    "without issuer": lambda i: i.sign(iss=None),
    "without subject": lambda i: i.sign(sub=None),
    "empty subject": lambda i: i.sign(sub=""),
    "name of no text": lambda i: i.sign(name=["Ada"]),
    "tampered": tampered,
    "alg none": lambda i: none(i, "none"),
    "alg None": lambda i: none(i, "None"),
    "HS256 with the public key in PEM": lambda i: signed_with_public_key(
        i, Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    ),
    "HS256 with the raw public key": lambda i: signed_with_public_key(i, Encoding.Raw, PublicFormat.Raw),
    "RS256": by_rsa,
    "unknown kid": lambda i: by_another_key(i, "unknown"),
    "without kid": lambda i: by_another_key(i, None),
    "another key under a known kid": lambda i: by_another_key(i, i.kid),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(issuer: Issuer, issuer_api: Service, name: str) -> None:
    headers = {"Authorization": b"Bearer " + REFUSED[name](issuer).encode("latin-1")}
    answer = issuer_api.get("/profile", headers=headers)
    assert answer.status_code == 401, answer.text
    challenge = answer.headers["WWW-Authenticate"]
    assert challenge == f'Bearer error="invalid_token", error_description="{answer.json()["detail"]}"'


def test_the_issuer_itself_is_trusted(issuer: Issuer, issuer_api: Service) -> None:
    answer = issuer_api.get("/profile", issuer.sign(aud=["https://other.example.com", AUDIENCE]))
    assert (answer.status_code, answer.json()["id"]) == (200, "somebody")


def test_the_expired_are_told(issuer: Issuer, issuer_api: Service) -> None:
    answer = issuer_api.get("/profile", issuer.sign(exp=1))
    assert answer.json() == {"detail": "The token has expired"}


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic YWRhOmFkYQ=="}])
@pytest.mark.parametrize(
    "call",
    ["GET /profile", "GET /tasks", "POST /tasks", "GET /tasks/{}", "PUT /tasks/{}", "DELETE /tasks/{}"]
    + ["POST /messages", "GET /reports"],
)
def test_no_token(api: Service, call: str, headers: dict[str, str]) -> None:
    method, path = call.split()
    path = path.replace("{}", "00000000-0000-0000-0000-000000000000")
    body = {"title": "Water the plants", "done": False, "text": "Hello"} if method in ("POST", "PUT") else None
    answer = api.call(method, path, headers=headers, json=body)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.json() == {"detail": "Sign in first"}


@pytest.mark.parametrize(("body", "status"), [(b"{", 422), (b"\xff", 400), (b"x" * 70_000, 413), (b"{}", 401)])
def test_a_stranger_with_a_bad_body_learns_no_more(api: Service, body: bytes, status: int) -> None:
    headers = {"Content-Type": "application/json"}
    answers = [api.post("/tasks", token, content=body, headers=headers) for token in (None, "garbage")]
    assert [answer.status_code for answer in answers] == [status] * 2


def test_a_session_token_is_no_jwt(api: Service, ann: Person) -> None:
    assert api.get("/profile", ann.session).status_code == 401


def test_algorithms_come_from_the_configuration(server: Sallyport, env: dict[str, str], ann: Person) -> None:
    with running({**env, "AUTH_ALGORITHMS": "ES256, RS256"}) as other:
        assert other.get("/profile", server.token(ann)).status_code == 401


@pytest.mark.parametrize("algorithms", ["HS256", "EdDSA,none"])
def test_a_configuration_with_a_shared_secret_is_refused(env: dict[str, str], algorithms: str) -> None:
    complaint = refused_start({**env, "AUTH_ALGORITHMS": algorithms})
    assert "must be some of ES256, ES384, ES512, EdDSA" in complaint
