"""What a platform's program sends in tests, and a contest that is live for it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from app.contests.models import Contest, ContestToken, Entry, Player
from app.market.models import Token
from tests.contests.rows import contest_row, entry_row, tick_rows, token_row

CONTESTS = "/api/v1/contests"
IDS = count(1)


def terms(*mints: str, **changes: Any) -> dict[str, Any]:
    """A contest of an hour that starts in an hour."""
    starts_at = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
    return {
        "code": f"CUP-{next(IDS)}", "name": "Morning cup", "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + timedelta(hours=1)).isoformat(), "entry_fee_lamports": 100_000_000,
        "initial_balance": "10000.0", "tokens": list(mints),
    } | changes  # fmt: skip


@dataclass
class Match:
    """A live contest with one player, and a token that costs 10 by two sources in seconds 1 to 60 of it."""

    contest: Contest
    wallet: str
    token: Token
    entry_id: int
    ids: Any = field(default_factory=lambda: count(1))

    @property
    def trades(self) -> str:
        return f"{CONTESTS}/{self.contest.code}/trades"

    def at(self, second: int) -> str:
        return (self.contest.starts_at + timedelta(seconds=second)).isoformat()

    def trade(self, **changes: Any) -> dict[str, Any]:
        """Buys 100 for 10 each, 10 seconds after the start."""
        return {
            "id": f"t-{next(self.ids)}", "wallet": self.wallet, "mint": self.token.mint, "side": "buy",
            "quantity": "100", "price": "10", "executed_at": self.at(10),
        } | changes  # fmt: skip


def live_match(session: Session) -> Match:
    starts_at = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    ends_at = starts_at + timedelta(hours=2)
    contest = contest_row(session, state="live", starts_at=starts_at, started_at=starts_at, ends_at=ends_at,
                          ended_at=None, entries_count=1)  # fmt: skip
    entry, token = entry_row(session, contest, "ann"), token_row(session, "WIF")
    session.add(ContestToken(contest_id=contest.id, token_id=token.id))
    tick_rows(session, contest, token, range(1 - 7200, 61 - 7200), "10")
    wallet = session.get_one(Player, entry.player_id).wallet
    session.commit()
    return Match(contest, wallet, token, entry.id)


def money(session: Session, match: Match) -> tuple[Decimal, Decimal]:
    """What the player bought and sold for."""
    entry = session.get_one(Entry, match.entry_id, populate_existing=True)
    return entry.bought, entry.sold
