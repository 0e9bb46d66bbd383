"""Old days go whole, young ones stay, and nothing final changes."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.contests.queries import evidence
from app.core.clock import database_now
from app.core.extensions import db
from app.market.jobs import days_ahead, forget_old
from app.market.service.retention import forget, old_spans
from app.market.service.storing import store
from tests.contests.bundles import clear_winner
from tests.contests.evaluating import again, contest_of, draft_of, imported
from tests.contests.test_halt import on_live_prices, report
from tests.market.batches import NOON, a_token, batch, candles, line, part

TABLES = text("""
SELECT relid::text FROM (SELECT relid FROM pg_partition_tree('ticks')
  UNION SELECT relid FROM pg_partition_tree('candles'))
WHERE relid::text ~ '[0-9]$' ORDER BY 1
""")


def tables() -> list[str]:
    return list(db.session.execute(TABLES).scalars())


def two_days() -> None:
    token = a_token()
    day = timedelta(days=1)
    store(batch(line(token, "1", NOON - day) + line(token, "2")))
    store(candles(part(token, "2")))


@pytest.mark.parametrize(
    ("days", "gone"),
    [
        (29, []),
        (30, ["ticks_live_20260303"]),
        (31, ["ticks_live_20260303", "ticks_live_20260304"]),
        (427, ["ticks_live_20260303", "ticks_live_20260304"]),
        (428, ["candles_202603", "ticks_live_20260303", "ticks_live_20260304"]),
    ],
)
def test_what_is_old_goes(session: Session, days: int, gone: list[str]) -> None:
    two_days()
    midnight = NOON.replace(hour=0)
    assert [span.name for span in forget(midnight + timedelta(days=days))] == gone
    assert not set(tables()) & set(gone)


def test_a_dry_run_says_it_and_drops_nothing(session: Session) -> None:
    two_days()
    before = tables()
    found = forget(NOON + timedelta(days=31), dry_run=True)
    assert [(span.kind, span.bytes > 0) for span in found] == [("ticks_live", True)] * 2
    assert tables() == before


def test_forgetting_is_on_record_once(session: Session) -> None:
    two_days()
    later = NOON + timedelta(days=31)
    assert [len(forget(later)), len(forget(later))] == [2, 0]
    assert session.query(AuditEntry).filter_by(action="market:history:forget").count() == 1


def test_the_worker_makes_days_and_forgets_them(session: Session) -> None:
    assert [days_ahead(), days_ahead(), forget_old()] == [True, False, False]
    two_days()
    assert (forget_old(), old_spans(database_now())) == (True, [])


@pytest.mark.parametrize("name", ["ticks_recorded", "contests", "no_such_table"])
def test_nothing_else_can_be_dropped_that_way(session: Session, name: str) -> None:
    with pytest.raises(IntegrityError, match="no day of ticks and no month of candles"):
        session.execute(text("SELECT drop_market_span(:name)"), {"name": name})


def test_evidence_outlives_the_ticks_it_rests_on(session: Session) -> None:
    imported(clear_winner())
    contest = on_live_prices()
    report("closed")
    again("CUP-1")
    before = evidence.inputs(contest_of("CUP-1"), draft_of("CUP-1"))
    assert forget(contest.ends_at + timedelta(days=40))
    assert session.execute(text("SELECT count(*) FROM ticks WHERE feed_id = 0")).scalar() == 0
    assert evidence.inputs(contest_of("CUP-1"), draft_of("CUP-1")) == before
    assert before["ticks"]


def test_the_command_previews_and_drops(committing: Flask) -> None:
    with committing.app_context():
        two_days()
    run = committing.test_cli_runner()
    shown = run.invoke(args=["market", "retention", "--dry-run"]).output
    assert shown.splitlines()[-1].endswith("bytes would go.")
    assert run.invoke(args=["market", "retention"]).output.splitlines()[-1].endswith("bytes are gone.")
    assert run.invoke(args=["market", "retention"]).output == "Nothing is old.\n"
