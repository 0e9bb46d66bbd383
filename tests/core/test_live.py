"""Sockets: who gets in, what they may say, and that they end when their sign-in does."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, suppress
from contextvars import Context
from pathlib import Path

import pytest

from app.audit.rules import SYSTEM
from app.core import live
from app.core.extensions import db
from app.core.gate import SOCKETS_PER_ACCOUNT
from app.core.keys import token_hash
from app.staff import service
from app.staff.models import SignIn
from tests.browser.serving import Server, free_port, on_port, served
from tests.conftest import app_for_tests, settings_for_tests
from tests.core.visiting import Visitor, eventually, status_of, visit


@pytest.fixture(scope="module")
def server(engine_home: Path, new_database: Callable[[], str]) -> Iterator[Server]:
    """Two web processes on one port."""
    settings = on_port(settings_for_tests(engine_home, new_database()), free_port())
    with served(app_for_tests(settings), web_workers=2) as server:
        yield server


@pytest.fixture
def cookie(server: Server) -> str:
    return server.cookie_of("admin")


def test_a_page_of_ours_gets_in(server: Server, cookie: str) -> None:
    assert status_of(server.url, cookie) == 101


@pytest.mark.parametrize(("sent", "status"), [(None, 401), ("made up", 401)])
def test_strangers_stay_out(server: Server, sent: str | None, status: int) -> None:
    assert status_of(server.url, sent) == status


@pytest.mark.parametrize("origin", ["https://evil.example", "null", None])
def test_pages_of_others_stay_out(server: Server, cookie: str, origin: str | None) -> None:
    assert status_of(server.url, cookie, origin=origin) == 403


def test_a_hint_reaches_the_sockets_of_every_process(server: Server, cookie: str) -> None:
    with visit(server.url, cookie) as one, visit(server.url, server.cookie_of("support")) as other:
        assert eventually(lambda: hears_a_hint(one, server))
        assert eventually(lambda: hears_a_hint(other, server))


def hears_a_hint(visitor: Visitor, server: Server) -> bool:
    """A process that is still starting may miss the first one, and may: a hint that is lost harms nothing."""
    facts = {"code": "MOON-0311"}
    with server.app.app_context():
        live.emit("contest.evaluated", facts)
    with suppress(TimeoutError):
        return bool(visitor.told("contest.evaluated", within_s=1) == facts)
    return False


def test_only_the_websocket_transport_is_served(server: Server, cookie: str) -> None:
    assert status_of(server.url, cookie, address="/socket.io/?EIO=4&transport=polling") == 400


def test_one_page_too_many_is_refused_until_another_closes(server: Server, cookie: str) -> None:
    with ExitStack() as open_pages:
        for _ in range(SOCKETS_PER_ACCOUNT):
            open_pages.enter_context(visit(server.url, cookie))
        assert status_of(server.url, cookie) == 429
    assert eventually(lambda: status_of(server.url, cookie) == 101)


def test_an_event_that_nobody_registered_ends_the_socket(server: Server, cookie: str) -> None:
    with visit(server.url, cookie) as visitor:
        visitor.say('42["admin.delete",{}]')
        assert visitor.is_shut_out()


def test_a_flood_ends_the_socket(server: Server, cookie: str) -> None:
    with visit(server.url, cookie) as visitor:
        for _ in range(200):
            visitor.say("3")
        assert visitor.is_shut_out()


def test_an_oversized_message_ends_the_socket(server: Server, cookie: str) -> None:
    with visit(server.url, cookie) as visitor:
        visitor.say("4" + "x" * 40_000)
        assert visitor.is_shut_out()


def test_a_polite_socket_stays(server: Server, cookie: str) -> None:
    with visit(server.url, cookie) as visitor:
        assert not visitor.is_shut_out(within_s=1)


def own_sign_in(server: Server, cookie: str) -> tuple[int, int]:
    """Ids of the session and of its account."""
    with server.app.app_context():
        row = db.session.query(SignIn).where(SignIn.token_hash == token_hash(cookie)).one()
        return row.id, row.account_id


def sign_out(session: int, account: int) -> None:
    service.end_sign_in(session, account_id=account, by=SYSTEM)


def sign_out_everywhere(_session: int, account: int) -> None:
    service.end_all_sign_ins(account, by=SYSTEM)


def disable(_session: int, account: int) -> None:
    service.disable_account(account, version=1, by=SYSTEM)


def demote(_session: int, account: int) -> None:
    service.change_role(account, role="wall", version=1, by=SYSTEM)


def reset_password(_session: int, account: int) -> None:
    link = service.link_for_new_password(account, by=SYSTEM)
    service.accept_link(link.removeprefix("/welcome/"), name="", display_name="", password="quiet unhurried badger")


@pytest.mark.parametrize("end", [sign_out, sign_out_everywhere, disable, demote, reset_password])
def test_the_sockets_of_a_sign_in_end_with_it(server: Server, end: Callable[[int, int], None]) -> None:
    cookie = server.cookie_of("support")
    session, account = own_sign_in(server, cookie)
    with visit(server.url, cookie) as one, visit(server.url, cookie) as other, bystander(server) as third:
        Context().run(in_app, server, lambda: end(session, account))
        assert one.is_shut_out()
        assert other.is_shut_out()
        assert not third.is_shut_out(within_s=0.2)
    assert status_of(server.url, cookie) == 401


def test_a_sign_in_that_nobody_announces_as_ended_is_found(server: Server) -> None:
    cookie = server.cookie_of("support")
    session, _ = own_sign_in(server, cookie)
    with visit(server.url, cookie) as visitor:
        Context().run(in_app, server, lambda: forget_quietly(session))
        assert visitor.is_shut_out()


def forget_quietly(session: int) -> None:
    db.session.get_one(SignIn, session).expires_at = SignIn.created_at
    db.session.commit()


def bystander(server: Server) -> AbstractContextManager[Visitor]:
    return visit(server.url, server.cookie_of("support"))


def in_app(server: Server, work: Callable[[], None]) -> None:
    with server.app.app_context():
        work()
