"""Which drafts become final by themselves."""

from collections.abc import Sequence

from app.contests.rules.blockers import Blocker
from app.core.money import sol


def why_by_hand(*, pool_lamports: int, limit_lamports: int, found: Sequence[Blocker]) -> str:
    """Why a person has to apply the draft; empty when it may become final by itself."""
    if found:
        return "; ".join(blocker.text for blocker in found)
    if pool_lamports > limit_lamports:
        return f"The pool of {sol(pool_lamports)} SOL is larger than {sol(limit_lamports)} SOL"
    return ""
