"""No address is anywhere afterwards, neither itself nor its plain hash: not in tables, spool, cache or log."""

from collections.abc import Callable
from hashlib import md5, sha1, sha256
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from app.core.extensions import db, valkey
from app.referrals.jobs.keeping import replay_clicks
from app.referrals.rules.spooling import FILE_NAME
from tests.clients import api_client
from tests.conftest import browser_of
from tests.contests.rows import address
from tests.referrals.linking import follow, referrer, running_period
from tests.referrals.playing import work

ADDRESSES = ("198.51.100.231", "2001:db8:77:1::9")
TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
API = "/api/v1/referrals/signups"


def traces() -> list[str]:
    """What would give an address away, in every form it may have been kept in."""
    plain = [*ADDRESSES, "198.51.100", "2001:db8:77:1"]
    return plain + [hash_of(one.encode()).hexdigest() for one in plain for hash_of in (md5, sha1, sha256)]


def kept(app: Flask) -> str:
    """Every row, every key and value of the cache, and every file of the instance folder but our own log."""
    found: list[str] = []
    for table in db.session.scalars(text(TABLES)).all():
        found += db.session.scalars(text(f"SELECT t::text FROM {table} t")).all()  # noqa: S608 (names of the database)
    for key in valkey().scan_iter():
        found += [repr(key), repr(valkey().dump(key))]
    folder = Path(app.config["SETTINGS"].instance_path)
    found += [path.read_bytes().decode("latin-1") for path in folder.glob("*") if path.is_file()]
    return "\n".join(found)


def test_nothing_gives_an_address_away(committing_app: Callable[..., Flask], capfd: pytest.CaptureFixture[str]) -> None:
    app = committing_app(log_level="info")
    with app.app_context():
        valkey().flushdb()
        running_period()
        referrer()
        browser, program = browser_of(app), api_client(app, "referrals:signup:write")
        for place in ADDRESSES:
            token = follow(browser, address=place).headers["Location"].partition("?click=")[2]
            told = {"wallet": address(), "nickname": "eve", "clicks": [token], "seen": {"address": place, "agent": "x"}}
            assert program.post(API, json=told).status_code == 201
        db.session.execute(text("ALTER TABLE visits RENAME TO visits_away"))
        db.session.commit()
        for place in ADDRESSES:
            assert follow(browser, "OTHER-1", address=place).status_code == 302
        spool = (Path(app.config["SETTINGS"].instance_path) / FILE_NAME).read_text()
        db.session.execute(text("ALTER TABLE visits_away RENAME TO visits"))
        db.session.commit()
        assert replay_clicks()
        work()
        written = kept(app) + spool + "".join(capfd.readouterr())
    assert [trace for trace in traces() if trace in written.lower()] == []
    assert "/r/<code>" in written
    assert spool.count("OTHER-1") == len(ADDRESSES)
