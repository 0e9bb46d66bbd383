"""What time it is. Deadlines are decided by the database's clock, never by this process's."""

from datetime import datetime
from typing import cast

from sqlalchemy import text

from app.core.extensions import db


def database_now() -> datetime:
    """The database's wall clock, aware, in UTC."""
    return cast(datetime, db.session.execute(text("SELECT clock_timestamp()")).scalar_one())
