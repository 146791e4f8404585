"""The connection to Postgres, and the tables."""

from sqlalchemy import create_engine, text
from sqlalchemy.orm import DeclarativeBase, sessionmaker

from .config import settings

engine = create_engine(
    settings.database_url,
    pool_size=10,
    max_overflow=10,
    pool_timeout=5,
    pool_pre_ping=True,  # a connection that Postgres has closed is noticed before it is used
    connect_args={"connect_timeout": 5},
)

# `with transaction.begin() as database:` is one transaction. What it read can be used after its end.
transaction = sessionmaker(engine, expire_on_commit=False)

# Any number; the same in each process.
TABLES_LOCK = 7_463_001


class Base(DeclarativeBase):
    """What all tables have in common: nothing."""


def create_tables() -> None:
    """Makes the tables that are missing. Of several processes that start at once, one does and the others wait.

    It never changes a table: take a tool for migrations, such as Alembic, before the first change.
    """
    with engine.begin() as connection:
        connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": TABLES_LOCK})
        Base.metadata.create_all(connection)
