"""Messages: an endpoint that one user may call five times a minute."""

from fastapi import APIRouter, Request
from pydantic import BaseModel

from .limits import limiter
from .texts import Text
from .users import CurrentUser

router = APIRouter(tags=["messages"])


class Message(BaseModel):
    text: Text


class Accepted(BaseModel):
    sender: str | None
    text: str


@router.post("/messages", status_code=202)
@limiter.limit("5/minute")
def send_message(request: Request, user: CurrentUser, message: Message) -> Accepted:
    """Takes a message. Here it ends; a product would hand it to whatever delivers it."""
    return Accepted(sender=user.name, text=message.text)
