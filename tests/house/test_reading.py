"""Looking changes nothing: every page is fetched, and what was asked of the database meanwhile is looked at."""

import re

from tests.house.test_pages import House, counted, house, routes

__all__ = ["house"]

WRITES = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)
KEPT = {"sessions": "when a sign-in was used last, once a minute", "turns": "who is limited"}
RECORDED = {"payouts.download": "who took a list away", "referrals.follow": "a click, which is what it is for"}
SECRET = re.compile(r"[?&](password|passwd|secret|api_key|sid|csrf_token)=", re.IGNORECASE)
FEWEST_PAGES = 25


def test_looking_at_a_page_changes_nothing(house: House) -> None:
    """Meant to fail by a page that noted who looked at it."""
    written, looked_at = [], 0
    for route in routes(house.app):
        with counted() as asked:
            answer = house.browsers["admin"].get(house.address(route))
        looked_at += answer.status_code == 200
        found = [match for statement in asked if (match := WRITES.match(statement))]
        written += [
            f"{route.endpoint}: {one[0]}"
            for one in found
            if one[2].lower() not in KEPT and route.endpoint not in RECORDED
        ]
    assert looked_at > FEWEST_PAGES
    assert not written, f"A GET changes something: {written}"


def test_no_secret_stands_in_an_address(house: House) -> None:
    addresses = [
        f"{where}: {tag.get('href') or tag.get('action')}"
        for _, where, page in house.pages
        for tag in page.select("a[href], form[action]")
    ]
    assert len(addresses) > FEWEST_PAGES
    assert [one for one in addresses if SECRET.search(one)] == []


def test_no_form_sends_a_secret_by_get(house: House) -> None:
    forms = [(where, form) for _, where, page in house.pages for form in page.select("form:not([method=post])")]
    wrong = [where for where, form in forms if form.select("input[type=password], input[name=csrf_token]")]
    assert wrong == []
