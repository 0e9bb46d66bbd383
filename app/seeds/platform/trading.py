"""The players of the platform trade at our own market's prices, a moment after each second for which there are some."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

import structlog
from sqlalchemy import select

from app.contests.models import Contest
from app.contests.queries.trading import listed_tokens, market_prices
from app.core.extensions import db
from app.market.queries.halt import stored_until
from app.seeds.platform.playing import Deal, Part, cast, deals
from app.seeds.platform.scenes import PREFIX, scene_of
from app.seeds.prices import Listed
from clients.degenduel import CallRefused, DegenDuel, NoAnswer

STORED_AFTER = timedelta(seconds=2)
"""When the market has stored what came so long after a second, that second's price stays as it is."""
MOST_LIVE = 50
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Running:
    id: int
    code: str
    feed_id: int
    starts_at: datetime
    settlement: Mapping[str, int]


@dataclass
class Traders:
    """Tells each trade once in a run; what an earlier run told is known to the contest."""

    ops: DegenDuel
    told: dict[str, set[str]] = field(default_factory=dict)
    """References by the code of the contest."""

    def __call__(self) -> bool:
        running = live_contests()
        self.told = {one.code: self.told.get(one.code, set()) for one in running}
        stored = stored_until()
        return stored is not None and sum(self._trade(one, stored - STORED_AFTER) for one in running) > 0

    def _trade(self, contest: Running, until: datetime) -> bool:
        told = self.told[contest.code]
        due = [deal for deal in deals_until(contest, until) if deal.reference not in told]
        if not due:
            return False
        try:
            taken = self.ops.contests.trade(contest.code, [deal.as_told(contest.starts_at) for deal in due])
        except (CallRefused, NoAnswer) as error:
            log.info("trades not taken", code=contest.code, why=str(error))
            return False
        told.update(deal.reference for deal in due)
        if taken["refused"]:
            log.info("trades refused", code=contest.code, reasons=[one["reason"] for one in taken["refused"]])
        return True


def live_contests() -> Sequence[Running]:
    found = (
        select(Contest.id, Contest.code, Contest.feed_id, Contest.starts_at, Contest.settlement)
        .where(Contest.code.startswith(f"{PREFIX}-"), Contest.state == "live")
        .order_by(Contest.id)
        .limit(MOST_LIVE)
    )
    return [Running(*row) for row in db.session.execute(found)]


def deals_until(contest: Running, until: datetime) -> list[Deal]:
    """All trades of the contest's players up to a moment, in the order in which each player makes them."""
    scene = scene_of(contest.code)
    parts = cast(contest.code, scene) if scene else ()
    past_s = int((until - contest.starts_at).total_seconds())
    due = [Part(part.player, [wish for wish in part.wishes if wish.second <= past_s]) for part in parts]
    prices = _prices(contest, due)

    def priced(token: Listed, second: int) -> Decimal | None:
        return prices.get((token.mint, second))

    return [deal for part in due for deal in deals(contest.code, part, priced)]


def _prices(contest: Running, parts: Sequence[Part]) -> dict[tuple[str, int], Decimal]:
    """By mint and second of the contest."""
    wishes = {(wish.token.mint, wish.second) for part in parts for wish in part.wishes}
    known = listed_tokens(contest.id, {mint for mint, _ in wishes})
    asked = {
        (known[mint].id, contest.starts_at + timedelta(seconds=second)): (mint, second)
        for mint, second in wishes
        if mint in known
    }
    terms = contest.settlement
    limits = {"max_age_ms": terms["max_age_ms"], "min_sources": terms["min_sources"]}
    found = market_prices(contest.feed_id, list(asked), **limits)
    return {asked[where]: price for where, price in found.items()}
