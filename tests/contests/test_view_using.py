"""The contests that trade a token."""

from flask import Flask

from tests.clients import HTMX, Browser
from tests.contests.bundles import bundle
from tests.contests.evaluating import imported
from tests.pages import parsed


def mint_of_a_trade() -> str:
    return str(bundle()["trades"][0]["mint"])


def test_it_names_each_contest_with_its_trades(isolated: Flask, support: Browser) -> None:
    with isolated.app_context():
        imported(bundle())
    page = parsed(support.get(f"/contests/using/{mint_of_a_trade()}"))
    assert page.attr("#using tbody a", "href").startswith("/contests/")
    assert int(page.words("#using tbody td.num")) > 0


def test_for_a_part_of_a_page_it_is_only_that_part(isolated: Flask, support: Browser) -> None:
    with isolated.app_context():
        imported(bundle())
    assert parsed(support.get(f"/contests/using/{mint_of_a_trade()}", headers=HTMX)).is_fragment


def test_a_mint_that_nobody_knows_is_told_in_words(isolated: Flask, support: Browser) -> None:
    answer = support.get("/contests/using/nowhere")
    assert answer.status_code == 404
    assert "no token with the mint nowhere" in parsed(answer).words("main")
