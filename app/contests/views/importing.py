"""Importing a contest bundle: hand it in, see what it holds, decide."""

from typing import Any

from flask import Response, abort, flash, request, url_for

from app.contests.forms.handing_in import BundleForm
from app.contests.queries import imports
from app.contests.queries.imports import ImportFacts
from app.contests.service import handing_in
from app.contests.views import bp
from app.contests.views.deciding import Refused
from app.core.access import actor, allow, can
from app.core.attempts import attempt
from app.core.deadlines import patient
from app.core.errors import Refusal
from app.core.extensions import settings
from app.core.htmx import is_htmx, render_page, see_other
from app.core.progress import last_step

FORM_BYTES = 64 * 1024
UPLOAD_S = 120
LONGEST_NAME = 120


@bp.url_value_preprocessor
def take_large_file(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before anything reads the form; strangers get no larger body than on any other page."""
    if endpoint == "contests.hand_in" and can("contests:bundle:import"):
        request.max_content_length = settings().import_max_bytes + FORM_BYTES


@bp.get("/import")
@allow("contests:bundle:import")
def upload() -> Response:
    return _upload_page(BundleForm())


@bp.post("/import")
@allow("contests:bundle:import")
@patient(UPLOAD_S)
def hand_in() -> Response:
    form = BundleForm()
    if not form.validate_on_submit():
        return _upload_page(form, status=422)
    file = form.bundle.data
    name = "".join(letter for letter in file.filename if letter.isprintable())[-LONGEST_NAME:]
    done = attempt(lambda: handing_in.hand_in(file.read(), file_name=name, by=actor()))
    if isinstance(done, Refusal):
        form.bundle.errors = [str(done)]
        return _upload_page(form, status=done.status)
    return see_other(url_for("contests.show_import", import_id=done))


@bp.get("/imports/<int:import_id>")
@allow("contests:bundle:import")
def show_import(import_id: int) -> Response:
    return _import_page(import_id)


@bp.post("/imports/<int:import_id>/confirm")
@allow("contests:bundle:import")
def confirm_import(import_id: int) -> Response:
    done = attempt(lambda: handing_in.confirm(import_id, by=actor()))
    if isinstance(done, Refusal):
        return _import_page(import_id, Refused(done.what, done.fix, done.status))
    return _import_page(import_id) if is_htmx() else see_other(url_for("contests.show_import", import_id=import_id))


@bp.post("/imports/<int:import_id>/withdraw")
@allow("contests:bundle:import")
def withdraw_import(import_id: int) -> Response:
    done = attempt(lambda: handing_in.withdraw(import_id, by=actor()))
    if isinstance(done, Refusal):
        return _import_page(import_id, Refused(done.what, done.fix, done.status))
    flash("Nothing was imported.")
    return see_other(url_for("contests.upload"))


def _upload_page(form: BundleForm, status: int = 200) -> Response:
    return render_page(
        "contests/import.html",
        "contests/_import.html",
        status=status,
        form=form,
        recent=imports.recent_imports(),
        largest=settings().import_max_bytes,
    )


def _import_page(import_id: int, refusal: Refused | None = None) -> Response:
    handed: ImportFacts = imports.import_by_id(import_id) or abort(404, f"There is no import {import_id}.")
    return render_page(
        "contests/import_file.html",
        "contests/_import_file.html",
        status=refusal.status if refusal else 200,
        handed=handed,
        refusal=refusal,
        running=last_step("import", import_id) if handed.is_moving else None,
        refresh_s=1 if handed.is_moving else None,
    )
