"""Contests: made, changed, entered, traded in, read."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from .shapes import (
    ContestLine,
    ContestShown,
    ContestTold,
    Entered,
    EntryTold,
    ScheduleTold,
    Standing,
    Standings,
    TemplateShown,
    TemplateTold,
    Traded,
    TradeTold,
)
from .transport import Transport


class Contests:
    def __init__(self, transport: Transport) -> None:
        self._ = transport

    def all(self, *, state: str | None = None) -> Iterator[ContestLine]:
        """The latest end first."""
        return self._.pages("/contests", "contests", {"state": state, "limit": 100})

    def read(self, code: str) -> ContestShown:
        return cast(ContestShown, self._.read("/contests/{code}", code=code))

    def create(self, contest: ContestTold, *, key: str | None = None) -> ContestShown:
        return cast(ContestShown, self._.write("POST", "/contests", contest, key=key))

    def change(self, code: str, version: int, changes: Mapping[str, Any], *, key: str | None = None) -> ContestShown:
        """`changes` are members of a contest but its code; another version than the contest's own is refused."""
        body = {"version": version, **changes}
        return cast(ContestShown, self._.write("PATCH", "/contests/{code}", body, key=key, code=code))

    def cancel(self, code: str, reason: str, *, key: str | None = None) -> ContestShown:
        body = {"reason": reason}
        return cast(ContestShown, self._.write("POST", "/contests/{code}/cancel", body, key=key, code=code))

    def enter(self, code: str, entries: Sequence[EntryTold], *, key: str | None = None) -> Entered:
        body = {"entries": list(entries)}
        return cast(Entered, self._.write("POST", "/contests/{code}/entries", body, key=key, code=code))

    def trade(self, code: str, trades: Sequence[TradeTold], *, key: str | None = None) -> Traded:
        """A trade is known by its id; each one that is refused stands in the answer with its reason."""
        body = {"trades": list(trades)}
        return cast(Traded, self._.write("POST", "/contests/{code}/trades", body, key=key, code=code))

    def result(self, code: str) -> Standings:
        """The first page, with the evaluation it is of."""
        return cast(Standings, self._.read("/contests/{code}/standings", code=code))

    def standings(self, code: str) -> Iterator[Standing]:
        return self._.pages("/contests/{code}/standings", "standings", {}, code=code)

    def templates(self) -> Iterator[TemplateShown]:
        return self._.pages("/contests/templates", "templates", {})

    def make_template(self, template: TemplateTold, *, key: str | None = None) -> TemplateShown:
        return cast(TemplateShown, self._.write("POST", "/contests/templates", template, key=key))

    def change_template(
        self, template_id: int, version: int, changes: Mapping[str, Any], *, key: str | None = None
    ) -> TemplateShown:
        """For contests made from now on; another version than the template's own is refused."""
        body = {"version": version, **changes}
        path = "/contests/templates/{template_id}"
        return cast(TemplateShown, self._.write("PATCH", path, body, key=key, template_id=template_id))

    def pause(self, template_id: int, schedule_id: int, *, key: str | None = None) -> TemplateShown:
        path = "/contests/templates/{template_id}/schedules/{schedule_id}/pause"
        done = self._.write("POST", path, {}, key=key, template_id=template_id, schedule_id=schedule_id)
        return cast(TemplateShown, done)

    def resume(self, template_id: int, schedule_id: int, *, key: str | None = None) -> TemplateShown:
        path = "/contests/templates/{template_id}/schedules/{schedule_id}/resume"
        done = self._.write("POST", path, {}, key=key, template_id=template_id, schedule_id=schedule_id)
        return cast(TemplateShown, done)

    def schedule(self, template_id: int, schedule: ScheduleTold, *, key: str | None = None) -> TemplateShown:
        path = "/contests/templates/{template_id}/schedules"
        return cast(TemplateShown, self._.write("POST", path, schedule, key=key, template_id=template_id))
