"""A second issuer, with keys of its own: for tokens that a healthy server never makes, and key sets that come and go."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm

from .process import free_port


AUDIENCE = "https://tasks.example.com"


class Issuer:
    """Publishes its key where the identity server does."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.fetches = 0
        self.status = 200
        self.rotate()
        self.come()

    def rotate(self) -> None:
        """Signs with a new key from now on, and publishes no other."""
        self.key, self.kid = Ed25519PrivateKey.generate(), str(uuid4())
        jwk = OKPAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        self.body = json.dumps({"keys": [{**jwk, "alg": "EdDSA", "kid": self.kid}]}).encode()

    def come(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), self._handler())
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def go(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def claims(self, **changed: object) -> dict[str, Any]:
        """Claims that are valid except for those given; None leaves one out."""
        now = int(time.time())
        valid = {"iat": now, "exp": now + 60, "iss": self.url, "aud": AUDIENCE, "sub": "somebody"}
        return {name: value for name, value in {**valid, **changed}.items() if value is not None}

    def sign(self, **changed: object) -> str:
        return jwt.encode(self.claims(**changed), self.key, "EdDSA", {"kid": self.kid})

    def somebody(self) -> str:
        """Gives a token of somebody who has not called yet."""
        return self.sign(sub=str(uuid4()))

    def _handler(issuer) -> type[BaseHTTPRequestHandler]:  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.fetches += 1
                self.send_response(issuer.status if self.path == "/api/auth/jwks" else 404)
                self.send_header("Content-Length", str(len(issuer.body)))
                self.end_headers()
                self.wfile.write(issuer.body)

            def log_message(self, format: str, *args: object) -> None:
                """Says nothing."""

        return Handler
