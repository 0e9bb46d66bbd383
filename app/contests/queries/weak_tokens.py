"""What alerts ask before contests start: whether our feed serves their tokens well enough to settle on."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select

from app.alerts.rules.found import Found
from app.contests.models import Contest, ContestToken
from app.core.extensions import db
from app.market.queries.tokens import token_names
from app.whitelist.queries.watched import badly_served

AHEAD = timedelta(minutes=15)
MOST = 20
NAMED = 5


def served_badly() -> Sequence[Found]:
    """Of each contest that starts soon, the tokens with a minute in the last hour that nothing could be settled on.

    Where that are half of them, the feed was away: its own alerts say so.
    """
    soon = select(Contest.id).where(
        Contest.state == "scheduled", Contest.starts_at <= func.clock_timestamp() + AHEAD
    )
    first = soon.order_by(Contest.starts_at, Contest.id).limit(MOST)
    token = token_names()
    wanted = select(Contest.code, ContestToken.token_id, token.c.symbol)
    wanted = wanted.join(ContestToken, ContestToken.contest_id == Contest.id)
    wanted = wanted.join(token, token.c.id == ContestToken.token_id)
    wanted = wanted.where(Contest.id.in_(first)).order_by(Contest.starts_at, Contest.id, token.c.id)
    rows = db.session.execute(wanted).all()
    why = badly_served({row.token_id for row in rows})
    weak: dict[str, list[str]] = defaultdict(list)
    for code, token_id, symbol in rows:
        if token_id in why:
            weak[code].append(f"{symbol} {why[token_id]}")
    traded = Counter(row.code for row in rows)
    return [
        Found(
            f"token:{code}", "warning", f"Contest {code} may be delayed",
            f"{code} starts soon, and our feed serves {len(said)} of its {traded[code]} tokens badly: "
            f"{'; '.join(said[:NAMED])}",
            "Look at its tokens", link=f"/contests/{code}",
        )
        for code, said in weak.items() if len(said) * 2 < traded[code]
    ]  # fmt: skip
