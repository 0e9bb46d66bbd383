"""Every rule of alerts is fired by its real cause, and by nothing else."""

import os
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import create_server, socket

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.alerts.jobs.machine import cache_away, certificate_old, disk_found, disk_full, skew_found
from app.alerts.queries import open_alerts
from app.alerts.queries.watched import (
    audit_broken,
    audit_unverified,
    breakers_open,
    budgets_burning,
    keys_end_soon,
    workers_silent,
)
from app.alerts.rules.found import Measured
from app.alerts.service import close_alert, keep_measured, report_breaker, take_round
from app.alerts.service.alerting import note_alert
from app.audit.rules import SYSTEM
from app.audit.service import record, verify
from app.core.beats import Worker
from app.core.certificate import expiry
from app.core.clock import database_now
from app.core.extensions import db
from app.core.skew import skew_ms
from app.staff.service import add_client
from tests.audit.test_chain import tamper
from tests.payouts.people import touched

DAY = timedelta(days=1)
LONG = bool(os.environ.get("LONG"))


def test_a_cache_that_does_not_answer(committing_app: Callable[..., Flask]) -> None:
    with committing_app(redis_url="redis://127.0.0.1:1/0").app_context():
        assert [one.fingerprint for one in cache_away()] == ["service:cache"]


def test_a_cache_that_does(session: Session) -> None:
    assert cache_away() == []


def test_a_disk_that_fills_up(session: Session, tmp_path: Path) -> None:
    assert disk_full() == []
    more_than_there_is = 1024**6
    found = [disk_found(tmp_path, more_than_there_is, limit)[0].severity for limit in (1, more_than_there_is)]
    assert found == ["warning", "critical"]


def test_clocks_that_differ(session: Session) -> None:
    assert abs(skew_ms()) < 200
    assert [skew_found(ms) for ms in (-250, 250)] == [[], []]
    assert [skew_found(ms)[0].severity for ms in (-251, 251, 1001)] == ["warning", "warning", "critical"]
    assert "1001 ms behind" in skew_found(-1001)[0].what


