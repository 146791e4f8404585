"""The tables as classes."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import DateTime, Index, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from .database import Base


class Task(Base):
    """A thing that one user has to do."""

    __tablename__ = "tasks"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    # The `sub` of tokens. Users are in the database of the identity server, so there is nothing to refer to.
    user_id: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    done: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


# Every query begins with a user, and the list is in this order.
Index("tasks_user_id", Task.user_id, Task.created_at.desc(), Task.id)
