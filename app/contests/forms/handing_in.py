"""Handing in a contest bundle at the desk."""

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired


class BundleForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    bundle = FileField(
        "Contest bundle", validators=[FileRequired("Choose a file.")],
        render_kw={"accept": ".json,.gz,application/json,application/gzip", "required": True},
    )  # fmt: skip
