"""Changing the thresholds: a version of its own, seen by who decides, and refused when somebody was faster."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.audit.queries import timeline
from app.whitelist.queries.submission import decisions_on
from app.whitelist.queries.thresholds import thresholds_in_use
from app.whitelist.service.deciding import decide
from tests.clients import Browser
from tests.pages import Soup
from tests.whitelist.desk import ANN, reviewed, wish

HERE = "/tokens/thresholds"


def filled(browser: Browser, soup: Soup, **more: str) -> dict[str, str]:
    """What the form holds, and what is typed over it."""
    page = soup(browser.get(HERE))
    held = {str(field["name"]): str(field["value"]) for field in page.select("#save-thresholds input[value]")}
    return held | {"thresholds-reason": "The market is larger now."} | {f"thresholds-{n}": v for n, v in more.items()}


def test_a_change_is_a_new_version(admin: Browser, soup: Soup) -> None:
    told = filled(admin, soup, holders="750", top_ten="42.5")
    assert admin.post(HERE, data=told).status_code == 303
    page = soup(admin.get(HERE))
    cells = page.texts("#versions tbody tr:first-child td")
    assert (cells[3], cells[4], cells[6]) == ("750", "42.50 %", "The market is larger now.")
    assert len(page.select("#versions tbody tr")) == 2


def test_who_comes_second_is_told(admin: Browser, soup: Soup) -> None:
    old = filled(admin, soup, holders="600")
    assert admin.post(HERE, data=old).status_code == 303
    refused = admin.post(HERE, data=old | {"thresholds-holders": "700"})
    assert (refused.status_code, "saved version" in soup(refused).text) == (409, True)
    assert soup(refused).attr("#thresholds-holders", "value") == "700"


@pytest.mark.parametrize(
    "wrong", [{"holders": "-1"}, {"holders": "many"}, {"top_ten": "101"}, {"reason": "so"}, {"age_days": ""}, {}]
)
def test_what_is_no_change_is_refused(admin: Browser, soup: Soup, wrong: dict[str, str]) -> None:
    assert admin.post(HERE, data=filled(admin, soup, **wrong)).status_code == 422


def test_support_only_looks(support: Browser, soup: Soup) -> None:
    assert "Admins change thresholds" in soup(support.get(HERE)).words("#save-thresholds")
    assert support.submit(HERE, page=HERE).status_code == 403


@pytest.mark.usefixtures("session")
def test_a_decision_keeps_the_version_it_was_judged_by() -> None:
    one = reviewed()
    decide(one.id, wish("approve", one), by=ANN)
    assert decisions_on(one.id)[0].thresholds_version == thresholds_in_use().version


def test_versions_are_kept_and_recorded(admin: Browser, soup: Soup, session: Session) -> None:
    admin.post(HERE, data=filled(admin, soup, liquidity="1"))
    version = thresholds_in_use().version
    entry: Any = timeline("whitelist_threshold", version)[0]
    assert (entry.before["liquidity"], entry.after["liquidity"]) == (20000, 1)
    with pytest.raises(DBAPIError, match="whitelist_thresholds"):
        session.execute(text("UPDATE whitelist_thresholds SET holders = 1"))
