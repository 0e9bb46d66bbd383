"""What people see when something cannot be done, as a page and as a fragment."""

from collections.abc import Callable
from typing import Any, NoReturn

import pytest
from flask import Flask, abort
from sqlalchemy import text
from werkzeug.exceptions import RequestEntityTooLarge

from app.core.access import public
from app.core.errors import SENTENCES, Refusal
from app.core.extensions import db
from tests.clients import HTMX
from tests.pages import Soup


def refuse() -> NoReturn:
    raise Refusal("Contest 42 is still running.", "Wait until it ends.")


def divide() -> float:
    return 1 / 0


def too_large() -> NoReturn:
    raise RequestEntityTooLarge


def answering(status: int) -> Callable[[], NoReturn]:
    return lambda: abort(status)


def too_slow() -> str:
    db.session.execute(text("SET LOCAL statement_timeout = 20; SELECT pg_sleep(5)"))
    return "slept"


VIEWS: dict[str, Callable[[], Any]] = {
    "refuse": refuse,
    "divide": divide,
    "too-slow": too_slow,
    "large": too_large,
    **{str(status): answering(status) for status in (400, 401, 403, 404, 405, 409, 413, 422, 503)},
}


@pytest.fixture
def odd(committing_app: Callable[..., Flask]) -> Flask:
    """An app with views that go wrong, answering as in production."""
    app = committing_app()
    app.config["PROPAGATE_EXCEPTIONS"] = False
    for name, view in VIEWS.items():
        app.add_url_rule(f"/odd/{name}", endpoint=f"odd-{name}", view_func=public(view))
    return app


@pytest.mark.parametrize("status", sorted(set(SENTENCES) - {429, 500}))
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_every_error_says_what_and_what_to_do(odd: Flask, soup: Soup, status: int, headers: dict[str, str]) -> None:
    answer = odd.test_client().get(f"/odd/{status}", headers=headers)
    page = soup(answer)
    assert answer.status_code == status
    assert page.is_fragment is bool(headers)
    assert all(sentence in page.text for sentence in SENTENCES[status])
    assert answer.headers["X-Request-Id"] in str(page)


def test_a_refusal_speaks_its_own_words(odd: Flask, soup: Soup) -> None:
    answer = odd.test_client().get("/odd/refuse")
    assert answer.status_code == 409
    assert "Contest 42 is still running. Wait until it ends." in soup(answer).words("main")


def test_a_fault_of_ours_gives_an_id_and_nothing_else(odd: Flask, capfd: pytest.CaptureFixture[str]) -> None:
    answer = odd.test_client().get("/odd/divide")
    assert answer.status_code == 500
    assert "ZeroDivision" not in answer.text
    logged = capfd.readouterr().err
    assert "ZeroDivisionError" in logged
    assert answer.headers["X-Request-Id"] in logged


def test_a_slow_database_is_not_a_fault(odd: Flask, soup: Soup) -> None:
    answer = odd.test_client().get("/odd/too-slow")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert "database does not answer" in soup(answer).text


def test_no_database_is_said(committing_app: Callable[..., Flask], soup: Soup) -> None:
    app = committing_app(database_url="postgresql://nobody@127.0.0.1:9/nothing")
    app.config["PROPAGATE_EXCEPTIONS"] = False
    client = app.test_client()
    client.set_cookie("sid", "x")
    answer = client.get("/account")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert "database does not answer" in soup(answer).text


def test_the_wrong_method_names_the_right_ones(odd: Flask) -> None:
    assert "POST" in odd.test_client().get("/sign-out").headers["Allow"]


def test_too_large_a_form(odd: Flask) -> None:
    assert odd.test_client().post("/sign-in", data={"name": "x" * 70_000}).status_code == 413


def test_people_see_no_markup_of_others(odd: Flask) -> None:
    assert "<script>alert" not in odd.test_client().get("/<script>alert(1)</script>").text
