"""Bundles become contests, and contests drafts, by the services that do it in earnest."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from typing import Any, cast

from sqlalchemy import Connection, func, select

from app.audit.rules import Actor
from app.contests.models import Contest, Evaluation, Tie, Transition
from app.contests.service.evaluation import Outcome, evaluate
from app.contests.service.importing import examine
from app.contests.service.staging import clear_stage
from app.contests.service.writing import write
from app.core.clock import database_now
from app.core.database import Base
from app.core.extensions import db
from app.core.progress import silent
from tests.contests.bundles import Document

ANN_OF_STAFF = Actor("staff", "1", "Ann")
BEN_OF_STAFF = Actor("staff", "2", "Ben")


def imported(document: Document, now: datetime | None = None) -> Contest:
    """As a file brings it; `now` is when it comes, which decides whether it has begun and ended."""
    staged, _ = examine(BytesIO(json.dumps(document).encode()), progress=silent, alone=True)
    contest = write(staged, now=now or database_now(), progress=silent)
    clear_stage()
    db.session.commit()
    return contest


def evaluated(document: Document, **wishes: Any) -> Outcome:
    """The outcome of a first evaluation, with its document."""
    return again(imported(document).code, **wishes)


def again(code: str, **wishes: Any) -> Outcome:
    return evaluate(code, **{"by": ANN_OF_STAFF, "progress": silent, "with_document": True, **wishes})


def contest_of(code: str) -> Contest:
    return db.session.scalars(select(Contest).filter_by(code=code).execution_options(populate_existing=True)).one()


def draft_of(code: str) -> Evaluation:
    drafts = select(Evaluation).filter_by(contest_id=contest_of(code).id, state="draft")
    return db.session.scalars(drafts.execution_options(populate_existing=True)).one()


def ties_of(code: str) -> list[Tie]:
    ties = select(Tie).filter_by(evaluation_id=draft_of(code).id).order_by(Tie.rank)
    return list(db.session.scalars(ties.execution_options(populate_existing=True)))


def states_of(code: str) -> list[str]:
    """Every state the contest was ever in."""
    steps = select(Transition.to_state).filter_by(contest_id=contest_of(code).id).order_by(Transition.id)
    return list(db.session.scalars(steps))


def row_counts() -> dict[str, int]:
    """Rows of every table."""
    db.session.flush()
    tables = Base.metadata.sorted_tables
    return {table.name: db.session.execute(select(func.count()).select_from(table)).scalar_one() for table in tables}


@contextmanager
def undone() -> Iterator[None]:
    """Undoes what is written in it, so that one test can try many contests."""
    db.session.remove()
    connection = cast(Connection, db.engine)  # where everything a test writes is rolled back, its one connection
    savepoint = connection.begin_nested()
    try:
        yield
    finally:
        db.session.remove()
        savepoint.rollback()
