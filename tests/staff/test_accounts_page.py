"""Everybody's accounts, in the browser."""

import pytest
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.audit.queries import timeline
from app.staff import queries
from app.staff.models import Account
from app.staff.queries import LinkLine
from tests.clients import Browser
from tests.pages import Soup
from tests.staff.people import account, line_of
from tests.staff.proving import let_proof_age

LETS_IN = ["invite", "{id}/change-role", "{id}/enable", "{id}/password-link", "{id}/reset-second-factor"]
COMMANDS = [*LETS_IN, "{id}/disable", "links/{id}/withdraw"]


@pytest.fixture
def ann(session: Session) -> Account:
    return account(session, "support", name="ann")


def only_link(address: str) -> LinkLine:
    link = queries.link_behind(address.rsplit("/", 1)[1])
    assert link is not None
    assert queries.open_links() == [link]
    return link


def row(soup: Soup, answer: TestResponse, account_id: int) -> str:
    return soup(answer).words(f"#account-{account_id}")


def test_lists_everybody(admin: Browser, ann: Account, soup: Soup) -> None:
    page = soup(admin.get("/staff"))
    assert [cell.text.split()[0] for cell in page.select("#accounts tbody th")] == sorted(["ann", admin.name])


@pytest.mark.parametrize("command", COMMANDS)
def test_support_changes_nothing(support: Browser, ann: Account, command: str) -> None:
    answer = support.submit("/staff/" + command.format(id=ann.id), {"version": "1", "role": "admin"})
    assert answer.status_code == 403
    assert line_of(ann.id).version == 1
    assert queries.open_links() == []


@pytest.mark.parametrize("command", LETS_IN)
def test_who_has_not_just_proved_it_lets_nobody_in(
    admin: Browser, session: Session, ann: Account, command: str
) -> None:
    """Meant to fail without `@proved`: a browser left alone made an admin, and so the second person of a payout."""
    let_proof_age(admin.account_id)
    sent = {"version": "1", "role": "admin", "reason": "Lost telephone"}
    answer = admin.submit("/staff/" + command.format(id=ann.id), sent)
    assert (answer.status_code, answer.location) == (303, "/confirm?next=/staff")
    assert (line_of(ann.id).role, queries.open_links()) == ("support", [])


def test_a_refusal_says_who_may(support: Browser, soup: Soup) -> None:
    assert "It is for admins." in soup(support.get("/staff")).words("main")


def test_an_invitation_link_is_shown_once(admin: Browser, session: Session, soup: Soup) -> None:
    answer = admin.submit("/staff/invite", {"role": "support"})
    link = soup(answer).attr("[aria-label='One-time link']", "value")
    assert link.startswith("http://127.0.0.1:8000/welcome/")
    assert soup(admin.get("/staff")).select("[aria-label='One-time link']") == []
    assert only_link(link).role == "support"


def test_an_invitation_form_is_kept(admin: Browser, soup: Soup) -> None:
    answer = admin.submit("/staff/invite", {"role": "wall", "name": "not a name"})
    assert answer.status_code == 422
    assert soup(answer).attr("#invite [name=name]", "value") == "not a name"
    assert soup(answer).attr("#invite option[selected]", "value") == "wall"


def test_a_link_can_be_withdrawn(admin: Browser, session: Session, soup: Soup) -> None:
    admin.submit("/staff/invite", {"role": "support"})
    link = queries.open_links()[0]
    assert admin.submit(f"/staff/links/{link.id}/withdraw").status_code == 303
    assert "No link is waiting" in soup(admin.get("/staff")).words("#links")
    assert admin.submit(f"/staff/links/{link.id}/withdraw").status_code == 409


def test_another_role(admin: Browser, ann: Account, soup: Soup) -> None:
    answer = admin.submit(f"/staff/{ann.id}/change-role", {"role": "wall", "version": "1"})
    assert (answer.status_code, answer.location) == (303, "/staff")
    assert line_of(ann.id).role == "wall"
    assert timeline("account", ann.id)[0].actor_name == admin.name


def test_another_role_by_htmx_swaps_the_list(admin: Browser, ann: Account, soup: Soup) -> None:
    answer = admin.submit(f"/staff/{ann.id}/change-role", {"role": "wall", "version": "1"}, htmx=True)
    assert soup(answer).is_fragment
    assert "ann wall" in row(soup, answer, ann.id)
    assert "Role changed" in answer.headers["HX-Trigger"]


def test_an_unknown_role_changes_nothing(admin: Browser, ann: Account) -> None:
    answer = admin.submit(f"/staff/{ann.id}/change-role", {"role": "owner", "version": "1"})
    assert (answer.status_code, line_of(ann.id).role) == (422, "support")


def test_disabling_throws_out_at_once(admin: Browser, support: Browser) -> None:
    assert support.get("/account").status_code == 200
    admin.submit(f"/staff/{support.account_id}/disable", {"version": "1"})
    assert support.get("/account").location == "/sign-in?next=/account"


def test_a_second_click_meets_the_first(admin: Browser, ann: Account, soup: Soup) -> None:
    admin.submit(f"/staff/{ann.id}/disable", {"version": "1"})
    answer = admin.submit(f"/staff/{ann.id}/disable", {"version": "1"}, htmx=True)
    assert answer.status_code == 409
    assert "ann was changed meanwhile: now support, disabled." in soup(answer).text
    assert soup(answer).is_fragment


def test_an_incomplete_form_changes_nothing(admin: Browser, ann: Account, soup: Soup) -> None:
    answer = admin.submit(f"/staff/{ann.id}/disable")
    assert answer.status_code == 422
    assert "Reload the page" in soup(answer).words(".notice")


def test_enabling(admin: Browser, ann: Account, soup: Soup) -> None:
    admin.submit(f"/staff/{ann.id}/disable", {"version": "1"})
    admin.submit(f"/staff/{ann.id}/enable", {"version": "2"})
    assert "active" in row(soup, admin.get("/staff"), ann.id)


def test_ones_own_account_is_off_and_says_why(admin: Browser, soup: Soup) -> None:
    assert "another admin can" in row(soup, admin.get("/staff"), admin.account_id)
    answer = admin.submit(f"/staff/{admin.account_id}/disable", {"version": "1"})
    assert answer.status_code == 409


def test_a_password_link(admin: Browser, ann: Account, soup: Soup) -> None:
    link = soup(admin.submit(f"/staff/{ann.id}/password-link")).attr("[aria-label='One-time link']", "value")
    assert only_link(link).account_id == ann.id


@pytest.mark.parametrize("command", ["change-role", "disable", "enable", "password-link"])
def test_an_account_that_is_not_there(admin: Browser, command: str) -> None:
    assert admin.submit(f"/staff/98765/{command}", {"version": "1", "role": "wall"}).status_code == 404
