"""The platform changes the terms of a contest that has not started."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, insert, select

from app.audit.rules import Actor
from app.audit.service import record
from app.contests.forms.fields import LAMPORTS_MAX
from app.contests.forms.platform import ContestTold, read_whole
from app.contests.models import Contest, ContestToken
from app.contests.rules.terms import frozen
from app.contests.service.creating import startable_tokens, terms
from app.contests.service.locking import hold, tell
from app.core.api.shapes import Unreadable
from app.core.errors import Refusal
from app.core.extensions import db
from app.core.money import plain
from app.market import queries as market


class TermsFixed(Refusal):
    def __init__(self, contest: Contest) -> None:
        super().__init__(
            f"Contest {contest.code} is {contest.state.replace('_', ' ')}; its terms are fixed since its start.",
            "Cancel it while it is live, or make another one.",
        )


class OtherVersion(Refusal):
    def __init__(self, contest: Contest, version: int) -> None:
        super().__init__(
            f"Contest {contest.code} is at version {contest.version} by now, and this change is for version {version}.",
            "Read the contest again, then change what still has to change.",
        )


def change_contest(code: str, changes: Mapping[str, Any], *, version: int, by: Actor) -> bool:
    """Whether something changed. `changes` are members of a contest as its maker tells them; the others stay.

    A version that is not the contest's own is refused, and so is another fee once somebody paid the one there is.
    """
    contest = hold(code)
    if contest.state != "scheduled":
        raise TermsFixed(contest)
    if contest.version != version:
        raise OtherVersion(contest, version)
    if "code" in changes:
        raise Unreadable("code", "a contest keeps its code")
    kept = _told(contest)
    told = read_whole({**kept.model_dump(mode="json"), **changes})
    _ensure_fair(contest, told)
    before, after = _facts(kept), _facts(told)
    different = [name for name in after if after[name] != before[name]]
    if different:
        _write(contest, told)
        record(
            "contests:contest:change", object_type="contest", object_id=code, by=by,
            before={name: before[name] for name in different}, after={name: after[name] for name in different},
        )  # fmt: skip
        tell("contest.changed", contest)
    db.session.commit()
    return bool(different)


def _facts(told: ContestTold) -> dict[str, Any]:
    """Ready to be compared: neither the order of tokens nor the spelling of a number makes a difference."""
    return told.model_dump(mode="json") | {
        "tokens": sorted(told.tokens), "initial_balance": plain(Decimal(told.initial_balance))
    }  # fmt: skip


def _told(contest: Contest) -> ContestTold:
    """The contest as its maker would tell it today."""
    ids = select(ContestToken.token_id).where(ContestToken.contest_id == contest.id)
    members = {name: getattr(contest, name) for name in ContestTold.model_fields if name != "tokens"}
    members["initial_balance"] = plain(contest.initial_balance)
    return ContestTold.model_construct(**members, tokens=market.mints_of(db.session.scalars(ids)))


def _ensure_fair(contest: Contest, told: ContestTold) -> None:
    entries = contest.entries_count
    if entries and told.entry_fee_lamports != contest.entry_fee_lamports:
        raise Unreadable(
            "entry_fee_lamports", f"{entries} players entered for {contest.entry_fee_lamports} lamports, so it stays"
        )
    pool = told.entry_fee_lamports * entries + told.sponsored_lamports
    if pool > LAMPORTS_MAX:
        raise Unreadable("sponsored_lamports", f"the pool would be over {LAMPORTS_MAX} lamports")


def _write(contest: Contest, told: ContestTold) -> None:
    tokens = startable_tokens(told)
    for name, value in terms(told).items():
        setattr(contest, name, value)
    contest.settlement = frozen({}, told.ends_at - told.starts_at)
    contest.version += 1
    db.session.execute(delete(ContestToken).where(ContestToken.contest_id == contest.id))
    db.session.execute(insert(ContestToken), [{"contest_id": contest.id, "token_id": token} for token in tokens])
    db.session.flush()
