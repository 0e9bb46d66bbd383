"""What the addresses of contests take."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from app.contests.forms.platform import (
    Cancellation,
    Change,
    ContestTold,
    EntryTold,
    ScheduleTold,
    TradeTold,
    read_change,
    read_whole,
)
from app.contests.forms.templates import TemplateTold
from app.core.api.bodies import LARGE, Many, One, an_object

ENTRIES = Many("entries", EntryTold)
TRADES = Many("trades", TradeTold)
TEMPLATE = One(TemplateTold)
SCHEDULE = One(ScheduleTold)
CANCELLATION = One(Cancellation)


class WholeContest(One[ContestTold]):
    """A contest, whose members have to fit each other too."""

    def read(self, body: bytes) -> ContestTold:
        return read_whole(an_object(body))


@dataclass(frozen=True)
class SomeMembers:
    """A version, and any members of a thing but those that stay."""

    shape: type[BaseModel]
    stays: tuple[str, ...] = ()
    largest = LARGE

    def read(self, body: bytes) -> tuple[int, dict[str, Any]]:
        return read_change(an_object(body))

    def schema(self, of: Callable[[type[BaseModel]], dict[str, Any]]) -> dict[str, Any]:
        where = of(self.shape)["$ref"] + "/properties"
        members = {name: {"$ref": f"{where}/{name}"} for name in self.shape.model_fields if name not in self.stays}
        version = Change.model_json_schema()["properties"]["version"]
        return {
            "type": "object", "required": ["version"], "additionalProperties": False,
            "properties": {"version": version} | members,
        }  # fmt: skip


CONTEST = WholeContest(ContestTold, largest=LARGE)
CHANGES = SomeMembers(ContestTold, stays=("code",))
TEMPLATE_CHANGES = SomeMembers(TemplateTold)
