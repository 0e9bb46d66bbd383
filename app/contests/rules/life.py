"""The life of a contest: its states and the only ways from one to another."""

STATES = (
    "scheduled", "live", "ended", "price_check", "delayed", "evaluating", "review", "proposed",
    "final", "paying", "paid", "void", "refunding", "refunded",
)  # fmt: skip
FINAL_STATES = ("final", "paying", "paid")
OPEN_STATES = STATES[: STATES.index("final")]
"""States in which nothing is decided yet: a contest can still become void."""

EDGES = frozenset(
    {
        ("scheduled", "live"),
        ("live", "ended"),
        ("ended", "price_check"),
        ("price_check", "evaluating"),
        ("price_check", "delayed"),
        ("delayed", "price_check"),
        ("delayed", "review"),
        ("evaluating", "proposed"),
        ("evaluating", "review"),
        ("proposed", "review"),
        ("proposed", "final"),
        ("review", "price_check"),
        ("review", "proposed"),
        ("final", "paying"),
        ("paying", "paid"),
        ("void", "refunding"),
        ("refunding", "refunded"),
    }
    | {(state, "void") for state in OPEN_STATES}
)
