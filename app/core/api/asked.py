"""What a program asks for in the address: filters, and which page of a list."""

from typing import Annotated, TypeVar

from flask import request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.core import paging
from app.core.api.shapes import MOST_FAULTS, problem, shown
from app.core.errors import Refusal
from app.core.paging import Place
from app.core.problems import Fault

CURSOR = "a cursor as an earlier answer gave it"
Cursor = Annotated[str | None, Field(pattern=r"^[0-9]+(_[0-9]+)*$", max_length=200, description=CURSOR)]


class Asked(BaseModel):
    """Parameters of an address. A field's description is the end of the sentence that refuses it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Paged(Asked):
    """A page of a list: from the beginning, after or before a cursor."""

    after: Cursor = None
    before: Cursor = None

    def place(self, parts: int) -> Place:
        """Where the page lies; a cursor of another list is refused, for it would lead to the beginning again."""
        found = paging.place(self.after, self.before, parts=parts)
        if not found.key and (self.after or self.before):
            name = "after" if self.after else "before"
            raise WrongParameter([Fault(name, f"{shown(getattr(self, name))} is not {CURSOR}.")])
        return found


class WrongParameter(Refusal):
    def __init__(self, faults: list[Fault]) -> None:
        first = faults[0]
        super().__init__(f"{first.place}: {first.what}", "Correct the address.", status=422, faults=faults)


A = TypeVar("A", bound=Asked)


def asked(shape: type[A]) -> A:
    """The parameters of this request."""
    try:
        return shape.model_validate(request.args.to_dict())
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False)[:MOST_FAULTS]
        raise WrongParameter([Fault(str(one["loc"][0]), f"{problem(shape, one)}.") for one in found]) from error
