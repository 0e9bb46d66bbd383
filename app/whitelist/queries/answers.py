"""Whether tokens may be traded: from the cache where the whitelist did not change since, else from the database."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from redis.exceptions import RedisError
from sqlalchemy import select

from app.core.caches import Cache
from app.core.extensions import db, settings, valkey
from app.core.formats import utc
from app.core.metrics import Counter
from app.market.queries.tokens import Standing, standings_of
from app.whitelist.models import WhitelistGeneration
from app.whitelist.rules.kept import answer_key, generation_key

log = structlog.get_logger(__name__)
KEPT_S = 3600
ASKED = Counter("whitelist_answers_total", "Answers about tokens, by where they came from.", ("origin",))


CACHE = Cache(
    "whitelist", "Whitelist answers", KEPT_S * 1000, lambda: f"{generation_key(settings().database_url)}:*",
    "whitelist_answers_total",
)  # fmt: skip


@dataclass(frozen=True)
class Answer:
    mint: str
    whitelisted: bool
    state: str
    symbol: str | None = None
    name: str | None = None
    decimals: int | None = None
    since: str | None = None
    reason: str | None = None


def answers_on(mints: Sequence[str]) -> list[Answer]:
    """In the order asked. What nobody knows is never kept: it may be listed any moment."""
    wanted = list(dict.fromkeys(mints))
    generation, known = _kept(wanted)
    missing = [mint for mint in wanted if mint not in known]
    ASKED.add(len(wanted) - len(missing), origin="cache")
    ASKED.add(len(missing), origin="database")
    if missing:
        read = {mint: _answer(one) for mint, one in standings_of(missing).items()}
        _keep(generation, read)
        known |= read
    return [known.get(mint) or Answer(mint, whitelisted=False, state="unknown") for mint in mints]


def _answer(one: Standing) -> Answer:
    active = one.state == "active"
    since: datetime | None = one.since
    return Answer(
        one.mint, active, one.state, one.symbol, one.name, one.decimals,
        None if since is None else utc(since, "iso"), None if active else one.reason,
    )  # fmt: skip


def _kept(mints: Sequence[str]) -> tuple[str | None, dict[str, Answer]]:
    """The generation that whatever is read now belongs to, and the answers kept under it; None: keep nothing."""
    try:
        where = generation_key(settings().database_url)
        told: Any = valkey().get(where)
        if told is None:
            valkey().set(where, _generation(), nx=True)
            told = valkey().get(where)
        generation = bytes(told or b"").decode()
        found: Any = valkey().mget([_key(generation, mint) for mint in mints])
    except RedisError as error:
        log.info("answered without the cache", problem=type(error).__name__)
        return None, {}
    kept = [json.loads(text) for text in found if text is not None]
    return generation or None, {one["mint"]: Answer(**one) for one in kept}


def _keep(generation: str | None, read: dict[str, Answer]) -> None:
    if generation is None or not read:
        return
    try:
        with valkey().pipeline(transaction=False) as writing:
            for mint, answer in read.items():
                writing.set(_key(generation, mint), json.dumps(vars(answer)), ex=KEPT_S)
            writing.execute()
    except RedisError as error:
        log.info("kept no answer", problem=type(error).__name__)


def _key(generation: str, mint: str) -> str:
    return answer_key(settings().database_url, generation, mint)


def _generation() -> int:
    return int(db.session.execute(select(WhitelistGeneration.generation)).scalar_one())
