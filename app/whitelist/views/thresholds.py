"""The thresholds that facts of tokens are judged by, with everyone who changed them."""

from typing import Any

from flask import url_for

from app.core.access import actor, allow
from app.core.attempts import attempt
from app.core.errors import Refusal
from app.core.htmx import render_page, see_other
from app.whitelist.forms.thresholds import ThresholdsForm
from app.whitelist.queries.thresholds import threshold_versions
from app.whitelist.service.thresholds import save_thresholds as save
from app.whitelist.views import bp

UNPROCESSABLE = 422


@bp.get("/thresholds")
@allow("whitelist:threshold:read")
def thresholds() -> Any:
    return _page()


@bp.post("/thresholds")
@allow("whitelist:threshold:manage")
def save_thresholds() -> Any:
    form = ThresholdsForm(prefix="thresholds-")
    if not form.validate_on_submit():
        return _page(form, status=UNPROCESSABLE)
    wanted = {"seen_version": form.seen_version, "reason": form.reason.data or "", "by": actor()}
    done = attempt(lambda: save(form.least, **wanted))
    if isinstance(done, Refusal):
        return _page(form, refusal=done, status=done.status)
    return see_other(url_for("tokens.thresholds"), told=f"Checks from now on are judged by version {done}.")


def _page(form: ThresholdsForm | None = None, *, refusal: Refusal | None = None, status: int = 200) -> Any:
    versions = threshold_versions()
    shown = form or ThresholdsForm(prefix="thresholds-", formdata=None)
    if form is None:
        shown.show(versions[0].least, versions[0].version)
    shown.version.data = str(versions[0].version)
    return render_page(
        "whitelist/thresholds.html",
        "whitelist/_thresholds.html",
        status=status,
        form=shown,
        versions=versions,
        refusal=refusal,
    )
