"""Reports: an endpoint whose limit is another for some roles."""

from fastapi import APIRouter, Request
from pydantic import BaseModel
from sqlalchemy import func, select

from .database import transaction
from .limits import is_not_premium, is_premium, limiter
from .models import Task
from .users import CurrentUser

router = APIRouter(tags=["reports"])


class Report(BaseModel):
    open: int
    done: int


# Two limits of which one is left out. slowapi's limits by function keep the request in an object that all threads
# share, so that a call may be measured by the role of another.
@router.get("/reports")
@limiter.limit("100/minute", exempt_when=is_not_premium)
@limiter.limit("10/minute", exempt_when=is_premium)
def report(request: Request, user: CurrentUser) -> Report:
    """Counts the tasks of the user."""
    query = select(
        func.count().filter(~Task.done),
        func.count().filter(Task.done),
    ).where(Task.user_id == user.id)
    with transaction.begin() as database:
        open_tasks, done_tasks = database.execute(query).one()
    return Report(open=open_tasks, done=done_tasks)
