"""Whether a viewer reads what it is sent: two kernels would else keep seconds of frames, shown later as if new.

What waits in our kernel Linux says outright. What waits in the viewer's shows in the room its side still offers: less
than it ever did, by about a message. Who seems to be behind is pinged, and a pong proves that all was read.
"""

import socket
import struct
from collections.abc import Callable
from itertools import cycle
from typing import Any

INFO = struct.Struct("=144xI80xI")
"""Of Linux's `struct tcp_info`: `tcpi_notsent_bytes` and `tcpi_snd_wnd`."""
TCP, WANTED, LENGTH, unpack = socket.IPPROTO_TCP, getattr(socket, "TCP_INFO", 0), INFO.size, INFO.unpack
ASK = b"\x89\0"
"""The websocket protocol's own ping, which browsers answer without the page."""
ANSWER = b"\x8a\x80"
ASK_AGAIN = 10
LITTLE = 3 * 1024
"""Messages differ in length, and the one before may have been longer by so much."""
LOOKED_AT = 2
"""Each of many viewers is looked at with every second message, for a look is another call of the kernel."""

Info = Callable[[int, int, int], bytes]


class Lag:
    __slots__ = ("_passed", "info", "is_asked", "roomiest")

    def __init__(self, connection: Any) -> None:
        self.info: Info = connection._sock.getsockopt
        self.roomiest = 0
        self._passed = 0
        self.is_asked = False

    def is_there(self, size: int) -> bool:
        """Whether earlier messages are still unread, when another of `size` bytes is to follow."""
        if self.is_asked:
            self._passed += 1
            return True
        try:
            unsent, room = unpack(self.info(TCP, WANTED, LENGTH))
        except OSError:
            return True  # gone
        if room > self.roomiest:
            self.roomiest = room
        elif self.roomiest - room > _much(size):
            self.is_asked, self._passed = True, 0
        return self.is_asked or unsent > 0

    def asks_now(self) -> bool:
        """Whether it is time for a ping: at once, and now and then again, for an answer among other words is missed."""
        return self.is_asked and self._passed % ASK_AGAIN == 0

    def hears(self, data: bytes) -> bool:
        """Whether this is the answer; the room there is by then is all there will be."""
        if not (self.is_asked and len(data) == 6 and data[:2] == ANSWER):
            return False
        self.is_asked, self.roomiest = False, 0
        return True


def _much(size: int) -> int:
    """Not quite a message: at its roomiest it lacked one already, for room is told as one comes, before it is read."""
    return max(LITTLE, size * 3 // 4)


class Lags:
    """Those of many viewers."""

    def __init__(self) -> None:
        groups: list[dict[Info, int]] = [{} for _ in range(LOOKED_AT)]
        self._fills, self._looks = cycle(groups), cycle(groups)
        self._known: dict[Info, tuple[str, Lag]] = {}
        self._group_of: dict[str, dict[Info, int]] = {}

    def add(self, peer: str, lag: Lag) -> None:
        self._group_of[peer] = group = next(self._fills)
        group[lag.info] = lag.roomiest
        self._known[lag.info] = peer, lag

    def discard(self, peer: str, lag: Lag) -> None:
        del self._group_of.pop(peer)[lag.info], self._known[lag.info]

    def behind(self, size: int) -> list[str]:
        """Who of those whose turn it is should not be sent another `size` bytes. Looks closer at few only."""
        group, much, doubtful = next(self._looks), _much(size), []
        for info, roomiest in group.items():
            try:
                unsent, room = unpack(info(TCP, WANTED, LENGTH))
            except OSError:  # gone
                doubtful.append(info)
                continue
            if unsent or not 0 <= roomiest - room <= much:
                doubtful.append(info)
        behind = []
        for info in doubtful:
            peer, lag = self._known[info]
            if lag.is_there(size):
                behind.append(peer)
            else:
                group[info] = lag.roomiest
        return behind
