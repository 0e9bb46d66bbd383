"""A line of a person's timeline."""

from dataclasses import dataclass
from datetime import datetime

from app.people.rules.timeline import TITLES


@dataclass(frozen=True)
class Line:
    """`text` is what happened, `detail` what follows from it, `state` the pill; `said` explains it to the person."""

    kind: str
    id: int
    at: datetime
    text: str
    detail: str = ""
    state: str = ""
    href: str = ""
    said: str = ""

    @property
    def title(self) -> str:
        return TITLES[self.kind]
