"""A copy of the market as frames tell it, which knows of each token when it last changed."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from app.market.rules.frames import NAME, Frame, PlainRow, frame_of

MOST_WAITING = 100
"""Frames kept while a snapshot is awaited that joins them; more come only when nobody writes snapshots."""

Document = dict[str, Any]


class Position(NamedTuple):
    """How far somebody has come. Equal epochs count in one line; another epoch is another line."""

    epoch: int
    seq: int


START = Position(0, 0)


class Mirror:
    """Follows frames without a gap. After a gap it stands still until a snapshot covers it."""

    def __init__(self) -> None:
        self.position = START
        self.at = 0
        self._rows: dict[int, PlainRow] = {}
        self._changed: dict[int, int] = {}
        self._status: Any = None
        self._sentiments: Mapping[str, int] = {}
        self._waiting: list[Frame] = []

    @property
    def lacks_frames(self) -> bool:
        return bool(self._waiting)

    def take(self, told: Mapping[str, Any]) -> bool:
        """Whether the frame followed on what was known; one from the past changes nothing."""
        return self._take(frame_of(told))

    def _take(self, frame: Frame) -> bool:
        position = Position(frame.epoch, frame.seq)
        if not self._waiting and position == Position(self.position.epoch, self.position.seq + 1):
            self._follow(frame)
            return True
        if position > self.position:
            same_line = [one for one in self._waiting if one.epoch == frame.epoch]
            self._waiting = [*same_line[-MOST_WAITING:], frame]
        return False

    def restore(self, told: Mapping[str, Any]) -> bool:
        """Takes over a snapshot, unless it is older than what is known or leaves a gap before the frames that wait.

        Behind a gap among those, the rest waits on.
        """
        snapshot = frame_of(told)
        position = Position(snapshot.epoch, snapshot.seq)
        first = self._waiting[0] if self._waiting else None
        if position < self.position or (first and position < Position(first.epoch, first.seq - 1)):
            return False
        if position.epoch != self.position.epoch:
            self._rows, self._changed = {}, {}
        self._follow(snapshot)
        self._sentiments = snapshot.sentiments or {}
        waiting, self._waiting = self._waiting, []
        for frame in waiting:
            self._take(frame)
        return True

    def _follow(self, frame: Frame) -> None:
        for row in frame.rows:
            token_id = row[0]
            if self._rows.get(token_id) != row:
                self._rows[token_id] = row
                self._changed[token_id] = frame.seq
        if frame.status is not None:
            self._status = frame.status
        self.position, self.at = Position(frame.epoch, frame.seq), frame.at

    def whole(self, room: str, token_id: int | None = None) -> Document:
        """Everything, or everything about one token, marked so that it replaces what a page knew."""
        rows = list(self._rows.values()) if token_id is None else self._rows_of(token_id)
        return self._document(room, rows) | {"whole": True, "sentiments": self._sentiments}

    def since(self, position: Position, room: str, token_id: int | None = None) -> Document:
        """What changed after `position`, in one frame that follows on it; everything, when that cannot be told."""
        if position.epoch != self.position.epoch or position.seq > self.position.seq:
            return self.whole(room, token_id)
        rows = list(self._rows.values()) if token_id is None else self._rows_of(token_id)
        newer = [row for row in rows if self._changed[row[0]] > position.seq]
        return self._document(room, newer) | {"since": position.seq}

    def _rows_of(self, token_id: int) -> list[PlainRow]:
        return [self._rows[token_id]] if token_id in self._rows else []

    def _document(self, room: str, rows: list[PlainRow]) -> Document:
        epoch, seq = self.position
        told = {"stream": room, "epoch": epoch, "seq": seq, "at": self.at, "oldest": None, "rows": rows}
        return told if self._status is None else told | {"status": self._status}


def part_for(told: Mapping[str, Any], room: str, token_id: int, since: int) -> Document | None:
    """What a frame says to those who look at one token; None when it says nothing to them."""
    rows = [row for row in told["rows"] if row[0] == token_id]
    if told["rows"] and not rows and "status" not in told:
        return None
    return {**told, "stream": room, "since": since, "rows": rows, "oldest": told["oldest"] if rows else None}


def token_of(room: str) -> int | None:
    """The token a room is about; None for the whole market. ValueError for a name of no room."""
    if room == NAME:
        return None
    noun, _, number = room.partition(".")
    if noun != "token" or not (number.isascii() and number.isdigit() and len(number) <= 12):
        raise ValueError(room)
    return int(number)
