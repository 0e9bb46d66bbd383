"""What the query line above the queue asks for."""

from dataclasses import dataclass

from app.whitelist.rules.life import STATES

GROUPS = {"todo": ("awaiting_review",), "checked": ("received", "checking")}
MARKS = ("red", "unknown", "conflict", "mine")
CHIPS = (
    ("To review", "is:todo"),
    ("Red", "has:red"),
    ("Conflicts", "has:conflict"),
    ("Mine", "has:mine"),
    ("Asked", "is:info_requested"),
    ("Put off", "is:snoozed"),
    ("Quarantined", "is:quarantined"),
    ("Approved", "is:approved"),
    ("Rejected", "is:rejected"),
)
DEFAULT = "is:todo"
LEAST_OF_A_MINT = 32


@dataclass(frozen=True)
class Search:
    """`states` is None when every state will do. `problems` says which words could not be used."""

    states: tuple[str, ...] | None = None
    marks: tuple[str, ...] = ()
    symbol: str = ""
    mint: str = ""
    submitter: str = ""
    problems: tuple[str, ...] = ()


def search_for(line: str) -> Search:
    """Reads `is:todo has:red by:SUBMITTER BONK`: a plain word is a symbol, a long one a mint."""
    asked: list[str] = []
    marks: list[str] = []
    problems: list[str] = []
    found = {"symbol": "", "mint": "", "submitter": ""}
    for word in line.split()[:12]:
        name, colon, value = word.partition(":")
        if name == "is" and value in (*GROUPS, *STATES):
            asked.append(value)
        elif name == "has" and value in MARKS:
            marks.append(value)
        elif name == "by" and colon:
            found["submitter"] = value[:100]
        elif colon and name in {"is", "has"}:
            known = sorted({*GROUPS, *STATES}) if name == "is" else MARKS
            problems.append(f"{word}: the words after {name}: are {', '.join(known)}")
        else:
            found["mint" if len(word) >= LEAST_OF_A_MINT else "symbol"] = word[:64]
    states = _states(asked)
    if asked and not states:
        problems.append("No submission can be all of " + ", ".join(f"is:{word}" for word in asked))
    return Search(states, tuple(dict.fromkeys(marks)), problems=tuple(problems), **found)


def _states(asked: list[str]) -> tuple[str, ...] | None:
    if not asked:
        return None
    wanted = set(STATES)
    for word in asked:
        wanted &= set(GROUPS.get(word, (word,)))
    return tuple(state for state in STATES if state in wanted)
