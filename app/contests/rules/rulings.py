"""What needs two people: the ways out of a review, and a draft whose paid places hang on a thread."""

KINDS = {
    "fallback_sources": "Settle with whatever sources there are",
    "later_window": "Settle with the first valid window after the end",
    "void": "Void the contest and refund every entry",
    "fragile": "Let this draft stand although it is fragile",
}
SHORTEST_REASON = 20
BEFORE_A_DRAFT = ("scheduled", "live", "ended", "delayed")
OF_PRICES = ("fallback_sources", "later_window")


def kinds_offered(state: str, *, is_unpriced: bool, is_fragile: bool) -> tuple[str, ...]:
    """What may be proposed now. `is_unpriced`: the last look at the market data found it invalid."""
    if state in BEFORE_A_DRAFT:
        return ("void",)
    if state not in {"proposed", "review"}:
        return ()
    offered = OF_PRICES if state == "review" and is_unpriced else ()
    return (*offered, *(("fragile",) if is_fragile else ()), "void")
