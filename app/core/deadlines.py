"""A request that hangs is given up: after three seconds, or as long as its view asked for."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import structlog
from flask import Flask, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError

from app.core import errors
from app.core.green import is_green

log = structlog.get_logger(__name__)
USUAL_S = 3.0
_MARK = "_deadline_s"

View = TypeVar("View", bound=Callable[..., Any])


def patient(seconds: float) -> Callable[[View], View]:
    """Lets the view take longer than usual: uploads, downloads. Stands under `@bp.route`."""

    def mark(view: View) -> View:
        setattr(view, _MARK, seconds)
        return view

    return mark


def register(app: Flask) -> None:
    """Deadlines need gevent's loop; elsewhere (tests, commands) requests take as long as they take."""
    if not is_green():
        return
    app.before_request_funcs.setdefault(None, []).insert(0, _start)
    app.teardown_request(_end)
    app.wsgi_app = _Answerer(app)  # type: ignore[method-assign]  # how WSGI middleware is put on


def _start() -> None:
    import gevent

    view = current_app.view_functions.get(request.endpoint or "")
    g.deadline = gevent.Timeout.start_new(getattr(view, _MARK, USUAL_S))


def _end(_error: BaseException | None) -> None:
    deadline = g.pop("deadline", None)
    if deadline is not None:
        deadline.close()


class _Answerer:
    """Turns a missed deadline, which no `except Exception` on the way can swallow, into a 503 page."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._inner = app.wsgi_app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        import gevent

        try:
            return self._inner(environ, start_response)
        except (gevent.Timeout, SQLAlchemyError) as error:
            if not _follows(error, gevent.Timeout):
                raise
            with self._app.request_context(environ):
                log.error("request gave up", endpoint=request.endpoint)
                response = errors.answer(errors.explain(503, retry_after=errors.RETRY_S))
                response = self._app.process_response(response)
                return response(environ, start_response)


def _follows(error: BaseException | None, kind: type[BaseException]) -> bool:
    """Also what failed while a missed deadline was cleaned up after: the database may have hung up by then."""
    while error is not None and not isinstance(error, kind):
        error = error.__context__
    return error is not None
