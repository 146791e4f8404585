"""Who calls."""

from typing import Annotated, Protocol

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, Field, ValidationError
from starlette.concurrency import run_in_threadpool

from .errors import AuthUnavailable, InvalidToken, NoToken, unauthorized, unavailable
from .limits import count_stranger


class User(BaseModel, frozen=True):
    """A user of the identity server, as a verified token or the server itself describes them."""

    id: str = Field(min_length=1)
    email: str | None = None
    name: str | None = None
    role: str | None = None

    @property
    def roles(self) -> list[str]:
        """The roles one by one: several are written with commas."""
        return [role.strip() for role in (self.role or "").split(",")]


class Check(Protocol):
    """A way to find out whose token it is: TokenCheck or SessionCheck."""

    async def user(self, token: str) -> User:
        """Gives the user, or raises InvalidToken or AuthUnavailable."""
        ...


def user_from(claims: object) -> User:
    try:
        return User.model_validate(claims)
    except ValidationError as error:
        raise InvalidToken from error


bearer = HTTPBearer(auto_error=False)


async def current_user(
    request: Request, header: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
) -> User:
    """Gives the user who calls; anybody else gets 401, or 503 when nobody can tell who it is."""
    check: Check = request.app.state.check
    try:
        if header is None:
            raise NoToken
        user = await check.user(header.credentials)
    except InvalidToken as error:
        await run_in_threadpool(count_stranger, request)
        raise unauthorized(error) from error
    except AuthUnavailable as error:
        raise unavailable("The identity server") from error
    request.state.user = user  # for the limits
    return user


CurrentUser = Annotated[User, Depends(current_user)]
