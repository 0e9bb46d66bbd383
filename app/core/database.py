"""How every process talks to PostgreSQL: one base class, one pool, time limits on every connection."""

from collections.abc import Callable
from typing import Any

import psycopg
from flask import Flask
from sqlalchemy import BigInteger, DateTime, Index, MetaData, Numeric, Text, literal_column, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, Session, registry, scoped_session

from app.config import Config
from app.core import engines

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
POOL_RESERVE = 4
"""Connections each process keeps out of its pool, for migrations, `psql` and notifications."""
TURNS_POOL = 2
"""Connections each process has for counting turns alone."""


class Base(DeclarativeBase):
    registry = registry(metadata=MetaData(naming_convention=NAMES), type_annotation_map={str: Text})


Instant = DateTime(timezone=True)
Lamports = BigInteger
Exact = Numeric
Document = JSONB


def beginnings(name: str, value: str) -> Index:
    """An index that finds `value`, an expression of the table, by how it begins, in any collation."""
    return Index(name, literal_column(value).label("value"), postgresql_ops={"value": "text_pattern_ops"})


def configure(app: Flask, settings: Config) -> None:
    """Sets the address and pool of Flask-SQLAlchemy; connects to nothing yet."""
    processes = settings.web_workers + settings.workers + 1
    app.config["SQLALCHEMY_DATABASE_URI"] = "postgresql+psycopg://"
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
        "creator": connector(settings),
        "pool_size": max(2, (settings.database_connections - POOL_RESERVE) // processes - TURNS_POOL),
        "max_overflow": 0,
        "pool_timeout": 2,
        "pool_pre_ping": True,
        "hide_parameters": True,  # a logged error carries no password hash and no token
    }


def connector(settings: Config) -> Callable[[], psycopg.Connection[Any]]:
    """A function that opens one connection; the embedded server is started when it does not answer."""
    limits = {
        "statement_timeout": settings.statement_timeout_ms,
        "lock_timeout": settings.lock_timeout_ms,
        "idle_in_transaction_session_timeout": settings.idle_transaction_timeout_ms,
        "timezone": "UTC",
    }
    options = " ".join(f"-c {name}={value}" for name, value in limits.items())

    def connect(address: str) -> psycopg.Connection[Any]:
        return psycopg.connect(address, options=options, connect_timeout=2, application_name="degenduel")

    def connect_embedded() -> psycopg.Connection[Any]:
        try:
            return connect(engines.postgres_address(settings.instance_path))
        except psycopg.OperationalError:
            return connect(plain_address(engines.ensure_postgres(settings.instance_path).url))

    if not settings.database_url:
        return connect_embedded
    return lambda: connect(plain_address(settings.database_url))


def plain_address(url: str) -> str:
    """libpq's form of an SQLAlchemy address."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def take_time(session: "Session | scoped_session[Any]", settings: Config) -> None:
    """Lets the current transaction run as long as a job may; for workers and commands, never for pages."""
    limit = settings.job_statement_timeout_ms
    session.execute(text(f"SET LOCAL statement_timeout = {limit}"))
    session.execute(text(f"SET LOCAL idle_in_transaction_session_timeout = {limit}"))
