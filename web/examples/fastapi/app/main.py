"""The service: uvicorn app.main:app --no-proxy-headers"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from slowapi.errors import RateLimitExceeded
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoFreeConnection
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from . import handlers, messages, profile, reports, sessions, tasks
from .bodies import BodyLimit
from .config import settings
from .database import create_tables
from .keys import KeySet
from .limits import limiter, too_many
from .tokens import TokenCheck


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    create_tables()
    app.state.limiter = limiter
    async with sessions.client(settings) as http:
        if settings.auth_check == "session":
            app.state.check = sessions.SessionCheck(http)
        else:
            app.state.check = TokenCheck(KeySet(f"{settings.auth_url}/api/auth/jwks"), settings)
        yield


app = FastAPI(title="Tasks", lifespan=lifespan)
for part in (profile, tasks, messages, reports):
    app.include_router(part.router)

app.add_exception_handler(RequestValidationError, handlers.bad_input)
app.add_exception_handler(RateLimitExceeded, too_many)
for away in (OperationalError, InterfaceError, NoFreeConnection):
    app.add_exception_handler(away, handlers.database_away)

# What is added last sees a call first.
app.add_middleware(BodyLimit)
app.add_middleware(
    CORSMiddleware,
    allow_origins=settings.app_origins,
    allow_methods=["GET", "POST", "PUT", "DELETE"],
    allow_headers=["Authorization", "Content-Type"],
    expose_headers=["Retry-After", "WWW-Authenticate"],
    # No allow_credentials: callers are known by the header alone, so no cookie has any business here.
)
# uvicorn's own, started with --no-proxy-headers, so that there is one list of proxies and not two.
app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=settings.trusted_proxies)


@app.get("/health", tags=["health"])
async def health() -> dict[str, str]:
    """Says that the process answers, whatever else is away."""
    return {"status": "ok"}
