"""The platform makes a contest, enters its players, or calls it off."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from app.audit.rules import Actor
from app.audit.service import record
from app.contests.forms.fields import LAMPORTS_MAX
from app.contests.forms.platform import ContestTold, EntryTold
from app.contests.models import Contest, ContestToken
from app.contests.rules.prizes import purse
from app.contests.rules.terms import frozen
from app.contests.service.locking import hold, tell
from app.contests.service.voiding import note_void
from app.core.api.shapes import Unreadable
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db
from app.market import queries as market
from app.market.rules.feeds import LIVE_FEED

CANCELLED = "cancelled_by_the_platform"
PLAYERS = text("""
INSERT INTO players (wallet, nickname)
SELECT wallet, nickname FROM unnest(cast(:wallets AS text[]), cast(:nicknames AS text[])) AS told (wallet, nickname)
ORDER BY wallet ON CONFLICT (wallet) DO NOTHING
""")
ENTRIES = text("""
INSERT INTO entries (contest_id, player_id, nickname, joined_at)
SELECT :contest, p.id, told.nickname, :now
FROM unnest(cast(:wallets AS text[]), cast(:nicknames AS text[])) WITH ORDINALITY AS told (wallet, nickname, place)
JOIN players p USING (wallet) ORDER BY told.place ON CONFLICT (contest_id, player_id) DO NOTHING
""")


class OtherContest(Refusal):
    def __init__(self, code: str) -> None:
        super().__init__(f"Contest {code} exists with other terms.", "Give the new contest a code of its own.")


class NotCancellable(Refusal):
    def __init__(self, contest: Contest) -> None:
        super().__init__(
            f"Contest {contest.code} is {contest.state.replace('_', ' ')}; only a scheduled or live one is cancelled.",
            "Ask an admin: two people can void it until it is final.",
        )


class EntriesClosed(Refusal):
    def __init__(self, contest: Contest) -> None:
        super().__init__(
            f"Contest {contest.code} is {contest.state.replace('_', ' ')}; players enter until it starts.",
            "Enter them in another contest.",
        )


@dataclass(frozen=True)
class Entered:
    """`known` had an entry already; `refused` by their place in the call."""

    accepted: int
    known: int
    refused: dict[int, Unreadable]


def create_contest(told: ContestTold, *, by: Actor) -> bool:
    """Whether it is new: the same contest told again is there already."""
    is_new = _made(told, by)
    db.session.commit()
    return is_new


def cancel_contest(code: str, *, reason: str, by: Actor) -> None:
    """Void, with every entry refunded. One that was cancelled before stays as it is."""
    contest = hold(code)
    if contest.void_reason != CANCELLED:
        if contest.state not in {"scheduled", "live"}:
            raise NotCancellable(contest)
        note_void(contest, CANCELLED, reason=reason, by=by)
    db.session.commit()


def enter_players(code: str, told: Sequence[EntryTold | Unreadable], *, by: Actor) -> Entered:
    """Safe to call again: a wallet enters a contest once, with the nickname it came with first."""
    contest = hold(code)
    if contest.state != "scheduled":
        raise EntriesClosed(contest)
    refused = {index: one for index, one in enumerate(told) if isinstance(one, Unreadable)}
    readable = [one for one in told if isinstance(one, EntryTold)]
    pool = purse(contest, contest.entries_count + len(readable)).pool
    if pool > LAMPORTS_MAX:
        raise Refusal(f"The pool of contest {code} would be {pool} lamports, over {LAMPORTS_MAX}.", status=422)
    new = _enter(contest, readable)
    if new:
        facts = {"accepted": new, "entries": contest.entries_count}
        record("contests:entry:enter", object_type="contest", object_id=code, by=by, after=facts)
    db.session.commit()
    return Entered(new, len(readable) - new, refused)


def _made(told: ContestTold, by: Actor) -> bool:
    made = insert(Contest).values(
        **terms(told), state="scheduled", feed_id=LIVE_FEED, settlement=frozen({}, told.ends_at - told.starts_at)
    )
    made = made.on_conflict_do_nothing(index_elements=[Contest.code])
    contest_id = db.session.execute(made.returning(Contest.id)).scalar_one_or_none()
    if contest_id is None:
        _ensure_same(told)
        return False
    rows = [{"contest_id": contest_id, "token_id": token} for token in startable_tokens(told)]
    db.session.execute(insert(ContestToken), rows)
    facts = told.model_dump(mode="json", exclude={"code"})
    record("contests:contest:create", object_type="contest", object_id=told.code, by=by, after=facts)
    tell("contest.created", db.session.get_one(Contest, contest_id))
    return True


def _enter(contest: Contest, told: Sequence[EntryTold]) -> int:
    facts = {"wallets": [one.wallet for one in told], "nicknames": [one.nickname for one in told]}
    db.session.execute(PLAYERS, facts)
    done: Any = db.session.execute(ENTRIES, facts | {"contest": contest.id, "now": database_now()})
    contest.entries_count += done.rowcount
    return int(done.rowcount)


def terms(told: ContestTold) -> dict[str, Any]:
    return told.model_dump(exclude={"tokens"}) | {"initial_balance": Decimal(told.initial_balance)}


def startable_tokens(told: ContestTold) -> list[int]:
    """Refuses a start that has passed, and a token that is not on the whitelist."""
    if told.starts_at <= database_now():
        raise Unreadable("starts_at", f"{told.starts_at:%F %T} UTC has passed")
    known = market.known_tokens(told.tokens)
    for place, mint in enumerate(told.tokens):
        if mint not in known or known[mint].state != "active":
            raise Unreadable(f"tokens[{place}]", f"{mint} is not on the whitelist")
    return [known[mint].id for mint in told.tokens]


def _ensure_same(told: ContestTold) -> None:
    kept = db.session.scalars(select(Contest).where(Contest.code == told.code)).one()
    ids = set(db.session.scalars(select(ContestToken.token_id).where(ContestToken.contest_id == kept.id)))
    known = {token.id for token in market.known_tokens(told.tokens).values()}
    if ids != known or any(getattr(kept, name) != value for name, value in terms(told).items()):
        raise OtherContest(told.code)
