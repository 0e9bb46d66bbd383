"""Telling prices in tests. Valkey is shared by all tests of a run, so each tells by names of its own."""

from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from app.core.extensions import valkey
from app.market.models import Token
from app.market.rules import wire
from app.market.rules.ticks import GivenTick
from app.market.service import gate
from tests.contests.bundles import address


def token(session: Session, state: str = "active") -> str:
    """The mint of a fresh token."""
    mint = address(uuid4().hex)
    ended = {} if state == "active" else {"inactive_from": "2026-01-01T00:00:00Z"}
    session.add(Token(mint=mint, symbol="T", name="T", decimals=9, state=state, reason="test", **ended))
    session.commit()
    return mint


def tick(mint: str, source: str, **changes: Any) -> GivenTick:
    """A good tick of this moment, but for the changes; `ago_us` moves it back."""
    at_us = gate.clock_us(valkey()) - int(changes.pop("ago_us", 0))
    return GivenTick(mint, source, "147.48", "12.5", "buy", at_us)._replace(**changes)


def fresh_name() -> str:
    return f"s{uuid4().hex[:12]}"


def entries(origin: str) -> list[wire.Entry]:
    """What the stream holds of one origin."""
    rows: Any = valkey().xrange(wire.STREAM)
    found = (wire.decoded(fields) for _, fields in rows)
    return [entry for entry in found if entry.origin == origin]


def rows(entry: wire.Entry) -> list[tuple[str, ...]]:
    """Its ticks one by one."""
    return list(zip(*entry.columns, strict=True))
