"""Verifies the tokens of an identity server."""

from typing import Any

import jwt


class NoKeys(Exception):
    """Nothing is known about the token: the key set cannot be fetched. Answer 503."""


class Verifier:
    """Knows what a token must say. It may be shared among threads."""

    def __init__(self, auth_url: str, issuer: str, audience: str) -> None:
        self.issuer, self.audience = issuer, audience
        self.keys = jwt.PyJWKClient(
            f"{auth_url}/api/auth/jwks",
            lifespan=300,  # then the key set is fetched again
            cooldown_duration=5,  # between fetches for unknown keys: strangers can name any
            timeout=5,
        )

    def verify(self, token: str) -> dict[str, Any]:
        """Returns the claims of a valid token. Any other is a jwt.InvalidTokenError."""
        return jwt.decode(
            token,
            self.key(token),
            algorithms=["EdDSA"],  # the server's default; never take it from the token
            issuer=self.issuer,
            audience=self.audience,
            options={"require": ["exp", "iss", "aud", "sub"]},
        )

    def key(self, token: str) -> jwt.PyJWK:
        """Finds the key that the token names."""
        kid = jwt.get_unverified_header(token).get("kid")
        try:
            return self.keys.get_signing_key(kid)
        except (jwt.PyJWKClientConnectionError, jwt.PyJWKSetError, ValueError) as error:
            raise NoKeys(str(error)) from error
        except jwt.PyJWKClientError as error:
            raise jwt.InvalidTokenError(str(error)) from error
