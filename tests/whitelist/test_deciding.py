"""Decisions about submissions: what they need, that they are made once, and that they can be undone for a while."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.market.queries.tokens import standings_of
from app.whitelist.queries.submission import decisions_on, told_decision
from app.whitelist.rules.findings import Line
from app.whitelist.service.deciding import decide, leave_quarantine, undo
from app.whitelist.service.settling import settle_due
from app.whitelist.service.submitting import ask_again
from tests.whitelist.desk import ANN, BAD, BEN, GOOD, approved, facts_of, reviewed, settled, submitted, wish

pytestmark = pytest.mark.usefixtures("session")


def test_an_approved_token_is_active_once_nobody_can_undo_it() -> None:
    one = reviewed()
    decide(one.id, wish("approve", one), by=ANN)
    assert (settle_due(), standings_of([one.mint])) == (None, {})
    settled()
    assert standings_of([one.mint])[one.mint].state == "active"
    assert [told.kind for told in decisions_on(one.id)] == ["approve"]


def test_a_decision_sent_twice_is_made_once() -> None:
    one = reviewed()
    wanted = wish("reject", one, "spam")
    assert decide(one.id, wanted, by=ANN) == decide(one.id, wanted, by=ANN)
    assert len(decisions_on(one.id)) == 1


def test_who_comes_second_is_told_what_changed() -> None:
    one = reviewed()
    decide(one.id, wish("reject", one, "spam"), by=ANN)
    with pytest.raises(Refusal, match="changed meanwhile: it is rejected") as refused:
        decide(one.id, wish("approve", one), by=BEN)
    assert refused.value.status == 409


@pytest.mark.parametrize("kind", ["reject", "ask", "quarantine"])
@pytest.mark.parametrize("code", ["", "gone", "no_such_reason"])
def test_a_reason_out_of_the_list_is_a_must(kind: str, code: str) -> None:
    one = reviewed()
    with pytest.raises(Refusal, match="takes one of the reasons in use"):
        decide(one.id, wish(kind, one, code), by=ANN)


def test_a_hard_fail_is_never_approved() -> None:
    one = reviewed(lines=BAD)
    with pytest.raises(Refusal, match="there is no account at this address"):
        decide(one.id, wish("approve", one, words="I know this one from somewhere else"), by=ANN)


def test_what_is_unknown_takes_words() -> None:
    one = reviewed(lines=[Line("account", "unknown", "nobody answered", "a mint"), *GOOD[1:]])
    with pytest.raises(Refusal, match="1 line is unknown"):
        decide(one.id, wish("approve", one, words="fine"), by=ANN)
    decide(one.id, wish("approve", one, words="The explorer shows the mint"), by=ANN)
    assert facts_of(one.id).state == "approved"


def test_undone_it_waits_again_and_nobody_was_told() -> None:
    one = reviewed()
    decided = decide(one.id, wish("reject", one, "spam"), by=ANN)
    with pytest.raises(Refusal, match="by whoever made it"):
        undo(decided.id, by=BEN)
    undo(decided.id, by=ANN)
    settled()
    assert (facts_of(one.id).state, told_decision(one.id)) == ("awaiting_review", None)


def test_what_took_effect_cannot_be_undone() -> None:
    one = approved()
    with pytest.raises(Refusal, match="can be undone for 10 seconds"):
        undo(decisions_on(one.id)[0].id, by=ANN)


def test_quarantine_ends_and_checks_are_made_again() -> None:
    one = reviewed()
    decide(one.id, wish("quarantine", one, "suspicious"), by=ANN)
    leave_quarantine(one.id, version=facts_of(one.id).version, by=BEN)
    ask_again(one.id, version=facts_of(one.id).version, by=BEN)
    assert facts_of(one.id).state == "received"


def test_a_decision_keeps_what_its_reviewer_saw(session: Session) -> None:
    one = approved()
    assert decisions_on(one.id)[0].evidence == one.evidence
    with pytest.raises(DBAPIError, match="took effect, was undone, or would be rewritten"):
        session.execute(text("UPDATE decisions SET evidence = '[]'"))


def test_the_database_refuses_other_steps(session: Session) -> None:
    submitted()
    with pytest.raises(DBAPIError, match="cannot go from received to approved"):
        session.execute(text("UPDATE submissions SET state = 'approved', next_try_at = NULL"))
