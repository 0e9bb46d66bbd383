"""The desk: the queue, one submission, a decision with its undo, turbo mode, notes, holders and reasons."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.whitelist.queries.submission import SubmissionFacts, decisions_on
from app.whitelist.rules.findings import Line
from app.whitelist.service.deciding import decide
from tests.clients import Browser
from tests.pages import Soup
from tests.whitelist.desk import ANN, BAD, GOOD, approved, facts_of, reviewed, wish

QUEUE = "/tokens/review"
Inside = Callable[[Callable[[], Any]], Any]


@pytest.fixture
def inside(isolated: Flask) -> Inside:
    def run(act: Callable[[], Any]) -> Any:
        with isolated.app_context():
            return act()

    return run


@pytest.fixture
def cat(inside: Inside) -> SubmissionFacts:
    one: SubmissionFacts = inside(reviewed)
    return one


def fields(browser: Browser, soup: Soup, one: SubmissionFacts, **more: str) -> dict[str, str]:
    """What the form of the page holds, and what the reviewer adds."""
    page = soup(browser.get(f"{QUEUE}/{one.id}"))
    held = {str(field["name"]): str(field.get("value", "")) for field in page.select("#decision input[type=hidden]")}
    return held | {f"review-{name}": value for name, value in more.items()}


def test_the_queue_shows_who_waits_longest_first(
    admin: Browser, inside: Inside, soup: Soup, cat: SubmissionFacts
) -> None:
    inside(lambda: reviewed("DOG", BAD, submitter="puppy"))
    page = soup(admin.get(QUEUE))
    assert [text.split()[0] for text in page.texts("tbody th")] == [cat.symbol, "DOG"]
    assert "1" in page.texts("tbody tr:nth-of-type(2) td.num")[0]


@pytest.mark.parametrize(
    ("q", "found"),
    [("", 2), ("is:todo", 2), ("has:red", 1), ("has:conflict", 0), ("DOG", 1), ("by:puppy", 1), ("is:approved", 0),
     ("has:mine", 0), ("is:todo has:red cat", 0)],
)  # fmt: skip
def test_the_query_line_narrows(
    admin: Browser, inside: Inside, soup: Soup, cat: SubmissionFacts, q: str, found: int
) -> None:
    inside(lambda: reviewed("DOG", BAD, submitter="puppy"))
    assert len(soup(admin.get(QUEUE, query_string={"q": q})).select("tbody tr")) == found
    assert cat.symbol == "CAT"


def test_a_word_it_does_not_know_is_told(admin: Browser, soup: Soup) -> None:
    assert "is:lost: the words after is: are" in soup(admin.get(f"{QUEUE}?q=is:lost")).text


def test_the_evidence_has_the_worst_first_and_passes_folded(admin: Browser, inside: Inside, soup: Soup) -> None:
    one = inside(lambda: reviewed("DOG", [Line("supply", "unknown", "nobody answered", "more"), *BAD]))
    page = soup(admin.get(f"{QUEUE}/{one.id}"))
    assert [line["class"] for line in page.select(".evidence > li")][:2] == [["fail"], ["unknown"]]
    assert page.one("#evidence details ul") is not None
    assert page.one("#decision button[disabled]").text.strip() == "Approve"


def test_a_decision_leads_to_the_queue_and_can_be_undone(
    admin: Browser, inside: Inside, soup: Soup, cat: SubmissionFacts
) -> None:
    sent = admin.post(f"{QUEUE}/{cat.id}/approve", data=fields(admin, soup, cat))
    assert (sent.status_code, inside(lambda: facts_of(cat.id).state)) == (303, "approved")
    page = soup(admin.get(sent.headers["Location"]))
    admin.submit(page.attr(".notice form", "action"), page=QUEUE)
    assert inside(lambda: facts_of(cat.id).state) == "awaiting_review"


def test_turbo_goes_on_to_the_next(admin: Browser, inside: Inside, soup: Soup, cat: SubmissionFacts) -> None:
    dog = inside(lambda: reviewed("DOG"))
    sent = admin.post(f"{QUEUE}/{cat.id}/reject", data=fields(admin, soup, cat, reason="spam", turbo="on"))
    assert f"/review/{dog.id}?turbo=on" in sent.headers["Location"]
    page = soup(admin.get(sent.headers["Location"]))
    assert page.one("h1 [data-focus]").text.startswith("DOG")
    told = inside(lambda: decisions_on(cat.id)[0])
    assert (told.reason_code, told.message.startswith("The submission does not")) == ("spam", True)


def test_without_a_reason_the_form_comes_back(admin: Browser, soup: Soup, cat: SubmissionFacts) -> None:
    answer = admin.post(f"{QUEUE}/{cat.id}/reject", data=fields(admin, soup, cat, words="Not like this."))
    assert answer.status_code == 422
    assert soup(answer).one("#review-words").text.strip() == "Not like this."


def test_who_comes_second_sees_what_changed_and_keeps_the_words(
    admin: Browser, inside: Inside, soup: Soup, cat: SubmissionFacts
) -> None:
    held = fields(admin, soup, cat, reason="spam", words="I saw it elsewhere.")
    inside(lambda: decide(cat.id, wish("ask", cat, "correct_names"), by=ANN))
    answer = admin.post(f"{QUEUE}/{cat.id}/reject", data=held)
    page = soup(answer)
    assert (answer.status_code, page.texts(".conflict tbody th")[:2]) == (409, ["State", "Decision"])
    assert "I saw it elsewhere." in page.text
    assert inside(lambda: len(decisions_on(cat.id))) == 1


def test_notes_holders_and_checking_again(admin: Browser, inside: Inside, soup: Soup, cat: SubmissionFacts) -> None:
    here = f"{QUEUE}/{cat.id}"
    assert admin.submit(f"{here}/notes", {"note-words": "Ask Ben."}, page=here).status_code == 303
    assert admin.submit(f"{here}/claim", {"claim-holder": "-"}, page=here).status_code == 303
    assert admin.submit(f"{here}/claim", {"claim-holder": "-"}, page=here).status_code == 409
    page = soup(admin.get(here))
    assert ("Ask Ben." in page.text, "Let go" in page.text) == (True, True)
    held = {"claim-holder": str(admin.account_id)}
    assert admin.submit(f"{here}/let-go", held, page=here).status_code == 303
    assert admin.submit(f"{here}/recheck", {"move-version": str(cat.version)}, page=here).status_code == 303
    assert inside(lambda: facts_of(cat.id).state) == "received"


def test_support_looks_and_notes_but_does_not_decide(support: Browser, soup: Soup, cat: SubmissionFacts) -> None:
    here = f"{QUEUE}/{cat.id}"
    assert "Admins decide" in soup(support.get(here)).words("#decision")
    assert support.submit(f"{here}/notes", {"note-words": "Seen."}, page=here).status_code == 303
    assert support.submit(f"{here}/approve", page=here).status_code == 403


def test_reasons_are_saved_and_retired(admin: Browser, soup: Soup) -> None:
    told = {"reason-kind": "reject", "reason-code": "not_ours", "reason-words": "It is not ours to trade."}
    assert admin.submit("/tokens/reasons", told, page="/tokens/reasons").status_code == 303
    assert admin.submit("/tokens/reasons", told, page="/tokens/reasons").status_code == 409
    assert admin.submit("/tokens/reasons/not_ours/retire", page="/tokens/reasons").status_code == 303
    assert "not_ours" not in soup(admin.get("/tokens/reasons")).texts("tbody th")
    assert admin.submit("/tokens/reasons", told | {"reason-code": "No"}, page="/tokens/reasons").status_code == 422


def test_today_and_the_menu_count_what_waits(admin: Browser, soup: Soup, cat: SubmissionFacts) -> None:
    page = soup(admin.get("/"))
    assert cat.symbol in page.texts("#needs-a-person th")
    assert page.words('.nav a[href="/tokens/review"] .count').startswith("1 ")


def test_nothing_left_to_review(admin: Browser) -> None:
    assert admin.get(f"{QUEUE}/next").headers["Location"].endswith(QUEUE)


def test_an_approved_one_shows_its_decision(admin: Browser, inside: Inside, soup: Soup) -> None:
    one = inside(approved)
    assert "decided: approve" in soup(admin.get(f"{QUEUE}/{one.id}")).words("#decision")
    assert len(GOOD) == 5
