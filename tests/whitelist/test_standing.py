"""Stopping tokens: what it touches is kept, trades of the stretch stay refused, and the hourly look stops by itself."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.alerts.queries import open_alerts
from app.contests.forms.bundle import BundleRefused
from app.core.clock import database_now
from app.core.errors import Refusal
from app.market.models import TokenPause
from app.market.queries.tokens import standings_of
from app.whitelist.models import Decision
from app.whitelist.queries.answers import answers_on
from app.whitelist.service.standing import Order, impact_on, order
from app.whitelist.service.watching import ask_about, claim_look, enrol_tokens, finish_look
from tests.contests.bundles import SOL, bundle
from tests.contests.evaluating import imported
from tests.whitelist.desk import ANN, approved
from tests.whitelist.minting import CLASSIC, SOMEBODY, made
from tests.whitelist.node import serving, told

pytestmark = pytest.mark.usefixtures("session")


def wanted(kind: str, seen: str = "active", code: str = "look_into_it") -> Order:
    return Order(kind, seen, uuid4().hex, code)


def state_of(mint: str) -> str:
    return standings_of([mint])[mint].state


def test_its_way_through_all_states(session: Session) -> None:
    mint = approved().mint
    for kind, seen, state in (
        ("suspend", "active", "suspended"), ("reinstate", "suspended", "active"),
        ("quarantine", "active", "suspended"), ("delist", "suspended", "delisted"),
    ):  # fmt: skip
        order(mint, wanted(kind, seen), by=ANN)
        assert (state_of(mint), answers_on([mint])[0].whitelisted) == (state, state == "active")
    assert len(session.scalars(select(TokenPause)).all()) == 1
    with pytest.raises(Refusal, match="is delisted now"):
        order(mint, wanted("reinstate", "delisted"), by=ANN)


def test_what_it_touches_is_kept_with_it(session: Session) -> None:
    imported(bundle())
    token = standings_of([SOL])[SOL]
    before = impact_on(token.id)
    assert (len(before.contests), before.players > 0, before.lamports > 0) == (1, True, True)
    order(SOL, wanted("suspend"), by=ANN)
    assert session.scalars(select(Decision.impact).where(Decision.token_id == token.id)).all() == [before.document()]


def test_a_changed_state_is_told() -> None:
    mint = approved().mint
    order(mint, wanted("suspend"), by=ANN)
    with pytest.raises(Refusal, match="CAT is suspended now"):
        order(mint, wanted("delist"), by=ANN)


def test_trades_while_it_was_suspended_stay_refused(session: Session) -> None:
    imported(bundle())
    pause = "INSERT INTO token_pauses (token_id, from_at, until_at) SELECT id, '2000-01-01', now() FROM tokens"
    session.execute(text(pause))
    again = bundle()
    again["contest"]["code"] = "AGAIN"
    with pytest.raises(BundleRefused, match="was not whitelisted"):
        imported(again)
    assert state_of(SOL) == "active"


@pytest.fixture
def looking(app: Flask) -> Iterator[None]:
    """Looks are due again and again."""
    usual = app.config["SETTINGS"]
    yield
    app.config["SETTINGS"] = usual


def look(app: Flask, session: Session, node: str) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], solana_rpc_urls=node)
    enrol_tokens()
    due = database_now() - timedelta(seconds=1)
    session.execute(text("UPDATE token_watches SET next_look_at = :due"), {"due": due})
    claimed = claim_look()
    assert claimed is not None
    finish_look(claimed, ask_about(claimed.mint))


@pytest.mark.usefixtures("looking")
def test_a_changed_authority_suspends_and_alerts(app: Flask, session: Session) -> None:
    mint = approved().mint
    session.execute(text("UPDATE token_watches SET facts = NULL"))
    with serving({mint: told(made(CLASSIC))}) as node:
        look(app, session, node)
        look(app, session, node)
    assert state_of(mint) == "active"
    with serving({mint: told(made(CLASSIC, freeze=SOMEBODY))}) as node:
        look(app, session, node)
    assert (state_of(mint), len(open_alerts(10))) == ("suspended", 1)


@pytest.mark.usefixtures("looking")
def test_nobody_answering_changes_nothing(app: Flask, session: Session) -> None:
    mint = approved().mint
    look(app, session, "http://127.0.0.1:1")
    assert (state_of(mint), open_alerts(10)) == ("active", [])
