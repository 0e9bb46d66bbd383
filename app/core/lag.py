"""Whether a viewer reads what it is sent: two kernels would else keep seconds of frames, shown later as if new.

What waits in our kernel Linux says outright. What waits in the viewer's shows in the room its side still offers: less
than it ever did, by more than the last message. Who seems to be behind is pinged, and a pong proves that all was read.
"""

import socket
import struct
from typing import Any

INFO = struct.Struct("=144xI80xI")
"""Of Linux's `struct tcp_info`: `tcpi_notsent_bytes` and `tcpi_snd_wnd`."""
TCP, WANTED, LENGTH, unpack = socket.IPPROTO_TCP, getattr(socket, "TCP_INFO", 0), INFO.size, INFO.unpack
ASK = b"\x89\0"
"""The websocket protocol's own ping, which browsers answer without the page."""
ANSWER = b"\x8a\x80"
ASK_AGAIN = 10


class Lag:
    __slots__ = ("_info", "_passed", "_roomiest", "is_asked")

    def __init__(self, connection: Any) -> None:
        self._info = connection._sock.getsockopt
        self._roomiest = 0
        self._passed = 0
        self.is_asked = False

    def is_there(self, size: int) -> bool:
        """Whether earlier messages are still unread, when another of `size` bytes is to follow."""
        if self.is_asked:
            self._passed += 1
            return True
        try:
            unsent, room = unpack(self._info(TCP, WANTED, LENGTH))
        except OSError:
            return True  # gone
        if room > self._roomiest:
            self._roomiest = room
        elif self._roomiest - room > size * 3 // 2:
            self.is_asked, self._passed = True, 0
        return self.is_asked or unsent > 0

    def asks_now(self) -> bool:
        """Whether it is time for a ping: at once, and now and then again, for an answer among other words is missed."""
        return self.is_asked and self._passed % ASK_AGAIN == 0

    def hears(self, data: bytes) -> bool:
        """Whether this is the answer; the room there is by then is all there will be."""
        if not (self.is_asked and len(data) == 6 and data[:2] == ANSWER):
            return False
        self.is_asked, self._roomiest = False, 0
        return True
