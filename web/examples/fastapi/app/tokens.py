"""AUTH_CHECK=jwks: callers send a JWT, which is checked here with the server's public keys."""

import jwt

from .config import Settings
from .errors import InvalidToken
from .keys import KeySet
from .users import User, user_from

CLAIMS = ["exp", "iss", "aud", "sub"]
# What clocks may differ by, in seconds.
LEEWAY = 5


class TokenCheck:
    """Knows a user by a token that the identity server has signed for this service."""

    def __init__(self, keys: KeySet, settings: Settings) -> None:
        self._keys = keys
        self._settings = settings

    async def user(self, token: str) -> User:
        key = await self._keys.find(_key_id(token))
        return user_from(self._claims(token, key))

    def _claims(self, token: str, key: jwt.PyJWK) -> dict[str, object]:
        try:
            claims = jwt.decode(
                token,
                key,
                algorithms=self._settings.auth_algorithms,
                issuer=self._settings.issuer,
                audience=self._settings.audience,
                leeway=LEEWAY,
                options={"require": CLAIMS},
            )
        except jwt.ExpiredSignatureError as error:
            raise InvalidToken("The token has expired") from error
        except jwt.PyJWTError as error:
            raise InvalidToken from error
        return {**claims, "id": claims["sub"]}


def _key_id(token: str) -> str:
    """Reads which key the token wants to be verified with: all that is believed before it is."""
    try:
        kid = jwt.get_unverified_header(token).get("kid")
    except (jwt.PyJWTError, RecursionError) as error:  # the latter is deeply nested JSON
        raise InvalidToken from error
    if not isinstance(kid, str):
        raise InvalidToken
    return kid
