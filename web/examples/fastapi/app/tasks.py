"""The tasks of the user who calls. Each statement names that user: another's task is as good as none."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel, ConfigDict, StrictBool
from sqlalchemy import delete, select, update

from .database import transaction
from .models import Task
from .texts import Text
from .users import CurrentUser

router = APIRouter(prefix="/tasks", tags=["tasks"])


class NewTask(BaseModel):
    """What a caller may say. Other keys are ignored, a `user_id` too: whose task it is, the token says."""

    title: Text
    done: StrictBool = False


class ChangedTask(BaseModel):
    """PUT replaces, so it wants all there is."""

    title: Text
    done: StrictBool


class TaskOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    title: str
    done: bool
    created_at: datetime


class TaskList(BaseModel):
    tasks: list[TaskOut]


class Page(BaseModel):
    limit: int = Query(100, ge=1, le=100)
    offset: int = Query(0, ge=0, le=100_000)


@router.get("")
def list_tasks(user: CurrentUser, page: Annotated[Page, Query()]) -> TaskList:
    """Gives the tasks, newest first."""
    query = (
        select(Task)
        .where(Task.user_id == user.id)
        .order_by(Task.created_at.desc(), Task.id)
        .limit(page.limit)
        .offset(page.offset)
    )
    with transaction.begin() as database:
        return TaskList(tasks=[TaskOut.model_validate(task) for task in database.scalars(query)])


@router.post("", status_code=201)
def create_task(user: CurrentUser, new: NewTask) -> TaskOut:
    task = Task(user_id=user.id, title=new.title, done=new.done)
    with transaction.begin() as database:
        database.add(task)
        database.flush()
        return TaskOut.model_validate(task)


@router.get("/{id}")
def read_task(user: CurrentUser, id: UUID) -> TaskOut:
    with transaction.begin() as database:
        return found(database.scalar(select(Task).where(Task.id == id, Task.user_id == user.id)))


@router.put("/{id}")
def update_task(user: CurrentUser, id: UUID, changed: ChangedTask) -> TaskOut:
    statement = update(Task).where(Task.id == id, Task.user_id == user.id).values(changed.model_dump()).returning(Task)
    with transaction.begin() as database:
        return found(database.scalar(statement))


@router.delete("/{id}", status_code=204)
def delete_task(user: CurrentUser, id: UUID) -> None:
    statement = delete(Task).where(Task.id == id, Task.user_id == user.id).returning(Task)
    with transaction.begin() as database:
        found(database.scalar(statement))


def found(task: Task | None) -> TaskOut:
    if task is None:
        raise HTTPException(404, "There is no such task")
    return TaskOut.model_validate(task)
