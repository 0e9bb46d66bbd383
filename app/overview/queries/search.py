"""Everything that one line of text may mean, asked of all desks in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Integer, literal, select, union_all

from app.contests.queries.finding import contests_found, players_found
from app.core.extensions import db
from app.core.finding import MOST, Wanted
from app.market.queries.finding import tokens_found
from app.payouts.queries.finding import batches_found, payouts_found, references_found
from app.referrals.queries.finding import codes_found, people_found
from app.whitelist.queries.finding import submissions_found, submitters_found

PARTS = (
    players_found, people_found, codes_found, submitters_found, contests_found, tokens_found, submissions_found,
    batches_found, references_found, payouts_found,
)  # fmt: skip
"""In the order in which answers are shown; of two about one thing the earlier is kept."""


@dataclass(frozen=True)
class Match:
    """`key` is what the thing's address needs. Exact: the text names it whole."""

    kind: str
    key: str
    name: str
    detail: str
    about: str
    is_exact: bool


def matches(wanted: Wanted) -> Sequence[Match]:
    """At most MOST of a kind, by kind and, within it, the exact ones first."""
    if not wanted.text:
        return []
    parts = enumerate(part(wanted).subquery() for part in PARTS)
    whole = union_all(*(select(literal(number, Integer).label("part"), one) for number, one in parts)).subquery()
    order = (whole.c.part, whole.c.is_exact.desc(), whole.c.name, whole.c.key)
    rows = db.session.execute(select(whole).order_by(*order).limit(MOST * len(PARTS)))
    found = [Match(row.kind, row.key, row.name, row.detail, row.about, row.is_exact) for row in rows]
    return _once_each(found)


def _once_each(found: Sequence[Match]) -> Sequence[Match]:
    """Each thing as it was first found, and exact when any way to it was."""
    kept: dict[str, Match] = {}
    for one in found:
        first = kept.setdefault(one.about, one)
        kept[one.about] = replace(first, is_exact=first.is_exact or one.is_exact)
    return list(kept.values())


def only_match(found: Sequence[Match]) -> Match | None:
    """The one that is meant: the only exact one, or the only one."""
    exact = [one for one in found if one.is_exact] or found
    return exact[0] if len(exact) == 1 else None