@contextmanager
def serving_tls(folder: Path, runs_out: datetime) -> Iterator[tuple[int, Path]]:
    """A server on loopback with a certificate of its own that runs out then."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(datetime.now(UTC) - DAY).not_valid_after(runs_out)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    signed = made.add_extension(names, critical=True).sign(key, hashes.SHA256())
    kept = folder / "cert.pem"
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    kept.write_bytes(signed.public_bytes(serialization.Encoding.PEM) + key.private_bytes(*form))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(kept)
    with create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_greet, args=(listener, context))
        thread.start()
        yield listener.getsockname()[1], kept
        thread.join()


def _greet(listener: socket, context: ssl.SSLContext) -> None:
    line, _ = listener.accept()
    with suppress(OSError), line, context.wrap_socket(line, server_side=True) as safe:
        safe.recv(1)


def test_a_certificate_that_runs_out(tmp_path: Path) -> None:
    runs_out = (datetime.now(UTC) + 3 * DAY).replace(microsecond=0)
    with serving_tls(tmp_path, runs_out) as (port, kept):
        assert expiry(f"https://localhost:{port}", ssl.create_default_context(cafile=str(kept))) == runs_out


def test_a_certificate_nobody_trusts(committing_app: Callable[..., Flask], tmp_path: Path) -> None:
    with serving_tls(tmp_path, datetime.now(UTC) + 90 * DAY) as (port, _):
        app = committing_app(public_url=f"https://localhost:{port}")
        with app.app_context():
            assert "cannot be read" in certificate_old()[0].what


def test_a_certificate_that_has_run_out(
    committing_app: Callable[..., Flask], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving_tls(tmp_path, datetime.now(UTC) - timedelta(hours=1)) as (port, kept):
        monkeypatch.setenv("SSL_CERT_FILE", str(kept))
        with committing_app(public_url=f"https://localhost:{port}").app_context():
            (found,) = certificate_old()
    assert (found.severity, "has run out" in found.what) == ("critical", True)


def test_a_breaker_that_is_open_alerts_also_after_its_alert_was_closed(session: Session) -> None:
    report_breaker("market", "open", reason="No tick", next_probe_at=None, now=database_now())
    (alert,) = open_alerts()
    close_alert(alert.id, reason="A false alarm", by=SYSTEM)
    (found,) = breakers_open()
    assert (found.fingerprint, found.what) == ("breaker:market", "The market breaker is open: No tick")
    take_round({"alerts.breakers_open": [found]}, rules=1)
    assert [one.fingerprint for one in open_alerts()] == ["breaker:market"]
    report_breaker("market", "closed", reason=None, next_probe_at=None, now=database_now())
    assert breakers_open() == []


@pytest.fixture
def verified(committing: Flask) -> Iterator[None]:
    """A chain that was found good, in a database of its own: what was seen of it is kept outside."""
    with committing.app_context():
        record("tests:row:write", object_type="row", object_id=1, by=SYSTEM, after={"number": 1})
        db.session.commit()
        verify()
        yield
        db.session.remove()


@pytest.mark.usefixtures("verified")
def test_an_audit_log_that_was_changed() -> None:
    assert audit_broken() == []
    tamper("UPDATE audit_log SET actor_name = 'Mallory' WHERE seq = (SELECT max(seq) FROM audit_log)")
    verify()
    assert "was changed after it was written" in audit_broken()[0].what


@pytest.mark.usefixtures("verified")
def test_an_audit_log_that_nobody_verifies() -> None:
    assert audit_unverified() == []
    touched("UPDATE audit_checks SET at = at - interval '3 hours'", "audit_checks")
    assert "last verified 3 h" in audit_unverified()[0].what


def test_a_worker_that_fell_silent(session: Session) -> None:
    now = database_now()
    facts = {"host": "here", "pid": 1, "version": "1", "started_at": now - DAY}
    session.add_all([
        Worker(name="well", beat_at=now, **facts),
        Worker(name="gone", beat_at=now - timedelta(minutes=1), **facts),
        Worker(name="ended", beat_at=now - timedelta(minutes=1), stopped_at=now, **facts),
    ])  # fmt: skip
    session.commit()
    assert [one.fingerprint for one in workers_silent()] == ["worker:gone"]


def test_a_key_that_runs_out(session: Session) -> None:
    add_client("system", scopes=("market:prices:write",), sources=("*",), by=SYSTEM)
    assert keys_end_soon() == []
    session.execute(text("UPDATE api_clients SET expires_at = now() + interval '13 days'"))
    (found,) = keys_end_soon()
    assert (found.subject, found.link) == ("Key of system runs out", "/settings/clients")
    assert "`flask staff rotate-client system`" in found.next_step


def measured(minutes_ago: int, bad: int, total: int = 1000, target: str = "market.errors") -> None:
    """The market promises 99.9 %: one of a thousand is all its budget."""
    take_round({}, rules=0)
    keep_measured([Measured(target, total - bad, total)], until=database_now() - timedelta(minutes=minutes_ago))


@pytest.mark.parametrize(
    ("told", "severity"),
    [
        ([(2, 15), (30, 15)], "critical"),
        ([(2, 14), (30, 14), (200, 14)], "critical"),
        ([(2, 0), (32, 40)], "warning"),
        ([(2, 1), (32, 1), (100, 0)], None),
        ([(20, 3), (100, 3), (2000, 3)], "warning"),
        ([(2000, 50)], None),
    ],
    ids=["14.4×", "6×", "over for an hour, not for days", "within", "1×", "yesterday's"],
)
def test_a_budget_that_burns(session: Session, told: list[tuple[int, int]], severity: str | None) -> None:
    for minutes_ago, bad in told:
        measured(minutes_ago, bad)
    assert next((one.severity for one in budgets_burning()), None) == severity


def test_where_nothing_may_fail_one_failure_is_enough(session: Session) -> None:
    measured(2, 1, total=3, target="contests.accuracy")
    assert [(one.fingerprint, one.severity) for one in budgets_burning()] == [("budget:contests.accuracy", "critical")]


def test_one_late_thing_of_three_is_no_trend(session: Session) -> None:
    measured(2, 1, total=3, target="contests.done")
    assert budgets_burning() == []


@pytest.mark.skipif(not LONG, reason="LONG=1 tells ten thousand; a thousand are told in test_alerts")
def test_ten_thousand_times_the_same_is_one_alert(session: Session) -> None:
    for _ in range(100):
        _hundred_times()
    rows = db.session.execute(text("SELECT count(*), max(count) FROM alerts WHERE fingerprint = 'feed:pyth'")).one()
    assert tuple(rows) == (1, 10_000)


def _hundred_times() -> None:
    for _ in range(100):
        note_alert("feed:pyth", severity="warning", subject="Pyth", what="Pyth is silent", next_step="Look at Pyth")
    db.session.commit()
