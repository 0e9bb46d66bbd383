"""The second evaluator: the same rules stated apart from ours, asked about every evaluation it can hold in memory."""

from typing import Any

from app.contests import verify


def second_opinion(inputs: dict[str, Any], ours: dict[str, Any]) -> str | None:
    """None when both agree to the last digit, else where they first differ."""
    theirs = verify.evaluate(inputs)
    if verify.canonical(ours) == verify.canonical(theirs):  # looking for the place takes as long as evaluating
        return None
    found = verify.difference(ours, theirs, "result")
    return (
        None if found is None else found.replace("file says", "first evaluator", 1).replace("recomputed", "second", 1)
    )
