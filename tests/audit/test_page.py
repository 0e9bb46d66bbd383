"""The audit log's screen."""

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.audit import service
from app.audit.rules import SYSTEM, Actor
from app.core.extensions import db
from tests.audit.test_chain import triggers_off, write
from tests.clients import HTMX, Browser, staff_browser
from tests.pages import Soup

ANN = Actor("staff", "7", "ann")


def rows(soup: Soup, answer: TestResponse) -> list[str]:
    return [cell.text for cell in soup(answer).select("#audit tbody td.num a")]


@pytest.fixture
def log(session: Session) -> None:
    service.record(
        "contests:tie:resolve", object_type="contest", object_id=42, by=ANN,
        before={"choice": None}, after={"choice": "share"}, reason="Both sold at the same second",
    )  # fmt: skip
    service.record("contests:contest:end", object_type="contest", object_id=43, by=SYSTEM)
    session.commit()


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("object:contest/42", 1), ("object:contest", 2), ("actor:ann", 1), ("action:contests:", 2),
        ("action:contests:tie:resolve", 1), ("same second", 1), ("second -same", 0), ("after:2020-01-01 actor:ann", 1),
        ("before:2020-01-01", 0), ("actor:' OR 1=1 --", 0), ("action:%", 0), ("nobody wrote this", 0),
    ],
)  # fmt: skip
def test_filters(admin: Browser, soup: Soup, q: str, found: int) -> None:
    assert len(rows(soup, admin.get("/audit", query_string={"q": q}))) == found


@pytest.mark.usefixtures("log")
def test_a_row_says_what_changed_in_one_line(admin: Browser, soup: Soup) -> None:
    cells = soup(admin.get("/audit?q=object:contest/42")).select("#audit tbody td")
    assert [cells[5].text, cells[6].text] == ["choice: null → share", "Both sold at the same second"]


def test_pages_cover_everything_once(admin: Browser, session: Session, soup: Soup) -> None:
    write(120)
    seen: list[str] = []
    address = "/audit?q=action:tests:"
    while address:
        answer = admin.get(address)
        seen += rows(soup, answer)
        older = soup(answer).select("a[rel=next]")
        address = str(older[0]["href"]) if older else ""
    assert len(seen) == 120
    assert seen == sorted(set(seen), key=lambda text: -int(text[1:]))


def test_newer_leads_back(admin: Browser, session: Session, soup: Soup) -> None:
    write(120)
    first = admin.get("/audit")
    second = admin.get(soup(first).attr("a[rel=next]", "href"))
    back = admin.get(soup(second).attr("a[rel=prev]", "href"))
    assert rows(soup, back) == rows(soup, first)


@pytest.mark.usefixtures("log")
def test_a_row_opens(admin: Browser, soup: Soup) -> None:
    seq = rows(soup, admin.get("/audit?q=object:contest/42"))[0].removeprefix("#")
    page = soup(admin.get(f"/audit/{seq}"))
    assert [cell.text for cell in page.select("#changes tbody tr > *")] == ["choice", "null", "share"]


@pytest.mark.usefixtures("log")
def test_a_row_shows_what_else_happened_to_its_object(admin: Browser, session: Session, soup: Soup) -> None:
    service.record("contests:contest:apply", object_type="contest", object_id=42, by=ANN)
    session.commit()
    seq = rows(soup, admin.get("/audit?q=object:contest/42"))[0].removeprefix("#")
    assert soup(admin.get(f"/audit/{seq}")).texts("#history li p:first-child a") == ["Contest: apply", "Tie: resolve"]


def test_a_row_that_is_not_there(admin: Browser) -> None:
    assert admin.get("/audit/987654").status_code == 404


def test_what_people_wrote_stays_text(admin: Browser, session: Session, soup: Soup) -> None:
    script = "<script>alert(1)</script>"
    service.record("tests:row:write", object_type="row", object_id="<b>1</b>", by=SYSTEM, reason=script)
    session.commit()
    cells = soup(admin.get("/audit?q=object:row")).select("#audit tbody td")
    assert [cells[4].text, cells[6].text] == ["row <b>1</b>", script]


def test_a_time_it_cannot_read_is_said(admin: Browser, soup: Soup) -> None:
    assert "write the time as" in soup(admin.get("/audit?q=after:yesterday")).words("#audit")


def test_htmx_gets_the_list_alone(admin: Browser, soup: Soup) -> None:
    assert soup(admin.get("/audit", headers=HTMX)).is_fragment


def test_support_does_not_read_it(support: Browser) -> None:
    assert support.get("/audit").status_code == 403
    assert support.submit("/audit/verify").status_code == 403


def test_the_first_look_says_nothing_was_verified(admin: Browser, soup: Soup) -> None:
    assert "not been verified yet" in soup(admin.get("/audit")).words("#chain")


def test_verifying_from_the_page(committing: Flask, soup: Soup) -> None:
    admin = staff_browser(committing, "admin")
    assert admin.submit("/audit/verify").location == "/audit"
    assert "Verified to #1." in soup(admin.get("/audit")).words("#chain")


def test_a_broken_chain_is_red_on_the_page(admin: Browser, session: Session, soup: Soup) -> None:
    write(3)
    with triggers_off():
        db.session.execute(text("UPDATE audit_log SET reason = 'x' WHERE seq = 2"))
    answer = admin.submit("/audit/verify", htmx=True)
    assert "broken at row #2" in soup(answer).words("#chain")
    assert soup(answer).is_fragment
