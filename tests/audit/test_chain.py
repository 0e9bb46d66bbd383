"""The audit chain: written by the database, refused to everyone who would change it, and every tampering named."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit import queries, service
from app.audit.rules import SYSTEM
from app.audit.service import FIRST_FAULT
from app.core.extensions import db

Tamper = Callable[[str], None]


def write(count: int) -> None:
    for number in range(count):
        service.record("tests:row:write", object_type="row", object_id=number, by=SYSTEM, after={"number": number})
    db.session.commit()


def tamper(sql: str) -> None:
    """Runs SQL as a superuser who switched the triggers off."""
    with triggers_off():
        db.session.execute(text(sql))


@pytest.fixture
def chain(session: Session) -> Tamper:
    write(12)
    return tamper


@pytest.fixture
def committed_chain(committing: Flask) -> Iterator[Tamper]:
    """As `chain`, in a database of its own: where a chain was found good is kept outside of the database."""
    with committing.app_context():
        write(12)
        yield tamper
        db.session.remove()


@contextmanager
def triggers_off() -> Iterator[None]:
    for table in ("audit_log", "audit_head"):
        db.session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
    yield
    for table in ("audit_log", "audit_head"):
        db.session.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER ALL"))
    db.session.commit()


REBUILD = """
DO $$ DECLARE r audit_log; last bytea := decode(repeat('00', 32), 'hex'); BEGIN
  FOR r IN SELECT * FROM audit_log ORDER BY seq LOOP
    r.prev := last; last := audit_hash(r);
    UPDATE audit_log SET prev = r.prev, hash = last WHERE seq = r.seq;
  END LOOP;
  UPDATE audit_head SET hash = last;
END $$"""


def test_rows_are_numbered_and_linked(session: Session) -> None:
    write(3)
    rows = session.execute(text("SELECT seq, prev, hash FROM audit_log ORDER BY seq")).all()
    assert [row.seq for row in rows] == [1, 2, 3]
    assert [row.prev for row in rows] == [bytes(32), rows[0].hash, rows[1].hash]


def test_nobody_chooses_place_time_or_hash(session: Session) -> None:
    session.execute(
        text("""INSERT INTO audit_log (seq, at, actor_kind, actor_id, actor_name, action, object_type, object_id,
                prev, hash) VALUES (900, '2001-01-01', 'system', '', '', 'a:b:c', 'row', '1', '\\x00', '\\x00')""")
    )
    row = session.execute(
        text("SELECT seq, at < '2002-01-01' AS is_old, hash = audit_hash(a) AS fits FROM audit_log a")
    )
    assert row.one() == (1, False, True)


@pytest.mark.parametrize("verb", ["UPDATE audit_log SET reason = 'x'", "DELETE FROM audit_log", "TRUNCATE audit_log"])
def test_the_log_only_grows(session: Session, verb: str) -> None:
    write(1)
    with pytest.raises(IntegrityError, match="the audit log only grows"):
        session.execute(text(verb))


@pytest.mark.parametrize("verb", ["UPDATE audit_head SET seq = 0", "DELETE FROM audit_head", "TRUNCATE audit_head"])
def test_nobody_moves_the_head(session: Session, verb: str) -> None:
    with pytest.raises(IntegrityError, match="the audit log only grows"):
        session.execute(text(verb))


def test_many_rows_at_once_are_linked_too(session: Session) -> None:
    write(2)
    session.execute(
        text("""INSERT INTO audit_log (actor_kind, actor_id, actor_name, action, object_type, object_id)
                SELECT 'system', '', '', 'a:b:c', 'row', n::text FROM generate_series(1, 500) n""")
    )
    write(1)
    assert session.execute(FIRST_FAULT).one_or_none() is None
    head = session.execute(text("SELECT h.seq, h.hash = a.hash FROM audit_head h JOIN audit_log a USING (seq)"))
    assert head.one() == (503, True)


def test_after_a_cut_end_the_chain_goes_on_with_a_gap(chain: Tamper) -> None:
    chain("DELETE FROM audit_log WHERE seq > 10")
    write(1)
    assert service.verify().fault == service.Fault(11, "missing")


def test_a_refused_command_leaves_no_row(session: Session) -> None:
    service.record("tests:row:write", object_type="row", object_id=1, by=SYSTEM)
    session.rollback()
    write(1)
    assert session.execute(text("SELECT array_agg(seq) FROM audit_log")).scalar() == [1]


def test_an_untouched_chain_is_verified_to_its_last_row(committed_chain: Tamper) -> None:
    assert service.verify() == service.Verdict(12, None)


def test_verifying_twice_remembers_where_it_was_good(committed_chain: Tamper) -> None:
    service.verify()
    write(2)
    assert service.verify() == service.Verdict(14, None)
    assert queries.chain_state().verified_seq == 14


@pytest.mark.parametrize(
    "edit",
    [
        "after = '{\"number\": 700}'", "actor_name = 'somebody'", "actor_id = '7'", "action = 'tests:row:read'",
        "object_id = '99'", "object_type = 'table'", "reason = 'because'", "request_id = 'x'", "before = '{}'",
        "at = at - interval '1 microsecond'", "actor_kind = 'staff'", "after = NULL",
    ],
)  # fmt: skip
def test_an_edited_row_is_named(chain: Tamper, edit: str) -> None:
    chain(f"UPDATE audit_log SET {edit} WHERE seq = 8")  # noqa: S608 (texts of this file)
    assert service.verify().fault == service.Fault(8, "changed")


def test_an_edited_row_with_a_new_hash_breaks_its_successor(chain: Tamper) -> None:
    chain("UPDATE audit_log SET reason = 'x' WHERE seq = 8")
    chain("UPDATE audit_log a SET hash = audit_hash(a) WHERE seq = 8")
    assert service.verify().fault == service.Fault(9, "unlinked")


def test_a_deleted_row_is_named(chain: Tamper) -> None:
    chain("DELETE FROM audit_log WHERE seq = 5")
    assert service.verify().fault == service.Fault(5, "missing")


def test_a_deleted_first_row_is_named(chain: Tamper) -> None:
    chain("DELETE FROM audit_log WHERE seq = 1")
    assert service.verify().fault == service.Fault(1, "missing")


def test_a_cut_end_is_named(chain: Tamper) -> None:
    chain("DELETE FROM audit_log WHERE seq > 10")
    assert service.verify().fault == service.Fault(11, "cut")


def test_an_emptied_log_is_noticed(chain: Tamper) -> None:
    chain("DELETE FROM audit_log")
    assert service.verify().fault == service.Fault(1, "cut")


def test_a_rebuilt_chain_differs_from_what_was_seen_before(committed_chain: Tamper) -> None:
    service.verify()
    committed_chain("UPDATE audit_log SET reason = 'x' WHERE seq = 3")
    committed_chain(REBUILD)
    assert service.verify().fault == service.Fault(12, "rebuilt")


def test_a_rebuilt_end_does_not_fit_the_head(chain: Tamper) -> None:
    chain("UPDATE audit_log SET reason = 'x' WHERE seq = 12")
    chain("UPDATE audit_log a SET hash = audit_hash(a) WHERE seq = 12")
    assert service.verify().fault == service.Fault(12, "rebuilt")


def test_the_finding_stays_on_record(chain: Tamper) -> None:
    chain("DELETE FROM audit_log WHERE seq = 5")
    service.verify()
    state = queries.chain_state()
    assert (state.fault, state.fault_seq) == ("missing", 5)
