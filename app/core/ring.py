"""The same bytes into many sockets with one call of the kernel: Linux's io_uring, driven as io_uring(7) says.

Calls of send(2) for each leave the kernel and come back a thousand times (docs/decisions/0023). Where io_uring is
forbidden or missing, as in many containers, there is no ring, and whoever sends does so one by one.
"""

import ctypes
import errno
import mmap
import sys
from array import array
from functools import cache
from typing import Any

import structlog

log = structlog.get_logger(__name__)
SETUP, ENTER = 425, 426
"""Numbers of the system calls, on every processor."""
PLACES, MOST_DONE = 1024, 2048
# Of `struct io_uring_params`, 30 words of four bytes: what is asked for, and at which byte the kernel put what.
PARAMETERS, FLAGS, FEATURES, TAIL, ORDER, DONE_HEAD, DONE_TAIL, DONE_AT = 30, 2, 5, 11, 16, 20, 21, 25
GO_ON_AFTER_ERRORS, IN_ONE_MAPPING = 1 << 7, 1 << 0
# Of `struct io_uring_sqe`, which has a mapping of its own, and of `struct io_uring_cqe`: bytes, and which word is what.
ENTRY, ENTRIES_AT, FD, SIZE, HOW, ADDRESS = 64, 0x10000000, 1, 6, 7, 2
DONE, RESULT = 16, 2
SEND, DO_NOT_WAIT = 26, 0x40 | 0x4000
"""MSG_DONTWAIT and MSG_NOSIGNAL: what cannot be sent now is not sent, so that nothing stays under way."""
WRAPS = 1 << 32


class Ring:
    """Of one process and one thread. When `is_broken`, the kernel has refused a call, and it is of no more use."""

    def __init__(self) -> None:
        """Raises OSError where the kernel has none for us."""
        self._syscall: Any = ctypes.CDLL(None, use_errno=True).syscall
        asked = array("I", bytes(4 * PARAMETERS))
        asked[FLAGS] = GO_ON_AFTER_ERRORS
        self._ring = self._call(SETUP, PLACES, asked.buffer_info()[0])
        self.is_broken = not asked[FEATURES] & IN_ONE_MAPPING
        shared = memoryview(mmap.mmap(self._ring, max(asked[ORDER] + 4 * PLACES, asked[DONE_AT] + DONE * MOST_DONE)))
        self._words = shared.cast("I")
        self._words[asked[ORDER] // 4 :][:PLACES] = array("I", range(PLACES))
        self._results = shared.cast("i")[asked[DONE_AT] // 4 + RESULT :: DONE // 4][:MOST_DONE]
        self._tail, self._done_head, self._done_tail = (asked[at] // 4 for at in (TAIL, DONE_HEAD, DONE_TAIL))
        entries = memoryview(mmap.mmap(self._ring, ENTRY * PLACES, offset=ENTRIES_AT))
        entries[::ENTRY] = bytes([SEND]) * PLACES
        self._fds, self._sizes, how = (entries.cast("i")[word :: ENTRY // 4] for word in (FD, SIZE, HOW))
        self._addresses = entries.cast("Q")[ADDRESS :: ENTRY // 8]
        how[:] = array("i", [DO_NOT_WAIT]) * PLACES

    def _call(self, number: int, *arguments: int) -> int:
        said = int(self._syscall(*map(ctypes.c_long, (number, *arguments))))
        if said < 0:
            raise OSError(ctypes.get_errno(), "io_uring")
        return said

    def send(self, fds: "array[int]", data: bytes) -> list[tuple[int, int]]:
        """To each, as send(2) does. Who did not take all of it: its place among them, and how many bytes it took, or
        an errno below zero.
        """
        address = ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p).value or 0
        self._sizes[:] = array("i", [len(data)]) * PLACES
        self._addresses[:] = array("Q", [address]) * PLACES
        short = []
        for first in range(0, len(fds), PLACES):
            results = self._sent(fds[first : first + PLACES])
            if results.count(len(data)) < len(results):
                short += [(first + place, sent) for place, sent in enumerate(results) if sent != len(data)]
        return short

    def _sent(self, fds: "array[int]") -> list[int]:
        """Both rings go round, so that what begins near the end of one goes on at its start."""
        words, count = self._words, len(fds)
        tail, head = words[self._tail], words[self._done_head]
        room = PLACES - tail % PLACES
        self._fds[tail % PLACES :][:count] = fds[:room]
        self._fds[: max(0, count - room)] = fds[room:]
        words[self._tail] = (tail + count) % WRAPS
        try:
            left = count
            while left:
                left -= self._call(ENTER, self._ring, left, 0, 0, 0, 0)
        except OSError as error:
            self.is_broken = True
            log.warning("io_uring gave up", problem=str(error))
        done, first = (words[self._done_tail] - head) % WRAPS, head % MOST_DONE
        words[self._done_head] = (head + done) % WRAPS
        results: list[int] = self._results[first : first + done].tolist()
        results += self._results[: done - len(results)].tolist()
        return results + [-errno.EAGAIN] * (count - done)


@cache
def ring() -> Ring | None:
    """That of this process; None where there is none."""
    if sys.platform != "linux":
        return None
    try:
        return Ring()
    except OSError as error:
        log.info("messages are sent one by one", problem=str(error))
        return None
