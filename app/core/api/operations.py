"""What an address of the JSON API takes and gives: said once, done by it, and described from it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Response, make_response, request
from pydantic import BaseModel
from werkzeug.exceptions import NotFound

from app.core import once as repeating
from app.core.api.asked import Asked, asked
from app.core.api.bodies import Body, received

View = TypeVar("View", bound=Callable[..., Any])
_MARK = "_operation"
LARGEST_ID = 2**31 - 1


@dataclass(frozen=True)
class Operation:
    """`statuses` are those of success, `refuses` those of refusals that are its own."""

    gives: type[BaseModel] | None
    takes: Body | None = None
    asks: type[Asked] | None = None
    statuses: Sequence[int] = (200,)
    refuses: Sequence[int] = ()
    once: bool = False


def operation(
    gives: type[BaseModel] | None, *, takes: Body | None = None, asks: type[Asked] | None = None,
    statuses: Sequence[int] = (200,), refuses: Sequence[int] = (), once: bool = False,
) -> Callable[[View], View]:  # fmt: skip
    """Reads body (`told`) and parameters (`asked`) for the view, and completes its answer.

    `once`: a call with an idempotency key is carried out once. Stands directly over the view.
    """
    about = Operation(gives, takes, asks, statuses, refuses, once)

    def mark(view: View) -> View:
        @wraps(view)
        def answered(**path: Any) -> Response:
            if any("\x00" in str(value) or (isinstance(value, int) and value > LARGEST_ID) for value in path.values()):
                raise NotFound  # the database could not even be asked
            given = _given(about)
            key = repeating.given_key() if about.once else None
            if key is not None:
                return repeating.once(key, lambda: make_response(view(**path, **given)))
            return _revalidated(make_response(view(**path, **given)))

        setattr(answered, _MARK, about)
        return cast(View, answered)

    return mark


def operation_of(view: Callable[..., Any]) -> Operation | None:
    about: Operation | None = getattr(view, _MARK, None)
    return about


def _given(about: Operation) -> dict[str, Any]:
    given: dict[str, Any] = {}
    if about.takes is not None:
        given["told"] = received(about.takes)
    if about.asks is not None:
        given["asked"] = asked(about.asks)
    return given


def _revalidated(answer: Response) -> Response:
    """What is read again and again carries a mark of what it says: 304 says that nothing changed."""
    if request.method in {"GET", "HEAD"} and answer.status_code == 200:
        answer.add_etag()
        answer.headers["Cache-Control"] = "private, no-cache"
        answer.vary.add("Authorization")
        answer.make_conditional(request)
    return answer
