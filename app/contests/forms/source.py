"""The bytes of a contest bundle: unpacked, counted and bounded."""

import gzip
import os
import zlib
from collections.abc import Callable
from typing import BinaryIO

from app.contests.forms.bundle import BundleRefused

GZIP_MAGIC = b"\x1f\x8b"
LINE_MAX_BYTES = 1 << 20
DIGITS_ALIKE = bytes.maketrans(b"123456789", b"000000000")
TOO_MANY_DIGITS = b"0" * 2000
"""Half of what Python turns into a number; the half that the chunk before may end with makes it whole."""


class Source:
    """Reads plain or gzip bytes from the start of a seekable stream.

    `limit` bounds the unpacked size; `told` hears how many bytes of the file are read, and of how many. `line_begins`
    is called by whoever understands the content: a single line longer than 1 MiB is refused before it fills memory.
    """

    def __init__(self, stream: BinaryIO, *, limit: int, told: Callable[[int, int], None]) -> None:
        self._stream = stream
        self._size = stream.seek(0, os.SEEK_END)
        stream.seek(0)
        packed = stream.read(len(GZIP_MAGIC)) == GZIP_MAGIC
        stream.seek(0)
        self._content = gzip.GzipFile(fileobj=stream) if packed else stream
        self._limit = limit
        self._told = told
        self.read_bytes = 0
        self._line = 0

    def read(self, size: int) -> bytes:
        try:
            chunk = self._content.read(size)
        except EOFError as error:
            raise BundleRefused("", "the file ends too early: its gzip data is cut off") from error
        except (gzip.BadGzipFile, zlib.error) as error:
            raise BundleRefused("", "the file's gzip data is damaged") from error
        self.read_bytes += len(chunk)
        self._line += len(chunk)
        if self.read_bytes > self._limit:
            raise BundleRefused("", f"the file holds more than {self._limit} bytes when it is unpacked")
        if self._line > LINE_MAX_BYTES + size:
            raise BundleRefused("", f"the file holds a single value of more than {LINE_MAX_BYTES} bytes")
        if TOO_MANY_DIGITS in chunk.translate(DIGITS_ALIKE):
            raise BundleRefused("", f"the file holds a number of more than {len(TOO_MANY_DIGITS)} digits")
        self._told(self._stream.tell(), self._size)
        return chunk

    def line_begins(self) -> None:
        self._line = 0
