"""The page of services: promises, bands, the graph, breakers, caches, and announced work."""

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.alerts.queries.maintenance import paused_services
from app.alerts.rules.found import Measured
from app.alerts.service import keep_measured, report_breaker, resolve_alert, take_round
from app.core import jobs
from app.core.clock import database_now
from app.core.extensions import valkey
from app.core.jobs import Turn, take
from app.webhooks.jobs import forget_old
from tests.alerts.telling import told
from tests.clients import Browser, forget_recent
from tests.pages import Soup

SENT = {"pauses": ["webhooks"], "minutes": "60", "why": "The receiver moves house"}


def test_a_promise_shows_value_target_hours_and_budget(support: Browser, session: Session, soup: Soup) -> None:
    take_round({}, rules=1)
    both = [Measured("contests.done", 99, 100, 290_000), Measured("market.errors", 90, 100)]
    keep_measured(both, until=database_now())
    page = soup(support.get("/services"))
    done = page.words("#target-contests-done")
    assert "99.00 % ✓kept" in done
    assert "promise 99.0 % within 5 min · 100 contests · slowest 4 min 50 s" in done
    assert "0.0 % of the budget of 7 days left" in done
    assert "100.0 times the budget of 7 days is used" in page.words("#target-market-errors")
    assert len(page.select("#target-contests-done svg rect")) == 1
    assert "Whitelist: answered in time, promise 99.0 % within 30 s" in page.texts("#unmeasured li")


def test_bands_are_the_alerts_of_each_service(support: Browser, session: Session, soup: Soup) -> None:
    take_round({}, rules=1)
    keep_measured([Measured("market.uptime", 10, 10)], until=database_now())
    told("contest:1", severity="critical")
    session.execute(text("UPDATE alerts SET first_seen_at = first_seen_at - interval '20 seconds'"))
    page = soup(support.get("/services?span=7d"))
    contests = page.select("#bands .bands li")[7]
    assert [rect["class"] for rect in contests.select("rect")][-1] == ["critical"]
    assert "Contests: unknown" in page.words("#bands details")
    resolve_alert("contest:1")
    assert "critical" in soup(support.get("/services?span=90d")).words("#bands details")


def test_the_graph_has_its_words(support: Browser, session: Session, soup: Soup) -> None:
    told("service:database", severity="critical")
    words = soup(support.get("/services")).words("#graph details")
    assert "Database (✕ critical), in the PostgreSQL process, needs nothing." in words
    assert "in the worker process, needs Database, Cache, Market, Workers." in words


def test_a_breaker_shows_both_states(support: Browser, session: Session, soup: Soup) -> None:
    report_breaker("market", "open", reason="No tick for 3 s", next_probe_at=None, now=database_now())
    row = soup(support.get("/services")).words("#breakers tbody tr")
    assert row.startswith("Market ✕open no No tick for 3 s")


def test_a_cache_is_emptied_and_the_log_knows(admin: Browser, session: Session, soup: Soup) -> None:
    valkey().set("market:latest", b"{}", px=60_000)
    assert "1 entry would go" in soup(admin.get("/services")).words("#caches")
    assert admin.submit("/services/caches/market/purge", page="/services").status_code == 303
    assert valkey().get("market:latest") is None
    logged = session.execute(text("SELECT after FROM audit_log WHERE action = 'alerts:cache:purge'")).scalar_one()
    assert logged == {"keys": 1}
    assert admin.submit("/services/caches/nothing/purge", page="/services").status_code == 404


def test_announced_work_pauses_what_it_names(admin: Browser, session: Session, isolated: Flask, soup: Soup) -> None:
    told("queue:webhooks", subject="Webhooks wait")
    assert admin.submit("/services/maintenance", dict(SENT)).status_code == 303
    assert paused_services() == {"webhooks"}
    assert "Webhooks pause until" in soup(admin.get("/services")).words(".notice.now")
    assert "muted by maintenance of Webhooks" in soup(admin.get("/alerts?view=quiet")).words("#list")
    number = soup(admin.get("/services")).attr("#maintenance form", "action").split("/")[3]
    assert admin.submit(f"/services/maintenance/{number}/end").status_code == 303
    assert paused_services() == frozenset()
    assert admin.submit(f"/services/maintenance/{number}/end").status_code == 409


def test_the_worker_leaves_a_paused_service_alone(session: Session, isolated: Flask, admin: Browser) -> None:
    session.execute(text("INSERT INTO webhook_events (message_id, event, subject, body, at) "
                         "VALUES ('m', 'e', 's', '{}', now() - interval '90 days')"))  # fmt: skip
    session.commit()
    admin.submit("/services/maintenance", dict(SENT))
    forget_recent(isolated)
    assert take(isolated, Turn(forget_old)) is False
    assert "webhooks" in jobs.paused()
    session.execute(text("UPDATE maintenance_windows SET ended_at = now(), ended_by = 'Ann'"))
    session.commit()
    forget_recent(isolated)
    assert take(isolated, Turn(forget_old)) is True


@pytest.mark.parametrize("wrong", [{"pauses": []}, {"why": " "}, {"starts": "2020-01-01T00:00"}])
def test_what_cannot_be_announced_keeps_the_form(admin: Browser, session: Session, wrong: dict[str, str]) -> None:
    assert admin.submit("/services/maintenance", SENT | wrong).status_code == 422


def test_support_looks_and_cannot(support: Browser, session: Session) -> None:
    assert support.submit("/services/maintenance", dict(SENT)).status_code == 403
    assert support.submit("/services/caches/market/purge").status_code == 403
