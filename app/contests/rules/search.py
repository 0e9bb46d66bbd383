"""What the query line above the list of contests asks for."""

from dataclasses import dataclass

from app.contests.rules.life import STATES

WAITING_STATES = ("review", "delayed", "proposed", "ended")
"""States that only a person ends; a contest whose job gave up waits for a person too."""
WORKED_STATES = ("live", "price_check", "evaluating")
"""States that a job ends."""
SELF_RUNNING_STATES = ("proposed", "ended")
"""Waiting states that a job ends where the contest runs itself: then it knows when it is tried next."""
UNEVALUATED_STATES = ("ended", "price_check", "delayed", "evaluating")
GROUPS = {
    "todo": (*WAITING_STATES, *WORKED_STATES),
    "tied": ("proposed", "review"),
    "ended": ("ended", "price_check", "evaluating"),
    "final": ("final", "paying", "paid"),
    "void": ("void", "refunding", "refunded"),
}
CHIPS = (
    ("Needs a person", "is:todo"),
    ("Live", "is:live"),
    ("Ended", "is:ended"),
    ("Delayed", "is:delayed"),
    ("Proposed", "is:proposed"),
    ("Tied", "is:tied"),
    ("Final", "is:final"),
    ("Void", "is:void"),
)


@dataclass(frozen=True)
class Search:
    """`states` is None when every state will do. `problems` says which words could not be used."""

    states: tuple[str, ...] | None = None
    todo: bool = False
    tied: bool = False
    words: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def search_for(line: str) -> Search:
    """Reads `is:proposed is:tied moon cup`: every `is:` narrows, every other word stands in the code or the name."""
    states: set[str] = set(STATES)
    asked: set[str] = set()
    words, problems = [], []
    for word in line.split()[:12]:
        name, colon, value = word.partition(":")
        if name != "is" or not colon:
            words.append(word[:80])
        elif value in GROUPS or value in STATES:
            asked.add(value)
            states &= set(GROUPS.get(value, (value,)))
        else:
            problems.append(f"{word}: the words after is: are {', '.join(sorted({*GROUPS, *STATES}))}")
    if asked and not states:
        problems.append("No contest can be all of " + ", ".join(sorted(f"is:{word}" for word in asked)))
    wanted = tuple(state for state in STATES if state in states) if asked else None
    return Search(wanted, "todo" in asked, "tied" in asked, tuple(words), tuple(problems))
