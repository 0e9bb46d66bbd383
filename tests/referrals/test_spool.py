"""A click whose database is away is on this disk before the redirect, and in the database once afterwards."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text

from app.core.extensions import db, valkey
from app.core.spool import Spool
from app.referrals.intake.receiver import receiver
from app.referrals.intake.replaying import Replayer
from app.referrals.jobs.keeping import replay_clicks
from app.referrals.models import Click, SourceTally
from app.referrals.rules.spooling import FILE_NAME
from tests.conftest import browser_of
from tests.referrals.linking import follow, referrer, running_period


@pytest.fixture
def away(committing: Flask) -> Flask:
    """An app whose clicks cannot be written."""
    with committing.app_context():
        running_period()
        referrer()
        receiver().keys()
        valkey().flushdb()
        db.session.execute(text("ALTER TABLE clicks RENAME TO clicks_away"))
        db.session.commit()
    return committing


def back(app: Flask) -> None:
    db.session.execute(text("ALTER TABLE clicks_away RENAME TO clicks"))
    db.session.commit()


def spool_of(app: Flask) -> Path:
    return Path(app.config["SETTINGS"].instance_path) / FILE_NAME


def test_the_disk_has_it_before_the_redirect_and_the_database_afterwards(away: Flask) -> None:
    answer = follow(browser_of(away), address="198.51.100.23")
    assert (answer.status_code, "?click=" in answer.headers["Location"]) == (302, True)
    assert b"198.51.100" not in spool_of(away).read_bytes()
    with away.app_context():
        back(away)
        assert replay_clicks()
        assert db.session.scalars(select(Click.verdict)).all() == ["counted"]
        assert not replay_clicks()
    assert list(spool_of(away).parent.glob(f"{FILE_NAME}*")) == []


def test_what_is_told_twice_is_kept_and_counted_once(away: Flask) -> None:
    follow(browser_of(away))
    lines = spool_of(away).read_bytes()
    with away.app_context():
        back(away)
        for _ in range(2):
            Replayer(away).replay()
            spool_of(away).write_bytes(lines + b'["cut sho')
        Replayer(away).replay()
        assert len(db.session.scalars(select(Click.id)).all()) == 1
        assert db.session.scalars(select(SourceTally.clicks)).one() == 1


def test_what_cannot_be_brought_yet_stays(away: Flask) -> None:
    follow(browser_of(away))
    with away.app_context():
        assert not replay_clicks()
        back(away)
        assert replay_clicks()


def test_without_disk_and_database_nothing_is_acknowledged(away: Flask) -> None:
    spool_of(away).mkdir()
    answer = follow(browser_of(away))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


def test_limits_hold_on_the_disk_too(away: Flask) -> None:
    browser = browser_of(away)
    assert [follow(browser).status_code for _ in range(12)] == [302] * 10 + [429] * 2
    assert spool_of(away).read_bytes().count(b"over_limit") == 2


def test_a_long_file_is_handed_over_in_parts_and_in_order(tmp_path: Path) -> None:
    spool, taken = Spool(tmp_path / "lines"), list[list[bytes]]()
    written = [b"%d" % number for number in range(2_500)]
    spool.keep([*written[:7], b"", *written[7:]])
    assert spool.hand_over(lambda lines: taken.append(list(lines))) == 2_500
    assert [len(part) for part in taken] == [1000, 1000, 500]
    assert [line for part in taken for line in part] == written
