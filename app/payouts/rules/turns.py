"""Whose turn it is with a batch, in words."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Turn:
    """`is_mine` when the viewer can do the next thing."""

    text: str
    is_mine: bool = False


def turn(
    state: str, *, may_decide: bool, is_own: bool, to_retry: int, held: int, retried_by: int | None, problem: str | None
) -> Turn:
    if state == "planned" and is_own:
        return Turn("Another admin's: you proposed it yourself.")
    if state == "planned":
        whose = "Yours" if may_decide else "An admin's"
        return Turn(f"{whose}: look at the list, then approve it.", may_decide)
    if state in {"approved", "paying"}:
        return Turn(f"The worker's: {problem}" if problem else "The worker's: it is being paid.")
    if state == "failed":
        return _after_failure(may_decide, to_retry, held, retried_by)
    return Turn("Nobody's: it was cancelled." if state == "cancelled" else "Nobody's: it is done.")


def _after_failure(may_decide: bool, to_retry: int, held: int, retried_by: int | None) -> Turn:
    if retried_by is not None:
        return Turn(f"Nobody's: what it left unpaid went into batch {retried_by}.")
    if to_retry:
        return Turn("An admin's: propose again what it left unpaid.", may_decide)
    if held:
        return Turn("An admin's: release what is held, or send it elsewhere.", may_decide)
    return Turn("Nobody's: it is done.")
