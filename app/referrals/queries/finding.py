"""Referral codes and the people of referrals for the search."""

from typing import Any

from sqlalchemy import Select, func, or_

from app.contests.queries.finding import wallet_matches
from app.core.finding import MOST, SHORTEST_BEGINNING, Wanted, answers, begins
from app.referrals.models import Code, Person


def people_found(wanted: Wanted) -> Select[Any]:
    """Referrers and who came by them, who may never have played."""
    text, nickname = wanted.text.lower(), func.lower(Person.nickname)
    is_exact = or_(Person.wallet == wanted.text, nickname == text)
    named = begins(nickname, text) if len(text) >= SHORTEST_BEGINNING else nickname == text
    found = answers("person", key=Person.wallet, name=Person.nickname, detail=Person.wallet, is_exact=is_exact)
    found = found.where(or_(wallet_matches(Person.wallet, wanted), named))
    return found.order_by(is_exact.desc(), Person.nickname, Person.wallet).limit(MOST)


def codes_found(wanted: Wanted) -> Select[Any]:
    """A code leads to the person whose it is."""
    code = wanted.text.upper()
    is_exact = Code.code == code
    matching = begins(Code.code, code) if len(code) >= SHORTEST_BEGINNING else is_exact
    owner = func.concat("person ", Person.wallet)
    found = answers(
        "code", key=Person.wallet, name=Code.code, detail=Person.nickname, about=owner, is_exact=is_exact
    ).join(Person, Person.id == Code.person_id)
    return found.where(matching).order_by(is_exact.desc(), Code.code).limit(MOST)
