"""A contest bundle read as a stream: one section after the other, in whatever order the file has them."""

from collections.abc import Iterator
from typing import Any

import ijson

from app.contests.forms.bundle import BundleRefused
from app.contests.forms.source import Source
from app.core.api.shapes import shown

LISTS = ("tokens", "entries", "trades", "ticks")
SECTIONS = ("format", "contest", *LISTS)
SCALARS = frozenset({"string", "number", "boolean", "null"})
DEPTH_MAX = 4

Event = tuple[str, Any]
END: Event = ("end", None)


class Reader:
    """The events of a JSON document, with the place in it for the sentence when it turns out not to be one."""

    def __init__(self, source: Source) -> None:
        self.place = "the file"
        self._source = source
        self._events = ijson.basic_parse(source)

    def next(self) -> Event:
        try:
            return next(self._events, END)
        except ijson.JSONError as error:
            raise BundleRefused(self.place, f"not JSON in UTF-8: {_fault(error)}") from error
        except UnicodeDecodeError as error:
            raise BundleRefused(self.place, f"not JSON in UTF-8: {error.reason}") from error

    def sections(self) -> Iterator[tuple[str, Any]]:
        """Name and content of each section; of a list its rows, which must be taken before the next section."""
        self._expect("start_map", "an object")
        seen: set[str] = set()
        while (key := self.next())[0] != "end_map":
            name: str = key[1]
            self.place = name
            if name not in SECTIONS:
                raise BundleRefused(shown(name), "is not a section of a contest bundle")
            if name in seen:
                raise BundleRefused(name, "is there twice")
            seen.add(name)
            self._source.line_begins()
            yield name, self._rows(name) if name in LISTS else self._value(self.next(), name)
        self.place = "after the end of the bundle"
        self.next()
        if missing := [name for name in SECTIONS if name not in seen]:
            raise BundleRefused(missing[0], "is missing")

    def _rows(self, section: str) -> Iterator[Any]:
        self._expect("start_array", "a list")
        position = 0
        while True:
            self.place = f"{section}[{position}]"
            event = self.next()
            if event[0] == "end_array":
                return
            yield self._value(event, self.place)
            self._source.line_begins()
            position += 1

    def _value(self, event: Event, place: str, depth: int = 0) -> Any:
        kind, value = event
        if kind in SCALARS:
            return value
        if depth == DEPTH_MAX:
            raise BundleRefused(place, "is nested too deeply")
        return self._list(place, depth) if kind == "start_array" else self._object(place, depth)

    def _object(self, place: str, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while (event := self.next())[0] != "end_map":
            key: str = event[1]
            if key in found:
                raise BundleRefused(f"{place}.{key}", "is there twice")
            kind, value = event = self.next()
            found[key] = value if kind in SCALARS else self._value(event, f"{place}.{key}", depth + 1)
        return found

    def _list(self, place: str, depth: int) -> list[Any]:
        found: list[Any] = []
        while (event := self.next())[0] != "end_array":
            found.append(self._value(event, f"{place}[{len(found)}]", depth + 1))
        return found

    def _expect(self, kind: str, meaning: str) -> None:
        if self.next()[0] != kind:
            raise BundleRefused(self.place, f"is not {meaning}")


def _fault(error: Exception) -> str:
    """The parser's own words, without its drawing of the place."""
    text = error.args[0] if error.args else ""
    line = (text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)).partition("\n")[0]
    words = line.partition(": ")[2].rstrip(".")
    return {"premature EOF": "it ends too early", "trailing garbage": "something follows"}.get(words, words)
