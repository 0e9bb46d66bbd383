"""Every command, by every role, in every state a contest can be in: only the ways of its life are open."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.audit.rules import SYSTEM, Actor
from app.contests.forms.platform import EntryTold, TradeTold
from app.contests.models import Contest, Evaluation, Ruling, Tie, Transition
from app.contests.rules.life import EDGES, STATES
from app.contests.rules.rulings import BEFORE_A_DRAFT
from app.contests.service import (
    changing,
    creating,
    decisions,
    disputes,
    evaluation,
    life,
    ruling,
    ties,
    trading,
    trouble,
)
from app.contests.service.steps import READY
from app.core.access import ROLES, holds
from app.core.api.shapes import read_each
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db
from app.core.progress import silent
from tests.clients import staff_browser
from tests.contests.evaluating import ANN_OF_STAFF, BEN_OF_STAFF
from tests.contests.rows import address, contest_row, entry_row, evaluation_row, lead, tie_row, token_row

WHY = "Because the matrix of all states wants to know"
HOUR = timedelta(hours=1)
PROGRAM = Actor("api", "1", "Contest System")
Command = Callable[[Contest], Any]


def asked(contest: Contest) -> Any:
    return decisions.request_evaluation(contest.code, version=contest.version, reason=WHY, by=ANN_OF_STAFF)


def applied(contest: Contest) -> Any:
    return decisions.apply_evaluation(contest.code, version=contest.version, reason=WHY, by=ANN_OF_STAFF)


def reviewed(contest: Contest) -> Any:
    return decisions.send_to_review(contest.code, version=contest.version, reason=WHY, by=ANN_OF_STAFF)


def proposed(contest: Contest) -> Any:
    return ruling.propose_ruling(contest.code, version=contest.version, kind="void", reason=WHY, by=ANN_OF_STAFF)


def retried(contest: Contest) -> Any:
    return trouble.retry(contest.code, version=contest.version, by=ANN_OF_STAFF)


def disputed(contest: Contest) -> Any:
    return disputes.open_dispute(contest.code, version=contest.version, player="player0", words=WHY, by=ANN_OF_STAFF)


def confirmed(contest: Contest) -> Any:
    words = {"kind": "void", "reason": WHY, "proposed_by_id": BEN_OF_STAFF.id, "proposed_by": BEN_OF_STAFF.name}
    db.session.add(ruled := Ruling(contest_id=contest.id, **words))
    db.session.commit()
    return ruling.confirm_ruling(contest.code, ruled.id, version=contest.version, by=ANN_OF_STAFF)


def decided_otherwise(contest: Contest) -> Any:
    tie = db.session.query(Tie).join(Evaluation).filter(Evaluation.contest_id == contest.id).one()
    ties.reopen_tie(tie.id, version=tie.version, reason=WHY, by=ANN_OF_STAFF)
    return ties.resolve_tie(
        tie.id, version=tie.version, choice="share", ordered_entry_ids=[], reason=None, by=ANN_OF_STAFF
    )


def changed(contest: Contest) -> Any:
    """To another start and other tokens, as its maker may until it starts."""
    now, mint = database_now().replace(microsecond=0), token_row(db.session(), "SOL").mint
    times = {"starts_at": now + HOUR, "ends_at": now + 2 * HOUR}
    changes = {name: at.isoformat() for name, at in times.items()} | {"tokens": [mint]}
    return changing.change_contest(contest.code, changes, version=contest.version, by=PROGRAM)


def entered(contest: Contest) -> Any:
    told = EntryTold(wallet=address(), nickname="late")
    return creating.enter_players(contest.code, [told], by=PROGRAM)


def traded(contest: Contest) -> Any:
    """By somebody who has no entry: while the contest is live that is why, before and after it is not."""
    told = {"id": "t-1", "wallet": address(), "mint": address(), "side": "buy", "quantity": "1", "price": "1",
            "executed_at": contest.ends_at.isoformat()}  # fmt: skip
    why = trading.take_trades(contest.code, read_each(TradeTold, [told]), by=PROGRAM).refused[0].reason
    if why == "not_live":
        raise Refusal(why)
    assert why == "no_entry"


def sent_back(contest: Contest) -> Any:
    return disputes.send_back(contest.code, version=contest.version, reason=WHY, by=ANN_OF_STAFF)


COMMANDS: dict[str, tuple[Command, set[str]]] = {
    "request_evaluation": (asked, {"scheduled", "live", *READY, "proposed", "review"} - {"price_check"}),
    "apply": (applied, {"proposed"}),
    "send_to_review": (reviewed, {"proposed"}),
    "propose_ruling": (proposed, {*BEFORE_A_DRAFT, "proposed", "review"}),
    "open_dispute": (disputed, {"proposed", "review"}),
    "send_back": (sent_back, {"review"}),
    "retry": (retried, set()),
    "confirm_ruling": (confirmed, {*BEFORE_A_DRAFT, "proposed", "review"}),
    "reopen_and_resolve_tie": (decided_otherwise, {"proposed", "review"}),
    "change": (changed, {"scheduled"}),
    "enter": (entered, {"scheduled"}),
    "trade": (traded, {"live"}),
    "cancel": (lambda contest: creating.cancel_contest(contest.code, reason=WHY, by=PROGRAM), {"scheduled", "live"}),
    "evaluate": (
        lambda contest: evaluation.evaluate(contest.code, by=SYSTEM, progress=silent),
        {"scheduled", "live", *READY},
    ),
    "start": (lambda contest: life.start(contest.code, by=SYSTEM), {"scheduled"}),
    "end": (lambda contest: life.end(contest.code, by=SYSTEM), {"live"}),
    "check_prices": (lambda contest: life.check_prices(contest.code, by=SYSTEM), {"ended"}),
    "finish": (lambda contest: life.finish(contest.code, by=SYSTEM), set()),
}
"""Each command with the states in which it may be carried out; all contests of the matrix ended a minute ago."""
BY_HAND = {
    "contests.request_evaluation": ("evaluate", "contests:contest:evaluate"),
    "contests.apply": ("apply", "contests:contest:apply"),
    "contests.send_to_review": ("review", "contests:contest:review"),
    "contests.start": ("start", "contests:contest:start"),
    "contests.end": ("end", "contests:contest:end"),
    "contests.propose_ruling": ("rulings", "contests:ruling:propose"),
    "contests.confirm_ruling": ("rulings/1/confirm", "contests:ruling:confirm"),
    "contests.withdraw_ruling": ("rulings/1/withdraw", "contests:ruling:propose"),
    "contests.open_dispute": ("disputes", "contests:dispute:open"),
    "contests.add_post": ("disputes/1/posts", "contests:dispute:post"),
    "contests.settle_dispute": ("disputes/1/settle", "contests:dispute:settle"),
    "contests.send_back": ("send-back", "contests:contest:send_back"),
    "contests.add_note": ("notes", "contests:note:add"),
    "contests.claim": ("claim", "contests:contest:claim"),
    "contests.release": ("release", "contests:contest:claim"),
    "contests.do_errand": ("errands/1/done", "contests:errand:do"),
    "contests.reopen_errand": ("errands/1/open", "contests:errand:do"),
    "contests.retry": ("retry", "contests:contest:retry"),
}


def contest_in(session: Session, state: str) -> Contest:
    began = state in {"scheduled", "live"}
    more: dict[str, Any] = {"started_at": None, "ended_at": None} if began else {}
    contest = contest_row(session, state=state if began else "ended", **more)
    entries = [entry_row(session, contest, f"player{number}") for number in range(2)]
    draft = evaluation_row(session, contest, pool_lamports=0, fee_lamports=0, prizes_lamports=0)
    tie_row(session, draft, entries, choice="share", resolved_by="Ann", resolved_at=contest.ends_at)
    lead(session, contest, state)
    session.commit()
    session.refresh(contest)
    return contest


def steps_of(contest: Contest) -> list[tuple[str | None, str]]:
    found = db.session.query(Transition).filter_by(contest_id=contest.id).order_by(Transition.id)
    return [(step.from_state, step.to_state) for step in found]


@pytest.mark.parametrize("state", STATES)
def test_commands_go_only_where_the_life_of_a_contest_allows(session: Session, state: str) -> None:
    open_to = set()
    for name, (command, _) in COMMANDS.items():
        contest = contest_in(session, state)
        before = steps_of(contest)
        try:
            command(contest)
        except Refusal:
            db.session.rollback()
            assert steps_of(contest) == before
        else:
            open_to.add(name)
            assert set(steps_of(contest)[len(before) :]) <= EDGES
    assert open_to == {name for name, (_, states) in COMMANDS.items() if state in states}


@pytest.mark.parametrize("role", ROLES)
def test_who_may_not_is_turned_away_in_every_state(isolated: Any, session: Session, role: str) -> None:
    browser = staff_browser(isolated, role)
    for contest in [contest_in(session, state) for state in STATES]:
        state, before = contest.state, steps_of(contest)
        for page, permission in BY_HAND.values():
            answer = browser.submit(f"/contests/{contest.code}/{page}", {})
            assert (answer.status_code == 403) is not holds(role, permission), (role, state, page)
            assert answer.status_code in {403, 404, 409, 422}, (state, page)
        session.expire_all()
        assert steps_of(contest) == before


def test_the_matrix_knows_every_command_of_a_contest(isolated: Any) -> None:
    elsewhere = {"contests.confirm_import", "contests.hand_in", "contests.upload", "contests.withdraw_import",
                 "contests.resolve_tie", "contests.reopen_tie"}  # fmt: skip
    posts = [rule for rule in isolated.url_map.iter_rules() if "POST" in (rule.methods or ())]
    found = {rule.endpoint for rule in posts if rule.endpoint.startswith("contests.") and "<code>" in rule.rule}
    assert found - elsewhere == set(BY_HAND)
