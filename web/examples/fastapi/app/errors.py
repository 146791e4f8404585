"""Why a caller is not let in, and how that is answered."""

from fastapi import HTTPException


class InvalidToken(Exception):
    """The caller has shown something that proves nothing."""

    def __init__(self, reason: str = "The token is not valid") -> None:
        super().__init__(reason)
        self.reason = reason


class NoToken(InvalidToken):
    """The caller has shown nothing."""

    def __init__(self) -> None:
        super().__init__("Sign in first")


class AuthUnavailable(Exception):
    """The identity server is away, so nobody can tell who calls."""


def unauthorized(error: InvalidToken) -> HTTPException:
    """Says what is wrong as RFC 6750, section 3.1, wants it: nothing where there was no token."""
    challenge = "Bearer"
    if not isinstance(error, NoToken):
        challenge += f' error="invalid_token", error_description="{error.reason}"'
    return HTTPException(401, error.reason, {"WWW-Authenticate": challenge})


def unavailable(what: str) -> HTTPException:
    return HTTPException(503, f"{what} is not reachable, try again", {"Retry-After": "5"})
