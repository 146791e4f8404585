"""How often somebody may call.

slowapi's decorators look at a request after FastAPI has run its dependencies and read its body, so the user is the
one whom current_user has verified; what a stranger writes into a token never chooses a counter.
"""

import ipaddress
import math
import time
from collections.abc import Callable

from fastapi import Request
from fastapi.responses import JSONResponse
from redis import RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry
from slowapi import Limiter

from .config import settings

PREMIUM = "premium"
# Calls without a valid token, by address.
STRANGERS = "100/minute"
# A Redis that hangs must not hold up callers: one try more, for connections that it has closed.
REDIS_OPTIONS = {"socket_timeout": 1, "socket_connect_timeout": 1, "retry": Retry(NoBackoff(), 1)}


def address(request: Request) -> str:
    """Gives who is at the other end, behind the trusted proxies.

    Whoever has one IPv6 address has the 2**64 of its network, which therefore count as one.
    """
    try:
        ip = ipaddress.ip_address(request.client.host if request.client else "")
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    return str(ip.ipv4_mapped or ipaddress.ip_network((ip, 64), strict=False))


def user_and_address(request: Request) -> str:
    return f"{request.state.user.id}@{address(request)}"


def is_premium(request: Request) -> bool:
    return PREMIUM in request.state.user.roles


def is_not_premium(request: Request) -> bool:
    return not is_premium(request)


class SharedLimiter(Limiter):
    """A limiter that counts in memory, each process for itself, while its Redis is away.

    slowapi does that for the call that notices. Others that were waiting for Redis at that moment would fail: they
    count once more, in memory.
    """

    def _check_request_limit(
        self, request: Request, endpoint_func: Callable[..., object] | None, in_middleware: bool = True
    ) -> None:
        try:
            super()._check_request_limit(request, endpoint_func, in_middleware)
        except RedisError:
            super()._check_request_limit(request, endpoint_func, in_middleware)


limiter = SharedLimiter(
    key_func=user_and_address,
    key_style="endpoint",  # with "url", the default, /tasks/1 and /tasks/2 have a counter each
    key_prefix="tasks-api",
    strategy="moving-window",
    storage_uri=settings.redis_url,
    storage_options=REDIS_OPTIONS,  # type: ignore[arg-type]  # they are not all texts, as slowapi says
    in_memory_fallback_enabled=True,
)


@limiter.limit(STRANGERS, key_func=address)
def count_stranger(request: Request) -> None:
    """Counts a call without a valid token, whose limit is that of its address."""


def too_many(request: Request, error: Exception) -> JSONResponse:
    """Answers 429, and says after how many seconds there is room again."""
    limit, key = request.state.view_rate_limit
    try:
        free_at = limiter.limiter.get_window_stats(limit, *key).reset_time
    except RedisError:
        free_at = time.time() + limit.get_expiry()
    seconds = max(1, math.ceil(free_at - time.time()))
    return JSONResponse({"detail": f"Too many requests: {limit}"}, 429, {"Retry-After": str(seconds)})
