"""Who the caller is."""

from fastapi import APIRouter

from .users import CurrentUser, User

router = APIRouter(tags=["profile"])


@router.get("/profile")
async def profile(user: CurrentUser) -> User:
    """Gives the user as the token describes them: a change shows in the next token."""
    return user
