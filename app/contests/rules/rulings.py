"""What needs two people: the ways out of a review, and a draft whose paid places hang on a thread."""

KINDS = {
    "fallback_sources": "Settle with whatever sources there are",
    "later_window": "Settle with the first valid window after the end",
    "void": "Void the contest and refund every entry",
    "fragile": "Let this draft stand although it is fragile",
}
SHORTEST_REASON = 20
