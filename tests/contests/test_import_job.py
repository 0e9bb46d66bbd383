"""The worker's step for bundles handed in."""

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.contests.jobs.importing import import_handed_in
from app.contests.models import Contest, Import
from app.contests.service.handing_in import WorkerHasIt, confirm, hand_in
from app.contests.service.import_work import SLICE_BYTES, carry_out, content_of
from app.core.extensions import db
from tests.contests.bundles import bundle
from tests.contests.handed import ANN, packed


def handed(document: object, name: str = "cup.json") -> int:
    return hand_in(packed(document), file_name=name, by=ANN)


def row(session: Session, import_id: int) -> Import:
    return session.get_one(Import, import_id, populate_existing=True)


@pytest.mark.usefixtures("session")
def test_nothing_to_do() -> None:
    assert not import_handed_in()


def test_the_oldest_comes_first(session: Session) -> None:
    first, second = handed(bundle()), handed(bundle(code="CUP-2"))
    import_handed_in()
    assert (row(session, first).state, row(session, second).state) == ("ready", "received")


def test_a_ready_one_is_left_alone(session: Session) -> None:
    handed(bundle())
    assert [import_handed_in() for _ in range(2)] == [True, False]


def test_a_wrong_one_holds_nobody_up(session: Session) -> None:
    wrong, right = hand_in(b"no bundle", file_name="x", by=ANN), handed(bundle())
    assert [import_handed_in() for _ in range(2)] == [True, True]
    assert (row(session, wrong).state, row(session, right).state) == ("refused", "ready")
    assert row(session, wrong).content is None


def test_an_error_nobody_foresaw_refuses_the_file(session: Session) -> None:
    broken = handed(bundle())
    import_handed_in()
    confirm(broken, by=ANN)
    session.execute(text("UPDATE imports SET summary = '{}'"))
    assert import_handed_in()
    assert row(session, broken).problem == "something broke on our side while reading it; the log says what"


def test_a_large_file_comes_out_as_it_went_in(session: Session) -> None:
    content = b"\x1f\x8b" + bytes(range(256)) * 10_000
    assert len(content) > 2 * SLICE_BYTES
    with content_of(hand_in(content, file_name="large", by=ANN)) as stream:
        stream.seek(0)
        assert stream.read() == content


def test_two_workers_never_take_the_same_file(committing: Flask) -> None:
    with committing.app_context():
        import_id = handed(bundle())
        with db.engine.connect() as other:
            other.execute(text("SELECT FROM imports WHERE id = :id FOR UPDATE"), {"id": import_id})
            assert not import_handed_in()
            with pytest.raises(WorkerHasIt):
                confirm(import_id, by=ANN)
        assert import_handed_in()
        db.session.remove()


def test_a_worker_that_dies_leaves_no_trace(committing: Flask) -> None:
    with committing.app_context():
        import_id = handed(bundle())
        import_handed_in()
        confirm(import_id, by=ANN)
        with pytest.raises(DBAPIError):
            carry_out(row(db.session(), import_id), progress=end_connection)
        db.session.rollback()
        assert db.session.scalars(select(Contest)).all() == []
        assert import_handed_in()
        assert db.session.scalars(select(Contest.code)).all() == ["CUP-1"]
        db.session.remove()


def end_connection(label: str, done: int, _total: int) -> None:
    """What happens to the transaction of a worker that is killed, after its fourth statement has written."""
    if (label, done) == ("Writing", 5):
        pid = db.session.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with db.engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
