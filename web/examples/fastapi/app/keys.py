"""The public keys of the identity server."""

import asyncio
import logging
import time
from collections.abc import Callable

import jwt
from starlette.concurrency import run_in_threadpool

from .errors import AuthUnavailable, InvalidToken

log = logging.getLogger("uvicorn.error")


class KeySet:
    """Fetches the keys when first needed, when they are old, and when a token names one that is not there.

    PyJWKClient fetches and reads them. Its own cache forgets the keys when the server is away for longer than
    their lifespan, and fetches anew for every unknown key while it is, so what is kept is decided here.
    """

    def __init__(
        self,
        url: str,
        *,
        max_age: float = 300,
        cooldown: float = 5,
        timeout: float = 3,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = jwt.PyJWKClient(url, cache_jwk_set=False, timeout=timeout)
        self._keys: dict[str, jwt.PyJWK] = {}
        self._max_age, self._cooldown, self._now = max_age, cooldown, now
        self._old_at = self._quiet_until = now()
        self._fetching = asyncio.Lock()

    async def find(self, kid: str) -> jwt.PyJWK:
        """Gives the key of that id. Keys once fetched go on counting while the server is away."""
        if kid not in self._keys:
            await self._fetch(lambda: kid not in self._keys)
        elif self._is_old() and not self._fetching.locked():  # only one call waits for the new ones
            await self._fetch(self._is_old)
        if not self._keys:
            raise AuthUnavailable
        if kid not in self._keys:
            raise InvalidToken("The token is signed with an unknown key")
        return self._keys[kid]

    def _is_old(self) -> bool:
        return self._now() >= self._old_at

    async def _fetch(self, wanted: Callable[[], bool]) -> None:
        """Fetches the keys if they are wanted, and not at all for a while after a fetch that was no help.

        So a flood of tokens with made-up keys makes one fetch in five seconds, and a real new key is found at once.
        """
        async with self._fetching:
            if not wanted() or self._now() < self._quiet_until:
                return
            try:
                keys = await run_in_threadpool(self._client.get_signing_keys)
            except (jwt.PyJWTError, OSError, ValueError) as error:
                log.warning("the key set of the identity server cannot be fetched: %s", error)
            else:
                self._keys = {key.key_id: key for key in keys if key.key_id}
                self._old_at = self._now() + self._max_age
            if wanted():
                self._quiet_until = self._now() + self._cooldown
