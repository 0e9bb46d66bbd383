"""Market data that stays invalid, and the ways out that two people choose together."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.alerts.queries import open_alerts
from app.contests.jobs.evaluation import evaluate_due
from app.contests.models import Ruling
from app.contests.service.decisions import apply_evaluation
from app.contests.service.delaying import NOT_EVEN_SO
from app.contests.service.evidence import recompute, write_evidence
from app.contests.service.ruling import (
    AlreadyProposed,
    NoLongerPossible,
    NothingProposed,
    NotOffered,
    SamePerson,
    confirm_ruling,
    propose_ruling,
    withdraw_ruling,
)
from app.core.clock import database_now
from app.core.extensions import db
from app.core.formats import utc
from tests.clients import Browser
from tests.contests.bundles import ENDS_AT, Document, bundle, clear_winner, feed, feeds, iso, stale_market
from tests.contests.evaluating import (
    ANN_OF_STAFF,
    BEN_OF_STAFF,
    again,
    contest_of,
    draft_of,
    evaluated,
    imported,
    states_of,
)
from tests.pages import Soup

WHY = "The exchange confirmed the outage of its feed"
pytestmark = pytest.mark.usefixtures("session")


def in_review(document: Document) -> str:
    """A contest whose prices stayed invalid for a quarter of an hour."""
    code = imported(document).code
    again(code)
    db.session.execute(
        text("""UPDATE contests SET next_try_at = now(), last_check = jsonb_set(last_check, '{since}',
        to_jsonb((clock_timestamp() - interval '15 minutes')::text))""")
    )
    db.session.commit()
    assert evaluate_due()
    assert contest_of(code).state == "review"
    return code


def number_of() -> int:
    return int(db.session.execute(text("SELECT max(id) FROM rulings")).scalar_one())


def ruled(code: str, kind: str) -> None:
    version = contest_of(code).version
    propose_ruling(code, version=version, kind=kind, reason=WHY, by=ANN_OF_STAFF)
    assert confirm_ruling(code, number_of(), version=version, by=BEN_OF_STAFF) == kind


def one_source() -> Document:
    return bundle(code="CUP-ONE", ticks=feed("100", "alpha"))


def later_valid() -> Document:
    """Nothing in the last six seconds, and both sources again from two seconds after the end."""
    late = [one | {"at": iso(ENDS_AT + timedelta(seconds=second, milliseconds=600))}
            for second in range(2, 20) for one in feeds("101", seconds=[9])]  # fmt: skip
    return bundle(code="CUP-LATE", ticks=feeds("100", seconds=range(4)) + late)


def test_after_a_quarter_of_an_hour_people_are_called() -> None:
    code = in_review(stale_market())
    (alert,) = open_alerts()
    assert (alert.subject, alert.next_step) == (f"Contest {code}", "Two people choose on its page")
    assert contest_of(code).next_try_at is None


def test_one_source_is_enough_when_two_people_say_so() -> None:
    code = in_review(one_source())
    ruled(code, "fallback_sources")
    assert evaluate_due()
    assert (contest_of(code).state, draft_of(code).settlement or {})[0] == "proposed"
    assert (draft_of(code).settlement or {})["min_sources"] == 1
    assert recompute(code) is None
    assert open_alerts() == []


def test_the_first_valid_window_after_the_end_counts(admin: Browser, soup: Soup) -> None:
    code = in_review(later_valid())
    ruled(code, "later_window")
    assert evaluate_due()
    settles_at = draft_of(code).settles_at
    assert settles_at is not None
    assert timedelta(0) < settles_at - ENDS_AT <= timedelta(seconds=12)
    assert (contest_of(code).state, contest_of(code).ends_at, recompute(code)) == ("proposed", ENDS_AT, None)
    assert f"Prices as of{utc(settles_at)}" in soup(admin.get(f"/contests/{code}/evaluate")).words("#second-evaluator")


def test_the_evidence_names_both_people_and_why() -> None:
    code = in_review(one_source())
    ruled(code, "fallback_sources")
    assert evaluate_due()
    told = json.loads(write_evidence(code))["decisions"]["approvals"]
    assert [(one["action"], one["by"]) for one in told] == [
        ("propose fallback_sources", "Ann"), ("confirm fallback_sources", "Ben"),
    ]  # fmt: skip
    assert (told[0]["reason"], recompute(code)) == (WHY, None)


def test_no_earlier_window_was_valid() -> None:
    code = in_review(later_valid())
    ruled(code, "later_window")
    evaluate_due()
    found = draft_of(code).settles_at
    assert found is not None
    earlier = later_valid()
    earlier["contest"] |= {"code": "CUP-EARLIER", "ends_at": iso(found - timedelta(seconds=1))}
    assert evaluated(earlier).kind == "delayed"


@pytest.mark.parametrize("kind", ["fallback_sources", "later_window"])
def test_what_does_not_help_leads_back_to_review_at_once(kind: str) -> None:
    code = in_review(stale_market())
    ruled(code, kind)
    assert evaluate_due()
    assert (contest_of(code).state, contest_of(code).review_reason) == ("review", NOT_EVEN_SO)


def test_void_refunds_everybody() -> None:
    code = in_review(stale_market())
    ruled(code, "void")
    assert (contest_of(code).state, contest_of(code).void_reason) == ("void", "voided_by_two_people")
    assert states_of(code)[-1] == "void"


def test_the_same_person_never_confirms() -> None:
    code = in_review(stale_market())
    propose_ruling(code, version=contest_of(code).version, kind="void", reason=WHY, by=ANN_OF_STAFF)
    with pytest.raises(SamePerson, match="Ann proposed this"):
        confirm_ruling(code, number_of(), version=contest_of(code).version, by=ANN_OF_STAFF)
    db.session.rollback()
    change = "UPDATE rulings SET confirmed_by_id = proposed_by_id, confirmed_by = 'x', confirmed_at = now()"
    with pytest.raises(Exception, match="two_people"):
        db.session.execute(text(change))
    db.session.rollback()


def test_one_proposal_at_a_time_and_withdrawn_it_is_gone() -> None:
    code = in_review(stale_market())
    version = contest_of(code).version
    propose_ruling(code, version=version, kind="void", reason=WHY, by=ANN_OF_STAFF)
    with pytest.raises(AlreadyProposed, match="Ann has proposed"):
        propose_ruling(code, version=version, kind="later_window", reason=WHY, by=BEN_OF_STAFF)
    db.session.rollback()
    withdraw_ruling(code, number_of(), version=version, by=BEN_OF_STAFF)
    with pytest.raises(NothingProposed):
        confirm_ruling(code, number_of(), version=version, by=BEN_OF_STAFF)


def test_only_what_fits_can_be_proposed() -> None:
    evaluated(clear_winner())
    for kind in ("fallback_sources", "later_window", "fragile", "nonsense"):
        with pytest.raises(NotOffered):
            propose_ruling("CUP-1", version=contest_of("CUP-1").version, kind=kind, reason=WHY, by=ANN_OF_STAFF)
        db.session.rollback()


@pytest.mark.parametrize("change", ["UPDATE rulings SET reason = repeat('x', 30)", "DELETE FROM rulings"])
def test_what_was_ruled_never_changes(session: Session, change: str) -> None:
    code = in_review(stale_market())
    ruled(code, "void")
    with pytest.raises(Exception, match=r"never changes|append-only"):
        session.execute(text(change))
    session.rollback()


def test_late_ticks_of_the_same_window_are_used() -> None:
    code = imported(stale_market()).code
    again(code)
    mended = feeds("100", seconds=range(4, 10))
    for one in mended:
        db.session.execute(
            text("""INSERT INTO ticks (feed_id, token_id, source, price, at)
                SELECT c.feed_id, t.token_id, :source, 100, :at FROM contests c JOIN contest_tokens t
                ON t.contest_id = c.id WHERE c.code = :code"""),
            {"code": code, "source": one["source"], "at": one["at"]},
        )
    contest_of(code).next_try_at = database_now()
    db.session.commit()
    assert evaluate_due()
    assert states_of(code)[-3:] == ["price_check", "evaluating", "proposed"]


def test_a_ruling_is_told_to_whoever_asks(session: Session) -> None:
    code = in_review(stale_market())
    ruled(code, "void")
    ruling = session.query(Ruling).one()
    assert (ruling.proposed_by, ruling.confirmed_by, ruling.reason) == ("Ann", "Ben", WHY)


def test_what_was_overtaken_is_not_carried_out() -> None:
    code = evaluated(clear_winner()).code
    version = contest_of(code).version
    propose_ruling(code, version=version, kind="void", reason=WHY, by=ANN_OF_STAFF)
    apply_evaluation(code, version=version, reason=None, by=BEN_OF_STAFF)
    version = contest_of(code).version
    with pytest.raises(NoLongerPossible, match="is final now"):
        confirm_ruling(code, number_of(), version=version, by=BEN_OF_STAFF)
    db.session.rollback()
    withdraw_ruling(code, number_of(), version=version, by=BEN_OF_STAFF)
    assert contest_of(code).state == "final"
