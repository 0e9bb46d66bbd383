"""Where a person goes from here: the pages of a contest, the next step, and the fix of each blocker."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from app.contests.queries.contest import ContestFacts, EvaluationFacts
from app.contests.rules.blockers import Blocker
from app.contests.rules.disputes import OPEN_IN
from app.contests.rules.life import FINAL_STATES
from app.contests.rules.rail import Step
from app.core.access import can, roles_with
from app.core.assets import has_route
from app.core.formats import utc

PAYOUTS = "payouts.prizes"
"""The page of an upper floor, where it is there."""
OWING = {
    "final": "The result is final. One admin proposes the prizes, another approves them.",
    "paying": "The prizes are on their way.",
    "void": "The contest is void. One admin proposes the refunds, another approves them.",
    "refunding": "The contest is void; the refunds are on their way.",
}
FIXES = {
    "open_tie": ("contests.ties", ""),
    "delayed_prices": ("contests.show", "market-check"),
    "open_dispute": ("contests.disputes", ""),
    "evaluators_disagree": ("contests.draft", "second-evaluator"),
    "books_unbalanced": ("contests.draft", "evaluate-again"),
    "halted_at_end": ("contests.draft", "evaluate-again"),
    "fragile": ("contests.draft", "fragility"),
    "in_review": ("contests.draft", ""),
    "not_evaluated": ("contests.draft", ""),
}


@dataclass(frozen=True)
class Tab:
    label: str
    href: str
    key: str
    is_current: bool


@dataclass(frozen=True)
class RailItem:
    label: str
    state: str
    note: str
    href: str | None


@dataclass(frozen=True)
class BlockerLink:
    text: str
    href: str
    action: str


@dataclass(frozen=True)
class NextStep:
    """One of `href` (go there) and `action` (do it) is set, or none when there is nothing to do now."""

    label: str
    hint: str
    href: str = ""
    action: str = ""
    key: str = ""
    why_not: str = ""


def tabs(contest: ContestFacts, result: EvaluationFacts | None, here: str, *, taken: str = "") -> list[Tab]:
    """The pages of a contest that hold something. `taken` is the key of the next step, which goes before theirs."""
    to_come = contest.state in {"scheduled", "live"}
    pages = [("show", "Overview", "", True)]
    pages += [("draft", "By hand" if to_come else "Evaluation", "e", here == "draft" or not to_come)]
    pages += [
        ("ties", "Ties", "t", result is not None and result.ties > 0),
        ("disputes", "Disputes", "d", contest.state in OPEN_IN),
        ("replay", "Replay", "", not to_come),
        ("evidence", "Evidence", "v", result is not None),
    ]
    found = [
        Tab(label, url_for(f"contests.{page}", code=contest.code), "" if key == taken else key, page == here)
        for page, label, key, holds in pages
        if holds
    ]
    if has_route(PAYOUTS):
        found.append(Tab("Prizes", url_for(PAYOUTS, code=contest.code), "" if taken == "p" else "p", is_current=False))
    return found


def rail_items(contest: ContestFacts, steps: Sequence[Step]) -> list[RailItem]:
    pages = {"Prices": "contests.evidence", "Evaluated": "contests.draft", "Ties": "contests.ties"}
    if has_route(PAYOUTS):
        pages |= {"Paid": PAYOUTS, "Void": PAYOUTS}
    stops = {"Prices": "market-check"}
    items = []
    for step in steps:
        note = " · ".join(part for part in (utc(step.at, "time") if step.at else "", step.note) if part)
        leads = step.status in {"done", "stop"} or (step.name == "Paid" and step.status == "now")
        page = pages.get(step.name) if leads and step.note != "none" else None
        href = url_for(page, code=contest.code) if page else None
        if step.status == "stop" and step.name in stops:
            href = f"#{stops[step.name]}"
        items.append(RailItem(step.name, step.status, note, href))
    return items


def blocker_links(contest: ContestFacts, blockers: Sequence[Blocker]) -> list[BlockerLink]:
    links = []
    for blocker in blockers:
        page, part = FIXES.get(blocker.kind, ("contests.show", ""))
        href = url_for(page, code=contest.code, _anchor=part or None)
        if blocker.kind == "market_halted":
            href = url_for("market.index")
        links.append(BlockerLink(blocker.text, href, blocker.fix))
    return links


def why_not(permission: str) -> str:
    """Why the signed-in account cannot do this; empty when it can."""
    if can(permission):
        return ""
    return f"Only {' or '.join(f'{role}s' for role in roles_with(permission))} can do this."


def next_step(contest: ContestFacts, result: EvaluationFacts | None) -> NextStep:
    if contest.state in {"ended", "delayed"}:
        return NextStep(
            label="Evaluate" if contest.state == "ended" else "Check again now",
            hint="Checks the market data, ranks the players and writes a draft. Nothing is published.",
            action=url_for("contests.request_evaluation", code=contest.code),
            key="e",
            why_not=why_not("contests:contest:evaluate"),
        )
    if contest.state == "proposed" and result is not None and result.open_ties:
        hint = "Players are equal on every rule where a prize is at stake."
        return NextStep("Resolve tie", hint, href=url_for("contests.ties", code=contest.code), key="t")
    if contest.state in {"proposed", "review"}:
        label, hint = TO_DRAFT["nothing" if result is None else contest.state]
        return NextStep(label, hint, href=url_for("contests.draft", code=contest.code), key="e")
    if contest.state in OWING and has_route(PAYOUTS):
        return NextStep("See what is owed", OWING[contest.state], href=url_for(PAYOUTS, code=contest.code), key="p")
    if contest.state in FINAL_STATES:
        hint = "The result is final. Its evidence proves it to anybody, offline."
        return NextStep("See the evidence", hint, href=url_for("contests.evidence", code=contest.code), key="v")
    void = f"The contest is void: {(contest.void_reason or '').replace('_', ' ')}."
    return NextStep("", WAITING_HINTS.get(contest.state, void))


NOT_PUBLISHED = "Nothing is published before somebody applies the draft."
TO_DRAFT = {
    "proposed": ("Look at the draft and apply", NOT_PUBLISHED),
    "review": ("Review the draft", NOT_PUBLISHED),
    "nothing": ("Choose a way out", "There is no draft: two people choose how it is settled, or make it void."),
}
WAITING_HINTS = {
    "scheduled": "The contest has not started.",
    "live": "The contest runs. It is evaluated after its end.",
    "price_check": "The market data is being checked.",
    "evaluating": "The contest is being evaluated.",
}
