"""The rooms of one web process: who looks at which prices, and how far each has come."""

import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from app.core.errors import Refusal
from app.core.fanout import Audience
from app.core.live import lines
from app.core.metrics import Counter, Gauge
from app.core.wire import Line, Message
from app.market.rules.frames import NAME
from app.market.rules.mirror import START, Document, Mirror, Position, part_for, token_of

ROOMS_PER_SOCKET = 4
KEPT_TIMES = 400
SENT = Counter("frames_sent_total", "Frames written to browsers.", ("kind",))
SKIPPED = Counter("frames_skipped_total", "Frames not sent to a browser that was still busy with earlier ones.")
VIEWERS = Gauge("market_viewers", "Pages that show prices, of the web process that said so last.")


@dataclass
class Room:
    name: str
    token_id: int | None
    members: dict[str, Line] = field(default_factory=dict)
    position: Position = START
    """What was sent to it last; for a token that is not every frame."""
    abreast: Audience = field(default_factory=lambda: Audience(lines.common))
    """Members that are at that position."""
    elsewhere: dict[str, Position] = field(default_factory=dict)
    """How far the others have come."""

    def enter(self, peer: str, position: Position) -> None:
        """Its first frame will wait until what the page awaits has left."""
        self.members[peer] = lines[peer]
        self.abreast.discard(peer)
        self.elsewhere[peer] = position

    def leave(self, peer: str) -> None:
        self.members.pop(peer, None)
        self.abreast.discard(peer)
        self.elsewhere.pop(peer, None)


class Board:
    """The rooms of this process. Frames come in by `tell`, from the follower that the first page starts."""

    def __init__(self) -> None:
        self.mirror = Mirror()
        self.rooms: dict[str, Room] = {}
        self.heard_at = 0.0
        self._times: OrderedDict[Position, tuple[float, int]] = OrderedDict()
        self._written: tuple[Position, orjson.Fragment] | None = None
        self.is_followed = False

    def enter(self, peer: str, name: str, known: Position) -> Document:
        """Lets a page in, and returns what it lacks."""
        room = self.rooms.get(name) or Room(name, token_of(name), position=self.mirror.position)
        crowd = sum(peer in other.members for other in self.rooms.values())
        if peer not in room.members and crowd >= ROOMS_PER_SOCKET:
            raise Refusal(f"A page shows at most {ROOMS_PER_SOCKET} streams of prices.", "Leave one first.")
        self.rooms[name] = room
        room.enter(peer, self.mirror.position)
        self._count()
        age_ms = round((time.monotonic() - self.heard_at) * 1000)
        return self._written_once(self.mirror.since(known, name, room.token_id)) | {"age_ms": age_ms}

    def _written_once(self, told: Document) -> Document:
        """With its rows as JSON, if it is everything: many come at the same moment and are all told that."""
        if not told.get("whole") or told["stream"] != NAME:
            return told
        if self._written is None or self._written[0] != self.mirror.position:
            self._written = self.mirror.position, orjson.Fragment(orjson.dumps(told["rows"]))
        return told | {"rows": self._written[1]}

    def leave(self, peer: str, name: str) -> None:
        room = self.rooms.get(name)
        if room is not None:
            room.leave(peer)
            if not room.members:
                del self.rooms[name]
            self._count()

    def _count(self) -> None:
        VIEWERS.set(sum(len(room.members) for room in self.rooms.values()))

    def leave_all(self, peer: str) -> None:
        for name in list(self.rooms):
            self.leave(peer, name)

    def tell(self, frames: list[tuple[bytes, Mapping[str, Any]]]) -> bool:
        """Takes in what came since the last call and passes it on. Whether the mirror is complete now."""
        before, followed = self.mirror.position, [self.mirror.take(told) for _, told in frames]
        if self.mirror.position != before:
            self.pass_on(frames[0] if len(frames) == 1 and followed[0] else None)
        return not self.mirror.lacks_frames

    def pass_on(self, frame: tuple[bytes, Mapping[str, Any]] | None) -> None:
        """To every room: the frame itself, or, when there were several or a gap, what changed in all."""
        self.heard_at = time.monotonic()
        if frame is not None and frame[1]["oldest"] is not None:
            self._times[self.mirror.position] = (time.time(), frame[1]["oldest"])
            if len(self._times) > KEPT_TIMES:
                self._times.popitem(last=False)
        for room in list(self.rooms.values()):
            self._send(room, _message(frame, room))

    def _send(self, room: Room, message: Message | None) -> None:
        if message is None:
            return
        before, room.position = room.position, self.mirror.position
        late, room.elsewhere = room.elsewhere, {}
        if message is CATCH_UP:
            late = dict.fromkeys(room.members, before) | late
            room.abreast = Audience(lines.common)
        else:
            room.elsewhere = dict.fromkeys(room.abreast.tell(message), before)
        chosen = {} if message is CATCH_UP else {before: message}
        for peer, position in late.items():
            line = room.members[peer]
            if position not in chosen and not line.passes():
                chosen[position] = self._catch_up(position, room)
            if position in chosen and line.offer(chosen[position]):
                room.abreast.add(peer, line)
            else:
                room.elsewhere[peer] = position
        SENT.add(len(room.members) - len(room.elsewhere), kind=room.name.partition(".")[0])
        if room.elsewhere:
            SKIPPED.add(len(room.elsewhere))

    def _catch_up(self, position: Position, room: Room) -> Message:
        return Message("frame", orjson.dumps(self.mirror.since(position, room.name, room.token_id)))

    def painted(self, position: Position, after_s: float, now: float) -> float | None:
        """Seconds from the oldest tick's acceptance to paint. The page says only how long it took since it heard.

        What is left of the way there and back is the network's; half of it counts.
        """
        sent_at, oldest_us = self._times.get(position, (0.0, 0))
        if not oldest_us:
            return None
        back = now - sent_at
        after_s = min(max(after_s, 0.0), back)
        return sent_at - oldest_us / 1e6 + after_s + (back - after_s) / 2


CATCH_UP = Message("frame", b"")
"""Stands for: to each what it lacks."""


def _message(frame: tuple[bytes, Mapping[str, Any]] | None, room: Room) -> Message | None:
    if frame is None:
        return CATCH_UP
    raw, told = frame
    if room.token_id is None:
        return Message("frame", raw)
    part = part_for(told, room.name, room.token_id, room.position.seq)
    return None if part is None else Message("frame", orjson.dumps(part))
