"""Where a person goes from the money of a contest: its other pages, and the fix of each blocker."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from app.contests.queries.contest import ContestFacts
from app.contests.rules.blockers import DECIDED, Blocker
from app.payouts.queries.freezes import FreezeLine

DRAFT_KINDS = ("in_review", "not_evaluated", "evaluators_disagree", "halted_at_end", "fragile")


@dataclass(frozen=True)
class Tab:
    label: str
    href: str
    key: str
    is_current: bool = False


@dataclass(frozen=True)
class BlockerLink:
    text: str
    href: str
    action: str


def contest_pages(contest: ContestFacts) -> list[Tab]:
    """The contest's pages that are there in any state, and this one."""
    pages = [("contests.show", "Overview", "")]
    if contest.state not in {"scheduled", "live"}:
        pages.append(("contests.draft", "Evaluation", "e"))
    if contest.state in DECIDED and contest.published_evaluation_id is not None:
        pages.append(("contests.evidence", "Evidence", "v"))
    others = [Tab(label, url_for(page, code=contest.code), key) for page, label, key in pages]
    return [*others, Tab("Prizes", url_for("payouts.prizes", code=contest.code), "", is_current=True)]


def blocker_links(contest: ContestFacts, found: Sequence[Blocker], freezes: Sequence[FreezeLine]) -> list[BlockerLink]:
    return [BlockerLink(one.text, _fix(contest, one, freezes) if one.fix else "", one.fix) for one in found]


def _fix(contest: ContestFacts, blocker: Blocker, freezes: Sequence[FreezeLine]) -> str:
    if blocker.kind == "frozen":
        return url_for("payouts.freeze", freeze_id=freezes[0].id)
    if blocker.kind == "nothing_waits":
        return url_for("payouts.prizes", code=contest.code, _anchor="batches")
    if blocker.kind == "books_unbalanced" and contest.state in DECIDED:
        return url_for("payouts.ledger", account=f"pool:{contest.id}")
    if blocker.kind == "open_tie":
        return url_for("contests.ties", code=contest.code)
    if blocker.kind == "market_halted":
        return url_for("market.index")
    page = "draft" if blocker.kind in DRAFT_KINDS or blocker.kind == "books_unbalanced" else "show"
    return url_for(f"contests.{page}", code=contest.code)
