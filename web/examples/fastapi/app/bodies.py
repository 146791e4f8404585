"""How large a body may be. Neither uvicorn nor FastAPI sets a limit, and both keep the whole of it in memory."""

from fastapi import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 64 * 1024


class BodyLimit:
    """Ends calls with a larger body with 413, also where no header tells its size."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        size = 0

        async def counted() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > MAX_BODY:
                raise HTTPException(413, f"The body is larger than {MAX_BODY} bytes")  # FastAPI answers with it
            return message

        await self._app(scope, counted, send)
