"""The whitelist desk in a real browser: thirty decided by keyboard, three undone; two reviewers on one submission."""


import pytest
from playwright.sync_api import Page, expect

from app.whitelist.queries.submission import SubmissionFacts, decisions_on
from tests.browser.chromium import axe, overflow
from tests.browser.conftest import OpenPage
from tests.browser.serving import Server
from tests.whitelist.desk import BAD, GOOD, facts_of, mint_of, reviewed

DECIDED = 30
UNDONE = (7, 15, 29)
"""Which of the decisions are taken back at once, and then made again."""


def waiting(server: Server, count: int, tag: str) -> list[SubmissionFacts]:
    with server.app.app_context():
        return [reviewed(f"{tag}{n:02}", BAD if n % 3 == 2 else GOOD, mint=mint_of(f"{tag}{n}")) for n in range(count)]


def state_of(server: Server, one: SubmissionFacts) -> str:
    with server.app.app_context():
        return facts_of(one.id).state


def heading(page: Page, symbol: str) -> None:
    """The submission is there, and the focus is on its name."""
    expect(page.locator("h1 [data-focus]")).to_contain_text(symbol)
    expect(page.locator("h1 [data-focus]")).to_be_focused()
    expect(page.locator("html[data-shortcuts=ready]")).to_be_attached()


def press(page: Page, keys: str) -> None:
    for key in keys.split():
        page.keyboard.press(key)


def answer(page: Page, mint: str) -> None:
    """Whoever approves as fast as a machine is asked how the mint ends."""
    question = page.locator("#review-ending")
    if question.count():
        question.press_sequentially(mint[-4:])
        question.blur()


def test_thirty_decided_by_keyboard_three_undone(open_page: OpenPage, server: Server) -> None:
    submissions = waiting(server, DECIDED, "KEY")
    page = open_page("admin")
    page.goto(f"/tokens/review/{submissions[0].id}?turbo=on")
    for number, one in enumerate(submissions):
        heading(page, one.symbol)
        keys = "r 1" if number % 3 == 2 else "a"
        answer(page, one.mint)
        press(page, keys)
        if number in UNDONE:
            expect(page.locator(".notice", has_text=f"{one.symbol}: ")).to_be_visible()
            expect(page.locator("html[data-shortcuts=ready]")).to_be_attached()
            press(page, "u")
            heading(page, one.symbol)
            answer(page, one.mint)
            press(page, keys)
    expect(page.locator("h1")).not_to_contain_text(submissions[-1].symbol)
    with server.app.app_context():
        made = [decisions_on(one.id) for one in submissions]
    assert sum(decision.undone_at is not None for decisions in made for decision in decisions) == len(UNDONE)
    assert [state_of(server, one) for one in submissions] == ["approved", "approved", "rejected"] * 10


def test_words_are_typed_and_left_by_keyboard(open_page: OpenPage, server: Server) -> None:
    (one,) = waiting(server, 1, "ESC")
    page = open_page("admin")
    page.goto(f"/tokens/review/{one.id}")
    heading(page, one.symbol)
    press(page, "w")
    page.keyboard.type("Ask them again in a month.")
    press(page, "Escape r 1")
    expect(page.locator(".notice")).to_contain_text("reject")
    with server.app.app_context():
        assert "Ask them again in a month." in decisions_on(one.id)[0].message


@pytest.mark.parametrize("js", [True, False])
def test_two_reviewers_on_one_submission(open_page: OpenPage, server: Server, js: bool) -> None:
    (one,) = waiting(server, 1, f"TWO{js:d}")
    first, second = open_page("admin"), open_page("admin", js=js)
    for page in (first, second):
        page.goto(f"/tokens/review/{one.id}")
    second.locator("#review-words").fill("I know this team.")
    heading(first, one.symbol)
    press(first, "q 1")
    expect(first.locator(".notice")).to_contain_text("quarantine")
    second.get_by_role("button", name="Approve").click()
    expect(second.locator(".conflict")).to_contain_text("awaiting review")
    expect(second.locator("#unsent")).to_have_value("I know this team.")
    with server.app.app_context():
        assert [made.kind for made in decisions_on(one.id)] == ["quarantine"]


def test_reviewers_see_each_other_and_typed_words_stay(open_page: OpenPage, server: Server) -> None:
    (one,) = waiting(server, 1, "SEE")
    first, second = open_page("admin"), open_page("admin")
    for page in (first, second):
        page.goto(f"/tokens/review/{one.id}")
        expect(page.locator("[data-module=live]")).to_contain_text("live")
    expect(second.locator("[data-module=presence]")).to_contain_text("Also here")
    second.locator("#review-words").fill("Not sent yet.")
    heading(first, one.symbol)
    press(first, "q 1")
    expect(second.locator("[data-changed]")).to_be_visible()
    expect(second.locator("#review-words")).to_have_value("Not sent yet.")


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (360, 740)])
def test_the_desk_is_accessible_and_fits(open_page: OpenPage, server: Server, width: int, height: int) -> None:
    one = waiting(server, 3, f"FIT{width}")[2]
    page = open_page("admin", width=width, height=height)
    pages = ("reasons", "thresholds", "decisions", "insights", "review?q=", "review/bulk?q=is:todo", f"review/{one.id}")
    for path in (f"/tokens/{page_of_desk}" for page_of_desk in pages):
        page.goto(path)
        assert (axe(page), overflow(page)) == ([], 0)
