"""Everything about htmx on the server: the only place where its header names stand."""

import json
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, flash, make_response, redirect, render_template, request

REQUEST = "HX-Request"
BOOSTED = "HX-Boosted"
RESTORING = "HX-History-Restore-Request"
REDIRECT = "HX-Redirect"
TRIGGER = "HX-Trigger"
CURRENT_URL = "HX-Current-URL"


def is_htmx() -> bool:
    """Whether the answer goes into a part of a page. Boosted links and restored history want the whole page."""
    headers = request.headers
    return headers.get(REQUEST) == "true" and BOOSTED not in headers and RESTORING not in headers


def shown_path() -> str:
    """Path of the page that htmx's request comes from."""
    return urlsplit(request.headers.get(CURRENT_URL, "")).path or "/"


def render_page(page: str, fragment: str, /, *, status: int = 200, **values: Any) -> Response:
    """The fragment for htmx, the page (which includes the same fragment) for everyone else."""
    template = fragment if is_htmx() else page
    return make_response(render_template(template, **values), status)


def see_other(url: str, *, told: str = "") -> Response:
    """After a command: 303 for a plain form, a client-side visit for htmx. The next page shows `told` for a while."""
    if told:
        flash(told)
    if is_htmx():
        return Response(status=204, headers={REDIRECT: url})
    return make_response(redirect(url, code=303))


def trigger(response: Response, **events: Any) -> Response:
    """Dispatches the events in the browser once the answer is in place; earlier ones stay."""
    told = json.loads(response.headers.get(TRIGGER, "{}"))
    response.headers[TRIGGER] = json.dumps(told | events)
    return response


def toast(response: Response, text: str) -> Response:
    """Shows `text` for a while beside the swapped fragment."""
    return trigger(response, toast={"text": text})


def register(app: Flask) -> None:
    app.jinja_env.globals["is_htmx"] = is_htmx

    @app.after_request
    def vary(response: Response) -> Response:
        if "Vary" in response.headers:
            response.vary.add(REQUEST)
        else:
            response.headers["Vary"] = REQUEST
        return response
