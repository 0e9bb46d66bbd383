"""What people see when something cannot be done: what happened, to which thing, what to do."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, NoReturn

import click
import structlog
from flask import Flask, Response, make_response, render_template, request
from flask_limiter import RequestLimit
from flask_wtf.csrf import CSRFError
from markupsafe import escape
from sqlalchemy.exc import DataError, DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from werkzeug.exceptions import HTTPException, InternalServerError

from app.core import htmx, problems
from app.core.extensions import db
from app.core.logs import request_id
from app.core.problems import Fault

log = structlog.get_logger(__name__)


class Refusal(Exception):
    """A command that is not carried out. `what` says what happened to which thing, `fix` what to do about it."""

    def __init__(
        self, what: str, fix: str = "", *, status: int = 409, retry_after: int | None = None,
        faults: Sequence[Fault] = (),
    ) -> None:  # fmt: skip
        super().__init__(f"{what} {fix}".strip())
        self.what = what
        self.fix = fix
        self.status = status
        self.retry_after = retry_after
        self.faults = faults


@dataclass(frozen=True)
class Explanation:
    status: int
    title: str
    what: str
    fix: str
    retry_after: int | None = None
    faults: Sequence[Fault] = ()


SENTENCES = {
    400: ("The request could not be read.", "Go back, reload the page and try again."),
    401: ("You are not signed in, or your sign-in ended.", "Sign in and try again."),
    403: ("Your role does not include this.", "Ask an admin."),
    404: ("There is nothing at this address.", "Check the address, or start from the menu."),
    405: ("This address does not take that kind of request.", "Go back and use the page's own buttons."),
    409: ("This changed in the meantime.", "Reload the page and look before you decide again."),
    413: ("What you sent is too large.", "Send a smaller file, or use the command line."),
    422: ("Something in the form is not right.", "Correct the marked fields and send it again."),
    429: ("Too many requests.", "Wait a little and try again."),
    500: ("Something broke on our side; nothing was saved.", "Try again. If it stays, tell an admin the request id."),
    503: ("The service cannot answer right now.", "Wait a few seconds and try again."),
}
FORM_EXPIRED = ("The form was open too long or came from another page.", "Reload the page and send it again.")
UNKEPT = ("It holds a number or a character that cannot be kept.", "Correct it and send it again.")
NO_DATABASE = (
    "The database does not answer, so nothing was read or saved.",
    "Wait a few seconds and try again. If it stays, an admin can run `flask doctor`.",
)
RETRY_S = 2


def explain(status: int, what: str = "", fix: str = "", retry_after: int | None = None) -> Explanation:
    usual = SENTENCES | problems.SENTENCES if problems.is_asked_for() else SENTENCES
    usual_what, usual_fix = usual.get(status, usual[500 if status >= 500 else 400])
    return Explanation(status, HTTPStatus(status).phrase, what or usual_what, fix or usual_fix, retry_after)


def answer(error: Explanation) -> Response:
    """The error as a problem for programs, as a fragment for htmx, as a page for everyone else."""
    if problems.is_asked_for():
        response = problems.problem(error.status, error.title, error.what, error.fix, error.faults)
    else:
        response = make_response(_shown(error), error.status)
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _shown(error: Explanation) -> str:
    template = "errors/_error.html" if htmx.is_htmx() else "errors/error.html"
    try:
        return render_template(template, error=error, request_id=request_id())
    except SQLAlchemyError:
        log.exception("error page without its layout")
        return f"<p>{escape(error.what)} {escape(error.fix)} Request {request_id()}.</p>"


def register(app: Flask) -> None:
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(CSRFError, lambda _error: answer(explain(400, *FORM_EXPIRED)))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(PoolExhausted, _database)
    app.register_error_handler(DataError, _unkept)
    app.register_error_handler(InternalServerError, _broken)


def say_and_exit(error: Refusal) -> NoReturn:
    """How a command line tells a refusal."""
    click.echo(str(error), err=True)
    sys.exit(1)


def _refused(error: Refusal) -> Response:
    db.session.rollback()
    return refused(error)


def refused(error: Refusal) -> Response:
    return answer(replace(explain(error.status, error.what, error.fix, error.retry_after), faults=error.faults))


def _http(error: HTTPException) -> Any:
    status = error.code or 500
    if error.response is not None or status < 400:
        return error.get_response()
    own_words = "" if error.description == type(error).description else error.description or ""
    if status == 429:
        log.warning("limited", endpoint=request.endpoint)
        return answer(_limited())
    response = answer(explain(status, own_words if status in {403, 404, 409, 413, 422, 503} else ""))
    for name, value in error.get_headers(request.environ):
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _limited() -> Explanation:
    from app.core.extensions import limiter
    from app.core.turns.window import seconds_until

    limit: RequestLimit | None = limiter.current_limit
    wait = RETRY_S if limit is None else max(1, seconds_until(limit.window.reset_time))
    return explain(429, fix=f"Try again in {wait} second{'s' if wait > 1 else ''}.", retry_after=wait)


def _database(error: DBAPIError | PoolExhausted) -> Response:
    log.error("database unavailable", kind=type(error).__name__, detail=str(getattr(error, "orig", error))[:300])
    return answer(explain(503, *NO_DATABASE, retry_after=RETRY_S))


def _unkept(error: DataError) -> Response:
    """What no column can hold, such as a NUL in a text: whoever sent it typed no such thing."""
    db.session.rollback()
    log.warning("sent what cannot be kept", detail=str(error.orig)[:200])
    return answer(explain(422, *UNKEPT))


def _broken(error: InternalServerError) -> Response:
    log.error("request broke", kind=type(error.original_exception).__name__, exc_info=error.original_exception)
    return answer(explain(500))
