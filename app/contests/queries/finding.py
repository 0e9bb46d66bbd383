"""Contests and players for the search: by code, name, wallet or nickname, by their beginnings too."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_

from app.contests.models import Contest, Player
from app.core.finding import MOST, SHORTEST_BEGINNING, SHORTEST_PIECE, Wanted, answers, begins, ends


def contests_found(wanted: Wanted) -> Select[Any]:
    text = wanted.text.lower()
    is_exact = func.lower(Contest.code) == text
    matching = is_exact
    if len(text) >= SHORTEST_BEGINNING:
        matching = or_(begins(func.lower(Contest.code), text), begins(func.lower(Contest.name), text))
    found = answers("contest", key=Contest.code, name=Contest.code, detail=Contest.name, is_exact=is_exact)
    return found.where(matching).order_by(is_exact.desc(), Contest.ends_at.desc(), Contest.id.desc()).limit(MOST)


def players_found(wanted: Wanted) -> Select[Any]:
    is_exact = or_(Player.wallet == wanted.text, func.lower(Player.nickname) == wanted.text.lower())
    found = answers("person", key=Player.wallet, name=Player.nickname, detail=Player.wallet, is_exact=is_exact)
    return (
        found.where(wallet_matches(Player.wallet, wanted) | _nickname_matches(wanted))
        .order_by(is_exact.desc(), Player.nickname, Player.wallet)
        .limit(MOST)
    )


def wallet_matches(wallet: Any, wanted: Wanted) -> ColumnElement[bool]:
    """Whole, by its beginning, by its end, or by both: as pages show it and people read it out."""
    if wanted.start:
        return and_(begins(wallet, wanted.start), wallet.endswith(wanted.end))
    if not wanted.is_base58 or len(wanted.text) < SHORTEST_PIECE:
        return false()
    return or_(begins(wallet, wanted.text), ends(wallet, wanted.text))


def _nickname_matches(wanted: Wanted) -> ColumnElement[bool]:
    nickname, text = func.lower(Player.nickname), wanted.text.lower()
    return begins(nickname, text) if len(text) >= SHORTEST_BEGINNING else nickname == text
