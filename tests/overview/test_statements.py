"""How many statements a page may ask of the database, its menu and its sign-in included."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from app.contests.models import Entry
from tests.clients import Browser
from tests.contests.bundles import tie_for_first
from tests.contests.evaluating import again, evaluated

BUDGETS = {
    "/": 8,
    "/contests?q=is:todo": 8,
    "/contests/CUP-TIE": 8,
    "/contests/CUP-TIE/entries/{entry}?rank=1": 8,
    "/contests/CUP-TIE/evaluate": 10,
    "/contests/CUP-TIE/ties": 8,
    "/contests/CUP-TIE/evidence": 10,
}


@contextmanager
def counted() -> Iterator[list[str]]:
    """What is asked meanwhile, savepoints of the test left out."""
    asked: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "SAVEPOINT" not in statement:
            asked.append(statement)

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


@pytest.mark.parametrize("address", BUDGETS)
def test_a_page_asks_little(support: Browser, session: Session, address: str) -> None:
    evaluated(tie_for_first())
    again("CUP-TIE", reason="A source was corrected")
    path = address.format(entry=session.scalars(select(Entry.id).limit(1)).one())
    support.get(path)
    with counted() as asked:
        assert support.get(path).status_code == 200
    assert len(asked) <= BUDGETS[address], "\n---\n".join(asked)
