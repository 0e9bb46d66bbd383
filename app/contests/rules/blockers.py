"""What keeps a contest from becoming final: asked by the page, by the command and by the tests alike."""

from dataclasses import dataclass

WAITING = {
    "scheduled": "The contest has not started",
    "live": "The contest still runs",
    "ended": "The contest is not evaluated yet",
    "price_check": "The contest is being evaluated",
    "evaluating": "The contest is being evaluated",
    "delayed": "The market data at the end is not valid",
    "review": "The contest is in review",
}
TO_EVALUATE = ("ended", "price_check", "delayed", "review")
DECIDED = ("final", "paying", "paid", "void", "refunding", "refunded")


@dataclass(frozen=True)
class Facts:
    """`sum_lamports` is what the rows of the draft really hold together with fee and dust.

    A contest on live prices knows why nothing may be decided on them now (`halt`) and what stopped the market when it
    ended; a second look is a later draft, made for a reason that somebody gave. `fragile` says how many
    variants keep the paid places where not all do; seconded is such a draft when two people let it stand.
    """

    state: str
    has_draft: bool = False
    open_ties: int = 0
    verified: str = "same"
    verify_note: str | None = None
    pool_lamports: int = 0
    sum_lamports: int = 0
    halt: str = ""
    halt_at_end: str = ""
    is_second_look: bool = False
    fragile: str = ""
    is_seconded: bool = False
    open_disputes: int = 0
    review_reason: str | None = None


@dataclass(frozen=True)
class Blocker:
    """`kind` says which page mends it; `fix` names the step there."""

    kind: str
    text: str
    fix: str


def blockers(facts: Facts) -> tuple[Blocker, ...]:
    """Empty when the draft may become final, and when everything is decided already."""
    if facts.state in DECIDED:
        return ()
    found = []
    if facts.state == "delayed":
        found.append(Blocker("delayed_prices", WAITING["delayed"], "See the market check"))
    elif facts.state == "review":
        words = f"{WAITING['review']}: {facts.review_reason}" if facts.review_reason else WAITING["review"]
        step = "Look at the draft and re-evaluate" if facts.has_draft else "Look, and choose a way out"
        found.append(Blocker("in_review", words, step))
    elif facts.state in WAITING:
        found.append(Blocker("not_evaluated", WAITING[facts.state], "Evaluate"))
    if facts.halt and facts.state in TO_EVALUATE:
        found.append(Blocker("market_halted", f"It cannot be evaluated: {facts.halt}", "See the market"))
    if facts.has_draft:
        found += _of_draft(facts)
    return tuple(found)


def _of_draft(facts: Facts) -> list[Blocker]:
    found = []
    if facts.open_ties:
        words = "1 tie is open" if facts.open_ties == 1 else f"{facts.open_ties} ties are open"
        found.append(Blocker("open_tie", words, "Resolve the tie"))
    if facts.open_disputes:
        words = "1 dispute is open" if facts.open_disputes == 1 else f"{facts.open_disputes} disputes are open"
        found.append(Blocker("open_dispute", words, "Read and settle it"))
    if facts.verified == "different":
        note = f": {facts.verify_note}" if facts.verify_note else ""
        found.append(Blocker("evaluators_disagree", f"The two evaluators disagree{note}", "Compare and re-evaluate"))
    if facts.halt_at_end and not facts.is_second_look:
        found.append(
            Blocker(
                "halted_at_end",
                f"When the contest ended, {facts.halt_at_end}",
                "Look at the prices, then evaluate again with a reason",
            )
        )
    if facts.fragile and not facts.is_seconded:
        words = f"The paid places are fragile: kept in {facts.fragile} variants"
        found.append(Blocker("fragile", words, "Two people let it stand"))
    if facts.sum_lamports != facts.pool_lamports:
        off = facts.sum_lamports - facts.pool_lamports
        found.append(
            Blocker("books_unbalanced", f"Prizes, fee and dust miss the pool by {off} lamports", "Re-evaluate")
        )
    return found
