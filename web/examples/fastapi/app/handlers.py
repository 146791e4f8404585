"""Answers to what goes wrong in any endpoint: always {"detail": "..."}."""

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from .errors import unavailable


async def bad_input(request: Request, error: Exception) -> JSONResponse:
    """Answers 422. FastAPI's own answer repeats the input, and fails where JSON cannot: NaN, half a surrogate."""
    assert isinstance(error, RequestValidationError)
    problems = [f"{_place(problem['loc'])}: {problem['msg']}" for problem in error.errors()]
    detail = "; ".join(problems).encode(errors="replace").decode()
    return JSONResponse({"detail": detail}, 422)


def _place(location: tuple[str | int, ...]) -> str:
    """Names the field without "body" or "query" before it, where there is one."""
    return ".".join(str(part) for part in location[1:] or location)


async def database_away(request: Request, error: Exception) -> JSONResponse:
    away = unavailable("The database")
    return JSONResponse({"detail": away.detail}, away.status_code, away.headers)
