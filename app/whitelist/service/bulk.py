"""One decision about many submissions, and taking it back. Approving reaches only what its reviewer has opened."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.audit.rules import Actor
from app.core.errors import Refusal
from app.core.extensions import db
from app.whitelist.rules.life import MOST_AT_ONCE
from app.whitelist.service.deciding import Decided, TooLateToUndo, Wish, note_decision, note_undo
from app.whitelist.service.locking import hold_submission
from app.whitelist.service.reasons import message_of


@dataclass(frozen=True)
class Bulk:
    """`picked`: the version of each submission that the page showed, by its number."""

    kind: str
    key: str
    picked: Mapping[int, int]
    reason_code: str = ""
    words: str = ""


@dataclass(frozen=True)
class DoneInBulk:
    """`left` says of each submission that was left alone why."""

    done: tuple[Decided, ...]
    left: tuple[str, ...]


class NotOpened(Refusal):
    def __init__(self, symbol: str) -> None:
        super().__init__(f"You have not opened {symbol} as it is now.", "Open it, then decide.")


def decide_many(bulk: Bulk, *, opened: Mapping[int, int], by: Actor) -> DoneInBulk:
    """In one transaction. `opened`: the versions of submissions that this person has looked at."""
    if not 1 <= len(bulk.picked) <= MOST_AT_ONCE:
        raise Refusal(f"{len(bulk.picked)} submissions are picked.", f"Pick 1 to {MOST_AT_ONCE} of them.", status=422)
    message_of(bulk.kind, bulk.reason_code, bulk.words)
    done: list[Decided] = []
    left: list[str] = []
    for number in sorted(bulk.picked):  # always in this order: two at once wait for each other, and never for ever
        try:
            done.append(_decide_one(number, bulk, opened, by))
        except Refusal as refusal:
            left.append(refusal.what)
    if not done:
        raise Refusal(f"Nothing was decided. {' '.join(left[:3])}", "Look at the list as it is now.")
    db.session.commit()
    return DoneInBulk(tuple(done), tuple(left))


def undo_many(decision_ids: Iterable[int], *, by: Actor) -> int:
    """How many of them could still be undone, and are."""
    undone = 0
    for number in sorted(set(decision_ids))[:MOST_AT_ONCE]:
        try:
            note_undo(number, by)
            undone += 1
        except TooLateToUndo:
            continue
    if not undone:
        raise TooLateToUndo
    db.session.commit()
    return undone


def _decide_one(number: int, bulk: Bulk, opened: Mapping[int, int], by: Actor) -> Decided:
    submission, version = hold_submission(number), bulk.picked[number]
    if bulk.kind == "approve" and opened.get(number) != version:
        raise NotOpened(submission.symbol)
    return note_decision(submission, Wish(bulk.kind, version, f"{bulk.key}:{number}", bulk.reason_code, bulk.words), by)
