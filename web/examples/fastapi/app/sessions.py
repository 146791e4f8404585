"""AUTH_CHECK=session: callers send their session token, and the server is asked whether it counts.

That costs a request for each call. In return a session that was revoked, or whose user was banned, ends at once.
"""

import re
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from .config import Settings
from .errors import AuthUnavailable, InvalidToken
from .users import User, user_from


def client(settings: Settings) -> httpx.AsyncClient:
    """Makes the pool of connections to the server.

    The server may answer with a session cookie. A client that kept it would send it along with the next caller's
    token, and vouch for that one with the session of the first.
    """
    return httpx.AsyncClient(
        base_url=settings.auth_url,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        timeout=httpx.Timeout(5, connect=2),
        limits=httpx.Limits(max_connections=50),
    )


class SessionCheck:
    """Knows a user by asking the identity server, each time."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def user(self, token: str) -> User:
        if not re.fullmatch("[!-~]+", token):  # no header can carry anything else
            raise InvalidToken
        try:
            answer = await self._http.get("/api/auth/get-session", headers={"Authorization": f"Bearer {token}"})
            answer.raise_for_status()
            found = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise AuthUnavailable from error
        if found is None:
            raise InvalidToken("The session has ended")
        return user_from(found.get("user") if isinstance(found, dict) else found)
