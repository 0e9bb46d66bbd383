"""The audit log as a file: how many rows, exactly these, recorded."""

import csv

import pytest
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.audit.queries import PAGE
from app.audit.rules import Actor
from app.audit.service import record
from tests.clients import Browser
from tests.pages import Soup

CAT = Actor("staff", "7", "=cat()")


@pytest.fixture
def noise(session: Session) -> None:
    for number in range(PAGE + 5):
        record("staff:account:rename", object_type="account", object_id=number, by=CAT, reason="=1+1")
    record("contests:note:add", object_type="contest", object_id="X", by=Actor("system", "system", "System"))
    session.commit()


def test_the_number_of_rows_is_shown_first(noise: None, admin: Browser, soup: Soup) -> None:
    page = soup(admin.get("/audit?q=action:staff:account&export=ask"))
    assert f"{PAGE + 5} rows match." in page.words("section.notice")
    assert page.attr("section.notice [name=q]", "value") == "action:staff:account"


def test_the_file_has_what_was_asked_for_and_nothing_runs(noise: None, admin: Browser, session: Session) -> None:
    answer = admin.submit("/audit/csv", {"q": "action:staff:account"})
    rows = list(csv.DictReader(answer.get_data(as_text=True).splitlines()))
    assert [row["object_id"] for row in rows] == [str(number) for number in reversed(range(PAGE + 5))]
    assert {(row["actor"], row["reason"]) for row in rows} == {("'=cat()", "'=1+1")}
    kept = session.query(AuditEntry).filter_by(action="audit:log:export").one()
    assert (kept.actor_name, kept.after) == (admin.name, {"asked": "action:staff:account", "rows": PAGE + 5})


def test_the_file_ends_before_its_own_record(noise: None, admin: Browser, session: Session) -> None:
    rows = list(csv.DictReader(admin.submit("/audit/csv").get_data(as_text=True).splitlines()))
    kept = session.query(AuditEntry).filter_by(action="audit:log:export").one()
    assert (len(rows), rows[0]["row"]) == (kept.after and kept.after["rows"], str(kept.seq - 1))


def test_support_takes_no_file(support: Browser) -> None:
    assert support.submit("/audit/csv").status_code == 403
